import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { crlf, expectExactRanges, latin1, octets } from '../support/mime.js';

describe('a message of one part', () => {
  const source = crlf('From: a@example.jp', 'Subject: one', ' two', '', 'body', 'more');
  const message = parseMessage(source);

  test('has exact ranges', () => {
    expect(latin1(message.headerBytes)).toBe('From: a@example.jp\r\nSubject: one\r\n two\r\n');
    expect(latin1(message.bodyBytes)).toBe('body\r\nmore\r\n');
    expect(message.bodyStart - message.headersEnd).toBe(2);
    expect(message.bytes).toEqual(source);
    expectExactRanges(message);
  });

  test('gives views, not copies', () => {
    expect(message.bytes.buffer).toBe(source.buffer);
    expect(message.bodyBytes.buffer).toBe(source.buffer);
    expect(message.content().buffer).toBe(source.buffer);
  });

  test('keeps its fields as they stand', () => {
    const subject = message.headers.get('SUBJECT')!;
    expect(subject.name).toBe('Subject');
    expect(latin1(subject.raw)).toBe('Subject: one\r\n two\r\n');
    expect(latin1(subject.rawValue)).toBe(' one\r\n two');
    expect(subject.value).toBe('one two');
    expect([subject.start, subject.nameEnd, subject.valueStart, subject.end]).toEqual([20, 27, 28, 40]);
  });

  test('is text/plain, 7bit, and without defects', () => {
    expect(message.contentType.mediaType).toBe('text/plain');
    expect(message.transferEncoding).toBe('7bit');
    expect(message.path).toBe('');
    expect(message.defects).toEqual([]);
  });
});

describe('a multipart', () => {
  const lines = [
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    'preamble',
    '--b',
    'Content-Type: text/plain',
    '',
    'one',
    '',
    '--b \t',
    '',
    'two',
    '--b--',
    'epilogue',
  ];
  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ])('with %s is cut at its delimiters', (_, lineEnd) => {
    const message = parseMessage(octets(lines.join(lineEnd)));
    expectExactRanges(message);
    expect(message.parts.map((part) => latin1(part.bytes))).toEqual([
      ['Content-Type: text/plain', '', 'one', ''].join(lineEnd),
      `${lineEnd}two`,
    ]);
    expect(message.parts.map((part) => part.path)).toEqual(['1', '2']);
    const { preamble, epilogue, source } = message;
    expect(latin1(source, preamble!.start, preamble!.end)).toBe('preamble');
    expect(latin1(source, epilogue!.start, epilogue!.end)).toBe('epilogue');
    expect(message.defects.map(({ code }) => code)).toEqual(lineEnd === '\n' ? ['line-ends-lf'] : []);
  });
});
