import { describe, expect, test } from 'vitest';
import { apopDigest, apopTimestamp, isApopDigest } from '../../src/pop3/apop.js';
import { Pop3ReplyDecoder } from '../../src/pop3/reply-decoder.js';
import { compareUniqueIds } from '../../src/pop3/unique-ids.js';
import { errorCode } from '../crypto/support.js';
import { repliesTo, wire } from '../support/pop3.js';

describe('quirks', () => {
  test('bare-lf-line: lines of a list that end in LF alone, but never its end', () => {
    const octets = [wire('+OK\n1 a\n2 b\n.\n3 c\r\n.\r\n')];
    expect(repliesTo([{ name: 'UIDL' }], octets)).toEqual([
      ['+OK', ''],
      { type: 'unique-id', message: 1, uid: 'a' },
      { type: 'unique-id', message: 2, uid: 'b' },
      ['line', '.'],
      { type: 'unique-id', message: 3, uid: 'c' },
      'end',
    ]);
    expect(repliesTo([{ name: 'STAT' }], [wire('+OK 1 2\n')], { quirks: { 'bare-lf-line': false } })).toEqual(
      [
        ['unparsed', 'pop3-malformed'],
        ['unparsed', 'pop3-malformed'],
      ],
    );
  });

  test('bare-lf-terminator: off unless it is asked for', () => {
    const octets = [wire('+OK\r\na\n.\n..b\r\n.\r\n')];
    expect(repliesTo([{ name: 'RETR', message: 1 }], octets)).toEqual([
      ['+OK', ''],
      ['message', 'a\n.\n..b\r\n'],
      'end',
    ]);
    expect(
      repliesTo([{ name: 'RETR', message: 1 }], [wire('+OK\na\n..b\n.\n')], {
        quirks: { 'bare-lf-terminator': true },
      }),
    ).toEqual([['+OK', ''], ['message', 'a\n.b\n'], 'end']);
    expect(
      repliesTo([{ name: 'CAPA' }], [wire('+OK\nTOP\n.\n')], { quirks: { 'bare-lf-terminator': true } }),
    ).toEqual([['+OK', ''], { type: 'capability', name: 'TOP', parameters: [] }, 'end']);
  });

  test('blank-before-line-end and lower-case-status', () => {
    const octets = [wire('+ok\r\n1  a \r\n.\r\n')];
    expect(repliesTo([{ name: 'UIDL' }], octets)).toEqual([
      ['+OK', ''],
      { type: 'unique-id', message: 1, uid: 'a' },
      'end',
    ]);
    expect(repliesTo([{ name: 'UIDL' }], octets, { quirks: { 'blank-before-line-end': false } })[1]).toEqual([
      'line',
      '1  a ',
    ]);
    expect(
      repliesTo([{ name: 'STAT' }], [wire('+ok 1 2\r\n')], { quirks: { 'lower-case-status': false } })[0],
    ).toEqual(['unparsed', 'pop3-malformed']);
    expect(errorCode(() => new Pop3ReplyDecoder({ quirks: { none: true } as never }))).toBe('usage');
  });

  test('those that were met are told', () => {
    const decoder = new Pop3ReplyDecoder();
    decoder.push(wire('+ok\n'));
    expect(decoder.quirks).toEqual(['bare-lf-line', 'lower-case-status']);
  });
});

describe('status lines', () => {
  test.each([
    ['+OK', ['+OK', '']],
    ['-ERR no', ['-ERR', 'no']],
    ['-ERR [IN-USE] somebody', ['-ERR', 'IN-USE', 'somebody']],
    ['-ERR [sys/temp]busy', ['-ERR', 'SYS/TEMP', 'busy']],
    ['+OK [not a code] text', ['+OK', '[not a code] text']],
    ['+OK []', ['+OK', '[]']],
    ['+OK  two blanks', ['+OK', ' two blanks']],
  ])('%s', (line, expected) => {
    expect(repliesTo([{ name: 'NOOP' }], [wire(`${line}\r\n`)])).toEqual([expected, 'end']);
  });

  test.each(['+OKAY', 'OK', '+ OK', '', '-ERROR x', '* OK IMAP'])(
    '%j is none, and the stream goes on',
    (line) => {
      expect(repliesTo([{ name: 'NOOP' }], [wire(`${line}\r\n+OK\r\n`)])).toEqual([
        ['unparsed', 'pop3-malformed'],
        ['+OK', ''],
        'end',
      ]);
    },
  );

  test('one that nobody waits for', () => {
    expect(repliesTo([], [wire('+OK\r\n')])).toEqual([['unparsed', 'pop3-protocol']]);
  });

  test('lists have no lines where they were refused, and where one message was asked for', () => {
    const octets = [wire('-ERR no\r\n+OK 2 uid2\r\n+OK 2 300 octets\r\n-ERR gone\r\n+OK 0 0\r\n')];
    expect(
      repliesTo(
        [
          { name: 'LIST' },
          { name: 'UIDL', message: 2 },
          { name: 'LIST', message: 2 },
          { name: 'RETR', message: 3 },
          { name: 'STAT' },
        ],
        octets,
      ),
    ).toEqual([
      ['-ERR', 'no'],
      'end',
      ['+OK', '2 uid2'],
      { type: 'unique-id', message: 2, uid: 'uid2' },
      'end',
      ['+OK', '2 300 octets'],
      { type: 'listing', message: 2, size: 300 },
      'end',
      ['-ERR', 'gone'],
      'end',
      ['+OK', '0 0'],
      { type: 'mailbox', messages: 0, size: 0 },
      'end',
    ]);
  });
});

describe('limits', () => {
  test('a status line that is too long still tells what follows', () => {
    const octets = [wire(`+OK ${'x'.repeat(40)}\r\nbody\r\n.\r\n+OK\r\n`)];
    expect(
      repliesTo([{ name: 'RETR', message: 1 }, { name: 'NOOP' }], octets, { limits: { lineOctets: 20 } }),
    ).toEqual([
      ['unparsed', 'limit-line'],
      ['+OK', 'x'.repeat(16)],
      ['message', 'body\r\n'],
      'end',
      ['+OK', ''],
      'end',
    ]);
  });

  test('a message and a list that are too long, and what follows them', () => {
    const octets = [wire('+OK\r\n0123456789\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n+OK\r\n')];
    expect(
      repliesTo([{ name: 'RETR', message: 1 }, { name: 'UIDL' }, { name: 'NOOP' }], octets, {
        limits: { replyOctets: 8, listOctets: 6 },
      }),
    ).toEqual([
      ['+OK', ''],
      ['message', '01234567'],
      ['unparsed', 'limit-octets'],
      'end',
      ['+OK', ''],
      { type: 'unique-id', message: 1, uid: 'a' },
      ['unparsed', 'limit-octets'],
      'end',
      ['+OK', ''],
      'end',
    ]);
    expect(errorCode(() => new Pop3ReplyDecoder({ limits: { lineOctets: -1 } }))).toBe('usage');
  });
});

describe('APOP', () => {
  test('the example of RFC 1939 §7', () => {
    const timestamp = '<1896.697170952@dbc.mtview.ca.us>';
    expect(apopDigest(timestamp, 'tanstaaf')).toBe('c4c9334bac560ecc979e58001b3e22fb');
    expect(isApopDigest('c4c9334bac560ecc979e58001b3e22fb', timestamp, 'tanstaaf')).toBe(true);
    expect(isApopDigest('c4c9334bac560ecc979e58001b3e22fc', timestamp, 'tanstaaf')).toBe(false);
  });

  test.each(['<no at>', '<a@b', 'ready', '<a\u0001@b>', '<@b>', '<a b@c>'])('%j has no timestamp', (text) => {
    expect(apopTimestamp(text)).toBeUndefined();
  });
});

test('unique-ids that came and went, the same one twice', () => {
  const listed = ['b', 'b', 'c', 'a'].map((uid, at) => ({ message: at + 1, uid }));
  expect(compareUniqueIds(['a', 'b', 'x', 'x'], listed)).toEqual({
    fresh: [
      { message: 2, uid: 'b' },
      { message: 3, uid: 'c' },
    ],
    gone: ['x', 'x'],
    known: ['b', 'b', 'c', 'a'],
  });
});
