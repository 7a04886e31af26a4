import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCharsetDecoder, decodeCharset } from '../../src/charset/decoder.js';
import { decodeDenseUtf8 } from '../../src/charset/dense-utf8.js';
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

test('dense text is well-formed where a strict decoder takes it, and says the same', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (octets: Uint8Array) => {
    try {
      return strict.decode(octets);
    } catch {
      return undefined;
    }
  };
  const whole = fc.string({ unit: 'binary', maxLength: 60 }).map((each) => new TextEncoder().encode(each));
  const edges = octetsOf(
    '\u00c1\u00c2\u00df\u00e0\u00ed\u00ef\u00f0\u00f4\u00f5\u007f\u0080\u008f\u0090\u009f\u00a0\u00bf',
    5,
  );
  const any = fc.array(fc.oneof(whole, edges), { maxLength: 3 }).map((pieces) => Buffer.concat(pieces));
  let wellFormed = 0;
  fc.assert(
    fc.property(any, (octets) => {
      const text = decodeDenseUtf8(octets);
      expect(text).toBe(decoded(octets));
      if (text !== undefined) wellFormed++;
    }),
    { numRuns: 3000 },
  );
  expect(wellFormed).toBeGreaterThan(300);
  // Longer than the decoders' memory, with a character of two units at its end.
  const long = `${'a'.repeat(16_382)}😀${'日本語😀'.repeat(20_000)}`;
  expect(decodeDenseUtf8(new TextEncoder().encode(long))).toBe(long);
  expect(decodeCharset('utf-8', new TextEncoder().encode(`\ufeff${'日本語'.repeat(500)}`)).text.length).toBe(
    1500,
  );
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
