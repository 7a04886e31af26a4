import { describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import type { ParseOptions } from '../../src/mime/parse-options.js';
import { MimeReader } from '../../src/mime/reader.js';
import { expectLinearFit } from '../support/fit.js';

type Make = (count: number) => string;

const limits = { depth: Infinity, parts: Infinity, headers: Infinity, headerOctets: Infinity };
const long = 'boundary-of-a-length-that-is-worth-a-table';

/** Multiparts inside each other, the boundary of each by its level. */
const nested = (boundary: (level: number) => string, close: boolean, count: number): string => {
  const levels = Array.from({ length: count }, (_, i) => i);
  const opened = levels.map(
    (i) => `Content-Type: multipart/mixed; boundary="${boundary(i)}"\r\n\r\n--${boundary(i)}\r\n`,
  );
  const closed = close ? levels.reverse().map((i) => `--${boundary(i)}--\r\n`) : [];
  return `${opened.join('')}\r\ntext\r\n${closed.join('')}`;
};

const multipart = (boundary: string, body: string): string =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\n\r\n${body}`;

/** What is counted, how many, and the message that holds so many. */
const shapes: readonly (readonly [what: string, most: number, make: Make])[] = [
  ['header fields', 100_000, (count) => 'Subject: some words\r\n'.repeat(count)],
  ['folds of one field', 200_000, (count) => `A: b\r\n${' c\r\n'.repeat(count)}`],
  ['lines that are no field', 200_000, (count) => `A: b\r\n${'c\r\n'.repeat(count)}`],
  ['lines of two hyphens in a header block', 100_000, (count) => `A: b\r\n${'--x\r\n'.repeat(count)}`],
  ['content types', 20_000, (count) => 'Content-Type: multipart/mixed; (c) boundary=b\r\n'.repeat(count)],
  ['parts', 20_000, (count) => multipart('b', '--b\r\nA: b\r\n\r\ntext\r\n'.repeat(count))],
  ['empty parts', 50_000, (count) => multipart('b', '--b\r\n'.repeat(count))],
  ['parts of a long boundary', 20_000, (count) => multipart(long, `--${long}\r\n\r\ntext\r\n`.repeat(count))],
  ['multiparts inside each other', 5000, (count) => nested((i) => `b${i}`, true, count)],
  ['multiparts inside each other, not closed', 5000, (count) => nested((i) => `${long}${i}`, false, count)],
  ['multiparts of one boundary inside each other', 5000, (count) => nested(() => 'b', true, count)],
  [
    'multiparts of boundaries that begin with one another',
    5000,
    (count) => nested((i) => 'b'.repeat(1 + (i % 40)), true, count),
  ],
  ['messages inside each other', 5000, (count) => 'Content-Type: message/rfc822\r\n\r\n'.repeat(count)],
  [
    'multiparts one after the other in 5 others',
    4000,
    (count) =>
      nested((i) => `${long}${i}`, false, 5) +
      `--${long}4\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\ntext\r\n--c--\r\n`.repeat(
        count,
      ),
  ],
  ['lines that go on after a boundary', 100_000, (count) => multipart(long, `--${long}x\r\n`.repeat(count))],
  [
    'lines that lack the end of a boundary',
    100_000,
    (count) => multipart(long, `--${long.slice(1)}\r\n`.repeat(count)),
  ],
  ['boundaries within lines', 100_000, (count) => multipart(long, ` --${long}\r\n`.repeat(count))],
  ['boundaries in one line', 100_000, (count) => multipart(long, `x--${long}`.repeat(count))],
  [
    'lines that almost are one of 500 delimiters',
    50_000,
    (count) => nested((i) => `b${i}`, false, 500) + '--b499x\r\n'.repeat(count),
  ],
  ['octets of a boundary of one letter', 2_000_000, (count) => multipart('a'.repeat(60), 'a'.repeat(count))],
  ['hyphens', 2_000_000, (count) => multipart('-'.repeat(60), '-'.repeat(count))],
  ['lines of hyphens', 500_000, (count) => multipart('-'.repeat(60), '--\r\n'.repeat(count))],
  ['blanks behind a boundary', 1_000_000, (count) => multipart('b', `--b${' '.repeat(count)}`)],
  ['lines that CR ends', 200_000, (count) => `A: b\r${'C: d\r'.repeat(count)}\r\rbody`],
  ['CRs within a field', 1_000_000, (count) => `A: b${'\rx'.repeat(count)}`],
];

const ways: readonly (readonly [way: string, options: ParseOptions])[] = [
  ['with the platform’s search', { limits }],
  ['in TypeScript', { limits, engine: 'typescript' }],
  ['truncated', { onLimit: 'truncate' }],
];

describe.each(ways)('%s, time is linear in', (way, options) => {
  test.each(shapes)('%s: %i', (what, most, make) => {
    expectLinearFit(`${what}, ${way}`, most, (count) => {
      const octets = bytesFromLatin1(make(count));
      return () => void parseMessage(octets, options);
    });
  });
});

describe('octet by octet, time is linear in', () => {
  test.each(shapes)('%s: a tenth of %i', (what, most, make) => {
    expectLinearFit(`${what}, octet by octet`, Math.ceil(most / 10), (count) => {
      const octets = bytesFromLatin1(make(count));
      return () => {
        const reader = new MimeReader({ limits });
        for (let at = 0; at < octets.length; at++) reader.push(octets.subarray(at, at + 1));
        reader.end();
      };
    });
  });
});

test('the shapes are as many as they say', () => {
  const partsOf = (name: string, count: number): number => {
    const make = shapes.find(([what]) => what === name)![2];
    return [...parseMessage(bytesFromLatin1(make(count)), { limits }).walk()].length;
  };
  expect(partsOf('parts', 300)).toBe(302);
  expect(partsOf('multiparts inside each other', 300)).toBe(301);
  expect(partsOf('multiparts of one boundary inside each other', 300)).toBe(301);
  expect(partsOf('messages inside each other', 300)).toBe(301);
  expect(partsOf('lines that go on after a boundary', 300)).toBe(2);
});
