import { createHash, createHmac as nodeHmac, pbkdf2Sync, scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHmac, type HmacDigestName, hmacDigest, hmacOf } from '../../src/crypto/digests/hmac.js';
import { iterateDigest } from '../../src/crypto/digests/iterated-digest.js';
import { pbkdf2InTypeScript } from '../../src/crypto/digests/iterated-hmac.js';
import { scrypt } from '../../src/crypto/passwords/scrypt.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { octetsOf } from '../crypto/support.js';

const names: readonly HmacDigestName[] = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512-224',
  'sha3-384',
];
const octets = (maxLength: number) => fc.uint8Array({ maxLength });

describe.each(names)('with %s, in TypeScript', (name) => {
  test('HMAC is what node:crypto gives, whatever the lengths and the pieces', () => {
    fc.assert(
      fc.property(octets(300), octets(500), fc.nat(500), (key, data, cut) => {
        const known = nodeHmac(name, key).update(data).digest('hex');
        expect(encodeHex(hmacOf(name, key, data, { engine: 'typescript' }))).toBe(known);
        const running = createHmac(name, key, { engine: 'typescript' });
        running.update(data.subarray(0, cut)).update(data.subarray(cut));
        expect(encodeHex(running.finish())).toBe(known);
      }),
    );
  });

  test('PBKDF2 is what node:crypto gives', () => {
    const numbers = fc.integer({ min: 1, max: 150 });
    fc.assert(
      fc.property(octets(200), octets(200), numbers, numbers, (password, salt, iterations, length) => {
        const derived = pbkdf2InTypeScript(hmacDigest(name), password, salt, iterations, length);
        expect(encodeHex(derived)).toBe(pbkdf2Sync(password, salt, iterations, length, name).toString('hex'));
      }),
    );
  });
});

test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha512'] as const)(
  '%s over its own output, many times, is what node:crypto gives, on each engine',
  (name) => {
    for (const length of [hmacDigest(name).length, 3, 100]) {
      for (const times of [0, 1, 2, 100]) {
        let known: Uint8Array = octetsOf(length);
        for (let i = 0; i < times; i++) known = createHash(name).update(known).digest();
        for (const engine of ['native', 'typescript', 'auto'] as const) {
          const block = octetsOf(length);
          expect(encodeHex(iterateDigest(name, block, times, { engine }))).toBe(encodeHex(known));
          expect(block).toEqual(octetsOf(length));
        }
      }
    }
  },
);

test('scrypt is what RFC 7914 §12 and node:crypto give', () => {
  const text = (value: string) => new Uint8Array(Buffer.from(value));
  const first = scrypt(text(''), { salt: text(''), cost: 16, blockSize: 1, parallelization: 1, length: 64 });
  expect(encodeHex(first)).toBe(
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  );
  const parameters = fc.record({
    salt: octets(40),
    cost: fc.constantFrom(2, 4, 16, 64),
    blockSize: fc.integer({ min: 1, max: 9 }),
    parallelization: fc.integer({ min: 1, max: 4 }),
    length: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(octets(70), parameters, (password, asked) => {
      const { salt, cost, blockSize, parallelization, length } = asked;
      const known = scryptSync(password, salt, length, { N: cost, r: blockSize, p: parallelization });
      expect(encodeHex(scrypt(password, asked))).toBe(known.toString('hex'));
    }),
  );
});
