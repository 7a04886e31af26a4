import { asBytes, type Bytes, latin1FromBytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { encodeBase64 } from './base64.js';
import { type EncodingDefect, textOfDefect } from './defects.js';
import { decodeMimeBase64 } from './mime-base64-decoder.js';

/** One block of a PEM file. */
export interface PemBlock {
  /** What stands after `BEGIN`: `CERTIFICATE`, `PKCS7`, `CMS`, `TRUSTED CERTIFICATE`, … */
  readonly label: string;
  /** The decoded octets, mostly DER. */
  readonly octets: Bytes;
  /** Header fields of old private keys (RFC 1421: `Proc-Type`, `DEK-Info`), as name and value, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Where the block's `-----BEGIN` stands in the input, in octets (characters when the input was a string). */
  readonly offset: number;
}

/** A line that begins or ends a block, white space before it taken off, of which so many octets are looked at. */
export const pemBoundary: RegExp = /^-----(BEGIN|END) ([^\r\n]*?)-----[ \t]*$/;
export const pemBoundaryOctets = 256;

/**
 * Reads every block of a PEM file (RFC 7468 in its lax form): text before,
 * between and after the blocks is passed over, line ends are LF, CRLF or CR,
 * lines may be of any length, and white space may stand around and inside them.
 *
 * @param text - the file as a string or as octets.
 * @returns the blocks in their order; none when there is no `-----BEGIN` line.
 * @throws MailsealError `pem-malformed` for a block without its END line, with the END line of another label, or with
 * content that is not base64.
 *
 * @example
 * ```ts
 * import { decodePem } from 'mailseal/encoding';
 *
 * const [block] = decodePem('-----BEGIN CMS-----\nTWFpbA==\n-----END CMS-----\n');
 * console.log(block?.label, block?.octets.length); // 'CMS' 4
 * ```
 */
export function decodePem(text: string | Uint8Array): PemBlock[] {
  const characters = typeof text === 'string' ? text : latin1FromBytes(asBytes(text));
  const blocks: PemBlock[] = [];
  let open: { label: string; offset: number; start: number } | undefined;
  for (const [start, end] of linesOf(characters)) {
    // Most lines are base64 or prose, so that most are told apart by one character.
    const indent = indentOf(characters, start, end);
    if (characters.charCodeAt(indent) !== 0x2d) continue;
    const match = pemBoundary.exec(characters.slice(indent, Math.min(end, indent + pemBoundaryOctets)));
    if (match === null) continue;
    const [, kind, label] = match as unknown as [string, string, string];
    if (kind === 'BEGIN') {
      if (open !== undefined) throw unended(open);
      open = { label, offset: indent, start: end };
    } else if (open !== undefined) {
      if (label !== open.label) {
        throw endedByAnother(open, label, indent);
      }
      blocks.push(readBlock(characters, open, start));
      open = undefined;
    }
  }
  if (open !== undefined) throw unended(open);
  return blocks;
}

/**
 * Writes one PEM block (RFC 7468 §2): base64 in lines of 64 characters, every line ended by LF.
 *
 * @throws MailsealError `usage` for a label that RFC 7468 does not allow.
 *
 * @example
 * ```ts
 * import { encodePem } from 'mailseal/encoding';
 *
 * console.log(encodePem('CMS', new Uint8Array([77, 97, 105, 108])));
 * // -----BEGIN CMS-----
 * // TWFpbA==
 * // -----END CMS-----
 * ```
 */
export function encodePem(label: string, octets: Uint8Array): string {
  // RFC 7468 §3: printable characters but "-", with single "-" or blanks between them.
  if (!/^(?:[!-,.-~](?:[- ]?[!-,.-~])*)?$/.test(label)) {
    throw usage('a PEM label has printable ASCII with single blanks or hyphens inside');
  }
  const text = encodeBase64(octets);
  const lines: string[] = [`-----BEGIN ${label}-----`];
  for (let at = 0; at < text.length; at += 64) lines.push(text.slice(at, at + 64));
  lines.push(`-----END ${label}-----`, '');
  return lines.join('\n');
}

/** Start and end of every line, without its line end. */
function* linesOf(text: string): Generator<readonly [number, number]> {
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x0a && unit !== 0x0d) continue;
    yield [start, at];
    start = at + 1;
  }
  if (start < text.length) yield [start, text.length];
}

/** Where a line begins after white space and a byte order mark (one character, or three where it was octets). */
function indentOf(text: string, start: number, end: number): number {
  let at = start;
  if (at === 0 && text.charCodeAt(0) === 0xfeff) at = 1;
  else if (at === 0 && text.startsWith('\u00ef\u00bb\u00bf')) at = 3;
  while (at < end && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at;
}

function readBlock(
  text: string,
  open: { label: string; offset: number; start: number },
  end: number,
): PemBlock {
  const headers: [string, string][] = [];
  let bodyStart = open.start;
  for (const [lineStart, lineEnd] of linesOf(text.slice(open.start, end))) {
    const line = text.slice(open.start + lineStart, open.start + lineEnd);
    const colon = line.indexOf(':');
    const before = headers.at(-1);
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
    else if (before !== undefined && /^[ \t]+\S/.test(line)) before[1] += ` ${line.trim()}`;
    else if (line.trim() !== '') break;
    bodyStart = open.start + lineEnd;
  }
  // One octet for each character, so that places are the same; one that is not ASCII is junk of any kind.
  const body = text.slice(bodyStart, end).replace(/[^\0-\x7f]/g, '?');
  const { content, defects } = decodeMimeBase64(bytesFromUtf8(body));
  const [defect] = defects;
  if (defect !== undefined) {
    throw notBase64(open, defect, bodyStart);
  }
  return { label: open.label, octets: content, headers, offset: open.offset };
}

type BlockStart = Pick<PemBlock, 'label' | 'offset'>;

/** The refusal of a block that goes on to the end or to the next one. */
export function unended(open: BlockStart): MailsealError {
  return malformed(`the PEM block "${open.label}" has no END line`, open.offset);
}

/** The refusal of an END line at an offset. */
export function endedByAnother(open: BlockStart, label: string, offset: number): MailsealError {
  return malformed(`the PEM block "${open.label}" is ended by "${label}"`, offset);
}

/** The refusal of what stands in a block from an offset on. */
export function notBase64(open: BlockStart, defect: EncodingDefect, bodyStart: number): MailsealError {
  return malformed(
    `the PEM block "${open.label}" is not base64: ${textOfDefect(defect)}`,
    bodyStart + defect.offset,
  );
}

function malformed(what: string, offset: number): MailsealError {
  return new MailsealError('pem-malformed', `${what} (offset ${offset})`, { offset });
}
