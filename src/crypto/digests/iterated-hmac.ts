import { pbkdf2 as noblePbkdf2 } from '@noble/hashes/pbkdf2.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { type BlockAlgorithm, BlockDigest, blockLength, lastBlock, putWords } from './block-digest.js';
import type { DigestImplementation } from './digest-implementations.js';
import { hmacPads } from './hmac.js';

/** PBKDF2 (RFC 8018 §5.2) with everything checked. */
export function pbkdf2InTypeScript(
  implementation: DigestImplementation,
  password: Bytes,
  salt: Bytes,
  iterations: number,
  length: number,
): Bytes {
  const { blocks, noble } = implementation;
  if (blocks === undefined)
    return asBytes(noblePbkdf2(noble!, password, salt, { c: iterations, dkLen: length }));
  const pads = hmacPads(implementation, password);
  const derived = inBlocks(blocks, pads.inner, pads.outer, salt, iterations, length);
  pads.inner.fill(0);
  pads.outer.fill(0);
  return derived;
}

/** The state after the block that a key was made into; every HMAC with the key begins with it. */
function stateAfter({ initial, compress }: BlockAlgorithm, pad: Bytes): Int32Array {
  const state = initial.slice();
  compress(state, new DataView(pad.buffer), 0, blockLength);
  return state;
}

function inBlocks(
  algorithm: BlockAlgorithm,
  innerPad: Bytes,
  outerPad: Bytes,
  salt: Bytes,
  iterations: number,
  length: number,
): Bytes {
  const { compress } = algorithm;
  const inner = stateAfter(algorithm, innerPad);
  const outer = stateAfter(algorithm, outerPad);
  const state = inner.slice();
  const sum = new Int32Array(algorithm.length / 4);
  // Behind the pad, each HMAC but the first takes one block that holds a digest.
  const block = lastBlock(algorithm, blockLength + algorithm.length);
  const derived = new Uint8Array(Math.ceil(length / algorithm.length) * algorithm.length);
  const counter = new Uint8Array(4);
  for (let at = 0, index = 1; at < length; at += algorithm.length, index++) {
    new DataView(counter.buffer).setUint32(0, index);
    const first = new BlockDigest(algorithm, inner.slice(), blockLength)
      .update(salt)
      .update(counter)
      .digest();
    new Uint8Array(block.buffer).set(first);
    first.fill(0);
    state.set(outer);
    compress(state, block, 0, blockLength);
    sum.set(state.subarray(0, sum.length));
    for (let i = 1; i < iterations; i++) {
      putWords(algorithm, block, state);
      state.set(inner);
      compress(state, block, 0, blockLength);
      putWords(algorithm, block, state);
      state.set(outer);
      compress(state, block, 0, blockLength);
      for (let word = 0; word < sum.length; word++) sum[word] = sum[word]! ^ state[word]!;
    }
    putWords(algorithm, new DataView(derived.buffer, at), sum);
  }
  const key = derived.slice(0, length);
  for (const secret of [inner, outer, state, sum, derived, new Uint8Array(block.buffer)]) secret.fill(0);
  return key;
}
