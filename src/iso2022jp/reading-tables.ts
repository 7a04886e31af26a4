import { fillPairs } from './pair-table.js';

/**
 * The tables that the decoders' inner loops look octets up in: one of 256 units
 * for a set of single octets, one of 65,536 for a set of two, by lead × 256 +
 * trail. Whatever needs a closer look is 0 there, an escape first of all, so
 * that one look-up decides. They are made at first use.
 */

let asciiTable: Uint16Array | undefined;
let romanTable: Uint16Array | undefined;
let katakanaTable: Uint16Array | undefined;

/** ASCII but NUL and the octets that ISO 2022 has a use for: ESC, SO, SI. */
export function ascii(): Uint16Array {
  asciiTable ??= makeAscii();
  return asciiTable;
}

function makeAscii(): Uint16Array {
  const table = Uint16Array.from({ length: 256 }, (_, octet) => (octet < 0x80 ? octet : 0));
  table[0x0e] = 0;
  table[0x0f] = 0;
  table[0x1b] = 0;
  return table;
}

/** The Roman half of JIS X 0201: ASCII but for the yen sign and the overline. */
export function roman(): Uint16Array {
  if (romanTable === undefined) {
    romanTable = ascii().slice();
    romanTable[0x5c] = 0xa5;
    romanTable[0x7e] = 0x203e;
  }
  return romanTable;
}

/** The katakana half of JIS X 0201, in seven bits. */
export function katakana(): Uint16Array {
  if (katakanaTable === undefined) {
    katakanaTable = new Uint16Array(256);
    for (let octet = 0x21; octet <= 0x5f; octet++) katakanaTable[octet] = octet - 0x21 + 0xff61;
  }
  return katakanaTable;
}

/** The table of two octets for a set of 94 × 94 cells. */
export function pairTable(units: Uint16Array): Uint16Array {
  const table = new Uint16Array(0x10000);
  fillPairs(table, units);
  return table;
}
