import * as realCrypto from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import type { KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf } from '../support.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The crypto room in a runtime whose node:crypto has these members instead, and no WebCrypto that signs. */
async function roomWith(members: object) {
  vi.resetModules();
  const { getRandomValues } = globalThis.crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(globalThis.crypto) });
  vi.stubGlobal('process', { ...process, getBuiltinModule: () => ({ ...realCrypto, ...members }) });
  return import('../../../src/crypto/index.js');
}

const data = octetsOf(50);
const unavailable = expect.objectContaining({ code: 'crypto-engine-unavailable' }) as Error;

describe('a fault in native code after its known-answer test', () => {
  for (const kind of ['ed25519', 'ed448'] as const) {
    test(`makes no wrong signature of ${kind}`, async () => {
      let faulty = false;
      const room = await roomWith({
        sign: (...given: Parameters<typeof realCrypto.sign>) => {
          // Of its overloads the type has the last alone, which hands the signature to a callback.
          const signature = realCrypto.sign(...given) as unknown as Buffer;
          if (faulty) signature[40]! ^= 1;
          return signature;
        },
      });
      const { privateKey } = await room.generateKeyPair({ kind });
      const right = encodeHex(await room.signData({ privateKey, data }));
      faulty = true;
      expect(encodeHex(await room.signData({ privateKey, data }))).toBe(right);
      await expect(room.signData({ privateKey, data, engine: 'native' })).rejects.toThrowError(unavailable);
    });
  }

  test('is met before an RSA key that does not sign is given out', async () => {
    let signatures = 0;
    const room = await roomWith({
      privateEncrypt: (...given: Parameters<typeof realCrypto.privateEncrypt>) => {
        signatures++;
        return realCrypto.privateEncrypt(...given);
      },
    });
    await room.generateKeyPair({ kind: 'rsa', bits: 2048 });
    expect(signatures).toBe(1);
  });
});

describe('a random source', () => {
  for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
    test(`is what ECDSA on ${curve} draws from, whatever the engine`, async () => {
      const room = await import('../../../src/crypto/index.js');
      const { privateKey } = await room.generateKeyPair({ kind: 'ec', curve });
      let drawn = 0;
      const random = (length: number): Uint8Array => {
        drawn += length;
        return new Uint8Array(length).fill(5);
      };
      const first = encodeHex(await room.signData({ privateKey, data, random }));
      expect(drawn).toBeGreaterThan(0);
      expect(encodeHex(await room.signData({ privateKey, data, random }))).toBe(first);
      await expect(room.signData({ privateKey, data, random, engine: 'native' })).rejects.toThrowError(
        unavailable,
      );
    });
  }

  test('does not keep an engine that there is not from being refused', async () => {
    const room = await import('../../../src/crypto/index.js');
    const options = { engine: 'bogus' as Engine, random: (length: number) => octetsOf(length) };
    const kinds: readonly KeyPairKind[] = [
      { kind: 'rsa', bits: 2048 },
      { kind: 'ec', curve: 'P-256' },
    ];
    for (const kind of kinds) {
      await expect(room.generateKeyPair(kind, options)).rejects.toThrowError(
        expect.objectContaining({ code: 'usage' }) as Error,
      );
    }
  });
});
