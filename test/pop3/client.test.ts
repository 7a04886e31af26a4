import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { Pop3Client } from '../../src/pop3/client.js';
import type { Pop3Command } from '../../src/pop3/command.js';
import { errorCode } from '../crypto/support.js';
import { logIn, settled, unwire, wire } from '../support/pop3.js';

const user: Pop3Command = { name: 'USER', user: 'kitarou' };

test('what the octets travel in has to be said', () => {
  for (const options of [undefined, {}, { transport: 'ssl' }]) {
    expect(errorCode(() => new Pop3Client(options as never))).toBe('usage');
  }
});

describe('what may be sent', () => {
  test('nothing before the greeting', () => {
    expect(errorCode(() => new Pop3Client({ transport: 'tls' }).send(user))).toBe('pop3-state');
  });

  test('nothing after a greeting that refuses', () => {
    const client = new Pop3Client({ transport: 'tls' });
    expect(settled(client.push(wire('-ERR [SYS/TEMP] busy\r\n')))).toEqual([
      ['-ERR', 'SYS/TEMP', 'busy'],
      ['state', 'closed'],
      'end',
    ]);
    expect(errorCode(() => client.send({ name: 'CAPA' }))).toBe('pop3-state');
  });

  test('the mailbox’s commands behind logging in, and USER before it only', () => {
    const client = new Pop3Client({ transport: 'tls' });
    client.push(wire('+OK\r\n'));
    expect(errorCode(() => client.send({ name: 'STAT' }))).toBe('pop3-state');
    const fresh = new Pop3Client({ transport: 'tls' });
    logIn(fresh);
    expect(fresh.state).toBe('transaction');
    expect(errorCode(() => fresh.send(user))).toBe('pop3-state');
    expect(unwire(fresh.send({ name: 'STAT' }))).toBe('STAT\r\n');
  });

  test('no credentials before TLS, unless the caller says so', () => {
    const commands: Pop3Command[] = [
      user,
      { name: 'PASS', password: 'geheim' },
      { name: 'AUTH', mechanism: 'PLAIN' },
    ];
    for (const command of commands) {
      const client = new Pop3Client({ transport: 'stls' });
      client.push(wire('+OK\r\n'));
      expect(errorCode(() => client.send(command))).toBe('pop3-state');
      const careless = new Pop3Client({ transport: 'plain' });
      careless.push(wire('+OK\r\n'));
      expect(errorCode(() => careless.send(command))).toBeUndefined();
    }
  });

  test('no password in an error', () => {
    const client = new Pop3Client({ transport: 'stls' });
    client.push(wire('+OK\r\n'));
    for (const password of ['geheim', 'geheim\r\nDELE 1']) {
      try {
        client.send({ name: 'PASS', password });
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(MailsealError);
        expect(String(error)).not.toContain('geheim');
      }
    }
  });

  test('APOP only where it is allowed', () => {
    const digest = 'c4c9334bac560ecc979e58001b3e22fb';
    const greeting = wire('+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n');
    const client = new Pop3Client({ transport: 'tls' });
    client.push(greeting);
    expect(errorCode(() => client.send({ name: 'APOP', user: 'mrose', digest }))).toBe('pop3-state');
    const old = new Pop3Client({ transport: 'tls', allowApop: true });
    old.push(greeting);
    expect(old.timestamp).toBe('<1896.697170952@dbc.mtview.ca.us>');
    expect(unwire(old.send({ name: 'APOP', user: 'mrose', digest }))).toBe(`APOP mrose ${digest}\r\n`);
  });

  test('several commands at once where PIPELINING was announced in this state', () => {
    const client = new Pop3Client({ transport: 'tls' });
    logIn(client);
    client.send({ name: 'STAT' });
    expect(errorCode(() => client.send({ name: 'LIST' }))).toBe('pop3-state');
    client.push(wire('+OK 2 320\r\n'));
    client.send({ name: 'CAPA' });
    client.push(wire('+OK\r\nPIPELINING\r\n.\r\n'));
    client.send({ name: 'STAT' });
    client.send({ name: 'LIST' });
    client.send({ name: 'RETR', message: 2 });
    const events = client.push(wire('+OK 2 320\r\n+OK\r\n1 120\r\n2 200\r\n.\r\n+OK\r\n..\r\n.\r\n'));
    expect(settled(events)).toEqual([
      ['+OK', '2 320'],
      { type: 'mailbox', messages: 2, size: 320 },
      'end',
      ['+OK', ''],
      { type: 'listing', message: 1, size: 120 },
      { type: 'listing', message: 2, size: 200 },
      'end',
      ['+OK', ''],
      ['message', '.\r\n'],
      'end',
    ]);
  });

  test('the same command twice is two commands', () => {
    const client = new Pop3Client({ transport: 'tls' });
    logIn(client);
    client.send({ name: 'CAPA' });
    client.push(wire('+OK\r\nPIPELINING\r\n.\r\n'));
    const noop: Pop3Command = { name: 'NOOP' };
    client.send(noop);
    client.send(noop);
    client.push(wire('+OK\r\n'));
    client.send({ name: 'QUIT' });
    client.push(wire('+OK\r\n'));
    expect(client.state).toBe('transaction');
    client.push(wire('+OK\r\n'));
    expect(client.state).toBe('closed');
  });

  test('nothing that is no command, and none in the guise of an unknown one', () => {
    for (const none of [undefined, {}, { name: 'user' }, { name: 'constructor' }, { name: 'XTND' }]) {
      const client = new Pop3Client({ transport: 'tls' });
      client.push(wire('+OK\r\n'));
      expect(errorCode(() => client.send(none as never))).toBe('usage');
    }
    const client = new Pop3Client({ transport: 'stls' });
    client.push(wire('+OK\r\n'));
    for (const keyword of ['PASS', 'retr']) {
      expect(errorCode(() => client.send({ name: 'other', keyword, text: '1' }))).toBe('usage');
    }
    expect(unwire(client.send({ name: 'other', keyword: 'XTND', text: 'XLST' }))).toBe('XTND XLST\r\n');
  });

  test('no secret into what events say of it', () => {
    const secrets = [
      { name: 'PASS', password: 'geheim' },
      { name: 'APOP', user: 'anna', digest: 'c4c9334bac560ecc979e58001b3e22fb' },
      { name: 'AUTH', mechanism: 'PLAIN', initialResponse: wire('\0anna\0geheim') },
    ] as const;
    for (const command of secrets) {
      const client = new Pop3Client({ transport: 'tls', allowApop: true });
      client.push(wire('+OK <1@example.jp>\r\n'));
      if (command.name === 'PASS') {
        client.send(user);
        client.push(wire('+OK\r\n'));
      }
      client.send(command);
      const events = client.push(wire('+ \r\n-ERR no\r\n'));
      expect(events.map(({ type }) => type)).toContain('end');
      const told = events.flatMap((event) => ('command' in event && event.command ? [event.command] : []));
      expect(told.length).toBeGreaterThan(1);
      for (const each of told) {
        expect(each.name).toBe(command.name);
        expect('initialResponse' in each).toBe(false);
        for (const value of Object.values(each)) expect(String(value)).not.toMatch(/geheim|c4c933/);
      }
    }
  });

  test('neither half a character nor an initial response that is too long', () => {
    const client = new Pop3Client({ transport: 'tls' });
    client.push(wire('+OK\r\n'));
    expect(errorCode(() => client.send({ name: 'PASS', password: 'a\ud800b' }))).toBe('usage');
    const auth = (length: number) =>
      ({ name: 'AUTH', mechanism: 'XOAUTH2', initialResponse: new Uint8Array(length) }) as const;
    expect(errorCode(() => client.send(auth(183)))).toBe('usage');
    expect(client.send(auth(180)).length).toBeLessThanOrEqual(255);
  });

  test('nothing behind QUIT', () => {
    const client = new Pop3Client({ transport: 'tls' });
    logIn(client);
    client.send({ name: 'CAPA' });
    client.push(wire('+OK\r\nPIPELINING\r\n.\r\n'));
    client.send({ name: 'QUIT' });
    expect(errorCode(() => client.send({ name: 'NOOP' }))).toBe('pop3-state');
    client.push(wire('-ERR some deleted messages not removed\r\n'));
    expect(client.state).toBe('closed');
  });
});

describe('what was announced', () => {
  test('is forgotten after logging in, and after STLS', () => {
    const client = new Pop3Client({ transport: 'stls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'CAPA' });
    client.push(wire('+OK\r\nstls\r\nSASL PLAIN LOGIN\r\n.\r\n'));
    expect(client.capabilities).toEqual([
      { type: 'capability', name: 'STLS', parameters: [] },
      { type: 'capability', name: 'SASL', parameters: ['PLAIN', 'LOGIN'] },
    ]);
    client.send({ name: 'STLS' });
    expect(settled(client.push(wire('+OK\r\n')))).toEqual([['+OK', ''], ['state', 'tls'], 'end']);
    expect(settled(client.tlsStarted())).toEqual([['state', 'authorization']]);
    expect([client.capabilities, client.isSecure]).toEqual([undefined, true]);
    client.send({ name: 'CAPA' });
    client.push(wire('+OK\r\nUSER\r\n.\r\n'));
    expect(client.has('user')).toBe(true);
    client.send(user);
    client.push(wire('+OK\r\n'));
    client.send({ name: 'PASS', password: 'x' });
    client.push(wire('+OK\r\n'));
    expect(client.capabilities).toBeUndefined();
  });

  test('is bounded, and only what is a capability', () => {
    const client = new Pop3Client({ transport: 'tls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'CAPA' });
    const events = client.push(wire(`+OK\r\n${'\n'.repeat(130_000)}${'X\r\n'.repeat(1500)}.\r\n`));
    expect(events.filter(({ type }) => type === 'unparsed')).toHaveLength(1);
    expect(client.capabilities).toHaveLength(1000);
  });

  test('is nothing where the server does not know CAPA', () => {
    const client = new Pop3Client({ transport: 'tls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'CAPA' });
    client.push(wire('-ERR unknown\r\n'));
    expect(client.capabilities).toEqual([]);
  });
});

describe('STLS', () => {
  const asked = (): Pop3Client => {
    const client = new Pop3Client({ transport: 'stls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'STLS' });
    return client;
  };

  test('octets behind its answer end the session, at every split', () => {
    const injected = '+OK begin\r\n+OK logged in\r\n';
    for (let at = 0; at <= injected.length; at++) {
      const client = asked();
      const events = [...client.push(wire(injected.slice(0, at))), ...client.push(wire(injected.slice(at)))];
      expect(settled(events)).toEqual([
        ['+OK', 'begin'],
        ['state', 'tls'],
        'end',
        ['unparsed', 'pop3-protocol'],
        ['state', 'closed'],
      ]);
      expect(errorCode(() => client.tlsStarted())).toBe('pop3-state');
      expect(errorCode(() => client.send({ name: 'CAPA' }))).toBe('pop3-state');
      expect(client.push(wire('+OK'))).toEqual([]);
    }
  });

  test('a refusal leaves the session as it was', () => {
    const client = asked();
    expect(settled(client.push(wire('-ERR no\r\n')))).toEqual([['-ERR', 'no'], 'end']);
    expect([client.state, client.isSecure]).toEqual(['authorization', false]);
    expect(errorCode(() => client.tlsStarted())).toBe('pop3-state');
  });

  test('nothing is sent before it is answered, nor STLS behind UTF8', () => {
    expect(errorCode(() => asked().send({ name: 'CAPA' }))).toBe('pop3-state');
    const client = new Pop3Client({ transport: 'stls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'UTF8' });
    client.push(wire('+OK\r\n'));
    expect(errorCode(() => client.send({ name: 'STLS' }))).toBe('pop3-state');
  });
});

describe('AUTH', () => {
  const begun = (): Pop3Client => {
    const client = new Pop3Client({ transport: 'tls' });
    client.push(wire('+OK\r\n'));
    client.send({ name: 'AUTH', mechanism: 'CRAM-MD5' });
    return client;
  };

  test('goes on with challenges until it is answered', () => {
    const client = begun();
    expect(errorCode(() => client.respond(wire('x')))).toBe('pop3-state');
    expect(settled(client.push(wire('+ PDE+\r\n')))).toEqual([['+', '<1>']]);
    expect(unwire(client.respond(wire('me x')))).toBe('bWUgeA==\r\n');
    expect(errorCode(() => client.respond(wire('x')))).toBe('pop3-state');
    client.push(wire('+OK\r\n'));
    expect(client.state).toBe('transaction');
  });

  test('can be cancelled', () => {
    const client = begun();
    client.push(wire('+ \r\n'));
    expect(unwire(client.respond(undefined))).toBe('*\r\n');
    client.push(wire('-ERR cancelled\r\n'));
    expect(client.state).toBe('authorization');
    expect(errorCode(() => client.send(user))).toBeUndefined();
  });

  test('a challenge that is no base64 is no challenge', () => {
    expect(settled(begun().push(wire('+ no base64\r\n')))).toEqual([['unparsed', 'pop3-malformed']]);
  });
});

test('a stream that ends too early says so', () => {
  const client = new Pop3Client({ transport: 'tls' });
  logIn(client);
  client.send({ name: 'RETR', message: 1 });
  client.push(wire('+OK\r\nhalf\r\n'));
  expect(settled(client.end())).toEqual([
    ['unparsed', 'pop3-malformed'],
    ['state', 'closed'],
  ]);
});

test('where somebody has logged in already, the greeting stands for the mailbox', () => {
  const client = new Pop3Client({ transport: 'plain', isLoggedIn: true });
  client.push(wire('+OK\r\n'));
  expect([client.state, unwire(client.send({ name: 'STAT' }))]).toEqual(['transaction', 'STAT\r\n']);
});
