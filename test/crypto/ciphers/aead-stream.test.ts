import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { type AeadAlgorithm, aeadKeyLength, encryptAead } from '../../../src/crypto/ciphers/aead.js';
import {
  createAeadEncryptor,
  createAeadVerifier,
  createVerifiedDecryptor,
} from '../../../src/crypto/ciphers/aead-stream.js';

const names = ['aes128-gcm', 'aes192-gcm', 'aes256-gcm', 'chacha20-poly1305'] as const;
const engines = ['native', 'typescript'] as const;

const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Uint8Array.from(array));

/** A job of any cipher: AES-GCM also with a nonce or a tag of an unusual length. */
const jobs = fc.constantFrom(...names).chain((name) =>
  fc.record({
    algorithm: (name === 'chacha20-poly1305'
      ? fc.record({ name: fc.constant(name), nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }) })
      : fc.record({
          name: fc.constant(name),
          nonce: fc.uint8Array({ minLength: 1, maxLength: 40 }),
          tagLength: fc.constantFrom(12, 13, 14, 15, 16),
        })) as fc.Arbitrary<AeadAlgorithm>,
    key: fc.uint8Array({ minLength: aeadKeyLength(name), maxLength: aeadKeyLength(name) }),
    aad: octets(40),
    content: octets(300),
    lengths: fc.array(fc.nat(70), { minLength: 1 }),
  }),
);

/** The octets in pieces of those lengths again and again, each an array of its own. */
function* pieces(whole: Bytes, lengths: readonly number[]): Generator<Bytes, undefined> {
  for (let at = 0, i = 0; at < whole.length; i++) {
    const length = i > 1000 ? whole.length : lengths[i % lengths.length]!;
    yield whole.slice(at, at + length);
    at += length;
  }
}

describe.each(engines)('in pieces, %s', (engine) => {
  test('any split is encrypted as the whole is, verified, and decrypted', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ algorithm, key, aad, content, lengths }) => {
        const { ciphertext, tag } = await encryptAead(algorithm, key, content, { aad, engine: 'typescript' });
        const encryptor = createAeadEncryptor(algorithm, key, { aad, engine });
        const encrypted: Bytes[] = [];
        for (const piece of pieces(content, lengths)) {
          encrypted.push(encryptor.update(piece));
          piece.fill(0);
        }
        expect(concatBytes(encrypted)).toEqual(ciphertext);
        expect(encryptor.finish()).toEqual(tag);

        const verifier = createAeadVerifier(algorithm, key, { aad, engine });
        for (const piece of pieces(ciphertext, lengths)) verifier.update(piece);
        expect(verifier.finish(tag)).toBe(true);

        const decryptor = createVerifiedDecryptor(algorithm, key, { aad, engine });
        const decrypted = [...pieces(ciphertext, lengths)].map((piece) => decryptor.update(piece));
        decryptor.finish(tag);
        expect(concatBytes(decrypted)).toEqual(content);
      }),
      { numRuns: 200 },
    );
  });

  test('every change is found, also by whoever decrypts what was verified', () => {
    fc.assert(
      fc.property(
        jobs,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ algorithm, key, aad, content }, at, by) => {
          const encryptor = createAeadEncryptor(algorithm, key, { aad, engine });
          const whole = concatBytes([encryptor.update(content), encryptor.finish(), aad]);
          whole[at % whole.length]! ^= by;
          const tagEnd = whole.length - aad.length;
          const ciphertext = whole.slice(0, content.length);
          const tag = whole.slice(content.length, tagEnd);
          const other = { aad: whole.slice(tagEnd), engine };
          const verifier = createAeadVerifier(algorithm, key, other);
          verifier.update(ciphertext);
          expect(verifier.finish(tag)).toBe(false);
          const decryptor = createVerifiedDecryptor(algorithm, key, other);
          decryptor.update(ciphertext);
          expect(() => decryptor.finish(tag)).toThrow(
            expect.objectContaining({ code: 'crypto-decryption-failed' }) as Error,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a tag that was cut is refused', () => {
    const algorithm = { name: 'aes128-gcm', nonce: new Uint8Array(12) } as const;
    const encryptor = createAeadEncryptor(algorithm, new Uint8Array(16), { engine });
    encryptor.update(new Uint8Array(5));
    const tag = encryptor.finish();
    for (const length of [0, 4, 12, 15]) {
      const verifier = createAeadVerifier(algorithm, new Uint8Array(16), { engine });
      verifier.update(new Uint8Array(5));
      expect(verifier.finish(tag.slice(0, length))).toBe(false);
    }
  });

  test('what is finished takes nothing more', () => {
    const algorithm = { name: 'aes128-gcm', nonce: new Uint8Array(12) } as const;
    const key = new Uint8Array(16);
    const usage = expect.objectContaining({ code: 'usage' }) as Error;
    const encryptor = createAeadEncryptor(algorithm, key, { engine });
    const tag = encryptor.finish();
    expect(() => encryptor.update(new Uint8Array(1))).toThrow(usage);
    expect(() => encryptor.finish()).toThrow(usage);
    const verifier = createAeadVerifier(algorithm, key, { engine });
    expect(verifier.finish(tag)).toBe(true);
    expect(() => verifier.update(new Uint8Array(1))).toThrow(usage);
    expect(() => verifier.finish(tag)).toThrow(usage);
    const decryptor = createVerifiedDecryptor(algorithm, key, { engine });
    decryptor.finish(tag);
    expect(() => decryptor.update(new Uint8Array(1))).toThrow(usage);
    expect(() => decryptor.finish(tag)).toThrow(usage);
  });
});

test('a nonce that native code does not take is left to TypeScript, or refused', () => {
  const algorithm = { name: 'aes128-gcm', nonce: new Uint8Array(129) } as const;
  expect(createAeadEncryptor(algorithm, new Uint8Array(16)).finish().length).toBe(16);
  expect(() => createAeadEncryptor(algorithm, new Uint8Array(16), { engine: 'native' })).toThrow(
    expect.objectContaining({ code: 'crypto-engine-unavailable' }) as Error,
  );
});
