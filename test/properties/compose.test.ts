import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFlowed } from '../../src/mime/bodies/flowed.js';
import { composeEntity, composeMessage } from '../../src/mime/compose/compose.js';
import type { AttachmentContent, MessageContent } from '../../src/mime/compose/compose-content.js';
import { formatHeaderField } from '../../src/mime/compose/compose-field.js';
import type { ComposeOptions } from '../../src/mime/compose/compose-options.js';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { latin1, octets } from '../support/mime.js';
import { relays } from '../support/relays.js';

/** Pieces that are hard to carry: what relays change, what looks like something else, what has to be encoded. */
const nasty = fc.constantFrom(
  ...['From ', '>From ', '>>From x', '.', '..', ' ', '  ', '\t', '--', '--=_', '-- ', '=', '=20', '=?', '?='],
  ...['=?utf-8?Q?a?=', '=?utf-8?q?a b?=', "'", '"', '\\', '%41', '(', ')', '<', '>', ';', ',', ':', '@'],
  ...[
    'é',
    'あ',
    '漢字',
    '🍣',
    '👩‍👩‍👧',
    '\u0301',

    '\u2028',
    '\x85',
    '\x7f',

    'word',
    'x'.repeat(77),
  ],
  ...['\x01', 'a'.repeat(1100), 'か'.repeat(40), 'Subject: x', ' word'],
);
const lineEnds = fc.constantFrom('\r\n', '\r\n', '\n', '\r', '\0', '\r\n\r\n', '\n\n');
/**
 * Without U+FEFF, which is a mark of the charset and no text where something
 * begins with it, and without ESC, which readers take for ISO-2022-JP whatever
 * the label says.
 */
const anything = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((string) => string.replace(/[\ufeff\x1b]/g, ''));
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: nasty }, { weight: 3, arbitrary: lineEnds }, anything), {
    maxLength: 25,
  })
  .map((pieces) => pieces.join(''));
/** Text that a header field can have: everything but CR, LF and NUL. */
const fieldText = fc
  .array(fc.oneof({ weight: 4, arbitrary: nasty }, fc.constantFrom(' ', ' '), anything), { maxLength: 12 })
  .map((pieces) => pieces.join('').replace(/[\r\n\0]/g, ''));
const content = fc.oneof(
  text.map((string) => new TextEncoder().encode(string)),
  fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array)),
);
/** {@link fieldText} without words that no line can hold, for fields that do not divide words. */
const shortWords = fieldText.map((value) => value.replace(/[!-~]{900,}/g, 'long'));
const mediaType = fc.constantFrom(
  'text/plain',
  'text/csv; charset=utf-8',
  'application/pdf',
  'image/png',
  'message/rfc822',
);
const file: fc.Arbitrary<AttachmentContent> = fc.record(
  { content, filename: fieldText, contentType: mediaType, description: fieldText },
  { requiredKeys: ['content'] },
);
const mailbox = fc.record({
  name: fieldText,
  address: fc.constantFrom('a@example.jp', '"a b\\""@example.jp', 'x.y+z@[192.0.2.1]', 'a..b@example.jp'),
});
const message: fc.Arbitrary<MessageContent> = fc.record(
  {
    from: mailbox,
    to: fc.array(mailbox, { maxLength: 5 }),
    cc: fc.record({
      name: fieldText.filter((name) => name !== ''),
      members: fc.array(mailbox, { maxLength: 3 }),
    }),
    subject: fieldText,
    text,
    html: text,
    alternatives: fc.array(
      fc.record({ content, contentType: fc.constantFrom('text/calendar', 'application/json') }),
      { maxLength: 1 },
    ),
    inline: fc.array(file, { maxLength: 2 }),
    attachments: fc.array(file, { maxLength: 3 }),
    date: fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    dateOffset: fc.integer({ min: -900, max: 900 }),
    headers: fc.array(fc.tuple(fc.constantFrom('X-One', 'Comments', 'Keywords'), shortWords), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ['from', 'date'] },
);

/** The same octets at each run, so that a failure can be repeated. */
function counting(): ComposeOptions {
  let next = 1;
  const step = (): number => {
    next = (next * 25173 + 13849) & 0xffff;
    return next >> 8;
  };
  return { random: (length) => Uint8Array.from({ length }, step) };
}

const NUM_RUNS = 300;

describe('whatever is composed', () => {
  test('has lines in CRLF, seven bits, and no line too long', () => {
    fc.assert(
      fc.property(message, (given) => {
        expectSound(composeMessage(given, counting()), hasLongWord(given) ? 998 : 78);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('comes through what relays do without a change', () => {
    fc.assert(
      fc.property(message, fc.boolean(), (given, flowed) => {
        const composed = composeMessage({ ...given, flowed }, counting());
        for (const [name, relay] of relays) {
          expect(latin1(relay(composed)), name).toBe(latin1(composed));
        }
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('comes through relays each of which would change what is not protected', () => {
    const unprotected = octets('A: b\r\n\r\n.dot\r\nFrom me\r\n>From you\r\nblank \r\n\xe9\0\nlf\rcr');
    const harmless = relays.filter(([, relay]) => latin1(relay(unprotected)) === latin1(unprotected));
    expect(harmless.map(([name]) => name)).toEqual(['dot-stuffing and back']);
  });

  test('comes through all relays but those of 7 bits where 8bit is allowed', () => {
    fc.assert(
      fc.property(message, (given) => {
        const composed = composeMessage(given, { ...counting(), transport: '8bit' });
        for (const [name, relay] of relays) {
          if (name !== 'seven bits') expect(latin1(relay(composed)), name).toBe(latin1(composed));
        }
        expectContent(parseMessage(composed), given);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('reads back as what was given, without a defect', () => {
    fc.assert(
      fc.property(message, (given) => {
        const read = parseMessage(composeMessage(given, counting()));
        for (const part of read.walk()) {
          // What an embedded message is like is not ours, nor that it is encoded.
          if (part.contentType.type === 'message' || part.parent?.isMessage) break;
          expect(part.defects).toEqual([]);
          for (const field of part.headers) expect(field.defects).toEqual([]);
        }
        expectContent(read, given);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('in UTF-8 headers reads back too', () => {
    fc.assert(
      fc.property(message, (given) => {
        const composed = composeMessage({ ...given, eai: true }, counting());
        const read = parseMessage(composed);
        expectContent(read, given);
        // Only the message's own fields are in UTF-8: what is signed still has seven bits.
        const body = read.headers.get('content-type')!.start;
        expect(composed.subarray(body).every((octet) => octet < 0x80)).toBe(true);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('is the same message when its entity is composed first', () => {
    fc.assert(
      fc.property(message, (given) => {
        const { text, html, alternatives, inline, attachments, ...fields } = given;
        const parts = Object.fromEntries(
          Object.entries({ text, html, alternatives, inline, attachments }).filter(
            ([, value]) => value !== undefined,
          ),
        );
        const entity = composeEntity(parts, counting());
        const whole = composeMessage({ ...fields, messageId: 'a@b', entity }, counting());
        expect(latin1(whole)).toBe(latin1(composeMessage({ ...given, messageId: 'a@b' }, counting())));
      }),
      { numRuns: 100 },
    );
  });
});

describe('flowed text', () => {
  const word = fc.constantFrom(
    'word',
    'か',
    '漢字の続き。',
    '>',
    '>>',
    'From ',
    '-- ',
    '--',
    ' ',
    '  ',
    'x'.repeat(90),
    '、',
    'é',
    '',
  );
  const line = fc
    .array(fc.tuple(word, fc.constantFrom('', ' ')), { maxLength: 60 })
    .map((all) => all.flat().join(''));
  const quoted = fc.tuple(fc.constantFrom('', '', '> ', '>> ', '>'), line).map((pair) => pair.join(''));
  test.each(['utf-8', 'iso-2022-jp'] as const)(
    'in %s is read back as the lines that were given',
    (charset) => {
      fc.assert(
        fc.property(fc.array(quoted, { minLength: 1, maxLength: 6 }), (given) => {
          const lines = charset === 'utf-8' ? given : given.map((each) => each.replaceAll('é', 'e'));
          const octetsOfMessage = composeMessage({
            from: 'a@b.test',
            date: new Date(0),
            text: lines.join('\n'),
            flowed: true,
            charset,
          });
          const read = parseMessage(octetsOfMessage);
          const delSp = read.contentType.parameters.get('delsp') === 'yes';
          const paragraphs = parseFlowed(read.text(), { delSp });
          const columns = read
            .text()
            .split('\r\n')
            .map((each) => [...each].length);
          // Only a word that has no place to be broken at makes a longer line.
          if (!lines.some((each) => /x{90}|>{70}/.test(each)))
            expect(Math.max(...columns)).toBeLessThanOrEqual(78);
          const expected = lines.map((each) => {
            const marks = /^>+/.exec(each)?.[0] ?? '';
            const text = marks === '' ? each : each.slice(marks.length).replace(/^ /, '');
            return [marks.length, text === '-- ' ? text : text.replace(/ +$/, '')];
          });
          // A last line of nothing is no line.
          if (lines.at(-1) === '') expected.pop();
          expect(paragraphs.map(({ quoteDepth, text }) => [quoteDepth, text])).toEqual(expected);
        }),
        { numRuns: NUM_RUNS },
      );
    },
  );
});

describe('a field of any text', () => {
  const japanese = fc
    .array(fc.constantFrom('か', '漢', 'ｶﾞ', '、', 'a', ' ', '!', 'ー', 'x'.repeat(30)), { maxLength: 60 })
    .map((pieces) => pieces.join(''));
  test.each(['utf-8', 'iso-2022-jp'] as const)(
    'has encoded words of at most 75 characters in %s',
    (charset) => {
      fc.assert(
        fc.property(
          charset === 'utf-8' ? shortWords : japanese,
          fc.constantFrom('Subject', 'X-Y', 'A'.repeat(70)),
          (value, name) => {
            const field = latin1(formatHeaderField(name, value, { charset }));
            for (const word of field.match(/=\?(?:utf-8|iso-2022-jp)\?[BQ]\?[^?]*\?=/g) ?? []) {
              expect(word.length).toBeLessThanOrEqual(75);
              // Each word is a text of its own: no character is divided, and ISO-2022-JP begins and ends in ASCII.
              const alone = parseMessage(octets(`Subject: ${word}\r\n\r\n`)).headers.get('subject')!;
              expect(alone.defects).toEqual([]);
              if (word.startsWith('=?iso')) {
                const coded = latin1(Buffer.from(word.slice(16, -2), 'base64'));
                expect(coded).toMatch(/^(?:[^\x1b]|\x1b\$B[^\x1b]*\x1b\(B)*$/);
              }
            }
            const read = parseMessage(octets(`${field}\r\n`)).headers.at(0)!;
            expect(read.text).toBe(charset === 'utf-8' ? value : value.replaceAll('ｶﾞ', 'ガ'));
          },
        ),
        { numRuns: NUM_RUNS },
      );
    },
  );

  test.each(['utf-8', 'iso-2022-jp'] as const)(
    'as a file’s name in %s is read back, plain names too',
    (charset) => {
      fc.assert(
        fc.property(charset === 'utf-8' ? fieldText : japanese, fc.boolean(), (filename, plainNames) => {
          const octetsOfEntity = composeEntity({
            attachments: [{ content: 'x', filename }],
            charset,
            plainNames,
          });
          const [part] = parseMessage(octetsOfEntity).parts;
          const expected = charset === 'utf-8' ? filename : filename.replaceAll('ｶﾞ', 'ガ');
          expect(part!.contentDisposition?.filename).toBe(expected);
          expect(part!.contentDisposition?.defects).toEqual([]);
          if (plainNames) expect(part!.contentType.parameters.get('name')).toBe(expected);
          expectSound(octetsOfEntity, 78);
        }),
        { numRuns: NUM_RUNS },
      );
    },
  );
});

function hasLongWord({ headers = [], inline = [], attachments = [] }: MessageContent): boolean {
  const isMessage = ({ contentType }: AttachmentContent): boolean => contentType === 'message/rfc822';
  return (
    [...inline, ...attachments].some(isMessage) ||
    headers.some(([, value]) => value.split(' ').some((word) => word.length > 60))
  );
}

function expectSound(composed: Uint8Array, longest: number): void {
  const whole = latin1(composed);
  expect(whole).not.toMatch(/[^\x01-\x7f]/);
  expect(whole).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
  expect(whole.endsWith('\r\n')).toBe(true);
  const lines = whole.split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(longest);
}

function expectContent(read: Part, given: MessageContent): void {
  const { headers } = read;
  if (given.subject !== undefined) expect(headers.get('subject')?.text).toBe(given.subject);
  (given.headers ?? []).forEach(([name, value], index) => {
    const before = given.headers!.slice(0, index).filter(([other]) => other === name).length;
    expect(headers.all(name)[before]?.text).toBe(value);
  });
  expect(namesIn(headers.get('from')?.value ?? '')).toEqual(namesOf(given.from));
  expect(namesIn(headers.get('to')?.value ?? '')).toEqual(namesOf(given.to ?? []));
  expect(namesIn(headers.get('cc')?.value ?? '')).toEqual(namesOf(given.cc ?? []));
  const all = [...read.walk()].filter((part) => !part.isMultipart && !isInside(part));
  const isOther = ({ contentType }: Part): boolean =>
    ['text/calendar', 'application/json'].includes(contentType.mediaType);
  const others = all.filter(isOther).map((part) => latin1(part.content()));
  expect(others).toEqual((given.alternatives ?? []).map((each) => latin1(each.content as Uint8Array)));
  const leaves = all.filter((part) => !isOther(part));
  const texts = [given.text, given.html].filter((each) => each !== undefined);
  texts.forEach((each, index) => {
    const lines = each.replace(/\r\n?|\n/g, '\r\n');
    expect(leaves[index]!.text()).toBe(lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`);
  });
  const files = [...(given.inline ?? []), ...(given.attachments ?? [])];
  if (files.length === 0) return;
  const parts = leaves.slice(-files.length);
  files.forEach((each, index) => {
    expect(latin1(parts[index]!.content())).toBe(latin1(each.content as Uint8Array));
    expect(parts[index]!.filename).toBe(each.filename);
    expect(parts[index]!.headers.get('content-description')?.text).toBe(each.description);
  });
}

function isInside(part: Part): boolean {
  for (let { parent } = part; parent !== undefined; parent = parent.parent) if (parent.isMessage) return true;
  return false;
}

function namesIn(value: string): unknown[] {
  const list = parseAddressList(value);
  expect(list.defects).toEqual([]);
  return list.map((each) =>
    'members' in each
      ? [each.name, ...each.members.map(({ name, localPart, domain }) => [name ?? '', localPart, domain])]
      : [each.name ?? '', each.localPart, each.domain],
  );
}

function namesOf(given: NonNullable<MessageContent['to']>): unknown[] {
  const list = [given].flat() as {
    name: string;
    address: string;
    members?: readonly { name: string; address: string }[];
  }[];
  const parts = ({ name, address }: { name?: string; address: string }): unknown[] => {
    const at = address.lastIndexOf('@');
    const local = address
      .slice(0, at)
      .replace(/^"(.*)"$/, '$1')
      .replace(/\\(.)/g, '$1');
    return [name ?? '', local, address.slice(at + 1)];
  };
  return list.map((each) =>
    each.members === undefined ? parts(each) : [each.name, ...each.members.map(parts)],
  );
}
