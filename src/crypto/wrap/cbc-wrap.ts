import { type Bytes, concatBytes, constantTimeEqual } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { type CbcAlgorithm, runCbcBlocks } from '../ciphers/cbc-blocks.js';
import { digest } from '../digests/digest.js';
import { type RandomOptions, randomOctets } from '../random.js';

// The key wraps of RFC 3217, over CBC with eight-octet blocks, to read old mail.

interface WrapOptions extends EngineOptions, RandomOptions {
  /** Of RC2's key; 128 where it is not given, as CMS has it. RFC 3217's own vector has 40. */
  readonly effectiveKeyBits?: number;
}

const block = 8;

/** RFC 3217 §3.1, §4.1: the vector of the outer encryption is always this. */
const outerVector: Bytes = /* @__PURE__ */ Uint8Array.of(0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05);

/** Longest key that RC2 wraps, since its length is one octet; with that octet it bounds triple DES's as well. */
const mostOctets = 255;

function cipher(name: 'des-ede3-wrap' | 'rc2-wrap', iv: Bytes, options: WrapOptions): CbcAlgorithm {
  return name === 'rc2-wrap'
    ? { name: 'rc2-cbc', iv, effectiveKeyBits: options.effectiveKeyBits ?? 128 }
    : { name: 'des-ede3-cbc', iv };
}

/** Throws `usage` for a key that this wrap cannot take. */
export function wrapWithCbc(
  name: 'des-ede3-wrap' | 'rc2-wrap',
  kek: Bytes,
  key: Bytes,
  options: WrapOptions,
): Bytes {
  const octets = name === 'rc2-wrap' ? withLength(key, options) : key.slice();
  if (octets.length === 0 || octets.length % block !== 0 || octets.length > mostOctets + 1) {
    octets.fill(0);
    throw usage(`${name} takes no key of ${key.length} octets`);
  }
  // RFC 3217 §2: the checksum is the beginning of the SHA-1 of the key.
  const checked = concatBytes([octets, checksum(octets, options)]);
  const iv = randomOctets(options.random, block);
  const inner = runCbcBlocks('encrypt', cipher(name, iv, options), kek, checked, options);
  octets.fill(0);
  checked.fill(0);
  const reversed = concatBytes([iv, inner]).reverse();
  return runCbcBlocks('encrypt', cipher(name, outerVector, options), kek, reversed, options);
}

/** Throws `crypto-decryption-failed` for whatever is wrong with the octets. */
export function unwrapWithCbc(
  name: 'des-ede3-wrap' | 'rc2-wrap',
  kek: Bytes,
  wrapped: Bytes,
  options: WrapOptions,
): Bytes {
  const { length } = wrapped;
  if (length % block !== 0 || length < 3 * block || length > mostOctets + 1 + 2 * block) {
    throw decryptionFailed();
  }
  const inner = runCbcBlocks('decrypt', cipher(name, outerVector, options), kek, wrapped, options).reverse();
  const iv = inner.slice(0, block);
  const checked = runCbcBlocks('decrypt', cipher(name, iv, options), kek, inner.slice(block), options);
  const octets = checked.subarray(0, checked.length - block);
  const known = checksum(octets, options);
  const right = constantTimeEqual(known, checked.subarray(checked.length - block));
  const start = name === 'rc2-wrap' ? 1 : 0;
  const end = name === 'rc2-wrap' ? 1 + octets[0]! : octets.length;
  // RFC 3217 §4.2: of the padding there are at most seven octets.
  const fits = end <= octets.length && octets.length - end < block && end > start;
  const key = octets.slice(start, end);
  checked.fill(0);
  inner.fill(0);
  if (right && fits) return key;
  key.fill(0);
  throw decryptionFailed();
}

/** RFC 3217 §4.1: the length in one octet, the key, and random octets up to a whole block. */
function withLength(key: Bytes, options: WrapOptions): Bytes {
  if (key.length === 0 || key.length > mostOctets) return new Uint8Array(0);
  const padding = (block - ((1 + key.length) % block)) % block;
  return concatBytes([Uint8Array.of(key.length), key, randomOctets(options.random, padding)]);
}

function checksum(octets: Bytes, { engine }: EngineOptions): Bytes {
  const whole = digest('sha1', octets, engine === undefined ? {} : { engine });
  const start = whole.slice(0, block);
  whole.fill(0);
  return start;
}
