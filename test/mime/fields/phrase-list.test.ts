import { expect, test } from 'vitest';
import { parseContentLanguage, parsePhraseList } from '../../../src/mime/fields/phrase-list.js';
import { expectLinear } from '../../support/linear-time.js';

test.each([
  ['simple, list', ['simple', 'list']],
  [' one item  ', ['one item']],
  ['multi \r\n words, "quoted, comma" word', ['multi words', 'quoted, comma word']],
  ['=?utf-8?Q?a,_b?=, c', ['a, b', 'c']],
  ['=?utf-8?Q?a?= =?utf-8?Q?b?=, c', ['ab', 'c']],
  ['=?utf-8?Q?a,\r\n b?=, c', ['a, b', 'c']],
  ['a (comment, with a comma), b', ['a', 'b']],
  [',, a,', ['a']],
  ['a (open, b', ['a (open', 'b']],
  ['', []],
])('phrases: %s', (value, expected) => {
  expect([...parsePhraseList(value)]).toEqual(expected);
});

test.each([
  ['en', ['en'], false],
  ['mi, en', ['mi', 'en'], false],
  ['x-klingon, zh-Hant-TW', ['x-klingon', 'zh-Hant-TW'], false],
  ['en (English), ja', ['en', 'ja'], false],
  ['en ja', [], true],
  ['e_n, ja', ['ja'], true],
  ['', [], false],
])('languages: %s', (value, expected, malformed) => {
  const tags = parseContentLanguage(value);
  expect([...tags]).toEqual(expected);
  expect(tags.defects.map(({ code }) => code)).toEqual(malformed ? ['language-malformed'] : []);
});

test('both count as addresses do', () => {
  for (const parse of [parsePhraseList, parseContentLanguage]) {
    expect(() => parse('aa, bb, cc', { limits: { addresses: 2 } })).toThrow(
      expect.objectContaining({ code: 'limit-addresses', offset: 8 }),
    );
    const list = parse('aa, bb, cc', { limits: { addresses: 2 }, onLimit: 'truncate' });
    expect([...list]).toEqual(['aa', 'bb']);
    expect(list.defects.map(({ code }) => code)).toEqual(['limit-addresses']);
  }
});

test.each([
  ['phrases', 'a, '],
  ['words', 'a '],
  ['open quotes', '"'],
  ['open comments', '('],
  ['beginnings of encoded words', '=?a?q?'],
  ['beginnings of encoded words with blanks', '=?a?q?a '],
])('many %s cost linear time', (_, piece) => {
  expectLinear((size) => {
    const value = piece.repeat(size / piece.length);
    return () => parsePhraseList(value, { limits: { addresses: size, encodedWords: size } });
  }, 60_000);
});
