import type { Bytes } from '../core/bytes.js';

const SPACE = 0x20;
const CR = 0x0d;
const LF = 0x0a;
/** A, of which nothing is said. */
const LETTER = 0x41;
/** Which octet of a word is the first is asked for; machines of the other kind go octet by octet. */
const isLittleEndian: boolean = /* @__PURE__ */ new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Where the space and the CR of each line are, one after the other and counted
 * from `start`, in octets that are lines of printable ASCII with one space
 * each, ended by CRLF, and nothing else; `undefined` for other octets. It looks
 * at four octets at once: what is found here need not be looked for character
 * by character.
 */
export function regularLineMarks(octets: Bytes, start: number, end: number): Int32Array | undefined {
  if (end > start && octets[end - 1] !== LF) return undefined;
  let marks = new Int32Array(((end - start) >> 3) + 2);
  let count = 0;
  /** Where an LF has to be, since a CR stands before it. */
  let lineFeed = -1;
  const first = Math.min(end, start + (-(octets.byteOffset + start) & 3));
  const words = isLittleEndian ? (end - first) >> 2 : 0;
  const view = new Int32Array(octets.buffer, words === 0 ? 0 : octets.byteOffset + first, words);
  const last = first + 4 * words;
  for (let at = first - 4; at < end; at += 4) {
    const four = at >= first && at < last ? view[(at - first) >> 2]! : paddedWord(octets, at, start, end);
    // None is above 126: adding 1 makes DEL an octet above 127.
    if (((four | (four + 0x01010101)) & 0x80808080) !== 0) return undefined;
    // What is below 33 is marked.
    for (let found = ~(four + 0x5f5f5f5f) & 0x80808080; found !== 0; found &= found - 1) {
      const lane = (31 - Math.clz32(found & -found)) & 24;
      const octet = (four >>> lane) & 0xff;
      const place = at + (lane >> 3);
      if (lineFeed !== -1) {
        if (octet !== LF || place !== lineFeed) return undefined;
        lineFeed = -1;
        continue;
      }
      if (octet !== ((count & 1) === 0 ? SPACE : CR)) return undefined;
      if (octet === CR) lineFeed = place + 1;
      if (count === marks.length) marks = doubled(marks);
      marks[count++] = place - start;
    }
  }
  return (count & 1) === 0 && lineFeed === -1 ? marks.subarray(0, count) : undefined;
}

/** Four octets as a word, letters instead of those that are not from `start` to `end`. */
function paddedWord(octets: Bytes, at: number, start: number, end: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) {
    const isInside = at + i >= start && at + i < end;
    word |= (isInside ? octets[at + i]! : LETTER) << (8 * i);
  }
  return word;
}

function doubled(marks: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * marks.length);
  larger.set(marks);
  return larger;
}
