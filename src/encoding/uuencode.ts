import { asBytes, type Bytes, concatBytes, latin1FromBytes } from '../core/bytes.js';
import { type DecodedOctets, DefectList, type EncodingDefect } from './defects.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const LAST = 0x60;

/** What a `begin` line says (POSIX uuencode). */
export interface UuencodeHeader {
  /** The octal permissions as a number, such as 0o644. */
  readonly mode: number;
  /** The name as octets of its line, one character each: its charset is told nowhere. */
  readonly name: string;
}

/** What {@link decodeUuencode} gives. */
export interface DecodedUuencode extends DecodedOctets {
  /** What the `begin` line says; `undefined` where there is none, and so no content. */
  readonly header: UuencodeHeader | undefined;
}

/**
 * Decodes uuencoded text leniently (POSIX `uuencode`): the first file in it,
 * from its `begin` line to its `end`. What stands before and after is passed over.
 *
 * Space and grave accent both stand for zero, blanks that were stripped from
 * the end of a line are put back, a checksum character after the data is
 * passed over, and lines may end in CRLF, LF or CR. What is damaged is decoded as far
 * as it goes and told in `defects`; this never throws.
 *
 * @param octets the encoded text
 * @example
 * ```ts
 * import { decodeUuencode } from 'mailseal/encoding';
 *
 * const { content, header } = decodeUuencode(new TextEncoder().encode('begin 644 cat.txt\n#0V%T\n`\nend\n'));
 * console.log(header?.name, new TextDecoder().decode(content)); // cat.txt Cat
 * ```
 */
export function decodeUuencode(octets: Uint8Array): DecodedUuencode {
  const decoder = new UuencodeDecoder();
  const content = concatBytes([decoder.update(octets), decoder.finish()]);
  return { content, defects: decoder.defects, header: decoder.header };
}

/**
 * {@link decodeUuencode} for text that comes in pieces: any split gives the
 * same octets and the same defects.
 *
 * @example
 * ```ts
 * import { UuencodeDecoder } from 'mailseal/encoding';
 *
 * const decoder = new UuencodeDecoder();
 * const pieces = ['begin 644 a\n#0V', '%T\n', 'end\n'].map((text) => decoder.update(new TextEncoder().encode(text)));
 * console.log(pieces.map((piece) => piece.length), decoder.header?.name); // [ 0, 3, 0 ] a
 * ```
 */
export class UuencodeDecoder {
  readonly #defects = new DefectList();
  #header: UuencodeHeader | undefined;
  #ended = false;
  /** The beginning of a line whose end is not there yet. */
  #carry: Bytes = new Uint8Array(0);
  #carryLength = 0;
  /** Octets of encoded text before the carry. */
  #offset = 0;
  /** Whether the last line ended in a CR, to which an LF may belong. */
  #afterCr = false;

  /** Takes the next piece of the text; gives the octets of the lines that it completes. */
  update(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    const last = Math.max(input.lastIndexOf(LF), input.lastIndexOf(CR));
    if (last < 0) {
      this.#gather(input);
      return new Uint8Array(0);
    }
    const lines = concatBytes([this.#carry.subarray(0, this.#carryLength), input.subarray(0, last + 1)]);
    this.#carryLength = 0;
    const content = this.#decode(lines);
    this.#gather(input.subarray(last + 1));
    return content;
  }

  /** Gives what the last line holds, if that has no line end. */
  finish(): Bytes {
    const content = this.#decode(this.#carry.slice(0, this.#carryLength));
    this.#carryLength = 0;
    if (this.#header === undefined) this.#defects.add('uuencode-missing', 0);
    else if (!this.#ended) this.#defects.add('uuencode-unterminated', this.#offset);
    return content;
  }

  /** What the `begin` line says, once it was met. */
  get header(): UuencodeHeader | undefined {
    return this.#header;
  }

  /** What was wrong so far, at most one defect of each code. */
  get defects(): readonly EncodingDefect[] {
    return this.#defects.all;
  }

  #gather(octets: Bytes): void {
    const length = this.#carryLength + octets.length;
    if (length > this.#carry.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = larger;
    }
    this.#carry.set(octets, this.#carryLength);
    this.#carryLength = length;
  }

  #decode(input: Bytes): Bytes {
    let out = new Uint8Array(input.length + 64);
    let to = 0;
    for (let at = 0; at < input.length && !this.#ended; ) {
      const end = endOfLine(input, at);
      // An LF that the CR before it brought along ends no line of its own.
      const isRest = this.#afterCr && input[at] === LF;
      if (!isRest) {
        const line = input.subarray(at, end);
        if (this.#header === undefined) this.#header = uuencodeHeader(line);
        else if (isUuencodeEnd(line)) this.#ended = true;
        else {
          const kind = uuencodeLine(line);
          if (kind !== 'whole') this.#defects.add('uuencode-damaged-line', this.#offset + at);
          // A line whose blanks were stripped may be one character and stand for 63 octets.
          if (to + 64 > out.length) out = grown(out);
          if (kind !== 'none') to = decodeLine(line, out, to);
        }
      }
      this.#afterCr = input[end] === CR;
      at = end + 1;
    }
    this.#offset += input.length;
    return out.slice(0, to);
  }
}

function grown(out: Bytes): Bytes {
  const larger = new Uint8Array(2 * out.length);
  larger.set(out);
  return larger;
}

function endOfLine(input: Uint8Array, start: number): number {
  let end = start;
  while (end < input.length && input[end] !== LF && input[end] !== CR) end++;
  return end;
}

/** What a line without its line end says, when it is a `begin` line. */
export function uuencodeHeader(line: Uint8Array): UuencodeHeader | undefined {
  if (line[0] !== 0x62 || line.length < 11 || line[5] !== SPACE) return undefined;
  const match = /^begin ([0-7]{3,6}) +([^ ].*)$/s.exec(latin1FromBytes(line));
  if (match === null) return undefined;
  return { mode: Number.parseInt(match[1]!, 8), name: match[2]!.trimEnd() };
}

/** Whether a line without its line end is `end`. */
export function isUuencodeEnd(line: Uint8Array): boolean {
  if (line[0] !== 0x65 || line[1] !== 0x6e || line[2] !== 0x64) return false;
  for (let at = 3; at < line.length; at++) if (line[at] !== SPACE && line[at] !== 0x09) return false;
  return true;
}

/** Whether a line is data: all of it there, damaged (too short, too long, other characters), or none at all. */
export function uuencodeLine(line: Uint8Array): 'whole' | 'damaged' | 'none' {
  if (line.length === 0) return 'whole';
  const first = line[0]!;
  if (first < SPACE || first > LAST) return 'none';
  const octets = (first - SPACE) & 63;
  // Some encoders leave out what stands for nothing in the last group of four; some add a checksum.
  const least = 1 + Math.ceil((octets * 4) / 3);
  const most = 1 + Math.ceil(octets / 3) * 4 + 1;
  for (let at = 1; at < line.length; at++) {
    if (line[at]! < SPACE || line[at]! > LAST) return 'damaged';
  }
  if (octets === 0) return 'whole';
  return line.length < least || line.length > most ? 'damaged' : 'whole';
}

/** Writes what a line holds; what is not there stands for blanks that were stripped. */
function decodeLine(line: Uint8Array, out: Uint8Array, start: number): number {
  const end = start + ((line[0]! - SPACE) & 63);
  let to = start;
  for (let at = 1; to < end; at += 4) {
    const a = value(line[at]);
    const b = value(line[at + 1]);
    const c = value(line[at + 2]);
    const d = value(line[at + 3]);
    out[to++] = (a << 2) | (b >> 4);
    if (to < end) out[to++] = (b << 4) | (c >> 2);
    if (to < end) out[to++] = (c << 6) | d;
  }
  return end;
}

function value(character: number | undefined): number {
  return character === undefined ? 0 : (character - SPACE) & 63;
}
