import { characterPairs, characterPairValues } from './base64-tables.js';

/** CR LF as a little-endian load gives it and a store writes it. */
export const CRLF = 0x0a0d;
const LF = 0x0a;

/**
 * Writes whole groups of three octets as four characters each, from `start` up
 * to `end` (a multiple of three octets later) into `out` from `at` on. Gives
 * the next place in `out`.
 */
export function encodeGroups(
  octets: DataView,
  start: number,
  end: number,
  out: DataView,
  at: number,
): number {
  const pairs = characterPairs;
  const wideEnd = end - 5;
  let from = start;
  let to = at;
  // Six octets by two loads and four look-ups, stored as twice four characters.
  for (; from < wideEnd; from += 6) {
    const four = octets.getInt32(from);
    const two = octets.getUint16(from + 4);
    out.setInt32(to, pairs[four >>> 20]! | (pairs[(four >>> 8) & 0xfff]! << 16), true);
    out.setInt32(to + 4, pairs[((four & 0xff) << 4) | (two >>> 12)]! | (pairs[two & 0xfff]! << 16), true);
    to += 8;
  }
  if (from < end) {
    const group = (octets.getUint16(from) << 8) | octets.getUint8(from + 2);
    out.setInt32(to, pairs[group >>> 12]! | (pairs[group & 0xfff]! << 16), true);
    to += 4;
  }
  return to;
}

/** Writes the last group, of one or two octets from `start` on, padded. Gives the next place in `out`. */
export function encodeLastGroup(octets: Uint8Array, start: number, out: DataView, at: number): number {
  const two = start + 1 < octets.length;
  const group = (octets[start]! << 16) | (two ? octets[start + 1]! << 8 : 0);
  out.setUint16(at, characterPairs[group >> 12]!, true);
  out.setUint16(at + 2, two ? 0x3d00 | (characterPairs[group & 0xfff]! & 0xff) : 0x3d3d, true);
  return at + 4;
}

/** Where a reader stands in its input, and where it writes next. */
export interface Cursor {
  from: number;
  to: number;
}

/**
 * Decodes whole groups of four characters with at most a line end between two,
 * up to `end` or to the first that is none, and moves the cursor behind them;
 * up to 15 characters before `end` may be left, too. It writes no
 * octet beyond what so many characters can give.
 */
export function decodeGroups(characters: DataView, end: number, out: DataView, cursor: Cursor): void {
  const pairs = characterPairValues();
  const lastWide = end - 16;
  let { from, to } = cursor;
  // Sixteen characters by four loads and eight look-ups, stored as three times four octets. It is one flat
  // loop, since engines optimize a loop inside a loop late.
  while (from <= lastWide) {
    const one = characters.getInt32(from, true);
    const two = characters.getInt32(from + 4, true);
    const three = characters.getInt32(from + 8, true);
    const four = characters.getInt32(from + 12, true);
    const first = (pairs[one & 0xffff]! << 12) | pairs[one >>> 16]!;
    const second = (pairs[two & 0xffff]! << 12) | pairs[two >>> 16]!;
    const third = (pairs[three & 0xffff]! << 12) | pairs[three >>> 16]!;
    const fourth = (pairs[four & 0xffff]! << 12) | pairs[four >>> 16]!;
    if ((first | second | third) >= 0) {
      out.setInt32(to, (first << 8) | (second >>> 16));
      out.setInt32(to + 4, (second << 16) | (third >>> 8));
      if (fourth >= 0) {
        out.setInt32(to + 8, (third << 24) | fourth);
        to += 12;
        from += 16;
        continue;
      }
      out.setUint8(to + 8, third);
      to += 9;
      from += 12;
    } else if (first >= 0) {
      // What its fourth octet is comes next.
      out.setInt32(to, first << 8);
      to += 3;
      from += 4;
    } else if (characters.getUint8(from) !== LF && characters.getUint16(from, true) !== CRLF) break;
    if (characters.getUint16(from, true) === CRLF) from += 2;
    else if (characters.getUint8(from) === LF) from += 1;
  }
  cursor.from = from;
  cursor.to = to;
}
