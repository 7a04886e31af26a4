import { afterAll, beforeAll, test } from 'vitest';
import { authenticates, carriesLargeMessage, compresses } from '../support/imap-live-steps.js';
import { type Expected, Scenario } from '../support/imap-scenario.js';
import { ImapWire } from '../support/imap-wire.js';
import { describeMailServer, type MailDaemon, startCyrus } from '../support/mail-servers.js';

/** What Cyrus offers that needs no command of its own, or is its own alone. */
const expected: Expected = {
  name: 'cyrus',
  capabilities: [
    'COMPRESS=DEFLATE',
    /^APPENDLIMIT=/,
    'LOGINDISABLED',
    'MAILBOX-REFERRALS',
    'RIGHTS=KXTEN',
    'ANNOTATE-EXPERIMENT-1',
    'DIGEST=SHA1',
    'NO_ATOMIC_RENAME',
    'SCAN',
    'SORT=MODSEQ',
    'SORT=UID',
    /^X-/,
    'XMOVE',
    'XCONVERSATIONS',
  ],
};

describeMailServer('cyrus', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startCyrus();
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

  test('COMPRESS DEFLATE', async () => {
    await compresses(daemon);
  });

  test('a message of 50 MB, there and back', async () => {
    await carriesLargeMessage(daemon);
  });
});
