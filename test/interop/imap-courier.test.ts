import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticates, begun, carriesLargeMessage } from '../support/imap-live-steps.js';
import { type Expected, Scenario } from '../support/imap-scenario.js';
import { ImapWire } from '../support/imap-wire.js';
import { describeMailServer, MAIL_USER, type MailDaemon, startCourier } from '../support/mail-servers.js';

/** What Courier offers that needs no command of its own, or has a test of its own below. */
const expected: Expected = {
  name: 'courier',
  capabilities: ['ACL2=UNION', 'UTF8=ACCEPT'],
  quirks: ['quota-without-list'],
  // It numbers what is inside a message/rfc822 one level deeper, and ends such a text with one CR too many.
  otherSections: ['2.TEXT', '2.1', '2.1.MIME', '2.2.MIME', '2.2'],
};

describeMailServer('courier', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startCourier();
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test('every command that it offers', async () => {
    const scenario = new Scenario(new ImapWire(await daemon.open('imap'), { record: true }), expected);
    await scenario.everything(new ImapWire(await daemon.open('imap')));
  });

  test('ENABLE UTF8=ACCEPT: names of mailboxes are UTF-8 from then on', async () => {
    const live = await begun(daemon);
    expect(live.client.state).toBe('authenticated');
    await live.run({ name: 'CAPABILITY' });
    await live.run({ name: 'CREATE', mailbox: 'INBOX.Entwürfe 2' });
    await live.run({ name: 'ENABLE', capabilities: ['UTF8=ACCEPT'] });
    expect([...live.client.enabled]).toEqual(['UTF8=ACCEPT']);
    await live.run({ name: 'CREATE', mailbox: 'INBOX.日本' });
    const { responses } = await live.run({ name: 'LIST', reference: '', patterns: ['*'] });
    const names = responses.flatMap((each) => (each.type === 'LIST' ? [each.mailbox] : []));
    expect(names).toEqual(expect.arrayContaining(['INBOX.Entwürfe 2', 'INBOX.日本']));
    expect((await live.run({ name: 'SELECT', mailbox: 'INBOX.日本' })).done.outcome).toBe('OK');
    await live.run({ name: 'LOGOUT' });
    live.close();
  });

  test('a message of 50 MB, there and back', async () => {
    await carriesLargeMessage(daemon);
  });

  describe('where the user has to log in', () => {
    let asking: MailDaemon;
    beforeAll(async () => {
      asking = await startCourier({ login: true });
    });
    afterAll(async () => {
      await asking.stop();
    });

    // Courier has whoever failed to log in wait for five seconds.
    test.concurrent.each(['PLAIN', 'CRAM-MD5'])('AUTHENTICATE %s', async (mechanism) => {
      await authenticates(asking, mechanism);
    });

    test('LOGIN', async () => {
      const live = await begun(asking);
      const { name: user, password } = MAIL_USER;
      expect((await live.run({ name: 'LOGIN', user, password })).done.outcome).toBe('OK');
      expect((await live.run({ name: 'EXAMINE', mailbox: 'INBOX' })).done.outcome).toBe('OK');
      await live.run({ name: 'LOGOUT' });
      live.close();
    });
  });
});
