import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from '../../src/mime/limits.js';
import { parseMessage } from '../../src/mime/message.js';
import { MimeReader } from '../../src/mime/reader.js';
import { expectLinear } from '../support/linear-time.js';
import { expectExactRanges, octets } from '../support/mime.js';

/** Multiparts inside each other, none of them closed. */
function nested(depth: number): Uint8Array<ArrayBuffer> {
  const levels = Array.from(
    { length: depth },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
  );
  return octets(`${levels.join('')}\ntext\n`);
}

/** The same, each closed. */
function nestedAndClosed(depth: number): Uint8Array<ArrayBuffer> {
  const ends = Array.from({ length: depth }, (_, i) => `--b${depth - 1 - i}--\n`);
  return octets(Buffer.from(nested(depth)).toString('latin1') + ends.join(''));
}

function messages(depth: number): Uint8Array<ArrayBuffer> {
  return octets('Content-Type: message/rfc822\n\n'.repeat(depth));
}

function parts(count: number): Uint8Array<ArrayBuffer> {
  return octets(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\nA: b\n\ntext\n'.repeat(count)}--b--\n`);
}

function headers(count: number): Uint8Array<ArrayBuffer> {
  return octets(`${'Subject: some words\n'.repeat(count)}\nbody`);
}

function codeOf(source: Uint8Array, limits?: MimeLimits): string | undefined {
  try {
    parseMessage(source, limits === undefined ? {} : { limits });
    return undefined;
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

describe('the limits are on by default', () => {
  const { depth, parts: most, headers: fields, headerOctets } = DEFAULT_MIME_LIMITS;
  test.each([
    ['depth', nested(depth), 'limit-depth', nested(depth - 1)],
    ['depth of messages', messages(depth), 'limit-depth', messages(depth - 1)],
    ['parts', parts(most), 'limit-parts', parts(most - 1)],
    ['header fields', headers(fields + 1), 'limit-headers', headers(fields)],
    [
      'a long field',
      octets(`A: ${'x'.repeat(headerOctets)}`),
      'limit-header-octets',
      octets(`A: ${'x'.repeat(headerOctets - 3)}`),
    ],
    [
      'a long block',
      octets(`${`A: ${'x'.repeat(996)}\n`.repeat(2098)}\n`),
      'limit-header-octets',
      octets(`${`A: ${'x'.repeat(996)}\n`.repeat(2097)}\n`),
    ],
  ])('%s', (_, tooMuch, code, enough) => {
    expect(codeOf(tooMuch)).toBe(code);
    expect(codeOf(enough)).toBeUndefined();
  });

  test('a body has none', () => {
    expect(codeOf(octets('x'.repeat(headerOctets + 1)))).toBeUndefined();
  });

  test('the error says where, and what to raise', () => {
    expect(() => parseMessage(octets('A: b\nC: d\n\n'), { limits: { headers: 1 } })).toThrow(
      expect.objectContaining({
        code: 'limit-headers',
        fault: 'input',
        offset: 5,
        message: expect.stringContaining('limits.headers') as string,
      }) as Error,
    );
  });

  test.each([[-1], [Number.NaN], ['5']])('a limit of %j is refused', (depth) => {
    expect(codeOf(octets('x'), { depth: depth as number })).toBe('usage');
  });

  test('Infinity lifts one', () => {
    expect(codeOf(headers(20_000), { headers: Number.POSITIVE_INFINITY })).toBeUndefined();
  });
});

describe('with the limits lifted', () => {
  const limits = { depth: Infinity, parts: Infinity, headers: Infinity, headerOctets: Infinity };

  test('5,000 multiparts inside each other', () => {
    const message = parseMessage(nestedAndClosed(5000), { limits });
    expectExactRanges(message);
    const parts = [...message.walk()];
    expect(parts.length).toBe(5001);
    expect(parts.at(-1)?.path).toBe(new Array(5000).fill('1').join('.'));
  });

  test('100,000 header fields', () => {
    const message = parseMessage(headers(100_000), { limits });
    expect(message.headers.length).toBe(100_000);
    expect(message.headers.all('subject').length).toBe(100_000);
    expect(message.defects.map(({ code }) => code)).toEqual(['line-ends-lf', 'header-duplicate']);
  });

  test.each([
    ['multiparts inside each other', 25, nested],
    ['multiparts inside each other, closed', 50, nestedAndClosed],
    ['messages inside each other', 30, messages],
    ['parts', 14, parts],
    ['header fields', 20, headers],
    [
      'delimiters of 500 open multiparts in turn',
      10,
      (count: number) => octets(Buffer.from(nested(500)).toString('latin1') + '--b499\n\n'.repeat(count)),
    ],
    [
      'lines that nearly are a delimiter',
      10,
      (count: number) => octets(Buffer.from(nested(500)).toString('latin1') + '--b499x\n'.repeat(count)),
    ],
    ['hyphens', 1, (count: number) => octets(Buffer.from(nested(2)).toString('latin1') + '-'.repeat(count))],
    [
      'lines of one hyphen',
      2,
      (count: number) => octets(Buffer.from(nested(2)).toString('latin1') + '-\n'.repeat(count)),
    ],
    [
      'lines of two hyphens',
      3,
      (count: number) => octets(Buffer.from(nested(2)).toString('latin1') + '--\n'.repeat(count)),
    ],
    [
      'blanks after a delimiter',
      1,
      (count: number) => octets(`${Buffer.from(nested(2)).toString('latin1')}--b1${' '.repeat(count)}`),
    ],
    [
      'header lines with hyphens',
      4,
      (count: number) =>
        octets(`Content-Type: multipart/mixed; boundary=${'x'.repeat(500)}\n${'--x\n'.repeat(count)}`),
    ],
    ['folds', 2, (count: number) => octets(`A: b\n${' \n'.repeat(count)}`)],
    ['lines that are no field', 2, (count: number) => octets(`A: b\n${'x\n'.repeat(count)}`)],
    ['content types', 30, (count: number) => octets('Content-Type: multipart/mixed\n'.repeat(count))],
  ])('many %s cost linear time', (_, octetsEach, make) => {
    expectLinear(
      (size) => {
        const source = make(Math.ceil(size / octetsEach));
        return () => parseMessage(source, { limits });
      },
      octetsEach > 4 ? 100_000 : 400_000,
    );
  });

  test.each([
    ['one header field', (size: number) => octets(`A: ${'x'.repeat(size)}`)],
    [
      'a line that may be a delimiter',
      (size: number) => octets(`Content-Type: multipart/mixed; boundary=b\n\n--b${' '.repeat(size)}`),
    ],
    ['hyphens', (size: number) => octets(`Content-Type: multipart/mixed; boundary=b\n\n${'-'.repeat(size)}`)],
    ['a first line that is no field', (size: number) => octets('x'.repeat(size))],
  ])('%s in chunks of one octet costs linear time', (_, make) => {
    expectLinear((size) => {
      const source = make(size);
      return () => {
        const reader = new MimeReader({ limits });
        for (let at = 0; at < source.length; at++) reader.push(source.subarray(at, at + 1));
        reader.end();
      };
    }, 20_000);
  });
});
