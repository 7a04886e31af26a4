import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { type HmacDigestName, hmacDigest, hmacOf } from '../digests/hmac.js';
import { assertGiven } from '../given.js';

/** What {@link hkdf} takes beside the secret. */
export interface HkdfOptions extends EngineOptions {
  /** The digest of the HMACs inside. */
  readonly digest: HmacDigestName;
  /** Default as many zeros as the digest has octets (RFC 5869 §2.2). */
  readonly salt?: Uint8Array;
  /** What the key is for. Default nothing. */
  readonly info?: Uint8Array;
  /** How many octets are wanted, 1 to 255 times those of the digest. */
  readonly length: number;
}

/**
 * HKDF (RFC 5869): a key from a secret that has enough randomness but no good form.
 *
 * @throws MailsealError `usage` for an unknown digest and for a length that HKDF cannot give,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not.
 * @example
 * ```ts
 * import { hkdf } from 'mailseal/crypto';
 * import { decodeHex, encodeHex } from 'mailseal/encoding';
 *
 * // RFC 5869 appendix A.1.
 * const key = await hkdf(decodeHex('0b'.repeat(22)), {
 *   digest: 'sha256',
 *   salt: decodeHex('000102030405060708090a0b0c'),
 *   info: decodeHex('f0f1f2f3f4f5f6f7f8f9'),
 *   length: 16,
 * });
 * console.log(encodeHex(key)); // 3cb25f25faacd57a90434f64d0362f2a
 * ```
 */
export async function hkdf(secret: Uint8Array, options: HkdfOptions): Promise<Bytes> {
  assertGiven(options, 'the options');
  return hkdfOf(asBytes(secret), options);
}

/** {@link hkdf} at once, for what is synchronous inside. */
export function hkdfOf(secret: Bytes, options: HkdfOptions): Bytes {
  const { digest, length, engine } = options;
  const size = hmacDigest(digest).length;
  if (!Number.isInteger(length) || length < 1 || length > 255 * size) {
    throw usage(`HKDF with ${digest} gives 1 to ${255 * size} octets, not ${length}`);
  }
  const by = engine === undefined ? {} : { engine };
  // RFC 5869 §2.2: a salt that is not given is zeros; an empty one comes to the same in HMAC.
  const salt = options.salt === undefined ? new Uint8Array(size) : asBytes(options.salt);
  const info = options.info === undefined ? new Uint8Array(0) : asBytes(options.info);
  const pseudorandomKey = hmacOf(digest, salt, secret, by);
  const blocks = Math.ceil(length / size);
  const derived = new Uint8Array(blocks * size);
  for (let i = 0; i < blocks; i++) {
    const before = i === 0 ? new Uint8Array(0) : derived.subarray((i - 1) * size, i * size);
    const input = concatBytes([before, info, Uint8Array.of(i + 1)]);
    const block = hmacOf(digest, pseudorandomKey, input, by);
    derived.set(block, i * size);
    block.fill(0);
    input.fill(0);
  }
  pseudorandomKey.fill(0);
  const key = derived.slice(0, length);
  derived.fill(0);
  return key;
}
