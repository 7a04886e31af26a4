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
  const text = value.toString(16);
  const octets = new Uint8Array(length);
  // Digit by digit: a number parsed for each octet takes three times as long.
  for (let at = length - 1, i = text.length - 1; i >= 0; at--, i -= 2) {
    octets[at] = (i === 0 ? 0 : digitAt(text, i - 1) << 4) | digitAt(text, i);
  }
  return octets;
}

function digitAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** Number of bits of an unsigned integer given without leading zero octets. */
export function bitLength(octets: Uint8Array): number {
  const first = octets[0];
  return first === undefined ? 0 : octets.length * 8 - (Math.clz32(first) - 24);
}

/** base ^ exponent mod modulus. Its time depends on the values: for public ones only. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  return new PublicModulus(modulus).power(base, exponent);
}

/** A modulus of which many powers are made; what is computed for it once is kept with it. */
export class PublicModulus {
  readonly modulus: bigint;
  private readonly bits: number;
  private folding: Folding | undefined;

  constructor(modulus: bigint) {
    this.modulus = modulus;
    this.bits = 4 * modulus.toString(16).length;
  }

  /** base ^ exponent mod modulus. Its time depends on the values: for public ones only. */
  power(base: bigint, exponent: bigint): bigint {
    if (exponent === 0n) return 1n % this.modulus;
    // Below, folding costs more than it saves; and so few products do not pay for what it needs.
    if (this.bits >= 1536 && exponent >= 256n) this.folding ??= foldingOf(this.modulus, this.bits);
    const factor = base % this.modulus;
    const digits = exponent.toString(2);
    let power = factor;
    for (let i = 1; i < digits.length; i++) {
      power = this.reduce(power * power);
      if (digits[i] === '1') power = this.reduce(power * factor);
    }
    return power;
  }

  /**
   * Brings a product below the modulus. Division takes longer than
   * multiplication: the upper quarter of the product, then the eighth below
   * it, give way to what they leave, and the rest is divided.
   */
  private reduce(product: bigint): bigint {
    const { folding } = this;
    if (folding === undefined) return product % this.modulus;
    const { high, highBits, highRest, middle, middleBits, middleRest } = folding;
    const once = (product >> highBits) * highRest + BigInt.asUintN(high, product);
    return ((once >> middleBits) * middleRest + BigInt.asUintN(middle, once)) % this.modulus;
  }
}

/** Where a product is cut, and what 1 at that place leaves. */
interface Folding {
  readonly high: number;
  readonly highBits: bigint;
  readonly highRest: bigint;
  readonly middle: number;
  readonly middleBits: bigint;
  readonly middleRest: bigint;
}

function foldingOf(modulus: bigint, bits: number): Folding {
  const [high, middle] = [bits + (bits >> 1), bits + (bits >> 2)];
  const [highBits, middleBits] = [BigInt(high), BigInt(middle)];
  return {
    high,
    highBits,
    highRest: (1n << highBits) % modulus,
    middle,
    middleBits,
    middleRest: (1n << middleBits) % modulus,
  };
}

/**
 * base ^ exponent mod modulus for a secret exponent: the same squarings and
 * multiplications for every exponent of that many bits, five bits at a time.
 * The time of each BigInt operation still depends on its values, so base and
 * exponent are to be blinded.
 */
export function secretPowerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers = [1n, base % modulus];
  for (let i = 2; i < 32; i++) powers.push((powers[i - 1]! * powers[1]!) % modulus);
  let power = 1n;
  for (const digit of exponent.toString(32)) {
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * power) % modulus;
    power = (power * powers[Number.parseInt(digit, 32)]!) % modulus;
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

/** A quotient step on leading bits is exact in the numbers of JavaScript up to here. */
const leadingBits = 50;

/** The inverse modulo a number, `undefined` where there is none. For public values, and such as are used once. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  // Euclid's algorithm: of a and b, x and u are the multiples of the value that leave them modulo the modulus.
  let [a, b] = [modulus, value % modulus];
  let [x, u] = [0n, 1n];
  let shift = Math.max(0, 4 * modulus.toString(16).length - leadingBits);
  while (b !== 0n) {
    // Lehmer: the leading bits of both tell a dozen quotients, whose steps are then done at once.
    let top = Number(a >> BigInt(shift));
    for (; shift > 0 && top < 2 ** (leadingBits - 1); top = Number(a >> BigInt(shift))) {
      shift = Math.max(0, shift - (leadingBits - Math.ceil(Math.log2(top + 1))));
    }
    const { aa, ab, ba, bb } = leadingSteps(top, Number(b >> BigInt(shift)));
    if (ab === 0) {
      const quotient = a / b;
      [a, b] = [b, a - quotient * b];
      [x, u] = [u, x - quotient * u];
      continue;
    }
    const [p, q, r, s] = [BigInt(aa), BigInt(ab), BigInt(ba), BigInt(bb)];
    [a, b] = [p * a + q * b, r * a + s * b];
    [x, u] = [p * x + q * u, r * x + s * u];
  }
  if (a !== 1n) return undefined;
  const inverse = x % modulus;
  return inverse < 0n ? inverse + modulus : inverse;
}

/** What the quotients make of two numbers: aa · a + ab · b and ba · a + bb · b. */
interface Steps {
  readonly aa: number;
  readonly ab: number;
  readonly ba: number;
  readonly bb: number;
}

/** The steps of Euclid's algorithm that the leading bits of two numbers make certain. */
function leadingSteps(a: number, b: number): Steps {
  let [aa, ab, ba, bb] = [1, 0, 0, 1];
  let [upper, lower] = [a, b];
  while (lower + ba > 0 && lower + bb > 0) {
    // What was cut off is less than one of the last place: the least and the greatest quotient have to agree.
    const quotient = Math.floor((upper + aa) / (lower + ba));
    if (quotient !== Math.floor((upper + ab) / (lower + bb))) break;
    [aa, ba] = [ba, aa - quotient * ba];
    [ab, bb] = [bb, ab - quotient * bb];
    [upper, lower] = [lower, upper - quotient * lower];
  }
  return { aa, ab, ba, bb };
}
