import {
  asciiCosts,
  cellCost,
  cutCost,
  errorCost,
  katakanaCost,
  katakanaEntryCost,
  singleKatakanaCost,
  supplementCost,
  unknownCost,
} from './detect-model.js';

/** One charset that the octets may be in, and what they cost when they are. */
export interface Candidate {
  /** The sum over the octets read so far. */
  readonly bits: number;
  /** How often octets had no meaning. */
  readonly errors: number;
  /** Characters of more than one octet, and how many of them are kana. */
  readonly characters: number;
  readonly kana: number;
  /** Reads on from where it stopped up to `end`, and past it to the end of a character that it cuts. */
  read(octets: Uint8Array, end: number): void;
}

/** What the candidates share: the place, the sums, and what ASCII and half-width katakana cost. */
abstract class Reader implements Candidate {
  bits = 0;
  errors = 0;
  characters = 0;
  kana = 0;
  #at: number;
  /** The half-width katakana just before, or 0. */
  #katakana = 0;
  /** Whether that one is the first of its run. */
  #single = false;
  readonly #ascii = asciiCosts();

  constructor(start: number) {
    this.#at = start;
  }

  read(octets: Uint8Array, end: number): void {
    while (this.#at < end) {
      const octet = octets[this.#at]!;
      if (octet < 0x80) {
        this.bits += this.#ascii[octet]!;
        // As a letter with a diacritic stands alone in text of some other kind.
        if (this.#single) this.bits += singleKatakanaCost;
        this.#single = false;
        this.#katakana = 0;
        this.#at++;
      } else {
        const katakana = this.#katakana;
        this.#katakana = 0;
        this.#single = false;
        this.#at += this.character(octet, octets, this.#at, katakana);
      }
    }
  }

  /** Adds what the character that begins here costs; gives its length in octets. */
  protected abstract character(lead: number, octets: Uint8Array, at: number, katakana: number): number;

  protected katakana(octet: number, before: number): void {
    this.#single = before === 0;
    if (before === 0) this.bits += katakanaEntryCost;
    this.bits += katakanaCost(octet, before);
    this.#katakana = octet;
    this.kana++;
  }

  /** A character of a row and cell, both from 1. */
  protected cell(row: number, cell: number): void {
    this.bits += cellCost(row, cell);
    this.characters++;
    if (row === 4 || row === 5) this.kana++;
  }

  /** An octet that has no meaning; only that one is passed over. */
  protected error(): number {
    this.bits += errorCost;
    this.errors++;
    return 1;
  }

  protected cut(): number {
    this.bits += cutCost;
    return 3;
  }
}

export class ShiftJis extends Reader {
  protected character(lead: number, octets: Uint8Array, at: number, katakana: number): number {
    if (lead >= 0xa1 && lead <= 0xdf) {
      this.katakana(lead, katakana);
      return 1;
    }
    if (lead === 0x80 || lead === 0xa0 || lead > 0xfc) return this.error();
    const trail = octets[at + 1];
    if (trail === undefined) return this.cut();
    if (trail < 0x40 || trail === 0x7f || trail > 0xfc) return this.error();
    // Two rows share a lead octet: 0x40–0x9E is the odd one, without 0x7F, and 0x9F–0xFC the even one.
    const odd = trail < 0x9f;
    const row = (lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 2 + (odd ? 1 : 2);
    this.cell(row, odd ? trail - (trail < 0x7f ? 0x3f : 0x40) : trail - 0x9e);
    return 2;
  }
}

const isEuc = (octet: number) => octet >= 0xa1 && octet <= 0xfe;

export class EucJp extends Reader {
  protected character(lead: number, octets: Uint8Array, at: number, katakana: number): number {
    if (!isEuc(lead) && lead !== 0x8e && lead !== 0x8f) return this.error();
    const second = octets[at + 1];
    if (second === undefined) return this.cut();
    if (!isEuc(second)) return this.error();
    if (lead === 0x8e) {
      if (second > 0xdf) return this.error();
      this.katakana(second, katakana);
    } else if (lead === 0x8f) {
      const third = octets[at + 2];
      if (third === undefined) return this.cut();
      if (!isEuc(third)) return this.error();
      this.bits += supplementCost;
      this.characters++;
      return 3;
    } else this.cell(lead - 0xa0, second - 0xa0);
    return 2;
  }
}

export class Utf8 extends Reader {
  protected character(lead: number, octets: Uint8Array, at: number): number {
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0) return this.error();
    for (let next = 1; next < length; next++) {
      const octet = octets[at + next];
      if (octet === undefined) return this.cut();
      if (octet < 0x80 || octet > 0xbf) return this.error();
      // No longer form than needed, no surrogates, nothing past U+10FFFF (RFC 3629, section 4).
      if (next > 1) continue;
      if ((lead === 0xe0 && octet < 0xa0) || (lead === 0xf0 && octet < 0x90)) return this.error();
      if ((lead === 0xed && octet > 0x9f) || (lead === 0xf4 && octet > 0x8f)) return this.error();
    }
    this.characters++;
    const second = octets[at + 1]!;
    if (lead === 0xe3 && second >= 0x80 && second <= 0x83) {
      this.bits += 7.6;
      if (second > 0x80) this.kana++;
    } else this.bits += length === 2 ? 12.8 : lead >= 0xe4 && lead <= 0xe9 ? 12.8 : length === 3 ? 15 : 18;
    return length;
  }
}

/** Text of some other kind, of which nothing is known: every octet with its 8th bit costs the same. */
export class Unknown extends Reader {
  protected character(): number {
    this.bits += unknownCost;
    return 1;
  }
}
