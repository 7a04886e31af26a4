import type { CharacterSet } from './character-set.js';
import { FIRST_HALFWIDTH, foldHalfwidth, LAST_HALFWIDTH } from './halfwidth.js';
import { jisx0208 } from './jisx0208.js';

/**
 * What an encoder can write, and how.
 *
 * `codes` has a number for each UTF-16 unit, made such that the two commonest
 * cases are one comparison each:
 *
 * - 0x80–0xFF: an ASCII character, with 0x80 added so that NUL is not 0;
 * - above 0xFF: a cell of JIS X 0208, by its two octets;
 * - 0: nothing that can be written;
 * - below 0, without {@link FLAG}: a cell of `second`, or of `third` with
 *   {@link THIRD} added, or one of the kinds below, with an octet.
 */
export interface Repertoire {
  readonly codes: Int16Array;
  readonly second: CharacterSet | undefined;
  readonly third: CharacterSet | undefined;
  /** The code of what takes two UTF-16 units; 0 where there is none. */
  double(units: string): number;
  /** The codes of characters of kind {@link BEGINS_PAIR} where nothing follows that combines with them. */
  readonly alone: ReadonlyMap<number, number>;
  /** Whether to do as the Encoding Standard's encoder does, in all that mail does otherwise. */
  readonly web: boolean;
}

/** What marks all codes but those of ASCII and JIS X 0208: it makes them negative. */
export const FLAG = -0x8000;
/** What marks the cells of the third set among the others. */
export const THIRD = 0x0080;
/** Kind: an octet of JIS X 0201 Roman. */
export const ROMAN_OCTET = 0x0100;
/** Kind: an octet of JIS X 0201 katakana. */
export const KATAKANA_OCTET = 0x0200;
/** Kind: a character that may have one cell together with the next. */
export const BEGINS_PAIR = 0x0300;
/** Kind: the first unit of a surrogate pair. */
export const HIGH_SURROGATE = 0x0400;

/** The units with which one may begin, in place of that which the table of JIS X 0208 has: its other reading. */
const otherReadings = '〜～‖∥−－¢￠£￡¬￢';

/** Row 13 and those from 89 on, by lead octet: NEC's and IBM's extensions, which JIS X 0208 does not have. */
function isExtension(code: number): boolean {
  const lead = code >> 8;
  return lead === 0x2d || lead >= 0x79;
}

function withAscii(): Int16Array {
  const codes = new Int16Array(0x10000);
  for (let octet = 0; octet < 0x80; octet++) codes[octet] = 0x80 | octet;
  // These would let the text switch sets by itself.
  codes[0x0e] = 0;
  codes[0x0f] = 0;
  codes[0x1b] = 0;
  codes[0xa5] = FLAG | ROMAN_OCTET | 0x5c;
  codes[0x203e] = FLAG | ROMAN_OCTET | 0x7e;
  codes.fill(FLAG | HIGH_SURROGATE, 0xd800, 0xdc00);
  return codes;
}

/** Adds to `codes` what a set has and no set before it. */
export function addCells(codes: Int16Array, { cells }: CharacterSet, flags = 0): void {
  for (let unit = 0x80; unit < 0x10000; unit++) {
    if (cells[unit] !== 0 && codes[unit] === 0) codes[unit] = cells[unit]! | flags;
  }
}

/** Makes the codes of JIS X 0208 for mail, with or without the extensions of NEC and IBM. */
export function mailCodes(extensions: boolean): Int16Array {
  const codes = withAscii();
  addCells(codes, jisx0208());
  if (!extensions) {
    for (let unit = 0x80; unit < 0x10000; unit++) if (isExtension(codes[unit]!)) codes[unit] = 0;
  }
  for (let at = 0; at < otherReadings.length; at += 2) {
    codes[otherReadings.charCodeAt(at)] = codes[otherReadings.charCodeAt(at + 1)]!;
  }
  for (let unit = FIRST_HALFWIDTH; unit <= LAST_HALFWIDTH; unit++) {
    codes[unit] = FLAG | KATAKANA_OCTET | (unit - FIRST_HALFWIDTH + 0x21);
  }
  return codes;
}

const none: ReadonlyMap<number, number> = /* @__PURE__ */ new Map();

/** A repertoire of ASCII, JIS X 0201 and JIS X 0208 only. */
export function plainRepertoire(codes: Int16Array, web: boolean): Repertoire {
  return { codes, second: undefined, third: undefined, double: () => 0, alone: none, web };
}

let web: Repertoire | undefined;

/** What the Encoding Standard's encoder writes. */
export function webRepertoire(): Repertoire {
  if (web === undefined) {
    const codes = withAscii();
    addCells(codes, jisx0208());
    codes[0x2212] = codes[0xff0d]!;
    for (let unit = FIRST_HALFWIDTH; unit <= LAST_HALFWIDTH; unit++) {
      codes[unit] = codes[foldHalfwidth(unit).charCodeAt(0)]!;
    }
    web = plainRepertoire(codes, true);
  }
  return web;
}
