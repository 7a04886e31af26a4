import { describe, expect, it } from 'vitest';
import { addressText, groupAddresses } from '../../src/imap/values/addresses.js';
import {
  isBelowMailbox,
  joinMailbox,
  matchesListPattern,
  sameMailbox,
  splitMailbox,
} from '../../src/imap/values/hierarchy.js';
import { formatSection, parseSection } from '../../src/imap/values/section.js';
import {
  countOfRanges,
  expandSequenceSet,
  intersectRanges,
  parseSequenceSet,
  rangesHold,
  resolveSequenceSet,
  sequenceSetOf,
  subtractRanges,
  uniteRanges,
} from '../../src/imap/values/sequence-numbers.js';
import { formatSequenceSet } from '../../src/imap/values/sequence-set.js';
import { expectLinear } from '../support/linear-time.js';

const usage = expect.objectContaining({ code: 'usage' });

describe('sequence sets as numbers', () => {
  it.each([
    ['559:*', 10, [10, 559]],
    ['*', 7, [7, 7]],
    ['*:3', 7, [3, 7]],
    ['5,1:3,2:4', 9, [1, 5]],
    ['*:*', 4, [4, 4]],
  ])('%s means in a mailbox up to %i the range %j', (text, largest, [from, to]) => {
    expect(resolveSequenceSet(parseSequenceSet(text), largest)).toEqual([{ from, to }]);
  });

  it('hold nothing of "*" in an empty mailbox', () => {
    expect(expandSequenceSet(parseSequenceSet('*,4:*'), 0)).toEqual([]);
  });

  it('are not expanded beyond a limit', () => {
    expect(expandSequenceSet(parseSequenceSet('3,1:2,2'), 9)).toEqual([1, 2, 3]);
    const tooMany = expect.objectContaining({ code: 'limit-list' });
    expect(() => expandSequenceSet(parseSequenceSet('1:4294967295'), 1)).toThrowError(tooMany);
    expect(() => expandSequenceSet(parseSequenceSet('1:4'), 4, 3)).toThrowError(tooMany);
    expect(expandSequenceSet(parseSequenceSet('1:3'), 4, 3)).toHaveLength(3);
  });

  it('refuse $, of which only the caller knows what it holds', () => {
    expect(() => resolveSequenceSet('$', 3)).toThrowError(usage);
  });

  it('are made of numbers', () => {
    expect(formatSequenceSet(sequenceSetOf([5, 1, 2, 3, 3, 9]))).toBe('1:3,5,9');
    expect(sequenceSetOf([])).toEqual([]);
    expect(() => sequenceSetOf([0])).toThrowError(usage);
    const many = sequenceSetOf(Array.from({ length: 300_000 }, (_, i) => 2 * i + 1));
    expect(many).toHaveLength(300_000);
    expect(rangesHold(many, 4001)).toBe(true);
    expect(rangesHold(many, 4002)).toBe(false);
    expect(countOfRanges(many)).toBe(300_000);
  });

  it('are united, intersected and subtracted as sets of numbers are', () => {
    const of = (bits: number) => [1, 2, 3, 4, 5].filter((n) => (bits >> n) & 1);
    for (let a = 0; a < 64; a += 2) {
      for (let b = 0; b < 64; b += 2) {
        const x = sequenceSetOf(of(a));
        const y = sequenceSetOf(of(b));
        expect(uniteRanges(x, y)).toEqual(sequenceSetOf(of(a | b)));
        expect(intersectRanges(x, y)).toEqual(sequenceSetOf(of(a & b)));
        expect(subtractRanges(x, y)).toEqual(sequenceSetOf(of(a & ~b)));
      }
    }
  });

  it('are read whole or not at all', () => {
    for (const text of ['', '1 ', ' 1', '1,,2', 'é', '1\r\n']) {
      expect(() => parseSequenceSet(text)).toThrowError(expect.objectContaining({ code: 'imap-malformed' }));
    }
  });
});

describe('hierarchy', () => {
  it('splits and joins names', () => {
    expect(splitMailbox('a.b/c', '.')).toEqual(['a', 'b/c']);
    expect(splitMailbox('a.b', undefined)).toEqual(['a.b']);
    const raw = { raw: 'Entw&APw-rfe/a & b' };
    const levels = splitMailbox(raw, '/');
    expect(levels).toEqual(['Entwürfe', { raw: 'a & b' }]);
    expect(joinMailbox(levels, '/')).toEqual(raw);
    expect(joinMailbox(['a', 'b'], '.')).toBe('a.b');
    expect(() => joinMailbox(['a/b', 'c'], '/')).toThrowError(usage);
    expect(() => joinMailbox(['a', 'b'], undefined)).toThrowError(usage);
    expect(() => joinMailbox(['a', { raw: Uint8Array.of(0xff) }], '/')).toThrowError(usage);
  });

  it('tells which mailbox is which, and which stands below', () => {
    expect(sameMailbox('iNbOx', 'INBOX')).toBe(true);
    expect(sameMailbox('a', 'A')).toBe(false);
    expect(sameMailbox({ raw: 'a&' }, { raw: 'a&' })).toBe(true);
    expect(sameMailbox({ raw: 'a&' }, 'a&')).toBe(false);
    expect(isBelowMailbox('Inbox/a/b', 'INBOX', '/')).toBe(true);
    expect(isBelowMailbox('INBOXa/b', 'INBOX', '/')).toBe(false);
    expect(isBelowMailbox('a', 'a', '/')).toBe(false);
  });

  it.each([
    ['*', 'a/b/c', true],
    ['%', 'a/b', false],
    ['%', 'ab', true],
    ['%/%', 'a/b', true],
    ['%/%', 'a/b/c', false],
    ['a/%', 'a/', true],
    ['*/c', 'a/b/c', true],
    ['a*b%c', 'a/x/bxc', true],
    ['a*b%c', 'a/x/b/c', false],
    ['', '', true],
    ['', 'a', false],
    ['inb%', 'INBOX', true],
    ['inbox', 'Inbox', true],
    ['inbox/%', 'INBOX/a', false],
    ['A', 'a', false],
    ['%ü', 'ü', true],
    ['%😀', 'x😀', true],
    ['%.%', 'a.b', true],
  ])('LIST %j tells %j: %j', (pattern, name, matches) => {
    expect(matchesListPattern(name, pattern, '/')).toBe(matches);
  });

  it('matches patterns with many wildcards in time with the product of the lengths', () => {
    expect(matchesListPattern('a'.repeat(2000), `${'*a%'.repeat(300)}b`, '/')).toBe(false);
    expect(matchesListPattern('a/b', '%', undefined)).toBe(true);
  });

  it('steps over a pattern that is longer than any name, and over wildcards behind each other', () => {
    const name = 'a'.repeat(100);
    expect(matchesListPattern(name, '%*a'.repeat(1_000_000), '/')).toBe(false);
    expect(matchesListPattern(name, `${'%'.repeat(1_000_000)}a`, '/')).toBe(true);
    expect(matchesListPattern('a/a', `${'%'.repeat(1_000_000)}a`, '/')).toBe(false);
    expect(matchesListPattern('a/a', `${'%'.repeat(1_000_000)}*a`, '/')).toBe(true);
  });

  it('costs as much as the name is long where the pattern has few wildcards', () => {
    expectLinear((size) => {
      const name = 'ab'.repeat(size / 2);
      const pattern = `*${'ab'.repeat(size / 4)}%`;
      return () => expect(matchesListPattern(name, pattern, '/')).toBe(true);
    }, 40_000);
  });
});

describe('sections as text', () => {
  it.each(['', '1.2', 'HEADER', '1.MIME', '3.HEADER.FIELDS (From To)', 'HEADER.FIELDS.NOT ("a b")'])(
    'keep %j',
    (text) => {
      expect(formatSection(parseSection(text))).toBe(text);
    },
  );

  it('stay within their brackets', () => {
    for (const text of ['1] [2', 'x', '1.', 'HEADER.FIELDS ({1}\r\na)']) {
      expect(() => parseSection(text)).toThrowError(expect.objectContaining({ code: 'imap-malformed' }));
    }
    expect(() => formatSection({ part: [], text: 'HEADER.FIELDS', fields: ['a\r\nb'] })).toThrowError(usage);
  });
});

describe('addresses of envelopes', () => {
  const nothing = { name: undefined, route: undefined, mailbox: undefined, host: undefined };
  const ann = { ...nothing, mailbox: 'ann', host: 'example.org' };

  it('come in their groups', () => {
    const group = { ...nothing, mailbox: 'Team' };
    expect(groupAddresses([ann, group, ann, ann, nothing, ann])).toEqual([
      { type: 'mailbox', address: ann },
      { type: 'group', name: 'Team', members: [ann, ann] },
      { type: 'mailbox', address: ann },
    ]);
    expect(groupAddresses([group, group, ann])).toEqual([
      { type: 'group', name: 'Team', members: [] },
      { type: 'group', name: 'Team', members: [ann] },
    ]);
  });

  it('are written with what needs quotation marks between them', () => {
    expect(addressText(ann)).toBe('ann@example.org');
    expect(addressText({ ...ann, mailbox: 'a b"c' })).toBe(String.raw`"a b\"c"@example.org`);
    expect(addressText({ ...ann, mailbox: '' })).toBe('""@example.org');
    expect(addressText(nothing)).toBeUndefined();
  });
});
