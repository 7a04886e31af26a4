import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { MailsealError } from '../../src/core/errors.js';
import { hkdfOf } from '../../src/crypto/agreement/hkdf.js';
import { deriveKek, readKeyAgreement } from '../../src/crypto/agreement/key-agreement.js';
import { x963KdfOf } from '../../src/crypto/agreement/x963-kdf.js';
import { type KeyWrapName, unwrapKey, wrapKey } from '../../src/crypto/wrap/key-wrap.js';
import { readKeyWrap, wrapKeyLength } from '../../src/crypto/wrap/key-wrap-algorithm.js';
import { readPasswordWrap, unwrapWithKek, wrapWithKek } from '../../src/crypto/wrap/password-wrap.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { engines } from '../crypto/support.js';

const octets = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const wraps: readonly KeyWrapName[] = [
  'aes128-wrap',
  'aes192-wrap',
  'aes256-wrap',
  'des-ede3-wrap',
  'rc2-wrap',
];

/** A wrap, a key for it, and what it can take. */
const job = fc.constantFrom(...wraps).chain((name) =>
  fc.record({
    name: fc.constant(name),
    kek: octets(wrapKeyLength(name), wrapKeyLength(name)),
    key: name === 'rc2-wrap' ? octets(1, 255) : octets(2, 16).map((half) => repeated(half)),
  }),
);

/** As many octets as eight times those given. */
function repeated(given: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: given.length * 8 }, (_, i) => given[i % given.length]! ^ i);
}

/** What comes of a call: a value, or the code of a MailsealError. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

describe('key wraps', () => {
  test('what was wrapped is unwrapped, whichever engines do it', async () => {
    const by = fc.constantFrom(...engines);
    await fc.assert(
      fc.asyncProperty(job, by, by, async ({ name, kek, key }, one, other) => {
        const [wrapping, unwrapping] = name === 'rc2-wrap' ? (['auto', 'auto'] as const) : [one, other];
        const wrapped = await wrapKey(name, kek, key, { engine: wrapping });
        expect(encodeHex(await unwrapKey(name, kek, wrapped, { engine: unwrapping }))).toBe(encodeHex(key));
      }),
      { numRuns: 300 },
    );
  });

  test('anything else is refused with one code', async () => {
    await fc.assert(
      fc.asyncProperty(job, octets(0, 80), async ({ name, kek }, garbage) => {
        expect(await outcome(() => unwrapKey(name, kek, garbage))).toBe('crypto-decryption-failed');
      }),
      { numRuns: 300 },
    );
  });

  test('the wrap of passwords gives the key, or refuses', () => {
    const cipher = { name: 'aes128-cbc', iv: new Uint8Array(16).fill(3) } as const;
    const kek = new Uint8Array(16).fill(7);
    fc.assert(
      fc.property(octets(3, 255), (key) => {
        const given = new Uint8Array(key);
        expect(unwrapWithKek(cipher, kek, wrapWithKek(cipher, kek, given, {}), {})).toEqual(given);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(octets(0, 200), (garbage) => {
        try {
          // One in some millions has a check that fits.
          expect(unwrapWithKek(cipher, kek, garbage, {}).length).toBeLessThan(256);
        } catch (error) {
          expect((error as MailsealError).code).toBe('crypto-decryption-failed');
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('derivations', () => {
  const secret = octets(0, 80).map((each) => new Uint8Array(each));

  test('all engines give the same, and a longer key begins with the shorter one', () => {
    const length = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(secret, secret, secret, length, length, (ikm, salt, info, one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)];
        for (const engine of engines) {
          const options = { digest: 'sha256', salt, info, engine } as const;
          const whole = hkdfOf(ikm, { ...options, length: long });
          expect(hkdfOf(ikm, { ...options, engine: 'typescript', length: short })).toEqual(
            whole.slice(0, short),
          );
          const other = x963KdfOf(ikm, { ...options, length: long });
          expect(x963KdfOf(ikm, { ...options, engine: 'typescript', length: short })).toEqual(
            other.slice(0, short),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  test('every part of what is agreed upon changes the key', () => {
    fc.assert(
      fc.property(octets(1, 66), octets(1, 64), (shared, ukm) => {
        const keys = new Set<string>();
        for (const kdf of ['x963', 'hkdf'] as const) {
          for (const digest of ['sha256', 'sha512'] as const) {
            for (const wrap of ['aes128-wrap', 'aes256-wrap'] as const) {
              for (const given of [{}, { ukm }]) {
                const kek = deriveKek({
                  scheme: { name: 'ecdh-std', kdf, digest },
                  wrap,
                  secret: shared,
                  ...given,
                });
                expect(kek.length).toBe(wrapKeyLength(wrap));
                keys.add(encodeHex(kek.subarray(0, 16)));
              }
            }
          }
        }
        expect(keys.size).toBe(16);
      }),
      { numRuns: 50 },
    );
  });
});

test('identifiers that are garbage give a value or a MailsealError', async () => {
  const readers = [
    (node: ReturnType<typeof readBer>) => readKeyAgreement(node),
    (node: ReturnType<typeof readBer>) => readKeyWrap(node),
    (node: ReturnType<typeof readBer>) => readPasswordWrap(node, node),
  ];
  // A SEQUENCE with an OBJECT IDENTIFIER of ours at its start, and anything behind.
  const oids = [
    '06092b81051086483f0002',
    '060b2a864886f70d0109100307',
    '060b2a864886f70d0109100309',
    '0609608648016503040105',
  ];
  const sequence = fc.tuple(fc.constantFrom(...oids), octets(0, 40)).map(([oid, more]) => {
    const body = Buffer.concat([Buffer.from(oid, 'hex'), more]);
    return new Uint8Array(Buffer.concat([Buffer.of(0x30, body.length), body]));
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(sequence, octets(0, 60)), fc.constantFrom(...readers), async (given, read) => {
      await outcome(() => read(readBer(given)));
    }),
    { numRuns: 1000 },
  );
});
