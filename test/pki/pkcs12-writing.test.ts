import { describe, expect, test } from 'vitest';
import { encryptPrivateKey } from '../../src/crypto/keys/encrypted-private-key.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { rejection } from '../crypto/support.js';

describe('what is written with a password', () => {
  // A program in JavaScript that misspells the option must not get a file that protects nothing.
  for (const options of [undefined, null, {}, { password: undefined }, { password: null }, { password: 5 }]) {
    test(`is not written with ${JSON.stringify(options)}`, async () => {
      const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
      const given = options as unknown as { password: string };
      const problem = { name: 'MailsealError', code: 'usage' };
      expect(await rejection(encryptPrivateKey(privateKey, given))).toMatchObject(problem);
      expect(await rejection(createPkcs12({ keys: [{ privateKey }] }, given))).toMatchObject(problem);
    });
  }
});
