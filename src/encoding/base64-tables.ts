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

/**
 * Two characters for each value of 12 bits, as they lie in memory: one load and
 * one store write both, whatever the machine's octet order.
 */
export const characterPairs: Uint16Array = /* @__PURE__ */ makeCharacterPairs();

/** CR LF as it lies in memory, for an array of 16-bit units. */
export const crlfPair: number = /* @__PURE__ */ makePair(0x0d, 0x0a);

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
  const characters = new Uint8Array(4096 * 2);
  for (let value = 0; value < 4096; value++) {
    characters[2 * value] = alphabet.charCodeAt(value >> 6);
    characters[2 * value + 1] = alphabet.charCodeAt(value & 63);
  }
  return new Uint16Array(characters.buffer);
}

function makePair(first: number, second: number): number {
  return new Uint16Array(new Uint8Array([first, second]).buffer)[0]!;
}

/**
 * Writes whole groups of three octets as four characters each, from `start` up
 * to `end` (a multiple of three octets later) into `out` from `at` on, both in
 * 16-bit units of `out`. Gives the next place in `out`.
 */
export function encodeGroups(
  octets: Uint8Array,
  start: number,
  end: number,
  out: Uint16Array,
  at: number,
): number {
  const pairs = characterPairs;
  let to = at;
  for (let from = start; from < end; from += 3) {
    const group = (octets[from]! << 16) | (octets[from + 1]! << 8) | octets[from + 2]!;
    out[to] = pairs[group >> 12]!;
    out[to + 1] = pairs[group & 0xfff]!;
    to += 2;
  }
  return to;
}

/** Writes the last group, of one or two octets from `start` on, padded. Gives the next place in `out`. */
export function encodeLastGroup(octets: Uint8Array, start: number, out: Uint16Array, at: number): number {
  const two = start + 1 < octets.length;
  const group = (octets[start]! << 16) | (two ? octets[start + 1]! << 8 : 0);
  out[at] = characterPairs[group >> 12]!;
  const characters = new Uint8Array(out.buffer, out.byteOffset);
  out[at + 1] = characterPairs[group & 0xfff]!;
  if (!two) characters[2 * at + 2] = 0x3d;
  characters[2 * at + 3] = 0x3d;
  return at + 2;
}
