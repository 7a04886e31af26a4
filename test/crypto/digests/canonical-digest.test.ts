import { beforeEach, describe, expect, test, vi } from 'vitest';
import { canonicalDigest, createCanonicalDigest } from '../../../src/crypto/digests/canonical-digest.js';

const written = vi.hoisted((): Uint8Array[] => []);

vi.mock('../../../src/encoding/line-ends.js', async (original) => {
  const whole = await original<typeof import('../../../src/encoding/line-ends.js')>();
  const copyCanonical: typeof whole.copyCanonical = (input, from, end, afterCr, out) => {
    const length = whole.copyCanonical(input, from, end, afterCr, out);
    written.push(out.subarray(0, length));
    return length;
  };
  return { ...whole, copyCanonical };
});

describe('the memory in which text is made canonical', () => {
  const text = new TextEncoder().encode('one line\n');
  const line = new TextEncoder().encode('one line\r\n');

  beforeEach(() => {
    written.length = 0;
  });

  test('holds nothing when the digest is there', () => {
    canonicalDigest('sha256', text);
    createCanonicalDigest(['sha256']).update(text).update(text);
    expect(written).toEqual([1, 2, 3].map(() => new Uint8Array(line.length)));
  });

  test('holds nothing where there is no such digest', () => {
    const refused = expect.objectContaining({ code: 'usage' });
    expect(() => canonicalDigest('sha257' as never, text)).toThrow(refused);
    expect(() => canonicalDigest('sha256', text, { engine: 'other' as never })).toThrow(refused);
    expect(written).toEqual([1, 2].map(() => new Uint8Array(line.length)));
  });
});

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
