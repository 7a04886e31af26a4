import { asBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { ascii, katakana, roman } from './reading-tables.js';
import {
  kanji,
  loadWindow,
  octetAt,
  readAscii,
  readKanji,
  readSingles,
  units,
  windowLength,
} from './runs.js';
import { stringFromScratch } from './units.js';

/** How the decoder treats what is not ISO-2022-JP. */
export interface WebDecodeOptions {
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
 * import { decodeWeb } from 'mailseal/iso2022jp';
 *
 * console.log(decodeWeb(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg=='))); // 'こんにちは'
 * ```
 */
export function decodeWeb(octets: Uint8Array, options: WebDecodeOptions = {}): string {
  const decoder = new WebDecoder(options);
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

/**
 * {@link decodeWeb} for text that comes in pieces: any split gives the same text.
 * The set that was switched to is kept from piece to piece, as encoded words
 * need it that were cut in the middle. A decoder is for one text; after it
 * threw it is of no further use.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 * import { WebDecoder } from 'mailseal/iso2022jp';
 *
 * const decoder = new WebDecoder();
 * console.log(decoder.update(decodeHex('1b244224')) + decoder.update(decodeHex('221b2842')) + decoder.finish()); // 'あ'
 * ```
 */
export class WebDecoder {
  readonly #fatal: boolean;
  /** The set in force. */
  #set = ASCII;
  #phase = PLAIN;
  /** First octet of a character, or second of an escape sequence, by phase. */
  #lead = 0;
  /** Whether nothing came since the last escape sequence, so that another one is an error. */
  #switched = false;
  /** Octets that were read. */
  #total = 0;
  /** What to add to a place in the current piece to have its offset in the text. */
  #base = 0;
  #replacements = 0;

  constructor(options: WebDecodeOptions = {}) {
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
    if (input.length <= windowLength) return stringFromScratch(this.#read(input, 0, input.length));
    let text = '';
    for (let from = 0; from < input.length; from += windowLength) {
      text += stringFromScratch(this.#read(input, from, Math.min(from + windowLength, input.length)));
    }
    return text;
  }

  /**
   * Ends the text; gives what an unfinished character or escape sequence is replaced with.
   *
   * @throws MailsealError `charset-malformed` with the octet offset of what is unfinished, when `fatal`.
   */
  finish(): string {
    this.#base = this.#total;
    let to = 0;
    while (this.#phase !== PLAIN) {
      const phase = this.#phase;
      to = this.#replace(-beginning(phase), to);
      this.#phase = PLAIN;
      // The Standard reads "$" and "(" again as what they are without the escape.
      if (phase === ESCAPE) to = this.#plain(this.#lead, -1, to);
    }
    this.#set = ASCII;
    this.#switched = false;
    return stringFromScratch(to);
  }

  /** Reads the octets [start, end), a window; gives the number of units. */
  #read(input: Uint8Array, start: number, end: number): number {
    this.#base = this.#total - start;
    loadWindow(input, start, end, end);
    kanji();
    const size = end - start;
    // Both count from the window's start.
    let at = 0;
    let to = 0;
    while (at < size) {
      if (this.#phase === PLAIN) {
        const begun = at;
        if (this.#set === KANJI) {
          at = readKanji(at, size, to);
          to += (at - begun) >> 1;
        } else {
          if (this.#set === ASCII) at = readAscii(at, size, to);
          if (octetAt(at) !== ESC) at = readSingles(at, size, to + at - begun, tableOf(this.#set));
          to += at - begun;
        }
        if (at > begun) this.#switched = false;
        if (at === size) break;
        // Escape sequences that are whole and no error; all else goes step by step.
        if (octetAt(at) === ESC && !this.#switched && at + 2 < size) {
          const set = setOf(octetAt(at + 1), octetAt(at + 2));
          if (set !== undefined) {
            this.#set = set;
            this.#switched = true;
            at += 3;
            continue;
          }
        }
      }
      to = this.#step(octetAt(at), start + at, to);
      at++;
    }
    this.#total += size;
    return to;
  }

  #step(octet: number, from: number, at: number): number {
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
      to = this.#replace(from - 1, to);
    } else if (phase === ESCAPE) {
      const set = setOf(this.#lead, octet);
      if (set !== undefined) {
        if (this.#switched) to = this.#replace(from - 2, to);
        this.#set = set;
        this.#switched = true;
        return to;
      }
      this.#switched = false;
      to = this.#replace(from - 2, to);
      to = this.#plain(this.#lead, from - 1, to);
      // In kanji that "$" or "(" began a character, and this octet ends it.
      if ((this.#phase as number) !== PLAIN) return this.#step(octet, from, to);
    } else if (phase === TRAIL) {
      if (octet === ESC) {
        this.#phase = ESCAPE_START;
        return this.#replace(from - 1, to);
      }
      const unit = kanji()[(this.#lead << 8) | octet]!;
      if (unit === 0) return this.#replace(from - 1, to);
      units[to] = unit;
      return to + 1;
    }
    return this.#plain(octet, from, to);
  }

  /** Reads an octet that begins something. */
  #plain(octet: number, from: number, at: number): number {
    if (octet === ESC) {
      this.#phase = ESCAPE_START;
      return at;
    }
    this.#switched = false;
    if (this.#set === KANJI) {
      if (octet >= 0x21 && octet <= 0x7e) {
        this.#lead = octet;
        this.#phase = TRAIL;
        return at;
      }
      return this.#replace(from, at);
    }
    const unit = tableOf(this.#set)[octet]!;
    // NUL is the one character that the tables cannot tell from none.
    if (unit === 0 && (octet !== 0 || this.#set === KATAKANA)) return this.#replace(from, at);
    units[at] = unit;
    return at + 1;
  }

  #replace(from: number, at: number): number {
    this.#replacements++;
    if (this.#fatal) {
      const offset = this.#base + from;
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
  if (first !== 0x28) return undefined;
  if (second === 0x42) return ASCII;
  if (second === 0x4a) return ROMAN;
  return second === 0x49 ? KATAKANA : undefined;
}

function tableOf(set: number): Uint16Array {
  if (set === KANJI) return kanji();
  if (set === ASCII) return ascii();
  return set === ROMAN ? roman() : katakana();
}
