import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeModifiedUtf7,
  encodeModifiedUtf7,
  exactModifiedUtf7,
  ModifiedUtf7Decoder,
  ModifiedUtf7Encoder,
} from '../../src/charset/modified-utf7.js';
import { MailsealError } from '../../src/core/errors.js';
import { search } from '../../src/imap/command/search-builder.js';
import { searchCharset } from '../../src/imap/command/search-charset.js';
import { readBodyStructure } from '../../src/imap/structure/read-body-structure.js';
import { writeBodyStructure } from '../../src/imap/structure/write-body-structure.js';
import type { SyntaxReader } from '../../src/imap/syntax/reader.js';
import type { SyntaxWriter } from '../../src/imap/syntax/writer.js';
import { readDate, readDateTime, writeDate, writeDateTime } from '../../src/imap/values/date-time.js';
import { readEnvelope, writeEnvelope } from '../../src/imap/values/envelope.js';
import { readFlagList, writeFlagList } from '../../src/imap/values/flags.js';
import { joinMailbox, matchesListPattern, splitMailbox } from '../../src/imap/values/hierarchy.js';
import {
  mailboxText,
  readListPattern,
  readMailbox,
  writeListPattern,
  writeMailbox,
} from '../../src/imap/values/mailbox-name.js';
import {
  formatSection,
  parseSection,
  readPartial,
  readSection,
  writePartial,
  writeSection,
} from '../../src/imap/values/section.js';
import {
  expandSequenceSet,
  intersectRanges,
  parseSequenceSet,
  rangesHold,
  resolveSequenceSet,
  sequenceSetOf,
  subtractRanges,
  uniteRanges,
} from '../../src/imap/values/sequence-numbers.js';
import { formatSequenceSet, readSequenceSet, writeSequenceSet } from '../../src/imap/values/sequence-set.js';
import { readValue, skipValue, writeValue } from '../../src/imap/values/value.js';
import { expectSame } from '../support/imap-round-trip.js';
import { readAll, readerOf, written } from '../support/imap-syntax.js';
import * as values from '../support/imap-values.js';
import { expectLinear } from '../support/linear-time.js';

/** Writing and reading again gives the value back, without any quirk. */
function keeps<Value>(
  what: string,
  arbitrary: fc.Arbitrary<Value>,
  write: (writer: SyntaxWriter, value: Value) => void,
  read: (reader: SyntaxReader) => Value,
  utf8Modes: readonly boolean[] = [false, true],
): void {
  it(`are kept: ${what}`, () => {
    fc.assert(
      fc.property(arbitrary, fc.constantFrom(...utf8Modes), (value, utf8) => {
        const wire = written(write, value, utf8);
        expectSame(readAll(read, wire, { quirks: false, utf8 }), value);
      }),
      { numRuns: 300 },
    );
  });
}

describe('values that are written and read', () => {
  keeps('sequence sets', values.sequenceSet, writeSequenceSet, readSequenceSet);
  keeps('flags', values.flags, writeFlagList, readFlagList);
  keeps('moments', values.dateTime, writeDateTime, readDateTime);
  keeps('days', values.date, writeDate, readDate);
  keeps('sections', values.section, writeSection, readSection);
  keeps('partials', values.partial, writePartial, (reader) => readPartial(reader)!);
  keeps('values of no known meaning', values.anyValue, writeValue, readValue);
  keeps('envelopes', values.envelope, writeEnvelope, readEnvelope);
  for (const utf8 of [false, true]) {
    const wire = utf8 ? 'UTF-8' : 'modified UTF-7';
    keeps(`mailbox names in ${wire}`, values.mailbox(utf8), writeMailbox, readMailbox, [utf8]);
    keeps(`patterns in ${wire}`, values.mailbox(utf8), writeListPattern, readListPattern, [utf8]);
  }
  keeps('BODYSTRUCTURE', values.bodyStructure(true), writeBodyStructure, readBodyStructure);
  keeps(
    'BODY',
    values.bodyStructure(false),
    (writer, body) => writeBodyStructure(writer, body, { extended: false }),
    readBodyStructure,
  );
});

describe('a value', () => {
  const wires = fc.oneof(
    values.anyValue.map((value) => written(writeValue, value)),
    values.envelope.map((value) => written(writeEnvelope, value)),
    values
      .bodyStructure(true)
      .map((value) => written((writer, body) => writeBodyStructure(writer, body), value)),
  );

  it('is skipped exactly', () => {
    fc.assert(
      fc.property(wires, fc.constantFrom('', ' ', ')', ' UID 3)', ') x'), (wire, rest) => {
        const reader = readerOf(wire + rest);
        skipValue(reader);
        expect(reader.at).toBe(wire.length);
      }),
    );
  });
});

describe('garbage', () => {
  const readers: Readonly<Record<string, (reader: SyntaxReader) => unknown>> = {
    readSequenceSet,
    readFlagList,
    readDateTime,
    readDate,
    readSection,
    readPartial,
    readValue,
    skipValue,
    readEnvelope,
    readMailbox,
    readListPattern,
  };
  const garbage = fc.oneof(
    fc.string({
      unit: fc.constantFrom(...'()[]{}"\\ \r\n1230*:,.<>~+NILnilabcFIELDS-\xff\0%'),
      maxLength: 40,
    }),
    fc.tuple(values.envelope, fc.nat(), fc.nat(255)).map(([envelope, place, octet]) => {
      const wire = written(writeEnvelope, envelope);
      const at = place % wire.length;
      return wire.slice(0, at) + String.fromCharCode(octet) + wire.slice(at + 1);
    }),
  );

  it(`gives ${Object.keys(readers).length} readers a value or a MailsealError`, () => {
    fc.assert(
      fc.property(garbage, fc.boolean(), fc.boolean(), (wire, quirks, utf8) => {
        for (const read of Object.values(readers)) {
          const reader = readerOf(wire, { quirks, utf8 });
          try {
            read(reader);
            expect(reader.at).toBeLessThanOrEqual(wire.length);
          } catch (error) {
            expect(error).toBeInstanceOf(MailsealError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('modified UTF-7', () => {
  const wellFormed = fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text));
  const alike = fc.string({ unit: fc.constantFrom(...'&&-AOQZeVnLIqe/,+é 2D3') });

  it('gives text back', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const encoded = encodeModifiedUtf7(text);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeModifiedUtf7(encoded)).toBe(text);
      }),
    );
  });

  it('takes only what it gives', () => {
    fc.assert(
      fc.property(alike, (encoded) => {
        const text = exactModifiedUtf7(encoded);
        if (text !== undefined) expect(encodeModifiedUtf7(text)).toBe(encoded);
        expect(typeof mailboxText({ raw: encoded })).toBe('string');
      }),
    );
  });

  it('is the same at any split, both ways', () => {
    fc.assert(
      fc.property(fc.oneof(wellFormed, alike), fc.array(fc.nat(60), { maxLength: 5 }), (text, places) => {
        const cuts = [0, ...places.map((place) => Math.min(place, text.length)), text.length].sort(
          (a, b) => a - b,
        );
        const parts = cuts.slice(1).map((cut, i) => text.slice(cuts[i], cut));
        const encoder = new ModifiedUtf7Encoder();
        expect(parts.map((part) => encoder.update(part)).join('') + encoder.finish()).toBe(
          encodeModifiedUtf7(text),
        );
        const whole = new ModifiedUtf7Decoder();
        const split = new ModifiedUtf7Decoder();
        expect(parts.map((part) => split.update(part)).join('') + split.finish()).toBe(
          whole.update(text) + whole.finish(),
        );
        expect(split.replacements).toBe(whole.replacements);
      }),
    );
  });
});

describe('sequence sets', () => {
  const small = fc.integer({ min: 1, max: 40 });
  const smallSet = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 6 });

  it('mean the numbers that are in their ranges', () => {
    fc.assert(
      fc.property(smallSet, small, (pairs, largest) => {
        const set = pairs.map(([from, to], i) => ({ from: i % 3 === 2 ? ('*' as const) : from, to }));
        const wanted = new Set<number>();
        for (const { from, to } of set) {
          const a = from === '*' ? largest : from;
          for (let n = Math.min(a, to); n <= Math.max(a, to); n++) wanted.add(n);
        }
        const sorted = [...wanted].sort((a, b) => a - b);
        expect(expandSequenceSet(set, largest)).toEqual(sorted);
        const ranges = resolveSequenceSet(set, largest);
        expect(sequenceSetOf(sorted)).toEqual(ranges);
        for (let n = 0; n <= 41; n++) expect(rangesHold(ranges, n)).toBe(wanted.has(n));
      }),
    );
  });

  it('are reckoned with as sets', () => {
    fc.assert(
      fc.property(fc.array(small), fc.array(small), (a, b) => {
        const [x, y] = [sequenceSetOf(a), sequenceSetOf(b)];
        expect(uniteRanges(x, y)).toEqual(sequenceSetOf([...a, ...b]));
        expect(intersectRanges(x, y)).toEqual(sequenceSetOf(a.filter((n) => b.includes(n))));
        expect(subtractRanges(x, y)).toEqual(sequenceSetOf(a.filter((n) => !b.includes(n))));
      }),
    );
  });

  it('are kept as text', () => {
    fc.assert(
      fc.property(values.sequenceSet, (set) => {
        expect(parseSequenceSet(formatSequenceSet(set))).toEqual(set);
      }),
    );
  });
});

describe('work is linear', () => {
  const reading =
    (read: (reader: SyntaxReader) => unknown, wireOf: (size: number) => string) => (size: number) => {
      const wire = wireOf(size);
      return () => {
        const reader = readerOf(wire, { limits: { depth: size, listLength: size * 2 } });
        try {
          read(reader);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
        }
      };
    };

  it.each<[string, (reader: SyntaxReader) => unknown, (size: number) => string]>([
    ['sets', readSequenceSet, (size) => '7,'.repeat(size / 2)],
    ['flags', readFlagList, (size) => `(${'a '.repeat(size / 2)}`],
    ['blanks', readFlagList, (size) => `(${' '.repeat(size)}`],
    ['lists one in the other', readValue, (size) => '('.repeat(size)],
    ['lists one behind the other', readValue, (size) => `(${'() '.repeat(size / 3)}`],
    ['lists that are skipped', skipValue, (size) => '('.repeat(size)],
    ['strings that do not end', skipValue, (size) => `(${'"a" '.repeat(size / 4)}"`],
    ['backslashes', readValue, (size) => `"${'\\\\'.repeat(size / 2)}`],
    ['addresses', readEnvelope, (size) => `(NIL NIL (${'(NIL NIL NIL NIL)'.repeat(size / 17)}`],
    ['sections', readSection, (size) => `[${'1.'.repeat(size / 2)}`],
    ['names of fields', readSection, (size) => `[HEADER.FIELDS (${'A '.repeat(size / 2)}`],
    ['mailbox names', readMailbox, (size) => `"${'&AOQ-a'.repeat(size / 6)}"`],
    ['mailbox names in one shift', readMailbox, (size) => `"&${'A'.repeat(size)}-"`],
  ])('in the length of %s', (_, read, wireOf) => {
    expectLinear(reading(read, wireOf), 60_000);
  });

  it('in the count of ranges', () => {
    expectLinear((size) => {
      const ranges = Array.from({ length: size }, (_, i) => ({ from: 3 * i + 1, to: 3 * i + 2 }));
      const others = Array.from({ length: size }, (_, i) => ({ from: 3 * i + 2, to: 3 * i + 3 }));
      return () => {
        resolveSequenceSet(ranges, 1);
        uniteRanges(ranges, others);
        intersectRanges(ranges, others);
        subtractRanges(ranges, others);
        subtractRanges(ranges, [{ from: 1, to: 3 * size }]);
      };
    }, 20_000);
  });
});

describe('sections, names and searches', () => {
  it('are kept as text: sections', () => {
    const plain = values.section.filter(({ fields = [] }) =>
      fields.every((field) => typeof field === 'string' && /^[\x20-\x7e]{0,1000}$/.test(field)),
    );
    fc.assert(
      fc.property(plain, (section) => {
        expectSame(parseSection(formatSection(section)), section);
      }),
    );
  });

  it('are kept: levels of names', () => {
    fc.assert(
      fc.property(values.mailbox(false), fc.constantFrom('/', '.', undefined), (name, delimiter) => {
        expectSame(joinMailbox(splitMailbox(name, delimiter), delimiter), name);
      }),
    );
  });

  it('match as a regular expression does: patterns', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'ab/'), maxLength: 10 });
    const pattern = fc.string({ unit: fc.constantFrom(...'ab/*%'), maxLength: 8 });
    fc.assert(
      fc.property(letters, pattern, (name, wanted) => {
        const expression = wanted.replaceAll('*', '.*').replaceAll('%', '[^/]*');
        expect(matchesListPattern(name, wanted, '/')).toBe(new RegExp(`^${expression}$`).test(name));
      }),
      { numRuns: 1000 },
    );
  });

  it('have a charset that has all of their characters: searches', () => {
    fc.assert(
      fc.property(fc.array(values.text, { minLength: 1, maxLength: 3 }), (texts) => {
        const { charset, keys } = searchCharset([search.or(...texts.map((text) => search.body(text)))]);
        expect(charset === undefined).toBe(texts.every((text) => /^[\x00-\x7f]*$/.test(text)));
        expect(keys).toHaveLength(1);
      }),
    );
  });
});
