import { describe, expect, it } from 'vitest';
import { search } from '../../src/imap/command/search-builder.js';
import { searchCharset } from '../../src/imap/command/search-charset.js';
import type { SearchContext, SearchFacts } from '../../src/imap/command/search-facts.js';
import type { SearchKey } from '../../src/imap/command/search-key.js';
import { createSearchMatcher, matchesSearch } from '../../src/imap/command/search-matcher.js';

const usage = expect.objectContaining({ code: 'usage' });
const refused = expect.objectContaining({ code: 'imap-refused' });

describe('the search builder', () => {
  it('makes keys', () => {
    expect(search.from('ann')).toEqual({ key: 'FROM', text: 'ann' });
    expect(search.since('2024-02-29')).toEqual({ key: 'SINCE', date: { year: 2024, month: 2, day: 29 } });
    expect(search.uid([5, 3, 4])).toEqual({ key: 'UID', set: [{ from: 3, to: 5 }] });
    expect(search.uid('7:*')).toEqual({ key: 'UID', set: [{ from: 7, to: '*' }] });
    expect(search.sequence([{ from: 1, to: '*' }])).toEqual({ key: 'SEQUENCE', set: [{ from: 1, to: '*' }] });
    expect(search.uid('$')).toEqual({ key: 'UID', set: '$' });
    expect(search.uid(new Set([9]))).toEqual({ key: 'UID', set: [{ from: 9, to: 9 }] });
  });

  it('makes one key of several', () => {
    const { seen, draft, flagged } = search;
    expect(search.not(seen)).toEqual({ key: 'UNSEEN' });
    expect(search.not(search.not(search.larger(3)))).toEqual({ key: 'LARGER', octets: 3 });
    expect(search.not(search.all)).toEqual({ key: 'NOT', of: { key: 'ALL' } });
    expect(search.and()).toEqual({ key: 'ALL' });
    expect(search.and(seen)).toBe(seen);
    expect(search.and(seen, search.and(draft, flagged))).toEqual({ key: 'AND', of: [seen, draft, flagged] });
    expect(search.or()).toEqual({ key: 'NOT', of: { key: 'ALL' } });
    expect(search.or(seen)).toBe(seen);
    const all = Array.from({ length: 1000 }, (_, i) => search.larger(i));
    const depthOf = (key: SearchKey): number => (key.key === 'OR' ? 1 + Math.max(...key.of.map(depthOf)) : 0);
    expect(depthOf(search.or(...all))).toBe(10);
  });

  it('refuses what cannot be written', () => {
    expect(() => search.since('2023-02-29')).toThrowError(usage);
    expect(() => search.since('2023-2-9')).toThrowError(usage);
    expect(() => search.on({ year: 2023, month: 13, day: 1 })).toThrowError(usage);
    expect(() => search.keyword('a b')).toThrowError(usage);
    expect(() => search.larger(-1)).toThrowError(usage);
    expect(() => search.older(0)).toThrowError(usage);
    expect(() => search.uid([])).toThrowError(usage);
    expect(() => search.uid([0])).toThrowError(usage);
    expect(() => search.uid('1 2')).toThrowError(expect.objectContaining({ code: 'imap-malformed' }));
  });
});

describe('the charset of a search', () => {
  const keys = [search.or(search.subject('会議'), search.not(search.header('X-Ä', 'a'))), search.seen];

  it('is none for US-ASCII, and where UTF-8 is enabled', () => {
    const plain = [search.from('ann'), search.header('X-Ä', 'a')];
    expect(searchCharset(plain)).toEqual({ keys: plain });
    expect(searchCharset(keys, { utf8: true })).toEqual({ keys });
  });

  it('is UTF-8, or the first that has all characters', () => {
    expect(searchCharset(keys)).toMatchObject({ charset: 'UTF-8' });
    const { charset, keys: encoded } = searchCharset(keys, {
      charsets: ['US-ASCII', 'X-NONE', Uint8Array.of(0xff), 'ISO-8859-1', 'ISO-2022-JP', 'UTF-8'],
    });
    expect(charset).toBe('ISO-2022-JP');
    expect(encoded).toEqual([
      {
        key: 'OR',
        of: [
          {
            key: 'SUBJECT',
            text: Uint8Array.from([0x1b, 0x24, 0x42, 0x32, 0x71, 0x35, 0x44, 0x1b, 0x28, 0x42]),
          },
          { key: 'NOT', of: { key: 'HEADER', field: 'X-Ä', text: Uint8Array.of(0x61) } },
        ],
      },
      { key: 'SEEN' },
    ]);
  });

  it('leaves octets as they are', () => {
    const raw = search.body(Uint8Array.of(0x83, 0x65));
    expect(searchCharset([raw])).toEqual({ keys: [raw] });
    expect(searchCharset([raw, search.body('é')])).toEqual({
      charset: 'UTF-8',
      keys: [raw, search.body(Uint8Array.of(0xc3, 0xa9))],
    });
  });

  it('is refused where there is none', () => {
    expect(() => searchCharset(keys, { charsets: ['ISO-8859-1'] })).toThrowError(
      expect.objectContaining({ code: 'charset-unencodable' }),
    );
    let deep = search.body('é');
    for (let i = 0; i < 2000; i++) deep = { key: 'NOT', of: deep };
    expect(() => searchCharset([deep])).toThrowError(usage);
  });
});

describe('matching a search', () => {
  const header: Record<string, readonly string[]> = {
    from: ['Åsa Öberg <asa@example.org>'],
    to: ['ann@example.org', 'Bob <bob@example.org>'],
    subject: ['Om vårt MÖTE'],
    'x-empty': [''],
  };
  const facts: SearchFacts = {
    sequence: 3,
    uid: 70,
    flags: ['\\Seen', '$Junk', '\\Recent'],
    internalDate: { time: Date.UTC(2024, 1, 29, 23, 30), offset: 60 },
    size: 1000,
    sentDate: () => ({ year: 2024, month: 2, day: 28 }),
    header: (name) => header[name] ?? [],
    headerText: () => 'Subject: Om vårt MÖTE\r\n',
    bodyText: () => 'Vi ses på tisdag.',
    modseq: 12n,
    emailId: 'M1',
    threadId: 'T1',
    gmailLabels: ['Viktigt'],
    gmailMessageId: 5n,
    gmailThreadId: 6n,
  };
  const context: SearchContext = {
    messages: 3,
    largestUid: 70,
    saved: [{ from: 70, to: 70 }],
    now: Date.UTC(2024, 1, 29, 23, 31),
    filter: (name) => (name === 'mine' ? [search.to('ann')] : undefined),
  };

  const found: readonly SearchKey[] = [
    search.all,
    search.seen,
    search.unanswered,
    search.undeleted,
    search.undraft,
    search.unflagged,
    search.recent,
    search.keyword('$junk'),
    search.unkeyword('$NotJunk'),
    search.from('ÅSA'),
    search.from('Å'.normalize('NFD')),
    search.to('bob'),
    search.subject('möte'),
    search.subject(''),
    search.header('X-Empty', ''),
    search.body('TISDAG'),
    search.text('vårt'),
    search.text('tisdag'),
    // INTERNALDATE is of its own zone: this is 1 March there.
    search.on('2024-03-01'),
    search.since('2024-03-01'),
    search.since('2024-02-29'),
    search.before('2024-03-02'),
    search.sentOn('2024-02-28'),
    search.sentSince('2024-02-28'),
    search.sentBefore('2024-02-29'),
    search.savedOn('2024-03-01'),
    search.larger(999),
    search.smaller(1001),
    search.older(60),
    search.younger(60),
    search.sequence('3'),
    search.sequence('*'),
    search.uid('69:71'),
    search.uid('90:*'),
    search.uid('$'),
    { key: 'UIDAFTER', uid: 69 },
    { key: 'UIDBEFORE', uid: 71 },
    search.modseq(12n),
    search.emailId('M1'),
    search.threadId('T1'),
    search.gmailLabel('viktigt'),
    { key: 'X-GM-MSGID', id: 5n },
    { key: 'X-GM-THRID', id: 6n },
    { key: 'FILTER', filter: 'mine' },
    search.fuzzy(search.seen),
    search.or(search.draft, search.seen),
    search.and(search.seen, search.to('ann')),
    search.not(search.draft),
  ];
  const missed: readonly SearchKey[] = [
    search.unseen,
    search.new,
    search.old,
    search.draft,
    search.keyword('Junk'),
    search.from('ann'),
    search.cc(''),
    search.header('X-None', ''),
    search.body('MÖTE'),
    search.on('2024-02-29'),
    search.before('2024-03-01'),
    search.since('2024-03-02'),
    search.sentOn('2024-02-29'),
    search.larger(1000),
    search.smaller(1000),
    search.older(61),
    search.younger(59),
    search.sequence('1:2'),
    search.uid('3'),
    { key: 'UIDAFTER', uid: 70 },
    { key: 'SAVEDATESUPPORTED' },
    search.modseq(13n),
    search.emailId('m1'),
    { key: 'X-GM-MSGID', id: 6n },
    search.or(),
    search.and(search.seen, search.draft),
    search.not(search.seen),
  ];

  it(`finds by ${found.length} keys, and not by ${missed.length}`, () => {
    for (const key of found) expect(matchesSearch([key], facts, context), JSON.stringify(key.key)).toBe(true);
    for (const key of missed)
      expect(matchesSearch([key], facts, context), JSON.stringify(key.key)).toBe(false);
    expect(matchesSearch(found, facts, context)).toBe(true);
    expect(matchesSearch([...found, search.draft], facts, context)).toBe(false);
  });

  // RFC 5051: capital and small letters are one, the three sigmas and the dotless i too.
  it.each([
    ['ΣΥΝΕΔΡΙΑΣΗ', 'ΣΥΝΕΔΡΙΑΣ'],
    ['ΣΥΝΕΔΡΙΑΣ', 'συνεδριας'],
    ['ΜΑΡΙΟΣ', 'μαριοσ'],
    ['ΑΣ', 'Σ'],
    ['ISTANBUL', 'ıstanbul'],
    ['STRAẞE', 'straße'],
    ['ΐ', '\u0399\u0308\u0301'],
    ['\u03a5\u0308\u0342', '\u1fe7'],
  ])('finds %j by %j', (subject, text) => {
    const header = (name: string) => (name === 'subject' ? [subject] : []);
    expect(matchesSearch([search.subject(text)], { ...facts, header }, context)).toBe(true);
    expect(matchesSearch([search.subject(`${text}x`)], { ...facts, header }, context)).toBe(false);
  });

  it('finds every letter by its capital and its small one', () => {
    for (let code = 0x20; code < 0x20000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      const others = [
        letter.toUpperCase(),
        letter.toLowerCase(),
        letter.normalize('NFD'),
        letter.normalize('NFKC'),
      ];
      for (const subject of new Set(others)) {
        if (subject === letter) continue;
        const header = (name: string) => (name === 'subject' ? [subject] : []);
        if (!matchesSearch([search.subject(letter)], { ...facts, header }, context))
          expect.fail(`${letter} finds no ${subject} (U+${code.toString(16)})`);
      }
    }
  });

  it('has no day of a message without the field Date', () => {
    const undated = { ...facts, sentDate: () => undefined };
    expect(matchesSearch([search.sentSince('1970-01-01')], undated, context)).toBe(false);
    expect(matchesSearch([search.sentBefore('2070-01-01')], undated, context)).toBe(false);
  });

  it('reads texts in the charset of the command', () => {
    const keys = [search.subject(Uint8Array.from([0x6d, 0xf6, 0x74, 0x65]))];
    expect(matchesSearch(keys, facts, { ...context, charset: 'ISO-8859-1' })).toBe(true);
    expect(matchesSearch(keys, facts, context)).toBe(false);
    // Octets of ISO-2022-JP are ASCII as well, so that they are read as text.
    const japanese = { ...facts, bodyText: () => '会議の日' };
    const key = search.body('\x1b$B2q5D\x1b(B');
    expect(matchesSearch([key], japanese, { ...context, charset: 'iso-2022-jp' })).toBe(true);
    expect(() => createSearchMatcher(keys, { ...context, charset: 'X-NONE' })).toThrowError(
      expect.objectContaining({ code: 'charset-unknown' }),
    );
  });

  it('refuses what cannot be answered', () => {
    const { now, saved, ...bare } = context;
    expect([now, saved]).toHaveLength(2);
    expect(() => createSearchMatcher([search.older(1)], bare)).toThrowError(refused);
    expect(matchesSearch([search.uid('$')], facts, bare)).toBe(false);
    expect(() => createSearchMatcher([search.gmailRaw('x')], context)).toThrowError(refused);
    expect(() => createSearchMatcher([{ key: 'FILTER', filter: 'x' }], context)).toThrowError(refused);
  });

  describe('by filters', () => {
    const filter = (name: string): SearchKey => ({ key: 'FILTER', filter: name });
    const filters = (named: Readonly<Record<string, SearchKey>>): SearchContext => ({
      ...context,
      filter: (name) => (named[name] === undefined ? undefined : [named[name]]),
    });

    it('that need themselves is refused', () => {
      const loop = filters({ x: search.not(filter('y')), y: filter('x') });
      expect(() => createSearchMatcher([filter('x')], loop)).toThrowError(refused);
      expect(() => createSearchMatcher([filter('y')], { ...loop, filter: () => [filter('y')] })).toThrowError(
        refused,
      );
    });

    it('that name others twice each asks once for each', () => {
      let lookedUp = 0;
      let asked = 0;
      const count = 200;
      const doubling: SearchContext = {
        ...context,
        filter: (name) => {
          lookedUp++;
          const next = filter(String(Number(name) + 1));
          return Number(name) === count ? [search.body('Mittwoch')] : [search.or(next, next)];
        },
      };
      const matches = createSearchMatcher([filter('0')], doubling);
      expect(lookedUp).toBe(count + 1);
      const bodyText = () => {
        asked++;
        return asked === 1 ? 'tisdag' : 'mittwoch';
      };
      const counted = { ...facts, bodyText };
      // The same object may tell of another message when it is given again.
      expect([matches(counted), matches(counted), asked]).toEqual([false, true, 2]);
    });

    it('is asked of each message, also of one within another', () => {
      const matches = createSearchMatcher([search.or(search.body('x'), filter('s'))], {
        ...context,
        filter: () => [search.seen],
      });
      const unseen = { ...facts, flags: [] };
      const nested = { ...unseen, bodyText: () => String(matches(facts)) };
      expect([matches(facts), matches(nested), matches(unseen)]).toEqual([true, false, false]);
    });

    it('is limited in depth as other keys are', () => {
      const nots = (depth: number, key: SearchKey): SearchKey => {
        let deep = key;
        for (let i = 0; i < depth; i++) deep = { key: 'NOT', of: deep };
        return deep;
      };
      const tooDeep = expect.objectContaining({ code: 'limit-depth' });
      const deep = filters({ deep: nots(600, search.seen) });
      expect(matchesSearch([filter('deep'), nots(300, filter('deep'))], facts, deep)).toBe(true);
      expect(() => createSearchMatcher([filter('deep'), nots(600, filter('deep'))], deep)).toThrowError(
        tooDeep,
      );
      // Filters that were made already are as deep in others.
      const chain: Record<string, SearchKey> = { '0': search.seen };
      for (let i = 1; i < 100; i++) {
        chain[i] = { key: 'AND', of: [filter(String(i - 1)), nots(300, filter(String(i - 1)))] };
      }
      expect(() => createSearchMatcher([filter('99')], filters(chain))).toThrowError(tooDeep);
    });
  });
});
