import { parseContentInfo } from '../cms/content-info.js';
import type { DecryptionKey } from '../cms/enveloped/decryption-key.js';
import { encryptedDataOf } from '../cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../cms/enveloped/open.js';
import type { RecipientInfo } from '../cms/enveloped/recipient-info.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { ContentCipher } from '../crypto/ciphers/content-cipher.js';
import { parseMessage } from '../mime/message.js';
import { decryptMessage } from '../smime/open/decrypt-message.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, looksLikeCms, readInput, UsageError } from './input.js';
import { assertFiles } from './output.js';
import { writeOutput } from './output-file.js';
import { decryptionKeys, keyOptions, type OwnKeys, withOwnKeys } from './private-keys.js';
import { recipientJson } from './recipient-json.js';
import { safe, safeJson } from './terminal.js';

/** What came out of an envelope. */
interface Decrypted {
  readonly octets: Bytes;
  readonly type: string;
  readonly cipher: ContentCipher;
  readonly authenticated: boolean;
  readonly isKeyBound: boolean;
  readonly recipient: RecipientInfo | undefined;
  readonly recipients: readonly RecipientInfo[];
}

/** `mailseal decrypt`. */
export async function decrypt(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...keyOptions,
    legacy: { type: 'boolean' },
    json: { type: 'boolean' },
    out: { type: 'string' },
  });
  const { values } = line;
  const file = fileOf(line);
  assertFiles(line, file, Object.keys(keyOptions));
  const out = values['out'] as string | undefined;
  const isJson = values['json'] === true;
  // The report makes way for the message where that goes to the standard output.
  const reportStream = out === '-' ? process.stderr : process.stdout;
  try {
    const input = await readInput(file);
    const decrypted = await withOwnKeys(line, (own) => {
      const keys = keysOf(own);
      return looksLikeCms(input) ? decryptFile(input, keys, own) : decryptMail(input, keys, own);
    });
    refuseBroken(decrypted, values['legacy'] === true);
    if (isJson) reportStream.write(safeJson(resultJson(decrypted)));
    else if (!decrypted.authenticated) process.stderr.write(unauthenticated(decrypted));
    if (!isJson || out !== undefined) await writeOutput(decrypted.octets, out, true);
    return 0;
  } catch (error) {
    if (!(error instanceof MailsealError) || !failures.has(error.code)) throw error;
    if (isJson) reportStream.write(safeJson(failureJson(error)));
    else process.stderr.write(`mailseal: it cannot be decrypted: ${safe(error.message)}\n`);
    return 1;
  }
}

const failures: ReadonlySet<string> = new Set([
  'cms-no-recipient',
  'cms-unsupported',
  'cms-wrong-type',
  'crypto-decryption-failed',
  'smime-not-encrypted',
]);

function keysOf({ keys }: OwnKeys): DecryptionKey[] {
  if (keys.length === 0)
    throw new UsageError('say with which key: --p12 FILE, or --key FILE and --cert FILE');
  return decryptionKeys(keys);
}

async function decryptMail(
  input: Bytes,
  keys: readonly DecryptionKey[],
  { certificates }: OwnKeys,
): Promise<Decrypted> {
  if (parseMessage(input).headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is neither a mail message nor an encrypted file', {
      offset: 0,
    });
  }
  const { message, envelope } = await decryptMessage(input, { keys, certificates });
  const { type, authenticated, isKeyBound, recipient, recipients } = envelope;
  return {
    octets: message,
    type,
    cipher: envelope.cipher!,
    authenticated,
    isKeyBound,
    recipient,
    recipients,
  };
}

/** The content of a file of CMS, as it was encrypted. */
async function decryptFile(
  input: Bytes,
  keys: readonly DecryptionKey[],
  { certificates }: OwnKeys,
): Promise<Decrypted> {
  const info = parseContentInfo(input);
  const enveloped =
    info.contentType === ContentTypeOid.encryptedData ? encryptedDataOf(info) : envelopedDataOf(info);
  const opened = await openEnveloped(enveloped, { keys, certificates });
  const { content, cipher, authenticated, isKeyBound, recipient } = opened;
  return {
    octets: content,
    type: contentTypeName(info.contentType),
    cipher,
    authenticated,
    isKeyBound,
    recipient,
    recipients: 'recipients' in enveloped ? enveloped.recipients : [],
  };
}

/** What is broken, or nearly so, is decrypted only for those who know that it is old. */
function refuseBroken({ cipher: { name } }: Decrypted, isLegacy: boolean): void {
  if (isLegacy || (name !== 'des-cbc' && name !== 'rc2-cbc')) return;
  throw new MailsealError(
    'cms-unsupported',
    `its cipher is ${name}, which is too old to be relied on; --legacy decrypts old mail all the same`,
  );
}

function unauthenticated({ cipher }: Decrypted): string {
  return `mailseal: decrypted from ${cipher.name}, which does not show whether somebody changed it on the way\n`;
}

function resultJson({ type, cipher, authenticated, isKeyBound, recipient, recipients }: Decrypted): unknown {
  return {
    decrypted: true,
    type,
    cipher: cipher.name,
    authenticated,
    keyBound: isKeyBound,
    recipient: recipient === undefined ? null : recipientJson(recipient),
    recipients: recipients.map(recipientJson),
    error: null,
  };
}

function failureJson({ code, message }: MailsealError): unknown {
  return { decrypted: false, error: { code, message } };
}
