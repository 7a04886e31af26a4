import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { WebCrypto } from '../../../src/crypto/engines/native-web-crypto.js';
import { generateKeyPair, type KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { signData } from '../../../src/crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { octetsOf } from '../support.js';

// A browser, or a Worker: WebCrypto and no node:crypto.
vi.mock('../../../src/crypto/engines/native-crypto.js', () => ({ nativeCrypto: () => undefined }));

const { subtle } = (globalThis as unknown as { crypto: { subtle: WebCrypto } }).crypto;
const data = octetsOf(300);
const calls: string[] = [];

beforeAll(() => {
  const spied = vi.spyOn(subtle, 'sign');
  spied.mockImplementation(async (...args) => {
    calls.push(args[0].name);
    return Reflect.apply(original, subtle, args);
  });
});
const original = subtle.sign;
afterAll(() => vi.restoreAllMocks());

const cases: readonly (readonly [KeyPairKind, SignatureAlgorithm, boolean])[] = [
  [{ kind: 'rsa', bits: 2048 }, { name: 'rsa-pkcs1', digest: 'sha256' }, true],
  [{ kind: 'rsa', bits: 2048 }, { name: 'rsa-pkcs1', digest: 'sha3-256' }, false],
  [
    { kind: 'rsa', bits: 2048 },
    { name: 'rsa-pss', digest: 'sha384', mgfDigest: 'sha384', saltLength: 48 },
    true,
  ],
  [
    { kind: 'rsa', bits: 2048 },
    { name: 'rsa-pss', digest: 'sha384', mgfDigest: 'sha256', saltLength: 48 },
    false,
  ],
  [{ kind: 'ec', curve: 'P-256' }, { name: 'ecdsa', digest: 'sha256' }, true],
  [{ kind: 'ec', curve: 'P-384' }, { name: 'ecdsa', digest: 'sha512' }, true],
  [{ kind: 'ec', curve: 'P-521' }, { name: 'ecdsa', digest: 'sha512' }, true],
  [{ kind: 'ec', curve: 'P-256' }, { name: 'ecdsa', digest: 'sha3-256' }, false],
  [{ kind: 'ec', curve: 'brainpoolP256r1' }, { name: 'ecdsa', digest: 'sha256' }, false],
  [{ kind: 'ed25519' }, { name: 'ed25519' }, true],
  [{ kind: 'ed448' }, { name: 'ed448' }, false],
];

describe('where there is WebCrypto and no node:crypto', () => {
  test.each(cases)('a key %o signs with %o, by WebCrypto: %s', async (kind, algorithm, byWeb) => {
    const { privateKey, publicKey } = await generateKeyPair(kind);
    calls.length = 0;
    const signature = await signData({ privateKey, algorithm, data });
    expect(calls.length > 0).toBe(byWeb);
    expect(await verifySignature({ publicKey, algorithm, signature, data, engine: 'typescript' })).toBe(true);
    const native = signData({ privateKey, algorithm, data, engine: 'native' });
    if (byWeb) expect((await native).length).toBeGreaterThan(0);
    else
      await expect(native).rejects.toMatchObject({
        code: expect.stringMatching(/^crypto-engine-unavailable$/),
      });
  });

  test('a signature of WebCrypto that does not verify is made again in TypeScript', async () => {
    const { privateKey, publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
    const broken = vi.spyOn(subtle, 'sign').mockImplementation(async () => new ArrayBuffer(256));
    const algorithm = { name: 'rsa-pkcs1', digest: 'sha256' } as const;
    const signature = await signData({ privateKey, algorithm, data });
    expect(broken).toHaveBeenCalled();
    expect(await verifySignature({ publicKey, algorithm, signature, data })).toBe(true);
  });
});
