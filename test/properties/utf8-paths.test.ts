import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCharsetDecoder, decodeCharset } from '../../src/charset/decoder.js';
import { isAscii } from '../../src/core/bytes.js';
import { octetsOf } from '../support/pieces.js';

/** Text of which some is UTF-8 and some is damaged, marks and encoded U+FFFD among it, of any length around the ways of decoding. */
const text = fc
  .tuple(
    fc.constantFrom('', '\u00ef\u00bb\u00bf'),
    fc.array(octetsOf('a\u00c3\u00a9\u00e3\u0081\u0084\u00ef\u00bf\u00bd\u00f0\u009f', 24), {
      minLength: 1,
      maxLength: 12,
    }),
    fc.integer({ min: 0, max: 1200 }),
  )
  .map(([mark, pieces, filling]) =>
    Buffer.concat([Buffer.from(mark, 'latin1'), ...pieces, Buffer.alloc(filling, 'b'), ...pieces]),
  );

test('a whole text in UTF-8 is decoded and counted as one that comes in pieces', () => {
  let long = 0;
  fc.assert(
    fc.property(text, (octets) => {
      const whole = decodeCharset('utf-8', octets);
      const decoder = createCharsetDecoder('utf-8');
      const inPieces = decoder.update(octets) + decoder.finish();
      expect(whole).toEqual({ text: inPieces, charset: 'utf-8', replacements: decoder.replacements });
      if (octets.length >= 512) long++;
    }),
    { numRuns: 300 },
  );
  expect(long).toBeGreaterThan(50);
});

test('octets above 127 are seen wherever they stand', () => {
  for (const length of [1, 7, 8, 127, 128, 129, 135, 136, 300]) {
    const memory = new Uint8Array(length + 3).fill(0x7f);
    for (const start of [0, 1, 3]) {
      const octets = memory.subarray(start, start + length);
      expect(isAscii(octets)).toBe(true);
      for (let at = 0; at < length; at++) {
        octets[at] = 0x80;
        expect(isAscii(octets)).toBe(false);
        octets[at] = 0x7f;
      }
    }
  }
});
