import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import type { RsaPrivateKey } from '../../src/crypto/keys/private-key.js';
import { publicOperation } from '../../src/crypto/rsa-operations.js';
import { blindedPrivateOperation } from '../../src/crypto/rsa-private-operation.js';
import { seededOctets } from '../support/seeded.js';

/** Lengths of what was drawn from the platform while something was done. */
function drawn(work: () => void): number[] {
  const lengths: number[] = [];
  const real = crypto.getRandomValues.bind(crypto);
  const spy = vi.spyOn(crypto, 'getRandomValues').mockImplementation((octets) => {
    lengths.push(octets.byteLength);
    return real(octets);
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return lengths;
}

async function rsaKey(bits: number): Promise<RsaPrivateKey> {
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  const key = await parsePrivateKey(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
  if (key.kind !== 'rsa') throw new Error('no RSA key');
  return key;
}

describe('RSA in TypeScript', () => {
  test.each([512, 1024, 2048, 3072])(
    'undoes what the public key did, a hundred times (%i bits)',
    async (bits) => {
      const key = await rsaKey(bits);
      const random = seededOctets(bits);
      for (let i = 0; i < 100; i++) {
        const octets = random(bits / 8);
        octets[0] = 0;
        const sealed = publicOperation(key.publicKey, octets, undefined);
        expect(blindedPrivateOperation(key, sealed, {})).toEqual(octets);
      }
    },
  );

  test('draws a number for the base every 32 operations, and those for both exponents at each', async () => {
    const key = await rsaKey(1024);
    const octets = new Uint8Array(128).fill(1);
    const lengths = drawn(() => {
      for (let i = 0; i < 65; i++) blindedPrivateOperation(key, octets, {});
    });
    // 64 bits more than the number has are drawn.
    const bases = lengths.flatMap((length, at) => (length >= 128 ? [at] : []));
    expect(bases).toEqual([0, 33, 66]);
    expect(lengths.length).toBe(65 + 3);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(16 + 8);
  });

  test('asks a source of the caller for the base and the exponents at each', async () => {
    const key = await rsaKey(1024);
    const octets = new Uint8Array(128).fill(1);
    const asked: number[] = [];
    const seeded = seededOctets(5);
    const random = (length: number) => {
      asked.push(length);
      return seeded(length);
    };
    const platform = drawn(() => {
      for (let i = 0; i < 3; i++) blindedPrivateOperation(key, octets, { random });
    });
    expect(platform).toEqual([]);
    expect(asked.length).toBe(6);
  });
});
