import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import type { ImapCommand } from '../../../src/imap/command/command.js';
import { commandName } from '../../../src/imap/command/command-facts.js';
import { ImapClient } from '../../../src/imap/session/client.js';
import type { ImapClientOptions } from '../../../src/imap/session/client-options.js';
import { ClientUnderTest, inWords, shown, wire } from '../../support/imap-client.js';

const set = [{ from: 1, to: 3 }];
const fetch: ImapCommand = { name: 'FETCH', set, items: ['FLAGS'] };
const uidFetch: ImapCommand = { name: 'FETCH', uid: true, set, items: ['FLAGS'] };
const store: ImapCommand = { name: 'STORE', set, action: 'add', flags: ['\\Seen'] };
const search: ImapCommand = { name: 'SEARCH', keys: [{ key: 'UNSEEN' }] };
const uidSearch: ImapCommand = { name: 'SEARCH', uid: true, return: ['ALL'], keys: [{ key: 'UNSEEN' }] };
const copy: ImapCommand = { name: 'COPY', set, mailbox: 'Old' };
const noop: ImapCommand = { name: 'NOOP' };
const expunge: ImapCommand = { name: 'EXPUNGE' };
const select: ImapCommand = { name: 'SELECT', mailbox: 'INBOX' };
const login: ImapCommand = { name: 'LOGIN', user: 'anna', password: 'geheim' };

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof MailsealError) return `${error.code} ${error.fault}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('greeting', () => {
  test('OK leads to not-authenticated, PREAUTH to authenticated, BYE ends', () => {
    expect(new ClientUnderTest().push('* OK [CAPABILITY IMAP4rev1 ID] hi')).toEqual([
      'greeting',
      '→ not-authenticated',
      'capabilities IMAP4REV1 ID',
    ]);
    expect(new ClientUnderTest().push('* PREAUTH hi')).toEqual(['greeting', '→ authenticated']);
    const test = new ClientUnderTest();
    expect(test.push('* BYE full')).toEqual(['greeting', '→ logout']);
    expect(refusal(() => test.client.send(noop))).toContain('imap-state usage');
  });

  test.each(['* NO hi', '* BAD hi', '* 3 EXISTS', 'A1 OK hi', '+ hi'])('%s is none', (greeting) => {
    const test = new ClientUnderTest();
    expect(test.push(greeting)).toEqual(['fatal: what the server sent first is no greeting', '→ logout']);
    expect(test.push('* OK hi')).toEqual([]);
  });

  test('no command is sent before it', () => {
    expect(refusal(() => new ClientUnderTest().client.send(noop))).toBe(
      'imap-state usage: NOOP cannot be sent in state greeting',
    );
  });
});

describe('states', () => {
  const wrong: [ImapCommand, 'not-authenticated' | 'authenticated' | 'selected'][] = [
    [select, 'not-authenticated'],
    [fetch, 'authenticated'],
    [{ name: 'CLOSE' }, 'authenticated'],
    [login, 'authenticated'],
    [login, 'selected'],
    [{ name: 'STARTTLS' }, 'authenticated'],
    [{ name: 'ENABLE', capabilities: ['CONDSTORE'] }, 'selected'],
  ];
  test.each(wrong)('%j is refused in %s', (command, state) => {
    const { client } = ClientUnderTest.in(state, { transport: 'plain' });
    expect(refusal(() => client.send(command))).toBe(
      `imap-state usage: ${commandName(command)} cannot be sent in state ${state}`,
    );
  });

  test('a session goes through all of them', () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    expect(test.send(login)).toBe('A1 LOGIN anna geheim⏎');
    expect(test.push('A1 OK done')).toEqual(['→ authenticated', 'capabilities forgotten', 'A1 LOGIN OK']);
    expect(test.send(select)).toBe('A2 SELECT INBOX⏎');
    expect(
      test.push(
        '* FLAGS (\\Seen)',
        '* OK [PERMANENTFLAGS (\\Seen \\*)] .',
        '* 17 EXISTS',
        '* 2 RECENT',
        '* OK [UNSEEN 12] .',
        '* OK [UIDVALIDITY 3857529045] .',
        '* OK [UIDNEXT 4392] .',
        '* OK [HIGHESTMODSEQ 90060115194045000] .',
        'A2 OK [READ-ONLY] done',
      ),
    ).toEqual([
      'FLAGS for A2',
      'OK for A2',
      'EXISTS for A2',
      'RECENT for A2',
      'OK for A2',
      'OK for A2',
      'OK for A2',
      'OK for A2',
      '→ selected',
      'A2 SELECT OK',
    ]);
    const { mailbox } = test.client;
    expect({ ...mailbox, exists: mailbox?.exists }).toEqual({
      name: 'INBOX',
      isReadOnly: true,
      exists: 17,
      recent: 2,
      flags: ['\\Seen'],
      permanentFlags: ['\\Seen', '\\*'],
      uidValidity: 3857529045,
      uidNext: 4392,
      firstUnseen: 12,
      highestModSeq: 90060115194045000n,
      hasNoModSeq: false,
      hasPassingUids: false,
      mailboxId: undefined,
    });
    test.send({ name: 'UNSELECT' });
    expect(test.push('A3 OK done')).toEqual(['→ authenticated', 'A3 UNSELECT OK']);
    expect(test.client.mailbox).toBeUndefined();
    test.send({ name: 'LOGOUT' });
    expect(test.push('* BYE bye', 'A4 OK done')).toEqual(['BYE for A4', '→ logout', 'A4 LOGOUT OK']);
    expect(test.client.end()).toEqual([]);
  });

  test('a mailbox stays, goes or changes with the outcome of SELECT', () => {
    const outcome = (...lines: string[]) => {
      const test = ClientUnderTest.in('selected');
      test.send({ name: 'SELECT', mailbox: 'Other' });
      test.push(...lines);
      return [test.client.state, test.client.mailbox?.name, test.client.mailbox?.exists];
    };
    expect(outcome('* 3 EXISTS', 'A1 OK done')).toEqual(['selected', 'Other', 3]);
    expect(outcome('* 12 EXISTS', '* OK [CLOSED] .', '* 3 EXISTS', 'A1 OK done')).toEqual([
      'selected',
      'Other',
      3,
    ]);
    expect(outcome('A1 NO no such mailbox')).toEqual(['authenticated', undefined, undefined]);
    expect(outcome('A1 BAD what?')).toEqual(['selected', 'INBOX', 10]);
    expect(outcome('* OK [CLOSED] .', 'A1 BAD what?')).toEqual(['authenticated', undefined, undefined]);
  });

  test('the end of the connection drops what was under way', () => {
    const test = ClientUnderTest.in('selected');
    test.send(fetch);
    test.send(noop);
    test.send(fetch);
    expect(test.client.end().map(inWords)).toEqual([
      '→ logout',
      'A1 FETCH dropped: imap-protocol',
      'A2 NOOP dropped: imap-protocol',
      'A3 FETCH dropped: imap-protocol',
    ]);
    expect(test.client.isQuiet).toBe(true);
  });

  test('commands behind BYE are dropped when their turn comes', () => {
    const test = ClientUnderTest.in('selected');
    test.send(noop);
    test.send(fetch);
    expect(test.push('* BYE going', 'A1 OK done')).toEqual([
      'BYE',
      '→ logout',
      'A1 NOOP OK',
      'A2 FETCH dropped: imap-state',
    ]);
  });
});

describe('tags', () => {
  test('count up, with the prefix that is wanted', () => {
    const test = ClientUnderTest.in('selected', { tagPrefix: 'x-' });
    expect([test.send(fetch), test.send(fetch)]).toEqual(['x-1 FETCH 1:3 FLAGS⏎', 'x-2 FETCH 1:3 FLAGS⏎']);
    expect(refusal(() => new ImapClient({ transport: 'tls', tagPrefix: 'A B' }))).toContain('usage');
  });

  test('of the caller’s choice are taken, unless in use or none', () => {
    const { client } = ClientUnderTest.in('selected');
    client.send(fetch, 'A2');
    expect(refusal(() => client.send(fetch, 'A2'))).toContain('usage');
    expect(refusal(() => client.send(fetch, 'A\r\n'))).toContain('usage');
    expect([client.send(fetch).tag, client.send(fetch).tag]).toEqual(['A1', 'A3']);
    client.push(wire('A2 OK done'));
    expect(client.send(fetch, 'A2').tag).toBe('A2');
  });

  test('that nobody sent are a fault', () => {
    const test = ClientUnderTest.in('selected');
    test.send(fetch);
    expect(test.push('A9 OK done', 'A1 OK done', 'A1 OK done')).toEqual([
      'fault: "A9" is the tag of no command that is under way',
      'A1 FETCH OK',
      'fault: "A1" is the tag of no command that is under way',
    ]);
  });
});

describe('answers that cannot be read', () => {
  test('end their command, whose outcome nobody knows', () => {
    const test = ClientUnderTest.in('selected');
    test.send(noop);
    test.send(fetch);
    expect(test.push('* 1 FETCH (', 'A1 WHAT')).toEqual([
      'unparsed',
      'unparsed',
      'A1 NOOP dropped: imap-malformed',
      'send A2 FETCH 1:3 FLAGS⏎',
    ]);
  });

  test('end the session where the command may have changed the state', () => {
    const test = ClientUnderTest.in('selected');
    test.send({ name: 'UNSELECT' });
    expect(test.push('A1 WHAT')).toEqual([
      'unparsed',
      'fatal: the answer to UNSELECT cannot be read',
      '→ logout',
      'A1 UNSELECT dropped: imap-protocol',
    ]);
  });
});

describe('literals', () => {
  const named = (mailbox: string): ImapCommand => ({
    name: 'APPEND',
    mailbox,
    messages: [{ message: { octets: bytesFromUtf8('Subject: x\r\n\r\n') } }],
  });

  test('wait for "+", and what comes behind them waits too', () => {
    const test = ClientUnderTest.in('authenticated');
    expect(test.send(named('Sent'))).toBe('A1 APPEND Sent {14}⏎');
    expect(test.send(noop)).toBe('');
    expect(test.push('* 4 EXISTS', '+ go on')).toEqual(['EXISTS', 'send Subject: x⏎⏎⏎', 'send A2 NOOP⏎']);
    expect(test.push('A1 OK done', 'A2 OK done')).toEqual(['A1 APPEND OK', 'A2 NOOP OK']);
  });

  test('that are refused are not sent', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(named('Sent'));
    test.send(noop);
    expect(test.push('A1 NO [TRYCREATE] no such mailbox')).toEqual(['A1 APPEND NO', 'send A2 NOOP⏎']);
  });

  test('that are completed before they came are a fault', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(named('Sent'));
    expect(test.push('A1 OK done')).toEqual([
      'fault: the server completed APPEND without waiting for the rest of it',
      'A1 APPEND OK',
    ]);
  });

  test.each([
    ['IMAP4rev1 LITERAL+', 'A1 APPEND Sent {14+}⏎Subject: x⏎⏎⏎'],
    ['IMAP4rev1 LITERAL-', 'A1 APPEND Sent {14+}⏎Subject: x⏎⏎⏎'],
    ['IMAP4rev2', 'A1 APPEND Sent {14+}⏎Subject: x⏎⏎⏎'],
    ['IMAP4rev1', 'A1 APPEND Sent {14}⏎'],
  ])('with %s', (capabilities, sent) => {
    expect(ClientUnderTest.in('authenticated', {}, capabilities).send(named('Sent'))).toBe(sent);
  });

  test('that come are handed out in pieces where that is wanted', () => {
    const test = ClientUnderTest.in('selected', { literals: { streamFrom: 3 } });
    test.send({ name: 'FETCH', set, items: [{ item: 'BODY', section: { part: [] } }] });
    expect(test.push('* 1 FETCH (BODY[] {6}', 'four', ')', 'A1 OK done')).toEqual([
      'literal-begin',
      'literal-data',
      'literal-end',
      'FETCH for A1',
      'A1 FETCH OK',
    ]);
  });

  test('"+" that nobody waits for is a fault', () => {
    expect(ClientUnderTest.in('selected').push('+ go on')).toEqual([
      'fault: the server asks to go on with something, and nothing waits for that',
    ]);
  });
});

describe('pipelining (RFC 9051 §5.5)', () => {
  const sequences: [ImapCommand[], number][] = [
    // How many of them are sent at once; the examples of the RFC first.
    [[fetch, noop, store], 2],
    [[store, copy, fetch], 2],
    [[copy, copy], 1],
    [[fetch, store, search, noop], 4],
    [[store, copy, expunge], 3],
    [[uidSearch, uidSearch], 2],
    [[uidSearch, { ...uidSearch, keys: [{ key: 'SEQUENCE', set }] }], 1],
    [[uidFetch, fetch], 1],
    [[fetch, uidFetch], 2],
    [[search, search], 1],
    [[fetch, select, fetch], 1],
    [
      [
        { name: 'LIST', reference: '', patterns: ['%'] },
        { name: 'LIST', reference: '', patterns: ['a/%'] },
      ],
      1,
    ],
  ];
  const titled = sequences.map(([commands, atOnce]) => ({
    commands,
    atOnce,
    title: `${commands.map(commandName).join(' + ')}: ${atOnce} at once`,
  }));
  test.each(titled)('$title', ({ commands, atOnce }) => {
    const test = ClientUnderTest.in('selected');
    const sent = commands.map((command) => test.send(command));
    expect(sent.filter((octets) => octets !== '')).toHaveLength(atOnce);
    expect(sent.slice(0, atOnce)).not.toContain('');
  });

  test('what waited is sent as soon as it may be, in order', () => {
    const test = ClientUnderTest.in('selected');
    for (const command of [noop, fetch, fetch, select]) test.send(command);
    expect(test.push('A1 OK done')).toEqual(['A1 NOOP OK', 'send A2 FETCH 1:3 FLAGS⏎A3 FETCH 1:3 FLAGS⏎']);
    expect(test.push('A3 OK done')).toEqual(['A3 FETCH OK']);
    expect(test.push('A2 OK done')).toEqual(['A2 FETCH OK', 'send A4 SELECT INBOX⏎']);
  });

  test('what waited is judged in the state that there is then', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(select);
    test.send(fetch);
    expect(test.push('A1 NO none')).toEqual(['A1 SELECT NO', 'A2 FETCH dropped: imap-state']);
  });

  test('can be turned off', () => {
    const test = ClientUnderTest.in('selected', { pipelining: false });
    expect([test.send(fetch), test.send(fetch)]).toEqual(['A1 FETCH 1:3 FLAGS⏎', '']);
  });
});

describe('IDLE', () => {
  test('tells changes until DONE', () => {
    const test = ClientUnderTest.in('selected');
    expect(test.send({ name: 'IDLE' })).toBe('A1 IDLE⏎');
    expect(test.push('+ idling', '* 11 EXISTS')).toEqual(['idling', 'EXISTS']);
    expect(refusal(() => test.client.send(noop))).toContain('imap-state usage: IDLE is under way');
    expect(test.client.stopIdle().map((octets) => new TextDecoder().decode(octets))).toEqual(['DONE\r\n']);
    expect(refusal(() => test.client.stopIdle())).toContain('imap-state');
    expect(test.send(fetch)).toBe('');
    expect(test.push('* 1 EXPUNGE', 'A1 OK done')).toEqual([
      'EXPUNGE',
      'expunged 1 uid undefined',
      'A1 IDLE OK',
      'send A2 FETCH 1:3 FLAGS⏎',
    ]);
  });

  test('that still waits is stopped when it has begun, and nothing is given behind it before', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(noop);
    expect(test.send({ name: 'IDLE' })).toBe('');
    expect(refusal(() => test.client.send(noop))).toContain('imap-state usage: IDLE is under way, or waits');
    expect(test.client.stopIdle()).toEqual([]);
    expect(test.send(noop)).toBe('');
    expect(test.push('A1 OK done')).toEqual(['A1 NOOP OK', 'send A2 IDLE⏎']);
    expect(test.push('+ idling')).toEqual(['idling', 'send DONE⏎']);
    expect(test.push('A2 OK done')).toEqual(['A2 IDLE OK', 'send A3 NOOP⏎']);
  });

  test('that still waits can be begun and stopped as ever', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(noop);
    test.send({ name: 'IDLE' });
    expect(test.push('A1 OK done', '+ idling')).toEqual(['A1 NOOP OK', 'send A2 IDLE⏎', 'idling']);
    expect(shown(test.client.stopIdle())).toBe('DONE\r\n');
    expect(refusal(() => test.client.stopIdle())).toContain('imap-state');
  });

  test('that is stopped before the server idles says DONE when it does', () => {
    const test = ClientUnderTest.in('selected');
    test.send({ name: 'IDLE' });
    expect(test.client.stopIdle()).toEqual([]);
    expect(test.push('+ idling')).toEqual(['idling', 'send DONE⏎']);
    expect(test.push('A1 OK done')).toEqual(['A1 IDLE OK']);
  });

  test('that is refused is over', () => {
    const test = ClientUnderTest.in('selected');
    test.send({ name: 'IDLE' });
    expect(test.push('A1 BAD not known')).toEqual(['A1 IDLE BAD']);
    expect(refusal(() => test.client.stopIdle())).toContain('imap-state');
    expect(test.send(noop)).toBe('A2 NOOP⏎');
  });
});

describe('TLS', () => {
  const starttls: Partial<ImapClientOptions> = { transport: 'starttls' };

  test('begins before anything that matters is said', () => {
    const test = ClientUnderTest.in('not-authenticated', starttls, 'IMAP4rev1 STARTTLS AUTH=PLAIN');
    expect(refusal(() => test.client.send(login))).toBe(
      'imap-state usage: LOGIN cannot be sent before TLS stands: send STARTTLS first',
    );
    expect(refusal(() => test.client.tlsStarted())).toContain('imap-state');
    expect(test.send({ name: 'STARTTLS' })).toBe('A1 STARTTLS⏎');
    expect(test.push('A1 OK begin')).toEqual(['A1 STARTTLS OK', 'start-tls']);
    expect(refusal(() => test.client.send(login))).toContain('TLS has to stand first');
    expect(test.client.isEncrypted).toBe(false);
    expect(test.client.tlsStarted().map(inWords)).toEqual(['capabilities forgotten']);
    expect([test.client.isEncrypted, test.client.capabilities]).toEqual([true, undefined]);
    expect(test.send(login)).toBe('A2 LOGIN anna geheim⏎');
    expect(
      refusal(() => ClientUnderTest.in('not-authenticated').client.send({ name: 'STARTTLS' })),
    ).toContain('TLS stands already');
  });

  test('what waited is sent when it stands', () => {
    const test = ClientUnderTest.in('not-authenticated', starttls);
    test.send({ name: 'STARTTLS' });
    expect(test.send(login)).toBe('');
    expect(test.push('A1 OK begin')).toEqual(['A1 STARTTLS OK', 'start-tls']);
    expect(test.send({ name: 'CAPABILITY' })).toBe('');
    expect(test.client.tlsStarted().map(inWords)).toEqual([
      'capabilities forgotten',
      'send A2 LOGIN anna geheim⏎',
    ]);
  });

  const injected = 'octets in the clear follow the OK to STARTTLS: somebody may have put them there';

  test('octets in the clear behind the OK end the session, however they come', () => {
    const behind = wire('A1 OK begin', '* CAPABILITY IMAP4rev1 LOGINDISABLED', '* OK');
    const okLength = wire('A1 OK begin').length;
    for (let split = 1; split <= behind.length; split++) {
      const test = ClientUnderTest.in('not-authenticated', starttls);
      test.send({ name: 'STARTTLS' });
      test.send(login);
      const events = [
        ...test.client.push(behind.slice(0, split)),
        ...test.client.push(behind.slice(split)),
      ].map(inWords);
      expect(events.filter((event) => event !== 'start-tls')).toEqual([
        'A1 STARTTLS OK',
        `fatal: ${injected}`,
        '→ logout',
        'A2 LOGIN dropped: imap-protocol',
      ]);
      // Who reads the events in order has begun TLS only where the octets came in a chunk of their own.
      expect(events.includes('start-tls')).toBe(split === okLength);
      expect(refusal(() => test.client.tlsStarted())).toContain('imap-state');
      expect(test.client.push(wire('* OK hi'))).toEqual([]);
    }
  });

  test('octets in the clear behind the OK are refused whatever waited before STARTTLS, and whatever they are', () => {
    const answers = wire('A1 OK done', 'A2 OK done', 'A3 OK begin');
    let refused = 0;
    for (const behind of [
      'A4 OK [CAPABILITY IMAP4rev1] forged',
      'A4 OK welcome\r\n',
      '* LIST () "/" "in',
      '* X {',
      '* OK done {5}\r\n',
      '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n',
      '+',
      '\r\n',
      '\r',
    ]) {
      const octets = concatBytes([answers, bytesFromUtf8(behind)]);
      for (let split = 0; split <= octets.length; split++) {
        const test = ClientUnderTest.in('not-authenticated', starttls);
        test.send(noop);
        test.send({ name: 'CAPABILITY' });
        expect(test.send({ name: 'STARTTLS' })).toBe('');
        test.send(login);
        const events = [octets.slice(0, split), octets.slice(split)].flatMap((chunk) =>
          test.client.push(chunk).map(inWords),
        );
        expect(events.filter((event) => event !== 'start-tls')).toEqual([
          'A1 NOOP OK',
          'A2 CAPABILITY OK',
          'send A3 STARTTLS⏎',
          'A3 STARTTLS OK',
          `fatal: ${injected}`,
          '→ logout',
          'A4 LOGIN dropped: imap-protocol',
        ]);
        expect(refusal(() => test.client.tlsStarted())).toContain('imap-state');
        expect(test.client.push(wire('', '* OK hi', 'A4 OK welcome'))).toEqual([]);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(400);
  });

  test('PREAUTH before TLS is refused where TLS is wanted', () => {
    expect(new ClientUnderTest(starttls).push('* PREAUTH welcome')).toEqual([
      'greeting',
      'fatal: the server says PREAUTH before TLS, and TLS could not begin any more',
      '→ logout',
    ]);
    expect(new ClientUnderTest({ transport: 'plain' }).push('* PREAUTH welcome')).toEqual([
      'greeting',
      '→ authenticated',
    ]);
  });

  test('a server that does not begin it leaves everything as it was', () => {
    const test = ClientUnderTest.in('not-authenticated', starttls);
    test.send({ name: 'STARTTLS' });
    expect(test.push('A1 NO not today')).toEqual(['A1 STARTTLS NO']);
    expect(refusal(() => test.client.send(login))).toContain('before TLS stands');
  });

  test('the transport has to be said', () => {
    expect(refusal(() => new ImapClient({} as ImapClientOptions))).toContain('usage');
  });
});

describe('capabilities', () => {
  test('are forgotten with LOGIN unless they come with it', () => {
    const toldAfter = (...lines: string[]) => {
      const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 LITERAL+');
      test.send(login);
      test.push(...lines);
      return test.client.capabilities && [...test.client.capabilities];
    };
    expect(toldAfter('A1 OK done')).toBeUndefined();
    expect(toldAfter('A1 OK [CAPABILITY IMAP4rev1 IDLE] done')).toEqual(['IMAP4REV1', 'IDLE']);
    expect(toldAfter('* CAPABILITY IMAP4rev1 MOVE', 'A1 OK done')).toEqual(['IMAP4REV1', 'MOVE']);
    expect(toldAfter('A1 NO wrong')).toEqual(['IMAP4REV1', 'LITERAL+']);
  });

  test('LOGINDISABLED is honoured', () => {
    const test = ClientUnderTest.in('not-authenticated', { transport: 'plain' }, 'IMAP4rev1 logindisabled');
    expect(refusal(() => test.client.send(login))).toContain('LOGINDISABLED');
  });

  test('UTF-8 counts from the ENABLED that says so, within one chunk', () => {
    const test = ClientUnderTest.in('authenticated', {}, 'IMAP4rev1 ENABLE UTF8=ACCEPT');
    test.send({ name: 'ENABLE', capabilities: ['UTF8=ACCEPT'] });
    const events = test.client.push(
      wire(
        '* LIST () "/" &ZeU-',
        '* ENABLED UTF8=ACCEPT',
        '* LIST () "/" &ZeU-',
        '* LIST () "/" "日"',
        'A1 OK done',
      ),
    );
    const names = events.flatMap((event) =>
      event.type === 'response' && event.response.type === 'LIST' ? [event.response.mailbox] : [],
    );
    expect(names).toEqual(['日', '&ZeU-', '日']);
    expect([...test.client.enabled]).toEqual(['UTF8=ACCEPT']);
    expect(test.send({ name: 'SELECT', mailbox: 'é' })).toBe('A2 SELECT "Ã©"⏎');
  });

  test('ENABLED that nobody asked for is a fault, and enables nothing', () => {
    const test = ClientUnderTest.in('not-authenticated', { transport: 'starttls' });
    expect(test.push('* ENABLED UTF8=ACCEPT')).toEqual(['ENABLED', 'fault: ENABLED came without ENABLE']);
    expect(test.client.enabled.size).toBe(0);
  });

  test('UIDONLY leaves no sequence numbers', () => {
    const test = ClientUnderTest.in('authenticated', {}, 'IMAP4rev1 ENABLE UIDONLY');
    test.send({ name: 'ENABLE', capabilities: ['UIDONLY'] });
    test.push('* ENABLED UIDONLY', 'A1 OK done');
    test.send(select);
    test.push('* 3 EXISTS', 'A2 OK done');
    for (const command of [fetch, search, { ...store, set: '$' } as const]) {
      expect(refusal(() => test.client.send(command))).toContain('UIDONLY');
    }
    expect(test.send(uidFetch)).toBe('A3 UID FETCH 1:3 FLAGS⏎');
    expect(test.push('* 2 UIDFETCH (FLAGS ())', '* VANISHED 3', 'A3 OK done')).toEqual([
      'UIDFETCH for A3',
      'VANISHED',
      'vanished ',
      'A3 UID FETCH OK',
    ]);
    expect(test.client.mailbox?.exists).toBe(2);
  });

  test('UNAUTHENTICATE undoes what was enabled', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send({ name: 'ENABLE', capabilities: ['UTF8=ACCEPT'] });
    test.push('* ENABLED UTF8=ACCEPT', 'A1 OK done');
    test.send({ name: 'UNAUTHENTICATE' });
    expect(test.push('A2 OK done')).toEqual([
      '→ not-authenticated',
      'capabilities forgotten',
      'A2 UNAUTHENTICATE OK',
    ]);
    expect(test.client.enabled.size).toBe(0);
  });
});

test('what waited behind UNAUTHENTICATE is written as nothing were enabled any more', () => {
  const test = ClientUnderTest.in('authenticated');
  test.send({ name: 'ENABLE', capabilities: ['UTF8=ACCEPT'] });
  test.push('* ENABLED UTF8=ACCEPT', 'A1 OK done');
  test.send({ name: 'UNAUTHENTICATE' });
  expect(test.send({ name: 'LOGIN', user: 'anna', password: 'ä' })).toBe('');
  expect(test.push('A2 OK done').at(-1)).toBe('send A3 LOGIN anna {2}⏎');
});

describe('COMPRESS', () => {
  test('octets behind the OK are not read where it waited for another command', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send(noop);
    expect(test.send({ name: 'COMPRESS', mechanism: 'DEFLATE' })).toBe('');
    test.send(noop);
    const behind = bytesFromUtf8('A3 OK no\r\n* LIST');
    const events = test.client.push(concatBytes([wire('A1 OK done', 'A2 OK active'), behind]));
    expect(events.map(inWords)).toEqual([
      'A1 NOOP OK',
      'send A2 COMPRESS DEFLATE⏎',
      'A2 COMPRESS OK',
      `start-compression DEFLATE ${behind.length}`,
      'send A3 NOOP⏎',
    ]);
    expect(test.push('* LIST () "/" INBOX', 'A3 OK done')).toEqual(['LIST', 'A3 NOOP OK']);
  });

  test('hands out what came behind, compressed', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send({ name: 'COMPRESS', mechanism: 'DEFLATE' });
    test.send(noop);
    const chunk = new Uint8Array([...wire('A1 OK begin'), 1, 2, 0x0d, 0x0a, 3]);
    const events = test.client.push(chunk);
    expect(events.map(inWords)).toEqual(['A1 COMPRESS OK', 'start-compression DEFLATE 5', 'send A2 NOOP⏎']);
    expect(events.find(({ type }) => type === 'start-compression')).toMatchObject({
      octets: new Uint8Array([1, 2, 0x0d, 0x0a, 3]),
    });
    expect(test.push('A2 OK done')).toEqual(['A2 NOOP OK']);
  });
});

describe('messages that come and go', () => {
  test('keep their UIDs', () => {
    const test = ClientUnderTest.in('selected');
    test.push('* 3 FETCH (UID 103)', '* 4 FETCH (UID 107 FLAGS ())', '* 9 FETCH (FLAGS () UID 130)');
    expect(test.push('* 3 EXPUNGE', '* 3 EXPUNGE', '* 1 EXPUNGE')).toEqual([
      'EXPUNGE',
      'expunged 3 uid 103',
      'EXPUNGE',
      'expunged 3 uid 107',
      'EXPUNGE',
      'expunged 1 uid undefined',
    ]);
    expect([test.client.mailbox?.sequenceOf(130), test.client.mailbox?.uidOf(6)]).toEqual([6, 130]);
    expect(test.push('* VANISHED (EARLIER) 1:102', '* VANISHED 129:131')).toEqual([
      'VANISHED',
      'VANISHED',
      'vanished 6=130',
    ]);
  });

  test('cannot contradict each other', () => {
    const test = ClientUnderTest.in('selected');
    expect(test.push('* 11 EXPUNGE')).toEqual(['EXPUNGE', 'fault: message 11 goes, of 10']);
    test.push('* 5 FETCH (UID 50)');
    expect(test.push('* 6 FETCH (UID 49)')).toEqual(['FETCH', 'fault: message 6 cannot have UID 49']);
    expect(test.push('* 3 EXISTS')).toEqual(['EXISTS', 'fault: EXISTS tells fewer messages than there were']);
    expect(test.client.mailbox?.exists).toBe(3);
  });

  test('do not go while sequence numbers are under way', () => {
    const test = ClientUnderTest.in('selected');
    test.send(fetch);
    expect(test.push('* 2 EXPUNGE')).toEqual([
      'EXPUNGE',
      'fault: EXPUNGE came while a command with sequence numbers was under way',
      'expunged 2 uid undefined',
    ]);
    expect(test.push('* VANISHED 2')).toContain(
      'fault: VANISHED came while a command with sequence numbers was under way',
    );
    expect(test.push('* VANISHED (EARLIER) 2')).toEqual(['VANISHED']);
  });

  test('stay as they are where the mailbox is examined', () => {
    const test = ClientUnderTest.in('authenticated');
    test.send({ name: 'EXAMINE', mailbox: 'INBOX' });
    test.push('* OK [CLOSED] .', 'A1 OK [READ-WRITE] done');
    expect(test.client.mailbox?.isReadOnly).toBe(true);
  });

  test('another UIDVALIDITY makes the UIDs worthless', () => {
    const test = ClientUnderTest.in('selected');
    test.push('* OK [UIDVALIDITY 1] .', '* 3 FETCH (UID 103)', '* OK [UIDVALIDITY 2] .');
    expect([test.client.mailbox?.uidOf(3), test.client.mailbox?.exists]).toEqual([undefined, 10]);
  });
});

describe('untagged data', () => {
  const list: ImapCommand = { name: 'LIST', reference: '', patterns: ['*'] };
  const status = (mailbox: string): ImapCommand => ({ name: 'STATUS', mailbox, items: ['MESSAGES'] });
  const body: ImapCommand = {
    name: 'FETCH',
    uid: true,
    set: [{ from: 7, to: '*' }],
    items: ['ENVELOPE', { item: 'BODY', section: { part: [1] } }],
  };
  const cases: [ImapCommand[], string, string | undefined][] = [
    [[fetch], '* 2 FETCH (FLAGS ())', 'A1'],
    [[fetch], '* 4 FETCH (FLAGS ())', undefined],
    [[fetch, { ...fetch, set: [{ from: 4, to: 9 }] }], '* 4 FETCH (FLAGS ())', 'A2'],
    [[{ ...fetch, set: [{ from: 12, to: '*' }] }], '* 10 FETCH (FLAGS ())', 'A1'],
    [[{ ...fetch, set: '$' }], '* 4 FETCH (FLAGS ())', 'A1'],
    [[body], '* 3 FETCH (UID 9 BODY[1] "x")', 'A1'],
    [[body], '* 3 FETCH (UID 6 BODY[1] "x")', undefined],
    [[body], '* 3 FETCH (UID 9 FLAGS (\\Seen))', undefined],
    [[body], '* 3 FETCH (UID 9 FLAGS (\\Seen) ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))', 'A1'],
    [[body, { ...store, uid: true }], '* 3 FETCH (UID 3 FLAGS (\\Seen))', 'A2'],
    [[fetch], '* 11 EXISTS', undefined],
    [[search], '* SEARCH 1 2', 'A1'],
    [[fetch], '* SEARCH 1 2', undefined],
    [[{ ...search, return: ['ALL'] }], '* ESEARCH (TAG "A1") ALL 1:3', 'A1'],
    [[uidSearch, uidSearch], '* ESEARCH (TAG "A2") UID ALL 1:3', 'A2'],
    [[uidSearch], '* ESEARCH UID ALL 1:3', undefined],
    [[list], '* LIST () "/" INBOX', 'A1'],
    [[list], '* LSUB () "/" INBOX', undefined],
    [[status('a'), status('Inbox')], '* STATUS INBOX (MESSAGES 3)', 'A2'],
    [[status('a')], '* STATUS INBOX (MESSAGES 3)', undefined],
    [[{ ...list, return: [{ status: ['MESSAGES'] }] }], '* STATUS INBOX (MESSAGES 3)', 'A1'],
    [[expunge], '* 2 EXPUNGE', 'A1'],
    [[noop], '* 2 EXPUNGE', undefined],
    [[{ name: 'MOVE', uid: true, set, mailbox: 'Old' }], '* OK [COPYUID 1 2 3] moved', 'A1'],
    [[{ name: 'MOVE', uid: true, set, mailbox: 'Old' }], '* VANISHED 2', 'A1'],
    [[{ ...uidFetch, changedSince: 3n, vanished: true }], '* VANISHED (EARLIER) 2', 'A1'],
    [[uidFetch], '* VANISHED 2', undefined],
    [[fetch, uidFetch], '* OK [INPROGRESS ("A2" 3 8)] working', 'A2'],
    [[fetch], '* OK still here', undefined],
    [[{ name: 'GETQUOTAROOT', mailbox: 'INBOX' }], '* QUOTA "" (STORAGE 10 512)', 'A1'],
    [[{ name: 'GETACL', mailbox: 'a' }], '* ACL b anna lrs', undefined],
  ];
  const titled = cases.map(([commands, line, tag]) => ({
    commands,
    line,
    tag,
    title: `under way ${commands.map(commandName).join(', ')}: ${line} answers ${tag}`,
  }));
  test.each(titled)('$title', ({ commands, line, tag }) => {
    const { client } = ClientUnderTest.in('selected');
    for (const command of commands) expect(client.send(command).octets).not.toEqual([]);
    const told = client.push(wire(line)).find(({ type }) => type === 'response');
    expect(told).toMatchObject({ type: 'response' });
    expect(told?.type === 'response' && told.tag).toBe(tag);
  });
});

describe('credentials', () => {
  test('are in no print, no event and no error', () => {
    const test = ClientUnderTest.in('not-authenticated');
    test.client.send({ name: 'LOGIN', user: 'anna', password: 'geh"eim' });
    const prints = [
      inspect(test.client, { depth: Infinity, showHidden: true }),
      JSON.stringify(test.client),
      String(test.client),
      ...test.push('* OK working', 'A1 NO wrong'),
    ];
    const bad: ImapCommand = { name: 'LOGIN', user: 'anna', password: 'geh\0eim\ud800' };
    const another = ClientUnderTest.in('not-authenticated');
    try {
      another.client.send(bad);
    } catch (error) {
      prints.push(inspect(error, { depth: Infinity }));
    }
    another.client.send({ name: 'NOOP' });
    prints.push(...another.client.end().map((event) => inspect(event, { depth: Infinity })));
    expect(prints.join('\n')).toContain('LOGIN');
    expect(prints.filter((print) => /geh|eim/.test(print))).toEqual([]);
  });
});
