import { describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { parseAddressList } from '../../../src/mime/fields/address.js';
import type { Address } from '../../../src/mime/fields/mailbox.js';
import { expectLinear } from '../../support/linear-time.js';

/** `name <address>` of each, groups as `name:[…]`. */
function shown(value: string | Uint8Array): string[] {
  const show = (address: Address): string =>
    'members' in address
      ? `${address.name}:[${address.members.map(show).join(' | ')}]`
      : `${address.name ?? '-'} <${address.address}>`;
  return parseAddressList(value).map(show);
}

function codes(value: string): string[] {
  return parseAddressList(value).defects.map((defect) => defect.code);
}

describe('well-formed addresses', () => {
  test.each([
    ['alice@example.jp', ['- <alice@example.jp>']],
    ['Alice <alice@example.jp>', ['Alice <alice@example.jp>']],
    [
      '"Alice, A." <alice@example.jp>, bob@example.jp',
      ['Alice, A. <alice@example.jp>', '- <bob@example.jp>'],
    ],
    ['"a\\"b" <alice@example.jp>', ['a"b <alice@example.jp>']],
    ['<alice@example.jp>', ['- <alice@example.jp>']],
    ['"john doe"@example.jp', ['- <"john doe"@example.jp>']],
    ['"alice"@example.jp', ['- <alice@example.jp>']],
    ['"a\\\\b"@example.jp', ['- <"a\\\\b"@example.jp>']],
    ['alice@[192.0.2.1]', ['- <alice@[192.0.2.1]>']],
    ['A Group:Ed Jones <c@a.test>,joe@where.test;', ['A Group:[Ed Jones <c@a.test> | - <joe@where.test>]']],
    ['Undisclosed recipients:;', ['Undisclosed recipients:[]']],
    ['g: a@x.test;, b@x.test', ['g:[- <a@x.test>]', '- <b@x.test>']],
    ['alice@example.jp (Alice A.)', ['Alice A. <alice@example.jp>']],
    ['alice (was: mallory@evil.test) @ example (x) . jp', ['x <alice@example.jp>']],
    ['Alice <@relay.test,@other.test:alice@example.jp>', ['Alice <alice@example.jp>']],
    ['=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?= <a@example.jp>', ['こんにちは <a@example.jp>']],
    ['Joe Q. Public <joe@example.com>', ['Joe Q. Public <joe@example.com>']],
    ['', []],
    [' , ,', []],
  ])('%s', (value, expected) => {
    expect(shown(value)).toEqual(expected);
    expect(codes(value)).toEqual([]);
  });
});

describe('what a forger may try', () => {
  test.each([
    ['"alice@example.jp" <mallory@evil.test>', ['alice@example.jp <mallory@evil.test>'], false],
    ['alice@example.jp <mallory@evil.test>', ['alice@example.jp <mallory@evil.test>'], true],
    ['<alice@example.jp> <mallory@evil.test>', ['- <alice@example.jp>', '- <mallory@evil.test>'], true],
    ['alice@example.jp mallory@evil.test', ['- <alice@example.jp>', '- <mallory@evil.test>'], true],
    ['<alice@example.jp, mallory@evil.test>', ['- <alice@example.jp>', '- <mallory@evil.test>'], true],
    ['mallory@evil.test (<alice@example.jp>)', ['<alice@example.jp> <mallory@evil.test>'], false],
    ['alice@example.jp@evil.test', ['- <"alice@example.jp"@evil.test>'], true],
    ['<alice@example.jp@evil.test>', ['- <"alice@example.jp"@evil.test>'], true],
    ['"alice@example.jp"@evil.test', ['- <"alice@example.jp"@evil.test>'], false],
    ['=?utf-8?Q?alice=40example.jp?= <mallory@evil.test>', ['alice@example.jp <mallory@evil.test>'], false],
    ['=?utf-8?Q?alice=40example.jp_=3Ca=40b=3E?=', ['alice@example.jp <a@b> <>'], true],
    [
      '=?utf-8?Q?x,alice@example.jp,y?= <mallory@evil.test>',
      ['x,alice@example.jp,y <mallory@evil.test>'],
      true,
    ],
    ['alice@example.jp: mallory@evil.test;', ['alice@example.jp:[- <mallory@evil.test>]'], true],
    ['Alice <alice smith@example.jp>', ['Alice <"alice smith"@example.jp>'], true],
    ['Alice <alice@example.jp', ['Alice <alice@example.jp>'], true],
    ['"Alice <alice@example.jp>', ['Alice <alice@example.jp>'], true],
    ['Alice (x <alice@example.jp>', ['Alice (x <alice@example.jp>'], true],
    ['<ali(ce@example.jp>', ['- <"ali ( ce"@example.jp>'], true],
    [
      'Alice <alice@example.jp> junk, bob@example.jp',
      ['Alice <alice@example.jp>', '- <bob@example.jp>'],
      true,
    ],
    ['<alice@example.jp> Alice A., <b@b.test>', ['Alice A. <alice@example.jp>', '- <b@b.test>'], true],
    ['alice@example.jp Alice', ['Alice <alice@example.jp>'], true],
    ['Alice', ['Alice <>'], true],
    ['<>', ['- <>'], true],
    ['Alice alice@example.jp', ['Alice <alice@example.jp>'], true],
    ['<ali;ce@example.jp>', ['- <"ali ; ce"@example.jp>'], true],
    ['<ali(x)ce@example.jp>', ['x <"ali ce"@example.jp>'], true],
    ['"ali"ce@example.jp', ['- <"ali ce"@example.jp>'], true],
    ['<"ali"ce@example.jp>', ['- <"ali ce"@example.jp>'], true],
    ['alice@example>.jp', ['- <alice@example >.jp>'], true],
    ['alice@example.jp\\@evil.test', ['- <"alice@example.jp \\\\"@evil.test>'], true],
    ['ali\rce@example.jp', ['ali <ce@example.jp>'], true],
    ['"ali\rce"@example.jp', ['- <"ali\rce"@example.jp>'], false],
    ['<mailto:alice@example.jp>', ['- <"mailto : alice"@example.jp>'], true],
    ['a@b.test; c@d.test', ['- <a@b.test>', '- <c@d.test>'], true],
  ])('%s', (value, expected, malformed) => {
    expect(shown(value)).toEqual(expected);
    expect(codes(value).includes('address-malformed')).toBe(malformed);
  });
});

test('the comments of a mailbox are told apart from its address', () => {
  const [address] = parseAddressList('Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>');
  expect(address).toEqual({
    name: 'Pete',
    address: 'pete@silly.test',
    localPart: 'pete',
    domain: 'silly.test',
    comments: ['A nice ) chap', 'his account', 'his host'],
  });
});

test('no address holds a fold of its field', () => {
  for (const end of ['\r\n', '\n']) {
    const value = `"a${end} b"@[192.0${end} .2.1], [${end}>c@d.test`;
    expect(parseAddressList(value)).toMatchObject([
      { localPart: 'a b', domain: '[192.0 .2.1]', address: '"a b"@[192.0 .2.1]' },
      { localPart: '[ > c', domain: 'd.test' },
    ]);
    const named = `"a\\${end} b" <c@d.test>, c@d.test (e${end} f (g\\${end} h))`;
    expect(parseAddressList(named)).toMatchObject([
      { name: 'a b', comments: [] },
      { name: 'e f (g h)', comments: ['e f (g h)'] },
    ]);
  }
});

test('octets are unfolded, raw UTF-8 and raw ISO-2022-JP understood', () => {
  expect(shown(bytesFromUtf8(' 山田 太郎\r\n <yamada@例え.jp>\r\n'))).toEqual(['山田 太郎 <yamada@例え.jp>']);
  // 山田, whose second octets are `3` and `D`; in other words an angle bracket or a comma would be among them.
  expect(shown(bytesFromLatin1(' \x1b$B;3ED\x1b(B <yamada@example.jp>'))).toEqual([
    '山田 <yamada@example.jp>',
  ]);
  expect(parseAddressList(bytesFromLatin1('\x1b$B;3ED\x1b(B <a@b.test>')).defects[0]?.code).toBe(
    'header-raw-jis',
  );
});

test.each([
  ['addresses', 'a@b.test,'],
  ['addresses without commas', 'a@b.test '],
  ['words', 'word '],
  ['dotted words', 'a.'],
  ['open comments', '('],
  ['nested comments', '(()'],
  ['open quotes after backslashes', '"\\'],
  ['angle brackets', '<'],
  ['encoded words without an end', '=?utf-8?Q?'],
  ['groups', 'g:'],
  ['at signs', '@'],
])('many %s cost linear time', (_, piece) => {
  expectLinear(
    (size) => {
      const value = piece.repeat(size / piece.length);
      return () => parseAddressList(value, { limits: { addresses: size } });
    },
    piece.length > 4 ? 20_000 : 60_000,
  );
});
