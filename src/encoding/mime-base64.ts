import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { BLANK, crlfPair, encodeGroups, encodeLastGroup, PAD, sextets } from './base64-tables.js';
import { type DecodedOctets, DefectList, type EncodingDefect } from './defects.js';
import { trim } from './trim.js';

/** How {@link encodeMimeBase64} lays out its lines. */
export interface MimeBase64Options {
  /** Characters on a line without its CRLF: a multiple of 4 from 4 to 76 (RFC 2045 §6.8 allows no more). Default 76. */
  readonly lineLength?: number;
}

/**
 * Encodes a body as MIME base64 (RFC 2045 §6.8): lines of `lineLength`
 * characters, **each ended by CRLF, the last one too**. Empty input gives empty
 * output.
 *
 * @throws MailsealError `usage` for a line length that is not allowed.
 *
 * @example
 * ```ts
 * import { encodeMimeBase64 } from 'mailseal/encoding';
 *
 * const lines = encodeMimeBase64(new Uint8Array(60));
 * console.log(lines.length); // 84: 76 characters, CRLF, 4 characters, CRLF
 * ```
 */
export function encodeMimeBase64(octets: Uint8Array, options: MimeBase64Options = {}): Bytes {
  const input = asBytes(octets);
  const layout = new LineLayout(options);
  const whole = input.length - (input.length % 3);
  const out = layout.allocate(Math.ceil(input.length / 3), true);
  let at = layout.encode(input, whole, out, 0);
  if (whole < input.length) at = layout.encodeLast(input, whole, out, at);
  layout.endLine(out, at);
  return new Uint8Array(out.buffer);
}

/**
 * {@link encodeMimeBase64} for octets that come in pieces: any split gives the
 * same characters.
 *
 * @example
 * ```ts
 * import { MimeBase64Encoder } from 'mailseal/encoding';
 *
 * const encoder = new MimeBase64Encoder();
 * const pieces = [encoder.update(new Uint8Array([77, 97])), encoder.update(new Uint8Array([105])), encoder.finish()];
 * console.log(pieces.map((piece) => piece.length)); // [ 0, 4, 2 ]
 * ```
 */
export class MimeBase64Encoder {
  readonly #layout: LineLayout;
  #carry: Bytes = new Uint8Array(0);

  /** @throws MailsealError `usage` for a line length that is not allowed. */
  constructor(options: MimeBase64Options = {}) {
    this.#layout = new LineLayout(options);
  }

  /** Takes the next octets; gives the characters that are settled by them. */
  update(chunk: Uint8Array): Bytes {
    const input = this.#carry.length === 0 ? asBytes(chunk) : concatBytes([this.#carry, asBytes(chunk)]);
    const whole = input.length - (input.length % 3);
    this.#carry = input.slice(whole);
    const out = this.#layout.allocate(whole / 3, false);
    this.#layout.encode(input, whole, out, 0);
    return new Uint8Array(out.buffer);
  }

  /** Gives the last characters with their line end. */
  finish(): Bytes {
    const out = this.#layout.allocate(this.#carry.length === 0 ? 0 : 1, true);
    const at = this.#carry.length === 0 ? 0 : this.#layout.encodeLast(this.#carry, 0, out, 0);
    this.#layout.endLine(out, at);
    this.#carry = new Uint8Array(0);
    return new Uint8Array(out.buffer);
  }
}

/** Where on its line the next character goes. All lengths are even, so everything is counted in pairs of characters. */
class LineLayout {
  readonly #lineGroups: number;
  /** Groups already on the current line. */
  #groups = 0;

  constructor({ lineLength = 76 }: MimeBase64Options) {
    if (!Number.isInteger(lineLength) || lineLength % 4 !== 0 || lineLength < 4 || lineLength > 76) {
      throw new MailsealError(
        'usage',
        `a base64 line has a multiple of 4 characters up to 76, not ${lineLength}`,
      );
    }
    this.#lineGroups = lineLength / 4;
  }

  /** Room for so many more groups and the line ends that they complete, and for that of the last line when it is `last`. */
  allocate(groups: number, last: boolean): Uint16Array<ArrayBuffer> {
    const lines = (this.#groups + groups) / this.#lineGroups;
    return new Uint16Array(2 * groups + (last ? Math.ceil(lines) : Math.floor(lines)));
  }

  encode(octets: Uint8Array, end: number, out: Uint16Array, at: number): number {
    let to = at;
    for (let from = 0; from < end; ) {
      const groups = Math.min(this.#lineGroups - this.#groups, (end - from) / 3);
      to = encodeGroups(octets, from, from + 3 * groups, out, to);
      from += 3 * groups;
      this.#groups += groups;
      if (this.#groups === this.#lineGroups) to = this.endLine(out, to);
    }
    return to;
  }

  encodeLast(octets: Uint8Array, start: number, out: Uint16Array, at: number): number {
    this.#groups++;
    return encodeLastGroup(octets, start, out, at);
  }

  /** Ends the line unless nothing is on it. */
  endLine(out: Uint16Array, at: number): number {
    if (this.#groups === 0) return at;
    this.#groups = 0;
    out[at] = crlfPair;
    return at + 1;
  }
}

/**
 * Decodes a body in MIME base64 leniently (RFC 2045 §6.8): white space and line
 * ends may stand anywhere, other characters outside the alphabet are skipped
 * (also `-` and `_`), blocks with their own padding may follow each other, and
 * the last padding may be missing. What was wrong is told in `defects`; this
 * never throws.
 *
 * @param octets - the encoded body.
 *
 * @example
 * ```ts
 * import { decodeMimeBase64 } from 'mailseal/encoding';
 *
 * const { content, defects } = decodeMimeBase64(new TextEncoder().encode('TWFp\r\nbA'));
 * console.log(content.length, defects[0]?.code); // 4 'base64-padding'
 * ```
 */
export function decodeMimeBase64(octets: Uint8Array): DecodedOctets {
  const input = asBytes(octets);
  const groups = new GroupReader();
  const out = new Uint8Array(GroupReader.room(input.length));
  const at = groups.finish(out, groups.read(input, out, 0));
  return { content: trim(out, at), defects: groups.defects.all };
}

/**
 * {@link decodeMimeBase64} for a body that comes in pieces: any split gives the
 * same octets and the same defects.
 *
 * @example
 * ```ts
 * import { MimeBase64Decoder } from 'mailseal/encoding';
 *
 * const decoder = new MimeBase64Decoder();
 * const pieces = ['TW', 'FpbA', '=='].map((text) => decoder.update(new TextEncoder().encode(text)));
 * console.log(pieces.map((piece) => piece.length), decoder.finish().length); // [ 0, 3, 1 ] 0
 * ```
 */
export class MimeBase64Decoder {
  readonly #groups = new GroupReader();

  /** Takes the next piece of the encoded body; gives the octets that are settled by it. */
  update(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    const out = new Uint8Array(GroupReader.room(input.length));
    return trim(out, this.#groups.read(input, out, 0));
  }

  /** Gives the last octets where padding was missing. */
  finish(): Bytes {
    const out = new Uint8Array(GroupReader.room(0));
    return trim(out, this.#groups.finish(out, 0));
  }

  /** What was wrong so far, at most one defect of each code. */
  get defects(): readonly EncodingDefect[] {
    return this.#groups.defects.all;
  }
}

class GroupReader {
  readonly defects = new DefectList();
  /** Characters of the current group: how many, and their bits. */
  #count = 0;
  #bits = 0;
  /** Padding characters that must still come. */
  #padsWanted = 0;
  /** Whether the last that came was padding, so that more data is another block. */
  #padded = false;
  /** Octets read before the current piece. */
  #offset = 0;

  /** The most octets that so many characters can give, with up to three that were kept from before. */
  static room(characters: number): number {
    return Math.floor(((characters + 3) * 3) / 4) + 3;
  }

  read(input: Uint8Array, out: Uint8Array, at: number): number {
    const table = sextets;
    const { length } = input;
    let to = at;
    let from = 0;
    while (from < length) {
      if (this.#count === 0 && !this.#padded) {
        while (from + 4 <= length) {
          const group =
            (table[input[from]!]! << 18) |
            (table[input[from + 1]!]! << 12) |
            (table[input[from + 2]!]! << 6) |
            table[input[from + 3]!]!;
          if (group < 0) {
            if (input[from] !== 0x0d || input[from + 1] !== 0x0a) break;
            from += 2;
            continue;
          }
          out[to] = group >> 16;
          out[to + 1] = group >> 8;
          out[to + 2] = group;
          to += 3;
          from += 4;
        }
        if (from === length) break;
      }
      // Octet by octet up to the end of the group in which something else than the alphabet stands.
      const value = table[input[from]!]!;
      if (value >= 0) to = this.#character(value, from, out, to);
      else if (value === PAD) to = this.#padding(from, out, to);
      else if (value !== BLANK) this.defects.add('base64-junk', this.#offset + from);
      from++;
    }
    this.#offset += length;
    return to;
  }

  #character(value: number, from: number, out: Uint8Array, at: number): number {
    if (this.#padded) {
      if (this.#padsWanted > 0) this.defects.add('base64-padding', this.#offset + from);
      this.defects.add('base64-concatenated', this.#offset + from);
      this.#padded = false;
      this.#padsWanted = 0;
    }
    this.#bits = (this.#bits << 6) | value;
    if (++this.#count < 4) return at;
    out[at] = this.#bits >> 16;
    out[at + 1] = this.#bits >> 8;
    out[at + 2] = this.#bits;
    this.#count = 0;
    this.#bits = 0;
    return at + 3;
  }

  #padding(from: number, out: Uint8Array, at: number): number {
    if (this.#padsWanted > 0) {
      this.#padsWanted--;
      return at;
    }
    if (this.#count < 2) {
      // No octet ends here, so it pads nothing; the characters around it are read as if it were not there.
      this.defects.add('base64-padding', this.#offset + from);
      return at;
    }
    this.#padsWanted = 3 - this.#count;
    this.#padded = true;
    return this.#endGroup(this.#offset + from, out, at);
  }

  /** Writes the octets of a group of two or three characters. */
  #endGroup(offset: number, out: Uint8Array, at: number): number {
    const bits = this.#bits << (6 * (4 - this.#count));
    const octets = this.#count - 1;
    if ((bits & (octets === 1 ? 0xffff : 0xff)) !== 0) this.defects.add('base64-trailing-bits', offset);
    out[at] = bits >> 16;
    if (octets === 2) out[at + 1] = bits >> 8;
    this.#count = 0;
    this.#bits = 0;
    return at + octets;
  }

  finish(out: Uint8Array, at: number): number {
    if (this.#padsWanted > 0) this.defects.add('base64-padding', this.#offset);
    this.#padsWanted = 0;
    this.#padded = false;
    if (this.#count === 0) return at;
    if (this.#count === 1) {
      this.defects.add('base64-truncated', this.#offset);
      this.#count = 0;
      this.#bits = 0;
      return at;
    }
    this.defects.add('base64-padding', this.#offset);
    return this.#endGroup(this.#offset, out, at);
  }
}
