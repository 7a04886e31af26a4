import { describe, expect, test } from 'vitest';
import type { Pop3Mailbox } from '../../src/pop3/mailbox.js';
import { Pop3Server } from '../../src/pop3/server.js';
import type { Pop3ServerEvent } from '../../src/pop3/server-events.js';
import type { Pop3ServerOptions } from '../../src/pop3/server-options.js';
import { errorCode } from '../crypto/support.js';
import { sent, wire } from '../support/pop3.js';

const messages = ['Subject: a\r\n\r\none\r\n.two\r\n\r\nthree\r\n', 'Subject: b\r\n\r\nwithout an end'];
const mailbox: Pop3Mailbox = {
  messages: messages.map((message, at) => ({ size: message.length, uid: `uid${at}` })),
  *retrieve(index) {
    const octets = wire(messages[index]!);
    for (let at = 0; at < octets.length; at += 3) yield octets.subarray(at, at + 3);
  },
};

function started(options: Partial<Pop3ServerOptions> = {}): Pop3Server {
  const server = new Pop3Server({ transport: 'tls', ...options });
  server.greet();
  return server;
}

function loggedIn(options: Partial<Pop3ServerOptions> = {}): Pop3Server {
  const server = started(options);
  server.push(wire('USER a\r\nPASS b\r\n'));
  server.accept(mailbox);
  return server;
}

const answer = (server: Pop3Server, line: string): string => sent(server.push(wire(`${line}\r\n`)));
const types = (events: readonly Pop3ServerEvent[]): string[] => events.map(({ type }) => type);

describe('logging in', () => {
  test('asks the caller, and what was sent ahead waits', () => {
    const server = started();
    const events = server.push(wire('USER kitarou\r\nPASS  two words \r\nSTAT\r\nQUIT\r\n'));
    expect(events.at(-1)).toEqual({ type: 'login', user: 'kitarou', password: ' two words ' });
    expect(sent(events)).toBe('+OK\r\n');
    const after = server.accept(mailbox);
    expect(sent(after)).toBe('+OK 2 messages\r\n+OK 2 62\r\n');
    expect(after.at(-1)).toEqual({ type: 'update', deleted: [] });
    expect(sent(server.updated(true))).toBe('+OK bye\r\n');
    expect(server.state).toBe('closed');
  });

  test('a refusal leaves the client to try again', () => {
    const server = started();
    server.push(wire('USER a\r\nPASS b\r\n'));
    expect(sent(server.refuse())).toBe('-ERR [AUTH] the name or the password is wrong\r\n');
    expect(answer(server, 'PASS b')).toBe('-ERR USER comes first\r\n');
    expect(answer(server, 'STAT')).toBe('-ERR STAT is not for this state\r\n');
  });

  test('without TLS no password is taken', () => {
    const server = started({ transport: 'stls', mechanisms: ['PLAIN'] });
    expect(answer(server, 'USER a')).toBe('-ERR passwords are taken under TLS only\r\n');
    expect(answer(server, 'AUTH PLAIN')).toBe('-ERR AUTH is taken under TLS only\r\n');
    expect(answer(server, 'CAPA')).not.toMatch(/^(USER|SASL)/m);
    expect(answer(started({ transport: 'plain' }), 'USER a')).toBe('+OK\r\n');
  });

  test('APOP where there is a timestamp', () => {
    const timestamp = '<1896.697170952@dbc.mtview.ca.us>';
    const digest = 'c4c9334bac560ecc979e58001b3e22fb';
    const server = new Pop3Server({ timestamp, transport: 'tls' });
    expect(sent(server.greet())).toBe(`+OK ready ${timestamp}\r\n`);
    expect(server.push(wire(`APOP mrose ${digest}\r\n`))).toEqual([
      { type: 'apop', user: 'mrose', digest, timestamp },
    ]);
    expect(answer(started(), `APOP mrose ${digest}`)).toBe('-ERR APOP is not offered\r\n');
    expect(errorCode(() => new Pop3Server({ transport: 'tls', timestamp: 'no msg-id' }))).toBe('usage');
  });

  test('AUTH goes through challenges', () => {
    const server = started({ mechanisms: ['CRAM-MD5', 'PLAIN'] });
    expect(server.push(wire('auth cram-md5\r\n'))).toEqual([
      { type: 'auth', mechanism: 'CRAM-MD5', initialResponse: undefined },
    ]);
    expect(sent(server.challenge(wire('<1>')))).toBe('+ PDE+\r\n');
    expect(server.push(wire('bWUgeA==\r\n'))).toEqual([{ type: 'auth-response', response: wire('me x') }]);
    expect(sent(server.accept(mailbox, 'welcome'))).toBe('+OK welcome\r\n');
  });

  test('AUTH with an initial response, empty ones too, cancelled, damaged, and not offered', () => {
    const server = started({ mechanisms: ['PLAIN'] });
    expect(server.push(wire('AUTH PLAIN =\r\n'))).toEqual([
      { type: 'auth', mechanism: 'PLAIN', initialResponse: wire('') },
    ]);
    server.challenge(wire(''));
    const cancelled = server.push(wire('*\r\n'));
    expect([types(cancelled), sent(cancelled)]).toEqual([
      ['auth-cancelled', 'send'],
      '-ERR the exchange was cancelled\r\n',
    ]);
    server.push(wire('AUTH PLAIN\r\n'));
    server.challenge(wire(''));
    expect(answer(server, '%')).toBe('-ERR a response of AUTH is no base64\r\n');
    expect(answer(server, 'AUTH LOGIN')).toBe('-ERR this mechanism is not offered\r\n');
    expect(answer(server, 'AUTH')).toBe('+OK\r\nPLAIN\r\n.\r\n');
  });
});

describe('who is refused', () => {
  test('without TLS nobody logs in by APOP, either', () => {
    const server = started({ transport: 'stls', timestamp: '<1@a.example>' });
    expect(answer(server, `APOP anna ${'0'.repeat(32)}`)).toBe('-ERR nobody logs in before TLS\r\n');
  });

  test('who is refused 20 times before he has logged in is sent away', () => {
    const server = started();
    const events = server.push(wire('\n'.repeat(100_000)));
    expect(events.filter(({ type }) => type === 'unparsed').length).toBeLessThanOrEqual(20);
    expect([events.some(({ type }) => type === 'close'), server.state]).toEqual([true, 'closed']);
    const inside = loggedIn();
    expect(types(inside.push(wire('RETR 99\r\n'.repeat(50))))).toEqual(Array(50).fill('send'));
  });

  test('a response that is too long ends its exchange', () => {
    const server = started({ mechanisms: ['PLAIN'], limits: { lineOctets: 40 } });
    server.push(wire('AUTH PLAIN\r\n'));
    server.challenge(wire(''));
    expect(types(server.push(wire(`${'a'.repeat(60)}\r\n`)))).toEqual(['auth-cancelled', 'send', 'unparsed']);
    expect(answer(server, 'QUIT')).toBe('+OK bye\r\n');
  });

  test('what cannot be said is refused before anything is decided', () => {
    const server = started();
    server.push(wire('USER a\r\nPASS b\r\n'));
    expect(errorCode(() => server.accept(mailbox, 'hi\r\n+OK evil'))).toBe('usage');
    expect(errorCode(() => server.refuse({ text: 'no\r\n' }))).toBe('usage');
    expect(sent(server.accept(mailbox))).toBe('+OK 2 messages\r\n');
    expect(errorCode(() => new Pop3Server({ transport: 'tls', greeting: 'x\r\ny' }))).toBe('usage');
  });
});

describe('the mailbox', () => {
  test('STAT, LIST and UIDL leave out what is deleted, RSET brings it back', () => {
    const server = loggedIn();
    expect(answer(server, 'DELE 1')).toBe('+OK\r\n');
    expect(answer(server, 'STAT')).toBe('+OK 1 28\r\n');
    expect(answer(server, 'LIST')).toBe('+OK\r\n2 28\r\n.\r\n');
    expect(answer(server, 'UIDL')).toBe('+OK\r\n2 uid1\r\n.\r\n');
    for (const line of ['DELE 1', 'RETR 1', 'TOP 1 0', 'LIST 1', 'UIDL 1', 'RETR 3'])
      expect(answer(server, line)).toMatch(/^-ERR/);
    expect(answer(server, 'RSET')).toBe('+OK\r\n');
    expect(answer(server, 'UIDL 1')).toBe('+OK 1 uid0\r\n');
    expect(answer(server, 'LIST 2')).toBe('+OK 2 28\r\n');
  });

  test('RETR stuffs dots and ends the last line', () => {
    const server = loggedIn();
    expect(answer(server, 'RETR 1')).toBe(
      '+OK 34 octets\r\nSubject: a\r\n\r\none\r\n..two\r\n\r\nthree\r\n.\r\n',
    );
    expect(answer(server, 'RETR 2')).toBe('+OK 28 octets\r\nSubject: b\r\n\r\nwithout an end\r\n.\r\n');
  });

  test.each([
    ['0', ''],
    ['1', 'one\r\n'],
    ['3', 'one\r\n..two\r\n\r\n'],
    ['9', 'one\r\n..two\r\n\r\nthree\r\n'],
  ])('TOP with %s lines', (lines, body) => {
    expect(answer(loggedIn(), `TOP 1 ${lines}`)).toBe(`+OK\r\nSubject: a\r\n\r\n${body}.\r\n`);
  });

  test('nothing of a message is asked for before it is written', () => {
    let asked = 0;
    const server = started();
    server.push(wire('USER a\r\nPASS b\r\n'));
    server.accept({
      messages: [{ size: 4, uid: 'a' }],
      *retrieve() {
        asked++;
        yield wire('a\r\n');
        asked++;
        yield wire('b');
      },
    });
    const [event] = server.push(wire('RETR 1\r\n'));
    const octets = (event as { octets: Iterable<Uint8Array> }).octets[Symbol.iterator]();
    expect(asked).toBe(0);
    octets.next();
    octets.next();
    expect(asked).toBe(1);
  });

  test('a list is of its own moment, whatever is deleted behind it before it is written', () => {
    const events = loggedIn().push(wire('LIST\r\nUIDL\r\nDELE 1\r\nLIST\r\nRSET\r\n'));
    expect(sent(events)).toBe(
      '+OK\r\n1 34\r\n2 28\r\n.\r\n+OK\r\n1 uid0\r\n2 uid1\r\n.\r\n+OK\r\n+OK\r\n2 28\r\n.\r\n+OK\r\n',
    );
  });

  test('no message is asked for before its turn', () => {
    let asked = 0;
    const server = started();
    server.push(wire('USER a\r\nPASS b\r\n'));
    server.accept({
      messages: [{ size: 3, uid: 'a' }],
      retrieve: () => {
        asked++;
        return [wire('a\r\n')];
      },
    });
    const events = server.push(wire('RETR 1\r\nTOP 1 0\r\nRETR 1\r\n'));
    expect(asked).toBe(0);
    sent(events.slice(0, 1));
    expect(asked).toBe(1);
  });

  test('messages are removed behind QUIT alone', () => {
    const server = loggedIn();
    server.push(wire('DELE 2\r\nDELE 1\r\n'));
    expect(server.push(wire('QUIT\r\n'))).toEqual([{ type: 'update', deleted: [0, 1] }]);
    const events = server.updated(false);
    expect(sent(events)).toBe('-ERR [SYS/TEMP] some deleted messages were not removed\r\n');
    expect(types(events)).toEqual(['send', 'close']);
    expect(server.push(wire('NOOP\r\n'))).toEqual([]);
    expect(types(started().push(wire('QUIT\r\n')))).toEqual(['send', 'close']);
  });
});

describe('STLS', () => {
  test('begins behind its answer; nobody logs in before it', () => {
    const server = started({ transport: 'stls' });
    expect(answer(server, 'CAPA')).toContain('STLS\r\n');
    expect(answer(server, 'USER a')).toMatch(/^-ERR/);
    const events = server.push(wire('STLS\r\n'));
    expect([sent(events), types(events)]).toEqual(['+OK begin TLS\r\n', ['send', 'start-tls']]);
    expect(server.tlsStarted()).toEqual([]);
    expect(answer(server, 'PASS b')).toBe('-ERR USER comes first\r\n');
    expect(answer(server, 'CAPA')).not.toContain('STLS');
    expect(answer(server, 'STLS')).toMatch(/^-ERR/);
  });

  test('octets behind its answer end the session, too', () => {
    const server = started({ transport: 'stls' });
    server.push(wire('STLS\r\n'));
    expect(types(server.push(wire('USER a\r\n')))).toEqual(['unparsed', 'close']);
    expect(errorCode(() => server.tlsStarted())).toBe('pop3-state');
  });

  test.each(['STLS\r\nUSER a\r\n', 'STLS\r\nUS'])('what stands behind it ends the session: %j', (text) => {
    const server = started({ transport: 'stls' });
    const events = server.push(wire(text));
    expect(types(events)).toEqual(['send', 'unparsed', 'close']);
    expect(sent(events)).toMatch(/^-ERR/);
    expect(server.state).toBe('closed');
  });

  test('not behind UTF8', () => {
    const server = started({ transport: 'stls', offersUtf8: true });
    expect(answer(server, 'UTF8')).toBe('+OK\r\n');
    expect(server.usesUtf8).toBe(true);
    expect(answer(server, 'STLS')).toMatch(/^-ERR/);
  });
});

describe('what else clients send', () => {
  test('CAPA in both states', () => {
    const options: Partial<Pop3ServerOptions> = {
      mechanisms: ['PLAIN'],
      offersUtf8: true,
      languages: [{ tag: 'de', description: 'Deutsch' }],
      capabilities: [{ name: 'EXPIRE', parameters: ['NEVER'] }],
    };
    expect(answer(started(options), 'CAPA')).toBe(
      '+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nUSER\r\nSASL PLAIN\r\nUTF8\r\nLANG\r\nEXPIRE NEVER\r\n.\r\n',
    );
    expect(answer(loggedIn(options), 'CAPA')).not.toMatch(/^(USER|SASL)/m);
  });

  test('LANG', () => {
    const languages = [
      { tag: 'de', description: 'Deutsch' },
      { tag: 'ja', description: '日本語' },
    ];
    const server = started({ languages });
    expect(answer(server, 'LANG JA')).toBe('+OK ja is used now\r\n');
    expect(answer(server, 'LANG *')).toBe('+OK de is used now\r\n');
    expect(answer(server, 'LANG xx')).toBe('-ERR this language is not known\r\n');
    expect(answer(server, 'LANG')).toBe(
      '+OK\r\nde Deutsch\r\nja \u00e6\u0097\u00a5\u00e6\u009c\u00ac\u00e8\u00aa\u009e\r\n.\r\n',
    );
    expect(answer(started(), 'LANG')).toBe('-ERR this command is not known\r\n');
  });

  test('lines that are none, and too long ones', () => {
    const server = started({ limits: { lineOctets: 20 } });
    expect(answer(server, 'XTND XLST')).toBe('-ERR this command is not known\r\n');
    expect(answer(server, 'RETR x')).toMatch(/^-ERR a number/);
    expect(answer(server, `USER ${'a'.repeat(30)}`)).toMatch(/^-ERR a line of more than 20 octets/);
    expect(sent(server.push(wire('NOOP\n')))).toBe('-ERR NOOP is not for this state\r\n');
    const strict = started({ quirks: { 'bare-lf-line': false } });
    expect(sent(strict.push(wire('CAPA\n')))).toBe('-ERR a line ends in LF without CR\r\n');
  });

  test('more than a server keeps', () => {
    const server = started({ limits: { pipelinedOctets: 100 } });
    server.push(wire('USER a\r\nPASS b\r\n'));
    expect(errorCode(() => server.push(wire('NOOP\r\n'.repeat(50))))).toBe('limit-octets');
  });

  test('answers that nobody asked for are the caller’s fault', () => {
    const server = started();
    for (const call of [
      () => server.accept(mailbox),
      () => server.refuse(),
      () => server.challenge(wire('')),
      () => server.updated(true),
      () => server.tlsStarted(),
      () => server.greet(),
      () => new Pop3Server({ transport: 'tls' }).push(wire('')),
    ])
      expect(errorCode(call)).toBe('pop3-state');
  });
});
