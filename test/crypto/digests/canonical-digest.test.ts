import { describe, expect, test } from 'vitest';
import { createCanonicalDigest } from '../../../src/crypto/digests/canonical-digest.js';

describe('createCanonicalDigest', () => {
  test.each([
    ['a number', 5],
    ['nothing', undefined],
    ['null', null],
    ['one name', 'sha256'],
    ['an object', { 0: 'sha256' }],
  ])('refuses %s in place of names', (_, names) => {
    expect(() => createCanonicalDigest(names as never)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
