import { afterEach, expect, test, vi } from 'vitest';
import { content, holder, opened, sealedFor } from '../../support/envelopes.js';

const secrets = vi.hoisted(() => [] as Uint8Array[]);

vi.mock('../../../src/crypto/agreement/shared-secret.js', async (original) => {
  const actual = await original<typeof import('../../../src/crypto/agreement/shared-secret.js')>();
  return {
    ...actual,
    deriveSharedSecret: async (...given: Parameters<typeof actual.deriveSharedSecret>) => {
      const secret = await actual.deriveSharedSecret(...given);
      secrets.push(secret);
      return secret;
    },
  };
});

vi.mock('../../../src/crypto/agreement/ephemeral-agreement.js', async (original) => {
  const actual = await original<typeof import('../../../src/crypto/agreement/ephemeral-agreement.js')>();
  return {
    ...actual,
    agreeEphemerally: async (...given: Parameters<typeof actual.agreeEphemerally>) => {
      const agreement = await actual.agreeEphemerally(...given);
      // Where it is made step by step it has been seen already.
      if (!secrets.includes(agreement.secret)) secrets.push(agreement.secret);
      return agreement;
    },
  };
});

vi.mock('../../../src/crypto/agreement/key-agreement.js', async (original) => {
  const actual = await original<typeof import('../../../src/crypto/agreement/key-agreement.js')>();
  return {
    ...actual,
    deriveKek: (...given: Parameters<typeof actual.deriveKek>) => {
      const kek = actual.deriveKek(...given);
      secrets.push(kek);
      return kek;
    },
  };
});

afterEach(() => {
  secrets.length = 0;
});

const areWiped = (): boolean => secrets.every((secret) => secret.every((octet) => octet === 0));

test('an agreement leaves neither the secret nor the key of it, in writing and in reading', async () => {
  const own = await holder('p256');
  const p7m = await sealedFor([own]);
  expect([secrets.length, areWiped()]).toEqual([2, true]);
  expect(await opened(p7m, [own])).toMatchObject({ content });
  expect([secrets.length, areWiped()]).toEqual([4, true]);
});

test('nor where the key cannot be wrapped', async () => {
  const { certificate } = await holder('p256');
  // The vector of the wrap of triple DES is drawn when the key of it is there.
  const random = (length: number) => {
    if (secrets.length > 0) throw new RangeError('no randomness is left');
    return crypto.getRandomValues(new Uint8Array(length));
  };
  const sealing = sealedFor([{ certificate, agreement: { wrap: 'des-ede3-wrap' } }], {
    cipher: 'des-ede3-cbc',
    random,
  });
  await expect(sealing).rejects.toThrow('no randomness is left');
  expect([secrets.length, areWiped()]).toEqual([2, true]);
});
