import { expect, test } from 'vitest';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { Encoder, encode } from '../../src/iso2022jp/encode.js';
import { encodeWeb } from '../../src/iso2022jp/encode-web.js';
import { foldHalfwidth } from '../../src/iso2022jp/halfwidth.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

describeCorpus('wpt-iso2022jp', () => {
  const characters = () =>
    readCorpusJson<[string, string][]>('wpt-iso2022jp/chars.json').map(([codePoint, bytes]) => ({
      character: String.fromCodePoint(Number.parseInt(codePoint, 16)),
      bytes,
    }));

  test('7,329 characters encoded, by encodeWeb, encode and Encoder', () => {
    const all = characters();
    for (const { character, bytes } of all) {
      expect(encodeHex(encodeWeb(character)), character).toBe(bytes);
      expect(encodeHex(encode(character, { mode: 'web' })), character).toBe(bytes);
      const encoder = new Encoder({ mode: 'web' });
      expect(encodeHex(encoder.update(character)) + encodeHex(encoder.finish()), character).toBe(bytes);
    }
    expect(all.length).toBe(7329);
  });

  test('the same in mail with the profile ms, but for half-width katakana, which are not in the file', () => {
    const all = characters();
    for (const { character, bytes } of all)
      expect(encode(character, { profile: 'ms' })).toEqual(decodeHex(bytes));
    expect(all.some(({ character }) => character >= '｡' && character <= 'ﾟ')).toBe(false);
    expect(all.length).toBe(7329);
  });

  test('nothing else of Unicode is encoded, but ASCII and half-width katakana', () => {
    const known = new Set(characters().map(({ character }) => character));
    let refused = 0;
    for (let codePoint = 0x80; codePoint <= 0x10ffff; codePoint++) {
      if (codePoint >= 0x30000 && codePoint < 0x10ff00) continue;
      const character = String.fromCodePoint(codePoint);
      if (known.has(character) || (character >= '｡' && character <= 'ﾟ')) continue;
      if (encodeWeb(character, { onUnmappable: () => '' }).length > 0) expect(character).toBe('');
      refused++;
    }
    expect(refused).toBe(0x30000 - 0x80 - 7329 - 63 + 0x100);
  });

  test('63 half-width katakana agree with the index', () => {
    const index = new TextDecoder().decode(readCorpus('wpt-iso2022jp/index-iso-2022-jp-katakana.txt'));
    const rows = [...index.matchAll(/^\s*(\d+)\t0x([0-9A-F]+)\t/gm)];
    for (const [, pointer, codePoint] of rows) {
      const full = String.fromCodePoint(Number.parseInt(codePoint!, 16));
      expect(foldHalfwidth(0xff61 + Number(pointer))).toBe(full);
      expect(encodeWeb(String.fromCharCode(0xff61 + Number(pointer)))).toEqual(encodeWeb(full));
    }
    expect(rows.length).toBe(63);
  });
});
