import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import type { ImapClientOptions } from '../../src/imap/session/client-options.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { ImapClientOnSocket } from '../support/imap-client-socket.js';
import {
  describeMailServer,
  MAIL_USER,
  type MailDaemon,
  startCourier,
  startCyrus,
  startDovecot,
} from '../support/mail-servers.js';

const credentials = { user: MAIL_USER.name, password: MAIL_USER.password };
const login: ImapCommand = { name: 'LOGIN', ...credentials };

const servers = { dovecot: () => startDovecot({ tls: true }), cyrus: startCyrus, courier: startCourier };

const mail = (subject: string): ImapCommand => ({
  name: 'APPEND',
  mailbox: 'INBOX',
  messages: [
    {
      message: {
        octets: bytesFromLatin1(`From: anna@example.org\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`),
      },
    },
  ],
});

for (const name of ['dovecot', 'cyrus', 'courier'] as const) {
  describeMailServer(name, () => {
    let daemon: MailDaemon;
    const sessions: ImapClientOnSocket[] = [];

    beforeAll(async () => {
      daemon = await servers[name]();
      const session = await entered();
      for (let at = 1; at <= 9; at++) await session.run(mail(`message ${at}`));
    });
    afterEach(() => {
      for (const { events, close } of sessions.splice(0)) {
        expect(events.filter(({ type }) => type === 'protocol-error' || type === 'unparsed')).toEqual([]);
        close();
      }
    });
    afterAll(async () => {
      await daemon.stop();
    });

    async function opened(options: Partial<ImapClientOptions> = {}): Promise<ImapClientOnSocket> {
      const session = await ImapClientOnSocket.open(await daemon.open('imap'), options, daemon.certificate);
      sessions.push(session);
      return session;
    }

    /** A session that is authenticated and knows what the server can do. */
    async function entered(options: Partial<ImapClientOptions> = {}): Promise<ImapClientOnSocket> {
      const session = await opened(options);
      if (session.client.state === 'not-authenticated') await session.run(login);
      if (session.client.capabilities === undefined) await session.run({ name: 'CAPABILITY' });
      expect(session.client.state).toBe('authenticated');
      return session;
    }

    if (name !== 'courier') {
      test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
        'AUTHENTICATE %s',
        async (mechanism) => {
          const session = await opened();
          const { done } = await session.authenticate(createSaslClient(mechanism, credentials));
          expect([done.outcome, session.client.state]).toEqual(['OK', 'authenticated']);
        },
      );

      test('AUTHENTICATE with a wrong password', async () => {
        const session = await opened();
        const wrong = createSaslClient('SCRAM-SHA-256', { ...credentials, password: 'wrong' });
        expect((await session.authenticate(wrong)).done.outcome).not.toBe('OK');
        expect(session.client.state).toBe('not-authenticated');
      });
    }

    test('many commands at once are answered each', async () => {
      const session = await entered();
      await session.run({ name: 'SELECT', mailbox: 'INBOX' });
      const commands = Array.from({ length: 60 }, (_, at): ImapCommand => {
        const number = (at % 9) + 1;
        if (at % 5 === 4) return { name: 'NOOP' };
        if (at % 5 === 3)
          return { name: 'SEARCH', keys: [{ key: 'HEADER', field: 'Subject', text: `message ${number}` }] };
        return {
          name: 'FETCH',
          uid: at % 5 === 1,
          set: [{ from: number, to: number }],
          items: ['UID', { item: 'BODY', section: { part: [], text: 'TEXT' }, peek: true }],
        };
      });
      const answers = await Promise.all(commands.map((command) => session.run(command)));
      answers.forEach(({ responses }, at) => {
        const number = (at % 9) + 1;
        if (at % 5 === 4) return;
        expect(responses).toHaveLength(1);
        const [response] = responses;
        if (response?.type === 'SEARCH') expect(response.numbers).toEqual([number]);
        else {
          expect(response).toMatchObject({ type: 'FETCH', number, uid: number });
          const [section] = (response?.type === 'FETCH' && response.sections) || [];
          expect(new TextDecoder().decode(section?.octets)).toBe(`message ${number}\r\n`);
        }
      });
      expect(session.client.mailbox?.exists).toBe(9);
      expect(session.client.mailbox?.sequenceOf(7)).toBe(7);
    });

    test('IDLE tells what another session does, and numbers follow', async () => {
      const session = await entered();
      expect(session.client.capabilities?.has('IDLE')).toBe(true);
      const other = await entered();
      await other.run(mail('passing'));
      await session.run({ name: 'SELECT', mailbox: 'INBOX' });
      await session.run({ name: 'FETCH', set: [{ from: 1, to: '*' }], items: ['UID'] });
      const uid = session.client.mailbox?.uidOf(10);
      expect(uid).toBeGreaterThan(9);
      const idle = session.start({ name: 'IDLE' });
      await session.until(({ type }) => type === 'idling');
      await other.run({ name: 'SELECT', mailbox: 'INBOX' });
      const set = [{ from: uid!, to: uid! }];
      await other.run({ name: 'STORE', uid: true, set, action: 'add', flags: ['\\Deleted'] });
      await other.run({ name: 'EXPUNGE' });
      const gone = await session.until(({ type }) => type === 'expunged');
      expect(gone).toMatchObject({ sequence: 10, uid });
      session.write(session.client.stopIdle());
      expect((await idle).done.outcome).toBe('OK');
      expect(session.client.mailbox?.exists).toBe(9);
    }, 30_000);

    if (name === 'dovecot') {
      test('STARTTLS, and nothing before it', async () => {
        const session = await opened({ transport: 'starttls' });
        expect(() => session.client.send(login)).toThrow('before TLS stands');
        await session.run({ name: 'STARTTLS' });
        await session.until(() => session.client.isEncrypted);
        const { done } = await session.authenticate(createSaslClient('SCRAM-SHA-256', credentials));
        expect(done.outcome).toBe('OK');
        await session.run({ name: 'SELECT', mailbox: 'INBOX' });
        expect(session.client.mailbox?.exists).toBe(9);
      });
    }

    // Courier offers neither.
    if (name === 'courier') return;

    test('COMPRESS', async () => {
      const session = await entered();
      expect(session.client.capabilities?.has('COMPRESS=DEFLATE')).toBe(true);
      const compress = session.start({ name: 'COMPRESS', mechanism: 'DEFLATE' });
      // What is given at once waits until octets are deflated.
      const select = session.start({ name: 'SELECT', mailbox: 'INBOX' });
      await compress;
      await select;
      const { responses } = await session.run({
        name: 'FETCH',
        set: [{ from: 1, to: 9 }],
        items: [{ item: 'BODY', section: { part: [] }, peek: true }],
      });
      expect(responses).toHaveLength(9);
    });

    test('VANISHED instead of EXPUNGE', async () => {
      const session = await entered();
      await session.run({ name: 'ENABLE', capabilities: ['QRESYNC'] });
      expect(session.client.enabled.has('QRESYNC')).toBe(true);
      await session.run(mail('one'));
      await session.run(mail('two'));
      await session.run({ name: 'SELECT', mailbox: 'INBOX' });
      await session.run({ name: 'FETCH', uid: true, set: [{ from: 1, to: '*' }], items: ['FLAGS'] });
      const uids = [10, 11].map((sequence) => session.client.mailbox!.uidOf(sequence)!);
      const set = uids.map((uid) => ({ from: uid, to: uid }));
      await session.run({ name: 'STORE', uid: true, set, action: 'add', flags: ['\\Deleted'], silent: true });
      await session.run({ name: 'EXPUNGE' });
      const vanished = await session.until(({ type }) => type === 'vanished');
      expect(vanished).toMatchObject({
        messages: uids.map((uid, at) => ({ sequence: 10 + at, uid })),
      });
      expect(session.client.mailbox?.exists).toBe(9);
    });
  });
}
