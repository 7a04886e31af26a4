import { basename } from 'node:path';
import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import type { OctetTransformer } from '../../core/web-streams.js';
import { MimeBase64Encoder } from '../../encoding/mime-base64.js';
import { composeEntity } from '../../mime/compose/compose.js';
import { DEFAULT_MIME_LIMITS } from '../../mime/limits.js';
import { parseMessage } from '../../mime/message.js';
import { type BegunInput, piecesOf, withBegunInput } from '../files/begun-input.js';
import { type CommandLine, looksLikeCms, type Options, parseTime, UsageError } from '../files/input.js';
import { type Output, openOutput } from '../files/output-file.js';

/** The options that `mailseal sign` and `mailseal encrypt` share besides those for keys. */
export const sealingOptions: Options = {
  algorithm: { type: 'string' },
  legacy: { type: 'boolean' },
  'header-protection': { type: 'boolean' },
  opaque: { type: 'boolean' },
  bare: { type: 'boolean' },
  at: { type: 'string' },
  out: { type: 'string' },
};

/** How a message is sealed, as a whole and in pieces; for each file that is written. */
export interface Sealing {
  /** Seals a message that is at hand. */
  readonly whole: (message: Bytes) => Promise<readonly Bytes[]>;
  /** Makes what seals a message that is too long for that. */
  readonly inPieces: () => readonly Sealer[];
}

/** What seals one message. */
export interface Sealer extends OctetTransformer {
  /** Gives what is settled, in the memory that is lent where that is wanted and has room. */
  update(chunk: Uint8Array, options?: { readonly output: Uint8Array }): Uint8Array | Promise<Uint8Array>;
  /** Overwrites the keys that it holds. */
  wipe?(): void;
}

/** What is sealed as a whole; the header of a longer message is not longer than this. */
const shortOctets = DEFAULT_MIME_LIMITS.headerOctets;

/**
 * Seals the message of a command line and writes what comes of it.
 *
 * @param bccHint what is to be done for those whom Bcc names
 * @param outs the files; for `-` or none the standard output
 */
export async function sealInput(
  { values, fileBehind }: CommandLine,
  file: string,
  bccHint: string,
  { whole, inPieces }: Sealing,
  outs: readonly (string | undefined)[] = [values['out'] as string | undefined],
): Promise<void> {
  const outputs: Output[] = [];
  try {
    for (const out of outs) outputs.push(await openOutput(out));
    await withBegunInput(file, shortOctets, async (input) => {
      const { begun, isAll, rest } = input;
      if (fileBehind !== undefined && isKeyOrCertificate(begun))
        throw new UsageError(
          `${file} is a key or a certificate, and was taken for the message as the last word behind --${fileBehind}; ` +
            'give - after it to read the standard input, or -- before it to seal that file',
        );
      const isMessage =
        values['bare'] !== true && !looksLikeCms(begun) && parseMessage(begun).headers.length > 0;
      if (isAll) {
        const message = isMessage ? withoutBcc(begun, bccHint) : messageOf(begun, file);
        for (const [i, sealed] of (await whole(message)).entries()) await outputs[i]!.write(sealed);
      } else {
        const message = isMessage ? piecesOf(withoutBcc(begun, bccHint), rest) : longMessageOf(input, file);
        await writeSealed(message, inPieces(), outputs);
      }
    });
    for (const output of outputs) await output.commit();
  } finally {
    for (const output of outputs) await output.discard();
  }
}

/** Whether a file, by its begin, is one of those that options name: PEM, or DER that is no CMS. Nobody sends his key by mistake. */
function isKeyOrCertificate(begun: Bytes): boolean {
  const second = begun[1] ?? 0;
  // A SEQUENCE of more than 127 octets, or of indefinite length: no text begins so. CMS goes on with an OID.
  if (begun[0] === 0x30 && second >= 0x80) return begun[2 + (second & 0x7f)] !== 0x06;
  const [head = ''] = latin1FromBytes(begun.subarray(0, 65_536)).split(/\r?\n[ \t]*\r?\n/, 1);
  return /^(?:-----BEGIN |Bag Attributes)/m.test(head);
}

/** Memory for what comes of a piece of input. */
const sealedPieceLength = 512 << 10;

/** Passes a message through what seals it, each into the output of the same place. */
export async function writeSealed(
  message: AsyncIterable<Uint8Array>,
  sealers: readonly Sealer[],
  outputs: readonly Output[],
): Promise<void> {
  const memory = { output: new Uint8Array(sealedPieceLength) };
  try {
    for await (const piece of message) {
      for (const [i, sealer] of sealers.entries())
        await outputs[i]!.write(await sealer.update(piece, memory));
    }
    for (const [i, sealer] of sealers.entries()) await outputs[i]!.write(await sealer.finish());
  } finally {
    for (const sealer of sealers) sealer.wipe?.();
  }
}

const version = bytesFromLatin1('MIME-Version: 1.0\r\n');

/** A message of bare content: text as its text, any other as a file. */
function messageOf(content: Bytes, file: string): Bytes {
  const text = strictUtf8FromBytes(content);
  const isText = text !== undefined && !text.includes('\0');
  return concatBytes([version, isText ? composeEntity({ text }) : attachmentOf(content, file)]);
}

/** A message of bare content that is too long to be looked at, and for a text: a file. */
async function* longMessageOf({ begun, rest }: BegunInput, file: string): AsyncGenerator<Bytes, undefined> {
  const entity = attachmentOf(new Uint8Array(1), file);
  // Where the one octet stands, the content goes.
  const { bodyStart, bodyEnd } = bodyOf(entity);
  yield concatBytes([version, entity.subarray(0, bodyStart)]);
  const encoder = new MimeBase64Encoder();
  for await (const octets of piecesOf(begun, rest)) yield encoder.update(octets);
  yield encoder.finish();
  yield entity.subarray(bodyEnd);
}

function attachmentOf(content: Bytes, file: string): Bytes {
  const name = file === '-' ? {} : { filename: basename(file) };
  return composeEntity({ attachments: [{ content, ...name }] });
}

function bodyOf(entity: Bytes): { bodyStart: number; bodyEnd: number } {
  const { bodyStart, bodyBytes } = parseMessage(entity).parts[0]!;
  return { bodyStart, bodyEnd: bodyStart + bodyBytes.length };
}

/** The moment that counts as now. */
export function momentOf({ values }: CommandLine): Date {
  const wanted = values['at'] as string | undefined;
  const time = wanted === undefined ? new Date() : parseTime(wanted);
  if (time === undefined)
    throw new UsageError(`--at ${wanted}: give a date such as 2026-06-01 or 2026-06-01T09:30:00Z`);
  return time;
}

/**
 * The message, or its begin, without its Bcc fields, which is said on the standard error: what is sealed goes to
 * everybody, and nobody is to see whom Bcc names (RFC 5322 §3.6.3).
 */
function withoutBcc(message: Bytes, hint: string): Bytes {
  const fields = [...parseMessage(message).headers].filter(({ name }) => /^(?:resent-)?bcc$/i.test(name));
  if (fields.length === 0) return message;
  process.stderr.write(`mailseal: the field Bcc is left out${hint}\n`);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of fields) {
    pieces.push(message.subarray(from, start));
    from = end;
  }
  return concatBytes([...pieces, message.subarray(from)]);
}
