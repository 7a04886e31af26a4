import { expect, test } from 'vitest';
import { parseAddressList } from '../../src/mime/address.js';
import { parseDate } from '../../src/mime/date.js';
import type { Address } from '../../src/mime/mailbox.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';

interface ExpectedField {
  readonly offset_field: number;
  readonly offset_start: number;
  readonly offset_end: number;
}

interface ExpectedPart {
  readonly headers: readonly ExpectedField[];
  readonly body: { readonly Multipart?: readonly number[]; readonly Message?: ExpectedMessage };
  readonly offset_header: number;
  readonly offset_body: number;
  readonly offset_end: number;
}

interface ExpectedMessage {
  readonly parts: readonly ExpectedPart[];
}

const OUTER =
  'a delimiter of an outer multipart ends the inner one that was not closed (RFC 2046 §5.1.2); there it does not';
const EMPTY = 'a part without an octet is a part; there it is left out';
const BLANK =
  'where the blank line after the header fields is the line end before a delimiter, it is the delimiter’s (RFC 2046 §5.1.1)';

/** The messages of which we hold another view, and why. */
const OTHER_VIEW: Readonly<Record<string, string>> = {
  'malformed/000': EMPTY,
  'malformed/001': OUTER,
  'malformed/004': 'a line that begins with the boundary and goes on is no delimiter; there it is',
  'malformed/007': OUTER,
  'malformed/008': OUTER,
  'malformed/009': OUTER,
  'malformed/011': OUTER,
  'malformed/012': OUTER,
  'malformed/013': EMPTY,
  'malformed/014': EMPTY,
  'malformed/016': OUTER,
  'malformed/019': BLANK,
  'malformed/020': 'of two Content-Type fields the first counts; there the last',
  'malformed/021': 'of two Content-Type fields the first counts; there the last',
  'malformed/022': 'a message/rfc822 holds a message even if that has no header field; there it is text',
  'rfc/008': 'a base64 message/rfc822 has no octets of its own here; there it is decoded and read',
  'thirdparty/005': 'a delimiter stands at the beginning of a line; there also within one',
  'thirdparty/011': BLANK,
  'thirdparty/015': OUTER,
};

/** What stands where, as one list of offsets. */
function expectedSpans(message: ExpectedMessage, id = 0): unknown {
  const part = message.parts[id]!;
  const { Multipart: children, Message: inner } = part.body;
  return {
    part: [part.offset_header, part.offset_body, part.offset_end],
    fields: part.headers.map((field) => [field.offset_field, field.offset_start, field.offset_end]),
    parts:
      inner === undefined
        ? (children ?? []).map((child) => expectedSpans(message, child))
        : [expectedSpans(inner)],
  };
}

function spans(part: Part): unknown {
  return {
    part: [part.start, part.bodyStart, part.end],
    fields: [...part.headers].map((field) => [field.start, field.valueStart, field.end]),
    parts: part.parts.map(spans),
  };
}

interface ExpectedMailbox {
  readonly name: string | null;
  readonly address: string | null;
}

type ExpectedAddresses =
  | { readonly List: readonly ExpectedMailbox[] }
  | {
      readonly Group: readonly {
        readonly name: string | null;
        readonly addresses: readonly ExpectedMailbox[];
      }[];
    };

interface ExpectedDate {
  readonly [part: string]: number | boolean;
}

describeCorpus('mail-parser', () => {
  const files = listCorpus('mail-parser/eml', (path) => path.endsWith('.eml'));
  const nameOf = (file: string): string => file.replace('mail-parser/eml/', '').replace('.eml', '');
  const others = Object.keys(OTHER_VIEW).length;

  test.each([
    ['LF', '.json', withLf],
    ['CRLF', '.crlf.json', withCrlf],
  ] as const)(
    `of ${files.length} messages with %s, ${files.length - others} have the same spans, ${others} others for a reason`,
    (_, suffix, convert) => {
      const differing: string[] = [];
      for (const file of files) {
        const ours = spans(parseMessage(convert(readCorpus(file))));
        const theirs = expectedSpans(readCorpusJson<ExpectedMessage>(file.replace('.eml', suffix)));
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) differing.push(nameOf(file));
      }
      expect(files.length).toBe(53);
      expect(differing).toEqual(Object.keys(OTHER_VIEW));
    },
  );

  const addressCases =
    readCorpusJson<{ header: string; expected: ExpectedAddresses }[]>('mail-parser/address.json');
  // Web addresses of List-* fields are no mailboxes; the line ends of two cases begin another field or a body.
  const isMailboxes = ({ header }: { header: string }): boolean =>
    !/<(?:https?|ftp|mailto):|^NO |\n(?:\n|invalid)/.test(header);
  const mailboxCases = addressCases.filter(isMailboxes);

  test(`of ${addressCases.length} address fields, ${mailboxCases.length} hold mailboxes and have the same ones`, () => {
    const differing: [header: string, theirs: string[], ours: string[]][] = [];
    for (const { header, expected } of mailboxCases) {
      // There a comment is a name, and even an address of its own.
      const hasComment = header.includes('(');
      const list = 'List' in expected ? expected.List : expected.Group.flatMap((group) => group.addresses);
      const theirs = list
        .filter((each) => !hasComment || each.address !== null)
        .map((each) => `${hasComment ? '' : (each.name ?? '')}<${plain(each.address ?? '')}>`);
      const ours = parseAddressList(header)
        .flatMap((address: Address) => ('members' in address ? address.members : [address]))
        .map((each) => `${hasComment ? '' : (each.name ?? '')}<${each.address}>`);
      if (ours.join() !== theirs.join()) differing.push([header, theirs, ours]);
    }
    expect(mailboxCases.length).toBeGreaterThan(40);
    // A name behind the address names nobody here.
    expect(differing).toEqual([['<a@b.com> =?utf-8?q?Doe?=\n', ['Doe<a@b.com>'], ['<a@b.com>']]]);
  });

  const dateCases =
    readCorpusJson<{ header: string; expected: ExpectedDate | null }[]>('mail-parser/date.json');

  test(`of ${dateCases.length} dates, all but five are the same`, () => {
    const differing: string[] = [];
    for (const { header, expected } of dateCases) {
      if (parseDate(header)?.getTime() !== timeOf(expected)) differing.push(header.trim().slice(0, 24));
    }
    expect(dateCases.length).toBe(40);
    expect(differing).toEqual([
      // A month's number for its name; numbers without any; a Received field: no dates (RFC 5322 §3.3).
      '20 11 (some \n 44 comment',
      '4 8 15 16 23 42, 4 8 15 ',
      // The nested comment does end; there it does not.
      'Tue, 1 Jul 2003 ((invali',
      'by 2002:aa7:cd10:0:b0:45',
      // A zone that RFC 5322 does not know counts as UTC.
      'Thu, 10 Jul 1997 14:53:3',
    ]);
  });
});

/** Blanks around dots, and routes, which are not part of an address, stand there in what is expected. */
function plain(address: string): string {
  return address.replace(/^@[^:]*:/, '').replace(/ *\. */g, '.');
}

function timeOf(date: ExpectedDate | null): number | undefined {
  if (date === null) return undefined;
  const number = (name: string): number => Number(date[name]);
  const zone = (number('tz_hour') * 60 + number('tz_minute')) * (date['tz_before_gmt'] === true ? -1 : 1);
  const [year, month, day] = [number('year'), number('month') - 1, number('day')];
  return Date.UTC(year, month, day, number('hour'), number('minute') - zone, number('second'));
}
