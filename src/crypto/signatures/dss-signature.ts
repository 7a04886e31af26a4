import { integerFromBytes } from '../big-integer.js';

/** The two numbers of a DSA or ECDSA signature. */
export interface DssSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Reads a Dss-Sig-Value or ECDSA-Sig-Value (RFC 3279 §2.2.2, §2.2.3), in
 * strict DER and with both numbers in [1, order − 1] (FIPS 186-5 §6.4.2 step
 * 1); `undefined` for anything else.
 *
 * Written out here, since BER's freedom would make two encodings of one
 * signature, and since no error is to be made for a bad one.
 */
export function parseDssSignature(signature: Uint8Array, order: bigint): DssSignature | undefined {
  if (signature[0] !== 0x30) return undefined;
  // No order is longer than 66 octets, so one length octet after 0x81 is the most.
  const long = signature[1] === 0x81;
  const length = signature[long ? 2 : 1];
  let at = long ? 3 : 2;
  if (length === undefined || length !== signature.length - at || (long ? length < 0x80 : length >= 0x80)) {
    return undefined;
  }
  const numbers: bigint[] = [];
  for (let i = 0; i < 2; i++) {
    const size = signature[at + 1];
    if (signature[at] !== 0x02 || size === undefined || size === 0 || size >= 0x80) return undefined;
    const content = signature.subarray(at + 2, at + 2 + size);
    // Minimal and not negative (X.690 §8.3.2).
    if (content.length !== size || content[0]! >= 0x80) return undefined;
    if (size > 1 && content[0] === 0 && content[1]! < 0x80) return undefined;
    numbers.push(integerFromBytes(content));
    at += 2 + size;
  }
  if (at !== signature.length) return undefined;
  const [r, s] = numbers as [bigint, bigint];
  return r > 0n && r < order && s > 0n && s < order ? { r, s } : undefined;
}

/** The leftmost bits of a digest, as many as the order has (FIPS 186-5 §6.4.2 step 3), as a number. */
export function leftmostBits(hash: Uint8Array, order: bigint): bigint {
  const orderBits = order.toString(2).length;
  const excess = hash.length * 8 - orderBits;
  const number = integerFromBytes(hash);
  return excess > 0 ? number >> BigInt(excess) : number;
}
