import { describe, expect, test } from 'vitest';
import { encryptPrivateKey } from '../../../src/crypto/keys/encrypted-private-key.js';
import { generateKeyPair, type KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { createSigner, signData } from '../../../src/crypto/signatures/sign.js';
import { createPkcs12 } from '../../../src/pki/pkcs12/create-pkcs12.js';
import { rejection } from '../support.js';

const kinds: readonly KeyPairKind[] = [
  { kind: 'rsa', bits: 2048 },
  { kind: 'ec', curve: 'P-256' },
  { kind: 'ec', curve: 'brainpoolP256r1' },
  { kind: 'ed25519' },
  { kind: 'ed448' },
];
const data = Uint8Array.of(1, 2, 3);
const refusal = { code: 'usage', message: expect.stringContaining('wiped') as unknown };

for (const kind of kinds) {
  describe(`a wiped key of ${kind.kind === 'ec' ? kind.curve : kind.kind}`, () => {
    for (const engine of ['auto', 'native', 'typescript'] as const) {
      test(`signs no more on the engine ${engine}, used before or not`, async () => {
        for (const usedBefore of [true, false]) {
          const { privateKey } = await generateKeyPair(kind);
          const signer = createSigner(privateKey, { engine });
          if (usedBefore) await signer.sign(data);
          wipePrivateKey(privateKey);
          expect(await rejection(signData({ privateKey, data, engine }))).toMatchObject(refusal);
          expect(await rejection(signer.sign(data))).toMatchObject(refusal);
          expect(() => createSigner(privateKey, { engine })).toThrow('wiped');
        }
      });
    }

    test('is not written', async () => {
      const { privateKey } = await generateKeyPair(kind);
      wipePrivateKey(privateKey);
      const options = { password: '合言葉', iterations: 1 };
      expect(await rejection(encryptPrivateKey(privateKey, options))).toMatchObject(refusal);
      expect(await rejection(createPkcs12({ keys: [{ privateKey }] }, options))).toMatchObject(refusal);
    });
  });
}

test('a key that is wiped while it is being written is not written as zeros', async () => {
  const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
  const writing = encryptPrivateKey(privateKey, { password: '合言葉', iterations: 100 });
  wipePrivateKey(privateKey);
  expect(await rejection(writing)).toMatchObject(refusal);
});
