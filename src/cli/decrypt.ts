import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { parseContentInfo } from '../cms/content-info.js';
import { encryptedDataOf } from '../cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../cms/enveloped/open.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { decryptMessage } from '../smime/open/decrypt-message.js';
import {
  decryptLongFile,
  decryptLongMessage,
  type EnvelopeFacts,
  type LongDecryption,
} from './decrypt-long.js';
import type { ExitCode } from './exit-code.js';
import { piecesOf, withBegunInput } from './files/begun-input.js';
import { commandLine, fileOf, looksLikeCms } from './files/input.js';
import { assertFiles } from './files/output.js';
import { openOutput, placeOfFile } from './files/output-file.js';
import { answersOfOpening, assertMail } from './opening.js';
import { keyOptions, keysThatOpen, withOwnKeys } from './options/private-keys.js';
import { recipientJson } from './report/recipient-json.js';
import { safe, safeJson } from './report/terminal.js';

/** What came out of an envelope. */
interface Decrypted extends EnvelopeFacts {
  readonly octets: Bytes;
}

/** Octets of input that are kept; longer input is decrypted while it goes by. */
const wholeOctets = 4 << 20;

/** What is decrypted, and where to. */
interface Decryption extends LongDecryption {
  readonly file: string;
}

/** `mailseal decrypt`. */
export async function decrypt(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...keyOptions,
    legacy: { type: 'boolean' },
    unverified: { type: 'boolean' },
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
  const output = isJson && out === undefined ? undefined : await openOutput(out, true);
  try {
    const facts = await withOwnKeys(line, (own) =>
      decryptInput({
        file,
        keys: keysThatOpen(own),
        certificates: own.certificates,
        refuse: (found) => refuseBroken(found, values['legacy'] === true),
        output,
        isUnverified: values['unverified'] === true,
        ...placeOf(out),
      }),
    );
    if (isJson) reportStream.write(safeJson(resultJson(facts)));
    else if (!facts.authenticated) process.stderr.write(unauthenticated(facts));
    await output?.commit();
    return 0;
  } catch (error) {
    if (!(error instanceof MailsealError) || !answersOfOpening.has(error.code)) throw error;
    if (isJson) reportStream.write(safeJson(failureJson(error)));
    else {
      // Some messages say that themselves.
      const why = error.message.replace(/^it cannot be decrypted: /, '');
      process.stderr.write(`mailseal: it cannot be decrypted: ${safe(why)}\n`);
    }
    return 1;
  } finally {
    await output?.discard();
  }
}

/** Whether the output is a file, and where there is room for what waits to be written to it. */
function placeOf(out: string | undefined): { readonly isFile: boolean; readonly folder: string } {
  const place = out === undefined || out === '-' ? undefined : placeOfFile(out);
  return place === undefined ? { isFile: false, folder: tmpdir() } : { isFile: true, folder: dirname(place) };
}

function decryptInput(how: Decryption): Promise<EnvelopeFacts> {
  return withBegunInput(how.file, wholeOctets, async ({ begun, isAll, rest }) => {
    const isCms = looksLikeCms(begun);
    if (!isCms) assertMail(begun);
    if (!isAll) {
      const pieces = piecesOf(begun, rest);
      return isCms ? decryptLongFile(pieces, how) : decryptLongMessage(pieces, begun, how);
    }
    const decrypted = await (isCms ? decryptFile(begun, how) : decryptMail(begun, how));
    how.refuse(decrypted);
    await how.output?.write(decrypted.octets);
    return decrypted;
  });
}

async function decryptMail(input: Bytes, { keys, certificates }: Decryption): Promise<Decrypted> {
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
async function decryptFile(input: Bytes, { keys, certificates }: Decryption): Promise<Decrypted> {
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
function refuseBroken({ cipher: { name } }: Pick<EnvelopeFacts, 'cipher'>, isLegacy: boolean): void {
  if (isLegacy || (name !== 'des-cbc' && name !== 'rc2-cbc')) return;
  throw new MailsealError(
    'cms-unsupported',
    `its cipher is ${name}, which is too old to be relied on; --legacy decrypts old mail all the same`,
  );
}

function unauthenticated({ cipher }: EnvelopeFacts): string {
  return `mailseal: decrypted from ${cipher.name}, which does not show whether somebody changed it on the way\n`;
}

function resultJson({
  type,
  cipher,
  authenticated,
  isKeyBound,
  recipient,
  recipients,
}: EnvelopeFacts): unknown {
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
