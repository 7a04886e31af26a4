import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { type EncodeOptions, encode } from '../../src/iso2022jp/encode.js';
import { encodeChunks } from '../../src/iso2022jp/encode-chunks.js';

const shown = (octets: Uint8Array) => latin1FromBytes(octets).replaceAll('\x1b', 'E');
const chunked = (text: string, maxOctets: number, options?: EncodeOptions) =>
  encodeChunks(text, maxOctets, options).map(shown);

describe('ISO-2022-JP in chunks', () => {
  test('nothing', () => {
    expect(chunked('', 10)).toEqual([]);
    expect(chunked('😀', 10, { onUnmappable: () => '' })).toEqual([]);
  });

  test('ASCII', () => {
    expect(chunked('abcdefg', 3)).toEqual(['abc', 'def', 'g']);
    expect(chunked('abcdef', 3)).toEqual(['abc', 'def']);
  });

  test('kanji, as many as fit with both escapes', () => {
    expect(chunked('漢字漢', 8)).toEqual(['E$B4AE(B', 'E$B;zE(B', 'E$B4AE(B']);
    expect(chunked('漢字漢', 9)).toEqual(['E$B4AE(B', 'E$B;zE(B', 'E$B4AE(B']);
    expect(chunked('漢字漢', 10)).toEqual(['E$B4A;zE(B', 'E$B4AE(B']);
    expect(chunked('a漢b字', 9)).toEqual(['aE$B4AE(B', 'bE$B;zE(B']);
  });

  test('all in one', () => {
    const text = 'メール mail ¥100\r\n';
    expect(encodeChunks(text, 1000)).toEqual([encode(text)]);
  });

  test('never inside what is one character', () => {
    expect(chunked('ｶﾞｶﾞ', 8)).toEqual(['E$B%,E(B', 'E$B%,E(B']);
    expect(chunked('か゚か゚', 10, { profile: 'jis2004' })).toEqual(['E$(Q$wE(B', 'E$(Q$wE(B']);
    expect(chunked('𠀋𠀋', 10, { profile: 'jis2004' })).toEqual(['E$(Q."E(B', 'E$(Q."E(B']);
    expect(chunked('😀😀', 1, { onUnmappable: 'replace' })).toEqual(['?', '?']);
    expect(chunked('a\r\n\r\n', 2)).toEqual(['a', '\r\n', '\r\n']);
    expect(chunked('a\r\n\r\n', 3)).toEqual(['a\r\n', '\r\n']);
  });

  test('a replacement may be cut between its own characters', () => {
    const met: number[] = [];
    const onUnmappable = (character: string, position: number) => {
      met.push(position);
      return `&#${character.codePointAt(0)};`;
    };
    expect(chunked('漢😀字', 10, { onUnmappable })).toEqual(['E$B4AE(B&#', '128512;', 'E$B;zE(B']);
    expect(met).toEqual([1]);
  });

  test.each([
    ['kanji', 'a漢', 7, {}, 1],
    ['Roman', '¥', 6, {}, 0],
    ['katakana', 'abｱ', 6, { halfwidth: 'escape' }, 2],
    ['JIS X 0212', '漢丂', 8, { profile: 'jis0212' }, 1],
    ['JIS X 0213', '漢①', 8, { profile: 'jis2004' }, 1],
    ['geta', 'a😀', 7, { onUnmappable: 'geta' }, 1],
    ['CRLF', 'a\r\n', 1, {}, 1],
  ] as const)('too small for %s', (_, text, maxOctets, options, offset) => {
    expect(() => encodeChunks(text, maxOctets, options)).toThrow(
      expect.objectContaining({ code: 'usage', fault: 'usage', offset }),
    );
    expect(encodeChunks(text, maxOctets + 1, options).length).toBeGreaterThan(0);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '9'])('%s is no length', (maxOctets) => {
    expect(() => encodeChunks('a', maxOctets as number)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('what cannot be encoded', () => {
    expect(() => encodeChunks('漢😀', 20)).toThrow(
      expect.objectContaining({ code: 'charset-unencodable', offset: 1 }),
    );
    expect(() => encodeChunks('漢\x1b', 20, { onUnmappable: 'replace' })).toThrow(
      expect.objectContaining({ code: 'charset-unencodable', offset: 1 }),
    );
    expect(() => encodeChunks('漢😀', 20, { onUnmappable: () => 'ab\x1b' })).toThrow(
      expect.objectContaining({ code: 'usage', offset: 1 }),
    );
  });
});
