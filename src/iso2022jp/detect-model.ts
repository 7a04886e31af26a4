// What Japanese text is made of, in bits: how many each character costs in a
// text of its kind. The candidates of the detection are compared by the sum
// over the same octets, which is the likelihood of each of them.

/** What an octet costs that has no meaning in the charset. */
export const errorCost = 32;
/** What a character costs that the end of the octets cuts in two: whole texts seldom end so. */
export const cutCost = 20;
/** The first half-width katakana of a run; they are rare, but when they come, they come together. */
export const katakanaEntryCost = 8;
/** A run of one half-width katakana before ASCII. */
export const singleKatakanaCost = 5;
/** A character of JIS X 0212 in EUC-JP: hardly anybody used them. */
export const supplementCost = 20;
/** An octet with its 8th bit in text of some other kind, of which nothing is known. */
export const unknownCost = 11;

const unassigned = 26;

/** Of the commonest characters in row 1: space, 、。，．・：？！ー／～（）「」 */
const commonMarks = [1, 2, 3, 4, 5, 6, 7, 9, 10, 28, 31, 33, 42, 43, 54, 55];

function makeRowCosts(): Float64Array {
  const costs = new Float64Array(128).fill(unassigned);
  // Written Japanese is some 40 % hiragana, 30 % kanji, 12 % katakana, 10 % punctuation, shared by the
  // characters of each row. Rows, and not single kanji, have a cost: that is enough, and needs no table.
  costs[2] = 14;
  costs[3] = 10.5;
  costs[4] = 7.6;
  costs[5] = 9;
  costs[6] = 15;
  costs[7] = 15;
  costs[8] = 14;
  costs[13] = 14;
  costs.fill(12.8, 16, 48);
  costs.fill(17, 48, 85);
  costs.fill(19, 89, 93);
  costs.fill(24, 93, 95);
  // Shift_JIS only: user-defined characters, and the IBM extensions in the row where they stand there.
  costs.fill(24, 95, 115);
  costs.fill(19, 115, 120);
  return costs;
}

/** The last cell of rows that end before the 94th. */
const lastCells: Readonly<Record<number, number>> = {
  3: 90,
  4: 83,
  5: 86,
  6: 56,
  7: 81,
  8: 32,
  13: 92,
  47: 51,
  84: 6,
  119: 12,
};

const cellsOfRow = 95;
let costsOfCells: Float64Array | undefined;

function makeCellCosts(): Float64Array {
  const rows = makeRowCosts();
  const costs = new Float64Array(rows.length * cellsOfRow).fill(unassigned);
  for (let row = 1; row < rows.length; row++) {
    for (let cell = 1; cell <= (lastCells[row] ?? 94); cell++) costs[row * cellsOfRow + cell] = rows[row]!;
  }
  const set = (row: number, first: number, last: number, cost: number) =>
    costs.fill(cost, row * cellsOfRow + first, row * cellsOfRow + last + 1);
  set(1, 1, 94, 12);
  for (const cell of commonMarks) set(1, cell, cell, 7);
  // The gaps between the digits and letters of three alphabets.
  set(3, 1, 15, unassigned);
  set(3, 26, 32, unassigned);
  set(3, 59, 64, unassigned);
  set(6, 25, 32, unassigned);
  set(7, 34, 48, unassigned);
  return costs;
}

/** What the character in a row (from 1) and cell (from 1) costs; rows past 94 are those of Shift_JIS from 0xF0 on. */
export function cellCost(row: number, cell: number): number {
  costsOfCells ??= makeCellCosts();
  return costsOfCells[row * cellsOfRow + cell] ?? unassigned;
}

/** Whether a cell of that cost holds a character that people use. */
export function isAssigned(cost: number): boolean {
  return cost < 20;
}

/**
 * Half bits for each half-width katakana from 0xA1 on, in base 36. Counted over the
 * 1,451 Japanese names of regions, languages, currencies, units and time zones
 * that ICU carries (Unicode CLDR, Unicode License), with their katakana written
 * half-width: 8,833 letters, three added to each count.
 */
const katakanaHalfBits = 'nnnndnhdhehefhe99bceebdagcdaaefbdfc9ccifgbcaddcfffehiiaa8edf86b';

/** The octets that ﾞ is written after: ｳ, ｶ to ﾄ, ﾊ to ﾎ. */
const takesVoiced = (octet: number) =>
  octet === 0xb3 || (octet >= 0xb6 && octet <= 0xc4) || (octet >= 0xca && octet <= 0xce);
const takesSemivoiced = (octet: number) => octet >= 0xca && octet <= 0xce;

/** The octets that ｬｭｮ are written after: those on i, voiced or not, and ﾃ for ﾃｭ. */
const takesSmallY = (octet: number) =>
  [0xb7, 0xbc, 0xc1, 0xc3, 0xc6, 0xcb, 0xd0, 0xd8, 0xde, 0xdf].includes(octet);

/**
 * What one half-width katakana costs after another (0 for none before it).
 * The marks ﾞ and ﾟ and small letters stand after certain letters only, which is
 * what tells such text from pairs of octets that happen to look like it.
 */
export function katakanaCost(octet: number, before: number): number {
  if (octet === 0xde) return takesVoiced(before) ? 2.5 : 14;
  if (octet === 0xdf) return takesSemivoiced(before) ? 2.5 : 14;
  if (octet >= 0xac && octet <= 0xae) return takesSmallY(before) ? 4 : 13;
  // ｰ, ｯ and ﾝ begin no word.
  if (before === 0 && (octet === 0xb0 || octet === 0xaf || octet === 0xdd)) return 12;
  return Number.parseInt(katakanaHalfBits[octet - 0xa1] ?? 'z', 36) / 2;
}

const common = 'etaoinsrhl';

function makeAsciiCosts(): Float64Array {
  const costs = new Float64Array(128);
  for (let octet = 0; octet < 128; octet++) {
    const character = String.fromCharCode(octet);
    if (octet < 0x20) costs[octet] = octet === 0x0a || octet === 0x0d ? 5 : octet === 0x09 ? 7 : 14;
    else if (character === ' ') costs[octet] = 3;
    else if (character >= 'a' && character <= 'z') costs[octet] = common.includes(character) ? 4.2 : 6;
    else if (character >= 'A' && character <= 'Z') costs[octet] = 6.5;
    else if (character >= '0' && character <= '9') costs[octet] = 6;
    else if (',.-\'"'.includes(character)) costs[octet] = 7;
    else costs[octet] = character === '$' || character === '%' ? 10 : 8.5;
  }
  return costs;
}

let costsOfAscii: Float64Array | undefined;

/** What each of the 128 octets costs in ASCII text. */
export function asciiCosts(): Float64Array {
  costsOfAscii ??= makeAsciiCosts();
  return costsOfAscii;
}
