import { expect, test } from 'vitest';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseDate } from '../../src/mime/fields/date.js';
import type { HeaderField } from '../../src/mime/fields/header-fields.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';

interface ExpectedMailbox {
  readonly name: string | null;
  readonly address: string | null;
}

interface ExpectedType {
  readonly c_type: string;
  readonly c_subtype: string | null;
  readonly attributes: readonly { readonly name: string; readonly value: string }[] | null;
}

interface ExpectedDate {
  readonly tz_before_gmt: boolean;
  readonly [part: string]: number | boolean;
}

interface ExpectedValue {
  readonly Text?: string;
  readonly TextList?: readonly string[];
  readonly DateTime?: ExpectedDate;
  readonly ContentType?: ExpectedType;
  readonly Address?:
    | { readonly List: readonly ExpectedMailbox[] }
    | { readonly Group: readonly { readonly addresses: readonly ExpectedMailbox[] }[] };
  readonly Received?: unknown;
}

interface ExpectedField {
  readonly name: string | object;
  readonly value: ExpectedValue | 'Empty';
  readonly offset_field: number;
  readonly offset_start: number;
  readonly offset_end: number;
}

interface ExpectedPart {
  readonly headers: readonly ExpectedField[];
  readonly body: {
    readonly Multipart?: readonly number[];
    readonly Message?: ExpectedMessage;
    readonly Text?: string;
    readonly Html?: string;
    readonly Binary?: readonly number[];
    readonly InlineBinary?: readonly number[];
  };
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
const FIRST = 'of two Content-Type fields the first counts; there the last';

/**
 * The messages of which we hold another view: how many entities stand
 * elsewhere there than here, how many here than there, and why.
 */
const OTHER_VIEW: Readonly<Record<string, readonly [theirs: number, ours: number, why: string]>> = {
  'malformed/000': [0, 4, EMPTY],
  'malformed/001': [3, 2, OUTER],
  'malformed/004': [2, 0, 'a line that begins with the boundary and goes on is no delimiter; there it is'],
  'malformed/007': [2, 2, `${OUTER}; the multipart’s own delimiter ends its header block, too`],
  'malformed/008': [2, 2, OUTER],
  'malformed/009': [2, 3, OUTER],
  'malformed/011': [2, 3, OUTER],
  'malformed/012': [3, 5, OUTER],
  'malformed/013': [0, 1, EMPTY],
  'malformed/014': [0, 1, EMPTY],
  'malformed/016': [5, 3, OUTER],
  'malformed/019': [
    5,
    5,
    `a part whose first line is no field has none; there the line is passed over. ${BLANK}`,
  ],
  'malformed/020': [0, 2, FIRST],
  'malformed/021': [0, 2, FIRST],
  'malformed/022': [
    1,
    2,
    'a message/rfc822 holds a message even if that has no header field; there it is text',
  ],
  'thirdparty/005': [1, 1, 'a delimiter stands at the beginning of a line; there also within one'],
  'thirdparty/011': [1, 1, BLANK],
  'thirdparty/015': [3, 6, OUTER],
};

const UNFOLDED = 'a fold is taken out of every field; there not out of those that it does not know';
const DAMAGED = 'how many U+FFFD stand for octets that are damaged is the decoder’s choice';

/** The values in which we differ, and why. */
const OTHER_VALUE: Readonly<Record<string, string>> = {
  'malformed/017 content_disposition':
    'a disposition that begins with a semicolon has its parameters; there none',
  'malformed/019 date': 'a minute that is no number makes no date; there it is passed over',
  'malformed/020 content_type': FIRST,
  'malformed/021 content_type': FIRST,
  'rfc/000 body': 'what is not base64 is passed over; there the octets stand as they are',
  'rfc/000 from': 'words without an address are no mailbox',
  'rfc/000 to': 'words without an address are no mailbox',
  'rfc/001 date': 'a word that is no date is kept as the field’s text',
  'rfc/002 to': 'a comment after a name is no part of it',
  'thirdparty/002 body': `what is not base64 is passed over; there the octets stand as they are. ${DAMAGED}`,
  'thirdparty/005 body': DAMAGED,
  'thirdparty/007 from': 'a local part without a domain is no address',
  'thirdparty/010 content_type': 'of two parameters the first counts; there the last',
  'thirdparty/011 other': UNFOLDED,
  'thirdparty/014 other': UNFOLDED,
  'thirdparty/015 dkim_signature': UNFOLDED,
  'thirdparty/015 other': UNFOLDED,
  'thirdparty/016 other': UNFOLDED,
  'thirdparty/017 other': UNFOLDED,
  'thirdparty/018 other': UNFOLDED,
  'thirdparty/019 other': UNFOLDED,
};

/** One line for each entity: its offsets and those of its fields. */
function expectedSpans(message: ExpectedMessage, id = 0): string[] {
  const part = message.parts[id]!;
  const fields = part.headers.map((field) => [field.offset_field, field.offset_start, field.offset_end]);
  const line = JSON.stringify([part.offset_header, part.offset_body, part.offset_end, fields]);
  const { Multipart: children = [], Message: inner } = part.body;
  if (inner !== undefined) return [line, ...expectedSpans(inner)];
  return [line, ...children.flatMap((child) => expectedSpans(message, child))];
}

function spans(part: Part): string[] {
  const fields = [...part.headers].map((field) => [field.start, field.valueStart, field.end]);
  const line = JSON.stringify([part.start, part.bodyStart, part.end, fields]);
  return [line, ...inside(part).flatMap(spans)];
}

/** What is inside a part, a message that is transfer-encoded too. */
function inside(part: Part): readonly Part[] {
  if (part.parts.length > 0 || part.contentType.mediaType !== 'message/rfc822') return part.parts;
  return part.transferEncoding === 'base64' ? [parseMessage(part.content())] : [];
}

function sameValue(field: HeaderField, { name, value }: ExpectedField, part: Part): boolean {
  if (value === 'Empty') return field.value === '';
  const { Text: text, TextList: list, DateTime: date, ContentType: type, Address: addresses } = value;
  if (text !== undefined) return field.text === text || field.value === `<${text}>`;
  if (list !== undefined) {
    return [...field.value.matchAll(/<([^>]*)>/g)].map((each) => each[1]).join() === list.join();
  }
  if (date !== undefined) return parseDate(field.value)?.getTime() === timeOf(date);
  if (type !== undefined) {
    const ours = name === 'content_type' ? part.contentType : part.contentDisposition!;
    const wanted = type.c_subtype === null ? type.c_type : `${type.c_type}/${type.c_subtype}`;
    const attributes = (type.attributes ?? []).map((each) => `${each.name}=${each.value}`);
    return (
      ('mediaType' in ours ? ours.mediaType : ours.type) === wanted &&
      ours.parameters.all.map((each) => `${each.name}=${each.value}`).join() === attributes.join()
    );
  }
  if (addresses === undefined) throw new Error(`a kind of value that is not known: ${Object.keys(value)}`);
  const theirs = 'List' in addresses ? addresses.List : addresses.Group.flatMap((group) => group.addresses);
  const ours = parseAddressList(field.value).flatMap((each) => ('members' in each ? each.members : [each]));
  return (
    ours.map((each) => `${each.name ?? ''}<${each.address}>`).join() ===
    theirs.map((each) => `${each.name ?? ''}<${each.address ?? ''}>`).join()
  );
}

function timeOf(date: ExpectedDate): number {
  const number = (name: string): number => Number(date[name]);
  const zone = (number('tz_hour') * 60 + number('tz_minute')) * (date.tz_before_gmt ? -1 : 1);
  const [year, month, day] = [number('year'), number('month') - 1, number('day')];
  return Date.UTC(year, month, day, number('hour'), number('minute') - zone, number('second'));
}

/** Whether the body of a part that holds no others is the same; `undefined` for one that does. */
function sameBody(part: Part, { body }: ExpectedPart): boolean | undefined {
  const { Text: text, Html: html = text, Binary: binary, InlineBinary: octets = binary } = body;
  if (html !== undefined) return part.text() === html;
  if (octets !== undefined) return Buffer.from(part.content()).equals(Buffer.from(octets));
  return undefined;
}

/** The fields whose values are compared elsewhere. */
const ELSEWHERE = /^(?:received|list_\w+)$/;

describeCorpus('mail-parser', () => {
  const files = listCorpus('mail-parser/eml', (path) => path.endsWith('.eml'));
  const nameOf = (file: string): string => file.replace('mail-parser/eml/', '').replace('.eml', '');
  const variants = [
    ['LF', '.json', withLf],
    ['CRLF', '.crlf.json', withCrlf],
  ] as const;
  const others = Object.keys(OTHER_VIEW).length;

  test.each(variants)(
    `of ${files.length} messages with %s, ${files.length - others} have the same spans, ${others} others for a reason`,
    (_, suffix, convert) => {
      const differing: Record<string, readonly [number, number]> = {};
      let same = 0;
      for (const file of files) {
        const ours = spans(parseMessage(convert(readCorpus(file))));
        const theirs = expectedSpans(readCorpusJson<ExpectedMessage>(file.replace('.eml', suffix)));
        const shared = ours.filter((line) => theirs.includes(line)).length;
        same += shared;
        if (ours.join() !== theirs.join())
          differing[nameOf(file)] = [theirs.length - shared, ours.length - shared];
      }
      const listed = Object.entries(OTHER_VIEW).map(([name, [theirs, ours]]) => [name, [theirs, ours]]);
      expect(files.length).toBe(53);
      expect(differing).toEqual(Object.fromEntries(listed));
      expect(same).toBe(223);
    },
  );

  test.each(variants)(
    `decoded values of messages with %s are the same, but for ${Object.keys(OTHER_VALUE).length} for a reason`,
    (_, suffix, convert) => {
      const differing = new Set<string>();
      const counts = { bodies: 0, fields: 0 };
      const compare = (file: string, message: Part, expected: ExpectedMessage, id = 0): void => {
        const theirs = expected.parts[id]!;
        const part = [...message.walk()].find(
          ({ start, bodyStart, end }) =>
            start === theirs.offset_header && bodyStart === theirs.offset_body && end === theirs.offset_end,
        );
        if (part !== undefined) {
          const same = sameBody(part, theirs);
          if (same === false) differing.add(`${file} body`);
          if (same !== undefined) counts.bodies++;
          const fields = [...part.headers];
          for (const field of theirs.headers) {
            const name = typeof field.name === 'string' ? field.name : 'other';
            const ours = fields.find(({ start }) => start === field.offset_field);
            if (ours === undefined || ELSEWHERE.test(name)) continue;
            counts.fields++;
            if (!sameValue(ours, field, part)) differing.add(`${file} ${name}`);
          }
        }
        for (const child of theirs.body.Multipart ?? []) compare(file, message, expected, child);
        const inner = theirs.body.Message;
        if (inner === undefined) return;
        compare(file, part === undefined || part.isMessage ? message : inside(part)[0]!, inner);
      };
      for (const file of files) {
        const expected = readCorpusJson<ExpectedMessage>(file.replace('.eml', suffix));
        compare(nameOf(file), parseMessage(convert(readCorpus(file))), expected);
      }
      // Where LF is CR LF, UTF-16 that is not encoded is damaged.
      const listed = Object.keys(OTHER_VALUE).filter(
        (name) => suffix === '.crlf.json' || name !== 'thirdparty/005 body',
      );
      expect([...differing].sort()).toEqual(listed);
      expect(counts).toEqual({ bodies: 131, fields: 527 });
    },
  );
});
