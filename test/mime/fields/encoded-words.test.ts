import { describe, expect, test } from 'vitest';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { decodeEncodedWords } from '../../../src/mime/fields/encoded-words.js';
import { expectLinear } from '../../support/linear-time.js';
import { octets } from '../../support/mime.js';

describe('well-formed encoded words', () => {
  test.each([
    ['=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=', 'こんにちは'],
    ['Re: =?UTF-8?B?44GT44KT?= (2)', 'Re: こん (2)'],
    ['=?utf-8?q?caf=C3=A9_au_lait?=', 'café au lait'],
    ['=?utf-8*en-GB?Q?a?=', 'a'],
    ['=?iso-8859-1?Q?a?= =?iso-8859-2?Q?_=B1?=', 'a ą'],
    ['=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?a?= b =?utf-8?Q?c?=', 'a b c'],
    ['=?utf-8?Q??= =?utf-8?B??=', ''],
    // One character split over two words, in B, in Q, and over both.
    ['=?utf-8?B?44E=?= =?utf-8?B?kw==?=', 'こ'],
    ['=?utf-8?Q?=E3=81?= =?UTF-8?Q?=93?=', 'こ'],
    ['=?utf-8?B?44E=?= =?utf-8?Q?=93?=', 'こ'],
    // The second word goes on in the set that the first one switched to.
    ['=?ISO-2022-JP?B?GyRCJDM=?= =?ISO-2022-JP?B?JHMbKEI=?=', 'こん'],
    // RFC 3629 §6: where UTF-8 is named, it has no mark.
    ['a =?utf-8?B?77u/YQ==?=', 'a \ufeffa'],
    ['no words', 'no words'],
    ['a =? b ?= c', 'a =? b ?= c'],
  ])('%s', (value, expected) => {
    expect(decodeEncodedWords(value)).toEqual({ text: expected, defects: [] });
  });
});

describe('encoded words with something wrong', () => {
  test.each([
    ['=?utf-8?B?44GT44KT', '=?utf-8?B?44GT44KT', undefined],
    ['=?x-unknown?Q?a?= =?utf-8?Q?b?= =?utf-8?Q?c?=', '=?x-unknown?Q?a?= bc', 'charset-unknown'],
    [
      '=?utf-8?Q?b?= =?x-unknown?B?YQ==?=  =?x-unknown?B?YQ==?=',
      'b=?x-unknown?B?YQ==?=  =?x-unknown?B?YQ==?=',
      'charset-unknown',
    ],
    ['=?utf-8?X?a?=', '=?utf-8?X?a?=', undefined],
    ['=?utf-8?Q?with inner blanks?=', 'with inner blanks', undefined],
    ['=?utf-8?Q?a=4?=', 'a=4', 'encoded-word-malformed'],
    ['=?utf-8?B?YWJj!ZGVm?=', 'abcdef', 'encoded-word-malformed'],
    ['=?utf-8?B?YWI?=', 'ab', 'encoded-word-malformed'],
    // Base64 cut within a group.
    ['=?utf-8?B?44G?= =?utf-8?B?T?=', 'こ', undefined],
    ['=?utf-8?Q?=FF?=', '\ufffd', 'encoded-word-damaged'],
    ['=?utf-8?Q?a?b?=', 'a?b', undefined],
    ['=?utf-8?Q?a =?utf-8?Q?b?=', '=?utf-8?Q?a b', undefined],
    ['x=?utf-8?Q?a?=y', 'xay', undefined],
    ['=?utf-8?Q?a=?=', 'a=', 'encoded-word-malformed'],
  ])('%s', (value, text, code) => {
    const decoded = decodeEncodedWords(value);
    expect(decoded.text).toBe(text);
    expect(decoded.defects.map((defect) => defect.code)).toEqual(code === undefined ? [] : [code]);
  });

  test('the damaged word of 1998 gives text and a defect', () => {
    const { text, defects } = decodeEncodedWords('=?ISO-2022-JP?B?GyRCJDMkbCRPJUYIOSVIGyhK?=');
    expect(text).toMatch(/^これは.*\ufffd/);
    expect(defects.map((defect) => [defect.code, defect.offset])).toEqual([['encoded-word-damaged', 0]]);
  });
});

describe('a value as octets', () => {
  test('is unfolded', () => {
    expect(decodeEncodedWords(octets(' =?utf-8?Q?a?=\r\n\t=?utf-8?Q?b?= c\r\n')).text).toBe('ab c');
  });

  test('may be raw UTF-8', () => {
    expect(decodeEncodedWords(bytesFromUtf8('こんにちは'))).toEqual({ text: 'こんにちは', defects: [] });
  });

  test('may be raw ISO-2022-JP', () => {
    const { text, defects } = decodeEncodedWords(octets('Re: \x1b$B$3$s\x1b(B!'));
    expect(text).toBe('Re: こん!');
    expect(defects.map((defect) => defect.code)).toEqual(['header-raw-jis']);
  });

  test('keeps a CR that ends no line', () => {
    const { text, defects } = decodeEncodedWords(octets('a\rb\r\n c\r\n'));
    expect(text).toBe('a\rb c');
    expect(defects.map((defect) => defect.code)).toEqual(['header-bare-cr']);
  });

  test('may hold octets that nothing explains', () => {
    const { text, defects } = decodeEncodedWords(octets('caf\xe9\0'));
    expect(text).toBe('caf\xe9\0');
    expect(defects.map((defect) => defect.code)).toEqual(['header-nul', 'header-raw-8bit']);
  });
});

describe('raw octets above 127', () => {
  test.each([
    ['of ISO-8859-1 inside a word', '=?iso-8859-1?Q?Die Fr\xf6sche?=', 'Die Frösche'],
    ['of windows-1252 inside a word', '=?windows-1252?Q?5_\x80?=', '5 €'],
    ['of UTF-8 inside a word', '=?utf-8?Q?caf\xc3\xa9?=', 'café'],
    ['of UTF-8 inside a word of another charset', '=?iso-8859-1?Q?caf\xc3\xa9?=', 'café'],
    ['of windows-1252', '\x93caf\xe9\x94 \x96 5 \x80', '“café” – 5 €'],
    [
      'of Shift_JIS',
      '\x89\xef\x8bc\x82\xcc\x82\xa8\x92m\x82\xe7\x82\xb9\x82\xc5\x82\xb7\x81B',
      '会議のお知らせです。',
    ],
    ['of EUC-JP', '\xb2\xf1\xb5\xc4\xa4\xce\xa4\xaa\xc3\xce\xa4\xe9\xa4\xbb', '会議のお知らせ'],
  ])('%s', (_, value, expected) => {
    expect(decodeEncodedWords(octets(value)).text).toBe(expected);
  });
});

test.each([
  ['words', '=?utf-8?Q?a?= '],
  ['words of two charsets', '=?utf-8?Q?a?= =?iso-8859-1?Q?b?= '],
  ['words of unknown charsets', '=?x?Q?a?= '],
  ['base64 words cut anywhere', '=?utf-8?B?Y?= '],
  ['beginnings', '=?'],
  ['beginnings with charset', '=?a?q?'],
  ['ends', '?='],
  ['question marks', '?'],
  ['beginnings and blanks', '=?a?q? '],
])('many %s cost linear time', (_, piece) => {
  expectLinear(
    (size) => {
      const value = piece.repeat(size / piece.length);
      return () => decodeEncodedWords(value, { limits: { encodedWords: size } });
    },
    piece.length > 4 ? 20_000 : 60_000,
  );
});
