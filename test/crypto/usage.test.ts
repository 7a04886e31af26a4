import { beforeAll, describe, expect, test } from 'vitest';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import {
  createSigner,
  digest,
  encryptAead,
  encryptPrivateKey,
  encryptWithCbc,
  generateKeyPair,
  hmac,
  type KeyPair,
  parsePrivateKey,
  pbkdf2,
  signData,
  verifySignature,
  wipePrivateKey,
} from '../../src/crypto/index.js';
import { encode as encodeIso2022Jp } from '../../src/iso2022jp/index.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { deriveScramKeys } from '../../src/sasl/scram-keys.js';

const data = Uint8Array.of(1, 2, 3);
// What a program in JavaScript may give.
const none = undefined as never;
let rsa: KeyPair;
let ec: KeyPair;

beforeAll(async () => {
  rsa = await generateKeyPair({ kind: 'rsa', bits: 2048 });
  ec = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
});

const pss = (saltLength: number) =>
  ({ name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength }) as const;
const latin1 = Uint8Array.of(0xe9, 0x74);

const calls: Readonly<Record<string, () => unknown>> = {
  'signData without options': () => signData(none),
  'signData without a key': () => signData({ data, privateKey: none }),
  'signData without octets': () => signData({ data: none, privateKey: ec.privateKey }),
  'an algorithm that is none': () =>
    signData({ data, privateKey: ec.privateKey, algorithm: { name: '__proto__' } as never }),
  'an algorithm that is a text': () =>
    signData({ data, privateKey: ec.privateKey, algorithm: 'ecdsa' as never }),
  'a salt of −1 octet': () => signData({ data, privateKey: rsa.privateKey, algorithm: pss(-1) }),
  'a salt of one octet and a half': () => signData({ data, privateKey: rsa.privateKey, algorithm: pss(1.5) }),
  'a salt of no number of octets': () => signData({ data, privateKey: rsa.privateKey, algorithm: pss(NaN) }),
  'createSigner without a key': async () => createSigner(none),
  'verifySignature without options': () => verifySignature(none),
  'verifySignature without a key': () =>
    verifySignature({ algorithm: { name: 'ed25519' }, publicKey: none, signature: data, data }),
  'wipePrivateKey without a key': async () => wipePrivateKey(none),
  'encryptPrivateKey without a key': () => encryptPrivateKey(none, { password: 'x' }),
  'encryptPrivateKey with MD5': () =>
    encryptPrivateKey(ec.privateKey, { password: 'x', iterations: 1, digest: 'md5' as 'sha1' }),
  'encryptPrivateKey with no digest': () =>
    encryptPrivateKey(ec.privateKey, { password: 'x', iterations: 1, digest: 'foo' as 'sha1' }),
  'a password that is no UTF-8, to write': () => encryptPrivateKey(ec.privateKey, { password: latin1 }),
  'parsePrivateKey without a key': () => parsePrivateKey(none),
  'pbkdf2 without options': () => pbkdf2(data, none),
  'createPkcs12 without contents': () => createPkcs12(none, { password: 'x' }),
  'createPkcs12 without a key in a key': () =>
    createPkcs12({ keys: [{ privateKey: none }] }, { password: 'x', iterations: 1 }),
};

describe('a fault of the caller is told as such', () => {
  for (const [what, call] of Object.entries(calls)) {
    test(what, async () => {
      await expect((async () => call())()).rejects.toThrowError(
        expect.objectContaining({ name: 'MailsealError', code: 'usage' }) as Error,
      );
    });
  }
});

test('a salt that is longer than the key is refused before it is drawn', async () => {
  let drawn = 0;
  const random = (length: number): Uint8Array => {
    drawn += length;
    return new Uint8Array(length);
  };
  for (const saltLength of [1e12, 1e9, 257]) {
    const signing = signData({ data, privateKey: rsa.privateKey, algorithm: pss(saltLength), random });
    await expect(signing).rejects.toThrowError(
      expect.objectContaining({ name: 'MailsealError', code: 'crypto-unsupported' }) as Error,
    );
  }
  expect(drawn).toBe(0);
});

test('a key in the form of OpenSSH is told to be one, and how to change it', async () => {
  const pem =
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n';
  await expect(parsePrivateKey(pem)).rejects.toThrowError(
    expect.objectContaining({
      code: 'crypto-unsupported',
      message: expect.stringContaining('ssh-keygen') as string,
    }) as Error,
  );
});

describe('a name that cannot even be made text', () => {
  const name = Object.create(null) as never;
  const octets = new Uint8Array(16);
  const given: Readonly<Record<string, () => unknown>> = {
    'of a digest': async () => digest(name, octets),
    'of a digest for HMAC': async () => hmac(name, octets, octets),
    'of a cipher in CBC mode': () => encryptWithCbc({ name, iv: octets }, octets, octets),
    'of an AEAD': () => encryptAead({ name, nonce: octets }, octets, octets),
    'of a curve': () => generateKeyPair({ kind: 'ec', curve: name }),
    'of a profile': async () => encodeIso2022Jp('a', { profile: name }),
    'of a cipher of a message': () =>
      createEnvelopedData({ content: octets, cipher: name, recipients: [{ password: 'x' }] }),
    'of a hash of SCRAM': () => deriveScramKeys(name, 'x', { salt: octets, iterations: 1 }),
  };
  for (const [what, call] of Object.entries(given)) {
    test(what, async () => {
      await expect(call()).rejects.toMatchObject({ name: 'MailsealError', code: 'usage' });
    });
  }
});
