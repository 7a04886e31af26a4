import { extname } from 'node:path';
import type { ContentCipherName } from '../cms/enveloped/recipient.js';
import { MailsealError } from '../core/errors.js';
import { type EncryptMessageOptions, encryptMessage } from '../smime/encrypt/encrypt-message.js';
import { commonCipher, planEnvelopes } from '../smime/encrypt/envelope.js';
import type { MessageRecipient } from '../smime/encrypt/message-recipient.js';
import { MessageEncryptor } from '../smime/stream/message-encryptor.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { ExitCode } from './exit-code.js';
import { type CommandLine, commandLine, fileOf, type Options, UsageError } from './files/input.js';
import { assertFiles } from './files/output.js';
import { keyOptions, type OwnKeys, withOwnKeys } from './options/private-keys.js';
import {
  checkingOf,
  recipientFiles,
  recipientOptions,
  recipientsOf,
  tellRefusal,
} from './options/recipients.js';
import { type Sealing, sealInput, sealingOptions } from './options/sealing.js';
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
  const outs = outsOf(line, bccFiles);
  assertFiles(line, file, filesRead, outs);
  const cipher = cipherOf(line);
  try {
    await withOwnKeys(line, async (own) => {
      const { above, ...readers } = await readersOf(line);
      const checking = await checkingOf(line, [...above, ...own.certificates]);
      const sign = signingFor(own, line, checking.at);
      const options: EncryptMessageOptions = {
        ...readers,
        ...checking,
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

const filesRead = [...Object.keys(keyOptions), ...recipientFiles, 'bcc', 'escrow', 'originator'];

/** The file of the message for those whom the header names, if there are any, and one for each Bcc recipient. */
function outsOf({ values }: CommandLine, bccFiles: readonly string[]): readonly (string | undefined)[] {
  const out = values['out'] as string | undefined;
  const isForMore = values['to'] !== undefined || values['originator'] !== undefined;
  if (!isForMore && bccFiles.length === 0)
    throw new UsageError('say for whom: --to FILE with his certificate');
  if (bccFiles.length === 0) return [out];
  if (out === '') throw new UsageError('the name of a file to write is empty');
  if (out === undefined || out === '-')
    throw new UsageError(
      isForMore
        ? '--bcc makes a message for each; name the first with --out FILE'
        : '--bcc makes a message for each, NAME.bcc-1.eml and so on; give a NAME.eml with --out FILE',
    );
  const end = extname(out);
  const stem = out.slice(0, out.length - end.length);
  const beside = bccFiles.map((_, i) => `${stem}.bcc-${i + 1}${end}`);
  return isForMore ? [out, ...beside] : beside;
}

/** One for each envelope that `encryptMessage` would make. */
function encryptorsOf(options: EncryptMessageOptions): readonly MessageEncryptor[] {
  const { recipients, bcc = [], originator, escrow = [], ...others } = options;
  const plans = planEnvelopes({ recipients, bcc, originator, escrow });
  const common = { ...others, escrow, ...commonCipher(plans, options) };
  return plans.map(({ role, recipients: [first] }) =>
    role === 'bcc'
      ? // The message does not name him.
        new MessageEncryptor({ ...common, recipients: [{ ...first!, accept: ['address-differs'] }] })
      : new MessageEncryptor({
          ...common,
          recipients,
          ...(originator === undefined ? {} : { originator }),
        }),
  );
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

/** Everybody who is to read it, and the certificates that their files have besides. */
async function readersOf({ values }: CommandLine): Promise<{
  recipients: readonly MessageRecipient[];
  bcc: readonly MessageRecipient[];
  escrow: readonly MessageRecipient[];
  originator?: MessageRecipient;
  above: readonly Certificate[];
}> {
  const originator = values['originator'] as string | undefined;
  const to = await recipientsOf(values['to'] as string[] | undefined, '--to');
  const bcc = await recipientsOf(values['bcc'] as string[] | undefined, '--bcc');
  const escrow = await recipientsOf(values['escrow'] as string[] | undefined, '--escrow');
  const own = await recipientsOf(originator === undefined ? [] : [originator], '--originator');
  return {
    recipients: to.recipients,
    bcc: bcc.recipients,
    escrow: escrow.recipients,
    ...(own.recipients.length === 0 ? {} : { originator: own.recipients[0]! }),
    above: [to, bcc, escrow, own].flatMap(({ above }) => above),
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
