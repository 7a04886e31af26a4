import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { isDer } from '../../../src/asn1/to-der.js';
import { createEncryptedData } from '../../../src/cms/enveloped/create.js';
import { parseEncryptedData } from '../../../src/cms/enveloped/encrypted-data.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../../src/cms/enveloped/open.js';
import { equalBytes } from '../../../src/core/bytes.js';
import { createDecryptor } from '../../../src/crypto/transport/decryptor.js';
import { cipherNames, content, holder, opened, sealedFor, ways } from '../../support/envelopes.js';

const isAead = (cipher: string): boolean => !cipher.endsWith('-cbc');
const names = Object.keys(ways);

test(`counts: ${names.length} kinds of recipients, ${cipherNames.length} ciphers`, () => {
  expect([names.length, cipherNames.length]).toEqual([43, 8]);
});

describe.each(names)('%s', (name) => {
  test.each(cipherNames)('in %s', async (cipher) => {
    const { recipient, key } = await ways[name]!();
    // Half of them with the key bound to the cipher.
    const bindAlgorithm = (names.indexOf(name) + cipherNames.indexOf(cipher)) % 2 === 1;
    const p7m = await sealedFor([recipient], { cipher, bindAlgorithm });
    expect(isDer(readBer(p7m))).toBe(true);
    const found = await openEnveloped(parseEnvelopedData(p7m), { keys: [key] });
    expect(found.content).toEqual(content);
    expect([found.cipher.name, found.authenticated, found.isKeyBound, found.keyIndex]).toEqual([
      cipher,
      isAead(cipher),
      bindAlgorithm,
      0,
    ]);
  });
});

test('all kinds in one envelope, each opened with its own key alone', async () => {
  const all = await Promise.all(Object.values(ways).map((way) => way()));
  const p7m = await sealedFor(all.map(({ recipient }) => recipient));
  expect(parseEnvelopedData(p7m).recipients.length).toBe(all.length);
  // One person of several ways is read as the first of them that stands there, whose label may be another.
  const results = await Promise.all(all.map(({ key }) => opened(p7m, [key])));
  for (const result of results) expect(result).toMatchObject({ content, authenticated: true });
});

test.each(['rsa', 'p256', 'x25519'] as const)('by a Decryptor of %s', async (name) => {
  const { certificate, privateKey } = await holder(name);
  const decryptor = createDecryptor(privateKey);
  for (const cipher of ['aes128-cbc', 'aes256-gcm'] as const) {
    const p7m = await sealedFor([{ certificate }], { cipher });
    expect(await opened(p7m, [{ decryptor, certificate }])).toMatchObject({ content });
  }
});

test('in TypeScript alone, RSA included, what native code made', async () => {
  for (const name of ['OAEP SHA-256', 'RSA v1.5', 'p384', 'x25519', 'KEK of 32 octets', 'password']) {
    const { recipient, key } = await ways[name]!();
    for (const cipher of ['aes256-cbc', 'aes256-gcm'] as const) {
      const own = await sealedFor([recipient], { cipher, engine: 'typescript' });
      const native = await sealedFor([recipient], { cipher, engine: 'native' });
      expect(await opened(own, [key], { engine: 'native' })).toMatchObject({ content });
      expect(await opened(native, [key], { engine: 'typescript' })).toMatchObject({ content });
    }
  }
});

test('EncryptedData', async () => {
  for (const cipher of ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'des-ede3-cbc'] as const) {
    const contentKey = new Uint8Array({ 'aes128-cbc': 16, 'aes256-cbc': 32 }[cipher as string] ?? 24).fill(7);
    const octets = await createEncryptedData({ content, contentKey, cipher });
    const found = await openEnveloped(parseEncryptedData(octets), { keys: [{ contentKey }] });
    expect([found.content, found.authenticated, found.recipient]).toEqual([content, false, undefined]);
    const { key } = await ways['p256']!();
    await expect(openEnveloped(parseEncryptedData(octets), { keys: [key] })).rejects.toThrow(
      'it is encrypted for no recipient',
    );
  }
  const wrong = createEncryptedData({ content, contentKey: new Uint8Array(16) });
  await expect(wrong).rejects.toMatchObject({ code: 'usage' });
});

test('content of another type is under the tag with its type', async () => {
  const { recipient, key } = await ways['p256']!();
  const contentType = '1.2.840.113549.1.7.2';
  const p7m = await sealedFor([recipient], { contentType });
  const parsed = parseEnvelopedData(p7m);
  expect(parsed.kind === 'authEnvelopedData' && parsed.authenticatedAttributes.length).toBe(1);
  expect(await opened(p7m, [key])).toMatchObject({ content, contentType, authenticated: true });
});

test('content of no octets, and of a mebibyte', async () => {
  const { recipient, key } = await ways['KEK of 16 octets']!();
  for (const length of [0, 1, 15, 16, 17, 1 << 20]) {
    const octets = new Uint8Array(length).fill(length);
    for (const cipher of ['aes128-cbc', 'aes128-gcm'] as const) {
      const p7m = await sealedFor([recipient], { content: octets, cipher });
      const found = await opened(p7m, [key]);
      // Compared at once: a matcher walks over each octet.
      expect(typeof found !== 'string' && equalBytes(found.content, octets)).toBe(true);
    }
  }
});
