import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../src/encoding/base64.js';
import { decodeWeb, WebDecoder } from '../../src/iso2022jp/decode-web.js';
import { jis0208 } from '../../src/iso2022jp/jis0208.js';

// One octet for each character; E is the escape character.
const octetsOf = (characters: string) =>
  Uint8Array.from(characters.replaceAll('E', '\x1b'), (c) => c.charCodeAt(0));

describe('ISO-2022-JP, decoding as on the Web', () => {
  test.each([
    ['ASCII', 'Hello\r\n', 'Hello\r\n'],
    ['nothing', '', ''],
    ['kanji of 1983', 'E$B4A;zE(B', '漢字'],
    ['kanji of 1978, read as those of 1983', 'E$@4A;zE(B', '漢字'],
    ['NEC row 13', 'E$B-!-jE(B', '①㈱'],
    ['IBM extensions in row 89', 'E$By!E(B', '纊'],
    ['an empty cell', 'E$B)!E(B', '\ufffd'],
    ['Roman', 'E(J\\~aE(B\\~', '¥‾a\\~'],
    ['katakana', 'E(I1_E(B1', 'ｱﾟ1'],
    ['no escape back at the end', 'E$B4A', '漢'],
    ['a line end inside kanji', 'E$B4A\n;zE(B', '漢\ufffd字'],
    ['an octet with its 8th bit', 'a\x80E$B\xb44AE(B', 'a\ufffd\ufffd漢'],
    ['SO and SI', 'a\x0eb\x0fc', 'a\ufffdb\ufffdc'],
    ['two escapes with nothing between them', 'E$BE(Ba', '\ufffda'],
    ['an unknown escape', 'E$Ca', '\ufffd$Ca'],
    ['an escape cut off after one octet', 'aE', 'a\ufffd'],
    ['an escape cut off after two', 'aE$', 'a\ufffd$'],
    ['an escape cut off after two, in kanji', 'E$B4AE$', '漢\ufffd\ufffd'],
    ['an unknown escape in kanji, read as kanji', 'E$B4AE$0E(B', '漢\ufffdぐ'],
    ['a lead octet at the end', 'E$B4A4', '漢\ufffd'],
    ['an escape after a lead octet', 'E$B4E(Ba', '\ufffda'],
    ['a trail octet that is none', 'E$B4 4AE(B', '\ufffd漢'],
  ])('%s', (_, encoded, text) => {
    const octets = octetsOf(encoded);
    expect(decodeWeb(octets)).toBe(text);
    const decoder = new WebDecoder();
    let inOctets = '';
    for (const octet of octets) inOctets += decoder.update(Uint8Array.of(octet));
    expect(inOctets + decoder.finish()).toBe(text);
    expect(decoder.replacements).toBe(text.split('\ufffd').length - 1);
  });

  test('a subject of 1998, whole and damaged', () => {
    expect(decodeWeb(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg=='))).toBe('こんにちは');
    // Octet 08 stands inside the double-byte text, and it ends in ESC ( J.
    const damaged = decodeBase64('GyRCJDMkbCRPJUYIOSVIGyhK');
    expect(decodeWeb(damaged)).toBe('これはテ\ufffd好\ufffd');
    expect(() => decodeWeb(damaged, { fatal: true })).toThrow(
      expect.objectContaining({ code: 'charset-malformed', offset: 11 }),
    );
  });

  test.each([
    ['an octet with its 8th bit', 'ab\x80', 2],
    ['a trail octet that is none: the lead octet', 'E$B4A4 ', 5],
    ['a lead octet at the end', 'E$B4A4', 5],
    ['an empty cell', 'E$B4A)!', 5],
    ['an unknown escape', 'aE$C', 1],
    ['an escape that is none', 'aEx', 1],
    ['an escape cut off after one octet', 'abE', 2],
    ['an escape cut off after two', 'abE(', 2],
    ['the second of two escapes', 'aE$BE(B', 4],
  ])('fatal: %s', (_, encoded, offset) => {
    const octets = octetsOf(encoded);
    const error = expect.objectContaining({ code: 'charset-malformed', fault: 'input', offset });
    expect(() => decodeWeb(octets, { fatal: true })).toThrow(error);
    expect(() => {
      const decoder = new WebDecoder({ fatal: true });
      for (const octet of octets) decoder.update(Uint8Array.of(octet));
      decoder.finish();
    }).toThrow(error);
  });

  test('the offset of an error far into the text', () => {
    const octets = new Uint8Array(100_000).fill(0x61);
    octets[77_777] = 0xff;
    expect(() => decodeWeb(octets, { fatal: true })).toThrow(expect.objectContaining({ offset: 77_777 }));
  });

  test('keeps the set from piece to piece, as encoded words need it that were cut in the middle', () => {
    const decoder = new WebDecoder();
    expect(decoder.update(octetsOf('E$B4A'))).toBe('漢');
    expect(decoder.update(octetsOf(';'))).toBe('');
    expect(decoder.update(octetsOf('z'))).toBe('字');
    expect(decoder.finish()).toBe('');
    expect(decoder.replacements).toBe(0);
  });

  test('has the 7,336 characters of the table, ten of them twice: in rows 2 and 13, or 2 and 92', () => {
    const cells = [...jis0208()].filter((unit) => unit !== 0);
    expect(cells.length).toBe(7336);
    expect(cells.some((unit) => unit >= 0xd800 && unit < 0xe000)).toBe(false);
    const doubled = cells.filter((unit, at) => cells.indexOf(unit) !== at);
    expect(String.fromCharCode(...doubled)).toBe('≒≡∫√⊥∠∵∩∪￢');
    expect(String.fromCharCode(...jis0208().subarray(0, 5))).toBe('　、。，．');
  });

  test('text longer than what is decoded at once', () => {
    const text = `E$B${'4A;z'.repeat(5000)}E(B${'ascii'.repeat(3000)}`;
    expect(decodeWeb(octetsOf(text))).toBe('漢字'.repeat(5000) + 'ascii'.repeat(3000));
  });
});
