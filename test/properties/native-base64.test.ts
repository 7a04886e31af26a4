import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMimeBase64, MimeBase64Encoder } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64, MimeBase64Decoder } from '../../src/encoding/mime-base64-decoder.js';
import { chooseNativeBase64 } from '../../src/encoding/native-base64.js';
import { joined, pieces, transform } from '../support/pieces.js';

/** A body of some kilobytes in lines of one length, so that native code has something to do. */
const body = fc
  .record({
    octets: fc.uint8Array({ minLength: 1500, maxLength: 6000 }),
    lineLength: fc.constantFrom(4, 60, 64, 72, 76),
    lineEnd: fc.constantFrom('\r\n', '\n', '\r', '', ' \r\n'),
    lead: fc.constantFrom('', '\r\n', 'AAAA\r\n', 'A', '=', ' '),
  })
  .map(({ octets, lineLength, lineEnd, lead }) => {
    const lines = Buffer.from(encodeMimeBase64(octets, { lineLength })).toString('latin1');
    return Uint8Array.from(Buffer.from(lead + lines.replaceAll('\r\n', lineEnd), 'latin1'));
  });

/** What befalls bodies on their way: one octet replaced, removed or put in. */
const damage = fc.array(
  fc.record({
    at: fc.nat(10_000),
    how: fc.constantFrom('replace', 'remove', 'insert'),
    octet: fc.oneof(fc.constantFrom(...Buffer.from('-_= \r\nA.\0')), fc.nat(255)),
  }),
  { maxLength: 4 },
);

function damaged(
  octets: Uint8Array,
  places: readonly { at: number; how: string; octet: number }[],
): Uint8Array {
  const list = [...octets];
  for (const { at, how, octet } of places) {
    const place = at % list.length;
    if (how === 'remove') list.splice(place, 1);
    else list.splice(place, how === 'replace' ? 1 : 0, octet);
  }
  return Uint8Array.from(list);
}

describe('base64 of the runtime', () => {
  test('is used where the tests run', () => {
    expect(chooseNativeBase64('native')).toBeDefined();
    expect(chooseNativeBase64('typescript')).toBeUndefined();
  });

  test('gives the octets and the defects of the TypeScript path, whatever befell the body', () => {
    let whole = 0;
    fc.assert(
      fc.property(body, damage, (octets, places) => {
        const input = damaged(octets, places);
        const native = decodeMimeBase64(input, { engine: 'native' });
        expect(native).toEqual(decodeMimeBase64(input, { engine: 'typescript' }));
        if (native.defects.length === 0) whole++;
      }),
      { numRuns: 400 },
    );
    expect(whole).toBeGreaterThan(20);
  });

  test('gives the same for any split', () => {
    fc.assert(
      fc.property(pieces(fc.tuple(body, damage).map((each) => damaged(...each))), (chunks) => {
        const whole = decodeMimeBase64(joined(chunks), { engine: 'typescript' });
        const decoder = new MimeBase64Decoder({ engine: 'native' });
        expect(transform(decoder, chunks)).toEqual(whole.content);
        expect(decoder.defects).toEqual(whole.defects);
      }),
      { numRuns: 200 },
    );
  });

  test('gives the lines of the TypeScript path for any length, split and line length', () => {
    const source = Uint8Array.from({ length: 100_000 }, (_, at) => Math.imul(at, 40_503) >>> 7);
    const most = fc.oneof(fc.integer({ min: 1000, max: 6000 }), fc.integer({ min: 25_000, max: 100_000 }));
    let lines = 0;
    fc.assert(
      fc.property(most, fc.nat(7), fc.integer({ min: 1, max: 19 }), fc.nat(), (length, from, groups, cut) => {
        const octets = source.subarray(from, length);
        const lineLength = 4 * groups;
        const wanted = encodeMimeBase64(octets, { lineLength, engine: 'typescript' });
        const at = cut % octets.length;
        const chunks = [octets.subarray(0, at), octets.subarray(at)];
        const encoder = new MimeBase64Encoder({ lineLength, engine: 'native' });
        if (!Buffer.from(wanted).equals(transform(encoder, chunks))) expect.fail('pieces differ');
        if (!Buffer.from(wanted).equals(encodeMimeBase64(octets, { lineLength, engine: 'native' })))
          expect.fail('lines differ');
        lines += wanted.length / (lineLength + 2);
      }),
      { numRuns: 200 },
    );
    expect(lines).toBeGreaterThan(10_000);
  });

  test('leaves damage to TypeScript: it stops before it', () => {
    const native = chooseNativeBase64('native')!;
    const lines = encodeMimeBase64(new Uint8Array(57 * 40));
    const out = new Uint8Array(57 * 40);
    expect(native.decodeLines(lines, 0, out, 0)).toEqual({ characters: 78 * 40, octets: 57 * 40 });
    for (const octet of Buffer.from('-_=. \n\u0000\u00e9', 'latin1')) {
      const bad = lines.slice();
      bad[78 * 20 + 5] = octet;
      expect(native.decodeLines(bad, 0, out, 0).characters).toBeLessThanOrEqual(78 * 20);
    }
  });
});
