import { expect, test } from 'vitest';
import { pbkdf2 } from '../../src/crypto/passwords/pbkdf2.js';
import { encodeHex } from '../../src/encoding/hex.js';

test('PBKDF2 of 16,777,216 iterations in TypeScript (RFC 6070 §2)', async () => {
  const encoder = new TextEncoder();
  const key = await pbkdf2(encoder.encode('password'), {
    digest: 'sha1',
    salt: encoder.encode('salt'),
    iterations: 16_777_216,
    length: 20,
    engine: 'typescript',
  });
  expect(encodeHex(key)).toBe('eefe3d61cd4da4e4e9945b3d6ba2158c2634e984');
});
