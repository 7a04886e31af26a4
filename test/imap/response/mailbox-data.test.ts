import { describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import type { ImapResponse } from '../../../src/imap/response/response.js';
import { expectBoth, lineOf, readLine, readQuirky } from '../../support/imap-response-lines.js';

const range = (from: number, to: number = from): { from: number; to: number } => ({ from, to });

/** Lines as the RFCs have them, and what they are. */
const lines: readonly (readonly [string, ImapResponse])[] = [
  ['* CAPABILITY IMAP4rev1 AUTH=PLAIN', { type: 'CAPABILITY', capabilities: ['IMAP4rev1', 'AUTH=PLAIN'] }],
  ['* ENABLED', { type: 'ENABLED', capabilities: [] }],
  ['* ENABLED X-GOOD-IDEA', { type: 'ENABLED', capabilities: ['X-GOOD-IDEA'] }],
  ['* FLAGS (\\Answered $MDNSent)', { type: 'FLAGS', flags: ['\\Answered', '$MDNSent'] }],
  ['* 23 EXISTS', { type: 'EXISTS', number: 23 }],
  ['* 0 RECENT', { type: 'RECENT', number: 0 }],
  ['* 44 EXPUNGE', { type: 'EXPUNGE', number: 44 }],
  [
    '* LIST (\\Noselect) "/" ~/Mail/foo',
    { type: 'LIST', attributes: ['\\Noselect'], delimiter: '/', mailbox: '~/Mail/foo' },
  ],
  ['* LSUB () NIL INBOX', { type: 'LSUB', attributes: [], delimiter: undefined, mailbox: 'INBOX' }],
  ['* LIST () "\\\\" "a b"', { type: 'LIST', attributes: [], delimiter: '\\', mailbox: 'a b' }],
  [
    '* XLIST (\\Inbox) "\\"" &ZeVnLIqe-',
    { type: 'XLIST', attributes: ['\\Inbox'], delimiter: '"', mailbox: '日本語' },
  ],
  [
    '* LIST (\\Subscribed) "/" Foo ("CHILDINFO" ("SUBSCRIBED" "REMOTE"))',
    {
      type: 'LIST',
      attributes: ['\\Subscribed'],
      delimiter: '/',
      mailbox: 'Foo',
      childInfo: ['SUBSCRIBED', 'REMOTE'],
    },
  ],
  [
    '* LIST () "/" New ("OLDNAME" ("a b") "X" (1 "s" NIL))',
    {
      type: 'LIST',
      attributes: [],
      delimiter: '/',
      mailbox: 'New',
      oldName: 'a b',
      extended: [
        {
          name: 'X',
          value: {
            type: 'list',
            items: [{ type: 'atom', text: '1' }, { type: 'string', text: 's' }, { type: 'nil' }],
          },
        },
      ],
    },
  ],
  [
    '* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)',
    { type: 'STATUS', mailbox: 'blurdybloop', status: { messages: 231, uidNext: 44292 } },
  ],
  [
    '* STATUS INBOX (MESSAGES 1 RECENT 2 UIDNEXT 3 UIDVALIDITY 4 UNSEEN 5 DELETED 6 SIZE 18446744073709551615 HIGHESTMODSEQ 8 DELETED-STORAGE 9 APPENDLIMIT 10 MAILBOXID (F2) X-A (1))',
    {
      type: 'STATUS',
      mailbox: 'INBOX',
      status: {
        messages: 1,
        recent: 2,
        uidNext: 3,
        uidValidity: 4,
        unseen: 5,
        deleted: 6,
        size: 18_446_744_073_709_551_615n,
        highestModSeq: 8n,
        deletedStorage: 9n,
        appendLimit: 10n,
        mailboxId: 'F2',
        other: [{ name: 'X-A', value: { type: 'list', items: [{ type: 'atom', text: '1' }] } }],
      },
    },
  ],
  ['* STATUS a (APPENDLIMIT NIL)', { type: 'STATUS', mailbox: 'a', status: { appendLimit: 'NIL' } }],
  ['* STATUS a ()', { type: 'STATUS', mailbox: 'a', status: {} }],
  [
    '* NAMESPACE (("" "/")("#mh/" "/" "X-PARAM" ("FLAG1" "FLAG2"))) NIL (("Public &ZeVnLIqe-/" NIL))',
    {
      type: 'NAMESPACE',
      personal: [
        { prefix: '', delimiter: '/' },
        { prefix: '#mh/', delimiter: '/', extensions: [{ name: 'X-PARAM', values: ['FLAG1', 'FLAG2'] }] },
      ],
      otherUsers: [],
      shared: [{ prefix: 'Public 日本語/', delimiter: undefined }],
    },
  ],
  [
    '* VANISHED 405,407,410:425',
    { type: 'VANISHED', earlier: false, uids: [range(405), range(407), range(410, 425)] },
  ],
  ['* VANISHED (EARLIER) 41', { type: 'VANISHED', earlier: true, uids: [range(41)] }],
  ['* ID NIL', { type: 'ID', fields: undefined }],
  [
    '* ID ("name" "GImap" "support-url" NIL)',
    {
      type: 'ID',
      fields: [
        { name: 'name', value: 'GImap' },
        { name: 'support-url', value: undefined },
      ],
    },
  ],
  [
    '* QUOTA "" (STORAGE 10 9223372036854775807 MESSAGE 1 2)',
    {
      type: 'QUOTA',
      root: '',
      resources: [
        { name: 'STORAGE', usage: 10n, limit: 9_223_372_036_854_775_807n },
        { name: 'MESSAGE', usage: 1n, limit: 2n },
      ],
    },
  ],
  ['* QUOTA a ()', { type: 'QUOTA', root: 'a', resources: [] }],
  ['* QUOTAROOT INBOX "" #user/alice', { type: 'QUOTAROOT', mailbox: 'INBOX', roots: ['', '#user/alice'] }],
  ['* QUOTAROOT comp.mail.mime', { type: 'QUOTAROOT', mailbox: 'comp.mail.mime', roots: [] }],
  [
    '* ACL INBOX Fred rwipslda -anyone ""',
    {
      type: 'ACL',
      mailbox: 'INBOX',
      entries: [
        { identifier: 'Fred', rights: 'rwipslda' },
        { identifier: '-anyone', rights: '' },
      ],
    },
  ],
  [
    '* LISTRIGHTS ~/Mail/saved smith la r swicdkxte',
    {
      type: 'LISTRIGHTS',
      mailbox: '~/Mail/saved',
      identifier: 'smith',
      required: 'la',
      optional: ['r', 'swicdkxte'],
    },
  ],
  ['* MYRIGHTS INBOX rwipsldexta', { type: 'MYRIGHTS', mailbox: 'INBOX', rights: 'rwipsldexta' }],
  [
    '* METADATA INBOX (/private/comment "My comment" /shared/comment NIL)',
    {
      type: 'METADATA',
      mailbox: 'INBOX',
      entries: [
        { name: '/private/comment', value: 'My comment' },
        { name: '/shared/comment', value: undefined },
      ],
    },
  ],
  ['* METADATA "" /shared/comment', { type: 'METADATA', mailbox: '', changed: ['/shared/comment'] }],
  [
    '* GENURLAUTH imap://joe@example.com/INBOX/;uid=20/;section=1.2:internal:91354a473744909de610943775f92038',
    {
      type: 'GENURLAUTH',
      urls: ['imap://joe@example.com/INBOX/;uid=20/;section=1.2:internal:91354a473744909de610943775f92038'],
    },
  ],
  [
    '* URLFETCH imap://a {3}\r\na\r\n imap://b NIL',
    {
      type: 'URLFETCH',
      urls: [
        { url: 'imap://a', octets: bytesFromLatin1('a\r\n') },
        { url: 'imap://b', octets: undefined },
      ],
    },
  ],
  ['* JMAPACCESS "https://example.com/jmap"', { type: 'JMAPACCESS', url: 'https://example.com/jmap' }],
  [
    '* UIDBATCHES (TAG "A143") 215295:99696,99695:20351,7',
    {
      type: 'UIDBATCHES',
      correlator: 'A143',
      batches: [range(215_295, 99_696), range(99_695, 20_351), range(7)],
    },
  ],
  ['* UIDBATCHES (TAG "A143")', { type: 'UIDBATCHES', correlator: 'A143', batches: [] }],
  ['* NOOP', { type: 'other', name: 'NOOP', values: [] }],
  [
    '* 7 XFoo a ("b" ())',
    {
      type: 'other',
      name: 'XFoo',
      number: 7,
      values: [
        { type: 'atom', text: 'a' },
        {
          type: 'list',
          items: [
            { type: 'string', text: 'b' },
            { type: 'list', items: [] },
          ],
        },
      ],
    },
  ],
];

describe('mailbox data', () => {
  test.each(lines)('%s, both ways', (wire, response) => {
    expectBoth(wire, response);
  });

  test('names in UTF-8 where that is enabled', () => {
    const odd: ImapResponse = { type: 'LIST', attributes: [], delimiter: 'é', mailbox: 'a' };
    expectBoth('* LIST () "\xc3\xa9" a', odd, true);
    const list: ImapResponse = { type: 'LIST', attributes: [], delimiter: '/', mailbox: '日本語' };
    expectBoth('* LIST () "/" "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"', list, true);
  });

  test('a name that is no modified UTF-7 is kept as it came', () => {
    const list: ImapResponse = { type: 'LIST', attributes: [], delimiter: '/', mailbox: { raw: 'a&b' } };
    expectBoth('* LIST () "/" a&b', list);
  });

  test('a value with NUL is a literal8', () => {
    const response: ImapResponse = {
      type: 'METADATA',
      mailbox: '',
      entries: [{ name: '/shared/x', value: 'a\0b' }],
    };
    expectBoth('* METADATA "" (/shared/x ~{3}\r\na\0b)', response);
  });

  test('no hierarchy is NIL, and "" where a server says that', () => {
    expect(readLine('* LIST () "" a')).toMatchObject({ delimiter: undefined });
  });

  test.each([
    ['* LIST  (\\A  \\B ) "/"  a ', '* LIST (\\A \\B) "/" a'],
    ['* STATUS a  ( MESSAGES  1 ) ', '* STATUS a (MESSAGES 1)'],
    ['* CAPABILITY  A  B ', '* CAPABILITY A B'],
    ['* NAMESPACE (("" "/") ("a" "/")) NIL  NIL', '* NAMESPACE (("" "/")("a" "/")) NIL NIL'],
    ['* 3  EXISTS ', '* 3 EXISTS'],
    ['*  3 EXISTS', '* 3 EXISTS'],
    ['* ID ( "a" "b"  )', '* ID ("a" "b")'],
    ['* XFOO  a ', '* XFOO a'],
  ])('extra blanks: %j', (wire, meant) => {
    const { response, quirks } = readQuirky(wire);
    expect(response).toEqual(readLine(meant, { quirks: false }));
    expect(quirks).toEqual(['extra-blanks']);
    expect(() => readLine(wire, { quirks: { 'extra-blanks': false } })).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test.each<[string, string, ImapResponse]>([
    ['quota-without-list', '* QUOTA "ROOT"', { type: 'QUOTA', root: 'ROOT', resources: [] }],
    ['flag-strings', '* FLAGS ("\\\\Deleted" \\Seen)', { type: 'FLAGS', flags: ['\\Deleted', '\\Seen'] }],
    ['missing-space', '* STATUS "a"(MESSAGES 1)', { type: 'STATUS', mailbox: 'a', status: { messages: 1 } }],
    ['missing-space', '* LIST ()"/""a b"', { type: 'LIST', attributes: [], delimiter: '/', mailbox: 'a b' }],
    ['flag-strings', '* FLAGS NIL', { type: 'FLAGS', flags: [] }],
    [
      'mailbox-unquoted',
      '* LIST () "/" INBOX/Da\tOggetto\t',
      { type: 'LIST', attributes: [], delimiter: '/', mailbox: { raw: 'INBOX/Da\tOggetto\t' } },
    ],
    [
      'mailbox-unquoted',
      '* LIST () "/" Sent \xc3\xa9 Items',
      { type: 'LIST', attributes: [], delimiter: '/', mailbox: { raw: 'Sent é Items' } },
    ],
    [
      'mailbox-unquoted',
      '* LSUB () "." "ab"cd (1)"',
      { type: 'LSUB', attributes: [], delimiter: '.', mailbox: 'ab"cd (1)' },
    ],
    [
      'code-without-status',
      '[COPYUID 124 10 233]',
      {
        type: 'OK',
        tag: undefined,
        code: { code: 'COPYUID', uidValidity: 124, from: [range(10)], to: [range(233)] },
        text: '',
      },
    ],
    [
      'esearch-modseq-list',
      '* ESEARCH (TAG "A") UID ALL 33866 (MODSEQ 284535)',
      { type: 'ESEARCH', correlator: 'A', isUid: true, all: [range(33_866)], modseq: 284_535n },
    ],
  ])('quirk %s: %s', (quirk, wire, response) => {
    expect(readQuirky(wire)).toEqual({ response, quirks: [quirk] });
    expect(() => readLine(wire, { quirks: { [quirk]: false } })).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test('what looks like a list is no name of a mailbox', () => {
    expect(() => readLine('* LIST () "/" a b ("CHILDINFO"')).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test.each([
    '* LIST () "ab" a',
    '* LIST () / a',
    '* LIST (\\A "/" a',
    '* STATUS a MESSAGES 1',
    '* STATUS a (MESSAGES x)',
    '* NAMESPACE NIL NIL',
    '* VANISHED',
    '* VANISHED (EARLY) 1',
    '* ID ("a")',
    '* QUOTA a (STORAGE 1)',
    '* ACL a b',
    '* 5',
    '* 99999999999999999999 EXISTS',
    '* 3 EXISTS 4',
    '* UIDBATCHES 1:2',
    '* UIDBATCHES (TAG "a") $',
    '* JMAPACCESS',
    '* XFOO "a',
    '* XFOO (a',
  ])('refuses %j', (wire) => {
    expect(() => readLine(wire)).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
  });

  test.each<ImapResponse>([
    { type: 'LIST', attributes: ['\\A\r\n* BYE'], delimiter: '/', mailbox: 'a' },
    { type: 'LIST', attributes: [], delimiter: '\r', mailbox: 'a' },
    { type: 'LIST', attributes: [], delimiter: '//', mailbox: 'a' },
    { type: 'FLAGS', flags: ['a b'] },
    { type: 'EXISTS', number: 1.5 },
    { type: 'CAPABILITY', capabilities: ['A\r\nB'] },
    { type: 'STATUS', mailbox: 'a', status: { mailboxId: 'a)' } },
    { type: 'STATUS', mailbox: 'a', status: { other: [{ name: 'X (', value: { type: 'nil' } }] } },
    { type: 'QUOTA', root: 'a', resources: [{ name: 'A B', usage: 1n, limit: 1n }] },
    { type: 'other', name: 'A B', values: [] },
    { type: 'other', name: 'ok', values: [] },
    { type: 'other', name: 'Exists', number: 4, values: [] },
    { type: 'other', name: 'List', values: [] },
    { type: 'other', name: '5', values: [{ type: 'atom', text: 'EXISTS' }] },
    { type: 'other', name: 'A', number: (2n ** 64n) as never, values: [] },
    { type: 'other', name: {} as never, values: [] },
    { type: 'LIST', attributes: [], delimiter: 'é', mailbox: 'a' },
    { type: 'LIST', attributes: [], delimiter: '\n', mailbox: 'a' },
    { type: 'LIST', attributes: [], delimiter: 5 as never, mailbox: 'a' },
    { type: 'JMAPACCESS', url: 'a\0b' },
    { type: 'other', name: 'A', values: [{ type: 'atom', text: 'a\r\nb' }] },
    { type: 'XYZ' } as never,
    { type: 'toString' } as never,
  ])('does not write %o', (response) => {
    expect(() => lineOf(response)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('strings with line ends become literals', () => {
    expectBoth('* ID ("a" {4}\r\n\r\nBY)', { type: 'ID', fields: [{ name: 'a', value: '\r\nBY' }] });
    const list: ImapResponse = { type: 'LIST', attributes: [], delimiter: '/', mailbox: { raw: 'a\r\n' } };
    expectBoth('* LIST () "/" {3}\r\na\r\n', list);
  });
});
