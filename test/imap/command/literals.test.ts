import { describe, expect, it } from 'vitest';
import { latin1FromBytes } from '../../../src/core/bytes.js';
import type { ImapCommand } from '../../../src/imap/command/command.js';
import { type EncodeCommandOptions, encodeCommand } from '../../../src/imap/command/encode-command.js';

/** What is written, one string for each fragment; `…` ends those behind which the client waits. */
function fragments(command: ImapCommand, options?: EncodeCommandOptions): string[] {
  return encodeCommand({ tag: 'A', command }, options).map(
    ({ octets, wait }) => latin1FromBytes(octets) + (wait ? '…' : ''),
  );
}

const login: ImapCommand = { name: 'LOGIN', user: 'ö', password: 'a\r\nb' };

describe('literals', () => {
  it('wait for the server one after the other', () => {
    expect(fragments(login)).toEqual(['A LOGIN {2}\r\n…', '\xc3\xb6 {4}\r\n…', 'a\r\nb\r\n']);
  });

  it('do not wait with LITERAL+', () => {
    expect(fragments(login, { literals: 'LITERAL+' })).toEqual([
      'A LOGIN {2+}\r\n\xc3\xb6 {4+}\r\na\r\nb\r\n',
    ]);
  });

  it('of more than 4,096 octets wait with LITERAL- (RFC 7888 §4)', () => {
    for (const [length, wire] of [
      [4096, 'A GETQUOTA {4096+}\r\n'],
      [4097, 'A GETQUOTA {4097}\r\n…'],
    ] as const) {
      const root = new Uint8Array(length).fill(0x61);
      expect(fragments({ name: 'GETQUOTA', root }, { literals: 'LITERAL-' }).join('')).toBe(
        `${wire}${'a'.repeat(length)}\r\n`,
      );
    }
  });

  it('are not needed for UTF-8 where that is enabled', () => {
    expect(fragments({ name: 'LOGIN', user: 'ö', password: '"' }, { utf8: true })).toEqual([
      'A LOGIN "\xc3\xb6" "\\""\r\n',
    ]);
  });

  it('that are large are given out as they are, not copied', () => {
    const message = new Uint8Array(100_000);
    for (const literals of ['synchronising', 'LITERAL+', 'LITERAL-'] as const) {
      const command: ImapCommand = {
        name: 'APPEND',
        mailbox: 'INBOX',
        messages: [{ message: { octets: message } }, { message: { octets: message, binary: true } }],
      };
      const written = encodeCommand({ tag: 'A', command }, { literals });
      const plus = literals === 'LITERAL+' ? '+' : '';
      const isWaiting = literals !== 'LITERAL+';
      expect(
        written.map(({ octets, wait }) => [octets === message || latin1FromBytes(octets), wait]),
      ).toEqual([
        [`A APPEND INBOX {100000${plus}}\r\n`, isWaiting],
        [true, false],
        [` ~{100000${plus}}\r\n`, isWaiting],
        [true, false],
        ['\r\n', false],
      ]);
    }
  });
});

describe('what a caller passes cannot end the line', () => {
  const evil = 'x\r\nB LOGOUT';
  const commands: Record<string, ImapCommand> = {
    tag: { name: 'NOOP' },
    mechanism: { name: 'AUTHENTICATE', mechanism: evil },
    capability: { name: 'ENABLE', capabilities: [evil] },
    action: { name: 'STORE', set: '$', action: '+FLAGS' as 'add', flags: ['x'] },
    'an action of all objects': {
      name: 'STORE',
      set: '$',
      action: 'toString' as 'add',
      flags: ['x'],
    },
    flag: { name: 'STORE', set: '$', action: 'add', flags: [evil] },
    keyword: { name: 'SEARCH', keys: [{ key: 'KEYWORD', keyword: evil }] },
    'object id': { name: 'SEARCH', keys: [{ key: 'EMAILID', id: evil }] },
    item: { name: 'FETCH', set: '$', items: [{ item: 'other', name: evil }] },
    'a known item': { name: 'FETCH', set: '$', items: [evil as 'UID'] },
    partial: { name: 'FETCH', set: '$', items: ['UID'], partial: `1:2${evil}` },
    'partial with a line end': { name: 'FETCH', set: '$', items: ['UID'], partial: '1:2\n' },
    set: { name: 'COPY', set: [{ from: evil as unknown as number, to: 1 }], mailbox: 'x' },
    'status item': { name: 'STATUS', mailbox: 'x', items: [evil] },
    'list option': { name: 'LIST', reference: '', patterns: ['*'], return: [evil as 'CHILDREN'] },
    'search option': { name: 'SEARCH', return: [evil as 'ALL'], keys: [{ key: 'ALL' }] },
    'search key': { name: 'SEARCH', keys: [{ key: evil as 'ALL' }] },
    command: { name: 'other', command: evil, values: [] },
    'UID command': { name: 'other', command: `UID ${evil}`, values: [] },
    'command as a name': { name: evil } as unknown as ImapCommand,
    'SELECT as a name': { name: 'SELECT', mailbox: 'x', other: [{ name: evil }] },
    resource: { name: 'SETQUOTA', root: '', limits: [{ resource: evil, limit: 1n }] },
    depth: { name: 'GETMETADATA', mailbox: '', depth: evil as '0', entries: ['/x'] },
    filter: {
      name: 'NOTIFY',
      set: { status: false, groups: [{ mailboxes: evil as 'inboxes', events: undefined }] },
    },
    event: {
      name: 'NOTIFY',
      set: { status: false, groups: [{ mailboxes: 'selected', events: [{ event: evil }] }] },
    },
    value: { name: 'other', command: 'X', values: [{ type: 'atom', text: evil }] },
    'sort key': { name: 'SORT', criteria: [{ by: evil }], charset: 'UTF-8', keys: [{ key: 'ALL' }] },
    algorithm: { name: 'THREAD', algorithm: evil, charset: 'UTF-8', keys: [{ key: 'ALL' }] },
    'entry type': {
      name: 'SEARCH',
      keys: [{ key: 'MODSEQ', modseq: 1n, entry: { name: '/flags', type: evil as 'all' } }],
    },
    number: { name: 'SEARCH', keys: [{ key: 'LARGER', octets: evil as unknown as number }] },
    modseq: { name: 'SEARCH', keys: [{ key: 'MODSEQ', modseq: evil as unknown as bigint }] },
    uidvalidity: { name: 'SELECT', mailbox: 'x', qresync: { uidValidity: 1.5, modseq: 1n } },
  };
  for (const [what, command] of Object.entries(commands)) {
    it(`as a ${what}`, () => {
      const tag = what === 'tag' ? evil : 'A';
      expect(() => encodeCommand({ tag, command })).toThrow(expect.objectContaining({ code: 'usage' }));
    });
  }

  it('as a string it becomes a literal', () => {
    expect(fragments({ name: 'GETQUOTA', root: evil }).join('')).toBe(
      'A GETQUOTA {11}\r\n…x\r\nB LOGOUT\r\n',
    );
    expect(fragments({ name: 'SEARCH', charset: evil, keys: [{ key: 'ALL' }] }).join('')).toBe(
      'A SEARCH CHARSET {11}\r\n…x\r\nB LOGOUT ALL\r\n',
    );
  });
});

it('half a surrogate pair is refused, and not told', () => {
  for (const options of [{}, { utf8: true }, { literals: 'LITERAL+' }] as const) {
    let message = '';
    try {
      fragments({ name: 'LOGIN', user: 'a', password: 'geheim\ud83d' }, options);
    } catch (error) {
      message = String(error);
      expect(error).toMatchObject({ code: 'charset-unencodable', offset: 6 });
    }
    expect(message).toContain('surrogate');
    expect(message).not.toContain('geheim');
  }
  expect(fragments({ name: 'GETQUOTA', root: '\u{1f600}' }, { utf8: true })).toEqual([
    'A GETQUOTA "\xf0\x9f\x98\x80"\r\n',
  ]);
});
