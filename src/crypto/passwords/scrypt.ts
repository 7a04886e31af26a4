import type { Bytes } from '../../core/bytes.js';
import { implementations } from '../digests/digest-implementations.js';
import { pbkdf2InTypeScript } from '../digests/iterated-hmac.js';

/** What {@link scrypt} takes (RFC 7914 §2). */
export interface ScryptParameters {
  readonly salt: Bytes;
  /** N, a power of two. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
  readonly length: number;
}

/** scrypt (RFC 7914) with everything checked; takes 128 · N · r octets of memory. */
export function scrypt(password: Bytes, parameters: ScryptParameters): Bytes {
  const { salt, cost, blockSize, parallelization, length } = parameters;
  const sha256 = implementations.sha256;
  const octets = 128 * blockSize;
  const b = pbkdf2InTypeScript(sha256, password, salt, 1, octets * parallelization);
  const view = new DataView(b.buffer);
  const words = new Uint32Array(octets / 4);
  const kept = new Uint32Array((octets / 4) * cost);
  for (let at = 0; at < b.length; at += octets) {
    for (let i = 0; i < words.length; i++) words[i] = view.getUint32(at + 4 * i, true);
    mix(words, kept, cost);
    for (let i = 0; i < words.length; i++) view.setUint32(at + 4 * i, words[i]!, true);
  }
  const key = pbkdf2InTypeScript(sha256, password, b, 1, length);
  for (const secret of [b, words, kept]) secret.fill(0);
  return key;
}

/** scryptROMix (RFC 7914 §5), on words in the order of the machine. */
function mix(words: Uint32Array, kept: Uint32Array, cost: number): void {
  const { length } = words;
  const other = new Uint32Array(length);
  const x = new Uint32Array(16);
  for (let i = 0; i < cost; i++) {
    kept.set(words, i * length);
    blockMix(words, other, x);
    words.set(other);
  }
  for (let i = 0; i < cost; i++) {
    // Integerify: the last 64 octets as a number; N is a power of two of no more than 32 bits.
    const from = (words[length - 16]! & (cost - 1)) * length;
    for (let at = 0; at < length; at++) words[at] = words[at]! ^ kept[from + at]!;
    blockMix(words, other, x);
    words.set(other);
  }
  other.fill(0);
  x.fill(0);
}

/** scryptBlockMix (RFC 7914 §4): even blocks first, then odd ones. `x` is room for one. */
function blockMix(input: Uint32Array, output: Uint32Array, x: Uint32Array): void {
  const { length } = input;
  x.set(input.subarray(length - 16));
  for (let at = 0; at < length; at += 16) {
    for (let i = 0; i < 16; i++) x[i] = x[i]! ^ input[at + i]!;
    salsa(x);
    output.set(x, (at & 16) === 0 ? at / 2 : length / 2 + (at - 16) / 2);
  }
}

/** Salsa20/8 (RFC 7914 §3), in place. */
function salsa(block: Uint32Array): void {
  let x0 = block[0]! | 0;
  let x1 = block[1]! | 0;
  let x2 = block[2]! | 0;
  let x3 = block[3]! | 0;
  let x4 = block[4]! | 0;
  let x5 = block[5]! | 0;
  let x6 = block[6]! | 0;
  let x7 = block[7]! | 0;
  let x8 = block[8]! | 0;
  let x9 = block[9]! | 0;
  let x10 = block[10]! | 0;
  let x11 = block[11]! | 0;
  let x12 = block[12]! | 0;
  let x13 = block[13]! | 0;
  let x14 = block[14]! | 0;
  let x15 = block[15]! | 0;
  let sum = 0;
  for (let round = 0; round < 8; round += 2) {
    sum = (x0 + x12) | 0;
    x4 ^= (sum << 7) | (sum >>> 25);
    sum = (x4 + x0) | 0;
    x8 ^= (sum << 9) | (sum >>> 23);
    sum = (x8 + x4) | 0;
    x12 ^= (sum << 13) | (sum >>> 19);
    sum = (x12 + x8) | 0;
    x0 ^= (sum << 18) | (sum >>> 14);
    sum = (x5 + x1) | 0;
    x9 ^= (sum << 7) | (sum >>> 25);
    sum = (x9 + x5) | 0;
    x13 ^= (sum << 9) | (sum >>> 23);
    sum = (x13 + x9) | 0;
    x1 ^= (sum << 13) | (sum >>> 19);
    sum = (x1 + x13) | 0;
    x5 ^= (sum << 18) | (sum >>> 14);
    sum = (x10 + x6) | 0;
    x14 ^= (sum << 7) | (sum >>> 25);
    sum = (x14 + x10) | 0;
    x2 ^= (sum << 9) | (sum >>> 23);
    sum = (x2 + x14) | 0;
    x6 ^= (sum << 13) | (sum >>> 19);
    sum = (x6 + x2) | 0;
    x10 ^= (sum << 18) | (sum >>> 14);
    sum = (x15 + x11) | 0;
    x3 ^= (sum << 7) | (sum >>> 25);
    sum = (x3 + x15) | 0;
    x7 ^= (sum << 9) | (sum >>> 23);
    sum = (x7 + x3) | 0;
    x11 ^= (sum << 13) | (sum >>> 19);
    sum = (x11 + x7) | 0;
    x15 ^= (sum << 18) | (sum >>> 14);
    sum = (x0 + x3) | 0;
    x1 ^= (sum << 7) | (sum >>> 25);
    sum = (x1 + x0) | 0;
    x2 ^= (sum << 9) | (sum >>> 23);
    sum = (x2 + x1) | 0;
    x3 ^= (sum << 13) | (sum >>> 19);
    sum = (x3 + x2) | 0;
    x0 ^= (sum << 18) | (sum >>> 14);
    sum = (x5 + x4) | 0;
    x6 ^= (sum << 7) | (sum >>> 25);
    sum = (x6 + x5) | 0;
    x7 ^= (sum << 9) | (sum >>> 23);
    sum = (x7 + x6) | 0;
    x4 ^= (sum << 13) | (sum >>> 19);
    sum = (x4 + x7) | 0;
    x5 ^= (sum << 18) | (sum >>> 14);
    sum = (x10 + x9) | 0;
    x11 ^= (sum << 7) | (sum >>> 25);
    sum = (x11 + x10) | 0;
    x8 ^= (sum << 9) | (sum >>> 23);
    sum = (x8 + x11) | 0;
    x9 ^= (sum << 13) | (sum >>> 19);
    sum = (x9 + x8) | 0;
    x10 ^= (sum << 18) | (sum >>> 14);
    sum = (x15 + x14) | 0;
    x12 ^= (sum << 7) | (sum >>> 25);
    sum = (x12 + x15) | 0;
    x13 ^= (sum << 9) | (sum >>> 23);
    sum = (x13 + x12) | 0;
    x14 ^= (sum << 13) | (sum >>> 19);
    sum = (x14 + x13) | 0;
    x15 ^= (sum << 18) | (sum >>> 14);
  }
  block[0] = block[0]! + x0;
  block[1] = block[1]! + x1;
  block[2] = block[2]! + x2;
  block[3] = block[3]! + x3;
  block[4] = block[4]! + x4;
  block[5] = block[5]! + x5;
  block[6] = block[6]! + x6;
  block[7] = block[7]! + x7;
  block[8] = block[8]! + x8;
  block[9] = block[9]! + x9;
  block[10] = block[10]! + x10;
  block[11] = block[11]! + x11;
  block[12] = block[12]! + x12;
  block[13] = block[13]! + x13;
  block[14] = block[14]! + x14;
  block[15] = block[15]! + x15;
}
