import { afterEach, expect, test, vi } from 'vitest';
import { BlockDigest } from '../../../src/crypto/digests/block-digest.js';
import { implementations } from '../../../src/crypto/digests/digest-implementations.js';
import { pbkdf2InTypeScript } from '../../../src/crypto/digests/iterated-hmac.js';
import { scrypt } from '../../../src/crypto/passwords/scrypt.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const password = new TextEncoder().encode('a password of no use');
const salt = new TextEncoder().encode('salt');

test('PBKDF2 leaves no digest of the password behind', () => {
  const digest = vi.spyOn(BlockDigest.prototype, 'digest');
  const key = pbkdf2InTypeScript(implementations.sha256, password, salt, 3, 80);
  expect(key.some((octet) => octet !== 0)).toBe(true);
  // One for each block of the key.
  expect(digest.mock.results.length).toBe(3);
  for (const { value } of digest.mock.results) expect(value).toEqual(new Uint8Array(32));
});

test('scrypt leaves no block of its state behind', () => {
  const made: Uint32Array[] = [];
  class Watched extends Uint32Array {
    constructor(first: ArrayBuffer, ...more: number[]) {
      super(first, ...more);
      made.push(this);
    }
  }
  vi.stubGlobal('Uint32Array', Watched);
  const key = scrypt(password, { salt, cost: 8, blockSize: 2, parallelization: 1, length: 32 });
  vi.unstubAllGlobals();
  expect(key.some((octet) => octet !== 0)).toBe(true);
  // The block, all that are kept of it, and what is worked in.
  expect(made.length).toBeGreaterThanOrEqual(4);
  for (const memory of made) expect([...memory].every((word) => word === 0)).toBe(true);
});
