import { type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { digest } from '../digests/digest.js';
import { hmacOf } from '../digests/hmac.js';
import type { RsaPrivateKey } from '../keys/private-key.js';

const label: Bytes = /* @__PURE__ */ bytesFromUtf8('content key');

/**
 * The key that stands in for one whose padding is wrong: always the same for a
 * private key and a ciphertext, and unforeseeable without the private key. A
 * random one would differ at each try, and who sends a ciphertext again would
 * see by that what he is not to know.
 *
 * The construction is that of draft-irtf-cfrg-rsa-guidance, as OpenSSL has it:
 * HMAC with SHA-256 under a digest of the private exponent makes a key of the
 * ciphertext, and that makes as many octets as are needed.
 *
 * @param encryptedKey as it came, of whatever length
 */
export function rejectionKey(
  { d, publicKey }: RsaPrivateKey,
  encryptedKey: Bytes,
  length: number,
  options: EngineOptions,
): Bytes {
  // d has no fixed length of its own; filled up, it has the modulus's.
  const exponent = new Uint8Array(publicKey.modulus.length);
  exponent.set(d, exponent.length - d.length);
  const secret = digest('sha256', exponent, options);
  exponent.fill(0);
  const key = rejectionKeyFrom(secret, encryptedKey, length, options);
  secret.fill(0);
  return key;
}

/** {@link rejectionKey} from another secret of 32 octets that belongs to the private key. */
export function rejectionKeyFrom(
  secret: Bytes,
  encryptedKey: Bytes,
  length: number,
  options: EngineOptions,
): Bytes {
  const derivation = hmacOf('sha256', secret, encryptedKey, options);
  const key = new Uint8Array(length);
  for (let at = 0, count = 0; at < length; at += 32, count++) {
    const input = concatBytes([sixteenBits(count), label, sixteenBits(length * 8)]);
    const block = hmacOf('sha256', derivation, input, options);
    key.set(block.subarray(0, length - at), at);
    block.fill(0);
  }
  derivation.fill(0);
  return key;
}

function sixteenBits(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff);
}
