import { afterAll, beforeAll, test } from 'vitest';
import { Scenario } from '../support/imap-scenario.js';
import { ImapWire } from '../support/imap-wire.js';
import { describeMailServer, type MailDaemon, startCourier } from '../support/mail-servers.js';

/** What Courier offers that needs no command of its own, or has a test of its own below. */
const others = ['ACL2=UNION', 'UTF8=ACCEPT'];

describeMailServer('courier', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startCourier();
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test('every command that it offers', async () => {
    const scenario = new Scenario(new ImapWire(await daemon.open('imap'), { record: true }));
    await scenario.everything('courier', new ImapWire(await daemon.open('imap')), others);
  });
});
