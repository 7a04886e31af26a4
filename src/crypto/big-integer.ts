import type { Bytes } from '../core/bytes.js';

const hexDigits = /* @__PURE__ */ Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

/** Octets as hexadecimal digits, the only form from which a bigint is made in linear time. */
export function hexOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += hexDigits[octet]!;
  return text;
}

/** The unsigned integer that octets stand for, most significant first; 0 for none. */
export function integerFromBytes(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${hexOf(octets)}`);
}

/** The unsigned integer that octets stand for, least significant first. */
export function integerFromBytesReversed(octets: Uint8Array): bigint {
  return integerFromBytes(octets.toReversed());
}

/** An unsigned integer in that many octets, most significant first; it must fit. */
export function bytesFromInteger(value: bigint, length: number): Bytes {
  const text = value.toString(16).padStart(length * 2, '0');
  const octets = new Uint8Array(length);
  for (let i = 0; i < length; i++) octets[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** Number of bits of an unsigned integer given without leading zero octets. */
export function bitLength(octets: Uint8Array): number {
  const first = octets[0];
  return first === undefined ? 0 : octets.length * 8 - (Math.clz32(first) - 24);
}

/** base ^ exponent mod modulus. Its time depends on the values: for public ones only. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n;
  const factor = base % modulus;
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus;
    if (bit === '1') power = (power * factor) % modulus;
  }
  return power % modulus;
}

/**
 * base ^ exponent mod modulus for a secret exponent: the same squarings and
 * multiplications for every exponent of that many bits, four bits at a time.
 * The time of each BigInt operation still depends on its values, so base and
 * exponent are to be blinded.
 */
export function secretPowerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers = [1n, base % modulus];
  for (let i = 2; i < 16; i++) powers.push((powers[i - 1]! * powers[1]!) % modulus);
  let power = 1n;
  for (const digit of exponent.toString(16)) {
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * powers[Number.parseInt(digit, 16)]!) % modulus;
  }
  return power % modulus;
}

/** g^a · y^b mod p with one chain of squarings for both (Shamir). For public values only. */
export function productOfPowers(g: bigint, a: bigint, y: bigint, b: bigint, p: bigint): bigint {
  const both = (g * y) % p;
  const left = a.toString(2);
  const right = b.toString(2);
  const length = Math.max(left.length, right.length);
  const aBits = left.padStart(length, '0');
  const bBits = right.padStart(length, '0');
  let product = 1n;
  for (let i = 0; i < length; i++) {
    product = (product * product) % p;
    if (aBits[i] === '1') product = (product * (bBits[i] === '1' ? both : g)) % p;
    else if (bBits[i] === '1') product = (product * y) % p;
  }
  return product % p;
}

/** The inverse modulo a number, `undefined` where there is none. For public values only. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b] = [value % modulus, modulus];
  let [x, u] = [1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, u] = [u - quotient * x, x];
  }
  if (b !== 1n) return undefined;
  return u < 0n ? u + modulus : u;
}
