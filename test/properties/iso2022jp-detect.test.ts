import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCharset } from '../../src/iso2022jp/detect.js';
import { expectLinear } from '../support/linear-time.js';
import { octetsOf } from '../support/pieces.js';

describe('Detection of charsets', () => {
  test('gives a charset and a confidence for any octets', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          octetsOf('$B(J@4A;z!~\\\x1b\x0e\n \xa4\xb1\xe3\x81\x82\x8e\x8f'),
        ),
        (octets) => {
          const { charset, confidence, octetsRead } = detectCharset(octets);
          expect(octetsRead).toBeLessThanOrEqual(octets.length);
          if (charset === undefined) expect(confidence).toBe(0);
          else {
            expect(confidence).toBeGreaterThan(0);
            expect(confidence).toBeLessThanOrEqual(0.99);
          }
        },
      ),
    );
  });

  test('7-bit text is never taken for Shift_JIS, EUC-JP or UTF-8', () => {
    const sevenBit = fc.array(fc.nat(127), { maxLength: 200 }).map((octets) => Uint8Array.from(octets));
    fc.assert(
      fc.property(
        fc.oneof(
          sevenBit,
          octetsOf('$B(J@4A;z!~\x1b %"').map((octets) => octets.map((octet) => octet & 0x7f)),
        ),
        (octets) => {
          expect(['shift_jis', 'euc-jp', 'utf-8']).not.toContain(detectCharset(octets).charset);
        },
      ),
    );
  });

  test('valid UTF-8 is never taken for Shift_JIS or EUC-JP', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, (characters) => {
        const octets = new TextEncoder().encode(characters);
        expect(['shift_jis', 'euc-jp']).not.toContain(detectCharset(octets).charset);
      }),
    );
  });

  test.each([
    ['one lead octet', [0x81]],
    ['the octet of another', [0xff]],
    ['half-width katakana', [0xb1]],
    ['ESC', [0x1b]],
    ['escapes', [0x1b, 0x24, 0x42, 0x1b, 0x28, 0x42]],
    ['escapes with nothing good', [0x1b, 0x24, 0x42, 0x7f]],
    ['JIS marks without escapes', [0x24, 0x42]],
    [
      'both marks',
      [0x24, 0x42, 0x24, 0x22, 0x28, 0x42, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20],
    ],
    ['a pair that is good as every charset', [0xc4, 0xb3, 0x20]],
  ])('linear in %s', (_, pattern) => {
    expectLinear((size) => {
      const octets = Uint8Array.from({ length: size }, (_, at) => pattern[at % pattern.length]!);
      return () => detectCharset(octets);
    }, 100_000);
  });
});
