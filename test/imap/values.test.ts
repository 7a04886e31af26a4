import { describe, expect, it } from 'vitest';
import type { SyntaxReader } from '../../src/imap/syntax/reader.js';
import { dateOf, readDate, readDateTime, writeDate, writeDateTime } from '../../src/imap/values/date-time.js';
import { readEnvelope, writeEnvelope } from '../../src/imap/values/envelope.js';
import { readFlag, readFlagList, writeFlag, writeFlagList } from '../../src/imap/values/flags.js';
import {
  mailboxText,
  readListPattern,
  readMailbox,
  writeListPattern,
  writeMailbox,
} from '../../src/imap/values/mailbox-name.js';
import {
  readOrigin,
  readPartial,
  readSection,
  readSectionPart,
  writeOrigin,
  writePartial,
  writeSection,
  writeSectionPart,
} from '../../src/imap/values/section.js';
import { readSequenceSet, writeSequenceSet } from '../../src/imap/values/sequence-set.js';
import { readValue, readValues, skipValue, writeValue } from '../../src/imap/values/value.js';
import { readAll, readerOf, readWithQuirks, written } from '../support/imap-syntax.js';

const malformed = expect.objectContaining({ code: 'imap-malformed' });
const usage = expect.objectContaining({ code: 'usage' });

function refuses(read: (reader: SyntaxReader) => unknown, wires: readonly string[]): void {
  for (const wire of wires) expect(() => readAll(read, wire), wire).toThrowError(malformed);
}

describe('sequence sets', () => {
  it('are read as ranges and written as they were', () => {
    const set = readAll(readSequenceSet, '2:4,7,*:9,4294967295,12:*');
    expect(set).toEqual([
      { from: 2, to: 4 },
      { from: 7, to: 7 },
      { from: '*', to: 9 },
      { from: 4294967295, to: 4294967295 },
      { from: 12, to: '*' },
    ]);
    expect(written(writeSequenceSet, set)).toBe('2:4,7,*:9,4294967295,12:*');
    expect(readAll(readSequenceSet, '$')).toBe('$');
  });

  it('refuse what is no number of 1 to 2^32 − 1', () => {
    refuses(readSequenceSet, ['', '0', '1,', ',1', '1:', '1::2', '4294967296', 'a', '-1', '1 2', '$,1']);
    for (const from of [0, 1.5, -1, 2 ** 32, Number.NaN]) {
      expect(() => written(writeSequenceSet, [{ from, to: from }])).toThrowError(usage);
    }
    expect(() => written(writeSequenceSet, [])).toThrowError(usage);
  });
});

describe('flags', () => {
  it('are read and written', () => {
    const wire = String.raw`(\Seen $Junk \* NonJunk)`;
    const flags = readAll(readFlagList, wire);
    expect(flags).toEqual(['\\Seen', '$Junk', '\\*', 'NonJunk']);
    expect(written(writeFlagList, flags)).toBe(wire);
    expect(readAll(readFlagList, '()')).toEqual([]);
  });

  it('have characters that no atom has, with a quirk', () => {
    for (const flag of ['a]b', 'OIB-Seen-[Gmail]/Trash', '[EXPUNGED]', '*', 'a%', '\\a\\b', '\x04Junk']) {
      expect(readWithQuirks(readFlag, flag)).toEqual({ value: flag, quirks: ['flag-characters'] });
      expect(() => readAll(readFlag, flag, { quirks: { 'flag-characters': false } })).toThrowError(malformed);
    }
  });

  it('are UTF-8 where they are 8-bit, with that quirk', () => {
    expect(readWithQuirks(readFlagList, '(Caf\xc3\xa9 a)').value).toEqual(['Café', 'a']);
    expect(() => readAll(readFlag, 'Caf\xc3\xa9', { quirks: false })).toThrowError(malformed);
  });

  it('may have blanks around them, with a quirk', () => {
    for (const wire of ['(a  b)', '( a b)', '(a b )', '(  a   b  )']) {
      expect(readWithQuirks(readFlagList, wire)).toEqual({ value: ['a', 'b'], quirks: ['extra-blanks'] });
      expect(() => readAll(readFlagList, wire, { quirks: { 'extra-blanks': false } })).toThrowError(
        malformed,
      );
    }
  });

  it('refuse the rest', () => {
    refuses(readFlag, ['', '\\', '"a"', '(', 'a"', 'a\n']);
    refuses(readFlagList, ['', '(', '(a', 'a', '(a(b))', '(a,\r\n)']);
    for (const flag of ['', '\\', 'a b', 'a\r\nb', '(', '"', '\\*a', '\\\\', 'é', '{3}']) {
      expect(() => written(writeFlag, flag), flag).toThrowError(usage);
    }
  });
});

describe('mailbox names', () => {
  const names = [
    'Entwürfe',
    '台北/日本語',
    'a&b',
    '',
    'INBOX',
    'Inbox/x',
    'a"b\\c',
    'NIL',
    '😀',
    'a%b',
    '\r\n',
  ];

  it('are the same again, in modified UTF-7 and in UTF-8', () => {
    for (const name of names) {
      for (const utf8 of [false, true]) {
        expect(readAll(readMailbox, written(writeMailbox, name, utf8), { utf8 })).toBe(name);
        expect(readAll(readListPattern, written(writeListPattern, name, utf8), { utf8 })).toBe(name);
      }
    }
    expect(written(writeMailbox, 'Entwürfe')).toBe('Entw&APw-rfe');
    expect(written(writeListPattern, 'Entwürfe/*%')).toBe('Entw&APw-rfe/*%');
    expect(written(writeMailbox, 'a*')).toBe('"a*"');
  });

  it('know INBOX in any letters', () => {
    expect(readAll(readMailbox, 'inBox')).toBe('INBOX');
    expect(readAll(readMailbox, '"inbox"', { utf8: true })).toBe('INBOX');
    expect(readAll(readMailbox, 'inbox/a')).toBe('inbox/a');
  });

  it.each([
    ['&', '&'],
    ['a & b', 'a & b'],
    ['&AGE-', 'a'],
    ['&ZeU-&ZyyKng-', '日本語'],
    ['&AOQ', '&AOQ'],
    ['&2D0-', '&2D0-'],
    ['&AAAA-', '&AAAA-'],
    ['&-&AC8-', '&/'],
    ['\xc3\xa9', 'é'],
    ['a\x7f', 'a\x7f'],
  ])('keep %j as it came, shown as %j', (wire, shown) => {
    const name = readAll(readMailbox, `"${wire}"`);
    const raw = wire === '\xc3\xa9' ? 'é' : wire;
    expect(name).toEqual({ raw });
    expect(mailboxText(name)).toBe(shown);
    expect(readAll(readMailbox, written(writeMailbox, name))).toEqual(name);
  });

  it('keep octets that are no UTF-8', () => {
    const name = readAll(readMailbox, '"\x83\x65"');
    expect(name).toEqual({ raw: Uint8Array.of(0x83, 0x65) });
    expect(written(writeMailbox, name)).toBe('{2}\r\n\x83\x65');
  });
});

describe('dates', () => {
  it('are moments with their zone', () => {
    const wire = '"17-Jul-1996 02:44:25 -0700"';
    const moment = readAll(readDateTime, wire);
    expect(moment).toEqual({ time: Date.UTC(1996, 6, 17, 9, 44, 25), offset: -420 });
    expect(written(writeDateTime, moment)).toBe(wire);
    expect(readAll(readDateTime, '" 1-JAN-0001 00:00:00 -0000"').offset).toBe(0);
    expect(written(writeDateTime, { time: -62135596800000, offset: 330 })).toBe(
      '" 1-Jan-0001 05:30:00 +0530"',
    );
  });

  it.each([
    ['1-Jan-2020 00:00:00 +0000', Date.UTC(2020, 0, 1), 0],
    ['8-Mar-2023 12:16:47 +0800', Date.UTC(2023, 2, 8, 4, 16, 47), 480],
    [' 1-Jan-2020 00:00:00', Date.UTC(2020, 0, 1), 0],
    ['00-Jan-0000 00:00:00 +0000', Date.UTC(2000, 0, 1) - 730_485 * 86_400_000, 0],
    ['12-Feb-2018 19:50:00 +0300 MSK', Date.UTC(2018, 1, 12, 16, 50), 180],
    ['Fri, 11 Feb 2011 12:27:49 -0130', Date.UTC(2011, 1, 11, 13, 57, 49), -90],
  ])('have the form %j, with a quirk', (form, time, offset) => {
    const wire = `"${form}"`;
    expect(readWithQuirks(readDateTime, wire)).toEqual({
      value: { time, offset },
      quirks: ['date-time-form'],
    });
    expect(() => readAll(readDateTime, wire, { quirks: false })).toThrowError(malformed);
  });

  it('are days', () => {
    for (const wire of ['1-Feb-1994', '"01-feb-1994"']) {
      expect(readAll(readDate, wire)).toEqual({ year: 1994, month: 2, day: 1 });
    }
    expect(written(writeDate, { year: 33, month: 12, day: 31 })).toBe('31-Dec-0033');
    expect(dateOf(Date.UTC(2024, 1, 29), -1)).toEqual({ year: 2024, month: 2, day: 28 });
  });

  it('refuse what is none', () => {
    refuses(readDate, [
      '',
      '1-Feb',
      '30-Feb-2000',
      '29-Feb-1900',
      '0-Jan-2000',
      '001-Jan-2000',
      '1-Xxx-2000',
      '1-Jan-20',
    ]);
    refuses(readDateTime, [
      '17-Jul-1996 02:44:25 -0700',
      '"17-Jul-1996 24:00:00 -0700"',
      '"17-Jul-1996 02:60:00 -0700"',
      '"17-Jul-1996 02:44:25 0700"',
      '"17-Jul-1996 02:44:25 -0760"',
      '"31-Jun-1996 02:44:25 -0700"',
      '"1-Jux-1996 02:44:25 -0700"',
      '"17-Jul-1996 02:44:25 -07',
    ]);
    expect(() => written(writeDate, { year: 2023, month: 2, day: 29 })).toThrowError(usage);
    expect(() => written(writeDateTime, { time: 1, offset: 0 })).toThrowError(usage);
    expect(() => written(writeDateTime, { time: Date.UTC(9999, 11, 31, 23), offset: 60 })).toThrowError(
      usage,
    );
  });
});

describe('sections', () => {
  it.each([
    ['[]', { part: [] }],
    ['[1.2]', { part: [1, 2] }],
    ['[TEXT]', { part: [], text: 'TEXT' }],
    ['[4.2.MIME]', { part: [4, 2], text: 'MIME' }],
    ['[HEADER]', { part: [], text: 'HEADER' }],
    ['[1.HEADER.FIELDS (From "a b")]', { part: [1], text: 'HEADER.FIELDS', fields: ['From', 'a b'] }],
    ['[HEADER.FIELDS.NOT (To)]', { part: [], text: 'HEADER.FIELDS.NOT', fields: ['To'] }],
  ] as const)('read %s and write it', (wire, section) => {
    expect(readAll(readSection, wire)).toEqual(section);
    expect(written(writeSection, section)).toBe(wire);
  });

  it('take names of fields as servers echo them', () => {
    const fields = { part: [], text: 'HEADER.FIELDS', fields: ['FROM', 'TO'] };
    expect(readAll(readSection, '[header.fields ("FROM" {2}\r\nTO)]')).toEqual(fields);
    for (const wire of [
      '[HEADER.FIELDS ("FROM" "TO" )]',
      '[HEADER.FIELDS ( FROM TO)]',
      '[HEADER.FIELDS (FROM  TO)]',
    ]) {
      expect(readWithQuirks(readSection, wire)).toEqual({ value: fields, quirks: ['extra-blanks'] });
      expect(() => readAll(readSection, wire, { quirks: false })).toThrowError(malformed);
    }
  });

  it('refuse the rest', () => {
    refuses(readSection, [
      '',
      '[',
      '[1',
      '[0]',
      '[1.]',
      '[.1]',
      '[1.X]',
      '[MIME]',
      '[HEADER.FIELDS]',
      '[HEADER.FIELDS ()]',
      '[TEXT.1]',
      '[TEXT (a)]',
    ]);
    expect(() => written(writeSection, { part: [0] })).toThrowError(usage);
    expect(() => written(writeSection, { part: [], text: 'MIME' })).toThrowError(usage);
    expect(() => written(writeSection, { part: [], text: 'HEADER.FIELDS' })).toThrowError(usage);
    expect(() => written(writeSection, { part: [], text: 'TEXT', fields: ['a'] })).toThrowError(usage);
    expect(() => written(writeSection, { part: [], text: 'TEXT] x' as 'TEXT' })).toThrowError(usage);
  });

  it('have stretches and parts of BINARY', () => {
    expect(readAll(readPartial, '<0.512>')).toEqual({ offset: 0, length: 512 });
    expect(readAll(readPartial, '')).toBeUndefined();
    expect(written(writePartial, { offset: 7, length: 1 })).toBe('<7.1>');
    expect(readAll(readOrigin, '<12>')).toBe(12);
    expect(written(writeOrigin, 12)).toBe('<12>');
    expect(readWithQuirks(readOrigin, '<0.512>')).toEqual({ value: 0, quirks: ['origin-with-length'] });
    expect(() => readAll(readOrigin, '<0.512>', { quirks: false })).toThrowError(malformed);
    refuses(readPartial, ['<0>', '<0.0>', '<1.2', '<a.1>']);
    expect(readAll(readSectionPart, '[1.2]')).toEqual([1, 2]);
    expect(readAll(readSectionPart, '[]')).toEqual([]);
    expect(written(writeSectionPart, [3, 4])).toBe('[3.4]');
  });
});

describe('values of any kind', () => {
  const wire = '(a (b "c (\\" d") NIL () {3}\r\n))  \\Seen *) X[1]';

  it('are kept', () => {
    const values = readAll(readValues, wire);
    expect(values).toEqual([
      {
        type: 'list',
        items: [
          { type: 'atom', text: 'a' },
          {
            type: 'list',
            items: [
              { type: 'atom', text: 'b' },
              { type: 'string', text: 'c (" d' },
            ],
          },
          { type: 'nil' },
          { type: 'list', items: [] },
          { type: 'string', text: ')) ' },
          { type: 'atom', text: '\\Seen' },
          { type: 'atom', text: '*' },
        ],
      },
      { type: 'atom', text: 'X[1]' },
    ]);
    expect(written(writeValue, values[0]!)).toBe(String.raw`(a (b "c (\" d") NIL () ")) " \Seen *)`);
  });

  it('are skipped', () => {
    const reader = readerOf(wire);
    skipValue(reader);
    expect(reader.text.slice(reader.at)).toBe(' X[1]');
    reader.space();
    skipValue(reader);
    expect(reader.isAtEnd).toBe(true);
    for (const bad of ['', ')', '(', '("', '("\\', '("\\"', '(a {3}\r\nab', '(()', ' a']) {
      expect(() => skipValue(readerOf(bad)), bad).toThrowError(malformed);
    }
  });

  it('may be as deep as the limit says, and no deeper', () => {
    const deep = (depth: number): string => '('.repeat(depth) + ')'.repeat(depth);
    const depth = 100_000;
    const value = readAll(readValue, deep(depth), { limits: { depth } });
    expect(written(writeValue, value)).toBe(deep(depth));
    expect(() => readAll(readValue, deep(101))).toThrowError(
      expect.objectContaining({ code: 'limit-depth' }),
    );
    expect(() => readAll(readValue, '(a b c)', { limits: { listLength: 2 } })).toThrowError(
      expect.objectContaining({ code: 'limit-list' }),
    );
  });

  it('refuse what cannot be written or read', () => {
    refuses(readValue, ['', ')', '(a', '(a  b)', 'a b', '"a', 'é']);
    for (const text of ['', 'a b', 'a\r\n', '(', ')', '"', '{1}', 'é']) {
      expect(() => written(writeValue, { type: 'atom', text }), text).toThrowError(usage);
    }
  });
});

describe('envelopes', () => {
  const wire =
    '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" ' +
    '(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ' +
    '(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ' +
    '((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL ' +
    '"<B27397-0100000@cac.washington.ed>")';

  it('are read and written', () => {
    const envelope = readAll(readEnvelope, wire);
    expect(envelope.subject).toBe('IMAP4rev2 WG mtg summary and minutes');
    expect(envelope.cc).toEqual([
      { name: undefined, route: undefined, mailbox: 'minutes', host: 'CNRI.Reston.VA.US' },
      { name: 'John Klensin', route: undefined, mailbox: 'KLENSIN', host: 'MIT.EDU' },
    ]);
    expect(envelope.bcc).toEqual([]);
    expect(envelope.messageId).toBe('<B27397-0100000@cac.washington.ed>');
    expect(written(writeEnvelope, envelope)).toBe(wire);
  });

  it.each([
    ['(NIL NIL () NIL () NIL NIL NIL NIL NIL)', 'empty-address-list'],
    ['(NIL NIL (NIL) NIL NIL NIL NIL NIL NIL NIL)', 'nil-address'],
    ['(NIL NIL NIL NIL NIL)', 'short-envelope'],
    ['(NIL)', 'short-envelope'],
    ['(NIL NIL NIL  NIL NIL NIL NIL NIL NIL NIL )', 'extra-blanks'],
  ])('read %s with the quirk %s', (odd, quirk) => {
    const { value, quirks } = readWithQuirks(readEnvelope, odd);
    expect(quirks).toEqual([quirk]);
    expect(written(writeEnvelope, value)).toBe('(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)');
    expect(() => readAll(readEnvelope, odd, { quirks: { [quirk]: false } })).toThrowError(malformed);
  });

  it.each([
    ['"<a@b" <c@d>"', '<a@b" <c@d>'],
    ['"<1.2.JavaMail."cv@example.org"@host>"', '<1.2.JavaMail."cv@example.org"@host>'],
    ['"a \\" b "c" d"', 'a " b "c" d'],
  ])('read the string %s, whose quotation marks lack backslashes', (wireText, text) => {
    for (const wire of [
      `(NIL NIL NIL NIL NIL NIL NIL NIL NIL ${wireText})`,
      `(${wireText} NIL NIL NIL NIL NIL NIL NIL NIL NIL)`,
      `(NIL ${wireText} ((NIL NIL "a" "b")) NIL NIL NIL NIL NIL NIL NIL)`,
      `(NIL NIL ((${wireText} NIL "a" "b")) NIL NIL NIL NIL NIL NIL NIL)`,
    ]) {
      const { value, quirks } = readWithQuirks(readEnvelope, wire);
      expect([value.messageId, value.date, value.subject, value.from[0]?.name]).toContain(text);
      expect(quirks).toEqual(['body-quotes']);
      expect(() => readAll(readEnvelope, wire, { quirks: { 'body-quotes': false } })).toThrowError(malformed);
    }
  });

  it('read addresses apart by blanks', () => {
    const odd = '(NIL NIL ((NIL NIL "a" "b") (NIL NIL "c" "d")) NIL NIL NIL NIL NIL NIL NIL)';
    const { value, quirks } = readWithQuirks(readEnvelope, odd);
    expect(value.from.map(({ mailbox }) => mailbox)).toEqual(['a', 'c']);
    expect(quirks).toEqual(['extra-blanks']);
  });

  it('refuse the rest', () => {
    refuses(readEnvelope, [
      '',
      '(',
      '()',
      'NIL',
      '(NIL NIL a NIL NIL NIL NIL NIL NIL NIL)',
      '(NIL NIL ((NIL NIL NIL)) NIL NIL NIL NIL NIL NIL NIL)',
      '(NIL NIL "x" NIL NIL NIL NIL NIL NIL NIL)',
      '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)',
    ]);
  });
});
