/** Of shorter numbers a division is faster than what stands for it. */
const leastBits = 768;
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
   * exponent are to be blinded.
   */
  secretPower(base: bigint, exponent: bigint): bigint {
    const reduce = this.#reduce();
    const powers = [1n, base % this.value];
    for (let i = 2; i < 32; i++) powers.push(reduce(powers[i - 1]! * powers[1]!));
    let power = 1n;
    for (const digit of exponent.toString(32)) {
      power = reduce(power * power);
      power = reduce(power * power);
      power = reduce(power * power);
      power = reduce(power * power);
      power = reduce(power * power);
      power = reduce(power * powers[Number.parseInt(digit, 32)]!);
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
    this.#reduction ??=
      this.#bits < leastBits ? division(this.value) : withoutDivision(this.value, this.#bits);
    return this.#reduction;
  }
}

/** Brings the product of two numbers less than twice the modulus below twice the modulus again. */
type Reduction = (product: bigint) => bigint;

function division(modulus: bigint): Reduction {
  return (product) => product % modulus;
}

/**
 * A division takes longer than a multiplication: the upper quarter of the product gives way to what it leaves, and of
 * the rest the quotient is estimated from its leading bits by the inverse of the modulus (Barrett). The estimate is
 * never above the quotient, and less than 1 + 2^−27 below it.
 *
 * @param bits those of the modulus, without leading zeros
 */
function withoutDivision(modulus: bigint, bits: number): Reduction {
  const half = bits >> 1;
  const upper = bits + half;
  const upperBits = BigInt(upper);
  const upperRest = (1n << upperBits) % modulus;
  const inverse = (1n << BigInt(upper + spareBits)) / modulus;
  const leading = BigInt(bits - spareBits);
  const beyond = BigInt(half + 2 * spareBits);
  return (product) => {
    const folded = (product >> upperBits) * upperRest + BigInt.asUintN(upper, product);
    return folded - (((folded >> leading) * inverse) >> beyond) * modulus;
  };
}
