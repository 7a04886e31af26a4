import { asBytes, type Bytes } from '../core/bytes.js';
import type { Engine, EngineOptions } from '../core/engine.js';
import { type Cursor, decodeGroups } from './base64-groups.js';
import { BLANK, PAD, sextets } from './base64-tables.js';
import { type DecodedOctets, DefectList, type EncodingDefect } from './defects.js';
import { chooseNativeBase64, type NativeBase64, WORTH_NATIVE } from './native-base64.js';
import { type OutputOptions, outputOf, trim, viewOfOutput } from './output.js';

/**
 * Decodes a body in MIME base64 leniently (RFC 2045 §6.8): white space and line
 * ends may stand anywhere, other characters outside the alphabet are skipped
 * (also `-` and `_`), blocks with their own padding may follow each other, and
 * the last padding may be missing. What was wrong is told in `defects`; bad
 * input never throws.
 *
 * @param octets - the encoded body.
 * @param options - which implementation may be used, and memory for the content.
 *   The runtime's own decodes only lines without any damage; all else is always
 *   done here.
 * @throws MailsealError `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no base64; `usage` for an unknown engine or an `output` that cannot be written to.
 *
 * @example
 * ```ts
 * import { decodeMimeBase64 } from 'mailseal/encoding';
 *
 * const { content, defects } = decodeMimeBase64(new TextEncoder().encode('TWFp\r\nbA'));
 * console.log(content.length, defects[0]?.code); // 4 'base64-padding'
 * ```
 */
export function decodeMimeBase64(
  octets: Uint8Array,
  options: EngineOptions & OutputOptions = {},
): DecodedOctets {
  const input = asBytes(octets);
  const groups = new GroupReader(options.engine);
  const out = outputOf(GroupReader.room(input.length), options, input);
  const at = groups.finish(out, groups.read(input, out));
  return { content: trim(out, at, options), defects: groups.defects.all };
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
  readonly #groups: GroupReader;

  /** @throws MailsealError `crypto-engine-unavailable`, `usage`, as {@link decodeMimeBase64} does. */
  constructor(options: EngineOptions = {}) {
    this.#groups = new GroupReader(options.engine);
  }

  /**
   * Takes the next piece of the encoded body; gives the octets that are settled by it.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to; the piece is not taken then.
   */
  update(chunk: Uint8Array, options?: OutputOptions): Bytes {
    const input = asBytes(chunk);
    const out = outputOf(GroupReader.room(input.length), options, input);
    return trim(out, this.#groups.read(input, out), options);
  }

  /**
   * Gives the last octets where padding was missing.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to.
   */
  finish(options?: OutputOptions): Bytes {
    const out = outputOf(GroupReader.room(0), options, nothing);
    return trim(out, this.#groups.finish(out, 0), options);
  }

  /** What was wrong so far, at most one defect of each code. */
  get defects(): readonly EncodingDefect[] {
    return this.#groups.defects.all;
  }
}

const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);
/** Below so many characters the view for wide loads costs more than it saves. */
const WIDE = 48;

class GroupReader {
  readonly defects = new DefectList();
  readonly #native: NativeBase64 | undefined;
  /** Characters of the current group: how many, and their bits. */
  #count = 0;
  #bits = 0;
  /** Padding characters that must still come. */
  #padsWanted = 0;
  /** Whether the last that came was padding, so that more data is another block. */
  #padded = false;
  /** Octets read before the current piece. */
  #offset = 0;
  readonly #cursor: Cursor = { from: 0, to: 0 };

  constructor(engine: Engine | undefined) {
    this.#native = chooseNativeBase64(engine);
  }

  /** The most octets that so many characters can give, with up to three that were kept from before. */
  static room(characters: number): number {
    return Math.floor(((characters + 3) * 3) / 4) + 3;
  }

  read(input: Bytes, out: Bytes): number {
    const { length } = input;
    let from = 0;
    let to = 0;
    if (this.#native !== undefined && length >= WORTH_NATIVE) {
      // Up to the end of a line, so that what follows are whole lines.
      from = startOfNextLine(input);
      to = this.#readUntil(input, 0, from, out, to);
      if (this.#isBetween()) {
        const read = this.#native.decodeLines(input, from, out, to);
        from += read.characters;
        to += read.octets;
      }
    }
    to = this.#readUntil(input, from, length, out, to);
    this.#offset += length;
    return to;
  }

  /** Whether the last group is complete, and was not padded. */
  #isBetween(): boolean {
    return this.#count === 0 && !this.#padded;
  }

  #readUntil(input: Bytes, start: number, end: number, out: Bytes, at: number): number {
    const table = sextets;
    const cursor = this.#cursor;
    const lastWide = end - start >= WIDE ? end - 16 : -1;
    let characters: DataView | undefined;
    let octets: DataView | undefined;
    let to = at;
    let from = start;
    while (from < end) {
      if (this.#isBetween()) {
        if (from <= lastWide) {
          characters ??= new DataView(input.buffer, input.byteOffset, end);
          octets ??= viewOfOutput(out);
          cursor.from = from;
          cursor.to = to;
          decodeGroups(characters, end, octets, cursor);
          from = cursor.from;
          to = cursor.to;
          if (from > lastWide) continue;
        } else if (from + 4 <= end) {
          const group =
            (table[input[from]!]! << 18) |
            (table[input[from + 1]!]! << 12) |
            (table[input[from + 2]!]! << 6) |
            table[input[from + 3]!]!;
          if (group >= 0) {
            out[to] = group >> 16;
            out[to + 1] = group >> 8;
            out[to + 2] = group;
            to += 3;
            from += 4;
            continue;
          }
        }
      }
      // Octet by octet up to the end of the group in which something else than the alphabet stands.
      const value = table[input[from]!]!;
      if (value >= 0) to = this.#character(value, from, out, to);
      else if (value === PAD) to = this.#padding(from, out, to);
      else if (value !== BLANK) this.defects.add('base64-junk', this.#offset + from);
      from++;
    }
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

/** Where the second line begins, the start where no line ends soon. */
function startOfNextLine(input: Uint8Array): number {
  const end = Math.min(input.length, WORTH_NATIVE);
  for (let at = 0; at < end; at++) if (input[at] === 0x0a) return at + 1;
  return 0;
}
