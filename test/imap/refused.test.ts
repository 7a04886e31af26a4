import { describe, expect, it, test } from 'vitest';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { encodeCommand } from '../../src/imap/command/encode-command.js';
import { search } from '../../src/imap/command/search-builder.js';
import { CommandDecoder } from '../../src/imap/framing/command-decoder.js';
import { ResponseDecoder } from '../../src/imap/framing/response-decoder.js';
import { binarySectionOf, sectionOf } from '../../src/imap/message-structure.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { ImapClient } from '../../src/imap/session/client.js';
import { ImapServer } from '../../src/imap/session/server.js';
import type { BodyStructure } from '../../src/imap/structure/body-structure.js';
import { formatSection } from '../../src/imap/values/section.js';
import { sequenceSetOf } from '../../src/imap/values/sequence-numbers.js';
import { formatSequenceSet } from '../../src/imap/values/sequence-set.js';
import type { ImapValue } from '../../src/imap/values/value.js';
import { parseMessage } from '../../src/mime/message.js';

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const octets = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'));
const isUsage = expect.objectContaining({ code: 'usage' });

function sent(command: unknown, options = {}): string {
  const fragments = encodeCommand({ tag: 'A1', command: command as ImapCommand }, options);
  return fragments.map((fragment) => latin1(fragment.octets)).join('');
}

const told = (response: unknown): string => latin1(encodeResponse(response as ImapResponse));

describe('octets of a response', () => {
  const fetch = { type: 'FETCH', number: 1 };
  test.each([
    ['text', 'Subject: x\r\n'],
    ['words of 16 bits', Uint16Array.of(0x4142)],
    ['what has a length alone', { length: 5 }],
    ['a number', 5],
  ])('are not %s', (_, wrong) => {
    expect(() => told({ ...fetch, sections: [{ section: { part: [] }, octets: wrong }] })).toThrow(isUsage);
    expect(() => told({ ...fetch, rfc822: [{ item: 'RFC822', octets: wrong }] })).toThrow(isUsage);
    expect(() => told({ ...fetch, binary: [{ part: [1], octets: wrong }] })).toThrow(isUsage);
  });
});

describe('a command that has a type of its own', () => {
  test.each(['COMPRESS', 'select', 'Uid Fetch', 'UID EXPUNGE', 'LOGIN'])(
    'is not sent as other: %s',
    (command) => {
      const other = { name: 'other', command, values: [] };
      expect(() => sent(other)).toThrow(isUsage);
      const client = new ImapClient({ transport: 'tls' });
      client.push(octets('* PREAUTH [CAPABILITY IMAP4rev2] ready\r\n'));
      expect(() => client.send(other as ImapCommand)).toThrow(isUsage);
      expect(client.send({ name: 'NOOP' }).octets).toHaveLength(1);
    },
  );

  test('others are', () => {
    expect(sent({ name: 'other', command: 'XFOO', values: [] })).toBe('A1 XFOO\r\n');
    expect(sent({ name: 'other', command: 'UID XFOO', values: [] })).toBe('A1 UID XFOO\r\n');
  });

  test('nor behind the word UID', () => {
    for (const command of ['UID', 'uid']) {
      const values = [
        { type: 'atom', text: 'EXPUNGE' },
        { type: 'atom', text: '1' },
      ];
      expect(() => sent({ name: 'other', command, values })).toThrow(isUsage);
    }
  });

  test.each(['ALL', 'fast', 'FLAGS'])('nor is the item %s', (name) => {
    expect(() => sent({ name: 'FETCH', set: '$', items: ['UID', { item: 'other', name }] })).toThrow(isUsage);
  });
});

describe('an option that is not known', () => {
  const atom: ImapValue = { type: 'atom', text: 'CONDSTORE' };
  const list: ImapValue = { type: 'list', items: [atom] };
  it('has its value in parentheses', () => {
    const select = (value: ImapValue) =>
      sent({ name: 'SELECT', mailbox: 'x', other: [{ name: 'FOO', value }] });
    expect(select(list)).toBe('A1 SELECT x (FOO (CONDSTORE))\r\n');
    expect(() => select(atom)).toThrow(isUsage);
    const find = (value: ImapValue) =>
      sent({ name: 'SEARCH', return: [{ other: 'FOO', value }], keys: [search.seen] });
    expect(find(list)).toBe('A1 SEARCH RETURN (FOO (CONDSTORE)) SEEN\r\n');
    expect(() => find(atom)).toThrow(isUsage);
    expect(() => find({ type: 'string', text: 'x' })).toThrow(isUsage);
  });
});

describe('the kind of a part', () => {
  const part = {
    parameters: [],
    id: undefined,
    description: undefined,
    encoding: '7BIT',
    octets: 1,
    lines: 1,
  };
  const structure = (kind: string, type: string, subtype: string): (() => string) => {
    const body = { ...part, kind, type, subtype } as unknown as BodyStructure;
    return () => told({ type: 'FETCH', number: 1, bodyStructure: body });
  };
  test.each([
    ['basic', 'text', 'PLAIN'],
    ['text', 'IMAGE', 'PNG'],
    ['message', 'APPLICATION', 'RFC822'],
    ['message', 'MESSAGE', 'PARTIAL'],
    ['other', 'IMAGE', 'PNG'],
  ])('is not %s for %s/%s', (kind, type, subtype) => {
    expect(structure(kind, type, subtype)).toThrow(isUsage);
  });

  test.each([
    ['text', 'Text', 'PLAIN'],
    ['basic', 'IMAGE', 'PNG'],
    ['basic', 'MESSAGE', 'RFC822'],
  ])('is %s for %s/%s', (kind, type, subtype) => {
    expect(structure(kind, type, subtype)()).toContain(`"${subtype}"`);
  });

  test('is seen in octets, too', () => {
    const text = octets('TEXT') as never;
    expect(structure('text', text, 'PLAIN')()).toContain('"PLAIN"');
    expect(structure('basic', text, 'PLAIN')).toThrow(isUsage);
  });
});

test('a value with NUL is written as it was read: as a literal8', () => {
  const metadata = { name: 'SETMETADATA', mailbox: '', entries: [{ name: '/a', value: '\0\x01' }] };
  expect(sent(metadata, { literals: 'LITERAL+' })).toBe('A1 SETMETADATA "" (/a ~{2+}\r\n\0\x01)\r\n');
  const values: ImapValue[] = [{ type: 'string', text: 'a\0' }];
  expect(told({ type: 'other', name: 'XFOO', values })).toBe('* XFOO ~{2}\r\na\0\r\n');
  const half = { ...metadata, entries: [{ name: '/a', value: '\0\ud800' }] };
  expect(() => sent(half)).toThrow(expect.objectContaining({ code: 'charset-unencodable' }));
  const code = { code: 'other', name: 'XFOO', values };
  expect(() => told({ type: 'OK', tag: undefined, code, text: 'x' })).toThrow(isUsage);
});

test('a text of the server does not end as a line does that a literal follows', () => {
  const server = new ImapServer({ transport: 'tls', capabilities: [] });
  server.greet();
  const text = 'nothing is called {5}';
  expect(latin1(server.respond({ type: 'NO', tag: undefined, code: undefined, text }))).toBe(
    `* NO ${text} \r\n`,
  );
  server.push(octets('a LOGIN anna secret\r\n'));
  const events = server.done('a', 'NO', 'no {7+}');
  const lines = events.flatMap((event) => (event.type === 'send' ? event.octets.map(latin1) : []));
  expect(lines).toEqual(['a NO no {7+} \r\n']);
  const given = { type: 'NO', tag: undefined, code: undefined, text: octets('caf\xe9 {5}') } as const;
  expect(latin1(server.respond(given))).toBe('* NO caf\xe9 {5} \r\n');
  // The codec alone keeps what it is given.
  expect(told({ type: 'NO', tag: undefined, code: undefined, text })).toBe(`* NO ${text}\r\n`);
});

test('a stretch is told in whole numbers from 0 on', () => {
  const message = parseMessage(octets('Subject: a\r\n\r\nhello world'));
  for (const [offset, length] of [
    [-5, 3],
    [0, -3],
    [2, '3'],
    [0.5, 1],
    [undefined, 1],
  ]) {
    const partial = { offset, length } as never;
    expect(() => sectionOf(message, { part: [1] }, partial)).toThrow(isUsage);
    expect(() => binarySectionOf(message, [1], partial)).toThrow(isUsage);
  }
  expect(latin1(sectionOf(message, { part: [1] }, { offset: 6, length: 99 })!)).toBe('world');
});

test('what is none at all', () => {
  for (const wrong of [undefined, null, 5, 'NOOP']) {
    expect(() => sent(wrong)).toThrow(isUsage);
    expect(() => told(wrong)).toThrow(isUsage);
    expect(() => new ImapClient({ transport: 'tls' }).send(wrong as never)).toThrow(isUsage);
    expect(() => new ImapServer({ transport: 'tls', capabilities: [] }).respond(wrong as never)).toThrow(
      isUsage,
    );
  }
  expect(() => sent({ name: 'NOOP' }, { literals: 'server' })).toThrow(isUsage);
  expect(() => sent({ name: 'SEARCH', keys: [search.seen], return: ['MIN', 5] })).toThrow(isUsage);
  expect(() => sent({ name: 'ESEARCH', in: ['nobody'], keys: [search.seen] })).toThrow(isUsage);
  expect(() => sent({ name: 'GETMETADATA', mailbox: '', depth: '2', entries: ['/a'] })).toThrow(isUsage);
  expect(() => told({ type: 'STATUS', mailbox: 'x', status: { messages: 'NIL' } })).toThrow(isUsage);
  expect(() => told({ type: 'STATUS', mailbox: 'x', status: { mailboxId: 5 } })).toThrow(isUsage);
  expect(() => told({ type: 'THREAD', threads: [{ id: 1, children: [undefined] }] })).toThrow(isUsage);
});

test('sets, maps and text are no arrays', () => {
  for (const wrong of ['AB', new Set(['ALL']), new Map([['ALL', 1]]), { length: 1, 0: 'ALL' }]) {
    expect(() => sent({ name: 'RESETKEY', mailbox: 'x', mechanisms: wrong })).toThrow(isUsage);
    expect(() => sent({ name: 'STORE', set: '$', mode: 'add', flags: wrong })).toThrow(isUsage);
    expect(() => sent({ name: 'SEARCH', keys: [search.seen], return: wrong })).toThrow(isUsage);
    expect(() => sent({ name: 'other', command: 'XFOO', values: wrong })).toThrow(isUsage);
    expect(() => told({ type: 'CAPABILITY', capabilities: wrong })).toThrow(isUsage);
    expect(() => told({ type: 'SORT', numbers: wrong })).toThrow(isUsage);
    const code = { code: 'CAPABILITY', capabilities: wrong };
    expect(() => told({ type: 'OK', tag: undefined, code, text: 'x' })).toThrow(isUsage);
  }
});

test('helpers without a type checker', () => {
  for (const wrong of [null, 5, Symbol('x')]) {
    expect(() => formatSequenceSet([wrong as never])).toThrow(isUsage);
    expect(() => sequenceSetOf(wrong as never)).toThrow(isUsage);
    expect(() => formatSection({ part: wrong } as never)).toThrow(isUsage);
    expect(() => new ResponseDecoder(wrong as never)).toThrow(isUsage);
    expect(() => new CommandDecoder(wrong as never)).toThrow(isUsage);
    expect(() => new CommandDecoder({ quirks: wrong as never })).toThrow(isUsage);
    const capabilities = wrong as never;
    expect(() => new ImapServer({ transport: 'tls', capabilities })).toThrow(isUsage);
    const client = new ImapClient({ transport: 'tls' });
    expect(() => client.send({ name: 'NOOP' }, wrong as never)).toThrow(isUsage);
  }
});

test('an error shows no more of a number than of a text', () => {
  const number = 10n ** 3000n;
  expect(() => told({ type: 'EXISTS', number })).toThrow(/^.{1,250}$/);
});
