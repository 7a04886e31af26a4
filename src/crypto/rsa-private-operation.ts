import type { Bytes } from '../core/bytes.js';
import { bytesFromInteger, integerFromBytes, inverseModulo } from './big-integer.js';
import type { RsaPrivateKey } from './keys/private-key.js';
import { Modulus } from './modulus.js';
import { type RandomOptions, randomInteger } from './random.js';
import { modulusOf } from './rsa-operations.js';

/**
 * m^d mod n (RFC 8017 §5.1.2) by the Chinese remainder theorem, in TypeScript. The base is blinded with a number that
 * no operation of the key had before, and the exponents with numbers drawn for this one, since the time of BigInt
 * arithmetic depends on its values.
 */
export function blindedPrivateOperation(key: RsaPrivateKey, octets: Bytes, options: RandomOptions): Bytes {
  const n = modulusOf(key.publicKey).value;
  const p = integerFromBytes(key.p);
  const q = integerFromBytes(key.q);
  const { blind, unblind } = nextBlinding(key, options);
  const m = (integerFromBytes(octets) * blind) % n;
  const [forP, forQ] = drawDivisors(options.random);
  const mp = new Modulus(p).splitPower(m, integerFromBytes(key.dp), forP);
  const mq = new Modulus(q).splitPower(m, integerFromBytes(key.dq), forQ);
  const h = ((((mp - mq) * integerFromBytes(key.qInv)) % p) + p) % p;
  return bytesFromInteger(((mq + h * q) * unblind) % n, octets.length);
}

/** Two numbers of 64 bits, the first bit set, by which the exponents are divided. */
function drawDivisors(random: RandomOptions['random']): readonly [bigint, bigint] {
  const first = 1n << 63n;
  const both = randomInteger(random, 0n, first * first - 1n);
  return [first + (both >> 63n), first + BigInt.asUintN(63, both)];
}

/** A secret number r of a key, as it is used: r^e and the inverse of r. */
interface Blinding {
  readonly blind: bigint;
  readonly unblind: bigint;
  /** For how many operations more its squares may stand. */
  readonly left: number;
}

/** As many have one number and its squares; the next one draws another. */
const operationsOfOne = 32;
const blindings = /* @__PURE__ */ new WeakMap<RsaPrivateKey, Blinding>();

/**
 * Drawing a number, its power and its inverse take a thirtieth of an operation. So those that follow have its square,
 * the square of that and so on, as OpenSSL's do: whoever does not know the first knows none of them. A caller's own
 * source of random octets is asked each time.
 */
function nextBlinding(key: RsaPrivateKey, { random }: RandomOptions): Blinding {
  if (random !== undefined) return drawBlinding(key, random);
  const last = blindings.get(key);
  const next = last === undefined || last.left === 0 ? drawBlinding(key, random) : squared(last, key);
  blindings.set(key, next);
  return next;
}

function drawBlinding({ publicKey }: RsaPrivateKey, random: RandomOptions['random']): Blinding {
  const modulus = modulusOf(publicKey);
  for (;;) {
    const r = randomInteger(random, 2n, modulus.value - 1n);
    const unblind = inverseModulo(r, modulus.value);
    if (unblind === undefined) continue;
    const blind = modulus.power(r, integerFromBytes(publicKey.exponent));
    return { blind, unblind, left: operationsOfOne - 1 };
  }
}

function squared({ blind, unblind, left }: Blinding, { publicKey }: RsaPrivateKey): Blinding {
  const n = modulusOf(publicKey).value;
  return { blind: (blind * blind) % n, unblind: (unblind * unblind) % n, left: left - 1 };
}
