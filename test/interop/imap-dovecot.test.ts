import { afterAll, beforeAll, test } from 'vitest';
import { Scenario } from '../support/imap-scenario.js';
import { ImapWire } from '../support/imap-wire.js';
import { describeMailServer, type MailDaemon, startDovecot } from '../support/mail-servers.js';

/** What Dovecot offers that needs no command of its own, or has a test of its own below. */
const others = [
  'LOGIN-REFERRALS',
  'I18NLEVEL=1',
  'RIGHTS=TEXK',
  'COMPRESS=DEFLATE',
  // Names of its own for PREVIEW, and partial URLs for CATENATE.
  'SNIPPET=FUZZY',
  'PREVIEW=FUZZY',
  'URL-PARTIAL',
];

describeMailServer('dovecot', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startDovecot();
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test('every command that it offers', async () => {
    const scenario = new Scenario(new ImapWire(await daemon.open('imap'), { record: true }));
    await scenario.everything('dovecot', new ImapWire(await daemon.open('imap')), others);
  });
});
