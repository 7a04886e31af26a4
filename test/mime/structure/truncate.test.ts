import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import type { MimeLimits } from '../../../src/mime/limits.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { ParseOptions } from '../../../src/mime/parse-options.js';
import type { Part } from '../../../src/mime/part.js';
import { crlf, expectExactRanges, latin1, octets } from '../../support/mime.js';
import { eventsOf, octetsOf } from '../../support/mime-events.js';

function truncated(source: Uint8Array<ArrayBuffer>, limits: MimeLimits): Part {
  const message = parseMessage(source, { limits, onLimit: 'truncate' });
  expectExactRanges(message);
  return message;
}

/** Path, octets and defects of each part. */
const outline = (message: Part): (readonly [path: string, octets: string, ...codes: string[]])[] =>
  [...message.walk()].map((part) => [
    part.path,
    latin1(part.bytes),
    ...part.defects.map(({ code, offset }) => `${code} ${offset}`),
  ]);

const mixed = crlf(
  'Content-Type: multipart/mixed; boundary=a',
  '',
  'before',
  '--a',
  '',
  'one',
  '--a',
  '',
  'two',
  '--a--',
  'after',
);

describe('what is beyond a limit is left in octets', () => {
  test('parts', () => {
    const message = truncated(mixed, { parts: 2 });
    expect(outline(message).slice(1)).toEqual([['1', '\r\none']]);
    expect(message.defects.map(({ code, offset }) => [code, offset])).toEqual([['limit-parts', 70]]);
    expect(latin1(mixed, message.epilogue!.start, message.epilogue!.end)).toBe(
      '\r\n--a\r\n\r\ntwo\r\n--a--\r\nafter\r\n',
    );
  });

  test('parts of multiparts inside each other', () => {
    const source = crlf(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'one',
      '--b',
      '',
      'two',
      '--b--',
      '--a',
      '',
      'three',
      '--a--',
    );
    const message = truncated(source, { parts: 3 });
    expect(outline(message).map(([path, , ...codes]) => [path, ...codes])).toEqual([
      ['', 'limit-parts 131'],
      ['1', 'limit-parts 112'],
      ['1.1'],
    ]);
    expect(latin1(source, message.epilogue!.start, message.epilogue!.end)).toContain('three');
  });

  test('depth', () => {
    const message = truncated(mixed, { depth: 1 });
    expect(outline(message).length).toBe(1);
    expect(message.isMultipart).toBe(true);
    expect(message.defects.map(({ code }) => code)).toEqual(['limit-depth']);
    expect(latin1(mixed, message.preamble!.start, message.preamble!.end)).toBe('before');
    expect(latin1(mixed, message.epilogue!.start, message.epilogue!.end)).toMatch(
      /^\r\n--a\r\n\r\none[\s\S]*after\r\n$/,
    );
  });

  test('depth of messages', () => {
    const message = truncated(octets('Content-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nb'), {
      depth: 1,
    });
    expect(message.parts).toEqual([]);
    expect(message.defects.map(({ code, offset }) => [code, offset])).toEqual([['limit-depth', 32]]);
    expect(latin1(message.content())).toBe('Subject: a\r\n\r\nb');
  });

  test('depth, and the outer multipart goes on', () => {
    const source = crlf(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      '',
      'inner',
      '--a--',
      '--a',
      '',
      'two',
      '--a--',
    );
    const message = truncated(source, { depth: 2 });
    expect(outline(message).map(([path, , ...codes]) => [path, ...codes])).toEqual([
      [''],
      ['1', 'boundary-prefix 50', 'limit-depth 100'],
      ['2'],
    ]);
  });

  test('header fields', () => {
    const source = crlf('A: b', 'C: d', 'Content-Type: multipart/mixed; boundary=a', ' x', '', 'body');
    const message = truncated(source, { headers: 2 });
    expect([...message.headers].map(({ name }) => name)).toEqual(['A', 'C']);
    expect(message.isMultipart).toBe(false);
    expect(message.defects.map(({ code, offset }) => [code, offset])).toEqual([['limit-headers', 12]]);
    expect(latin1(message.headerBytes)).toContain('multipart/mixed');
    expect(latin1(message.bodyBytes)).toBe('body\r\n');
  });

  test('octets of a header block', () => {
    const message = truncated(crlf('A: b', 'Subject: c', ' d', 'E: f', '', 'body'), { headerOctets: 20 });
    expect([...message.headers].map(({ name, value }) => [name, value])).toEqual([
      ['A', 'b'],
      ['Subject', 'c'],
    ]);
    expect(message.defects.map(({ code, offset }) => [code, offset])).toEqual([['limit-header-octets', 18]]);
    expect(latin1(message.bodyBytes)).toBe(' d\r\nE: f\r\n\r\nbody\r\n');
  });

  test('a limit of no parts', () => {
    const message = truncated(mixed, { parts: 0 });
    expect(outline(message).length).toBe(1);
    expect(message.defects.map(({ code }) => code)).toEqual(['limit-parts', 'limit-parts']);
  });
});

test('for any message: truncated where it would throw, at the same offset, with every octet, in any chunks', () => {
  const lines = fc.constantFrom(
    ['Content-Type: multipart/mixed; boundary=b', '', '--b'],
    ['Content-Type: multipart/digest; boundary=bb', '', '--bb'],
    ['Content-Type: message/rfc822', ''],
    ['--b'],
    ['--bb'],
    ['--b--'],
    [''],
    ['A: b'],
    ['A: b'],
    [`Long: ${'x'.repeat(50)}`],
    ['text'],
    [' fold'],
  );
  const mail = fc
    .array(lines, { maxLength: 25 })
    .map((blocks) => octets(blocks.flatMap((block) => block.map((line) => `${line}\r\n`)).join('')));
  const limits: MimeLimits = { depth: 3, parts: 5, headers: 2, headerOctets: 90 };
  const options: ParseOptions = { limits, onLimit: 'truncate' };
  const seen = new Set<string>();
  fc.assert(
    fc.property(mail, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (source, sizes) => {
      let thrown: MailsealError | undefined;
      try {
        parseMessage(source, { limits });
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        thrown = error;
      }
      const message = truncated(source, limits);
      const hits = [...message.walk()]
        .flatMap((part) => part.defects.filter(({ code }) => code.startsWith('limit-')))
        .sort((a, b) => a.offset - b.offset);
      expect(hits.length > 0).toBe(thrown !== undefined);
      if (thrown !== undefined) {
        seen.add(thrown.code);
        expect(hits[0]?.code).toBe(thrown.code);
        if (thrown.code !== 'limit-header-octets') expect(hits[0]?.offset).toBe(thrown.offset);
      }
      const whole = eventsOf(source, [], options);
      expect(eventsOf(source, sizes, options)).toEqual(whole);
      expect(Buffer.compare(octetsOf(whole, source), source)).toBe(0);
    }),
    { numRuns: 2000 },
  );
  expect([...seen].sort()).toEqual(['limit-depth', 'limit-header-octets', 'limit-headers', 'limit-parts']);
});
