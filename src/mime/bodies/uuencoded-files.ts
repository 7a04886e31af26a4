import { asBytes, type Bytes } from '../../core/bytes.js';
import { decodeUuencode, isUuencodeEnd, uuencodeHeader, uuencodeLine } from '../../encoding/uuencode.js';

/** A uuencoded file that stands in plain text. */
export interface UuencodedFile {
  /** Where its `begin` line starts, in octets from the start of the text. */
  readonly start: number;
  /** Where its `end` line ends, line end included. */
  readonly end: number;
  /** The octal permissions of its `begin` line, as a number. */
  readonly mode: number;
  /** The octets of its name, one character each; their charset is told nowhere. */
  readonly name: string;
  /** Decodes it. */
  readonly content: () => Bytes;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the files that were pasted into plain text with uuencode, as mail did
 * before MIME. Only what is whole counts: a `begin` line, then lines that are
 * data of the length that they say, then `end`. A sentence that starts with
 * "begin" is text, and so is all after it (some mail programs hid that).
 *
 * @param octets the content of a text part, before its charset is undone
 * @example
 * ```ts
 * import { findUuencodedFiles } from 'mailseal/mime';
 *
 * const text = new TextEncoder().encode('Here it is:\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n');
 * const [file] = findUuencodedFiles(text);
 * console.log(file?.name, file?.start, file?.end, file?.content().length); // cat.txt 12 42 3
 * ```
 */
export function findUuencodedFiles(octets: Uint8Array): UuencodedFile[] {
  const text = asBytes(octets);
  const files: UuencodedFile[] = [];
  for (let at = 0; at < text.length; ) {
    const next = afterLine(text, at);
    const header = text[at] === 0x62 ? uuencodeHeader(withoutEnd(text, at, next)) : undefined;
    // A begin line is no data, so that no line is looked at for two files.
    const end = header === undefined ? undefined : endOfFile(text, next);
    if (header !== undefined && end !== undefined) {
      const start = at;
      files.push({ ...header, start, end, content: () => decodeUuencode(text.subarray(start, end)).content });
    }
    at = end ?? next;
  }
  return files;
}

/** The text without some of its pieces, which are in their order. */
export function withoutRanges(
  octets: Bytes,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Bytes {
  if (ranges.length === 0) return octets;
  const rest = new Uint8Array(octets.length);
  let length = 0;
  let from = 0;
  for (const { start, end } of [...ranges, { start: octets.length, end: octets.length }]) {
    rest.set(octets.subarray(from, start), length);
    length += start - from;
    from = end;
  }
  return rest.slice(0, length);
}

function endOfFile(text: Bytes, start: number): number | undefined {
  for (let at = start; at < text.length; ) {
    const next = afterLine(text, at);
    const line = withoutEnd(text, at, next);
    if (isUuencodeEnd(line)) return next;
    // Blanks at the end may have been stripped, so that a line of the right characters is enough.
    if (uuencodeLine(line) !== 'whole' && !isStripped(line)) return undefined;
    at = next;
  }
  return undefined;
}

/** Whether a line is data whose blanks at the end are not there. */
function isStripped(line: Bytes): boolean {
  const first = line[0]!;
  if (first < 0x20 || first > 0x60 || line.length > 1 + 4 * Math.ceil((first - 0x20) / 3)) return false;
  return line.every((octet) => octet >= 0x20 && octet <= 0x60);
}

/** Where the line after the one at `start` begins; a CR alone ends a line too. */
function afterLine(text: Bytes, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== LF && text[at] !== CR) at++;
  return at + (text[at] === CR && text[at + 1] === LF ? 2 : at < text.length ? 1 : 0);
}

function withoutEnd(text: Bytes, start: number, next: number): Bytes {
  let end = next;
  if (end > start && text[end - 1] === LF) end--;
  if (end > start && text[end - 1] === CR) end--;
  return text.subarray(start, end);
}
