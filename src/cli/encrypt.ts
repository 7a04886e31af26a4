import { extname } from 'node:path';
import type { ContentCipherName } from '../cms/enveloped/recipient.js';
import { MailsealError } from '../core/errors.js';
import { type EncryptMessageOptions, encryptMessage } from '../smime/encrypt/encrypt-message.js';
import { commonCipher, planEnvelopes } from '../smime/encrypt/envelope.js';
import type { MessageRecipient } from '../smime/encrypt/message-recipient.js';
import { MessageEncryptor } from '../smime/stream/message-encryptor.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { ExitCode } from './exit-code.js';
import {
  type CommandLine,
  commandLine,
  fileOf,
  type Options,
  readCertificates,
  UsageError,
} from './files/input.js';
import { assertFiles } from './files/output.js';
import { keyOptions, type OwnKeys, withOwnKeys } from './options/private-keys.js';
import { acceptedOf, recipientOptions, recipientsOf, tellRefusal, toOf } from './options/recipients.js';
import { momentOf, type Sealing, sealInput, sealingOptions } from './options/sealing.js';
import { signersOf, signingOf } from './options/signers.js';

const encryptingOptions: Options = {
  ...keyOptions,
  ...sealingOptions,
  ...recipientOptions,
  bcc: { type: 'string', multiple: true },
  escrow: { type: 'string', multiple: true },
  originator: { type: 'string' },
  digest: { type: 'string' },
};

/** `mailseal encrypt`. */
export async function encrypt(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, encryptingOptions);
  const { values } = line;
  const file = fileOf(line);
  const bccFiles = (values['bcc'] as string[] | undefined) ?? [];
  const outs = outsOf(values['out'] as string | undefined, bccFiles);
  assertFiles(line, file, filesRead, outs);
  const to = toOf(line);
  const cipher = cipherOf(line);
  const accept = acceptedOf(line);
  const at = momentOf(line);
  try {
    await withOwnKeys(line, async (keys) => {
      const sign = signingFor(keys, line, at);
      const options: EncryptMessageOptions = {
        recipients: await recipientsOf(to, '--to'),
        bcc: await recipientsOf(bccFiles, '--bcc'),
        ...(await othersOf(line)),
        at,
        accept,
        headerProtection: values['header-protection'] === true,
        ...(cipher === undefined ? {} : { cipher }),
        ...(sign === undefined ? {} : { sign }),
      };
      const hint = bccFiles.length > 0 ? '' : '; --bcc encrypts for those whom it names';
      const sealing: Sealing = {
        whole: async (message) => (await encryptMessage(message, options)).map(({ message: each }) => each),
        inPieces: () => encryptorsOf(options),
      };
      await sealInput(line, file, hint, sealing, outs);
    });
    return 0;
  } catch (error) {
    if (!(error instanceof MailsealError) || !refusals.has(error.code)) throw error;
    tellRefusal(error);
    return 1;
  }
}

const filesRead = [...Object.keys(keyOptions), 'to', 'bcc', 'escrow', 'originator', 'roots'];

/** The file of the message, and one beside it for each Bcc recipient. */
function outsOf(out: string | undefined, bccFiles: readonly string[]): readonly (string | undefined)[] {
  if (bccFiles.length === 0) return [out];
  if (out === undefined || out === '-')
    throw new UsageError('--bcc makes a message for each; name the first with --out FILE');
  const end = extname(out);
  const stem = out.slice(0, out.length - end.length);
  return [out, ...bccFiles.map((_, i) => `${stem}.bcc-${i + 1}${end}`)];
}

/** One for whom the header names, and one for each whom it does not, as `encryptMessage` has it. */
function encryptorsOf(options: EncryptMessageOptions): readonly MessageEncryptor[] {
  const { bcc = [], originator, escrow = [], ...others } = options;
  const plans = planEnvelopes({ recipients: options.recipients, bcc, originator, escrow });
  const common = { ...others, escrow, ...commonCipher(plans, options) };
  return [
    new MessageEncryptor({ ...common, ...(originator === undefined ? {} : { originator }) }),
    ...bcc.map(
      (each) =>
        // The message does not name him.
        new MessageEncryptor({ ...common, recipients: [{ ...each, accept: ['address-differs'] }] }),
    ),
  ];
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
