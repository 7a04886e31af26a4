import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import { type DecodedOctets, DefectList, type EncodingDefect } from './defects.js';
import { hexDigitValue } from './hex.js';
import { type OutputOptions, outputOf, trim, viewOfOutput } from './output.js';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const EQUALS = 0x3d;

// What an octet of encoded text is; everything above PLAIN needs a closer look.
const PLAIN = 0;
const LINE_FEED = 1;
const RETURN = 2;
const ESCAPE = 3;
const RAW = 4;

const kinds: Uint8Array = /* @__PURE__ */ makeKinds();
const hexValues: Int8Array = /* @__PURE__ */ makeHexValues();

function makeKinds(): Uint8Array {
  const table = new Uint8Array(256).fill(RAW);
  table.fill(PLAIN, 0x20, 0x7f);
  table[TAB] = PLAIN;
  table[LF] = LINE_FEED;
  table[CR] = RETURN;
  table[EQUALS] = ESCAPE;
  return table;
}

function makeHexValues(): Int8Array {
  return Int8Array.from({ length: 256 }, (_, octet) => hexDigitValue(octet));
}

/**
 * Decodes a quoted-printable body leniently (RFC 2045 §6.7).
 *
 * Hexadecimal digits of either case are taken; white space at the end of a line
 * and of the body is removed, as are soft line breaks, also with white space
 * after their `=`, with a bare LF, or at the very end of the body. Line ends
 * stay as they came. What is no escape and what should have been escaped is
 * kept as it is and told in `defects`; bad input never throws.
 *
 * @param octets - the encoded body.
 * @param options - memory for the content; one as long as the body is enough.
 * @throws MailsealError `usage` for an `output` that cannot be written to.
 *
 * @example
 * ```ts
 * import { decodeQuotedPrintable } from 'mailseal/encoding';
 *
 * const { content } = decodeQuotedPrintable(new TextEncoder().encode('caf=C3=A9 au=\r\n lait \r\n'));
 * console.log(new TextDecoder().decode(content)); // 'café au lait\r\n'
 * ```
 */
export function decodeQuotedPrintable(octets: Uint8Array, options?: OutputOptions): DecodedOctets {
  const decoder = new QuotedPrintableDecoder();
  const content = decoder.finish(octets, options);
  return { content, defects: decoder.defects };
}

/**
 * {@link decodeQuotedPrintable} for a body that comes in pieces: any split
 * gives the same octets and the same defects.
 *
 * @example
 * ```ts
 * import { QuotedPrintableDecoder } from 'mailseal/encoding';
 *
 * const decoder = new QuotedPrintableDecoder();
 * const pieces = ['=4', '1 ', '\r\n'].map((text) => decoder.update(new TextEncoder().encode(text)));
 * console.log(pieces.map((piece) => piece.length), decoder.finish().length); // [ 0, 1, 2 ] 0
 * ```
 */
export class QuotedPrintableDecoder {
  readonly #defects = new DefectList();
  /** Octets whose meaning depends on what follows: an open escape, or white space that may end its line. */
  #carry: Bytes = new Uint8Array(0);
  #carryLength = 0;
  /** Octets of encoded text before those in the carry. */
  #offset = 0;

  /**
   * Takes the next piece of the encoded body; gives the octets that are settled by it.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to; the piece is not taken then.
   */
  update(chunk: Uint8Array, options?: OutputOptions): Bytes {
    const input = asBytes(chunk);
    // White space after white space decides nothing. It is gathered without being
    // looked at again, so that a long run in small pieces costs linear time.
    const last = this.#carry[this.#carryLength - 1];
    if (this.#carryLength > 0 && (last === SPACE || last === TAB) && isBlank(input)) {
      const out = outputOf(0, options, input);
      this.#gather(input);
      return trim(out, 0, options);
    }
    return this.#decode(this.#joined(input), false, options);
  }

  /**
   * Gives what was waiting for more.
   *
   * @param chunk - the last piece, when there is one; the same as an `update` before.
   * @throws MailsealError `usage` for an `output` that cannot be written to.
   */
  finish(chunk: Uint8Array = new Uint8Array(0), options?: OutputOptions): Bytes {
    return this.#decode(this.#joined(asBytes(chunk)), true, options);
  }

  /** What was wrong so far, at most one defect of each code. */
  get defects(): readonly EncodingDefect[] {
    return this.#defects.all;
  }

  #joined(input: Bytes): Bytes {
    if (this.#carryLength === 0) return input;
    return concatBytes([this.#carry.subarray(0, this.#carryLength), input]);
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

  #decode(input: Bytes, last: boolean, options: OutputOptions | undefined): Bytes {
    const { length } = input;
    const out = outputOf(length, options, input);
    const wide = length >= WIDE;
    const source = wide ? new DataView(input.buffer, input.byteOffset, length) : noView;
    const target = wide ? viewOfOutput(out) : noView;
    const lastWide = wide ? length - 4 : -1;
    let to = 0;
    // White space of the output before this is no matter of the line end that follows it.
    let kept = 0;
    let from = 0;
    scan: while (from < length) {
      // Escapes come in runs: a letter of UTF-8 is two or three of them.
      if (input[from] === EQUALS && from + 2 < length) {
        const value = (hexValues[input[from + 1]!]! << 4) | hexValues[input[from + 2]!]!;
        if (value >= 0) {
          out[to++] = value;
          kept = to;
          from += 3;
          continue;
        }
      } else if (from <= lastWide) {
        // Four octets at once: the output is never longer than the input, so all four may be written.
        const four = source.getInt32(from, true);
        target.setInt32(to, four, true);
        const special = notPlain(four);
        if (special === 0) {
          from += 4;
          to += 4;
          continue;
        }
        // The lowest mark is right; those above it may be borrowed from it.
        const plain = (31 - Math.clz32(special & -special)) >> 3;
        from += plain;
        to += plain;
      }
      const octet = input[from]!;
      switch (kinds[octet]) {
        case ESCAPE: {
          kept = to;
          // An escape that is whole is read at the next turn.
          if (from + 2 < length && hexValues[input[from + 1]!]! >= 0 && hexValues[input[from + 2]!]! >= 0)
            break;
          const end = endOfSoftBreak(input, from + 1, last);
          if (end === OPEN) break scan;
          if (end === NONE) {
            this.#defects.add('quoted-printable-bad-escape', this.#offset + from);
            out[to++] = EQUALS;
            kept = to;
            from++;
          } else from = end;
          break;
        }
        case RETURN:
          if (from + 1 === length && !last) break scan;
          if (input[from + 1] === LF) {
            to = withoutBlanks(out, kept, to);
            out[to++] = CR;
            from++;
            out[to++] = LF;
          } else {
            this.#defects.add('quoted-printable-raw-octet', this.#offset + from);
            out[to++] = CR;
          }
          kept = to;
          from++;
          break;
        case LINE_FEED:
          to = withoutBlanks(out, kept, to);
          out[to++] = LF;
          kept = to;
          from++;
          break;
        case PLAIN:
          out[to++] = octet;
          from++;
          break;
        default:
          this.#defects.add('quoted-printable-raw-octet', this.#offset + from);
          out[to++] = octet;
          kept = to;
          from++;
      }
    }
    kept = withoutBlanks(out, kept, to);
    // White space stands in the output as it stood in the input, so its start there is known.
    const settled = last ? length : from - (to - kept);
    this.#carryLength = 0;
    this.#offset += settled;
    if (settled < length) this.#gather(input.subarray(settled));
    return trim(out, kept, options);
  }
}

/** Below so many octets the views for wide loads cost more than they save. */
export const WIDE = 64;
export const noView: DataView = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(0));

/** Marks the highest bit of each of four octets that is neither printable nor a space, or is `=`; 0 when there is none. */
export function notPlain(four: number): number {
  const equals = four ^ 0x3d3d3d3d;
  const control = (four - 0x20202020) & ~four;
  const equalsSign = (equals - 0x01010101) & ~equals;
  // Adding 1 makes DEL an octet above 127.
  return (control | equalsSign | four | (four + 0x01010101)) & 0x80808080;
}

/** The length of the output without the white space at its end, down to `kept`. */
function withoutBlanks(out: Uint8Array, kept: number, length: number): number {
  let end = length;
  while (end > kept && (out[end - 1] === SPACE || out[end - 1] === TAB)) end--;
  return end;
}

/** The `=` begins no soft line break. */
const NONE = -1;
/** What follows the `=` so far may be a soft line break or an escape. */
const OPEN = -2;

/** Where the line after a soft line break begins, whose `=` stands directly before `start`. */
function endOfSoftBreak(input: Uint8Array, start: number, last: boolean): number {
  const { length } = input;
  if (!last && start + 1 === length && hexValues[input[start]!]! >= 0) return OPEN;
  let at = start;
  while (at < length && (input[at] === SPACE || input[at] === TAB)) at++;
  // Encoders end a body whose last line is not ended in "=", and the line end then belongs to the boundary.
  if (at === length) return last ? at : OPEN;
  if (input[at] === LF) return at + 1;
  if (input[at] !== CR) return NONE;
  if (at + 1 === length) return last ? NONE : OPEN;
  return input[at + 1] === LF ? at + 2 : NONE;
}

function isBlank(octets: Uint8Array): boolean {
  for (const octet of octets) if (octet !== SPACE && octet !== TAB) return false;
  return true;
}
