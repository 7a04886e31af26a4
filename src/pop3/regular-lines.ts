import type { Bytes } from '../core/bytes.js';

const CR = 0x0d;
const LF = 0x0a;
/** CR LF as a little-endian load gives it. */
const CRLF = 0x0a0d;

/**
 * The places of the CRs in octets that are lines of spaces and printable ASCII,
 * each ended by CRLF, and nothing else, counted from `start`; `undefined` for
 * other octets. It looks at eight octets at once: what is found here need not
 * be looked for character by character.
 */
export function regularLineEnds(octets: Bytes, start: number, end: number): number[] | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const ends: number[] = [];
  const lastWide = end - 8;
  let at = start;
  while (at <= lastWide) {
    const four = view.getInt32(at, true);
    const next = view.getInt32(at + 4, true);
    // None is above 126: adding 1 makes DEL an octet above 127.
    if (((four | next | (four + 0x01010101) | (next + 0x01010101)) & 0x80808080) !== 0) return undefined;
    const controls = ~(four + 0x60606060) & 0x80808080;
    const more = ~(next + 0x60606060) & 0x80808080;
    if ((controls | more) === 0) {
      at += 8;
      continue;
    }
    at += controls !== 0 ? firstMark(controls) : 4 + firstMark(more);
    if (at + 1 >= end || view.getUint16(at, true) !== CRLF) return undefined;
    ends.push(at - start);
    at += 2;
  }
  for (; at < end; at++) {
    const octet = octets[at]!;
    if (octet >= 0x20 && octet <= 0x7e) continue;
    if (octet !== CR || at + 1 >= end || octets[at + 1] !== LF) return undefined;
    ends.push(at - start);
    at++;
  }
  return end === start || octets[end - 1] === LF ? ends : undefined;
}

/** The first of four octets whose highest bit is set. */
function firstMark(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}
