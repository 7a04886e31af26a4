import { describe, expect, it } from 'vitest';
import type { ImapCommand } from '../../../src/imap/command/command.js';
import {
  commandFacts,
  commandName,
  fitsUidOnly,
  isAmbiguousBehind,
  usesSequenceNumbers,
} from '../../../src/imap/command/command-facts.js';

const set = [{ from: 1, to: 5 }];
const fetch: ImapCommand = { name: 'FETCH', set, items: ['FLAGS'] };
const store: ImapCommand = { name: 'STORE', set, action: 'add', flags: ['\\Seen'] };
const copy: ImapCommand = { name: 'COPY', set, mailbox: 'Old' };
const search: ImapCommand = { name: 'SEARCH', keys: [{ key: 'UNSEEN' }] };
const noop: ImapCommand = { name: 'NOOP' };
const check: ImapCommand = { name: 'CHECK' };
const expunge: ImapCommand = { name: 'EXPUNGE' };

/** Whether each command of a sequence may be sent without waiting for those before it. */
function isValid(...sequence: ImapCommand[]): boolean {
  return sequence.every((command, at) => !isAmbiguousBehind(sequence.slice(0, at), command));
}

describe('the examples of RFC 9051 §5.5', () => {
  it('FETCH + NOOP + STORE, STORE + COPY + FETCH, COPY + COPY are not to be sent at once', () => {
    expect(isValid(fetch, noop, store)).toBe(false);
    expect(isValid(store, copy, fetch)).toBe(false);
    expect(isValid(copy, copy)).toBe(false);
    expect(isValid(check, fetch)).toBe(false);
  });

  it('FETCH + STORE + SEARCH + CHECK, STORE + COPY + EXPUNGE are', () => {
    expect(isValid(fetch, store, search, check)).toBe(true);
    expect(isValid(store, copy, expunge)).toBe(true);
  });

  it('UID SEARCH + UID SEARCH depends on whether the second has sequence numbers', () => {
    const uidSearch: ImapCommand = { name: 'SEARCH', uid: true, keys: [{ key: 'UNSEEN' }] };
    const numbers: ImapCommand = {
      name: 'SEARCH',
      uid: true,
      keys: [{ key: 'NOT', of: { key: 'OR', of: [{ key: 'ALL' }, { key: 'SEQUENCE', set }] } }],
    };
    expect(isValid(uidSearch, uidSearch)).toBe(true);
    expect(isValid(uidSearch, numbers)).toBe(false);
  });
});

describe('commandFacts', () => {
  it('tells the state that a command needs', () => {
    expect(commandFacts({ name: 'LOGIN', user: 'a', password: 'b' }).states).toEqual(['not-authenticated']);
    expect(commandFacts(fetch).states).toEqual(['selected']);
    expect(commandFacts(noop).states).not.toContain('logout');
  });

  it('tells that messages may go while UIDs are used', () => {
    expect(commandFacts(fetch).allowsExpunge).toBe(false);
    expect(commandFacts({ ...fetch, uid: true } as ImapCommand).allowsExpunge).toBe(true);
  });

  it('lets commands that are not known, and those that change the state, go alone', () => {
    expect(isValid(noop, { name: 'other', command: 'XFOO', values: [] })).toBe(false);
    expect(isValid({ name: 'SELECT', mailbox: 'INBOX' }, fetch)).toBe(false);
    expect(commandFacts({ name: 'other', command: 'constructor', values: [] }).alone).toBe(true);
  });
});

it('commandName gives the words that are sent', () => {
  expect(commandName({ ...copy, uid: true } as ImapCommand)).toBe('UID COPY');
  expect(commandName({ name: 'other', command: 'UID XFOO', values: [] })).toBe('UID XFOO');
});

it('usesSequenceNumbers looks into keys, however deep, and leaves "$" out', () => {
  let key: Parameters<typeof usesSequenceNumbers>[0] & { name: 'SEARCH' } = {
    name: 'SEARCH',
    keys: [{ key: 'SEQUENCE', set }],
  };
  for (let depth = 0; depth < 50_000; depth++) {
    key = { name: 'SEARCH', keys: [{ key: 'AND', of: key.keys }] };
  }
  expect(usesSequenceNumbers(key)).toBe(true);
  expect(usesSequenceNumbers({ name: 'FETCH', set: '$', items: ['UID'] })).toBe(false);
});

it('fitsUidOnly refuses what names or gives sequence numbers (RFC 9586 §3)', () => {
  for (const command of [fetch, store, copy, search, { name: 'FETCH', set: '$', items: ['UID'] }] as const) {
    expect(fitsUidOnly(command)).toBe(false);
    expect(fitsUidOnly({ ...command, uid: true } as ImapCommand)).toBe(true);
  }
  expect(fitsUidOnly({ name: 'SEARCH', uid: true, keys: [{ key: 'SEQUENCE', set }] })).toBe(false);
  expect(fitsUidOnly({ name: 'SEARCH', uid: true, keys: [{ key: 'SEQUENCE', set: '$' }] })).toBe(true);
  expect(fitsUidOnly(expunge)).toBe(true);
});
