import { asBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { jis0208 } from './jis0208.js';
import { stringFromUnits } from './units.js';

/** How the decoder treats what is not ISO-2022-JP. */
export interface DecodeOptions {
  /**
   * `true` throws at the first error; `false` (the default) puts U+FFFD where
   * the Encoding Standard does.
   */
  readonly fatal?: boolean;
}

/**
 * Decodes ISO-2022-JP (RFC 1468) exactly as the Encoding Standard's state
 * machine does: ASCII, JIS X 0201 Roman and katakana, JIS X 0208 with NEC row 13
 * and the extensions in rows 89–92.
 *
 * @param octets - the text, beginning in ASCII.
 * @throws MailsealError `charset-malformed` with the octet offset of the first error, when `fatal`.
 *
 * @example
 * ```ts
 * import { decodeBase64 } from 'mailseal/encoding';
 * import { decode } from 'mailseal/iso2022jp';
 *
 * console.log(decode(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg=='))); // 'こんにちは'
 * ```
 */
export function decode(octets: Uint8Array, options: DecodeOptions = {}): string {
  const decoder = new Decoder(options);
  return decoder.update(octets) + decoder.finish();
}

// The character sets that an escape sequence switches to, and so what octets mean until the next one.
const ASCII = 0;
const ROMAN = 1;
const KATAKANA = 2;
const KANJI = 3;

// What an octet means for the moment: more of something that was begun, or nothing but the set.
const PLAIN = 0;
const TRAIL = 1;
const ESCAPE_START = 2;
const ESCAPE = 3;

const ESC = 0x1b;
const REPLACEMENT = 0xfffd;

/** Octets that are decoded at once; keeps the scratch array small whatever the input. */
const windowLength = 4096;
/** Units that a window can give beyond one for each octet: those of an escape sequence that was begun before. */
const spare = 4;
const nothing: Uint16Array = /* @__PURE__ */ new Uint16Array(0);

/**
 * {@link decode} for text that comes in pieces: any split gives the same text.
 * The set that was switched to is kept from piece to piece, as encoded words
 * need it that were cut in the middle. A decoder is for one text; after it
 * threw it is of no further use.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 * import { Decoder } from 'mailseal/iso2022jp';
 *
 * const decoder = new Decoder();
 * console.log(decoder.update(decodeHex('1b244224')) + decoder.update(decodeHex('221b2842')) + decoder.finish()); // 'あ'
 * ```
 */
export class Decoder {
  readonly #fatal: boolean;
  /** The set in force. */
  #set = ASCII;
  #phase = PLAIN;
  /** First octet of a character, or second of an escape sequence, by phase. */
  #lead = 0;
  /** Whether nothing came since the last escape sequence, so that another one is an error. */
  #switched = false;
  /** Octets before the current window. */
  #offset = 0;
  #replacements = 0;

  constructor(options: DecodeOptions = {}) {
    this.#fatal = options.fatal ?? false;
  }

  /** How many U+FFFD were put in the place of what could not be read, so far. */
  get replacements(): number {
    return this.#replacements;
  }

  /**
   * Takes the next octets; gives the characters that are settled by them.
   *
   * @throws MailsealError `charset-malformed` with the octet offset from the start of the text, when `fatal`.
   */
  update(chunk: Uint8Array): string {
    const input = asBytes(chunk);
    const units = new Uint16Array(Math.min(input.length, windowLength) + spare);
    let text = '';
    for (let at = 0; at < input.length; at += windowLength) {
      const window = at === 0 && input.length <= windowLength ? input : input.subarray(at, at + windowLength);
      const length = this.#read(window, units);
      this.#offset += window.length;
      text += stringFromUnits(units, length);
    }
    return text;
  }

  /**
   * Ends the text; gives what an unfinished character or escape sequence is replaced with.
   *
   * @throws MailsealError `charset-malformed` with the octet offset of what is unfinished, when `fatal`.
   */
  finish(): string {
    const units = this.#phase === PLAIN ? nothing : new Uint16Array(spare);
    let to = 0;
    while (this.#phase !== PLAIN) {
      const phase = this.#phase;
      to = this.#replace(-beginning(phase), units, to);
      this.#phase = PLAIN;
      // The Standard reads "$" and "(" again as what they are without the escape.
      if (phase === ESCAPE) to = this.#plain(this.#lead, -1, units, to);
    }
    this.#set = ASCII;
    this.#switched = false;
    return stringFromUnits(units, to);
  }

  #read(input: Uint8Array, units: Uint16Array): number {
    const { length } = input;
    let to = 0;
    let from = 0;
    while (from < length) {
      if (this.#phase === PLAIN) {
        const start = from;
        if (this.#set === KANJI) {
          const table = jis0208();
          while (from + 1 < length) {
            const lead = input[from]! - 0x21;
            const trail = input[from + 1]! - 0x21;
            // Cells are looked up before the octets are checked to be of a lead and a trail: one outside finds nothing.
            const unit = trail >= 0 && trail < 94 && lead >= 0 ? table[lead * 94 + trail] : 0;
            if (!unit) break;
            units[to++] = unit;
            from += 2;
          }
        } else if (this.#set === ASCII) {
          while (from < length) {
            const octet = input[from]!;
            if (octet >= 0x80 || octet === ESC || octet === 0x0e || octet === 0x0f) break;
            units[to++] = octet;
            from++;
          }
        }
        if (from > start) this.#switched = false;
        if (from === length) break;
      }
      to = this.#step(input[from]!, from, units, to);
      from++;
    }
    return to;
  }

  #step(octet: number, from: number, units: Uint16Array, at: number): number {
    let to = at;
    const phase = this.#phase;
    this.#phase = PLAIN;
    if (phase === ESCAPE_START) {
      if (octet === 0x24 || octet === 0x28) {
        this.#lead = octet;
        this.#phase = ESCAPE;
        return to;
      }
      this.#switched = false;
      to = this.#replace(from - 1, units, to);
    } else if (phase === ESCAPE) {
      const set = setOf(this.#lead, octet);
      if (set !== undefined) {
        if (this.#switched) to = this.#replace(from - 2, units, to);
        this.#set = set;
        this.#switched = true;
        return to;
      }
      this.#switched = false;
      to = this.#replace(from - 2, units, to);
      to = this.#plain(this.#lead, from - 1, units, to);
      // In kanji that "$" or "(" began a character, and this octet ends it.
      if ((this.#phase as number) !== PLAIN) return this.#step(octet, from, units, to);
    } else if (phase === TRAIL) {
      if (octet === ESC) {
        this.#phase = ESCAPE_START;
        return this.#replace(from - 1, units, to);
      }
      const cell = octet >= 0x21 && octet <= 0x7e ? (this.#lead - 0x21) * 94 + octet - 0x21 : -1;
      const unit = cell < 0 ? 0 : jis0208()[cell]!;
      if (unit === 0) return this.#replace(from - 1, units, to);
      units[to] = unit;
      return to + 1;
    }
    return this.#plain(octet, from, units, to);
  }

  /** Reads an octet that begins something. */
  #plain(octet: number, from: number, units: Uint16Array, at: number): number {
    if (octet === ESC) {
      this.#phase = ESCAPE_START;
      return at;
    }
    this.#switched = false;
    let unit = -1;
    if (this.#set === KANJI) {
      if (octet >= 0x21 && octet <= 0x7e) {
        this.#lead = octet;
        this.#phase = TRAIL;
        return at;
      }
    } else if (this.#set === KATAKANA) {
      if (octet >= 0x21 && octet <= 0x5f) unit = octet - 0x21 + 0xff61;
    } else if (octet < 0x80 && octet !== 0x0e && octet !== 0x0f) {
      unit = octet;
      if (this.#set === ROMAN && octet === 0x5c) unit = 0xa5;
      else if (this.#set === ROMAN && octet === 0x7e) unit = 0x203e;
    }
    if (unit < 0) return this.#replace(from, units, at);
    units[at] = unit;
    return at + 1;
  }

  #replace(from: number, units: Uint16Array, at: number): number {
    this.#replacements++;
    if (this.#fatal) {
      const offset = this.#offset + from;
      throw new MailsealError('charset-malformed', `this is not ISO-2022-JP (octet ${offset})`, { offset });
    }
    units[at] = REPLACEMENT;
    return at + 1;
  }
}

/** How many octets ago that began which is unfinished in this phase, seen from the octet that comes next. */
function beginning(phase: number): number {
  return phase === ESCAPE ? 2 : 1;
}

/** The set that ESC, these two octets switch to. */
function setOf(first: number, second: number): number | undefined {
  if (first === 0x24) return second === 0x40 || second === 0x42 ? KANJI : undefined;
  if (second === 0x42) return ASCII;
  if (second === 0x4a) return ROMAN;
  return second === 0x49 ? KATAKANA : undefined;
}
