import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derBitString, derInteger, derSequence } from '../../src/asn1/writer.js';
import { MailsealError } from '../../src/core/errors.js';
import { bytesFromInteger, integerFromBytes, inverseModulo } from '../../src/crypto/big-integer.js';
import { createDigest, type DigestName, digest } from '../../src/crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../src/crypto/digests/digest-algorithm.js';
import { type CurveName, pointsOf } from '../../src/crypto/keys/curves.js';
import { type PublicKey, parsePublicKey } from '../../src/crypto/keys/public-key.js';
import { Modulus } from '../../src/crypto/modulus.js';
import { parseDssSignature } from '../../src/crypto/signatures/dss-signature.js';
import { parseSignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../src/crypto/signatures/verify.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { digestNames, engines } from '../crypto/support.js';

const octets = (maxLength: number) => fc.uint8Array({ maxLength });

describe('digests', () => {
  test('any split gives the same, on every engine', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...digestNames),
        fc.constantFrom(...engines),
        fc.array(octets(300), { maxLength: 8 }),
        (name, engine, pieces) => {
          const running = createDigest(name, { engine });
          for (const piece of pieces) running.update(piece);
          const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
          expect(encodeHex(running.finish())).toBe(encodeHex(digest(name, whole, { engine: 'typescript' })));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('noble says the same at any alignment', () => {
    const oracles: Partial<Record<DigestName, (data: Uint8Array) => Uint8Array>> = {
      md5,
      sha1,
      sha256,
      shake256: (data) => shake256(data, { dkLen: 64 }),
    };
    fc.assert(
      fc.property(octets(1000), fc.nat(7), (data, shift) => {
        const aligned = new Uint8Array(data.length + shift).subarray(shift);
        aligned.set(data);
        for (const [name, oracle] of Object.entries(oracles)) {
          for (const engine of engines) {
            const ours = digest(name as DigestName, aligned, { engine });
            expect(encodeHex(ours)).toBe(encodeHex(Uint8Array.from(oracle(data))));
          }
        }
      }),
    );
  });
});

describe('numbers', () => {
  test('octets and back', () => {
    fc.assert(
      fc.property(octets(70), (value) => {
        expect(encodeHex(bytesFromInteger(integerFromBytes(value), value.length))).toBe(encodeHex(value));
      }),
    );
  });

  test('powers, products of powers and inverses', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 40n });
    fc.assert(
      fc.property(
        number,
        fc.bigInt({ min: 0n, max: 400n }),
        number,
        fc.bigInt({ min: 0n, max: 400n }),
        fc.bigInt({ min: 2n, max: 2n ** 41n }),
        (g, a, y, b, p) => {
          expect(new Modulus(p).power(g, a)).toBe(g ** a % p);
          expect(new Modulus(p).productOfPowers(g, a, y, b)).toBe((g ** a * y ** b) % p);
          const inverse = inverseModulo(g, p);
          if (inverse === undefined) return;
          expect(inverse >= 0n && inverse < p).toBe(true);
          expect((inverse * g) % p).toBe(1n);
        },
      ),
    );
  });

  const plainPower = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
    let power = 1n % modulus;
    for (const bit of exponent.toString(2)) {
      power = (power * power) % modulus;
      if (bit === '1') power = (power * base) % modulus;
    }
    return power;
  };

  test('powers modulo the longest and the shortest numbers of a length', () => {
    const big = fc.bigInt(0n, 2n ** 2100n);
    const exponent = fc.bigInt(0n, 2n ** 300n);
    fc.assert(
      fc.property(
        fc.integer({ min: 760, max: 2100 }),
        fc.bigInt(0n, 2n ** 70n),
        big,
        exponent,
        big,
        exponent,
        (bits, near, g, a, y, b) => {
          for (const modulus of [2n ** BigInt(bits) - 1n - near, 2n ** BigInt(bits) + near]) {
            const powers = new Modulus(modulus);
            const expected = plainPower(g, a, modulus);
            expect(powers.power(g, a)).toBe(expected);
            expect(powers.secretPower(g, a)).toBe(expected);
            expect(powers.productOfPowers(g, a, y, b)).toBe((expected * plainPower(y, b, modulus)) % modulus);
          }
        },
      ),
    );
  });

  test('powers and inverses modulo numbers of any length, against Euclid and square and multiply', () => {
    const number = octets(300).map(integerFromBytes);
    const plainInverse = (value: bigint, modulus: bigint): bigint | undefined => {
      let [a, b, x, u] = [value % modulus, modulus, 1n, 0n];
      while (a !== 0n) [a, b, x, u] = [b % a, a, u - (b / a) * x, x];
      return b === 1n ? ((u % modulus) + modulus) % modulus : undefined;
    };
    const exponent = fc.oneof(fc.constantFrom(0n, 1n, 2n, 3n, 255n, 256n, 65_537n), fc.bigInt(0n, 2n ** 80n));
    fc.assert(
      fc.property(number, exponent, number, (base, power, odd) => {
        const modulus = odd + 2n;
        const powers = new Modulus(modulus);
        expect(powers.power(base, power)).toBe(plainPower(base, power, modulus));
        expect(powers.secretPower(base, power)).toBe(plainPower(base, power, modulus));
        expect(inverseModulo(base, modulus)).toBe(plainInverse(base, modulus));
        // Numbers that are near each other, and such of which one is short, take other steps.
        for (const near of [modulus - 1n, modulus >> 1n, modulus >> 60n, (modulus >> 1n) + 1n]) {
          expect(inverseModulo(near, modulus)).toBe(plainInverse(near, modulus));
        }
      }),
    );
  });

  test('a signature of two numbers has one encoding', () => {
    const order = 2n ** 521n;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: order - 1n }),
        fc.bigInt({ min: 1n, max: order - 1n }),
        octets(4),
        fc.nat(),
        (r, s, tail, place) => {
          const encoded = derSequence(derInteger(r), derInteger(s));
          expect(parseDssSignature(encoded, order)).toEqual({ r, s });
          if (tail.length > 0)
            expect(parseDssSignature(Uint8Array.from([...encoded, ...tail]), order)).toBe(undefined);
          const cut = encoded.subarray(0, place % encoded.length);
          expect(parseDssSignature(cut, order)).toBe(undefined);
        },
      ),
    );
  });
});

/** Whatever is thrown must be a MailsealError. */
function survives(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(MailsealError);
  }
}

describe('garbage', () => {
  test('as a key or an algorithm gives a value or a MailsealError', () => {
    fc.assert(
      fc.property(octets(60), octets(60), (first, second) => {
        for (const input of [first, derSequence(derSequence(first), derBitString(second))]) {
          survives(() => parsePublicKey(input));
          survives(() => parseSignatureAlgorithm(input, 'sha256'));
          survives(() => parseDigestAlgorithm(input));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('as a signature is refused, never an error, by every engine alike', async () => {
    const length = 128;
    const curves: readonly CurveName[] = ['P-256', 'brainpoolP256r1'];
    const keys: PublicKey[] = [
      {
        kind: 'rsa',
        modulus: new Uint8Array(length).fill(0xff),
        exponent: Uint8Array.of(1, 0, 1),
        bits: 8 * length,
        pkcs1: derSequence(derInteger(new Uint8Array(length).fill(0xff)), derInteger(65537)),
        pssOnly: false,
      },
      ...curves.map(
        (curve): PublicKey => ({
          kind: 'ec',
          curve,
          point: Uint8Array.from(pointsOf(curve).BASE.toBytes(false)),
        }),
      ),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.oneof(
          octets(140),
          fc.uint8Array({ minLength: length, maxLength: length }),
          fc.tuple(octets(33), octets(33)).map(([r, s]) => derSequence(derInteger(r), derInteger(s))),
        ),
        octets(20),
        async (publicKey, signature, data) => {
          for (const engine of engines) {
            for (const algorithm of publicKey.kind === 'rsa'
              ? ([
                  { name: 'rsa-pkcs1', digest: 'sha256' },
                  { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha1', saltLength: 20 },
                ] as const)
              : ([{ name: 'ecdsa', digest: 'sha256' }] as const)) {
              expect(await verifySignature({ algorithm, publicKey, signature, data, engine })).toBe(false);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
