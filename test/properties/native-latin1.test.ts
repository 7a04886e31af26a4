import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiTest, latin1Reader } from '../../src/core/native-latin1.js';

const octets = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ max: 0x7f, maxLength: 300 }),
  fc.tuple(fc.uint8Array({ max: 0x7f, minLength: 1, maxLength: 300 }), fc.nat(299)).map(([plain, at]) => {
    plain[at % plain.length] = 0x80;
    return plain;
  }),
);

describe('octets as characters U+0000–U+00FF', () => {
  test('each is one, on both ways', () => {
    fc.assert(
      fc.property(octets, fc.nat(300), fc.nat(300), (all, a, b) => {
        const [start, end] = [Math.min(a, b, all.length), Math.min(Math.max(a, b), all.length)];
        const expected = Array.from(all.subarray(start, end), (octet) => String.fromCharCode(octet)).join('');
        expect(latin1Reader('typescript')(all, start, end)).toBe(expected);
        expect(latin1Reader('auto')(all, start, end)).toBe(expected);
      }),
    );
  });

  test('this runtime has a way of its own, and views are read where they begin', () => {
    const view = Uint8Array.from({ length: 100 }, (_, at) => 200 - at).subarray(10);
    expect(latin1Reader('native')(view, 5, 60)).toBe(latin1Reader('typescript')(view, 5, 60));
  });
});

test('all below 128, on both ways', () => {
  fc.assert(
    fc.property(octets, fc.nat(20), (all, from) => {
      const view = all.subarray(Math.min(from, all.length));
      const expected = view.every((octet) => octet < 0x80);
      expect(asciiTest('typescript')(view)).toBe(expected);
      expect(asciiTest('auto')(view)).toBe(expected);
    }),
  );
});
