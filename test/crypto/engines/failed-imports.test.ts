import * as nodeCrypto from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';
import { octetsOf } from '../support.js';

const { webcrypto } = nodeCrypto;
const { subtle } = webcrypto;
const data = octetsOf(30);
const digests = ['sha256', 'sha384', 'sha512'] as const;

/** What WebCrypto was asked for, and how many imports are to fail. */
const seen = { imports: 0, uses: 0, failures: 0 };

/** WebCrypto with imports that fail where a test says so. */
const web = {
  importKey: async (...given: Parameters<typeof subtle.importKey>) => {
    seen.imports++;
    if (seen.failures > 0) {
      seen.failures--;
      throw new Error('there is no memory left');
    }
    return subtle.importKey(...given);
  },
  ...Object.fromEntries(
    (['encrypt', 'decrypt', 'sign', 'verify', 'deriveBits'] as const).map((name) => [
      name,
      (...given: never[]) => {
        seen.uses++;
        return Reflect.apply(subtle[name], subtle, given);
      },
    ]),
  ),
};

/** The crypto room where there is that WebCrypto and no node:crypto. */
async function room() {
  vi.resetModules();
  const getRandomValues = webcrypto.getRandomValues.bind(webcrypto);
  vi.stubGlobal('crypto', { getRandomValues, subtle: web });
  vi.stubGlobal('process', { ...process, getBuiltinModule: () => undefined });
  return import('../../../src/crypto/index.js');
}

beforeEach(() => {
  Object.assign(seen, { imports: 0, uses: 0, failures: 0 });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Does something that tests WebCrypto first; then, with keys that were not used before, while an import fails, and after. */
async function expectTriedAgain(work: (keys: 'others' | 'these') => Promise<unknown>): Promise<void> {
  await work('others');
  Object.assign(seen, { imports: 0, uses: 0, failures: 1 });
  // TypeScript does it meanwhile, where it may.
  await work('these').catch(() => {});
  expect(seen).toMatchObject({ imports: 1, uses: 0, failures: 0 });
  await work('these');
  const { imports, uses } = seen;
  expect(imports).toBeGreaterThan(1);
  expect(uses).toBeGreaterThan(0);
  await work('these');
  // What did not fail is kept.
  expect(seen.imports).toBe(imports);
  expect(seen.uses).toBeGreaterThan(uses);
}

test.each(digests)('a key that is encrypted for by OAEP with %s is imported again', async (digest) => {
  const { encryptKey, generateKeyPair } = await room();
  const pairs = { others: await rsa(generateKeyPair), these: await rsa(generateKeyPair) };
  const algorithm = { name: 'rsa-oaep', digest, mgfDigest: digest } as const;
  await expectTriedAgain((keys) =>
    encryptKey({ publicKey: pairs[keys].publicKey, algorithm, key: octetsOf(16) }),
  );
});

test('two that ask at once share the failure, and the import that comes after', async () => {
  const { encryptKey, generateKeyPair } = await room();
  const algorithm = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
  const [other, { publicKey }] = [await rsa(generateKeyPair), await rsa(generateKeyPair)];
  await encryptKey({ publicKey: other.publicKey, algorithm, key: data });
  Object.assign(seen, { imports: 0, uses: 0, failures: 1 });
  const both = () => Promise.all([1, 2].map(() => encryptKey({ publicKey, algorithm, key: data })));
  await both();
  expect(seen).toEqual({ imports: 1, uses: 0, failures: 0 });
  await both();
  expect(seen).toEqual({ imports: 2, uses: 2, failures: 0 });
});

test('a key that decrypts by OAEP is imported again', async () => {
  const { decryptKey, encryptKey, generateKeyPair } = await room();
  const algorithm = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
  const pairs = { others: await rsa(generateKeyPair), these: await rsa(generateKeyPair) };
  await expectTriedAgain(async (keys) => {
    const { publicKey, privateKey } = pairs[keys];
    const encryptedKey = await encryptKey({ publicKey, algorithm, key: data, engine: 'typescript' });
    expect(await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 30 })).toEqual(data);
  });
});

const ecdsa: SignatureAlgorithm = { name: 'ecdsa', digest: 'sha256' };

test('a key that signs is imported again', async () => {
  const { generateKeyPair, signData } = await room();
  const make = () => generateKeyPair({ kind: 'ec', curve: 'P-256' });
  const pairs = { others: await make(), these: await make() };
  await expectTriedAgain((keys) => signData({ privateKey: pairs[keys].privateKey, algorithm: ecdsa, data }));
});

test('a key that verifies is imported again', async () => {
  const { generateKeyPair, signData, verifySignature } = await room();
  const make = () => generateKeyPair({ kind: 'ec', curve: 'P-256' });
  const pairs = { others: await make(), these: await make() };
  await expectTriedAgain(async (keys) => {
    const { publicKey, privateKey } = pairs[keys];
    const signature = await signData({ privateKey, algorithm: ecdsa, data, engine: 'typescript' });
    expect(await verifySignature({ publicKey, algorithm: ecdsa, signature, data })).toBe(true);
  });
});

function rsa(generateKeyPair: typeof import('../../../src/crypto/index.js')['generateKeyPair']) {
  return generateKeyPair({ kind: 'rsa', bits: 2048 });
}
