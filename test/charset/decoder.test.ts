import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCharsetDecoder, decodeCharset } from '../../src/charset/decoder.js';

const octetsOf = (...octets: number[]) => Uint8Array.from(octets);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('decoding by label', () => {
  test('long text of single octets', () => {
    const octets = new Uint8Array(100_000).map((_, at) => 0x20 + (at % 0xe0));
    const { text } = decodeCharset('iso-8859-1', octets);
    const once = decodeCharset('iso-8859-1', octets.subarray(0, 0xe0)).text;
    expect([once.length, once[0x60], once[0xdf]]).toEqual([0xe0, '€', 'ÿ']);
    expect(text === once.repeat(500).slice(0, 100_000)).toBe(true);
    expect(decodeCharset('us-ascii', octets).replacements).toBe(
      octets.filter((octet) => octet >= 0x80).length,
    );
  });

  test.each<[string, string, number[], string, number]>([
    ['us-ascii', 'us-ascii', [0x41, 0x80, 0xff, 0x7f], 'A\ufffd\ufffd\x7f', 2],
    ['iso-8859-1', 'windows-1252', [0x63, 0xe9, 0x80, 0x81, 0x9f], 'cé€\u0081Ÿ', 0],
    ['utf-8', 'utf-8', [0xe3, 0x81, 0x82], 'あ', 0],
    ['utf-8', 'utf-8', [0xef, 0xbb, 0xbf, 0x41], 'A', 0],
    ['utf-8', 'utf-8', [0xef, 0xbf, 0xbd, 0xe3, 0x81, 0x41], '\ufffd\ufffdA', 1],
    ['utf-8', 'utf-8', [0xe3, 0x81], '\ufffd', 1],
    ['utf-8', 'utf-8', [0xef, 0xbf, 0xef, 0xbf, 0xbd], '\ufffd\ufffd', 1],
    ['iso-2022-jp', 'iso-2022-jp', [0x1b, 0x24, 0x42, 0x34, 0x41, 0x1b, 0x28, 0x42, 0x80], '漢\ufffd', 1],
    ['iso-2022-jp-2004', 'iso-2022-jp', [0x1b, 0x24, 0x28, 0x51, 0x4f, 0x54, 0x1b, 0x28, 0x42], '𠮟', 0],
    ['iso-2022-jp-2', 'iso-2022-jp', [0x1b, 0x24, 0x41, 0x57, 0x56, 0x1b, 0x28, 0x42], '字', 0],
    ['cp50222', 'iso-2022-jp', [0x0e, 0x31, 0x0f, 0xb1], 'ｱｱ', 0],
    ['shift_jis', 'shift_jis', [0x8a, 0xbf, 0xb1], '漢ｱ', 0],
    ['euc-jp', 'euc-jp', [0xb4, 0xc1, 0xff], '漢\ufffd', 1],
    ['koi8-r', 'koi8-r', [0xf0], 'П', 0],
    ['cp437', 'ibm437', [0x41, 0x9a, 0xe1, 0xb3], 'AÜß│', 0],
    ['cp850', 'ibm850', [0x9a, 0x9b, 0xd5, 0xff], 'Üøı\u00a0', 0],
    ['cp852', 'ibm852', [0xa9, 0xfd], 'ęř', 0],
    ['IBM00858', 'ibm858', [0xd5], '€', 0],
    ['gb2312', 'gbk', [0xba, 0xba], '汉', 0],
    ['big5', 'big5', [0xba, 0x7e], '漢', 0],
    ['euc-kr', 'euc-kr', [0xc7, 0xd1], '한', 0],
    ['iso-2022-kr', 'iso-2022-kr', [0x1b, 0x24, 0x29, 0x43, 0x0e, 0x3e, 0x48, 0x0f, 0x20, 0x61], '안 a', 0],
    [
      'iso-2022-kr',
      'iso-2022-kr',
      [0x1b, 0x24, 0x41, 0x0e, 0x3e, 0x48, 0x0a, 0x3e, 0xbe, 0xc8],
      '\x1b$A안\n>안',
      0,
    ],
    ['iso-2022-kr', 'iso-2022-kr', [0x0e, 0x3e, 0x1b, 0x24], '\ufffd\x1b$', 1],
    ['hz-gb-2312', 'hz-gb-2312', [0x7e, 0x7b, 0x44, 0x7a, 0x7e, 0x7d, 0x61, 0x7e, 0x7e], '您a~', 0],
    [
      'hz',
      'hz-gb-2312',
      [0x7e, 0x7b, 0x44, 0x7a, 0x0a, 0x44, 0x7e, 0x0a, 0x41, 0x7e, 0x42, 0x7e],
      '您\nDA~B~',
      0,
    ],
    ['hz', 'hz-gb-2312', [0x7e, 0x7b, 0x44], '\ufffd', 1],
    ['utf-16', 'utf-16', [0x30, 0x42], 'あ', 0],
    ['utf-16', 'utf-16', [0xfe, 0xff, 0x30, 0x42], 'あ', 0],
    ['utf-16', 'utf-16', [0xff, 0xfe, 0x42, 0x30], 'あ', 0],
    ['utf-16be', 'utf-16be', [0xff, 0xfe, 0x30, 0x42], '\ufffeあ', 0],
    ['utf-16le', 'utf-16le', [0xff, 0xfe, 0x42, 0x30], 'あ', 0],
    ['utf-16le', 'utf-16le', [0x42, 0x30, 0xff, 0xfe], 'あ\ufeff', 0],
    ['utf-16be', 'utf-16be', [0xd8, 0x3d, 0xde, 0x00], '😀', 0],
    ['utf-16be', 'utf-16be', [0xd8, 0x3d, 0x00, 0x41], '\ufffdA', 1],
    ['utf-16be', 'utf-16be', [0xde, 0x00, 0x00, 0x41], '\ufffdA', 1],
    ['utf-16be', 'utf-16be', [0xd8, 0x3d, 0xd8, 0x3d, 0xde, 0x00], '\ufffd😀', 1],
    ['utf-16be', 'utf-16be', [0x00, 0x41, 0x00], 'A\ufffd', 1],
    ['utf-16be', 'utf-16be', [0xd8, 0x3d], '\ufffd', 1],
    ['utf-16be', 'utf-16be', [0xff, 0xfd], '\ufffd', 0],
  ])('%s', (label, charset, octets, text, replacements) => {
    expect(decodeCharset(label, Uint8Array.from(octets))).toEqual({ text, charset, replacements });
    const decoder = createCharsetDecoder(label);
    let inOctets = '';
    for (const octet of octets) inOctets += decoder.update(octetsOf(octet));
    inOctets += decoder.finish();
    expect([inOctets, decoder.charset, decoder.replacements]).toEqual([text, charset, replacements]);
  });

  test.each<[string, string, number]>([
    // The examples of RFC 2152.
    ['A+ImIDkQ.', 'A≢Α.', 0],
    ['Hi Mom -+Jjo--!', 'Hi Mom -☺-!', 0],
    ['+ZeVnLIqe-', '日本語', 0],
    ['Item 3 is +AKM-1.', 'Item 3 is £1.', 0],
    ['1 +- 1', '1 + 1', 0],
    ['+ZeVnLIqe', '日本語', 0],
    ['+2D3eAA-', '😀', 0],
    ['+2D0-', '\ufffd', 1],
    ['+2D0AQQ-', '\ufffdA', 1],
    ['+3gA-', '\ufffd', 1],
    ['+', '\ufffd', 1],
    ['+ a', '\ufffd a', 1],
    ['+A-', '\ufffd', 1],
    ['+AEF-', 'A\ufffd', 1],
    ['+AEEA-', 'A\ufffd', 1],
    ['a\xe9', 'a\ufffd', 1],
    ['+AEE\xe9', 'A\ufffd', 1],
    ['+AEE-+AEI-', 'AB', 0],
  ])('utf-7 %j', (encoded, text, replacements) => {
    const octets = Uint8Array.from(encoded, (character) => character.charCodeAt(0));
    expect(decodeCharset('UTF-7', octets)).toEqual({ text, charset: 'utf-7', replacements });
    const decoder = createCharsetDecoder('utf-7');
    let inOctets = '';
    for (const octet of octets) inOctets += decoder.update(octetsOf(octet));
    expect([inOctets + decoder.finish(), decoder.replacements]).toEqual([text, replacements]);
  });

  test('windows-1252 agrees with the Encoding Standard in every octet', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    // Some platforms have the table wrong when an octet comes alone, never in a stream.
    const platform = new TextDecoder('windows-1252');
    expect(decodeCharset('windows-1252', octets).text).toBe(platform.decode(octets, { stream: true }));
  });

  test('an unknown label is an error that names it, in printable characters only', () => {
    expect(() => decodeCharset('x-unknown\x1b\u202e', octetsOf())).toThrow(
      expect.objectContaining({
        code: 'charset-unknown',
        message: 'the charset label "x-unknown??" is not known',
      }),
    );
  });

  test('a charset that the platform lacks is an error that says so', () => {
    const error = expect.objectContaining({
      code: 'charset-unknown',
      message: 'this platform has no decoder for the charset koi8-r',
    });
    vi.stubGlobal(
      'TextDecoder',
      class {
        constructor(label: string) {
          throw new RangeError(label);
        }
      },
    );
    expect(() => decodeCharset('koi8-r', octetsOf())).toThrow(error);
    vi.stubGlobal('TextDecoder', undefined);
    expect(() => decodeCharset('koi8-r', octetsOf())).toThrow(error);
    expect(decodeCharset('latin1', octetsOf(0xe9)).text).toBe('é');
  });

  test('takes a Buffer and octets in shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    shared.set([0xc3, 0xa9]);
    expect(decodeCharset('utf-8', shared).text).toBe('é');
    expect(decodeCharset('latin1', Buffer.from([0xe9])).text).toBe('é');
  });
});
