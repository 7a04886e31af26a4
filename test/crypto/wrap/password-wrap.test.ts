import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { type CbcAlgorithm, cbcKeyLength } from '../../../src/crypto/ciphers/cbc-blocks.js';
import { pbkdf2 } from '../../../src/crypto/passwords/pbkdf2.js';
import {
  encodePasswordWrap,
  type PasswordWrap,
  readPasswordWrap,
  unwrapWithKek,
  wrapKeyWithPassword,
  wrapWithKek,
} from '../../../src/crypto/wrap/password-wrap.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { engines, errorCode, octetsOf, rejection } from '../support.js';

const ciphers: readonly CbcAlgorithm[] = [
  { name: 'aes128-cbc', iv: octetsOf(16) },
  { name: 'aes256-cbc', iv: octetsOf(16) },
  { name: 'des-ede3-cbc', iv: octetsOf(8) },
];

function algorithm(cipher: CbcAlgorithm): PasswordWrap {
  return { derivation: { name: 'pbkdf2', digest: 'sha256', salt: octetsOf(8), iterations: 5 }, cipher };
}

/** The password, the key that PBKDF2 with SHA-1 makes of it, and what is wrapped. */
const vectors = [
  {
    password: 'password',
    iterations: 5,
    kek: 'd1daa78615f287e6',
    cipher: { name: 'des-cbc', iv: decodeHex('efe598ef21b33d6d') },
    random: 'c436f541',
    key: '8c627c897323a2f8',
    wrapped: 'b81b2565ee373ca6dedca26a178b0c10',
  },
  {
    password: 'All n-entities must communicate with other n-entities via n-1 entiteeheehees',
    iterations: 500,
    kek: '6a8970bf68c92caea84a8df28510858607126380cc47ab2d',
    cipher: { name: 'des-ede3-cbc', iv: decodeHex('baf1ca7931213c4e') },
    random: 'fa060a45',
    key: '8c637d887223a2f965b566eb014b0fa5d52300a3f7ea40fffc577203c71baf3b',
    wrapped: 'c03c514abdb9e2c5aac038572b5e24553876b377aafb82eca5a9d73f8ab143d9ec74e6cad7db260c',
  },
] as const;

test.each(vectors)('RFC 3211 §3, $cipher.name', async ({ cipher, password, iterations, ...vector }) => {
  const random = (): Uint8Array => decodeHex(vector.random);
  const [kek, key, wrapped] = [vector.kek, vector.key, vector.wrapped].map((hex) => decodeHex(hex));
  expect(wrapWithKek(cipher, kek!, key!, { random })).toEqual(wrapped);
  expect(unwrapWithKek(cipher, kek!, wrapped!, {})).toEqual(key);
  const salt = decodeHex('1234567878563412');
  const algorithm: PasswordWrap = {
    derivation: { name: 'pbkdf2', digest: 'sha1', salt, iterations },
    cipher,
  };
  expect(await wrapKeyWithPassword(key!, { algorithm, password, random })).toEqual(wrapped);
});

describe('wrapping and unwrapping', () => {
  test('keys of every length, with every engine', async () => {
    for (const cipher of ciphers) {
      const kek = octetsOf(cipher.name === 'aes128-cbc' ? 16 : cipher.name === 'aes256-cbc' ? 32 : 24);
      for (const engine of engines) {
        for (const length of [3, 5, 8, 11, 12, 13, 16, 24, 27, 28, 29, 32, 255]) {
          const wrapped = wrapWithKek(cipher, kek, octetsOf(length), { engine });
          expect(wrapped.length % cipher.iv.length).toBe(0);
          expect(wrapped.length).toBeGreaterThanOrEqual(2 * cipher.iv.length);
          expect(unwrapWithKek(cipher, kek, wrapped, { engine })).toEqual(octetsOf(length));
        }
      }
    }
  });

  test('with a password', async () => {
    for (const cipher of ciphers) {
      const options = { algorithm: algorithm(cipher), password: '合言葉' };
      const wrapped = await wrapKeyWithPassword(octetsOf(32), options);
      const derived = async (password: string): Promise<Uint8Array<ArrayBuffer>> =>
        pbkdf2(new TextEncoder().encode(password), {
          digest: 'sha256',
          salt: octetsOf(8),
          iterations: 5,
          length: cbcKeyLength(cipher),
        });
      expect(unwrapWithKek(cipher, await derived('合言葉'), wrapped, {})).toEqual(octetsOf(32));
      const other = await derived('山');
      expect(errorCode(() => unwrapWithKek(cipher, other, wrapped, {}))).toBe('crypto-decryption-failed');
    }
  });
});

describe('refusals', () => {
  const cipher = ciphers[0]!;

  test('octets that cannot be a wrapped key', () => {
    const wrapped = wrapWithKek(cipher, octetsOf(16), octetsOf(16), {});
    for (let length = 0; length < wrapped.length; length++) {
      const cut = wrapped.subarray(0, length);
      expect(errorCode(() => unwrapWithKek(cipher, octetsOf(16), cut, {}))).toBe('crypto-decryption-failed');
    }
    expect(errorCode(() => unwrapWithKek(cipher, octetsOf(16), octetsOf(4096), {}))).toBe(
      'crypto-decryption-failed',
    );
  });

  test('keys too short for the check, and too long for the length', () => {
    for (const length of [0, 2, 256]) {
      expect(errorCode(() => wrapWithKek(cipher, octetsOf(16), octetsOf(length), {}))).toBe('usage');
    }
  });

  test('more iterations than can be allowed', async () => {
    const derivation = { name: 'pbkdf2', digest: 'sha1', salt: octetsOf(8), iterations: 20_000_000 } as const;
    const options = { algorithm: { derivation, cipher }, password: 'a' };
    expect((await rejection(wrapKeyWithPassword(octetsOf(16), options))).code).toBe('limit-iterations');
  });

  test('a derived key of another length than the cipher’s, and none', async () => {
    const derivation = {
      name: 'pbkdf2',
      digest: 'sha1',
      salt: octetsOf(8),
      iterations: 1,
      keyLength: 5,
    } as const;
    for (const each of [{ derivation, cipher }, { cipher }]) {
      const options = { algorithm: each, password: 'a' };
      expect((await rejection(wrapKeyWithPassword(octetsOf(16), options))).code).toBe('usage');
    }
  });

  test('a signal that is given before', async () => {
    const options = { algorithm: algorithm(cipher), password: 'a', signal: { aborted: true } };
    expect((await rejection(wrapKeyWithPassword(octetsOf(16), options))).code).toBe('aborted');
  });
});

describe('AlgorithmIdentifiers', () => {
  test('are read as they were written', () => {
    for (const cipher of ciphers) {
      const wrap = algorithm(cipher);
      const { derivation, encryption } = encodePasswordWrap(wrap);
      expect(readPasswordWrap(readBer(derivation!), readBer(encryption))).toEqual(wrap);
      expect(readPasswordWrap(undefined, readBer(encryption))).toEqual({ cipher });
    }
  });

  test('of anything but id-alg-PWRI-KEK are unsupported', () => {
    const other = decodeHex('300b060960864801650304012d');
    expect(errorCode(() => readPasswordWrap(undefined, readBer(other)))).toBe('crypto-unsupported');
    const bare = decodeHex('300d060b2a864886f70d0109100309');
    expect(errorCode(() => readPasswordWrap(undefined, readBer(bare)))).toBe('asn1-unexpected');
    expect(encodeHex(encodePasswordWrap({ cipher: ciphers[0]! }).encryption)).toContain(
      '2a864886f70d0109100309',
    );
  });
});
