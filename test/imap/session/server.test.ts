import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { encodeBase64 } from '../../../src/encoding/base64.js';
import { ImapServer } from '../../../src/imap/session/server.js';
import type { ImapServerEvent } from '../../../src/imap/session/server-events.js';
import type { ImapServerOptions } from '../../../src/imap/session/server-options.js';
import { createSaslClient } from '../../../src/sasl/client.js';
import { createSaslServer } from '../../../src/sasl/server.js';
import { expectLinear } from '../../support/linear-time.js';

const octets = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const written = (events: readonly ImapServerEvent[]) =>
  events
    .flatMap((event) => (event.type === 'send' ? event.octets : []))
    .map((piece) => Buffer.from(piece).toString('latin1'))
    .join('');
/** What happened beside writing, in short. */
const told = (events: readonly ImapServerEvent[]) =>
  events.flatMap((event) => {
    switch (event.type) {
      case 'send':
        return [];
      case 'command':
        return [`${event.tag} ${event.name}`];
      case 'state':
        return [`→ ${event.state}`];
      case 'refused':
        return [`refused ${event.tag ?? '*'} ${event.outcome}`];
      case 'authenticate':
        return [`${event.tag} AUTHENTICATE ${event.mechanism}`];
      default:
        return [event.type];
    }
  });

function server(options: Partial<ImapServerOptions> = {}): ImapServer {
  const made = new ImapServer({ transport: 'tls', capabilities: ['IDLE'], ...options });
  made.greet();
  return made;
}

function loggedIn(options: Partial<ImapServerOptions> = {}): ImapServer {
  const made = server(options);
  made.push(octets('l LOGIN anna secret\r\n'));
  made.done('l', 'OK', 'welcome');
  return made;
}

function selected(options: Partial<ImapServerOptions> = {}): ImapServer {
  const made = loggedIn(options);
  made.push(octets('s SELECT INBOX\r\n'));
  made.done('s', 'OK', 'selected', { code: 'READ-WRITE' });
  return made;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error.code;
  }
}

describe('the greeting', () => {
  test('tells the capabilities', () => {
    const made = new ImapServer({ transport: 'tls', capabilities: ['IDLE'], mechanisms: ['plain'] });
    const events = made.greet('hello');
    expect(written(events)).toBe(
      '* OK [CAPABILITY IMAP4rev1 LITERAL+ ENABLE SASL-IR AUTH=PLAIN IDLE] hello\r\n',
    );
    expect(told(events)).toEqual(['→ not-authenticated']);
    expect(codeOf(() => made.greet())).toBe('imap-state');
  });

  test('PREAUTH and BYE', () => {
    const preauth = new ImapServer({ transport: 'plain' });
    const events = preauth.greet('hello', 'PREAUTH');
    expect(written(events)).toBe('* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+ ENABLE] hello\r\n');
    expect(preauth.state).toBe('authenticated');
    expect(codeOf(() => new ImapServer({ transport: 'starttls' }).greet('', 'PREAUTH'))).toBe('imap-state');
    const bye = new ImapServer({ transport: 'plain' });
    const last = bye.greet('too busy', 'BYE');
    expect([written(last), told(last)]).toEqual(['* BYE too busy\r\n', ['→ logout', 'closed']]);
  });

  test('comes first', () => {
    expect(codeOf(() => new ImapServer({ transport: 'tls' }).push(octets('a NOOP\r\n')))).toBe('imap-state');
  });
});

describe('commands', () => {
  test('come one after the other, however many the client sends at once', () => {
    const made = server();
    const first = made.push(
      octets('a LOGIN anna secret\r\nb SELECT INBOX\r\nc FETCH 1 FLAGS\r\nd LOGOUT\r\n'),
    );
    expect(told(first)).toEqual(['a LOGIN']);
    expect(made.isWaiting).toBe(false);
    const second = made.done('a', 'OK', 'welcome');
    expect(written(second)).toBe('a OK [CAPABILITY IMAP4rev1 LITERAL+ ENABLE IDLE] welcome\r\n');
    expect(told(second)).toEqual(['→ authenticated', 'b SELECT']);
    const third = made.done('b', 'OK', 'selected', { code: 'READ-ONLY' });
    expect([written(third), told(third)]).toEqual([
      'b OK [READ-ONLY] selected\r\n',
      ['→ selected', 'c FETCH'],
    ]);
    const last = made.done('c', 'OK', 'fetched');
    expect(written(last)).toBe('c OK fetched\r\n* BYE Logging out\r\nd OK LOGOUT completed\r\n');
    expect(told(last)).toEqual(['→ logout', 'closed']);
    expect(made.push(octets('e NOOP\r\n'))).toEqual([]);
  });

  test('are the same at every split', () => {
    const session = 'a LOGIN anna {6}\r\nsecret\r\nb IDLE\r\nDONE\r\nc LIST "" {1+}\r\n*\r\nd LOGOUT\r\n';
    const outcomes = new Set<string>();
    for (let at = 1; at < session.length; at++) {
      const made = server();
      const events: ImapServerEvent[] = [];
      for (const piece of [session.slice(0, at), session.slice(at)]) {
        for (let next = made.push(octets(piece)); next.length > 0; ) {
          events.push(...next);
          const command = next.find((event) => event.type === 'command' && event.name !== 'IDLE');
          next = command?.type === 'command' ? made.done(command.tag, 'OK', 'done') : [];
        }
      }
      outcomes.add(`${written(events)}\n${told(events).join('\n')}`);
    }
    expect([...outcomes]).toEqual([
      [
        '+ OK\r\na OK [CAPABILITY IMAP4rev1 LITERAL+ ENABLE IDLE] done\r\n+ idling\r\nb OK IDLE completed\r\n' +
          'c OK done\r\n* BYE Logging out\r\nd OK LOGOUT completed\r\n',
        'a LOGIN\n→ authenticated\nb IDLE\nidle-ended\nc LIST\n→ logout\nclosed',
      ].join('\n'),
    ]);
  });

  test.each([
    ['x SELECT INBOX', 'BAD', 'x BAD SELECT cannot be said in state not-authenticated'],
    ['x FETCH 1 FLAGS', 'BAD', 'x BAD FETCH cannot be said in state not-authenticated'],
    ['x STARTTLS', 'BAD', 'x BAD STARTTLS is not offered here'],
    ['x AUTHENTICATE PLAIN', 'NO', 'x NO The mechanism is not offered'],
    ['x FETCH', 'BAD', 'x BAD The command cannot be read'],
    ['x LOGIN "sec', 'BAD', 'x BAD The command cannot be read'],
    ['', 'BAD', '* BAD The command cannot be read'],
  ])('%j is refused before login', (command, outcome, answer) => {
    const events = server().push(octets(`${command}\r\n`));
    expect(written(events)).toBe(`${answer}\r\n`);
    expect(told(events)).toEqual([`refused ${answer.split(' ')[0]} ${outcome}`]);
  });

  test('of UIDs are not those of sequence numbers once UIDONLY is enabled', () => {
    const made = loggedIn({ enableable: ['UIDONLY'] });
    made.push(octets('e ENABLE UIDONLY\r\ns SELECT INBOX\r\n'));
    made.done('s', 'OK', 'selected');
    expect(written(made.push(octets('f FETCH 1 FLAGS\r\n')))).toBe(
      'f BAD [UIDREQUIRED] UIDs are wanted here\r\n',
    );
    // RFC 9586 §3: what is answered by sequence numbers names none.
    expect(written(made.push(octets('g SEARCH UNSEEN\r\n')))).toBe(
      'g BAD [UIDREQUIRED] UIDs are wanted here\r\n',
    );
    expect(told(made.push(octets('u UID FETCH 1 FLAGS\r\n')))).toEqual(['u UID FETCH']);
  });

  test('a SELECT that fails leaves no mailbox selected', () => {
    const made = selected();
    made.push(octets('a SELECT Nowhere\r\n'));
    expect(told(made.done('a', 'NO', 'no such mailbox'))).toEqual(['→ authenticated']);
    made.push(octets('b SELECT INBOX\r\n'));
    made.done('b', 'OK', 'selected');
    made.push(octets('c CLOSE\r\n'));
    expect(told(made.done('c', 'OK', 'closed'))).toEqual(['→ authenticated']);
  });

  test('CLOSED stands between two mailboxes once that may be told', () => {
    const made = loggedIn({ enableable: ['QRESYNC'] });
    const enabled = made.push(octets('e ENABLE qresync X-WHAT\r\n'));
    expect(written(enabled)).toBe('* ENABLED QRESYNC\r\ne OK ENABLE completed\r\n');
    made.push(octets('a SELECT INBOX\r\n'));
    made.done('a', 'OK', 'selected');
    expect(written(made.push(octets('b SELECT Other\r\n')))).toBe('* OK [CLOSED] Mailbox closed\r\n');
  });

  test('UTF8=ACCEPT changes how names are read and written', () => {
    const made = loggedIn({ enableable: ['UTF8=ACCEPT'] });
    const name = Buffer.from('Entwürfe').toString('latin1');
    const events = made.push(octets(`e ENABLE UTF8=ACCEPT\r\ns SELECT "${name}"\r\n`));
    const select = events.at(-1);
    expect(select?.type === 'command' && select.command).toMatchObject({ mailbox: 'Entwürfe' });
    const list = made.respond({ type: 'LIST', attributes: [], delimiter: '/', mailbox: 'Entwürfe' });
    expect(Buffer.from(list).toString()).toBe('* LIST () "/" "Entwürfe"\r\n');
  });
});

describe('what the caller may say', () => {
  test('no EXPUNGE while numbers have to stay', () => {
    const made = selected();
    const expunge = () => made.respond({ type: 'EXPUNGE', number: 1 });
    expect(codeOf(expunge)).toBe('imap-state');
    made.push(octets('f FETCH 1 FLAGS\r\n'));
    expect(codeOf(expunge)).toBe('imap-state');
    made.done('f', 'OK', 'fetched');
    made.push(octets('n NOOP\r\n'));
    expect(Buffer.from(expunge()).toString()).toBe('* 1 EXPUNGE\r\n');
  });

  test('no tagged response but by done, which ends the command that is there', () => {
    const made = selected();
    expect(codeOf(() => made.done('x', 'OK', 'what'))).toBe('imap-state');
    made.push(octets('n NOOP\r\n'));
    expect(codeOf(() => made.respond({ type: 'OK', tag: 'n', code: undefined, text: 'x' }))).toBe('usage');
    expect(codeOf(() => made.done('n', 'OK', 'two\r\nlines'))).toBe('usage');
    expect(written(made.done('n', 'OK', 'one line'))).toBe('n OK one line\r\n');
  });

  test('bye, at any time', () => {
    const made = selected();
    made.push(octets('n NOOP\r\n'));
    const events = made.bye('shutting down', { code: 'UNAVAILABLE' });
    expect(written(events)).toBe('* BYE [UNAVAILABLE] shutting down\r\n');
    expect(told(events)).toEqual(['→ logout', 'closed']);
    expect(codeOf(() => made.done('n', 'OK', 'done'))).toBe('imap-state');
  });

  test('changes while the client idles', () => {
    const made = selected();
    const events = made.push(octets('i IDLE\r\n'));
    expect([written(events), told(events)]).toEqual(['+ idling\r\n', ['i IDLE']]);
    expect(Buffer.from(made.respond({ type: 'EXPUNGE', number: 2 })).toString()).toBe('* 2 EXPUNGE\r\n');
    expect(codeOf(() => made.done('i', 'OK', 'done'))).toBe('imap-state');
    const ended = made.push(octets('done\r\nn NOOP\r\n'));
    expect([written(ended), told(ended)]).toEqual(['i OK IDLE completed\r\n', ['idle-ended', 'n NOOP']]);
  });

  test('IDLE is ended by nothing else than DONE', () => {
    const events = (() => {
      const made = selected();
      made.push(octets('i IDLE\r\n'));
      return made.push(octets('n NOOP\r\n'));
    })();
    expect([written(events), told(events)]).toEqual([
      'i BAD IDLE is ended by DONE\r\n',
      ['idle-ended', 'refused i BAD'],
    ]);
  });
});

describe('TLS', () => {
  const made = () => server({ transport: 'starttls', mechanisms: ['PLAIN'] });

  test('has to stand before anybody logs in', () => {
    const session = made();
    expect(session.capabilities).toEqual([
      'IMAP4rev1',
      'LITERAL+',
      'ENABLE',
      'SASL-IR',
      'STARTTLS',
      'LOGINDISABLED',
      'IDLE',
    ]);
    expect(written(session.push(octets('a LOGIN anna secret\r\n')))).toBe(
      'a NO [PRIVACYREQUIRED] LOGIN needs TLS first\r\n',
    );
    expect(written(session.push(octets('b AUTHENTICATE PLAIN\r\n')))).toBe(
      'b NO [PRIVACYREQUIRED] AUTHENTICATE needs TLS first\r\n',
    );
    const begun = session.push(octets('c STARTTLS\r\n'));
    expect([written(begun), told(begun)]).toEqual(['c OK Begin TLS now\r\n', ['start-tls']]);
    session.tlsStarted();
    expect(session.capabilities).toContain('AUTH=PLAIN');
    expect(told(session.push(octets('d LOGIN anna secret\r\n')))).toEqual(['d LOGIN']);
    expect(codeOf(() => session.tlsStarted())).toBe('imap-state');
  });

  test('does not begin with what somebody put behind STARTTLS', () => {
    for (const pieces of [
      ['c STARTTLS\r\nd LOGIN eve evil\r\n'],
      ['c STARTTLS\r\n', 'd LOGIN eve evil\r\n'],
      ['c STARTTLS\r\nd'],
    ]) {
      const session = made();
      const events = pieces.flatMap((piece) => session.push(octets(piece)));
      const closed = events.at(-1);
      expect(closed?.type === 'closed' && closed.error?.code).toBe('imap-state');
      expect([session.state, session.isEncrypted]).toEqual(['logout', false]);
      expect(told(events).filter((event) => event.includes('LOGIN'))).toEqual([]);
    }
  });
});

describe('AUTHENTICATE', () => {
  const accounts = { account: (user: string) => (user === 'anna' ? { password: 'sesam' } : undefined) };
  const names = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'];

  /** Plays a client's exchange; gives everything that the server told and wrote. */
  async function play(mechanism: string, password: string, isInitial: boolean) {
    const made = server({ mechanisms: names });
    const client = createSaslClient(mechanism, { user: 'anna', password });
    const initial = isInitial && client.isClientFirst ? ` ${encodeBase64(await client.respond())}` : '';
    const all: ImapServerEvent[] = made.push(
      octets(`a AUTHENTICATE ${mechanism.toLowerCase()}${initial}\r\n`),
    );
    let next = await made.authenticate('a', createSaslServer(mechanism, accounts));
    for (;;) {
      all.push(...next);
      const line = /^\+ (.*)\r\n$/.exec(written(next));
      if (line !== null) {
        const challenge = new Uint8Array(Buffer.from(line[1]!, 'base64'));
        const said = made.push(octets(`${encodeBase64(await client.respond(challenge))}\r\n`));
        expect(told(said)).toEqual(['sasl-response']);
        next = await made.proceed('a');
      } else if (next.some((event) => event.type === 'authenticated')) next = made.done('a', 'OK', 'welcome');
      else return { made, all };
    }
  }

  test.each(names)('%s, with and without an initial response', async (mechanism) => {
    for (const isInitial of [true, false]) {
      const { made, all } = await play(mechanism, 'sesam', isInitial);
      expect(all.find((event) => event.type === 'authenticated')).toMatchObject({
        identity: { user: 'anna', actingAs: 'anna' },
      });
      expect(written(all)).toMatch(/a OK \[CAPABILITY IMAP4rev1 LITERAL\+ ENABLE IDLE\] welcome\r\n$/);
      expect(made.state).toBe('authenticated');

      const wrong = await play(mechanism, 'wrong', isInitial);
      expect(written(wrong.all)).toMatch(/a NO \[AUTHENTICATIONFAILED\] authentication failed\r\n$/);
      expect(wrong.made.state).toBe('not-authenticated');
    }
  });

  test('is cancelled by "*", and by what is not base64', async () => {
    for (const [line, answer] of [
      ['*', 'a BAD the client cancelled the exchange\r\n'],
      ['!!', 'a BAD the response is not base64\r\n'],
    ]) {
      const made = server({ mechanisms: names });
      made.push(octets('a AUTHENTICATE PLAIN\r\n'));
      await made.authenticate('a', createSaslServer('PLAIN', accounts));
      const events = made.push(octets(`${line}\r\nb NOOP\r\n`));
      expect([written(events), told(events)]).toEqual([answer, ['refused a BAD', 'b NOOP']]);
    }
  });

  test('is refused where the mechanism cannot read the client', async () => {
    const made = server({ mechanisms: names });
    made.push(octets(`a AUTHENTICATE PLAIN ${encodeBase64(octets('what'))}\r\n`));
    const events = await made.authenticate('a', createSaslServer('PLAIN', accounts));
    expect(told(events)).toEqual(['refused a BAD']);
    expect(written(events)).toMatch(/^a BAD /);
  });

  test('lets the command behind it be carried out where it was refused so', async () => {
    const made = server({ mechanisms: names });
    made.push(octets('a AUTHENTICATE PLAIN AAAA\r\nb NOOP\r\n'));
    expect(told(await made.authenticate('a', createSaslServer('PLAIN', accounts)))).toEqual([
      'refused a BAD',
      'b NOOP',
    ]);
    made.done('b', 'OK', 'done');
    made.push(octets('c AUTHENTICATE PLAIN\r\n'));
    await made.authenticate('c', createSaslServer('PLAIN', accounts));
    expect(told(made.push(octets('AAAA\r\nd NOOP\r\n')))).toEqual(['sasl-response']);
    expect(told(await made.proceed('c'))).toEqual(['refused c BAD', 'd NOOP']);
  });

  test('lets nobody in whom the mechanism did not prove', () => {
    const made = server({ mechanisms: names });
    expect(told(made.push(octets('a AUTHENTICATE PLAIN\r\n')))).toEqual(['a AUTHENTICATE PLAIN']);
    expect(codeOf(() => made.done('a', 'OK', 'welcome'))).toBe('imap-state');
    expect(written(made.done('a', 'NO', 'not today'))).toBe('a NO not today\r\n');
  });
});

describe('limits', () => {
  test('a literal before login is small', () => {
    const made = server();
    const events = made.push(octets('a LOGIN {5000}\r\n'));
    expect(written(events)).toBe('a BAD [TOOBIG] The command cannot be read\r\n');
    expect(told(made.push(octets('b LOGIN anna secret\r\n')))).toEqual(['b LOGIN']);
  });

  test('after login it is as large as the options have it', () => {
    const made = loggedIn({ limits: { literalOctets: 10_000 } });
    expect(written(made.push(octets('a APPEND INBOX {10000}\r\n')))).toBe('+ OK\r\n');
    const [append] = made.push(octets(`${'x'.repeat(10_000)}\r\n`));
    expect(append?.type === 'command' && append.name).toBe('APPEND');
    made.done('a', 'OK', 'appended');
    expect(written(made.push(octets('b APPEND INBOX {10001}\r\n')))).toMatch(/^b BAD \[TOOBIG\]/);
  });

  test('who is refused 20 times before login is sent away', () => {
    const made = server();
    const events = made.push(octets('x FETCH\r\n'.repeat(30)));
    expect(written(events).split('\r\n').slice(-2)[0]).toBe('* BYE Too much was refused');
    expect(told(events).filter((event) => event.startsWith('refused')).length).toBe(20);
    expect(made.state).toBe('logout');
  });

  test('who sends more than is kept while a command is carried out is sent away', () => {
    for (const [options, chunk, most] of [
      [{}, new Uint8Array(65_536), 16],
      [{}, new Uint8Array(1), 4096],
      [{ pipelinedOctets: 1000 }, new Uint8Array(500), 2],
    ] as const) {
      const made = server(options);
      made.push(octets('a LOGIN x y\r\n'));
      for (let count = 0; count < most; count++) expect(made.push(chunk)).toEqual([]);
      const events = made.push(chunk);
      expect(written(events)).toBe('* BYE Too much was sent ahead\r\n');
      expect(events.at(-1)).toMatchObject({ type: 'closed', error: { code: 'limit-octets', fault: 'peer' } });
      expect(made.push(chunk)).toEqual([]);
    }
  });

  test('what was read does not count as sent ahead, nor what comes while no command is carried out', () => {
    const made = loggedIn({ pipelinedOctets: 600 });
    expect(told(made.push(octets('n NOOP\r\n'.repeat(1000))))).toEqual(['n NOOP']);
    for (let count = 1; count < 1000; count++) expect(told(made.done('n', 'OK', 'done'))).toEqual(['n NOOP']);
    for (let count = 0; count < 100; count++) {
      made.push(octets('n NOOP\r\n'));
      expect(told(made.done('n', 'OK', 'done'))).toEqual(['n NOOP']);
    }
    expect(made.done('n', 'OK', 'done').map(({ type }) => type)).toEqual(['send']);
  });

  test('many commands in one chunk cost no more each', () => {
    expectLinear((count) => {
      const sent = octets('i IDLE\r\nDONE\r\ne CHECK\r\n'.repeat(count));
      return () => {
        const made = selected();
        let events = made.push(sent);
        let done = 0;
        while (events.some((event) => event.type === 'command' && event.name === 'CHECK')) {
          done++;
          events = made.done('e', 'OK', 'checked');
        }
        if (done !== count) throw new Error(`${done} commands came, not ${count}`);
      };
    }, 1000);
  });
});

test('what the session answers by itself costs no more each, however many there are', () => {
  for (const [begin, line, answers] of [
    [server, 'a CAPABILITY\r\n', 2],
    [loggedIn, 'a ENABLE X\r\n', 2],
    [selected, 'a SELECT\r\n', 1],
  ] as const) {
    expectLinear((count) => {
      const sent = octets(line.repeat(count));
      return () => {
        const sends = begin()
          .push(sent)
          .flatMap((event) => (event.type === 'send' ? event.octets : []));
        if (sends.length !== count * answers) throw new Error(`${sends.length} answers to ${count}`);
      };
    }, 1500);
  }
});

test('large messages are handed out as they come, in their turn', () => {
  const made = loggedIn({ literals: { streamFrom: 5000 } });
  const busy = made.push(octets(`n NOOP\r\na APPEND INBOX {6000+}\r\n${'x'.repeat(4000)}`));
  expect(told(busy)).toEqual(['n NOOP']);
  const begun = [...made.push(octets('y'.repeat(2000))), ...made.done('n', 'OK', 'done')];
  const ended = made.push(octets('\r\n'));
  const pieces = [...begun, ...ended].flatMap((event) =>
    event.type === 'literal-data' ? [Buffer.from(event.octets).toString()] : [],
  );
  expect(pieces.join('')).toBe('x'.repeat(4000) + 'y'.repeat(2000));
  const append = ended.at(-1);
  expect(append?.type === 'command' && append.command).toMatchObject({
    name: 'APPEND',
    messages: [{ message: { literal: 1 } }],
  });
});

test('behind COMPRESS nothing is read that is not inflated', () => {
  const made = loggedIn();
  const [compress] = made.push(octets('c COMPRESS DEFLATE\r\nabc'));
  expect(compress).toMatchObject({ type: 'command', command: { name: 'COMPRESS', mechanism: 'DEFLATE' } });
  made.push(octets('def'));
  const events = made.done('c', 'OK', 'DEFLATE active');
  expect(written(events)).toBe('c OK DEFLATE active\r\n');
  const begun = events.at(-1);
  expect(begun?.type === 'start-compression' && Buffer.from(begun.octets).toString()).toBe('abcdef');
  expect(told(made.push(octets('n NOOP\r\n')))).toEqual(['n NOOP']);
});

test('secrets are in no event but the command itself, and nothing prints them', () => {
  const made = server();
  const secret = 'tanstaaf';
  made.push(octets(`a LOGIN anna ${secret}\r\n`));
  expect(inspect(made, { depth: 9, showHidden: true })).not.toContain(secret);
  expect(JSON.stringify(made)).toBe(
    '{"state":"not-authenticated","isEncrypted":true,"capabilities":["IMAP4rev1","LITERAL+","ENABLE","SASL-IR","IDLE"],"enabled":[],"running":{"tag":"a","name":"LOGIN"}}',
  );
  made.done('a', 'NO', 'no');
  const refused = made.push(octets(`b LOGIN anna ${secret} ${secret}\r\n`));
  expect(inspect(refused, { depth: 9 })).not.toContain(secret);
  expect(told(refused)).toEqual(['refused b BAD']);
});

test('options that are none are refused', () => {
  expect(codeOf(() => new ImapServer({ transport: 'tcp' as 'tls' }))).toBe('usage');
  expect(codeOf(() => new ImapServer({ transport: 'tls', capabilities: ['A B'] }))).toBe('usage');
  expect(codeOf(() => new ImapServer({ transport: 'tls', pipelinedOctets: -1 }))).toBe('usage');
  expect(codeOf(() => new ImapServer({ transport: 'tls', limitsBeforeLogin: { depth: -1 } }))).toBe('usage');
});
