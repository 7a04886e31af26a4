import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateKeyPair, type KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { createSigner } from '../../../src/crypto/signatures/sign.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { seededOctets } from '../../support/seeded.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('RSA keys', () => {
  test.each(['native', 'typescript'] as const)(
    'by the engine %s have the bits wanted and sign',
    async (engine) => {
      const { privateKey, publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 }, { engine });
      expect(publicKey).toMatchObject({ kind: 'rsa', bits: 2048, exponent: Uint8Array.of(1, 0, 1) });
      const signer = createSigner(privateKey, { engine });
      const data = Uint8Array.of(1, 2, 3);
      const signature = await signer.sign(data);
      expect(await verifySignature({ publicKey, algorithm: signer.algorithm, signature, data })).toBe(true);
      const read = createPrivateKey({ key: Buffer.from(privateKey.pkcs8), format: 'der', type: 'pkcs8' });
      expect(read.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
    },
  );

  test('have 3,072 bits where nothing is said', async () => {
    expect((await generateKeyPair({ kind: 'rsa' })).publicKey).toMatchObject({ bits: 3072 });
  });

  test.each([1024, 2047, 2049, 8200, Number.NaN])('of %d bits are not made', async (bits) => {
    await expect(generateKeyPair({ kind: 'rsa', bits })).rejects.toThrowError(code('usage'));
  });

  test('are not looked for without end in what is not random', async () => {
    const random = (length: number) => new Uint8Array(length).fill(0xff);
    await expect(generateKeyPair({ kind: 'rsa', bits: 2048 }, { random })).rejects.toThrowError(
      code('usage'),
    );
  });
});

const kinds: readonly KeyPairKind[] = [
  { kind: 'rsa', bits: 2048 },
  { kind: 'ec', curve: 'P-256' },
  { kind: 'ec', curve: 'P-521' },
  { kind: 'ed25519' },
  { kind: 'ed448' },
  { kind: 'x25519' },
  { kind: 'x448' },
];

test.each(kinds)('a random source alone decides on a key of the kind $kind $curve', async (kind) => {
  const made = async (seed: number) =>
    encodeHex((await generateKeyPair(kind, { random: seededOctets(seed) })).privateKey.pkcs8);
  expect(await made(1)).toBe(await made(1));
  expect(await made(1)).not.toBe(await made(2));
});

test('a key shows nothing secret to a console or to JSON', async () => {
  for (const kind of kinds) {
    const pair = await generateKeyPair(kind);
    const { privateKey } = pair;
    const secret = privateKey.kind === 'rsa' ? privateKey.d : privateKey.pkcs8;
    const shown = `${JSON.stringify(pair)}${String(privateKey)}`;
    expect(shown).not.toContain(`${secret[20]},${secret[21]},${secret[22]}`);
    expect(Object.keys(privateKey).sort()).toEqual(['kind', 'publicKey']);
  }
});

test('what is no kind of key is misuse', async () => {
  await expect(generateKeyPair({ kind: 'dsa' } as unknown as KeyPairKind)).rejects.toThrowError(
    code('usage'),
  );
});
