import type { ContentCipherName } from '../cms/enveloped/recipient.js';
import { MailsealError } from '../core/errors.js';
import { encryptMessage } from '../smime/encrypt/encrypt-message.js';
import type { MessageRecipient, RecipientProblemCode } from '../smime/encrypt/message-recipient.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { ExitCode } from './exit-code.js';
import {
  type CommandLine,
  commandLine,
  fileOf,
  type Options,
  readCertificates,
  readInput,
  UsageError,
} from './input.js';
import { assertFiles } from './output.js';
import { writeOutput } from './output-file.js';
import { keyOptions, type OwnKeys, withOwnKeys } from './private-keys.js';
import { messageOf, momentOf, sealingOptions, withoutBcc } from './sealing.js';
import { signersOf, signingOf } from './signers.js';
import { safe } from './terminal.js';

const recipientOptions: Options = {
  to: { type: 'string', multiple: true },
  escrow: { type: 'string', multiple: true },
  originator: { type: 'string' },
  roots: { type: 'string', multiple: true },
  accept: { type: 'string', multiple: true },
  digest: { type: 'string' },
};

/** `mailseal encrypt`. */
export async function encrypt(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { ...keyOptions, ...sealingOptions, ...recipientOptions });
  const { values } = line;
  const file = fileOf(line);
  assertFiles(line, file, [...Object.keys(keyOptions), 'to', 'escrow', 'originator', 'roots']);
  const to = values['to'] as string[] | undefined;
  if (to === undefined) throw new UsageError('say for whom: --to FILE with his certificate');
  const cipher = cipherOf(line);
  const accept = acceptedOf(values['accept'] as string[] | undefined);
  const at = momentOf(line);
  try {
    const message = await withOwnKeys(line, async (keys) => {
      const sign = signingFor(keys, line, at);
      const message = messageOf(await readInput(file), file, values['bare'] === true);
      const [first] = await encryptMessage(
        withoutBcc(message, '; encrypt once more for each whom it names'),
        {
          recipients: await recipientsOf(to, '--to'),
          ...(await othersOf(line)),
          at,
          accept,
          headerProtection: values['header-protection'] === true,
          ...(cipher === undefined ? {} : { cipher }),
          ...(sign === undefined ? {} : { sign }),
        },
      );
      return first!.message;
    });
    await writeOutput(message, values['out'] as string | undefined);
    return 0;
  } catch (error) {
    if (!(error instanceof MailsealError) || !refusals.has(error.code)) throw error;
    process.stderr.write(`mailseal: ${safe(error.message.replace('in `accept`', 'with --accept'))}\n`);
    return 1;
  }
}

const refusals: ReadonlySet<string> = new Set(['smime-recipient-refused', 'smime-no-common-cipher']);

function signingFor(keys: OwnKeys, line: CommandLine, at: Date): ReturnType<typeof signingOf> | undefined {
  const digest = line.values['digest'] as string | undefined;
  const signers = signersOf(keys, line, digest);
  if (signers.length > 0) return signingOf(signers, line, at);
  for (const option of ['opaque', 'digest'] as const) {
    if (line.values[option] !== undefined)
      throw new UsageError(`--${option} is about the signature; say who signs: --p12 FILE`);
  }
  return undefined;
}

async function othersOf({ values }: CommandLine): Promise<{
  escrow: readonly MessageRecipient[];
  originator?: MessageRecipient;
  roots?: readonly Certificate[];
}> {
  const originator = values['originator'] as string | undefined;
  const roots = values['roots'] as string[] | undefined;
  const [own] = originator === undefined ? [] : await recipientsOf([originator], '--originator');
  return {
    escrow: await recipientsOf((values['escrow'] as string[] | undefined) ?? [], '--escrow'),
    ...(own === undefined ? {} : { originator: own }),
    ...(roots === undefined ? {} : { roots: await readCertificates(roots, '--roots') }),
  };
}

/** One recipient for each file, by the first certificate in it: others there are those above his. */
async function recipientsOf(files: readonly string[], option: string): Promise<MessageRecipient[]> {
  const recipients: MessageRecipient[] = [];
  for (const file of files) {
    const [certificate] = await readCertificates([file], option);
    recipients.push({ certificate: certificate! });
  }
  return recipients;
}

const ciphers: readonly ContentCipherName[] = [
  'aes128-gcm',
  'aes192-gcm',
  'aes256-gcm',
  'chacha20-poly1305',
  'aes128-cbc',
  'aes192-cbc',
  'aes256-cbc',
  'des-ede3-cbc',
];

function cipherOf({ values }: CommandLine): ContentCipherName | undefined {
  const name = values['algorithm'] as string | undefined;
  const isLegacy = values['legacy'] === true;
  if (name === undefined) return isLegacy ? 'des-ede3-cbc' : undefined;
  const cipher = ciphers.find((each) => each === name);
  if (cipher === undefined) throw new UsageError(`--algorithm ${name}: give one of ${ciphers.join(', ')}`);
  if (isLegacy && cipher !== 'des-ede3-cbc')
    throw new UsageError(`--legacy stands for --algorithm des-ede3-cbc, and ${cipher} is another`);
  return cipher;
}

const problems: readonly RecipientProblemCode[] = [
  'not-yet-valid',
  'expired',
  'key-usage',
  'extended-key-usage',
  'key-weak',
  'untrusted',
  'revoked',
  'revocation-unknown',
  'address-differs',
];

function acceptedOf(codes: readonly string[] = []): RecipientProblemCode[] {
  return codes.map((code) => {
    const known = problems.find((each) => each === code);
    if (known === undefined) throw new UsageError(`--accept ${code}: give one of ${problems.join(', ')}`);
    return known;
  });
}
