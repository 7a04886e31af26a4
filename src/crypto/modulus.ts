import { digitAt } from './big-integer.js';

/** Of shorter numbers a division is faster than what stands for it. */
const leastBits = 768;
/** Of longer ones the product is shortened twice. */
const leastBitsFoldedTwice = 1536;
/** Bits that an estimated quotient has beyond those it needs, so that it is never wrong by more than one. */
const spareBits = 32;

/** A modulus of which many powers are made; what is computed for it once is kept with it. */
export class Modulus {
  readonly value: bigint;
  readonly #bits: number;
  #reduction: Reduction | undefined;

  constructor(value: bigint) {
    this.value = value;
    this.#bits = value.toString(2).length;
  }

  /** base ^ exponent. Its time depends on the values: for public ones only. */
  power(base: bigint, exponent: bigint): bigint {
    const { value } = this;
    if (exponent === 0n) return 1n % value;
    const factor = base % value;
    const digits = exponent.toString(2);
    // So few products do not pay for what is computed once.
    const reduce = exponent < 256n ? division(value) : this.#reduce();
    let power = factor;
    for (let i = 1; i < digits.length; i++) {
      power = reduce(power * power);
      if (digits[i] === '1') power = reduce(power * factor);
    }
    return power % value;
  }

  /**
   * base ^ exponent for a secret exponent: the same squarings and
   * multiplications for every exponent of that many bits, five bits at a time.
   * The time of each BigInt operation still depends on its values, so base and
   * exponent are to be blinded: see {@link splitPower}.
   */
  secretPower(base: bigint, exponent: bigint): bigint {
    const reduce = this.#reduce();
    return windows(reduce, powersOf(reduce, base % this.value, 5), exponent.toString(32)) % this.value;
  }

  /**
   * {@link secretPower} of an exponent that is blinded by a random divisor (Ciet and Joye's Euclidean splitting): with
   * quotient and remainder it is (base ^ divisor) ^ quotient · base ^ remainder. Neither of the two says anything of
   * the exponent without the divisor, and there are no more squarings than without blinding. How many operations
   * there are depends on the modulus alone.
   *
   * @param exponent less than the modulus
   * @param divisor of 64 bits, the first of them set; drawn for this power
   */
  splitPower(base: bigint, exponent: bigint, divisor: bigint): bigint {
    const reduce = this.#reduce();
    const low = powersOf(reduce, base % this.value, 4);
    const high = powersOf(reduce, windows(reduce, low, divisor.toString(16)), 5);
    // As many digits as the greatest quotient has; in any case the remainder's bits.
    const length = Math.ceil(Math.max(this.#bits - 63, 64) / 5);
    const quotient = (exponent / divisor).toString(32).padStart(length, '0');
    const remainder = (exponent % divisor).toString(16).padStart(16, '0');
    let power = 1n;
    for (let bit = quotient.length * 5 - 1; bit >= 0; bit--) {
      power = reduce(power * power);
      if (bit % 5 === 0) power = reduce(power * high[digitFromEnd(quotient, bit / 5)]!);
      if (bit % 4 === 0 && bit < 64) power = reduce(power * low[digitFromEnd(remainder, bit / 4)]!);
    }
    return power % this.value;
  }

  /** g^a · y^b with one chain of squarings for both (Shamir). For public values only. */
  productOfPowers(g: bigint, a: bigint, y: bigint, b: bigint): bigint {
    const reduce = this.#reduce();
    const [left, right] = [g % this.value, y % this.value];
    const both = reduce(left * right);
    const length = Math.max(a.toString(2).length, b.toString(2).length);
    const aBits = a.toString(2).padStart(length, '0');
    const bBits = b.toString(2).padStart(length, '0');
    let product = 1n;
    for (let i = 0; i < length; i++) {
      product = reduce(product * product);
      if (aBits[i] === '1') product = reduce(product * (bBits[i] === '1' ? both : left));
      else if (bBits[i] === '1') product = reduce(product * right);
    }
    return product % this.value;
  }

  #reduce(): Reduction {
    this.#reduction ??= reductionFor(this.value, this.#bits);
    return this.#reduction;
  }
}

/** Brings the product of two numbers less than twice the modulus below twice the modulus again. */
type Reduction = (product: bigint) => bigint;

/** The powers of a number up to 2 ^ width − 1, from 1 on. */
function powersOf(reduce: Reduction, base: bigint, width: number): readonly bigint[] {
  const powers = [1n, base];
  while (powers.length < 2 ** width) powers.push(reduce(powers.at(-1)! * base));
  return powers;
}

/** The power whose exponent has these digits, of as many bits each as `powers` are for. */
function windows(reduce: Reduction, powers: readonly bigint[], digits: string): bigint {
  const width = Math.log2(powers.length);
  let power = 1n;
  for (let i = 0; i < digits.length; i++) {
    for (let bit = 0; bit < width; bit++) power = reduce(power * power);
    power = reduce(power * powers[digitAt(digits, i)]!);
  }
  return power;
}

/** The digit at a place counted from the last one. */
function digitFromEnd(digits: string, place: number): number {
  return digitAt(digits, digits.length - 1 - place);
}

function division(modulus: bigint): Reduction {
  return (product) => product % modulus;
}

/** A division takes longer than what stands for it from some length on, and from another on that is done by halves. */
function reductionFor(modulus: bigint, bits: number): Reduction {
  if (bits < leastBits) return division(modulus);
  const upper = bits + (bits >> 1);
  if (bits < leastBitsFoldedTwice) return withoutDivision(modulus, bits, upper);
  const upperBits = BigInt(upper);
  const upperRest = (1n << upperBits) % modulus;
  const reduceFolded = withoutDivision(modulus, bits, bits + (bits >> 2) + spareBits - 8);
  return (product) => reduceFolded((product >> upperBits) * upperRest + BigInt.asUintN(upper, product));
}

/**
 * What is above a place of the product gives way to what it leaves, and of the rest the quotient is estimated from its
 * leading bits by the inverse of the modulus (Barrett). The estimate is never above the quotient, and less than
 * 1 + 2^−27 below it.
 *
 * @param bits those of the modulus, without leading zeros
 * @param place as many bits as are left, or one or two fewer
 */
function withoutDivision(modulus: bigint, bits: number, place: number): Reduction {
  const upperBits = BigInt(place);
  const upperRest = (1n << upperBits) % modulus;
  const inverse = (1n << BigInt(place + spareBits)) / modulus;
  const leading = BigInt(bits - spareBits);
  const beyond = BigInt(place - bits + 2 * spareBits);
  return (product) => {
    const folded = (product >> upperBits) * upperRest + BigInt.asUintN(place, product);
    return folded - (((folded >> leading) * inverse) >> beyond) * modulus;
  };
}
