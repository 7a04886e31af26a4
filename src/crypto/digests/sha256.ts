import { type BlockAlgorithm, type BlockFunction, loopAtFirst } from './block-digest.js';
import { sha256Blocks, sha256Constants } from './sha256-blocks.generated.js';

const schedule: Int32Array = /* @__PURE__ */ new Int32Array(64);

/** FIPS 180-4 §6.2.2, as it stands there. */
export function sha256InALoop(state: Int32Array, input: DataView, from: number, to: number): void {
  for (let at = from; at < to; at += 64) takeBlock(state, input, at);
  schedule.fill(0);
}

function takeBlock(state: Int32Array, input: DataView, at: number): void {
  const w = schedule;
  const k = sha256Constants;
  for (let t = 0; t < 16; t++) w[t] = input.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = s1 + w[t - 7]! + s0 + w[t - 16]!;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + k[t]! + w[t]!) | 0;
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
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}

const compress: BlockFunction = /* @__PURE__ */ loopAtFirst(sha256InALoop, sha256Blocks);

/** SHA-256 (FIPS 180-4 §5.3.3, §6.2). */
export const sha256: BlockAlgorithm = {
  initial: /* @__PURE__ */ Int32Array.of(
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
  ),
  length: 32,
  littleEndian: false,
  compress,
};

/** SHA-224 (FIPS 180-4 §5.3.2, §6.3): SHA-256 from another start, cut off. */
export const sha224: BlockAlgorithm = {
  initial: /* @__PURE__ */ Int32Array.of(
    0xc1059ed8,
    0x367cd507,
    0x3070dd17,
    0xf70e5939,
    0xffc00b31,
    0x68581511,
    0x64f98fa7,
    0xbefa4fa4,
  ),
  length: 28,
  littleEndian: false,
  compress,
};
