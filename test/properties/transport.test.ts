import { gcm as nobleGcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derOctetString, derOid, derSequence } from '../../src/asn1/writer.js';
import { MailsealError } from '../../src/core/errors.js';
import { type AeadAlgorithm, decryptAead, encryptAead } from '../../src/crypto/ciphers/aead.js';
import {
  type ContentCipher,
  contentKeyLength,
  encodeContentCipher,
  isAead,
  parseContentCipher,
} from '../../src/crypto/ciphers/content-cipher.js';
import { sealGcm } from '../../src/crypto/ciphers/gcm.js';
import type { DigestName } from '../../src/crypto/digests/digest.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import type { RsaPrivateKey } from '../../src/crypto/keys/private-key.js';
import { publicOperation } from '../../src/crypto/rsa-operations.js';
import { decryptKey } from '../../src/crypto/transport/decrypt-key.js';
import { encryptKey } from '../../src/crypto/transport/encrypt-key.js';
import {
  encodeKeyTransportAlgorithm,
  type KeyTransportAlgorithm,
  parseKeyTransportAlgorithm,
} from '../../src/crypto/transport/key-transport-algorithm.js';
import { unpadPkcs1 } from '../../src/crypto/transport/pkcs1-padding.js';
import { rejectionKey } from '../../src/crypto/transport/rejection-key.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { engines } from '../crypto/support.js';

const exactly = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((octets) => Uint8Array.from(octets));
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((each) => Uint8Array.from(each));

const aeads: fc.Arbitrary<AeadAlgorithm> = fc.oneof(
  fc.record({
    name: fc.constantFrom('aes128-gcm' as const, 'aes192-gcm' as const, 'aes256-gcm' as const),
    nonce: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    tagLength: fc.constantFrom(12 as const, 13 as const, 14 as const, 15 as const, 16 as const),
  }),
  exactly(12).map((nonce) => ({ name: 'chacha20-poly1305' as const, nonce })),
);

const ciphers: fc.Arbitrary<ContentCipher> = fc.oneof(
  aeads,
  fc.tuple(fc.constantFrom('aes128-cbc' as const, 'aes256-cbc' as const), exactly(16)).map(([name, iv]) => ({
    name,
    iv,
  })),
  fc
    .tuple(exactly(8), fc.constantFrom(40, 64, 128))
    .map(([iv, effectiveKeyBits]) => ({ name: 'rc2-cbc' as const, iv, effectiveKeyBits })),
);

const digests = fc.constantFrom<DigestName[]>('sha1', 'sha256', 'sha384', 'sha512', 'sha3-256');
const transports: fc.Arbitrary<KeyTransportAlgorithm> = fc.oneof(
  fc.constant({ name: 'rsa-pkcs1' as const }),
  fc.record({ name: fc.constant('rsa-oaep' as const), digest: digests, mgfDigest: digests }),
  fc.record({
    name: fc.constant('rsa-oaep' as const),
    digest: digests,
    mgfDigest: digests,
    label: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((label) => Uint8Array.from(label)),
  }),
);

let privateKey: RsaPrivateKey;
beforeAll(async () => {
  privateKey = (await generateKeyPair({ kind: 'rsa', bits: 2048 })).privateKey as RsaPrivateKey;
});

describe('ciphers', () => {
  test('what is encrypted by one engine is decrypted by any, and with any octet changed by none', async () => {
    await fc.assert(
      fc.asyncProperty(aeads, octets(100), octets(20), fc.nat(), async (algorithm, content, aad, place) => {
        const key = new Uint8Array(contentKeyLength(algorithm)).fill(place);
        const seen = new Set<string>();
        for (const engine of engines) {
          const { ciphertext, tag } = await encryptAead(algorithm, key, content, { aad, engine });
          seen.add(encodeHex(ciphertext) + encodeHex(tag));
          expect(await decryptAead(algorithm, key, ciphertext, tag, { aad, engine })).toEqual(content);
          const whole = Uint8Array.from([...ciphertext, ...tag]);
          whole[place % whole.length]! ^= 1 + (place % 255);
          const attempt = decryptAead(
            algorithm,
            key,
            whole.subarray(0, content.length),
            whole.subarray(content.length),
            { aad, engine },
          );
          await expect(attempt).rejects.toThrowError(
            expect.objectContaining({ code: 'crypto-decryption-failed' }) as Error,
          );
        }
        expect(seen.size).toBe(1);
      }),
      { numRuns: 200 },
    );
  });

  test('AES-GCM in TypeScript is noble’s for all nonces that noble takes, wherever the octets lie', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16, 24, 32).chain(exactly),
        fc.uint8Array({ minLength: 8, maxLength: 40 }),
        octets(20),
        octets(200),
        fc.nat(3),
        (key, nonce, aad, content, start) => {
          const plain = content.subarray(Math.min(start, content.length));
          const own = sealGcm(key, Uint8Array.from(nonce), aad, plain, 16);
          const whole = nobleGcm(key, nonce, aad).encrypt(plain);
          expect(encodeHex(own.ciphertext) + encodeHex(own.tag)).toBe(encodeHex(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('are read as they are written', () => {
    fc.assert(
      fc.property(ciphers, (cipher) => {
        const read = parseContentCipher(encodeContentCipher(cipher));
        expect({ ...read, nonce: undefined, iv: undefined }).toEqual({
          ...cipher,
          nonce: undefined,
          iv: undefined,
        });
        expect(Uint8Array.from(isAead(read) ? read.nonce : read.iv)).toEqual(
          Uint8Array.from(isAead(cipher) ? cipher.nonce : cipher.iv),
        );
        expect(isAead(read)).toBe(isAead(cipher));
        expect(encodeHex(encodeContentCipher(read))).toBe(encodeHex(encodeContentCipher(cipher)));
      }),
    );
  });
});

describe('key transport', () => {
  test('is read as it is written', () => {
    fc.assert(
      fc.property(transports, (algorithm) => {
        expect(parseKeyTransportAlgorithm(encodeKeyTransportAlgorithm(algorithm))).toEqual(algorithm);
      }),
    );
  });

  test('a key of any length that fits goes there and back', async () => {
    await fc.assert(
      fc.asyncProperty(transports, octets(60), async (algorithm, key) => {
        const { publicKey } = privateKey;
        const encryptedKey = await encryptKey({ publicKey, algorithm, key });
        for (const engine of engines) {
          const found = await decryptKey({
            privateKey,
            algorithm,
            encryptedKey,
            keyLength: key.length,
            engine,
          });
          expect(found).toEqual(key);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('any octets for a ciphertext give a key of that length, the same by every engine', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(octets(300), exactly(256)),
        fc.integer({ min: 1, max: 60 }),
        async (encryptedKey, keyLength) => {
          const wanted = encodeHex(rejectionKey(privateKey, encryptedKey, keyLength, {}));
          for (const engine of engines) {
            const algorithm = { name: 'rsa-pkcs1' } as const;
            const found = await decryptKey({ privateKey, algorithm, encryptedKey, keyLength, engine });
            expect(encodeHex(found)).toBe(wanted);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('the unpadding that takes the same steps always says what the plain one says', () => {
    const encodings = fc
      .tuple(exactly(64), fc.integer({ min: 0, max: 64 }), fc.boolean(), fc.boolean())
      .map(([drawn, separator, head, noZeros]) => {
        const encoded = noZeros ? drawn.map((octet) => octet || 1) : drawn;
        if (head) encoded.set([0, 2]);
        if (separator > 1 && separator < 64) encoded[separator] = 0;
        return encoded;
      });
    fc.assert(
      fc.property(encodings, fc.integer({ min: 0, max: 64 }), (encoded, near) => {
        const separator = encoded.indexOf(0, 2);
        const well = encoded[0] === 0 && encoded[1] === 2 && separator >= 10;
        for (const length of new Set([near, 63 - separator, 62 - separator, 64 - separator])) {
          if (length < 0 || length > 64) continue;
          const instead = new Uint8Array(length).fill(0xa5);
          const fits = well && 63 - separator === length;
          const wanted = fits ? encoded.slice(separator + 1) : instead;
          expect(unpadPkcs1(encoded, length, instead)).toEqual(wanted);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('garbage', () => {
  const survives = (action: () => unknown): void => {
    try {
      action();
    } catch (error) {
      expect(error).toBeInstanceOf(MailsealError);
    }
  };
  const oids = fc.constantFrom(
    '2.16.840.1.101.3.4.1.46',
    '1.2.840.113549.1.9.16.3.18',
    '1.2.840.113549.1.1.7',
    '1.2.840.113549.1.1.1',
    '1.2.840.113549.3.2',
  );
  test('as an algorithm gives a value or a MailsealError', () => {
    fc.assert(
      fc.property(octets(40), octets(40), oids, (first, second, oid) => {
        for (const input of [
          first,
          derSequence(derOid(oid), first),
          derSequence(derOid(oid), derSequence(first, second)),
          derSequence(derOid(oid), derSequence(derOctetString(first), second)),
          derSequence(derOid(oid), derOctetString(first)),
        ]) {
          survives(() => parseContentCipher(input));
          survives(() => parseKeyTransportAlgorithm(input));
          survives(() => readBer(input));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('as a key with OAEP has one error', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(exactly(256), async (encoded) => {
        encoded[0] = 0;
        const encryptedKey = publicOperation(privateKey.publicKey, encoded, 'auto');
        const algorithm = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
        try {
          await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 16 });
          seen.add('a key');
        } catch (error) {
          seen.add(error instanceof MailsealError ? `${error.code} ${error.message}` : String(error));
        }
      }),
      { numRuns: 100 },
    );
    expect([...seen]).toEqual([
      'crypto-decryption-failed it cannot be decrypted: the key is wrong or it was changed',
    ]);
  });
});
