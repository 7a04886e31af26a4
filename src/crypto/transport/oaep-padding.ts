import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { digest, digestLength } from '../digests/digest.js';
import { generateMask } from '../digests/mask-generation.js';
import { type RandomOptions, randomOctets } from '../random.js';
import type { KeyTransportAlgorithm } from './key-transport-algorithm.js';

/** RSAES-OAEP with its parameters. */
export type OaepAlgorithm = Extract<KeyTransportAlgorithm, { readonly name: 'rsa-oaep' }>;

/** Octets that are around a key: two digests and two more (RFC 8017 §7.1.1). */
export function oaepOverhead({ digest: name }: OaepAlgorithm): number {
  return 2 * digestLength(name) + 2;
}

function labelHash({ digest: name, label }: OaepAlgorithm, options: EngineOptions): Bytes {
  return digest(name, label === undefined ? new Uint8Array(0) : asBytes(label), options);
}

/** EME-OAEP encoding (RFC 8017 §7.1.1 step 2) of a key that is at least {@link oaepOverhead} shorter than the modulus. */
export function padOaep(
  algorithm: OaepAlgorithm,
  key: Bytes,
  length: number,
  options: EngineOptions & RandomOptions,
): Bytes {
  const hash = labelHash(algorithm, options);
  const encoded = new Uint8Array(length);
  const seed = encoded.subarray(1, 1 + hash.length);
  const block = encoded.subarray(1 + hash.length);
  block.set(hash);
  block[block.length - key.length - 1] = 1;
  block.set(key, block.length - key.length);
  seed.set(randomOctets(options.random, hash.length));
  applyMask(block, generateMask(algorithm.mgfDigest, seed, block.length, options));
  applyMask(seed, generateMask(algorithm.mgfDigest, block, seed.length, options));
  return encoded;
}

/**
 * The key of that many octets in an encoding (RFC 8017 §7.1.2 step 3),
 * `undefined` where there is none. The same steps are made whatever the
 * encoding holds, and nothing says which of them found it wrong. The encoding
 * is overwritten.
 */
export function unpadOaep(
  algorithm: OaepAlgorithm,
  encoded: Bytes,
  keyLength: number,
  options: EngineOptions,
): Bytes | undefined {
  // The lengths are public: no encoding of this modulus holds such a key.
  if (encoded.length < keyLength + oaepOverhead(algorithm)) return undefined;
  const hash = labelHash(algorithm, options);
  const seed = encoded.subarray(1, 1 + hash.length);
  const block = encoded.subarray(1 + hash.length);
  applyMask(seed, generateMask(algorithm.mgfDigest, block, seed.length, options));
  applyMask(block, generateMask(algorithm.mgfDigest, seed, block.length, options));
  const start = block.length - keyLength;
  let wrong = encoded[0]! | (block[start - 1]! ^ 1);
  for (let i = 0; i < hash.length; i++) wrong |= block[i]! ^ hash[i]!;
  for (let i = hash.length; i < start - 1; i++) wrong |= block[i]!;
  const key = block.slice(start);
  encoded.fill(0);
  if (wrong === 0) return key;
  key.fill(0);
  return undefined;
}

function applyMask(octets: Bytes, mask: Bytes): void {
  for (let i = 0; i < octets.length; i++) octets[i]! ^= mask[i]!;
  mask.fill(0);
}
