import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import type { MimeDefect } from '../../src/mime/defects.js';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseAuthenticationResults } from '../../src/mime/fields/authentication-results.js';
import { parseContentDisposition } from '../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../src/mime/fields/content-type.js';
import { parseDateTime } from '../../src/mime/fields/date.js';
import { decodeEncodedWords } from '../../src/mime/fields/encoded-words.js';
import { parseListCommand, parseListId } from '../../src/mime/fields/list-fields.js';
import type { Mailbox } from '../../src/mime/fields/mailbox.js';
import { parseMessageIds } from '../../src/mime/fields/message-id.js';
import { parseContentLanguage, parsePhraseList } from '../../src/mime/fields/phrase-list.js';
import { parseReceived } from '../../src/mime/fields/received.js';
import type { ValueOptions } from '../../src/mime/fields/value-options.js';

/** Pieces of header values, sound and broken, in any order. */
const value: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '<',
          '>',
          '(',
          ')',
          '[',
          ']',
          '"',
          '\\',
          '@',
          '.',
          ',',
          ';',
          ':',
          '=',
          '?',
          '*',
          "'",
          '%',
          '/',
          ' ',
          '\t',
        ],
        ...[
          '\r\n ',
          '\r',
          '\n',
          '\0',
          '\x1b$B',
          '\x1b(B',
          '=?',
          '?=',
          '=?utf-8?Q?',
          '=?utf-8?B?w6k=?=',
          '=?x?q?a?=',
        ],
        ...['a', 'b.test', 'a@b.test', '<a@b.test>', 'Name', '日本', '\ud800', 'é', '\ufffd', '１'],
        ...['name*0*=', "utf-8''%e8", 'name=', 'charset', 'text/plain', 'multipart/mixed', 'boundary="b"'],
        ...[
          'from ',
          'by ',
          'with ESMTP ',
          'id ',
          'for ',
          'HELO ',
          '[192.0.2.1]',
          'TLSv1.3',
          'dkim=pass',
          'header.d=b',
        ],
        ...['20 Nov 1998', '22:03:23', '+0900', 'Fri', '1998-11-20T', 'Z', 'NO', 'https://a.test/', 'en-GB'],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

const limits: fc.Arbitrary<ValueOptions> = fc.record({
  limits: fc.constantFrom(
    {},
    { addresses: 1, encodedWords: 1, parameters: 1, parameterSections: 1 },
    { addresses: 0 },
  ),
  onLimit: fc.constantFrom('throw' as const, 'truncate' as const),
});

const READERS: readonly (readonly [
  name: string,
  (text: string, options: ValueOptions) => { readonly defects?: readonly MimeDefect[] } | undefined,
])[] = [
  ['addresses', parseAddressList],
  ['Authentication-Results', parseAuthenticationResults],
  ['Content-Disposition', (text, options) => parseContentDisposition(text, 0, options)],
  ['Content-Language', parseContentLanguage],
  ['Content-Type', (text, options) => parseContentType(text, 0, options)],
  ['Date', parseDateTime],
  ['encoded words', decodeEncodedWords],
  ['List-Help', parseListCommand],
  ['List-ID', (text, options) => ({ ...parseListId(text, options), defects: [] })],
  ['message-ids', parseMessageIds],
  ['phrases', parsePhraseList],
  ['Received', parseReceived],
];

test.each(READERS)('%s: any value is read or hits a limit', (_, read) => {
  fc.assert(
    fc.property(value, limits, (text, options) => {
      let defects: readonly MimeDefect[] = [];
      try {
        defects = read(text, options)?.defects ?? [];
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        expect(error.code).toMatch(/^limit-/);
        expect(options.onLimit).toBe('throw');
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(text.length);
      }
      const codes = defects.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      for (const { offset } of defects) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 500 },
  );
});

/** Every text in what was read. */
function texts(read: unknown): string[] {
  if (typeof read === 'string') return [read];
  if (typeof read !== 'object' || read === null) return [];
  return Object.entries(read).flatMap(([name, each]) => (name === 'defects' ? [] : texts(each)));
}

test.each(READERS.filter(([name]) => name !== 'encoded words'))(
  '%s: nothing that is read holds a fold',
  (_, read) => {
    fc.assert(
      fc.property(value, (text) => {
        const found = read(text, { onLimit: 'truncate' });
        expect(texts(found).filter((each) => each.includes('\n'))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  },
);

test('an address that was read is read as itself again', () => {
  let read = 0;
  fc.assert(
    fc.property(value, (text) => {
      const boxes = parseAddressList(text).flatMap((each): readonly Mailbox[] =>
        'members' in each ? each.members : [each],
      );
      for (const { address, localPart, domain } of boxes) {
        // A domain that is none keeps what was wrong with it.
        if (localPart === '' || !/^[^\s()<>[\]:;@\\,".]+(?:\.[^\s()<>[\]:;@\\,".]+)*$/u.test(domain))
          continue;
        read++;
        expect(parseAddressList(`<${address}>`)).toMatchObject([{ address, localPart, domain }]);
        expect(parseAddressList(address)).toMatchObject([{ address, localPart, domain }]);
      }
    }),
    { numRuns: 4000 },
  );
  expect(read).toBeGreaterThan(100);
});

test('a message-id that was read is read as itself again', () => {
  let read = 0;
  fc.assert(
    fc.property(value, (text) => {
      for (const id of parseMessageIds(text)) {
        const again = parseMessageIds(`<${id}>`);
        if (parseMessageIds(text).defects.length > 0) continue;
        read++;
        expect([...again]).toEqual([id]);
      }
    }),
    { numRuns: 4000 },
  );
  expect(read).toBeGreaterThan(20);
});

test('octets of UTF-8 are read as their text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      // The octets are unfolded and trimmed, which the text is not.
      const plain = text.replace(/[\r\n\0\x1b]/g, '').replace(/^[ \t]+|[ \t]+$/g, '');
      expect(decodeEncodedWords(bytesFromUtf8(plain)).text).toBe(decodeEncodedWords(plain).text);
      expect([...parseAddressList(bytesFromUtf8(plain))]).toEqual([...parseAddressList(plain)]);
    }),
    { numRuns: 500 },
  );
});

test('a date written as nearly all are says what it says with a comment that makes it be read closely', () => {
  const two = (most: number): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
  const date = fc
    .tuple(
      fc.constantFrom('', 'Mon, ', 'Sun, ', 'Fri, '),
      fc.oneof(fc.integer({ min: 0, max: 33 }).map(String), two(33)),
      fc.constantFrom('Jan', 'Feb', 'Jun', 'Dec', 'Foo'),
      fc.integer({ min: 0, max: 9999 }),
      fc.tuple(two(25), two(61), two(61)),
      fc.constantFrom('+', '-'),
      fc.tuple(two(99), two(99)),
    )
    .map(
      ([weekday, day, month, year, time, sign, zone]) =>
        `${weekday}${day} ${month} ${year} ${time.join(':')} ${sign}${zone.join('')}`,
    );
  let dates = 0;
  fc.assert(
    fc.property(date, (text) => {
      const seen = parseDateTime(text);
      if (seen.date !== undefined) dates++;
      expect(seen).toEqual(parseDateTime(`${text} (read it closely)`));
      expect(parseDateTime(`${text} (JST)`)).toEqual(seen);
    }),
    { numRuns: 2000 },
  );
  expect(dates).toBeGreaterThan(200);
});

test('ids written as nearly all are say what they say with a comment that makes them be read closely', () => {
  const ids = fc
    .array(
      fc.constantFrom(
        '<a@b>',
        '<.a.@b.c>',
        '<a+b=c@d>',
        '<A_1@B-2>',
        ' ',
        '\r\n ',
        '\t',
        '<a@b@c>',
        '<a>',
        ',',
        'a',
      ),
    )
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(ids, (text) => {
      const seen = parseMessageIds(text);
      const closely = parseMessageIds(`${text} ()`);
      expect([...seen]).toEqual([...closely]);
      expect(seen.defects).toEqual(closely.defects);
    }),
    { numRuns: 1000 },
  );
});
