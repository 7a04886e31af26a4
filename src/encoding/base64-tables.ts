const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** In {@link sextets}: no character of base64 at all. */
export const JUNK = -1;
/** In {@link sextets}: white space, which MIME lets stand anywhere. */
export const BLANK = -2;
/** In {@link sextets}: the padding character. */
export const PAD = -3;

/**
 * The value of each octet as a base64 character; negative for the others, so
 * that four values shifted and joined are negative when any of them was.
 */
export const sextets: Int8Array = /* @__PURE__ */ makeSextets();

/** Two characters for each value of 12 bits, the first in the low octet, as a little-endian store writes them. */
export const characterPairs: Uint16Array = /* @__PURE__ */ makeCharacterPairs();

let pairValues: Int16Array | undefined;

/**
 * The 12 bits of each pair of characters, the first in the low octet of the
 * index, -1 where one is no base64 character. 128 KiB, so made at first use.
 */
export function characterPairValues(): Int16Array {
  if (pairValues !== undefined) return pairValues;
  const table = new Int16Array(0x10000).fill(JUNK);
  for (let high = 0; high < 64; high++) {
    for (let low = 0; low < 64; low++) {
      table[alphabet.charCodeAt(high) | (alphabet.charCodeAt(low) << 8)] = (high << 6) | low;
    }
  }
  pairValues = table;
  return table;
}

function makeSextets(): Int8Array {
  const table = new Int8Array(256).fill(JUNK);
  for (let value = 0; value < 64; value++) table[alphabet.charCodeAt(value)] = value;
  for (const blank of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) table[blank] = BLANK;
  table[0x3d] = PAD;
  return table;
}

function makeCharacterPairs(): Uint16Array {
  const table = new Uint16Array(4096);
  for (let value = 0; value < 4096; value++) {
    table[value] = alphabet.charCodeAt(value >> 6) | (alphabet.charCodeAt(value & 63) << 8);
  }
  return table;
}
