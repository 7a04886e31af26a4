import { type BlockAlgorithm, loopAtFirst } from './block-digest.js';
import { sha1Blocks } from './sha1-blocks.generated.js';

const schedule: Int32Array = /* @__PURE__ */ new Int32Array(80);

/** FIPS 180-4 §6.1.2, as it stands there. */
export function sha1InALoop(state: Int32Array, input: DataView, from: number, to: number): void {
  for (let at = from; at < to; at += 64) takeBlock(state, input, at);
  schedule.fill(0);
}

function takeBlock(state: Int32Array, input: DataView, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = input.getInt32(at + 4 * t);
  for (let t = 16; t < 80; t++) {
    const x = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!;
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let t = 0; t < 80; t++) {
    let sum = 0;
    if (t < 20) sum = (d ^ (b & (c ^ d))) + 0x5a827999;
    else if (t < 40) sum = (b ^ c ^ d) + 0x6ed9eba1;
    else if (t < 60) sum = ((b & c) | (d & (b | c))) - 0x70e44324;
    else sum = (b ^ c ^ d) - 0x359d3e2a;
    sum = (sum + e + w[t]! + ((a << 5) | (a >>> 27))) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = sum;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
}

/** SHA-1 (FIPS 180-4 §5.3.1, §6.1). Collisions are known; it is here to read old mail. */
export const sha1: BlockAlgorithm = {
  initial: /* @__PURE__ */ Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0),
  length: 20,
  littleEndian: false,
  compress: /* @__PURE__ */ loopAtFirst(sha1InALoop, sha1Blocks),
};
