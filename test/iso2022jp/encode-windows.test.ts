import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decode, encode } from '../../src/iso2022jp/index.js';

// A text is encoded in windows of at most 4,096 units, the first of 128; what
// stands at a border must come out as it does elsewhere.

afterEach(() => {
  vi.unstubAllGlobals();
});

const borders = [128, 384, 896, 1920, 3968, 8064, 12_160];

describe('a text longer than a window', () => {
  test.each(['ガ', 'ｶﾞ', 'か゚', '😀', '髙', 'aあ', '\r\n'])('with %j across each border', (piece) => {
    for (const border of borders) {
      for (const filler of ['a', 'あ']) {
        const before = filler.repeat(border - 1);
        const options = { profile: 'jis2004', onUnmappable: () => '<?>' } as const;
        const expected = decode(encode(before, options)).concat(decode(encode(piece, options)), 'z');
        expect(decode(encode(`${before}${piece}z`, options))).toBe(expected);
      }
    }
  });

  test('comes out as it went in, on platforms with and without Buffer', async () => {
    const tokens = fc.constantFrom('a', 'あ', '漢字', '\n', 'ab cd', '、', '①', '¥', '‾', 'ガ');
    const texts = fc
      .sample(fc.array(tokens, { minLength: 6000, maxLength: 9000 }), 4)
      .map((all) => all.join(''));
    const octets = texts.map((text) => encode(text, { profile: 'ms' }));
    expect(octets.map((piece) => decode(piece))).toEqual(texts);
    vi.stubGlobal('Buffer', undefined);
    vi.resetModules();
    const bare = await import('../../src/iso2022jp/encode.js');
    expect(texts.map((text) => bare.encode(text, { profile: 'ms' }).join())).toEqual(
      octets.map((piece) => piece.join()),
    );
  });

  test('while onUnmappable encodes another text', () => {
    const onUnmappable = (character: string) =>
      `<${decode(encode('他の文'.repeat(500))).length + character.length}>`;
    const text = `${'あa'.repeat(100)}😀${'いb'.repeat(4000)}😀うc`;
    const expected = text.replaceAll('😀', '<1502>');
    expect(decode(encode(text, { onUnmappable }))).toBe(expected);
  });
});
