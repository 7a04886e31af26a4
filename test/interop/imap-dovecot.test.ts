import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSaslClient } from '../../src/sasl/client.js';
import { authenticates, begun, carriesLargeMessage, compresses } from '../support/imap-live-steps.js';
import { type Expected, Scenario } from '../support/imap-scenario.js';
import { ImapWire } from '../support/imap-wire.js';
import { describeMailServer, MAIL_USER, type MailDaemon, startDovecot } from '../support/mail-servers.js';

/** What Dovecot offers that needs no command of its own, or has a test of its own below. */
const expected: Expected = {
  name: 'dovecot',
  capabilities: [
    'LOGIN-REFERRALS',
    'I18NLEVEL=1',
    'RIGHTS=TEXK',
    'COMPRESS=DEFLATE',
    // Names of its own for PREVIEW, and partial URLs for CATENATE.
    'SNIPPET=FUZZY',
    'PREVIEW=FUZZY',
    'URL-PARTIAL',
  ],
};

describeMailServer('dovecot', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startDovecot({ tls: true });
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test('every command that it offers', async () => {
    const scenario = new Scenario(new ImapWire(await daemon.open('imap'), { record: true }), expected);
    await scenario.everything(new ImapWire(await daemon.open('imap')));
  });

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    'AUTHENTICATE %s',
    async (mechanism) => {
      await authenticates(daemon, mechanism);
    },
  );

  test('AUTHENTICATE ANONYMOUS', async () => {
    const live = await begun(daemon);
    const { done } = await live.authenticate(createSaslClient('ANONYMOUS', { anonymous: 'trace' }));
    expect(done.outcome).toBe('OK');
    live.close();
  });

  test('STARTTLS', async () => {
    const live = await begun(daemon, { transport: 'starttls' });
    expect(() =>
      live.client.send({ name: 'LOGIN', user: MAIL_USER.name, password: MAIL_USER.password }),
    ).toThrow();
    await live.startTls();
    expect(live.client.isEncrypted).toBe(true);
    await live.run({ name: 'CAPABILITY' });
    const { name: user, password } = MAIL_USER;
    expect((await live.authenticate(createSaslClient('PLAIN', { user, password }))).done.outcome).toBe('OK');
    expect((await live.run({ name: 'SELECT', mailbox: 'INBOX' })).done.outcome).toBe('OK');
    await live.run({ name: 'LOGOUT' });
    live.close();
  });

  test('COMPRESS DEFLATE', async () => {
    await compresses(daemon);
  });

  test('a message of 50 MB, there and back', async () => {
    await carriesLargeMessage(daemon);
  });
});
