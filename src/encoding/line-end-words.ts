import type { Bytes } from '../core/bytes.js';

// Octets are looked at as words of four, aligned as an Int32Array wants them: several times quicker than octet by octet,
// or through a DataView. In `x = word ^ 0x0a0a0a0a` an octet is 0 where it was LF, and `(x - 0x01010101) & ~x` has the
// top bit set there, or above it: a word in which none is set has no LF.

const CR = 0x0d;
const LF = 0x0a;
const noWords: Int32Array = /* @__PURE__ */ new Int32Array(0);
/** Which octet of a word is the first is asked for in what follows; machines of the other kind go octet by octet. */
const isLittleEndian: boolean = /* @__PURE__ */ new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The whole words of octets, and where the first of them begins. */
interface Words {
  readonly words: Int32Array;
  readonly first: number;
}

function wordsOf(input: Bytes, from: number, end: number): Words {
  const first = Math.min(end, from + (-(input.byteOffset + from) & 3));
  const count = (end - first) >> 2;
  // Few octets are looked at sooner than a view of them is made.
  if (count < 8 || !isLittleEndian) return { words: noWords, first: end };
  return { words: new Int32Array(input.buffer, input.byteOffset + first, count), first };
}

/** Marks the top bit of each octet of a word that is 0, exactly. */
function zeros(word: number): number {
  return ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080;
}

/** Marks each LF of a word that has no CR before it; `previous` is the octet before the word. */
function bareIn(word: number, previous: number): number {
  return zeros(word ^ 0x0a0a0a0a) & ~zeros(((word << 8) | previous) ^ 0x0d0d0d0d);
}

/** The octet before an offset. */
function octetBefore(input: Bytes, at: number, from: number, afterCr: boolean): number {
  if (at > from) return input[at - 1]!;
  return afterCr ? CR : 0;
}

/**
 * How many LFs have no CR before them among the octets from one offset to another.
 *
 * @param afterCr whether a CR stands before the octets
 * @param most that many are enough
 */
export function countBareLf(input: Bytes, from: number, end: number, afterCr: boolean, most: number): number {
  const { words, first } = wordsOf(input, from, end);
  let bare = countOctets(input, from, first, afterCr ? CR : 0);
  let word = 0;
  for (const last = words.length - 2; word <= last && bare < most; word += 2) {
    const a = words[word]!;
    const b = words[word + 1]!;
    const x = a ^ 0x0a0a0a0a;
    const y = b ^ 0x0a0a0a0a;
    if (((((x - 0x01010101) & ~x) | ((y - 0x01010101) & ~y)) & 0x80808080) === 0) continue;
    const at = first + 4 * word;
    const previous = octetBefore(input, at, from, afterCr);
    if ((bareIn(a, previous) | bareIn(b, a >>> 24)) !== 0) bare += countOctets(input, at, at + 8, previous);
  }
  if (bare >= most) return bare;
  const rest = Math.min(end, first + 4 * word);
  return bare + countOctets(input, rest, end, octetBefore(input, rest, from, afterCr));
}

function countOctets(input: Bytes, start: number, stop: number, previous: number): number {
  let bare = 0;
  let before = previous;
  for (let at = start; at < stop; at++) {
    const octet = input[at]!;
    if (octet === LF && before !== CR) bare++;
    before = octet;
  }
  return bare;
}

/**
 * Writes the canonical form of the octets from one offset to another: a CR before each LF that has none.
 *
 * @param afterCr whether a CR stands before the octets
 * @param out room for what is written, and eight octets more
 * @returns how many octets were written
 */
export function copyCanonical(input: Bytes, from: number, end: number, afterCr: boolean, out: Bytes): number {
  const { words, first } = wordsOf(input, from, end);
  const target = new DataView(out.buffer, out.byteOffset, out.length);
  let to = copyOctets(input, from, first, afterCr ? CR : 0, out, 0);
  let word = 0;
  for (const last = words.length - 2; word <= last; ) {
    const a = words[word]!;
    const b = words[word + 1]!;
    const x = a ^ 0x0a0a0a0a;
    const y = b ^ 0x0a0a0a0a;
    // Where a line ends in them, some of this is written over.
    target.setInt32(to, a, true);
    target.setInt32(to + 4, b, true);
    if (((((x - 0x01010101) & ~x) | ((y - 0x01010101) & ~y)) & 0x80808080) === 0) {
      to += 8;
      word += 2;
      continue;
    }
    const isSecond = ((x - 0x01010101) & ~x & 0x80808080) === 0;
    if (isSecond) {
      to += 4;
      word++;
    }
    const octets = isSecond ? b : a;
    const at = first + 4 * word;
    const previous = octetBefore(input, at, from, afterCr);
    const bare = bareIn(octets, previous);
    if (bare !== 0 && (bare & (bare - 1)) === 0) {
      // One CR goes in between.
      const before = (31 - Math.clz32(bare)) >> 3;
      out[to + before] = CR;
      target.setInt32(to + before + 1, octets >>> (before << 3), true);
      to += 5;
    } else to = copyOctets(input, at, at + 4, previous, out, to);
    word++;
  }
  const rest = Math.min(end, first + 4 * word);
  return copyOctets(input, rest, end, octetBefore(input, rest, from, afterCr), out, to);
}

/** Writes octets in canonical form from an offset of `out` on, and gives the offset after them. */
function copyOctets(
  input: Bytes,
  start: number,
  stop: number,
  previous: number,
  out: Bytes,
  offset: number,
): number {
  let to = offset;
  let before = previous;
  for (let at = start; at < stop; at++) {
    const octet = input[at]!;
    if (octet === LF && before !== CR) out[to++] = CR;
    out[to++] = octet;
    before = octet;
  }
  return to;
}
