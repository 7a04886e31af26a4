import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { type RandomSource, randomOctets } from '../random.js';

/** Octets of the padding around a key: 00 02, at least eight that are not zero, 00 (RFC 8017 §7.2.1). */
export const pkcs1Overhead = 11;

/** EME-PKCS1-v1_5 encoding (RFC 8017 §7.2.1 step 2) of a key that is at least {@link pkcs1Overhead} shorter than the modulus. */
export function padPkcs1(key: Bytes, length: number, random: RandomSource | undefined): Bytes {
  const encoded = new Uint8Array(length);
  encoded[1] = 2;
  const end = length - key.length - 1;
  for (let at = 2, fruitless = 0; at < end; ) {
    // One in 256 is zero and left out, so a few more are drawn.
    const drawn = randomOctets(random, end - at + 4);
    const before = at;
    for (const octet of drawn) if (octet !== 0 && at < end) encoded[at++] = octet;
    drawn.fill(0);
    // Five octets at least are zeros together once in 2^40 draws.
    fruitless = at === before ? fruitless + 1 : 0;
    if (fruitless === 4) throw usage('`random` gives nothing but zeros, of which no padding can be made');
  }
  encoded.set(key, end + 1);
  return encoded;
}

/**
 * {@link padPkcs1} in place, of random octets as many as the modulus has. Those
 * where the key comes to stand take the places of zeros among the others.
 */
export function putPkcs1(key: Bytes, encoded: Bytes): void {
  const end = encoded.length - key.length - 1;
  let spare = end;
  for (let at = encoded.indexOf(0, 2); at >= 0 && at < end; at = encoded.indexOf(0, at)) {
    while (encoded[at] === 0) {
      if (spare < encoded.length) encoded[at] = encoded[spare++]!;
      else encoded[at] = randomOctets(undefined, 1)[0]!;
    }
  }
  encoded[0] = 0;
  encoded[1] = 2;
  encoded[end] = 0;
  encoded.set(key, end + 1);
}

/**
 * The key of that many octets in an encoding, or a copy of `instead` where
 * there is none. RFC 8017 §7.2.2: that the padding is wrong must not be told
 * apart. Whatever the encoding holds, the same steps are made: no branch, no
 * index and no sign of zero hangs on it. (−0 is no small integer to a
 * JavaScript engine; computing one would tell.)
 *
 * @param instead as many octets as the key
 */
export function unpadPkcs1(encoded: Bytes, keyLength: number, instead: Bytes): Bytes {
  const start = encoded.length - keyLength;
  // The lengths are public: no encoding of this modulus holds such a key.
  if (start < pkcs1Overhead) return instead.slice();
  let wrong = encoded[0]! | (encoded[1]! ^ 2) | encoded[start - 1]!;
  // A zero before its place would be the separator of a longer key.
  for (let i = 2; i < start - 1; i++) wrong |= (encoded[i]! - 1) >>> 31;
  const right = (wrong - 1) >> 31;
  const key = new Uint8Array(keyLength);
  for (let i = 0; i < keyLength; i++) key[i] = (encoded[start + i]! & right) | (instead[i]! & ~right);
  return key;
}
