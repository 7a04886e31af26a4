import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { type DigestName, digest } from './digest.js';

// A digest of its own output, many times over, as derivations from passwords
// have it. Each run is one block, and a call into the runtime's library takes
// several times as long as that block: SHA-1 and SHA-256, which all files use,
// and MD5 of the oldest are written out here for this one length of input.

/**
 * What a digest gives after so many runs over its own output.
 *
 * @param block as many octets as the digest gives
 */
export function iterateDigest(
  name: DigestName,
  block: Bytes,
  times: number,
  options: EngineOptions = {},
): Bytes {
  if (options.engine !== 'native' && times > 0) {
    if (name === 'md5' && block.length === 16) return onWords(block, times, md5Block, true);
    if (name === 'sha1' && block.length === 20) return onWords(block, times, sha1Block);
    if (name === 'sha256' && block.length === 32) return onWords(block, times, sha256Block);
  }
  let octets = block;
  for (let i = 0; i < times; i++) {
    const next = digest(name, octets, options);
    if (i > 0) octets.fill(0);
    octets = next;
  }
  return octets;
}

/** Takes a state for a message of its length, the rest of the block being padded, and puts the digest of that in its place. */
type BlockDigest = (state: Int32Array, schedule: Int32Array) => void;

function onWords(block: Bytes, times: number, run: BlockDigest, littleEndian = false): Bytes {
  const input = new DataView(block.buffer, block.byteOffset, block.length);
  const state = new Int32Array(block.length / 4);
  for (let i = 0; i < state.length; i++) state[i] = input.getInt32(4 * i, littleEndian);
  const schedule = new Int32Array(80);
  // FIPS 180-4 §5.1.1: after the message a bit, zeros, and the length in bits. No run changes these words.
  // RFC 1321 §3 is the same with the octets of each word, and the words of the length, the other way round.
  schedule[state.length] = littleEndian ? 0x80 : 0x80000000 | 0;
  schedule[littleEndian ? 14 : 15] = 8 * block.length;
  for (let i = 0; i < times; i++) run(state, schedule);
  const output = new Uint8Array(block.length);
  const view = new DataView(output.buffer);
  for (let i = 0; i < state.length; i++) view.setInt32(4 * i, state[i]!, littleEndian);
  state.fill(0);
  schedule.fill(0);
  return output;
}

/** RFC 1321 §3.4: T[i] is the integer part of 2^32 times abs(sin(i)). */
const sines = /* @__PURE__ */ Int32Array.from({ length: 64 }, (_, i) =>
  Math.floor(0x100000000 * Math.abs(Math.sin(i + 1))),
);
const md5Shifts = /* @__PURE__ */ Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);

/** RFC 1321 §3.4. */
function md5Block(state: Int32Array, x: Int32Array): void {
  for (let i = 0; i < 4; i++) x[i] = state[i]!;
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let sum = a + sines[i]!;
    if (round === 0) sum += (d ^ (b & (c ^ d))) + x[i]!;
    else if (round === 1) sum += (c ^ (d & (b ^ c))) + x[(5 * i + 1) & 15]!;
    else if (round === 2) sum += (b ^ c ^ d) + x[(3 * i + 5) & 15]!;
    else sum += (c ^ (b | ~d)) + x[(7 * i) & 15]!;
    const shift = md5Shifts[4 * round + (i & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | ((sum | 0) >>> (32 - shift)))) | 0;
  }
  state[0] = a + 0x67452301;
  state[1] = b + 0xefcdab89;
  state[2] = c + 0x98badcfe;
  state[3] = d + 0x10325476;
}

/** FIPS 180-4 §6.1.2. */
function sha1Block(state: Int32Array, w: Int32Array): void {
  for (let i = 0; i < 5; i++) w[i] = state[i]!;
  for (let t = 16; t < 80; t++) {
    const x = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!;
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let t = 0; t < 20; t++) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + w[t]! + 0x5a827999) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[t]! + 0x6ed9eba1) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + w[t]! - 0x70e44324) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[t]! - 0x359d3e2a) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = a + 0x67452301;
  state[1] = b + 0xefcdab89;
  state[2] = c + 0x98badcfe;
  state[3] = d + 0x10325476;
  state[4] = e + 0xc3d2e1f0;
}

const roundConstants = /* @__PURE__ */ Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** FIPS 180-4 §6.2.2. */
function sha256Block(state: Int32Array, w: Int32Array): void {
  for (let i = 0; i < 8; i++) w[i] = state[i]!;
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (s1 + w[t - 7]! + s0 + w[t - 16]!) | 0;
  }
  let a = 0x6a09e667;
  let b = 0xbb67ae85 | 0;
  let c = 0x3c6ef372;
  let d = 0xa54ff53a | 0;
  let e = 0x510e527f;
  let f = 0x9b05688c | 0;
  let g = 0x1f83d9ab;
  let h = 0x5be0cd19;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + roundConstants[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = a + 0x6a09e667;
  state[1] = b + 0xbb67ae85;
  state[2] = c + 0x3c6ef372;
  state[3] = d + 0xa54ff53a;
  state[4] = e + 0x510e527f;
  state[5] = f + 0x9b05688c;
  state[6] = g + 0x1f83d9ab;
  state[7] = h + 0x5be0cd19;
}
