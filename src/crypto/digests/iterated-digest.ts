import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { type BlockAlgorithm, blockLength, lastBlock, octetsOf, putWords } from './block-digest.js';
import { type DigestName, digest } from './digest.js';
import { implementations } from './digest-implementations.js';

// A digest of its own output, many times over, as derivations from passwords
// have it. Each run is one block, and a call into the runtime's library takes
// several times as long as that block: the digests that are ours do it here on
// the words of their state.

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
  const { blocks } = implementations[name];
  if (options.engine !== 'native' && times > 0 && blocks?.length === block.length)
    return onWords(blocks, block, times);
  let octets = block;
  for (let i = 0; i < times; i++) {
    const next = digest(name, octets, options);
    if (i > 0) octets.fill(0);
    octets = next;
  }
  return octets;
}

function onWords(algorithm: BlockAlgorithm, octets: Bytes, times: number): Bytes {
  const { initial, compress, length } = algorithm;
  const state = initial.slice();
  // What follows the digest in its one block is the same in each run.
  const block = lastBlock(algorithm, length);
  new Uint8Array(block.buffer).set(octets);
  for (let i = 0; i < times; i++) {
    if (i > 0) putWords(algorithm, block, state);
    state.set(initial);
    compress(state, block, 0, blockLength);
  }
  const output = octetsOf(algorithm, state);
  state.fill(0);
  new Uint8Array(block.buffer).fill(0);
  return output;
}
