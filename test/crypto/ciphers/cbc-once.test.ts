import { afterEach, expect, test, vi } from 'vitest';
import type { CbcAlgorithm } from '../../../src/crypto/ciphers/cbc-blocks.js';
import { decryptWithCbc, encryptWithCbc } from '../../../src/crypto/ciphers/cbc-once.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, rejection } from '../support.js';

const algorithms: readonly (readonly [CbcAlgorithm, number])[] = [
  [{ name: 'aes128-cbc', iv: octetsOf(16) }, 16],
  [{ name: 'aes192-cbc', iv: octetsOf(16) }, 24],
  [{ name: 'aes256-cbc', iv: octetsOf(16) }, 32],
  [{ name: 'des-ede3-cbc', iv: octetsOf(8) }, 24],
  [{ name: 'rc2-cbc', iv: octetsOf(8), effectiveKeyBits: 128 }, 16],
];

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(algorithms)('$name there and back', async (algorithm, keyLength) => {
  for (const length of [0, 1, 15, 16, 17, 100]) {
    const encrypted = await encryptWithCbc(algorithm, octetsOf(keyLength), octetsOf(length));
    expect(await decryptWithCbc(algorithm, octetsOf(keyLength), encrypted)).toEqual(octetsOf(length));
  }
  const wrong = await rejection(decryptWithCbc(algorithm, octetsOf(keyLength), octetsOf(15)));
  expect(wrong.code).toBe('crypto-decryption-failed');
  for (const bad of [
    encryptWithCbc(algorithm, octetsOf(keyLength + 200), octetsOf(3)),
    encryptWithCbc({ ...algorithm, iv: octetsOf(7) }, octetsOf(keyLength), octetsOf(3)),
    decryptWithCbc(undefined as never, octetsOf(keyLength), octetsOf(3)),
    decryptWithCbc({ ...algorithm, name: 'aes128' as 'aes128-cbc' }, octetsOf(keyLength), octetsOf(3)),
    decryptWithCbc(algorithm, octetsOf(keyLength), undefined as never),
  ]) {
    expect((await rejection(bad)).code).toBe('usage');
  }
});

/** The functions as they are where there is no node:crypto, and this WebCrypto. */
async function withWeb(subtle: object | undefined) {
  vi.resetModules();
  vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
  vi.stubGlobal('crypto', subtle === undefined ? undefined : { subtle });
  return import('../../../src/crypto/ciphers/cbc-once.js');
}

const { subtle } = globalThis.crypto;
const web = {
  importKey: subtle.importKey.bind(subtle),
  encrypt: subtle.encrypt.bind(subtle),
  decrypt: subtle.decrypt.bind(subtle),
};

test('without node:crypto, WebCrypto does AES and nothing else', async () => {
  for (const [algorithm, keyLength] of algorithms) {
    const expected = encodeHex(await encryptWithCbc(algorithm, octetsOf(keyLength), octetsOf(50)));
    let asked = 0;
    const counting = {
      ...web,
      encrypt: (...args: Parameters<typeof web.encrypt>) => {
        asked++;
        return web.encrypt(...args);
      },
    };
    const room = await withWeb(counting);
    expect(encodeHex(await room.encryptWithCbc(algorithm, octetsOf(keyLength), octetsOf(50)))).toBe(expected);
    expect(asked).toBe(algorithm.name.startsWith('aes') ? 2 : 0);
  }
});

test.each<[string, object | undefined]>([
  ['is missing', undefined],
  ['is empty', {}],
  ['takes any padding', { ...web, decrypt: async () => octetsOf(37) }],
  ['encrypts something else', { ...web, encrypt: async () => octetsOf(48).buffer }],
])('a WebCrypto that %s is not used', async (_, broken) => {
  const { decryptWithCbc: decrypt, encryptWithCbc: encrypt } = await withWeb(broken);
  const [algorithm] = algorithms[0]!;
  const encrypted = await encrypt(algorithm, octetsOf(16), octetsOf(50));
  expect(await decrypt(algorithm, octetsOf(16), encrypted)).toEqual(octetsOf(50));
  await expect(encrypt(algorithm, octetsOf(16), octetsOf(50), { engine: 'native' })).rejects.toThrowError(
    expect.objectContaining({ code: 'crypto-engine-unavailable' }) as Error,
  );
});

test('what a WebCrypto cannot do, though it passed its test, is done by another', async () => {
  let limited = false;
  const unless = async (run: () => Promise<ArrayBuffer>) => {
    if (limited) throw new DOMException('too much', 'QuotaExceededError');
    return run();
  };
  const { decryptWithCbc: decrypt, encryptWithCbc: encrypt } = await withWeb({
    ...web,
    encrypt: (...args: Parameters<typeof web.encrypt>) => unless(() => web.encrypt(...args)),
    decrypt: (...args: Parameters<typeof web.decrypt>) => unless(() => web.decrypt(...args)),
  });
  const [algorithm] = algorithms[0]!;
  const encrypted = await encrypt(algorithm, octetsOf(16), octetsOf(50), { engine: 'native' });
  const wrong = decrypt(algorithm, octetsOf(16), octetsOf(15), { engine: 'native' });
  await expect(wrong).rejects.toMatchObject({ code: 'crypto-decryption-failed' });
  limited = true;
  expect(await encrypt(algorithm, octetsOf(16), octetsOf(50))).toEqual(encrypted);
  expect(await decrypt(algorithm, octetsOf(16), encrypted)).toEqual(octetsOf(50));
  for (const attempt of [encrypt, decrypt]) {
    const refused = attempt(algorithm, octetsOf(16), encrypted, { engine: 'native' });
    await expect(refused).rejects.toMatchObject({ code: 'crypto-engine-unavailable' });
  }
});
