import { describe, expect, it } from 'vitest';
import { usesSequenceNumbers } from '../../../src/imap/command/command-facts.js';
import { search } from '../../../src/imap/command/search-builder.js';
import { searchCharset } from '../../../src/imap/command/search-charset.js';
import type { SearchKey } from '../../../src/imap/command/search-key.js';
import { createSearchMatcher } from '../../../src/imap/command/search-matcher.js';
import { octets, readTagged, testKnownAnswers, writtenCommand } from './round-trip.js';

const usage = expect.objectContaining({ code: 'usage' });
const february = { year: 1994, month: 2, day: 1 };

describe('examples of RFC 9051 §6.4.4 and RFC 3501 §6.4.4', () => {
  testKnownAnswers([
    [
      'SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"',
      {
        name: 'SEARCH',
        keys: [
          { key: 'FLAGGED' },
          { key: 'SINCE', date: february },
          { key: 'NOT', of: { key: 'FROM', text: 'Smith' } },
        ],
      },
      'SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM Smith',
    ],
    [
      'SEARCH TEXT "string not in mailbox"',
      { name: 'SEARCH', keys: [{ key: 'TEXT', text: 'string not in mailbox' }] },
    ],
    [
      'SEARCH CHARSET UTF-8 TEXT {6}\r\n\xd0\xb4\xd0\xbe\xd0\xbc',
      { name: 'SEARCH', charset: 'UTF-8', keys: [{ key: 'TEXT', text: 'дом' }] },
    ],
    [
      'SEARCH CHARSET ISO-8859-1 SUBJECT {1}\r\n\xe9',
      { name: 'SEARCH', charset: 'ISO-8859-1', keys: [{ key: 'SUBJECT', text: octets('\xe9') }] },
    ],
    [
      'SEARCH RETURN (MIN COUNT) FLAGGED',
      { name: 'SEARCH', return: ['MIN', 'COUNT'], keys: [{ key: 'FLAGGED' }] },
    ],
    [
      'UID SEARCH RETURN () 1:* UID 5 $',
      {
        name: 'SEARCH',
        uid: true,
        return: [],
        keys: [
          { key: 'SEQUENCE', set: [{ from: 1, to: '*' }] },
          { key: 'UID', set: [{ from: 5, to: 5 }] },
          { key: 'SEQUENCE', set: '$' },
        ],
      },
    ],
    [
      'SEARCH RETURN (SAVE) CHARSET UTF-8 (OR $ 1,3000:3021) TEXT {8}\r\n\xd0\xb4\xd0\xbe\xd0\xbc\xd0\xb0',
      {
        name: 'SEARCH',
        return: ['SAVE'],
        charset: 'UTF-8',
        keys: [
          {
            key: 'AND',
            of: [
              {
                key: 'OR',
                of: [
                  { key: 'SEQUENCE', set: '$' },
                  {
                    key: 'SEQUENCE',
                    set: [
                      { from: 1, to: 1 },
                      { from: 3000, to: 3021 },
                    ],
                  },
                ],
              },
            ],
          },
          { key: 'TEXT', text: 'дома' },
        ],
      },
    ],
    [
      'search header Message-ID "<a@b>" larger 10 smaller 4294967296 keyword $Junk unkeyword x',
      {
        name: 'SEARCH',
        keys: [
          { key: 'HEADER', field: 'Message-ID', text: '<a@b>' },
          { key: 'LARGER', octets: 10 },
          { key: 'SMALLER', octets: 4294967296 },
          { key: 'KEYWORD', keyword: '$Junk' },
          { key: 'UNKEYWORD', keyword: 'x' },
        ],
      },
      'SEARCH HEADER Message-ID <a@b> LARGER 10 SMALLER 4294967296 KEYWORD $Junk UNKEYWORD x',
    ],
    [
      'SEARCH HEADER List-Id "" SENTON "1-Feb-1994"',
      {
        name: 'SEARCH',
        keys: [
          { key: 'HEADER', field: 'List-Id', text: '' },
          { key: 'SENTON', date: february },
        ],
      },
      'SEARCH HEADER List-Id "" SENTON 1-Feb-1994',
    ],
  ]);

  it('every flag key', () => {
    const keys = (
      'ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN ' +
      'SAVEDATESUPPORTED'
    ).split(' ');
    for (const key of keys) {
      const { command } = readTagged(`A SEARCH ${key.toLowerCase()}`);
      expect(command).toStrictEqual({ name: 'SEARCH', keys: [{ key }] });
      expect(writtenCommand(command)).toBe(`A SEARCH ${key}`);
    }
  });

  it('takes keywords as lists of flags have them', () => {
    const { command } = readTagged('A SEARCH (KEYWORD a]b)');
    expect(command).toStrictEqual({
      name: 'SEARCH',
      keys: [{ key: 'AND', of: [{ key: 'KEYWORD', keyword: 'a]b' }] }],
    });
    expect(writtenCommand(command)).toBe('A SEARCH (KEYWORD a]b)');
    expect(() => readTagged('A SEARCH KEYWORD \\Seen')).toThrow(/a keyword is wanted/);
    expect(() => writtenCommand({ name: 'SEARCH', keys: [{ key: 'KEYWORD', keyword: '\\Seen' }] })).toThrow(
      /a key of its own/,
    );
  });

  it('refuses what is no key', () => {
    for (const wire of [
      '',
      ' ',
      ' FOO',
      ' NOT',
      ' NOT ',
      ' ()',
      ' (ALL',

      ' OR ALL',
      ' SINCE 1-Foo-1994',
    ]) {
      expect(() => readTagged(`A SEARCH${wire}`), wire).toThrow(/wanted/);
    }
    expect(() => readTagged('A SEARCH ALL)')).toThrow(/the end of the line/);
    expect(() => writtenCommand({ name: 'SEARCH', keys: [] })).toThrow(/one key/);
    expect(() => writtenCommand({ name: 'SEARCH', keys: [{ key: 'AND', of: [] }] })).toThrow(/one key/);
  });
});

describe('keys of extensions', () => {
  testKnownAnswers([
    [
      'UID SEARCH UNSEEN YOUNGER 259200 OLDER 1',
      {
        name: 'SEARCH',
        uid: true,
        keys: [{ key: 'UNSEEN' }, { key: 'YOUNGER', seconds: 259200 }, { key: 'OLDER', seconds: 1 }],
      },
    ],
    [
      'SEARCH EMAILID M6d99ac3275bb4e THREADID T64b478a75b7ea9 FILTER on-the-road',
      {
        name: 'SEARCH',
        keys: [
          { key: 'EMAILID', id: 'M6d99ac3275bb4e' },
          { key: 'THREADID', id: 'T64b478a75b7ea9' },
          { key: 'FILTER', filter: 'on-the-road' },
        ],
      },
    ],
    [
      'SEARCH SAVEDBEFORE 1-Feb-1994 SAVEDON 1-Feb-1994 SAVEDSINCE 1-Feb-1994 UIDAFTER 25000 UIDBEFORE 27000',
      {
        name: 'SEARCH',
        keys: [
          { key: 'SAVEDBEFORE', date: february },
          { key: 'SAVEDON', date: february },
          { key: 'SAVEDSINCE', date: february },
          { key: 'UIDAFTER', uid: 25000 },
          { key: 'UIDBEFORE', uid: 27000 },
        ],
      },
    ],
    [
      'SEARCH FUZZY (SUBJECT IMAP) X-GM-RAW "has:attachment in:unread" X-GM-LABELS foo X-GM-MSGID 1278455344230334865',
      {
        name: 'SEARCH',
        keys: [
          { key: 'FUZZY', of: { key: 'AND', of: [{ key: 'SUBJECT', text: 'IMAP' }] } },
          { key: 'X-GM-RAW', text: 'has:attachment in:unread' },
          { key: 'X-GM-LABELS', label: 'foo' },
          { key: 'X-GM-MSGID', id: 1278455344230334865n },
        ],
      },
    ],
  ]);
});

describe('examples of RFC 5267, 9394, 7377 (RETURN, ESEARCH)', () => {
  testKnownAnswers([
    [
      'UID SEARCH RETURN (PARTIAL -1:-100 UPDATE CONTEXT XFOO XBAR (1 2)) UNDELETED',
      {
        name: 'SEARCH',
        uid: true,
        return: [
          { partial: '-1:-100' },
          'UPDATE',
          'CONTEXT',
          { other: 'XFOO' },
          {
            other: 'XBAR',
            value: {
              type: 'list',
              items: [
                { type: 'atom', text: '1' },
                { type: 'atom', text: '2' },
              ],
            },
          },
        ],
        keys: [{ key: 'UNDELETED' }],
      },
    ],
    [
      'ESEARCH IN (mailboxes "folder1" subtree "folder2" personal) RETURN (ALL) CHARSET UTF-8 UNSEEN',
      {
        name: 'ESEARCH',
        in: [
          { filter: 'mailboxes', mailboxes: ['folder1'] },
          { filter: 'subtree', mailboxes: ['folder2'] },
          'personal',
        ],
        return: ['ALL'],
        charset: 'UTF-8',
        keys: [{ key: 'UNSEEN' }],
      },
      'ESEARCH IN (mailboxes folder1 subtree folder2 personal) RETURN (ALL) CHARSET UTF-8 UNSEEN',
    ],
    [
      'ESEARCH IN (subtree-one (a b)) UNSEEN',
      { name: 'ESEARCH', in: [{ filter: 'subtree-one', mailboxes: ['a', 'b'] }], keys: [{ key: 'UNSEEN' }] },
    ],
    ['ESEARCH UNSEEN', { name: 'ESEARCH', keys: [{ key: 'UNSEEN' }] }],
  ]);
});

describe('examples of RFC 5256 and RFC 5957 (SORT, THREAD)', () => {
  testKnownAnswers([
    [
      'SORT (SUBJECT REVERSE DATE) UTF-8 ALL',
      {
        name: 'SORT',
        criteria: [{ by: 'SUBJECT' }, { by: 'DATE', reverse: true }],
        charset: 'UTF-8',
        keys: [{ key: 'ALL' }],
      },
    ],
    [
      'UID SORT RETURN (PARTIAL 23500:24000) (REVERSE DISPLAYFROM) US-ASCII TEXT "not in mailbox"',
      {
        name: 'SORT',
        uid: true,
        return: [{ partial: '23500:24000' }],
        criteria: [{ by: 'DISPLAYFROM', reverse: true }],
        charset: 'US-ASCII',
        keys: [{ key: 'TEXT', text: 'not in mailbox' }],
      },
    ],
    [
      'THREAD REFERENCES US-ASCII TEXT "gewp"',
      { name: 'THREAD', algorithm: 'REFERENCES', charset: 'US-ASCII', keys: [{ key: 'TEXT', text: 'gewp' }] },
      'THREAD REFERENCES US-ASCII TEXT gewp',
    ],
    [
      'UID THREAD ORDEREDSUBJECT "UTF-8" SINCE 1-feb-1994',
      {
        name: 'THREAD',
        uid: true,
        algorithm: 'ORDEREDSUBJECT',
        charset: 'UTF-8',
        keys: [{ key: 'SINCE', date: february }],
      },
      'UID THREAD ORDEREDSUBJECT UTF-8 SINCE 1-Feb-1994',
    ],
  ]);

  it('refuses no criteria', () => {
    expect(() => readTagged('A SORT () UTF-8 ALL')).toThrow(/what to sort by/);
    expect(() =>
      writtenCommand({ name: 'SORT', criteria: [], charset: 'x', keys: [{ key: 'ALL' }] }),
    ).toThrow(/one criterion/);
  });
});

describe('keys inside each other', () => {
  it('a chain of a thousand OR is read and written', () => {
    const wire = `A SEARCH ${'OR SEEN '.repeat(1000)}ALL`;
    const { command } = readTagged(wire);
    expect(writtenCommand(command)).toBe(wire);
  });

  it('more NOT, OR or parentheses than the limit are refused', () => {
    for (const [open, close] of [
      ['NOT ', ''],
      ['OR ALL ', ''],
      ['FUZZY ', ''],
      ['(', ')'],
      ['(NOT ', ')'],
    ] as const) {
      const wire = (depth: number): string => `A SEARCH ${open.repeat(depth)}ALL${close.repeat(depth)}`;
      const limits = { depth: 10 };
      const deepest = open.startsWith('(') ? 10 : 100;
      expect(() => readTagged(wire(deepest), { limits })).not.toThrow();
      for (const depth of [deepest + 1, 100_000]) {
        expect(() => readTagged(wire(depth), { limits })).toThrow(
          expect.objectContaining({ code: 'limit-depth' }),
        );
        expect(() => readTagged(wire(depth * 10), {})).toThrow(
          expect.objectContaining({ code: 'limit-depth' }),
        );
      }
    }
  });

  it.each([
    ['NOT ', ''],
    ['OR ALL ', ''],
    ['(', ')'],
    ['(NOT ', ')'],
  ])('%j is read as deep as the limit lets it', (open, close) => {
    const wire = `A SEARCH ${open.repeat(200_000)}ALL${close.repeat(200_000)}`;
    const { command } = readTagged(wire, { limits: { depth: 1_000_000 } });
    expect(writtenCommand(command)).toBe(wire);
    // Without what closes it, it is malformed and nothing else.
    expect(() => readTagged(wire.slice(0, -4), { limits: { depth: 1_000_000 } })).toThrowError(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  it('OR has two keys, lists have one at least, and all are apart by one space', () => {
    const bad = [
      'OR SEEN',
      'OR SEEN ',
      'OR (SEEN ALL)',
      '()',
      '(SEEN )',
      '( SEEN)',
      '(SEEN  ALL)',
      'NOT',
      'NOT ',
    ];
    for (const keys of [...bad, 'OR SEEN) ALL', '(SEEN', 'SEEN)', 'NOT(SEEN)', '(SEEN)ALL']) {
      expect(() => readTagged(`A SEARCH ${keys}`), keys).toThrowError(
        expect.objectContaining({ code: 'imap-malformed' }),
      );
    }
    expect(readTagged('A SEARCH OR (SEEN NOT OR DRAFT ALL) FUZZY (NEW) OLD').command).toEqual({
      name: 'SEARCH',
      keys: [
        {
          key: 'OR',
          of: [
            {
              key: 'AND',
              of: [
                { key: 'SEEN' },
                { key: 'NOT', of: { key: 'OR', of: [{ key: 'DRAFT' }, { key: 'ALL' }] } },
              ],
            },
            { key: 'FUZZY', of: { key: 'AND', of: [{ key: 'NEW' }] } },
          ],
        },
        { key: 'OLD' },
      ],
    });
  });

  it('keys that lack what they are about are refused', () => {
    const names = [
      ...[
        'SUBJECT',
        'SINCE',
        'LARGER',
        'OLDER',
        'UIDAFTER',
        'KEYWORD',
        'EMAILID',
        'X-GM-MSGID',
        'NOT',
        'FUZZY',
      ],
      ...['OR', 'AND', 'SEQUENCE', 'UID', 'HEADER', 'MODSEQ', 'FILTER', 'X-GM-LABELS', 'toString', ''],
    ];
    const bad: unknown[] = names.map((key) => ({ key }));
    bad.push(
      { key: 'OR', of: [{ key: 'ALL' }] },
      { key: 'OR', of: { key: 'ALL' } },
      { key: 'AND', of: 'ALL' },
    );
    bad.push({ key: 'HEADER', field: 'X' }, { key: 'NOT', of: null }, { key: 'AND', of: [undefined] });
    for (const key of [...bad, null, undefined, 'SEEN', {}] as SearchKey[]) {
      expect(
        () => writtenCommand({ name: 'SEARCH', keys: [{ key: 'SEEN' }, key] }),
        JSON.stringify(key),
      ).toThrowError(usage);
      expect(() => searchCharset([search.subject('é'), key]), JSON.stringify(key)).toThrowError(usage);
      expect(
        () => createSearchMatcher([key], { messages: 1, largestUid: 1 }),
        JSON.stringify(key),
      ).toThrowError(usage);
      expect(usesSequenceNumbers({ name: 'SEARCH', keys: [key] }), JSON.stringify(key)).toBeTypeOf('boolean');
    }
  });

  it('a value is written however deep it is', () => {
    let key: SearchKey = { key: 'ALL' };
    for (let depth = 0; depth < 100_000; depth++) key = { key: 'NOT', of: key };
    expect(writtenCommand({ name: 'SEARCH', keys: [key] })).toBe(`A SEARCH ${'NOT '.repeat(100_000)}ALL`);
  });
});
