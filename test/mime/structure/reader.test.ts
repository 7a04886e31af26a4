import { describe, expect, test } from 'vitest';
import type { MailsealError } from '../../../src/core/errors.js';
import { type MimeEvent, MimeReader } from '../../../src/mime/reader.js';
import { crlf, latin1, octets } from '../../support/mime.js';
import { eventsOf } from '../../support/mime-events.js';

const message = crlf(
  'From alice Mon Jan  1 00:00:00 2024',
  'Content-Type: multipart/mixed;',
  ' boundary="b"',
  '',
  'before',
  '--b',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  '',
  'text',
  '--bb',
  '--b--',
  'after',
);

describe('a reader', () => {
  test('tells what is where', () => {
    const seen = eventsOf(message, [message.length]).map((event) => {
      const { type } = event;
      return 'bytes' in event ? [type, latin1(event.bytes)] : [type];
    });
    expect(seen).toEqual([
      ['part-begin'],
      ['defect'],
      ['header-other', 'From alice Mon Jan  1 00:00:00 2024\r\n'],
      ['header-field', 'Content-Type: multipart/mixed;\r\n boundary="b"\r\n'],
      ['headers-end'],
      ['preamble', 'before'],
      ['delimiter'],
      ['part-begin'],
      ['header-field', 'Content-Type: message/rfc822\r\n'],
      ['headers-end'],
      ['part-begin'],
      ['header-field', 'Subject: inner\r\n'],
      ['headers-end'],
      ['body', 'text\r\n--bb'],
      ['part-end'],
      ['part-end'],
      ['delimiter'],
      ['epilogue', '\r\nafter\r\n'],
      ['part-end'],
    ]);
  });

  test('tells the same octet by octet', () => {
    const ones = Array.from(message, () => 1);
    expect(eventsOf(message, ones)).toEqual(eventsOf(message, [message.length]));
  });

  test('copies what it keeps: a chunk may be used again after the next push', () => {
    const reader = new MimeReader();
    const chunk = new Uint8Array(7);
    const events: MimeEvent[] = [];
    const names: string[] = [];
    for (let at = 0; at < message.length; at += chunk.length) {
      const piece = message.subarray(at, at + chunk.length);
      chunk.set(piece);
      for (const event of reader.push(chunk.subarray(0, piece.length))) {
        events.push(event);
        if (event.type === 'header-field') names.push(latin1(event.bytes));
      }
    }
    events.push(...reader.end());
    expect(names).toEqual([
      'Content-Type: multipart/mixed;\r\n boundary="b"\r\n',
      'Content-Type: message/rfc822\r\n',
      'Subject: inner\r\n',
    ]);
    expect(events.at(-1)).toEqual({ type: 'part-end', end: message.length });
  });

  test('is for one message', () => {
    const reader = new MimeReader();
    reader.end();
    expect(() => reader.push(octets('x'))).toThrow(
      expect.objectContaining({ code: 'usage' }) as MailsealError,
    );
    const failed = new MimeReader({ limits: { headers: 1 } });
    const limit = expect.objectContaining({ code: 'limit-headers', offset: 6 }) as MailsealError;
    expect(() => failed.push(octets('a: b\r\nc: d\r\n'))).toThrow(limit);
    expect(() => failed.end()).toThrow(expect.objectContaining({ code: 'usage' }) as MailsealError);
  });

  test('takes empty chunks', () => {
    const reader = new MimeReader();
    expect(reader.push(new Uint8Array(0))).toEqual([{ type: 'part-begin', start: 0 }]);
    expect(reader.push(new Uint8Array(0))).toEqual([]);
    expect(reader.end().map((event) => event.type)).toEqual(['headers-end', 'part-end']);
  });

  test('knows what a first line is before it counts its octets', () => {
    for (const line of ['\xef\xbb\xbfHelloworld@x', 'Hello   world', '\xef\xbb\xbfHelloworld: x']) {
      const source = octets(`${line}\n\nb`);
      const options = { onLimit: 'truncate', limits: { headerOctets: 4 } } as const;
      const whole = eventsOf(source, [source.length], options);
      for (let at = 1; at < source.length; at++) expect(eventsOf(source, [at], options)).toEqual(whole);
    }
  });
});
