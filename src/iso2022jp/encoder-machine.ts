import type { Bytes } from '../core/bytes.js';
import type { CharacterSetName } from './character-set.js';
import { type EncodeProgress, encodedOctets, encodeRuns, encodeWindow, loadUnits } from './encode-runs.js';
import { FIRST_HALFWIDTH, foldHalfwidth, foldWithMark } from './halfwidth.js';
import {
  BEGINS_PAIR,
  HIGH_SURROGATE,
  KATAKANA_OCTET,
  type Repertoire,
  ROMAN_OCTET,
  THIRD,
} from './repertoire.js';

// The sets that the text can be in; SECOND and THIRD_SET are those of the repertoire.
const ASCII = 0;
const ROMAN = 1;
const KATAKANA = 2;
const KANJI = 3;
const SECOND = 4;
const THIRD_SET = 5;

/** What comes after ESC to switch to a set. */
const escapeEnds: Readonly<Partial<Record<CharacterSetName, string>>> = {
  ascii: '(B',
  'jisx0201-roman': '(J',
  'jisx0201-katakana': '(I',
  jisx0208: '$B',
  jisx0212: '$(D',
  'jisx0213-1': '$(Q',
  'jisx0213-2': '$(P',
};

const ESC = 0x1b;
const LF = 0x0a;
const CR = 0x0d;

/** Octets of the escape sequence back to ASCII, which there must always be room for. */
export const ESCAPE_TO_ASCII = 3;
/** The most that one character takes with the escapes before it and after it, and to spare. */
const spare = 16;

/** Units that a run takes at first. */
const firstWindow = 128;

const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);

/** What {@link EncoderMachine.step} gives when the text has to go on for it to tell. */
export const WAIT = 0;
/** What {@link EncoderMachine.step} gives when the repertoire does not have the character. */
export const UNMAPPABLE = -1;

/** Writes characters of a repertoire into a buffer that grows, and knows the set that they end in. */
export class EncoderMachine {
  readonly #repertoire: Repertoire;
  readonly #halfwidthAsIs: boolean;
  #out: Bytes = nothing;
  #length = 0;
  #set = ASCII;
  readonly #progress: EncodeProgress = { at: 0, to: 0, inKanji: false };

  /** @param halfwidthAsIs - whether half-width katakana are written as such. */
  constructor(repertoire: Repertoire, halfwidthAsIs: boolean) {
    this.#repertoire = repertoire;
    this.#halfwidthAsIs = halfwidthAsIs;
  }

  /** Octets that were written since the last {@link take}, without the escape back to ASCII. */
  get length(): number {
    return this.#length;
  }

  /** The set that the text is in: a number for {@link back}. */
  get set(): number {
    return this.#set;
  }

  /** Octets that {@link close} would write. */
  get toClose(): number {
    return this.#set === ASCII ? 0 : ESCAPE_TO_ASCII;
  }

  /** Undoes what was written since `length` and `set` had these values. */
  back(length: number, set: number): void {
    this.#length = length;
    this.#set = set;
  }

  /** Goes back to ASCII. */
  close(): void {
    this.#reserve(0);
    this.#switch(ASCII);
  }

  /** Gives what was written, and forgets it. */
  take(): Bytes {
    const out = this.#out;
    const length = this.#length;
    this.#length = 0;
    // Copying takes as long as a quarter of the encoding, so that little waste is left where it is.
    if (out.length - length > 64 + (length >> 2)) return out.slice(0, length);
    this.#out = nothing;
    return out.subarray(0, length);
  }

  /**
   * Writes the units from `from` on, up to the first that {@link step} cannot
   * write.
   *
   * @returns the place of that unit, or the text's length.
   */
  run(text: string, from: number, last: boolean): number {
    const { length } = text;
    let at = from;
    // What cannot be written ends a run, and each begins with a window, so they begin small.
    for (let size = firstWindow; at < length; size = Math.min(2 * size, encodeWindow)) {
      const start = at;
      const end = Math.min(start + size, length);
      this.#reserve(length - start);
      loadUnits(text, start, end);
      while (at < end) {
        if (this.#set === ASCII || this.#set === KANJI) at = start + this.#writeRuns(at - start, end - start);
        if (at >= end) break;
        const taken = this.step(text, at, last);
        if (taken <= 0) return at;
        at += taken;
      }
    }
    return at;
  }

  /** Writes ASCII and JIS X 0208 of the units that were loaded; gives the place in them that it reached. */
  #writeRuns(from: number, end: number): number {
    const progress = this.#progress;
    progress.at = from;
    progress.to = 0;
    progress.inKanji = this.#set === KANJI;
    encodeRuns(progress, end, this.#repertoire.codes);
    const { at, to, inKanji } = progress;
    if (to > 0) {
      this.#reserve((to + 1) >> 1);
      this.#out.set(encodedOctets(to), this.#length);
      this.#length += to;
    }
    this.#set = inKanji ? KANJI : ASCII;
    return at;
  }

  /**
   * Writes the character at a place, with the next where both have one cell.
   *
   * @param last - whether the text ends where the string does.
   * @returns how many units were written, {@link WAIT} or {@link UNMAPPABLE}.
   */
  step(text: string, at: number, last: boolean): number {
    this.#reserve(text.length - at);
    const { codes, web, alone } = this.#repertoire;
    const unit = text.charCodeAt(at);
    const code = codes[unit]!;
    if (code > 0) {
      this.#write(code);
      return 1;
    }
    const kind = code & 0x7f00;
    if (code === 0 || kind > HIGH_SURROGATE) return this.#single(code);
    const octet = code & 0xff;
    if (kind === ROMAN_OCTET) {
      this.#switch(ROMAN);
      this.#out[this.#length++] = octet;
      return 1;
    }
    if (kind === KATAKANA_OCTET && this.#halfwidthAsIs) {
      this.#switch(KATAKANA);
      this.#out[this.#length++] = octet;
      return 1;
    }
    // What is left depends on the unit that follows.
    if (at + 1 === text.length && !last) return WAIT;
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    if (kind === KATAKANA_OCTET) return this.#fold(octet - 0x21 + FIRST_HALFWIDTH, next);
    if (kind === HIGH_SURROGATE && (next & 0xfc00) !== 0xdc00) return this.#single(0);
    const both = this.#repertoire.double(text.slice(at, at + 2));
    if (both !== 0) {
      this.#write(both);
      return 2;
    }
    if (kind === BEGINS_PAIR) return this.#single(alone.get(unit)!);
    if (web) this.#leaveKanji();
    return UNMAPPABLE;
  }

  #single(code: number): number {
    if (code !== 0) {
      this.#write(code);
      return 1;
    }
    if (this.#repertoire.web) this.#leaveKanji();
    return UNMAPPABLE;
  }

  /** Writes a half-width katakana in full width, with the sound mark that follows it. */
  #fold(unit: number, mark: number): number {
    const { codes, double, alone } = this.#repertoire;
    const both = foldWithMark(unit, mark);
    if (both !== undefined) {
      const code = both.length === 1 ? codes[both.charCodeAt(0)]! : double(both);
      if (code !== 0) {
        this.#write(code);
        return 2;
      }
    }
    const full = foldHalfwidth(unit).charCodeAt(0);
    this.#write(alone.get(full) ?? codes[full]!);
    return 1;
  }

  /** Writes the character of a code that stands for a cell, or for ASCII. */
  #write(code: number): void {
    if (code > 0xff) this.#switch(KANJI);
    else if (code > 0) {
      const octet = code & 0x7f;
      if (!this.#isInRoman(octet)) this.#switch(ASCII);
      this.#out[this.#length++] = octet;
      return;
    } else this.#switch((code & THIRD) === 0 ? SECOND : THIRD_SET);
    this.#out[this.#length++] = (code >> 8) & 0x7f;
    this.#out[this.#length++] = code & 0x7f;
  }

  /** Whether an octet stands for the same in JIS X 0201 Roman, and the text is in it and may stay. */
  #isInRoman(octet: number): boolean {
    if (this.#set !== ROMAN || octet === 0x5c || octet === 0x7e) return false;
    // RFC 1468 wants ASCII or Roman at the end of a line that has JIS X 0208, and ASCII at the end of the
    // text; lines that all end in ASCII can be cut apart and quoted.
    return this.#repertoire.web || (octet !== CR && octet !== LF);
  }

  /** Before it asks what to do, the Standard's encoder goes back to ASCII from JIS X 0208, and from nothing else. */
  #leaveKanji(): void {
    if (this.#set === KANJI) this.#switch(ASCII);
  }

  #switch(set: number): void {
    if (set === this.#set) return;
    this.#set = set;
    this.#out[this.#length++] = ESC;
    const end = escapeEnds[this.#nameOf(set)]!;
    for (let at = 0; at < end.length; at++) this.#out[this.#length++] = end.charCodeAt(at);
  }

  #nameOf(set: number): CharacterSetName {
    if (set === ASCII) return 'ascii';
    if (set === ROMAN) return 'jisx0201-roman';
    if (set === KATAKANA) return 'jisx0201-katakana';
    if (set === KANJI) return 'jisx0208';
    return (set === SECOND ? this.#repertoire.second : this.#repertoire.third)!.name;
  }

  /** Makes room for so many more units, if each takes two octets, and for the escapes of one. */
  #reserve(units: number): void {
    const needed = this.#length + 2 * units + spare;
    if (needed <= this.#out.length) return;
    const grown = new Uint8Array(needed + (units >> 1) + (this.#length >> 2));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }
}
