import type { Socket } from 'node:net';
import { connect as startTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { apopDigest } from '../../src/pop3/apop.js';
import type { Pop3Command } from '../../src/pop3/command.js';
import type { Pop3Data } from '../../src/pop3/reply.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { hardMails } from '../support/hard-mails.js';
import { ImapWire } from '../support/imap-wire.js';
import {
  describeMailServer,
  MAIL_USER,
  type MailDaemon,
  startCourier,
  startCyrus,
  startDovecot,
} from '../support/mail-servers.js';
import { unwire, wire } from '../support/pop3.js';
import { Pop3Connection } from '../support/pop3-connection.js';

const dots = wire(
  `Subject: dots\r\n\r\n.\r\n..\r\n.text\r\n. \r\n\r\n.\r\n..\r\n${'.'.repeat(300)}\r\nthe last line\r\n`,
);
const mails = [dots, ...Object.values(hardMails)];
const large = concatBytes([wire('Subject: large\r\n\r\n'), ...Array.from({ length: 50 }, () => megabyte())]);

/** A MiB of lines of which some begin with dots. */
function megabyte(): Uint8Array<ArrayBuffer> {
  const line = `${'x'.repeat(62)}\r\n`;
  const dotted = `.${'y'.repeat(61)}\r\n`;
  return wire((line.repeat(15) + dotted).repeat(1024));
}

const servers = {
  dovecot: { start: () => startDovecot({ tls: true }), login: true },
  cyrus: { start: () => startCyrus(), login: true },
  courier: { start: () => startCourier(), login: false },
} as const;

async function deliver(
  daemon: MailDaemon,
  messages: readonly Uint8Array<ArrayBuffer>[],
  login: boolean,
): Promise<void> {
  const imap = new ImapWire(await daemon.open('imap'));
  await imap.nextResponse();
  if (login) await imap.run({ name: 'LOGIN', user: MAIL_USER.name, password: MAIL_USER.password });
  for (const message of messages) {
    const { done } = await imap.run({
      name: 'APPEND',
      mailbox: 'INBOX',
      messages: [{ message: { octets: message } }],
    });
    expect(done.type).toBe('OK');
  }
  imap.close();
}

/** A test of what not every server can. */
function only(can: boolean, title: string, run: () => Promise<void>): void {
  if (can) test(title, run);
}

const values = (data: readonly Pop3Data[], type: Pop3Data['type']): Pop3Data[] =>
  data.filter((item) => item.type === type);

describe.each(Object.keys(servers) as (keyof typeof servers)[])('POP3 of %s', (name) => {
  describeMailServer(name, () => {
    const { start, login } = servers[name];
    let daemon: MailDaemon;

    beforeAll(async () => {
      daemon = await start();
      await deliver(daemon, mails, login);
    }, 120_000);
    afterAll(async () => {
      await daemon.stop();
    });

    async function open(): Promise<Pop3Connection> {
      const connection = await Pop3Connection.open(await daemon.open('pop3'), { isLoggedIn: !login });
      if (!login) return connection;
      await connection.run({ name: 'USER', user: MAIL_USER.name });
      const { status } = await connection.run({ name: 'PASS', password: MAIL_USER.password });
      expect(status.isOk).toBe(true);
      return connection;
    }

    test('every command of the mailbox, and messages exactly as they were delivered', async () => {
      const pop3 = await open();
      const { data: capabilities } = await pop3.run({ name: 'CAPA' });
      expect(values(capabilities, 'line')).toEqual([]);
      expect(pop3.client.has('UIDL') && pop3.client.has('TOP')).toBe(true);
      const { data: state } = await pop3.run({ name: 'STAT' });
      const { data: listings } = await pop3.run({ name: 'LIST' });
      const sizes = listings.map((data) => (data.type === 'listing' ? data.size : -1));
      expect(state).toEqual([
        {
          type: 'mailbox',
          messages: mails.length,
          size: sizes.reduce((sum, size) => sum + size, 0),
        },
      ]);
      const { data: ids } = await pop3.run({ name: 'UIDL' });
      expect(values(ids, 'unique-id')).toHaveLength(mails.length);
      const left = new Set(mails.map(unwire));
      for (const at of mails.keys()) {
        const message = at + 1;
        const found = await pop3.run({ name: 'RETR', message });
        const text = unwire(found.message);
        // Courier sorts what came in one second by its files' names.
        expect(left.delete(text), text).toBe(true);
        expect(sizes[at]).toBe(text.length);
        expect((await pop3.run({ name: 'LIST', message })).data).toEqual([listings[at]]);
        expect((await pop3.run({ name: 'UIDL', message })).data).toEqual([ids[at]]);
        const header = text.slice(0, text.indexOf('\r\n\r\n') + 4);
        const body = text.slice(header.length).split('\r\n').slice(0, -1).slice(0, 2);
        expect(unwire((await pop3.run({ name: 'TOP', message, lines: 0 })).message)).toBe(header);
        const top = unwire((await pop3.run({ name: 'TOP', message, lines: 2 })).message);
        expect(top).toBe(`${header}${body.map((line) => `${line}\r\n`).join('')}`);
      }
      expect((await pop3.run({ name: 'NOOP' })).status.isOk).toBe(true);
      expect((await pop3.run({ name: 'DELE', message: 1 })).status.isOk).toBe(true);
      expect((await pop3.run({ name: 'RETR', message: 1 })).status.isOk).toBe(false);
      expect((await pop3.run({ name: 'RSET' })).status.isOk).toBe(true);
      expect((await pop3.run({ name: 'RETR', message: 99 })).status.isOk).toBe(false);
      expect((await pop3.run({ name: 'QUIT' })).status.isOk).toBe(true);
      expect(pop3.client.state).toBe('closed');
      pop3.close();
    });

    test('commands sent all at once are answered in their order', async () => {
      const pop3 = await open();
      await pop3.run({ name: 'CAPA' });
      const commands: Pop3Command[] = mails.flatMap((_, at): Pop3Command[] => [
        { name: 'RETR', message: at + 1 },
        { name: 'TOP', message: at + 1, lines: 1 },
        { name: 'UIDL' },
        { name: 'RETR', message: 99 },
      ]);
      if (!pop3.client.has('PIPELINING')) {
        expect(() => {
          for (const command of commands) pop3.client.send(command);
        }).toThrow('PIPELINING');
        // Courier does not announce it, but takes what comes; Cyrus announces it.
        expect(name).toBe('courier');
        pop3.close();
        return;
      }
      pop3.write(concatBytes(commands.map((command) => pop3.client.send(command))));
      const left = new Set(mails.map(unwire));
      for (const _ of mails) {
        expect(left.delete(unwire((await pop3.answer()).message))).toBe(true);
        expect((await pop3.answer()).message.length).toBeGreaterThan(0);
        expect((await pop3.answer()).data).toHaveLength(mails.length);
        expect((await pop3.answer()).status.isOk).toBe(false);
      }
      pop3.close();
    });

    only(login, 'AUTH by each mechanism that it announces', async () => {
      const pop3 = await Pop3Connection.open(await daemon.open('pop3'));
      await pop3.run({ name: 'CAPA' });
      const sasl = pop3.client.capabilities?.find((capability) => capability.name === 'SASL');
      pop3.close();
      const credentials = { user: MAIL_USER.name, password: MAIL_USER.password };
      const known = sasl!.parameters.filter((mechanism) =>
        /^(PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-(1|256))$/.test(mechanism),
      );
      expect(known.length).toBeGreaterThanOrEqual(4);
      for (const mechanism of known) {
        const connection = await Pop3Connection.open(await daemon.open('pop3'));
        const client = createSaslClient(mechanism, credentials);
        const initial = client.isClientFirst ? { initialResponse: await client.respond() } : {};
        let answer = await connection.run({ name: 'AUTH', mechanism, ...initial });
        while (answer.challenge !== undefined) {
          connection.write(connection.client.respond(await client.respond(answer.challenge)));
          answer = await connection.answer();
        }
        expect([mechanism, answer.status.isOk, client.isComplete]).toEqual([mechanism, true, true]);
        expect(connection.client.state).toBe('transaction');
        connection.close();
      }
    });

    only(login, 'a wrong password is refused', async () => {
      const pop3 = await Pop3Connection.open(await daemon.open('pop3'));
      await pop3.run({ name: 'USER', user: MAIL_USER.name });
      const { status } = await pop3.run({ name: 'PASS', password: 'wrong' });
      expect([status.isOk, pop3.client.state]).toEqual([false, 'authorization']);
      pop3.close();
    });

    only(name === 'dovecot', 'APOP with the timestamp of the greeting', async () => {
      const pop3 = await Pop3Connection.open(await daemon.open('pop3'), { allowApop: true });
      const digest = apopDigest(pop3.client.timestamp!, MAIL_USER.password);
      const { status } = await pop3.run({ name: 'APOP', user: MAIL_USER.name, digest });
      expect([status.isOk, pop3.client.state]).toEqual([true, 'transaction']);
      pop3.close();
    });

    only(name === 'dovecot', 'STLS', async () => {
      const pop3 = await Pop3Connection.open(await daemon.open('pop3'), { transport: 'stls' });
      expect(() => pop3.client.send({ name: 'USER', user: 'x' })).toThrow('before TLS');
      expect((await pop3.run({ name: 'STLS' })).status.isOk).toBe(true);
      await pop3.secure(upgraded);
      await pop3.run({ name: 'USER', user: MAIL_USER.name });
      expect((await pop3.run({ name: 'PASS', password: MAIL_USER.password })).status.isOk).toBe(true);
      pop3.close();
    });

    test('a message of 50 MiB, then what is deleted is gone after QUIT', async () => {
      await deliver(daemon, [large], login);
      const pop3 = await open();
      const { data: listings } = await pop3.run({ name: 'LIST' });
      const message = 1 + listings.findIndex((data) => data.type === 'listing' && data.size === large.length);
      const found = await pop3.run({ name: 'RETR', message });
      expect(found.message.length).toBe(large.length);
      expect(Buffer.compare(found.message, large)).toBe(0);
      await pop3.run({ name: 'DELE', message });
      await pop3.run({ name: 'QUIT' });
      pop3.close();
      const again = await open();
      const { data } = await again.run({ name: 'STAT' });
      expect(data).toMatchObject([{ messages: mails.length }]);
      again.close();
    }, 60_000);
  });
});

/** TLS without a look at the certificate, which is made for each test. */
function upgraded(socket: Socket): Promise<TLSSocket> {
  return new Promise((done, failed) => {
    const tls = startTls({ socket, rejectUnauthorized: false }, () => done(tls));
    tls.once('error', failed);
  });
}
