import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseAuthenticationResults } from '../../src/mime/fields/authentication-results.js';
import { parseContentDisposition } from '../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../src/mime/fields/content-type.js';
import { parseDateTime } from '../../src/mime/fields/date.js';
import { decodeEncodedWords } from '../../src/mime/fields/encoded-words.js';
import { parseListCommand, parseListId } from '../../src/mime/fields/list-fields.js';
import { parseMessageIds } from '../../src/mime/fields/message-id.js';
import { parseContentLanguage, parsePhraseList } from '../../src/mime/fields/phrase-list.js';
import { parseReceived } from '../../src/mime/fields/received.js';
import type { ValueOptions } from '../../src/mime/fields/value-options.js';
import { expectLinearFit } from '../support/fit.js';

const options: ValueOptions = {
  limits: {
    addresses: Number.POSITIVE_INFINITY,
    encodedWords: Number.POSITIVE_INFINITY,
    parameters: Number.POSITIVE_INFINITY,
    parameterSections: Number.POSITIVE_INFINITY,
  },
};

function repeat(count: number, make: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => make(i)).join('');
}

/** Everything that reads a value. */
const READERS: readonly (readonly [name: string, read: (value: string) => unknown])[] = [
  ['addresses', (value) => parseAddressList(value, options)],
  ['Authentication-Results', (value) => parseAuthenticationResults(value, options)],
  ['Content-Disposition', (value) => parseContentDisposition(value, 0, options)],
  ['Content-Language', (value) => parseContentLanguage(value, options)],
  ['Content-Type', (value) => parseContentType(value, 0, options)],
  ['Date', (value) => parseDateTime(value)],
  ['encoded words', (value) => decodeEncodedWords(value, options)],
  ['List-Help', (value) => parseListCommand(value, options)],
  ['List-ID', (value) => parseListId(value, options)],
  ['message-ids', (value) => parseMessageIds(value, options)],
  ['phrases', (value) => parsePhraseList(value, options)],
  ['Received', (value) => parseReceived(value)],
];

describe('what the issue names', () => {
  test('50,000 addresses', () => {
    const value = (count: number): string => repeat(count, (i) => `Name ${i} <user${i}@host.example>, `);
    expect(parseAddressList(value(50_000), options).length).toBe(50_000);
    expectLinearFit('addresses', 50_000, (count) => {
      const text = value(count);
      return () => parseAddressList(text, options);
    });
  });

  test('50,000 addresses without commas, and as many in one group', () => {
    const bare = (count: number): string => repeat(count, (i) => `user${i}@host.example `);
    expect(parseAddressList(bare(50_000), options).length).toBe(50_000);
    expectLinearFit('addresses without commas', 50_000, (count) => {
      const text = bare(count);
      return () => parseAddressList(text, options);
    });
    expectLinearFit('addresses in a group', 50_000, (count) => {
      const text = `g: ${repeat(count, (i) => `user${i}@host.example,`)};`;
      return () => parseAddressList(text, options);
    });
  });

  test.each([
    ['encoded words of one charset in Q', '=?utf-8?Q?=C3=A9?= '],
    ['encoded words of one charset in B', '=?utf-8?B?w6k=?= '],
    ['encoded words cut within base64', '=?utf-8?B?w6?= =?utf-8?B?k=?= '],
    ['encoded words of ISO-2022-JP', '=?iso-2022-jp?B?GyRCJCIbKEI=?= '],
    ['encoded words of two charsets in turn', '=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?= '],
    ['encoded words of an unknown charset', '=?x-none?Q?a?= '],
    ['encoded words with text between', '=?utf-8?Q?=C3=A9?= a '],
  ])('50,000 %s', (what, word) => {
    const words = word.split('=?').length - 1;
    expectLinearFit(what, 50_000, (count) => {
      const text = word.repeat(Math.ceil(count / words));
      return () => decodeEncodedWords(text, options);
    });
  });

  test.each([
    ['sections', (i: number) => `; filename*${i}=ab`],
    ['extended sections', (i: number) => `; filename*${i}*=%61b`],
    ['sections from last to first', (i: number) => `; filename*${19_999 - i}=ab`],
    ['sections with one number', () => '; filename*1=ab'],
  ])('20,000 RFC 2231 %s', (what, section) => {
    const value = `attachment${repeat(20_000, section)}`;
    expect(parseContentDisposition(value, 0, options).filename?.slice(0, 2)).toBe('ab');
    expectLinearFit(`RFC 2231 ${what}`, 20_000, (count) => {
      const text = `attachment${repeat(count, section)}`;
      return () => parseContentDisposition(text, 0, options);
    });
  });

  test.each(READERS)('comments nested 20,000 deep, in %s', (name, read) => {
    expectLinearFit(`nested comments in ${name}`, 20_000, (count) => {
      const closed = `a ${'('.repeat(count)}x${')'.repeat(count)} b`;
      const open = `a ${'(x '.repeat(count)}b`;
      return () => {
        read(closed);
        read(open);
      };
    });
  });

  test('a comment nested 20,000 deep is read whole', () => {
    const inner = `${'('.repeat(19_999)}x${')'.repeat(19_999)}`;
    expect(parseAddressList(`a@b.test (${inner})`)).toMatchObject([
      { address: 'a@b.test', comments: [inner] },
    ]);
  });
});

describe('pieces that may never end or always look like a beginning', () => {
  const pieces = [
    ...[
      '"',
      '\\',
      '"\\',
      '<',
      '>',
      '[',
      '(',
      ')',
      '@',
      '.',
      ' .',
      ':',
      ';',
      ',',
      '=',
      '=?',
      '?=',
      '=?a?q?',
      '=?a?q? ',
    ],
    ...[
      'a ',
      'a.',
      ' a=',
      'a=b ',
      'a="b" ',
      '*',
      '*0*=a;',
      "'",
      '%',
      'from ',
      'by (',
      ';(',
      '<(',
      '<"',
      ' [',
      '/',
      'TLS',
    ],
    ...['\r\n ', '\t', '\0', '\x1b$B', 'é', '=?utf-8?q?é?= '],
  ];
  test.each(READERS)('in %s', (name, read) => {
    for (const piece of pieces) {
      const make = (size: number): (() => void) => {
        const text = `a; b ${piece.repeat(Math.ceil(size / piece.length))}`;
        return () => read(text);
      };
      // The cheap look first: only what takes long is measured.
      const start = process.cpuUsage();
      make(100_000)();
      const { user, system } = process.cpuUsage(start);
      if ((user + system) / 1000 > 60)
        expectLinearFit(`octets of ${JSON.stringify(piece)} in ${name}`, 100_000, make);
    }
  });
});
