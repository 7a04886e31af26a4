import { asBytes, concatBytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import type { CharacterSetName } from './character-set.js';
import { type MailSet, mailSet, rightHalf, shiftedKatakana } from './mail-sets.js';
import { loadWindow, type Progress, readPairs, readRuns, readSingles, units, windowLength } from './runs.js';
import { stringFromScratch } from './units.js';

const ESC = 0x1b;
const SO = 0x0e;
const SI = 0x0f;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const REPLACEMENT = 0xfffd;

const nothing: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What {@link MailDecoder} begins with. */
export interface MailDecoderStart {
  readonly fatal: boolean;
  readonly initial: CharacterSetName;
}

/** The machine under `decode` and `Decoder` in the mode `mail`; see there. */
export class MailDecoder {
  readonly #ascii: MailSet = mailSet('ascii')!;
  readonly #kanji: MailSet = mailSet('jisx0208')!;
  #fatal = false;
  #set: MailSet;
  /** Whether SO has put half-width katakana in front of the set. */
  #shifted = false;
  /** What ESC N takes a character from. */
  #right: 'latin' | 'greek' | undefined;
  /** The start of a character or an escape sequence that is not whole yet. */
  #pending: Uint8Array = nothing;
  /** What to add to a place in the current piece to have its offset in the text. */
  #base = 0;
  #replacements = 0;
  /** Offset of the first octet of a line (after its blanks) that a line end inside a set of two octets began. */
  #lineStart = -1;
  readonly #progress: Progress = { at: 0, to: 0, inKanji: false };
  /** Where reading goes on after {@link #special}; where it was if more octets are needed. */
  #next = 0;

  constructor(start: MailDecoderStart) {
    this.#set = this.#reset(start);
  }

  get replacements(): number {
    return this.#replacements;
  }

  /** Decodes a whole text, whatever came before. */
  decode(octets: Uint8Array, start: MailDecoderStart): string {
    this.#set = this.#reset(start);
    return this.#readAll(asBytes(octets), true);
  }

  update(chunk: Uint8Array): string {
    const input = asBytes(chunk);
    return this.#readAll(this.#pending.length > 0 ? concatBytes([this.#pending, input]) : input, false);
  }

  finish(): string {
    return this.#readAll(this.#pending, true);
  }

  #reset(start: MailDecoderStart): MailSet {
    const set = mailSet(start.initial);
    if (set === undefined || set.name === 'user-defined')
      throw usage(`there is no character set ${shown(start.initial)} to start in`);
    this.#fatal = start.fatal;
    this.#shifted = false;
    this.#right = undefined;
    this.#pending = nothing;
    this.#base = 0;
    this.#replacements = 0;
    this.#lineStart = -1;
    return set;
  }

  #readAll(input: Uint8Array, last: boolean): string {
    let text = '';
    this.#next = 0;
    while (this.#next < input.length) {
      const from = this.#next;
      const to = this.#read(input, Math.min(from + windowLength, input.length), last);
      text = text === '' ? stringFromScratch(to) : text + stringFromScratch(to);
      if (this.#next === from) break;
    }
    this.#base += this.#next;
    this.#pending = this.#next === input.length ? nothing : input.slice(this.#next);
    return text;
  }

  /** Reads what begins before `end`, from `#next` on; gives the number of units. Stops early at what is not whole. */
  #read(input: Uint8Array, end: number, last: boolean): number {
    const start = this.#next;
    const size = end - start;
    loadWindow(input, start, end, input.length);
    // Both count from the window's start.
    let at = 0;
    let to = 0;
    while (at < size) {
      if (!this.#shifted && (this.#set === this.#kanji || this.#set === this.#ascii)) {
        const progress = this.#progress;
        progress.at = at;
        progress.to = to;
        progress.inKanji = this.#set === this.#kanji;
        readRuns(progress, size);
        ({ at, to } = progress);
        this.#set = progress.inKanji ? this.#kanji : this.#ascii;
      }
      const begun = at;
      if (this.#shifted || !this.#set.double) {
        // In ASCII, too: octets of eight bits are katakana.
        at = readSingles(at, size, to, this.#shifted ? shiftedKatakana() : this.#set.table);
        to += at - begun;
      } else if (this.#set !== this.#kanji) {
        at = readPairs(at, size, to, this.#set.table);
        to += (at - begun) >> 1;
      }
      if (at >= size) break;
      to = this.#special(input, start + at, last, to);
      if (this.#next === start + at) return to;
      at = this.#next - start;
    }
    this.#next = start + at;
    return to;
  }

  /** Reads what the table of the set has not: escapes, controls, user-defined characters, errors. */
  #special(input: Uint8Array, from: number, last: boolean, to: number): number {
    const octet = input[from]!;
    if (octet === ESC) return this.#escape(input, from, last, to);
    this.#next = from + 1;
    if (octet === SO || octet === SI) {
      this.#shifted = octet === SO;
      return to;
    }
    if (octet <= SPACE) {
      // A line end inside SO is taken for the end of that, too.
      if (octet === LF || octet === CR) {
        this.#shifted = false;
        this.#lineStart = this.#base + from + 1;
      } else if (this.#lineStart === this.#base + from) this.#lineStart++;
      units[to] = octet;
      return to + 1;
    }
    if (!this.#set.double || this.#shifted) return this.#replace(from, to);
    return this.#pair(input, from, last, to);
  }

  /** Reads an octet in a set of two that is no control and begins no character of the table. */
  #pair(input: Uint8Array, from: number, last: boolean, to: number): number {
    const lead = input[from]!;
    if (lead >= 0xa1 && lead <= 0xdf) {
      units[to] = lead - 0xa1 + 0xff61;
      return to + 1;
    }
    const mayLead = lead <= 0x7e || (lead <= 0x92 && this.#set.name === 'jisx0208');
    if (mayLead && from + 1 >= input.length && !last) {
      this.#next = from;
      return to;
    }
    const trail = input[from + 1] ?? 0;
    if (mayLead && trail >= 0x21 && trail <= 0x7e) {
      this.#next = from + 2;
      const double = this.#set.characters?.decode(lead, trail);
      if (double !== undefined) {
        units[to] = double.charCodeAt(0);
        units[to + 1] = double.charCodeAt(1);
        return to + 2;
      }
      const own = userDefined(this.#set.name, lead, trail);
      if (own !== 0) {
        units[to] = own;
        return to + 1;
      }
    }
    // A line that begins with no character of the set was begun in ASCII, without an escape.
    if (this.#lineStart === this.#base + from && lead <= 0x7e) {
      this.#set = mailSet('ascii')!;
      this.#next = from + 1;
      units[to] = lead;
      return to + 1;
    }
    // A trail octet that is none is lost with its lead; a control, or what begins something else, is read by itself.
    if (mayLead && trail > SPACE) this.#next = from + 2;
    return this.#replace(from, to);
  }

  /** Reads what begins with ESC. What is no escape sequence loses its ESC only. */
  #escape(input: Uint8Array, from: number, last: boolean, to: number): number {
    const first = input[from + 1];
    const second = input[from + 2];
    // ESC $ ( and a designation is the one form of four octets.
    const whole = first === 0x24 && second === 0x28 ? 4 : first === undefined || startsEscape(first) ? 3 : 2;
    if (from + whole > input.length && !last) {
      this.#next = from;
      return to;
    }
    this.#next = from + whole;
    const final = input[from + whole - 1];
    if (final !== undefined && whole > 2) {
      const name =
        whole === 4 ? longDesignation(final) : first === 0x24 ? kanjiDesignation(final) : undefined;
      const set = name ?? (first === 0x28 ? singleDesignation(final) : undefined);
      if (set !== undefined) {
        this.#set = mailSet(set)!;
        this.#shifted = false;
        return to;
      }
      // G1, which SO stands for, is katakana anyway; ESC & @ announces the JIS X 0208 of 1990.
      if (first === 0x29 && singleDesignation(final) !== undefined) return to;
      if (first === 0x26 && final === 0x40) return to;
      if (first === 0x2e && (final === 0x41 || final === 0x46)) {
        this.#right = final === 0x41 ? 'latin' : 'greek';
        return to;
      }
      if (first === 0x4e && this.#right !== undefined) {
        const unit = final > 0x1f ? rightHalf(this.#right, final | 0x80) : 0;
        if (unit !== 0) {
          units[to] = unit;
          return to + 1;
        }
      }
    }
    this.#next = from + 1;
    return this.#replace(from, to);
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

/** Whether more of an escape sequence is to be expected after ESC and this octet. */
function startsEscape(octet: number): boolean {
  // $ ( ) & . N
  return (
    octet === 0x24 || octet === 0x28 || octet === 0x29 || octet === 0x26 || octet === 0x2e || octet === 0x4e
  );
}

/** ESC ( : ISO 2022 calls H a Swedish set, but old Japanese software means Roman by it. */
function singleDesignation(octet: number): MailSet['name'] | undefined {
  if (octet === 0x42) return 'ascii';
  if (octet === 0x4a || octet === 0x48) return 'jisx0201-roman';
  return octet === 0x49 ? 'jisx0201-katakana' : undefined;
}

/** ESC $ : the editions of 1978 and of 1983 are one here, since senders used the two escapes for the same thing. */
function kanjiDesignation(octet: number): MailSet['name'] | undefined {
  if (octet === 0x42 || octet === 0x40) return 'jisx0208';
  return octet === 0x41 ? 'gb2312' : undefined;
}

/** ESC $ ( */
function longDesignation(octet: number): MailSet['name'] | undefined {
  if (octet === 0x44) return 'jisx0212';
  // The first edition of plane 1 lacks ten kanji of the second and has no other.
  if (octet === 0x4f || octet === 0x51) return 'jisx0213-1';
  if (octet === 0x50) return 'jisx0213-2';
  if (octet === 0x43) return 'ksx1001';
  if (octet === 0x3f) return 'user-defined';
  return kanjiDesignation(octet);
}

/**
 * User-defined characters in Unicode's private use area: rows 95 to 114 as
 * cp50220 and cp50221 have them, the empty cells of rows 85 to 94 as
 * eucJP-ms has them for JIS X 0208 (from U+E000 on) and JIS X 0212 (from U+E3AC
 * on). 0 for what is none.
 */
function userDefined(set: MailSet['name'], lead: number, trail: number): number {
  if (set === 'jisx0208' && lead >= 0x7f) return 0xe000 + (lead - 0x7f) * 94 + trail - 0x21;
  if (lead < 0x75 || (set !== 'jisx0208' && set !== 'jisx0212')) return 0;
  return (set === 'jisx0208' ? 0xe000 : 0xe3ac) + (lead - 0x75) * 94 + trail - 0x21;
}
