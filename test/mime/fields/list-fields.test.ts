import { describe, expect, test } from 'vitest';
import { mailingListOf, parseListCommand, parseListId } from '../../../src/mime/fields/list-fields.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { octets } from '../../support/mime.js';

describe('List-Help and its like (RFC 2369)', () => {
  test.each([
    [
      '<mailto:list@host.com?subject=help> (List Instructions)',
      [['mailto:list@host.com?subject=help', 'List Instructions']],
      false,
    ],
    [
      '<ftp://ftp.host.com/list.txt> (FTP),\n\t<mailto:list@host.com>',
      [
        ['ftp://ftp.host.com/list.txt', 'FTP'],
        ['mailto:list@host.com', undefined],
      ],
      false,
    ],
    ['(Use this) <mailto:a@b.test> (now)', [['mailto:a@b.test', 'Use this now']], false],
    ['<https://host.example/a,b;c>', [['https://host.example/a,b;c', undefined]], false],
    ['<https://host.example/a\r\n\tb>', [['https://host.example/ab', undefined]], false],
    ['<mailto:a@b.test> (=?utf-8?Q?caf=C3=A9?=)', [['mailto:a@b.test', 'café']], false],
    ['NO (posting not allowed on this list)', [], true],
    ['no', [], true],
    ['', [], false],
  ])('%s', (value, urls, isNo) => {
    const command = parseListCommand(value);
    expect(command.urls.map(({ url, comment }) => [url, comment])).toEqual(urls);
    expect(command.isNo).toBe(isNo);
    expect(command.defects).toEqual([]);
  });

  test.each([
    ['https://host.example/', ['https://host.example/']],
    ['<https://a.test/> <https://b.test/>', ['https://a.test/', 'https://b.test/']],
    ['<https://a.test/', ['https://a.test/']],
    ['<https://a.test/ <https://b.test/>', ['https://a.test/', 'https://b.test/']],
    ['<https://a.test/ <', ['https://a.test/']],
    ['<>', []],
    ['subscribe here', []],
    ['NOT', []],
    ['(open <https://a.test/>', ['https://a.test/']],
    [', <https://a.test/>', ['https://a.test/']],
    ['NO <https://a.test/>', ['https://a.test/']],
    ['<https://a.test/>, NO', ['https://a.test/']],
    ['<https://a.test/> NO', ['https://a.test/']],
    ['NO, <https://a.test/>', ['https://a.test/']],
  ])('with something wrong: %s', (value, urls) => {
    const command = parseListCommand(value);
    expect(command.urls.map(({ url }) => url)).toEqual(urls);
    expect(command.isNo).toBe(false);
    expect(command.defects.map(({ code }) => code)).toEqual(['list-field-malformed']);
  });

  test('URLs count as addresses do', () => {
    const value = '<a:b>, <c:d>, <e:f>';
    expect(() => parseListCommand(value, { limits: { addresses: 2 } })).toThrow(
      expect.objectContaining({ code: 'limit-addresses' }),
    );
    const command = parseListCommand(value, { limits: { addresses: 2 }, onLimit: 'truncate' });
    expect(command.urls.length).toBe(2);
    expect(command.defects.map(({ code }) => code)).toEqual(['limit-addresses']);
  });
});

describe('List-ID (RFC 2919)', () => {
  test.each([
    [
      'List Header Mailing List <list-header.nisto.com>',
      { id: 'list-header.nisto.com', name: 'List Header Mailing List' },
    ],
    [
      '<commonspace-users.list-id.within.com>',
      { id: 'commonspace-users.list-id.within.com', name: undefined },
    ],
    [
      '"Lena\'s Personal <Joke> List" <lenas-jokes.da39efc25c530ad145d41b86f7420c3b.021999.localhost>',
      {
        id: 'lenas-jokes.da39efc25c530ad145d41b86f7420c3b.021999.localhost',
        name: "Lena's Personal <Joke> List",
      },
    ],
    ['=?utf-8?B?5LyB55S7?= <plan.example.jp>', { id: 'plan.example.jp', name: '企画' }],
    ['a-list.example.net', { id: 'a-list.example.net', name: undefined }],
    ['An internal list (comment) <a.localhost>', { id: 'a.localhost', name: 'An internal list' }],
    ['=?utf-8?Q?Choir <news>?= <choir.example.jp>', { id: 'choir.example.jp', name: 'Choir <news>' }],
    ['=?utf-8?Q?Choir_(new?= <choir.example.jp> (of us))', { id: 'choir.example.jp', name: 'Choir (new' }],
    ['The"<a.example>" <choir.example.jp>', { id: 'choir.example.jp', name: 'The <a.example>' }],
    ['<choir.example.jp> (<a.example>)', { id: 'choir.example.jp', name: undefined }],
    ['=?utf-8?Q?Choir_=3Cchoir.example.jp=3E?=', { id: 'choir.example.jp', name: 'Choir' }],
    ['=?utf-8?Q?Choir_<choir.example.jp>?=', { id: 'choir.example.jp', name: 'Choir' }],
    ['=?utf-8?Q?The\r\n choir?= <choir.example.jp>', { id: 'choir.example.jp', name: 'The choir' }],
    ['=?utf-8?Q?=3C=3E?=', undefined],
    ['<>', undefined],
    ['', undefined],
  ])('%s', (value, expected) => {
    expect(parseListId(value)).toEqual(expected);
  });
});

describe('the list that a message came by', () => {
  const listOf = (header: string): ReturnType<typeof mailingListOf> =>
    mailingListOf(parseMessage(octets(`${header}\n\n`)).headers);

  test('is told by its fields', () => {
    const list = listOf(
      'List-Id: A list <a.example>\nList-Post: NO\nList-Archive: <https://a.example/>\nList-Help: <mailto:h@a.example>\n' +
        'List-Owner: <mailto:o@a.example>\nList-Subscribe: <mailto:s@a.example>',
    );
    expect(list).toMatchObject({
      id: { id: 'a.example', name: 'A list' },
      post: { isNo: true },
      unsubscribe: undefined,
    });
    expect(
      [list?.archive, list?.help, list?.owner, list?.subscribe].map((each) => each?.urls[0]?.url),
    ).toEqual(['https://a.example/', 'mailto:h@a.example', 'mailto:o@a.example', 'mailto:s@a.example']);
  });

  test('is none where no field tells of one', () => {
    expect(listOf('Subject: a')).toBeUndefined();
  });

  test.each([
    ['List-Unsubscribe=One-Click', '<mailto:u@a.test>, <https://a.test/u>', 'https://a.test/u'],
    ['list-unsubscribe=one-click', '<HTTPS://a.test/u>', 'HTTPS://a.test/u'],
    ['List-Unsubscribe=One-Click', '<http://a.test/u>', undefined],
    ['List-Unsubscribe=One-Click', '<mailto:u@a.test>', undefined],
    ['List-Unsubscribe=Two-Click', '<https://a.test/u>', undefined],
    ['List-Unsubscribe=One-Click', 'NO <https://a.test/u>', undefined],
    ['List-Unsubscribe=One-Click', 'https://a.test/u', undefined],
    ['List-Unsubscribe=One-Click', '<https://a.test/u <https://b.test/u>', undefined],
    ['List-Unsubscribe=One-Click', '<https://a.test/u>\nList-Unsubscribe: <https://b.test/u>', undefined],
    ['List-Unsubscribe=One-Click\nList-Unsubscribe-Post: x', '<https://a.test/u>', undefined],
  ])('offers one click (RFC 8058) where it says %s and %s', (post, unsubscribe, expected) => {
    expect(listOf(`List-Unsubscribe: ${unsubscribe}\nList-Unsubscribe-Post: ${post}`)?.oneClick).toBe(
      expected,
    );
  });
});

test.each([
  ['URLs', '<a:b>, '],
  ['open brackets', '<'],
  ['open comments', '('],
  ['comments', '(a)'],
  ['open quotes', '"'],
  ['bare words', 'a:b '],
])('many %s cost linear time', (_, piece) => {
  expectLinear((size) => {
    const value = piece.repeat(size / piece.length);
    return () => {
      parseListCommand(value, { limits: { addresses: size } });
      parseListId(value);
    };
  }, 60_000);
});
