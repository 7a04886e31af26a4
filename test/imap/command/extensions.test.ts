import { describe, expect, it } from 'vitest';
import type { MailboxName } from '../../../src/imap/values/mailbox-name.js';
import type { SequenceSet } from '../../../src/imap/values/sequence-set.js';
import { octets, readTagged, testKnownAnswers, writtenCommand } from './round-trip.js';

const one: SequenceSet = [{ from: 1, to: 1 }];

describe('examples of RFC 2971 (ID)', () => {
  testKnownAnswers([
    ['ID NIL', { name: 'ID', fields: undefined }],
    [
      'ID ("name" "sodr" "version" "19.34" "vendor" "Pink Floyd Music Limited" "os" NIL)',
      {
        name: 'ID',
        fields: [
          { name: 'name', value: 'sodr' },
          { name: 'version', value: '19.34' },
          { name: 'vendor', value: 'Pink Floyd Music Limited' },
          { name: 'os', value: undefined },
        ],
      },
    ],
    ['id ()', { name: 'ID', fields: [] }, 'ID ()'],
  ]);
});

describe('values of options that are not known (RFC 4466 §2.1)', () => {
  const numbers = (text: string) => ({ type: 'atom', text }) as const;
  testKnownAnswers([
    [
      'SELECT x (X-FOO 1:5,7:* CONDSTORE X-BAR X-GNU (a 1) X-GNAT $)',
      {
        name: 'SELECT',
        mailbox: 'x' as MailboxName,
        condStore: true,
        other: [
          { name: 'X-FOO', value: numbers('1:5,7:*') },
          { name: 'X-BAR' },
          { name: 'X-GNU', value: { type: 'list', items: [numbers('a'), numbers('1')] } },
          { name: 'X-GNAT', value: numbers('$') },
        ],
      },
      'SELECT x (CONDSTORE X-FOO 1:5,7:* X-BAR X-GNU (a 1) X-GNAT $)',
    ],
    [
      'SEARCH RETURN (X-FOO 5 MIN X-BAR) SEEN',
      {
        name: 'SEARCH',
        return: [{ other: 'X-FOO', value: numbers('5') }, 'MIN', { other: 'X-BAR' }],
        keys: [{ key: 'SEEN' }],
      },
    ],
  ]);
});

describe('examples of RFC 4959 (SASL-IR) and RFC 9051 (ENABLE)', () => {
  testKnownAnswers([
    [
      'AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=',
      { name: 'AUTHENTICATE', mechanism: 'PLAIN', initialResponse: octets('test\0test\0test') },
    ],
    ['AUTHENTICATE EXTERNAL =', { name: 'AUTHENTICATE', mechanism: 'EXTERNAL', initialResponse: octets('') }],
    ['ENABLE UIDONLY', { name: 'ENABLE', capabilities: ['UIDONLY'] }],
    ['COMPRESS DEFLATE', { name: 'COMPRESS', mechanism: 'DEFLATE' }],
    ['UNAUTHENTICATE', { name: 'UNAUTHENTICATE' }],
    ['GETJMAPACCESS', { name: 'GETJMAPACCESS' }],
  ]);

  it('refuses base64 that is none', () => {
    expect(() => readTagged('A AUTHENTICATE PLAIN dGVzdA!')).toThrow(/argument of AUTHENTICATE/);
    expect(() => readTagged('A AUTHENTICATE PLAIN =x')).toThrow(/argument of AUTHENTICATE/);
  });
});

describe('credentials never come to an error', () => {
  for (const wire of [
    'A LOGIN alice "geheim',
    'A LOGIN "alice geheim',
    'A LOGIN alice geheim geheim',
    'A LOGIN alice geheim(',
    'A LOGIN geheim',
    'A AUTHENTICATE PLAIN geheim!',
    'A AUTHENTICATE PLAIN dGVzdA== geheim',
    'A AUTHENTICATE "PLAIN" geheim',
    'A AUTHENTICATE  PLAIN geheim',
    'A AUTHENTICATE {5}geheim',
    'A  LOGIN alice geheim',
    'A\tLOGIN alice geheim',
    'A+1 LOGIN al geheim',
    ' A LOGIN alice geheim',
    '"A" LOGIN alice geheim',
    'A "LOGIN" al geheim',
    'A LOGIN\talice geheim',
    'A UID  LOGIN geheim',
    'A UID\tLOGIN geheim',
    'A LOGON alice {geheim',
    'A UID LOGIN geheim "',
    'A NOOP\rA2 LOGIN al geheim',
    'A SELECT x\rA LOGIN geheim',
    '\tgeheim',
  ]) {
    it(JSON.stringify(wire), () => {
      let message = '';
      try {
        readTagged(wire);
      } catch (error) {
        message = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ''}`;
        expect((error as { code: string }).code).toBe('imap-malformed');
      }
      expect(message).toContain('malformed');
      expect(message).not.toMatch(/geheim/);
    });
  }
});

describe('examples of RFC 7162 (CONDSTORE, QRESYNC)', () => {
  testKnownAnswers([
    ['SELECT INBOX (CONDSTORE)', { name: 'SELECT', mailbox: 'INBOX', condStore: true }],
    [
      'SELECT INBOX (QRESYNC (67890007 90060115194045000 41,43:211,214:541))',
      {
        name: 'SELECT',
        mailbox: 'INBOX',
        qresync: {
          uidValidity: 67890007,
          modseq: 90060115194045000n,
          known: [
            { from: 41, to: 41 },
            { from: 43, to: 211 },
            { from: 214, to: 541 },
          ],
        },
      },
    ],
    [
      'EXAMINE x (CONDSTORE QRESYNC (1 2 1:9 (5 7)))',
      {
        name: 'EXAMINE',
        mailbox: 'x',
        condStore: true,
        qresync: {
          uidValidity: 1,
          modseq: 2n,
          known: [{ from: 1, to: 9 }],
          match: { sequence: [{ from: 5, to: 5 }], uids: [{ from: 7, to: 7 }] },
        },
      },
    ],
    [
      'SELECT x (QRESYNC (1 2 (5 7)) ANNOTATE XFOO (a (b) NIL))',
      {
        name: 'SELECT',
        mailbox: 'x',
        qresync: {
          uidValidity: 1,
          modseq: 2n,
          match: { sequence: [{ from: 5, to: 5 }], uids: [{ from: 7, to: 7 }] },
        },
        other: [
          { name: 'ANNOTATE' },
          {
            name: 'XFOO',
            value: {
              type: 'list',
              items: [
                { type: 'atom', text: 'a' },
                { type: 'list', items: [{ type: 'atom', text: 'b' }] },
                { type: 'nil' },
              ],
            },
          },
        ],
      },
    ],
    [
      'UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)',
      {
        name: 'FETCH',
        uid: true,
        set: [{ from: 300, to: 500 }],
        items: ['FLAGS'],
        changedSince: 12345n,
        vanished: true,
      },
    ],
    [
      'STORE 100,150 (UNCHANGEDSINCE 212030000000) +FLAGS.SILENT ($Processed)',
      {
        name: 'STORE',
        set: [
          { from: 100, to: 100 },
          { from: 150, to: 150 },
        ],
        action: 'add',
        silent: true,
        flags: ['$Processed'],
        unchangedSince: 212030000000n,
      },
    ],
    [
      'SEARCH MODSEQ "/flags/\\\\draft" all 620162338',
      {
        name: 'SEARCH',
        keys: [{ key: 'MODSEQ', modseq: 620162338n, entry: { name: '/flags/\\draft', type: 'all' } }],
      },
    ],
    ['UID SEARCH MODSEQ 9', { name: 'SEARCH', uid: true, keys: [{ key: 'MODSEQ', modseq: 9n }] }],
  ]);
});

describe('STORE', () => {
  testKnownAnswers([
    [
      'STORE 2:4 +FLAGS \\Deleted \\Seen',
      { name: 'STORE', set: [{ from: 2, to: 4 }], action: 'add', flags: ['\\Deleted', '\\Seen'] },
      'STORE 2:4 +FLAGS (\\Deleted \\Seen)',
    ],
    [
      'UID STORE 1 -flags.silent ()',
      { name: 'STORE', uid: true, set: one, action: 'remove', silent: true, flags: [] },
      'UID STORE 1 -FLAGS.SILENT ()',
    ],
    ['STORE $ FLAGS (a)', { name: 'STORE', set: '$', action: 'replace', flags: ['a'] }],
    [
      'STORE 1 +X-GM-LABELS (\\Inbox foo "Muy Importante")',
      {
        name: 'STORE',
        set: one,
        action: 'add',
        flags: ['\\Inbox', 'foo', 'Muy Importante'],
        labels: true,
      },
    ],
  ]);

  it('refuses what is no flag list', () => {
    expect(() => readTagged('A STORE 1 +FLAGS')).toThrow(/wanted/);
    expect(() => readTagged('A STORE 1 +FLAG (x)')).toThrow(/"FLAGS" is wanted/);
    expect(() => writtenCommand({ name: 'STORE', set: one, action: 'add', flags: [octets('\xff')] })).toThrow(
      /not octets/,
    );
  });
});

describe('examples of RFC 5258, 5819, 6154, 8440, 9590 (LIST, CREATE)', () => {
  testKnownAnswers([
    [
      'LIST (SUBSCRIBED) "" "*"',
      { name: 'LIST', select: ['SUBSCRIBED'], reference: '', patterns: ['*'] },
      'LIST (SUBSCRIBED) "" *',
    ],
    [
      'LIST () "" % RETURN (CHILDREN)',
      { name: 'LIST', select: [], reference: '', patterns: ['%'], return: ['CHILDREN'] },
    ],
    [
      'LIST "" ("INBOX" "Drafts" "Sent/%")',
      { name: 'LIST', reference: '', patterns: ['INBOX', 'Drafts', 'Sent/%'] },
      'LIST "" (INBOX Drafts Sent/%)',
    ],
    [
      'LIST (RECURSIVEMATCH SUBSCRIBED) "" * RETURN (CHILDREN SUBSCRIBED SPECIAL-USE MYRIGHTS XFOO)',
      {
        name: 'LIST',
        select: ['RECURSIVEMATCH', 'SUBSCRIBED'],
        reference: '',
        patterns: ['*'],
        return: ['CHILDREN', 'SUBSCRIBED', 'SPECIAL-USE', 'MYRIGHTS', { other: 'XFOO' }],
      },
    ],
    [
      'LIST "" % RETURN (STATUS (MESSAGES UNSEEN) METADATA (/shared/vendor/cmu/color))',
      {
        name: 'LIST',
        reference: '',
        patterns: ['%'],
        return: [{ status: ['MESSAGES', 'UNSEEN'] }, { metadata: ['/shared/vendor/cmu/color'] }],
      },
    ],
    ['LSUB #news. comp.mail.*', { name: 'LSUB', reference: '#news.', patterns: ['comp.mail.*'] }],
    ['XLIST "" *', { name: 'XLIST', reference: '', patterns: ['*'] }],
    [
      'CREATE MySpecial (USE (\\Drafts \\Sent))',
      { name: 'CREATE', mailbox: 'MySpecial', use: ['\\Drafts', '\\Sent'] },
    ],
    ['CREATE "&U,BTFw-"', { name: 'CREATE', mailbox: '台北' }, 'CREATE &U,BTFw-'],
  ]);

  it('refuses patterns that are none, and options of LIST for LSUB', () => {
    const patterns: readonly MailboxName[] = ['%', '*'];
    expect(() => readTagged('A LIST "" ()')).toThrow(/a pattern is wanted/);
    expect(() => writtenCommand({ name: 'LIST', reference: '', patterns: [] })).toThrow(/one pattern/);
    expect(() => writtenCommand({ name: 'LSUB', reference: '', patterns })).toThrow(/LSUB takes one/);
  });
});

describe('examples of RFC 3502, 3516, 4469, 6855, 8508 (APPEND, REPLACE)', () => {
  testKnownAnswers([
    [
      'APPEND saved-messages (\\Seen) {3}\r\nabc (\\Seen) " 7-Feb-1994 22:43:04 -0800" ~{4}\r\nd\0ef',
      {
        name: 'APPEND',
        mailbox: 'saved-messages',
        messages: [
          { flags: ['\\Seen'], message: { octets: octets('abc') } },
          {
            flags: ['\\Seen'],
            date: { time: Date.UTC(1994, 1, 8, 6, 43, 4), offset: -480 },
            message: { octets: octets('d\0ef'), binary: true },
          },
        ],
      },
    ],
    [
      'APPEND Drafts (\\Draft $MDNSent) CATENATE (URL "/Drafts;UID=20/;section=HEADER" TEXT {4}\r\n--\r\n URL 1)',
      {
        name: 'APPEND',
        mailbox: 'Drafts',
        messages: [
          {
            flags: ['\\Draft', '$MDNSent'],
            message: {
              catenate: [
                { url: '/Drafts;UID=20/;section=HEADER' },
                { octets: octets('--\r\n') },
                { url: '1' },
              ],
            },
          },
        ],
      },
      'APPEND Drafts (\\Draft $MDNSent) CATENATE (URL /Drafts;UID=20/;section=HEADER TEXT {4}\r\n--\r\n URL 1)',
    ],
    [
      'APPEND x CATENATE (TEXT ~{1}\r\na UTF8 (~{1}\r\nb))',
      {
        name: 'APPEND',
        mailbox: 'x',
        messages: [
          {
            message: {
              catenate: [
                { octets: octets('a'), binary: true },
                { octets: octets('b'), utf8: true },
              ],
            },
          },
        ],
      },
    ],
    [
      'APPEND x UTF8 (~{1}\r\nb)',
      { name: 'APPEND', mailbox: 'x', messages: [{ message: { octets: octets('b'), utf8: true } }] },
    ],
    [
      'REPLACE 4 Drafts (\\Seen \\Draft $MDNSent) {2}\r\nab',
      {
        name: 'REPLACE',
        number: 4,
        mailbox: 'Drafts',
        message: { flags: ['\\Seen', '\\Draft', '$MDNSent'], message: { octets: octets('ab') } },
      },
    ],
    [
      'UID REPLACE * x {0}\r\n',
      {
        name: 'REPLACE',
        uid: true,
        number: '*',
        mailbox: 'x',
        message: { message: { octets: octets('') } },
      },
    ],
  ]);

  it('refuses messages that are none', () => {
    expect(() => readTagged('A APPEND x')).toThrow(/" " is wanted/);
    expect(() => readTagged('A APPEND x "abc"')).toThrow(/wanted/);
    expect(() => writtenCommand({ name: 'APPEND', mailbox: 'x', messages: [] })).toThrow(/one message/);
    expect(() =>
      writtenCommand({ name: 'APPEND', mailbox: 'x', messages: [{ message: { literal: 1 } }] }),
    ).toThrow(/handed out in pieces/);
    expect(() =>
      writtenCommand({ name: 'APPEND', mailbox: 'x', messages: [{ message: { catenate: [] } }] }),
    ).toThrow(/one part/);
  });
});

describe('FETCH items', () => {
  testKnownAnswers([
    ['FETCH 1 ALL', { name: 'FETCH', set: one, items: ['ALL'] }],
    ['FETCH 1 ALL (CHANGEDSINCE 5)', { name: 'FETCH', set: one, items: ['ALL'], changedSince: 5n }],
    [
      'FETCH 1 BODY[] (CHANGEDSINCE 5)',
      { name: 'FETCH', set: one, items: [{ item: 'BODY', section: { part: [] } }], changedSince: 5n },
      'FETCH 1 (BODY[]) (CHANGEDSINCE 5)',
    ],
    ['FETCH 1 fast', { name: 'FETCH', set: one, items: ['FAST'] }, 'FETCH 1 FAST'],
    ['FETCH 1 BODY', { name: 'FETCH', set: one, items: ['BODY'] }],
    [
      'FETCH 1:* (UID BODY BODYSTRUCTURE RFC822 RFC822.HEADER RFC822.TEXT RFC822.SIZE ENVELOPE INTERNALDATE)',
      {
        name: 'FETCH',
        set: [{ from: 1, to: '*' }],
        items: [
          'UID',
          'BODY',
          'BODYSTRUCTURE',
          'RFC822',
          'RFC822.HEADER',
          'RFC822.TEXT',
          'RFC822.SIZE',
          'ENVELOPE',
          'INTERNALDATE',
        ],
      },
    ],
    [
      'FETCH 1 (BODY[] BODY.PEEK[1.2.MIME]<0.512> BODY[TEXT] BODY.PEEK[3.HEADER.FIELDS.NOT (To)])',
      {
        name: 'FETCH',
        set: one,
        items: [
          { item: 'BODY', section: { part: [] } },
          {
            item: 'BODY',
            section: { part: [1, 2], text: 'MIME' },
            peek: true,
            partial: { offset: 0, length: 512 },
          },
          { item: 'BODY', section: { part: [], text: 'TEXT' } },
          { item: 'BODY', section: { part: [3], text: 'HEADER.FIELDS.NOT', fields: ['To'] }, peek: true },
        ],
      },
    ],
    [
      'FETCH 1 (BINARY[] BINARY.PEEK[2.1]<5.10> BINARY.SIZE[3])',
      {
        name: 'FETCH',
        set: one,
        items: [
          { item: 'BINARY', part: [] },
          { item: 'BINARY', part: [2, 1], peek: true, partial: { offset: 5, length: 10 } },
          { item: 'BINARY.SIZE', part: [3] },
        ],
      },
    ],
    [
      'FETCH 1 (MODSEQ EMAILID THREADID SAVEDATE PREVIEW PREVIEW (LAZY) X-GM-MSGID X-GM-THRID X-GM-LABELS)',
      {
        name: 'FETCH',
        set: one,
        items: [
          'MODSEQ',
          'EMAILID',
          'THREADID',
          'SAVEDATE',
          'PREVIEW',
          { item: 'PREVIEW', lazy: true },
          'X-GM-MSGID',
          'X-GM-THRID',
          'X-GM-LABELS',
        ],
      },
    ],
    ['FETCH 1 PREVIEW (LAZY)', { name: 'FETCH', set: one, items: [{ item: 'PREVIEW', lazy: true }] }],
    ['FETCH 1 RFC822.PEEK', { name: 'FETCH', set: one, items: [{ item: 'other', name: 'RFC822.PEEK' }] }],
    [
      'UID FETCH 25900:26600 (UID FLAGS) (PARTIAL -1:-100)',
      {
        name: 'FETCH',
        uid: true,
        set: [{ from: 25900, to: 26600 }],
        items: ['UID', 'FLAGS'],
        partial: '-1:-100',
      },
    ],
  ]);

  it('refuses what cannot be asked for', () => {
    for (const wire of [
      'A FETCH 1 (ALL UID)',
      'A FETCH 1 ()',
      'A FETCH 1 FOO[1]',
      'A FETCH 1 BINARY[1.MIME]',
      'A FETCH 1 (UID) (FOO 1)',
    ]) {
      expect(() => readTagged(wire), wire).toThrow(/wanted/);
    }
    expect(() => readTagged('A FETCH 1 UID (PARTIAL 1:-1)')).toThrow(/a range such as/);
    expect(() => writtenCommand({ name: 'FETCH', set: one, items: ['ALL', 'UID'] })).toThrow(/beside others/);
    expect(() => writtenCommand({ name: 'FETCH', set: one, items: [] })).toThrow(/one item/);
    expect(() =>
      writtenCommand({ name: 'FETCH', set: one, items: [{ item: 'other', name: 'BODY[' }] }),
    ).toThrow(/nothing that FETCH/);
  });
});

describe('examples of RFC 4314 (ACL), RFC 9208 (QUOTA) and RFC 5464 (METADATA)', () => {
  testKnownAnswers([
    ['GETACL INBOX', { name: 'GETACL', mailbox: 'INBOX' }],
    ['MYRIGHTS INBOX', { name: 'MYRIGHTS', mailbox: 'INBOX' }],
    ['LISTRIGHTS ~/Mail/saved smith', { name: 'LISTRIGHTS', mailbox: '~/Mail/saved', identifier: 'smith' }],
    ['DELETEACL INBOX Fred', { name: 'DELETEACL', mailbox: 'INBOX', identifier: 'Fred' }],
    [
      'SETACL INBOX/Drafts John +lrQswicda',
      { name: 'SETACL', mailbox: 'INBOX/Drafts', identifier: 'John', rights: '+lrQswicda' },
    ],
    ['SETACL x -Fred ""', { name: 'SETACL', mailbox: 'x', identifier: '-Fred', rights: '' }],
    ['GETQUOTA ""', { name: 'GETQUOTA', root: '' }],
    ['GETQUOTAROOT INBOX', { name: 'GETQUOTAROOT', mailbox: 'INBOX' }],
    [
      'SETQUOTA "!partition/sda4" (STORAGE 18446744073709551615 MESSAGE 0)',
      {
        name: 'SETQUOTA',
        root: '!partition/sda4',
        limits: [
          { resource: 'STORAGE', limit: 18446744073709551615n },
          { resource: 'MESSAGE', limit: 0n },
        ],
      },
      'SETQUOTA !partition/sda4 (STORAGE 18446744073709551615 MESSAGE 0)',
    ],
    ['GETMETADATA "" /shared/comment', { name: 'GETMETADATA', mailbox: '', entries: ['/shared/comment'] }],
    [
      'GETMETADATA "INBOX" (DEPTH 1) (/private/filters/values)',
      { name: 'GETMETADATA', mailbox: 'INBOX', depth: '1', entries: ['/private/filters/values'] },
      'GETMETADATA (DEPTH 1) INBOX /private/filters/values',
    ],
    [
      'GETMETADATA (MAXSIZE 1024 DEPTH infinity) INBOX (/shared/comment /private/comment)',
      {
        name: 'GETMETADATA',
        mailbox: 'INBOX',
        maxSize: 1024,
        depth: 'infinity',
        entries: ['/shared/comment', '/private/comment'],
      },
    ],
    ['GETMETADATA x (MAXSIZE DEPTH)', { name: 'GETMETADATA', mailbox: 'x', entries: ['MAXSIZE', 'DEPTH'] }],
    [
      'SETMETADATA INBOX (/private/comment {5}\r\na\r\nbc /shared/comment NIL /x "y z")',
      {
        name: 'SETMETADATA',
        mailbox: 'INBOX',
        entries: [
          { name: '/private/comment', value: 'a\r\nbc' },
          { name: '/shared/comment', value: undefined },
          { name: '/x', value: 'y z' },
        ],
      },
    ],
    [
      'SETMETADATA "" (/x ~{3}\r\n\0\xff\0)',
      { name: 'SETMETADATA', mailbox: '', entries: [{ name: '/x', value: octets('\0\xff\0') }] },
    ],
  ]);

  it('refuses rights where none are, and none where they are', () => {
    expect(() => writtenCommand({ name: 'SETACL', mailbox: 'x', identifier: 'y' })).toThrow(/needs rights/);
    expect(() => writtenCommand({ name: 'DELETEACL', mailbox: 'x', identifier: 'y', rights: 'l' })).toThrow(
      /no rights/,
    );
  });
});

describe('examples of RFC 5465 (NOTIFY) and RFC 5267 (CANCELUPDATE)', () => {
  testKnownAnswers([
    ['NOTIFY NONE', { name: 'NOTIFY', set: undefined }],
    [
      'notify set status (selected (MessageNew (uid body.peek[header.fields (from to subject)]) MessageExpunge)) (subtree Lists (MessageNew))',
      {
        name: 'NOTIFY',
        set: {
          status: true,
          groups: [
            {
              mailboxes: 'selected',
              events: [
                {
                  event: 'MessageNew',
                  items: [
                    'UID',
                    {
                      item: 'BODY',
                      section: { part: [], text: 'HEADER.FIELDS', fields: ['from', 'to', 'subject'] },
                      peek: true,
                    },
                  ],
                },
                { event: 'MessageExpunge' },
              ],
            },
            { mailboxes: { filter: 'subtree', mailboxes: ['Lists'] }, events: [{ event: 'MessageNew' }] },
          ],
        },
      },
      'NOTIFY SET STATUS (selected (MessageNew (UID BODY.PEEK[HEADER.FIELDS (from to subject)]) MessageExpunge)) (subtree Lists (MessageNew))',
    ],
    [
      'NOTIFY SET (selected-delayed NONE) (mailboxes (misc INBOX) (FlagChange)) (personal (MailboxName SubscriptionChange))',
      {
        name: 'NOTIFY',
        set: {
          status: false,
          groups: [
            { mailboxes: 'selected-delayed', events: undefined },
            {
              mailboxes: { filter: 'mailboxes', mailboxes: ['misc', 'INBOX'] },
              events: [{ event: 'FlagChange' }],
            },
            { mailboxes: 'personal', events: [{ event: 'MailboxName' }, { event: 'SubscriptionChange' }] },
          ],
        },
      },
    ],
    ['CANCELUPDATE "B01" "B02"', { name: 'CANCELUPDATE', tags: ['B01', 'B02'] }],
  ]);
});

describe('examples of RFC 4467 (URLAUTH) and RFC 10022 (UIDBATCHES)', () => {
  const url = 'imap://joe@example.com/INBOX/;uid=20/;section=1.2;urlauth=submit+fred';
  testKnownAnswers([
    [
      `GENURLAUTH "${url}" INTERNAL`,
      { name: 'GENURLAUTH', urls: [{ url, mechanism: 'INTERNAL' }] },
      `GENURLAUTH ${url} INTERNAL`,
    ],
    [`URLFETCH ${url} "a b"`, { name: 'URLFETCH', urls: [url, 'a b'] }],
    ['RESETKEY', { name: 'RESETKEY' }],
    ['RESETKEY INBOX', { name: 'RESETKEY', mailbox: 'INBOX' }],
    [
      'RESETKEY INBOX INTERNAL XSAMPLE',
      { name: 'RESETKEY', mailbox: 'INBOX', mechanisms: ['INTERNAL', 'XSAMPLE'] },
    ],
    ['UIDBATCHES 2000', { name: 'UIDBATCHES', size: 2000 }],
    ['UIDBATCHES 1000 10:20', { name: 'UIDBATCHES', size: 1000, batches: { from: 10, to: 20 } }],
  ]);
});

describe('commands that are not known', () => {
  testKnownAnswers([
    [
      'XAPPLEPUSHSERVICE "aps-version" 2 mailboxes ("INBOX" \\x 1:* NIL)',
      {
        name: 'other',
        command: 'XAPPLEPUSHSERVICE',
        values: [
          { type: 'string', text: 'aps-version' },
          { type: 'atom', text: '2' },
          { type: 'atom', text: 'mailboxes' },
          {
            type: 'list',
            items: [
              { type: 'string', text: 'INBOX' },
              { type: 'atom', text: '\\x' },
              { type: 'atom', text: '1:*' },
              { type: 'nil' },
            ],
          },
        ],
      },
    ],
    ['UID XFOO 1', { name: 'other', command: 'UID XFOO', values: [{ type: 'atom', text: '1' }] }],
    ['XBAR', { name: 'other', command: 'XBAR', values: [] }],
  ]);

  it('have a tag, or are none', () => {
    for (const wire of [
      '',
      'A',
      'A ',
      '+ NOOP',
      'A+ NOOP',
      ' NOOP',
      '* NOOP',
      'A  NOOP',
      'A UID',
      'A UID ',
    ]) {
      expect(() => readTagged(wire), wire).toThrow(/wanted/);
    }
  });
});
