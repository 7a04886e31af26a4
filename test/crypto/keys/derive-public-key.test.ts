import * as realCrypto from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import { generateKeyPair, type KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf } from '../support.js';

const kinds: readonly KeyPairKind[] = [
  { kind: 'ec', curve: 'P-256' },
  { kind: 'ed25519' },
  { kind: 'ed448' },
  { kind: 'x25519' },
];

describe('public keys', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** The crypto room in a runtime whose createPublicKey works so many times. */
  async function roomWith(createPublicKey: typeof realCrypto.createPublicKey) {
    vi.resetModules();
    vi.stubGlobal('process', {
      ...process,
      getBuiltinModule: () => ({ ...realCrypto, createPublicKey }),
    });
    return import('../../../src/crypto/keys/generate-key-pair.js');
  }

  for (const kind of kinds) {
    test(`of ${JSON.stringify(kind)} are computed in TypeScript where native code fails after its test`, async () => {
      let calls = 0;
      const room = await roomWith(((input: Parameters<typeof realCrypto.createPublicKey>[0]) => {
        calls++;
        if (calls > 1) throw new TypeError('out of order');
        return realCrypto.createPublicKey(input);
      }) as typeof realCrypto.createPublicKey);
      const { privateKey } = await room.generateKeyPair(kind);
      expect(calls).toBe(2);
      const read = realCrypto.createPrivateKey({
        key: Buffer.from(privateKey.pkcs8),
        format: 'der',
        type: 'pkcs8',
      });
      const spki = realCrypto.createPublicKey(read).export({ format: 'der', type: 'spki' });
      const { publicKey } = privateKey;
      const own = publicKey.kind === 'ec' ? publicKey.point : 'key' in publicKey ? publicKey.key : undefined;
      expect(encodeHex(spki).endsWith(encodeHex(own!))).toBe(true);
      await expect(room.generateKeyPair(kind, { engine: 'native' })).rejects.toThrowError(
        expect.objectContaining({ name: 'MailsealError', code: 'crypto-engine-unavailable' }),
      );
    });

    test(`of ${JSON.stringify(kind)}: the engine typescript asks no native code, and a bogus one is refused`, async () => {
      let calls = 0;
      const room = await roomWith(((input: Parameters<typeof realCrypto.createPublicKey>[0]) => {
        calls++;
        return realCrypto.createPublicKey(input);
      }) as typeof realCrypto.createPublicKey);
      await room.generateKeyPair(kind, { engine: 'typescript' });
      expect(calls).toBe(0);
      await expect(room.generateKeyPair(kind, { engine: 'bogus' as Engine })).rejects.toThrowError(
        expect.objectContaining({ name: 'MailsealError', code: 'usage' }),
      );
    });
  }
});

describe('what generateKeyPair is given', () => {
  const usage = expect.objectContaining({ name: 'MailsealError', code: 'usage' });

  test('no curve that is known', async () => {
    for (const curve of ['P-999', 'toString', undefined]) {
      const kind = { kind: 'ec', curve } as unknown as KeyPairKind;
      await expect(generateKeyPair(kind)).rejects.toThrowError(usage);
    }
  });

  test('no kind', async () => {
    for (const kind of [undefined, null, {}, { kind: 'dsa' }]) {
      await expect(generateKeyPair(kind as unknown as KeyPairKind)).rejects.toThrowError(usage);
    }
  });

  test('a bogus engine for RSA', async () => {
    const options = { engine: 'bogus' as Engine };
    await expect(generateKeyPair({ kind: 'rsa', bits: 2048 }, options)).rejects.toThrowError(usage);
  });

  test('a source whose buffer is used again keeps it', async () => {
    const buffer = octetsOf(32);
    const before = encodeHex(buffer);
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' }, { random: () => buffer });
    expect(encodeHex(buffer)).toBe(before);
    buffer.fill(0);
    if (privateKey.kind !== 'ed25519') throw new Error('another kind');
    expect(privateKey.seed).toEqual(decodeHex(before));
  });

  test('a source that gives no octets', async () => {
    const random = (async (length: number) => new Uint8Array(length)) as unknown as () => Uint8Array;
    await expect(generateKeyPair({ kind: 'ed25519' }, { random })).rejects.toThrowError(usage);
  });
});
