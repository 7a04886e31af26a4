import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import { type OutputOptions, outputOf, trim, viewOfOutput } from './output.js';
import { notPlain, noView, WIDE } from './quoted-printable.js';

/** What {@link encodeQuotedPrintable} makes of line ends. */
export interface QuotedPrintableOptions extends OutputOptions {
  /**
   * `false` (the default) for text: CRLF stays a line end. `true` for content
   * in which CR and LF are no line ends (RFC 2045 §6.7 rule 4): they are
   * escaped like any other control.
   */
  readonly binary?: boolean;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;
const EQUALS = 0x3d;
const CAPITAL_F = 0x46;
/** `From ` */
const fromLine: readonly number[] = [CAPITAL_F, 0x72, 0x6f, 0x6d, SPACE];

/** Characters that a line holds before the `=` of its soft line break; RFC 2045 §6.7 rule 5 allows 76 with it. */
const room = 75;

// What an octet of content needs; everything but AS_IS depends on its place or is escaped.
const AS_IS = 0;
const ESCAPED = 1;
const BLANK = 2;
const RETURN = 3;
const LINE_START = 4;

/** Said of a CR: CRLF goes as it is. */
const LINE_END = 'line end';

const kinds: Uint8Array = /* @__PURE__ */ makeKinds();
/** `=` and two digits for each octet, as a little-endian store of four octets writes them; the fourth is written over. */
const escapes: Int32Array = /* @__PURE__ */ makeEscapes();

/** 1 for each octet that is escaped or may be, wherever it stands. */
const needsMore: Uint8Array = /* @__PURE__ */ kinds.map((kind) =>
  Number(kind === ESCAPED || kind === RETURN),
);

function makeKinds(): Uint8Array {
  const table = new Uint8Array(256).fill(ESCAPED);
  table.fill(AS_IS, 0x21, 0x7f);
  table[EQUALS] = ESCAPED;
  table[SPACE] = BLANK;
  table[TAB] = BLANK;
  table[CR] = RETURN;
  table[DOT] = LINE_START;
  table[CAPITAL_F] = LINE_START;
  return table;
}

function makeEscapes(): Int32Array {
  const digits = '0123456789ABCDEF';
  return Int32Array.from(
    { length: 256 },
    (_, octet) => EQUALS | (digits.charCodeAt(octet >> 4) << 8) | (digits.charCodeAt(octet & 15) << 16),
  );
}

/**
 * Encodes content as quoted-printable (RFC 2045 §6.7), in lines of at most 76
 * characters.
 *
 * Printable ASCII stays as it is; CRLF stays a line end unless `binary`; a CR or
 * LF alone, `=`, and everything else is escaped with upper-case digits, as is
 * white space at the end of a line and of the content. `From ` and `.` at the
 * start of a line are escaped too, since some ways of mail would change them
 * (RFC 2049 §3). Decoding gives the very octets back.
 *
 * @throws MailsealError `usage` for an `output` that cannot be written to.
 *
 * @example
 * ```ts
 * import { encodeQuotedPrintable } from 'mailseal/encoding';
 *
 * const encoded = encodeQuotedPrintable(new TextEncoder().encode('1 + 1 = 2 \r\n'));
 * console.log(new TextDecoder().decode(encoded)); // '1 + 1 =3D 2=20\r\n'
 * ```
 */
export function encodeQuotedPrintable(octets: Uint8Array, options: QuotedPrintableOptions = {}): Bytes {
  return new QuotedPrintableEncoder(options).finish(octets, options);
}

/**
 * {@link encodeQuotedPrintable} for content that comes in pieces: any split
 * gives the same characters.
 *
 * @example
 * ```ts
 * import { QuotedPrintableEncoder } from 'mailseal/encoding';
 *
 * const encoder = new QuotedPrintableEncoder();
 * console.log(encoder.update(new TextEncoder().encode('é ')).length, encoder.finish().length); // 6 3
 * ```
 */
export class QuotedPrintableEncoder {
  readonly #binary: boolean;
  /** Up to four octets that depend on what follows. */
  #carry: Bytes = new Uint8Array(0);
  /** Characters on the current line. */
  #column = 0;

  constructor(options: Pick<QuotedPrintableOptions, 'binary'> = {}) {
    this.#binary = options.binary ?? false;
  }

  /**
   * Takes the next octets; gives the characters that are settled by them.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to; the octets are not taken then.
   */
  update(chunk: Uint8Array, options?: OutputOptions): Bytes {
    return this.#encode(this.#joined(chunk), false, options);
  }

  /**
   * Gives the last characters.
   *
   * @param chunk - the last octets, when there are any; the same as an `update` before.
   * @throws MailsealError `usage` for an `output` that cannot be written to.
   */
  finish(chunk: Uint8Array = new Uint8Array(0), options?: OutputOptions): Bytes {
    const out = this.#encode(this.#joined(chunk), true, options);
    this.#column = 0;
    return out;
  }

  #joined(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    return this.#carry.length === 0 ? input : concatBytes([this.#carry, input]);
  }

  #encode(input: Bytes, last: boolean, options: OutputOptions | undefined): Bytes {
    const { length } = input;
    const out = outputOf(mostCharacters(input), options, input);
    const table = kinds;
    const binary = this.#binary;
    const target = viewOfOutput(out);
    const wide = length >= WIDE;
    const source = wide ? new DataView(input.buffer, input.byteOffset, length) : noView;
    const lastWide = wide ? length - 5 : -1;
    let to = 0;
    let column = this.#column;
    let from = 0;
    while (from < length) {
      // What needs no second look, which is nearly everything. One flat loop, since engines optimize a loop
      // inside a loop late or, where the inner one is short, not at all.
      const octet = input[from]!;
      const kind = table[octet]!;
      if (kind === ESCAPED) {
        if (column + 3 <= room) {
          target.setInt32(to, escapes[octet]!, true);
          to += 3;
          column += 3;
          from++;
          continue;
        }
      } else if (kind === RETURN) {
        if (!binary && from + 1 < length && input[from + 1] === LF) {
          out[to] = CR;
          out[to + 1] = LF;
          to += 2;
          column = 0;
          from += 2;
          continue;
        }
      } else if (column < room && from <= lastWide && (column > 0 || kind === AS_IS)) {
        // Four octets at once: they may all be written, and those that count do not go beyond the line.
        const four = source.getInt32(from, true);
        const special = notPlain(four);
        let plain = special === 0 ? 4 : (31 - Math.clz32(special & -special)) >> 3;
        if (plain > room - column) plain = room - column;
        // A space goes as it is unless a line may end behind it.
        if (plain > 0 && input[from + plain] === CR && input[from + plain - 1] === SPACE) plain--;
        if (plain > 0) {
          target.setInt32(to, four, true);
          to += plain;
          column += plain;
          from += plain;
          continue;
        }
      }
      const plain = this.#staysPlain(input, from, last, column);
      if (plain === undefined) break;
      if (plain === LINE_END) {
        out[to++] = CR;
        out[to++] = LF;
        column = 0;
        from += 2;
        continue;
      }
      if (column + (plain ? 1 : 3) > room) {
        out[to++] = EQUALS;
        out[to++] = CR;
        out[to++] = LF;
        column = 0;
        // At the start of a line the same octet may need another treatment.
        continue;
      }
      if (plain) {
        out[to++] = octet;
        column++;
      } else {
        target.setInt32(to, escapes[octet]!, true);
        to += 3;
        column += 3;
      }
      from++;
    }
    this.#column = column;
    this.#carry = input.slice(from);
    return trim(out, to, options);
  }

  /** Whether an octet goes as it is, whether it begins a line end, or `undefined` when that is not known yet. */
  #staysPlain(
    input: Uint8Array,
    at: number,
    last: boolean,
    column: number,
  ): boolean | typeof LINE_END | undefined {
    const octet = input[at]!;
    switch (kinds[octet]) {
      case ESCAPED:
        return false;
      case RETURN:
        if (this.#binary) return false;
        if (at + 1 === input.length) return last ? false : undefined;
        return input[at + 1] === LF ? LINE_END : false;
      case BLANK: {
        const line = this.#endsLine(input, at + 1, last);
        return line === undefined ? undefined : !line;
      }
      case LINE_START: {
        if (column > 0) return true;
        const changed = octet === DOT ? true : isFrom(input, at, last);
        return changed === undefined ? undefined : !changed;
      }
      default:
        return true;
    }
  }

  /** Whether a line or the content ends at `at`; `undefined` when that is not known yet. */
  #endsLine(input: Uint8Array, at: number, last: boolean): boolean | undefined {
    if (at === input.length) return last ? true : undefined;
    if (this.#binary || input[at] !== CR) return false;
    if (at + 1 === input.length) return last ? false : undefined;
    return input[at + 1] === LF;
  }
}

/** Whether `From ` stands at `at`; `undefined` when that is not known yet. */
function isFrom(input: Uint8Array, at: number, last: boolean): boolean | undefined {
  for (let i = 1; i < fromLine.length; i++) {
    if (at + i === input.length) return last ? false : undefined;
    if (input[at + i] !== fromLine[i]) return false;
  }
  return true;
}

/** The most characters that content can become, soft line breaks included, and what wide stores reach beyond the last. */
function mostCharacters(input: Bytes): number {
  // White space and what a line begins with need no room of their own where a line ends in CRLF: that is
  // counted as escaped and goes as it is.
  let escapes = 0;
  let at = 0;
  if (input.length >= WIDE) {
    const source = new DataView(input.buffer, input.byteOffset, input.length);
    for (const lastWide = input.length - 4; at <= lastWide; at += 4) {
      const four = source.getInt32(at, true);
      if (notPlain(four) === 0) continue;
      escapes +=
        needsMore[four & 0xff]! +
        needsMore[(four >>> 8) & 0xff]! +
        needsMore[(four >>> 16) & 0xff]! +
        needsMore[four >>> 24]!;
    }
  }
  for (; at < input.length; at++) escapes += needsMore[input[at]!]!;
  // The first octet and the last may be escaped by their place.
  const characters = input.length + 2 * escapes + 4;
  // A soft line break comes after 73 characters at the earliest, and once on the line that was begun before;
  // what the line behind it begins with may be escaped.
  return characters + 5 * (Math.ceil(characters / (room - 2)) + 1) + 4;
}
