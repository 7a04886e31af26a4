import * as nodeCrypto from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type AeadAlgorithm, decryptAead, encryptAead } from '../../../src/crypto/ciphers/aead.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { engines, octetsOf, rejection } from '../support.js';

const keyLengths = { 'aes128-gcm': 16, 'aes192-gcm': 24, 'aes256-gcm': 32, 'chacha20-poly1305': 32 } as const;
const names = Object.keys(keyLengths) as (keyof typeof keyLengths)[];
const nodeNames = {
  'aes128-gcm': 'aes-128-gcm',
  'aes192-gcm': 'aes-192-gcm',
  'aes256-gcm': 'aes-256-gcm',
} as const;

describe.each(names)('%s', (name) => {
  const key = octetsOf(keyLengths[name]);
  const algorithm: AeadAlgorithm = { name, nonce: octetsOf(12) };

  test.each([0, 1, 15, 16, 17, 1000])(
    '%i octets there and back, the same by every engine',
    async (length) => {
      const octets = octetsOf(length);
      const seen = new Set<string>();
      for (const engine of engines) {
        const { ciphertext, tag } = await encryptAead(algorithm, key, octets, { aad: octetsOf(7), engine });
        expect([ciphertext.length, tag.length]).toEqual([length, 16]);
        seen.add(encodeHex(ciphertext) + encodeHex(tag));
        for (const other of engines) {
          const again = await decryptAead(algorithm, key, ciphertext, tag, {
            aad: octetsOf(7),
            engine: other,
          });
          expect(encodeHex(again)).toBe(encodeHex(octets));
        }
      }
      expect(seen.size).toBe(1);
    },
  );

  test.each(engines)('whatever was changed is refused with one error, %s', async (engine) => {
    const octets = octetsOf(40);
    const { ciphertext, tag } = await encryptAead(algorithm, key, octets, { aad: octetsOf(7), engine });
    const changed = (whole: Uint8Array) => whole.map((octet, i) => octet ^ Number(i === 3));
    const seen = new Set<string>();
    for (const attempt of [
      () => decryptAead(algorithm, key, changed(ciphertext), tag, { aad: octetsOf(7), engine }),
      () => decryptAead(algorithm, key, ciphertext.subarray(1), tag, { aad: octetsOf(7), engine }),
      () => decryptAead(algorithm, key, ciphertext, changed(tag), { aad: octetsOf(7), engine }),
      () => decryptAead(algorithm, key, ciphertext, tag.subarray(0, 12), { aad: octetsOf(7), engine }),
      () => decryptAead(algorithm, key, ciphertext, new Uint8Array(0), { aad: octetsOf(7), engine }),
      () => decryptAead(algorithm, key, ciphertext, tag, { aad: octetsOf(8), engine }),
      () => decryptAead(algorithm, key, ciphertext, tag, { engine }),
      () => decryptAead(algorithm, changed(key), ciphertext, tag, { aad: octetsOf(7), engine }),
      () =>
        decryptAead({ ...algorithm, nonce: changed(algorithm.nonce) }, key, ciphertext, tag, {
          aad: octetsOf(7),
          engine,
        }),
    ]) {
      const error = await rejection(attempt());
      seen.add(`${error.code} ${error.message}`);
    }
    expect([...seen]).toEqual([
      'crypto-decryption-failed it cannot be decrypted: the key is wrong or it was changed',
    ]);
  });

  test('a wrong key, nonce or tag length is the caller’s fault', async () => {
    const attempts: AeadAlgorithm[] = [
      { name, nonce: new Uint8Array(0) },
      { name: 'aes-256-gcm' as 'aes256-gcm', nonce: octetsOf(12) },
    ];
    if (name !== 'chacha20-poly1305') {
      attempts.push({ name, nonce: octetsOf(12), tagLength: 11 as 12 });
      attempts.push({ name, nonce: octetsOf(12), tagLength: 17 as 16 });
    } else attempts.push({ name, nonce: octetsOf(8) }, { name, nonce: octetsOf(24) });
    for (const each of attempts) expect((await rejection(encryptAead(each, key, key))).code).toBe('usage');
    expect((await rejection(encryptAead(algorithm, key.subarray(1), key))).code).toBe('usage');
    expect((await rejection(encryptAead(undefined as never, key, key))).code).toBe('usage');
    expect((await rejection(encryptAead(algorithm, key, key, { engine: 'web' as 'auto' }))).code).toBe(
      'usage',
    );
  });
});

describe('AES-GCM with other nonces and tags', () => {
  const lengths = [1, 2, 7, 8, 11, 13, 16, 60, 128] as const;
  test.each(Object.entries(nodeNames) as [keyof typeof nodeNames, string][])(
    '%s as node:crypto',
    async (name, theirs) => {
      const key = octetsOf(keyLengths[name]);
      for (const nonceLength of lengths) {
        for (const tagLength of [12, 13, 14, 15, 16] as const) {
          const algorithm: AeadAlgorithm = { name, nonce: octetsOf(nonceLength), tagLength };
          const cipher = nodeCrypto.createCipheriv(theirs as 'aes-128-gcm', key, algorithm.nonce, {
            authTagLength: tagLength,
          });
          cipher.setAAD(octetsOf(5));
          const wanted = cipher.update(octetsOf(50), undefined, 'hex') + cipher.final('hex');
          const wantedTag = cipher.getAuthTag().toString('hex');
          for (const engine of engines) {
            const { ciphertext, tag } = await encryptAead(algorithm, key, octetsOf(50), {
              aad: octetsOf(5),
              engine,
            });
            expect([encodeHex(ciphertext), encodeHex(tag)]).toEqual([wanted, wantedTag]);
            const octets = await decryptAead(algorithm, key, ciphertext, tag, { aad: octetsOf(5), engine });
            expect(octets).toEqual(octetsOf(50));
            const wrong = tag.map((octet, i) => octet ^ Number(i === tagLength - 1));
            const error = await rejection(
              decryptAead(algorithm, key, ciphertext, wrong, { aad: octetsOf(5), engine }),
            );
            expect(error.code).toBe('crypto-decryption-failed');
          }
        }
      }
    },
  );

  test('a nonce that OpenSSL does not take goes another way, with the same answer', async () => {
    const algorithm: AeadAlgorithm = { name: 'aes256-gcm', nonce: octetsOf(200) };
    const key = octetsOf(32);
    const own = await encryptAead(algorithm, key, octetsOf(50), { engine: 'typescript' });
    const auto = await encryptAead(algorithm, key, octetsOf(50));
    expect(auto).toEqual(own);
    expect(await decryptAead(algorithm, key, own.ciphertext, own.tag)).toEqual(octetsOf(50));
    const refused = await rejection(encryptAead(algorithm, key, octetsOf(50), { engine: 'native' }));
    expect(refused.code).toBe('crypto-engine-unavailable');
  });
});
