import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { digest, digestLength } from '../../src/crypto/digests/digest.js';
import { generateKeyPair, type KeyPairKind } from '../../src/crypto/keys/generate-key-pair.js';
import { Modulus } from '../../src/crypto/modulus.js';
import { randomInteger } from '../../src/crypto/random.js';
import {
  isPkcs1Encoding,
  isPssEncoding,
  pkcs1Encoding,
  pssEncoding,
} from '../../src/crypto/signatures/emsa.js';
import { defaultSignatureAlgorithm, signData } from '../../src/crypto/signatures/sign.js';
import { verifySignature } from '../../src/crypto/signatures/verify.js';
import { parseRequest } from '../../src/pki/issue/certificate-request.js';
import { createRequest } from '../../src/pki/issue/create-request.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import { createName } from '../../src/pki/issue/name-writer.js';
import { findPath } from '../../src/x509/find-path.js';
import { digestNames } from '../crypto/support.js';
import { seededOctets } from '../support/seeded.js';

const octets = (maxLength: number) => fc.uint8Array({ maxLength });

describe('signatures', () => {
  const kinds: readonly KeyPairKind[] = [
    { kind: 'rsa', bits: 2048 },
    { kind: 'ec', curve: 'P-256' },
    { kind: 'ec', curve: 'P-521' },
    { kind: 'ed25519' },
  ];

  test.each(kinds)('verify for what was signed and for nothing else: $kind $curve', async (kind) => {
    const { privateKey, publicKey } = await generateKeyPair(kind);
    const algorithm = defaultSignatureAlgorithm(publicKey);
    await fc.assert(
      fc.asyncProperty(
        octets(300),
        fc.constantFrom('native' as const, 'typescript' as const),
        fc.nat(),
        async (data, engine, at) => {
          const signature = await signData({ privateKey, data, engine });
          expect(await verifySignature({ algorithm, publicKey, signature, data })).toBe(true);
          signature[at % signature.length]! ^= 1;
          expect(await verifySignature({ algorithm, publicKey, signature, data })).toBe(false);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('encodings of RSA', () => {
  const hashed = fc.constantFrom(...digestNames.filter((name) => !name.startsWith('shake')));

  test('PKCS #1 is what its check takes, for every length of the modulus', () => {
    fc.assert(
      fc.property(hashed, octets(64), fc.integer({ min: 62, max: 600 }), (name, data, length) => {
        const hash = digest(name, data);
        let encoded: Uint8Array;
        try {
          encoded = pkcs1Encoding(name, hash, length);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect(length).toBeLessThan(hash.length + 19 + 11);
          return;
        }
        expect(encoded.length).toBe(length);
        expect(isPkcs1Encoding(encoded, name, hash)).toBe(true);
      }),
    );
  });

  test('PSS is what its check takes, for every number of bits, digest and salt', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...digestNames),
        fc.constantFrom(...digestNames),
        octets(80),
        octets(64),
        fc.integer({ min: 511, max: 2200 }),
        (name, mgfDigest, salt, data, encodedBits) => {
          const parameters = { digest: name, mgfDigest, saltLength: salt.length };
          const hash = digest(name, data);
          let encoded: Uint8Array;
          try {
            encoded = pssEncoding(encodedBits, parameters, hash, salt, {});
          } catch (error) {
            expect(error).toBeInstanceOf(MailsealError);
            expect(Math.ceil(encodedBits / 8)).toBeLessThan(digestLength(name) + salt.length + 2);
            return;
          }
          expect(encoded.length).toBe(Math.ceil((encodedBits + 1) / 8));
          expect(isPssEncoding(encoded, encodedBits, parameters, hash, {})).toBe(true);
        },
      ),
    );
  });
});

describe('numbers', () => {
  test('powers of secret exponents are powers', () => {
    const big = fc.bigInt({ min: 0n, max: 1n << 300n });
    fc.assert(
      fc.property(big, big, fc.bigInt({ min: 1n, max: 1n << 300n }), (base, exponent, modulus) => {
        const powers = new Modulus(modulus);
        expect(powers.secretPower(base, exponent)).toBe(powers.power(base, exponent));
      }),
    );
  });

  test('powers of exponents split by a divisor are powers', () => {
    const big = fc.bigInt({ min: 0n, max: 1n << 1100n });
    const divisor = fc.bigInt({ min: 1n << 63n, max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(big, big, big, divisor, (base, number, modulus, by) => {
        const powers = new Modulus(modulus + 1n);
        for (const exponent of [number % (modulus + 1n), modulus, by * (modulus / by), 0n]) {
          expect(powers.splitPower(base, exponent, by)).toBe(powers.power(base, exponent));
        }
      }),
    );
  });

  test('random numbers keep to their bounds', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 1n << 130n }),
        fc.bigInt({ min: 0n, max: 1n << 130n }),
        fc.nat(),
        (least, more, seed) => {
          const number = randomInteger(seededOctets(seed), least, least + more);
          expect(number >= least && number <= least + more).toBe(true);
        },
      ),
    );
  });
});

describe('issuing', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((each) => !/\p{Cc}|\p{Cs}/u.test(each));
  const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };

  test('any name and local part is read again as it was written, and its chain is good', async () => {
    const { privateKey: key, publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
    const local = fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~\u3042-\u3096-]{1,20}$/u);
    await fc.assert(
      fc.asyncProperty(text, text, local, async (organization, commonName, part) => {
        fc.pre([...organization, ...commonName].length <= 64);
        const root = await issueRoot({ key, subject: { organization, commonName }, ...validity });
        expect(root.subject.values('2.5.4.10')).toEqual([organization]);
        expect(root.subject.commonName).toBe(commonName);
        const certificate = await issueMailCertificate({
          issuer: { certificate: root, key },
          publicKey,
          addresses: [`${part}@example.jp`],
          ...validity,
        });
        expect(certificate.emailAddresses).toEqual([`${part}@example.jp`]);
        const { problems } = await findPath(certificate, { roots: [root], at: new Date('2027-01-01') });
        expect(problems).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('any text makes a name or a MailsealError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (commonName, domain) => {
        try {
          const name = createName({ commonName, domain });
          expect(name.commonName).toBe(commonName);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
        }
      }),
    );
  });
});

describe('requests', () => {
  test('garbage is no request, and a damaged one no good one', async () => {
    fc.assert(
      fc.property(octets(200), (garbage) => {
        expect(() => parseRequest(garbage)).toThrowError(MailsealError);
      }),
    );
    const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
    const { bytes } = await createRequest({ key: privateKey, addresses: ['a@example.jp'], use: 'both' });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = bytes.slice();
        damaged[at]! ^= change;
        try {
          const request = parseRequest(damaged);
          void request.emailAddresses;
          // What is not signed: the AlgorithmIdentifier outside may change into another that fails the same.
          expect(await request.verify({ engine: 'typescript' })).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
