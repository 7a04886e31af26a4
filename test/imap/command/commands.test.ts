import { describe, expect, it } from 'vitest';
import { readCommand } from '../../../src/imap/command/read-command.js';
import { readWithQuirks } from '../../support/imap-syntax.js';
import { octets, readTagged, testKnownAnswers, writtenCommand } from './round-trip.js';

describe('commands of RFC 3501 and RFC 9051', () => {
  testKnownAnswers([
    ['CAPABILITY', { name: 'CAPABILITY' }],
    ['NOOP', { name: 'NOOP' }],
    ['LOGOUT', { name: 'LOGOUT' }],
    ['STARTTLS', { name: 'STARTTLS' }],
    ['AUTHENTICATE GSSAPI', { name: 'AUTHENTICATE', mechanism: 'GSSAPI' }],
    ['LOGIN SMITH SESAME', { name: 'LOGIN', user: 'SMITH', password: 'SESAME' }],
    ['ENABLE CONDSTORE X-GOOD-IDEA', { name: 'ENABLE', capabilities: ['CONDSTORE', 'X-GOOD-IDEA'] }],
    ['SELECT INBOX', { name: 'SELECT', mailbox: 'INBOX' }],
    ['EXAMINE blurdybloop', { name: 'EXAMINE', mailbox: 'blurdybloop' }],
    ['CREATE owatagusiam/', { name: 'CREATE', mailbox: 'owatagusiam/' }],
    ['DELETE blurdybloop', { name: 'DELETE', mailbox: 'blurdybloop' }],
    ['RENAME blurdybloop sarasoop', { name: 'RENAME', from: 'blurdybloop', to: 'sarasoop' }],
    ['SUBSCRIBE #news.comp.mail.mime', { name: 'SUBSCRIBE', mailbox: '#news.comp.mail.mime' }],
    ['UNSUBSCRIBE #news.comp.mail.mime', { name: 'UNSUBSCRIBE', mailbox: '#news.comp.mail.mime' }],
    ['LIST "" ""', { name: 'LIST', reference: '', patterns: [''] }],
    ['NAMESPACE', { name: 'NAMESPACE' }],
    [
      'STATUS blurdybloop (UIDNEXT MESSAGES)',
      { name: 'STATUS', mailbox: 'blurdybloop', items: ['UIDNEXT', 'MESSAGES'] },
    ],
    [
      'APPEND saved-messages (\\Seen) {11}\r\nDate: x\r\n\r\n',
      {
        name: 'APPEND',
        mailbox: 'saved-messages',
        messages: [{ flags: ['\\Seen'], message: { octets: octets('Date: x\r\n\r\n') } }],
      },
    ],
    ['IDLE', { name: 'IDLE' }],
    ['CHECK', { name: 'CHECK' }],
    ['CLOSE', { name: 'CLOSE' }],
    ['UNSELECT', { name: 'UNSELECT' }],
    ['EXPUNGE', { name: 'EXPUNGE' }],
    ['UID EXPUNGE 3000:3002', { name: 'UID EXPUNGE', set: [{ from: 3000, to: 3002 }] }],
    [
      'FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])',
      {
        name: 'FETCH',
        set: [{ from: 2, to: 4 }],
        items: [
          'FLAGS',
          { item: 'BODY', section: { part: [], text: 'HEADER.FIELDS', fields: ['DATE', 'FROM'] } },
        ],
      },
    ],
    ['COPY 2:4 MEETING', { name: 'COPY', set: [{ from: 2, to: 4 }], mailbox: 'MEETING' }],
    ['UID MOVE 42:69 foo', { name: 'MOVE', uid: true, set: [{ from: 42, to: 69 }], mailbox: 'foo' }],
    [
      'UID FETCH 4827313:4828442 FLAGS',
      { name: 'FETCH', uid: true, set: [{ from: 4827313, to: 4828442 }], items: ['FLAGS'] },
    ],
  ]);

  it('refuses what is none', () => {
    expect(() => readTagged('A NOOP x')).toThrow(/the end of the line/);
    expect(() => writtenCommand({ name: 'ENABLE', capabilities: [] })).toThrow(/one capability/);
  });
});

describe('blanks at the end of a command (quirk extra-blanks)', () => {
  it('are passed over', () => {
    expect(readWithQuirks(readCommand, 'A NOOP  ')).toEqual({
      value: { tag: 'A', command: { name: 'NOOP' } },
      quirks: ['extra-blanks'],
    });
    expect(readTagged('A SEARCH ALL ')).toEqual(readTagged('A SEARCH ALL'));
  });

  it('are refused where the quirk is off', () => {
    expect(() => readTagged('A NOOP ', { quirks: { 'extra-blanks': false } })).toThrow(
      'the end of the line is wanted at octet 6; what stands there is not told',
    );
  });

  it('in lists are passed over, too, but where the quirk is off', () => {
    for (const [wire, meant] of [
      ['A FETCH 1 ( UID  FLAGS )', 'A FETCH 1 (UID FLAGS)'],
      ['A STATUS x (MESSAGES )', 'A STATUS x (MESSAGES)'],
      ['A STATUS x ( )', 'A STATUS x ()'],
    ] as const) {
      expect(readWithQuirks(readCommand, wire)).toEqual({
        value: readTagged(meant),
        quirks: ['extra-blanks'],
      });
      expect(() => readTagged(wire, { quirks: false })).toThrow(/an element of the list is wanted/);
    }
  });

  it('belong to a literal', () => {
    const wire = 'A GETQUOTA {3}\r\n a ';
    expect(readWithQuirks(readCommand, wire)).toEqual({
      value: { tag: 'A', command: { name: 'GETQUOTA', root: ' a ' } },
      quirks: [],
    });
  });

  it('do not make a command of what is none', () => {
    expect(() => readTagged('A FOO( ')).toThrow(/the end of the line is wanted at octet 5/);
    expect(() => readTagged('A  ')).toThrow(/wanted/);
    expect(() => readTagged('  ')).toThrow(/a tag is wanted/);
  });
});
