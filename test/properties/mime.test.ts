import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { parseMessage } from '../../src/mime/message.js';
import { expectExactRanges, octets } from '../support/mime.js';
import { eventsOf } from '../support/mime-events.js';

/** Lines out of which mail is made that is often nearly right. */
const lines = fc.constantFrom(
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Type: multipart/digest; boundary="bb"',
  'Content-Type: multipart/signed; boundary="b--"',
  'content-type : message/rfc822',
  'Content-Type: multipart/mixed',
  'Content-Transfer-Encoding: base64',
  'Subject: =?ISO-2022-JP?B?GyRCJDMbKEI=?=',
  'From: "a" <b@c.test>, (d) e@f.test',
  ' folded; boundary=bb',
  '--b',
  '--b--',
  '--bb',
  '--bb--',
  '--b----',
  '--b  \t',
  '--b x',
  '-',
  '--',
  '',
  '',
  '',
  ' ',
  'text',
  ':',
  'From someone',
  '\x1b$B$3',
  '\0\xff',
);
const lineEnds = fc.constantFrom('\r\n', '\n', '\r\n', '\r', '');

/** Runs of lines that open something, so that nesting comes often. */
const openings = fc.constantFrom(
  ['Content-Type: multipart/mixed; boundary=b', '', '--b'],
  ['Content-Type: multipart/digest; boundary=bb', '', 'preamble', '--bb'],
  ['Content-Type: multipart/mixed; boundary="b--"', '', '--b--'],
  ['Content-Type: multipart/mixed; boundary=b', '--b'],
  ['Content-Type: message/rfc822', ''],
  ['Content-Type: message/rfc822', '', '--b'],
  ['', 'text', '--b'],
  ['', '--bb'],
  ['', 'text', '--b--', ''],
);
const block = fc.oneof(
  fc.tuple(lines, lineEnds).map(([line, end]) => line + end),
  fc
    .tuple(openings, fc.constantFrom('\r\n', '\n'))
    .map(([opening, end]) => opening.map((line) => line + end).join('')),
);
const mark = fc.constantFrom('', '', '', '', '', '\xef\xbb\xbf');
const mail = fc
  .tuple(mark, fc.array(block, { maxLength: 30 }))
  .map(([first, blocks]) => octets(first + blocks.join('')));
const garbage = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array));
const input = fc.oneof({ weight: 4, arbitrary: mail }, { weight: 1, arbitrary: garbage });

describe('for any octets', () => {
  test('the ranges of the tree are the input, octet for octet', () => {
    fc.assert(
      fc.property(input, (source) => {
        expectExactRanges(parseMessage(source));
      }),
      { numRuns: 2000 },
    );
  });

  test('everything can be asked for', () => {
    fc.assert(
      fc.property(input, (source) => {
        for (const part of parseMessage(source).walk()) {
          expect(typeof part.text()).toBe('string');
          expect(part.path).toMatch(/^(?:\d+(?:\.\d+)*)?$/);
          expect(part.defects.every((defect) => defect.offset <= source.length)).toBe(true);
          for (const field of part.headers) expect(typeof field.text).toBe('string');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('all paths of a message differ', () => {
    fc.assert(
      fc.property(mail, (source) => {
        const paths = [...parseMessage(source).walk()].map((part) => part.path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('any split gives the same events', () => {
    fc.assert(
      fc.property(input, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 100 }), (source, sizes) => {
        const whole = eventsOf(source, [source.length]);
        expect(eventsOf(source, sizes)).toEqual(whole);
        expect(eventsOf(source, new Array(source.length).fill(1))).toEqual(whole);
      }),
      { numRuns: 700 },
    );
  });

  test('any split gives the same events where low limits cut', () => {
    const limit = fc.nat({ max: 30 });
    const limits = fc.record({ headerOctets: limit, headers: limit, parts: limit, depth: limit });
    fc.assert(
      fc.property(input, limits, (source, low) => {
        const options = { onLimit: 'truncate', limits: low } as const;
        const whole = eventsOf(source, [source.length], options);
        expect(eventsOf(source, new Array(source.length).fill(1), options)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test('events and tree agree, and the events’ octets are the input', () => {
    fc.assert(
      fc.property(input, (source) => {
        const parts = [...parseMessage(source).walk()];
        const events = eventsOf(source, [source.length]);
        const begins = events.flatMap((event) => (event.type === 'part-begin' ? [event.start] : []));
        expect(begins).toEqual(parts.map((part) => part.start));
        let at = 0;
        for (const event of events) {
          if (event.type === 'headers-end') {
            expect(event.headersEnd).toBe(at);
            at = event.bodyStart;
          } else if ('bytes' in event || event.type === 'delimiter') {
            expect(event.start).toBe(at);
            at = event.end;
          }
        }
        expect(at).toBe(source.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('low limits give their codes and nothing else', () => {
    const limits = { depth: 3, parts: 4, headers: 2, headerOctets: 120 };
    const outcome = (run: () => void): string => {
      try {
        run();
        return 'fine';
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        expect(error.code).toMatch(/^limit-(?:depth|parts|headers|header-octets)$/);
        return `${error.code} ${error.offset}`;
      }
    };
    const seen = new Set<string>();
    fc.assert(
      fc.property(mail, (source) => {
        const whole = outcome(() => parseMessage(source, { limits }));
        const split = outcome(() => eventsOf(source, new Array(source.length).fill(1), { limits }));
        expect(split).toBe(whole);
        seen.add(whole.split(' ')[0]!);
      }),
      // One message in two hundred hits the rarest limit: of three thousand some do.
      { numRuns: 3000 },
    );
    expect(seen).toContain('fine');
    expect(seen).toContain('limit-depth');
    expect(seen).toContain('limit-parts');
    expect(seen).toContain('limit-headers');
    expect(seen).toContain('limit-header-octets');
  });
});
