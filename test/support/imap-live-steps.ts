import { expect } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import type { ImapClientOptions } from '../../src/imap/session/client-options.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { LiveClient } from './imap-live.js';
import { section, set } from './imap-scenario.js';
import { MAIL_USER, type MailDaemon } from './mail-servers.js';

/** A client that the server has greeted. */
export async function begun(daemon: MailDaemon, options?: Partial<ImapClientOptions>): Promise<LiveClient> {
  const live = new LiveClient(await daemon.open('imap'), options);
  await live.greeted();
  return live;
}

/** A client that may see its mail. */
async function loggedIn(daemon: MailDaemon, options?: Partial<ImapClientOptions>): Promise<LiveClient> {
  const live = await begun(daemon, options);
  await live.run({ name: 'CAPABILITY' });
  if (live.client.state !== 'authenticated') {
    const { done } = await live.run({ name: 'LOGIN', user: MAIL_USER.name, password: MAIL_USER.password });
    expect(done.outcome).toBe('OK');
    await live.run({ name: 'CAPABILITY' });
  }
  return live;
}

/** AUTHENTICATE with a mechanism: with the password, and not with another one. */
export async function authenticates(daemon: MailDaemon, mechanism: string): Promise<void> {
  const { name: user, password } = MAIL_USER;
  const wrong = await begun(daemon);
  await wrong.run({ name: 'CAPABILITY' });
  const refused = await wrong.authenticate(createSaslClient(mechanism, { user, password: 'wrong' }));
  expect(refused.done.outcome).toBe('NO');
  wrong.close();
  const live = await begun(daemon);
  await live.run({ name: 'CAPABILITY' });
  const { done } = await live.authenticate(createSaslClient(mechanism, { user, password }));
  expect(done.outcome).toBe('OK');
  expect(live.client.state).toBe('authenticated');
  expect((await live.run({ name: 'SELECT', mailbox: 'INBOX' })).done.outcome).toBe('OK');
  await live.run({ name: 'LOGOUT' });
  expect(live.client.state).toBe('logout');
  live.close();
}

/** COMPRESS: whatever comes behind its OK is compressed. */
export async function compresses(daemon: MailDaemon): Promise<void> {
  const live = await loggedIn(daemon);
  expect((await live.run({ name: 'COMPRESS', mechanism: 'DEFLATE' })).done.outcome).toBe('OK');
  const { done, responses } = await live.run({ name: 'LIST', reference: '', patterns: ['*'] });
  expect(done.outcome).toBe('OK');
  expect(responses.length).toBeGreaterThan(0);
  const message = bytesFromLatin1(`Subject: compressed\r\n\r\n${'a line\r\n'.repeat(5000)}`);
  await live.run({ name: 'APPEND', mailbox: 'INBOX', messages: [{ message: { octets: message } }] });
  await live.run({ name: 'SELECT', mailbox: 'INBOX' });
  const fetched = await live.run({ name: 'FETCH', set: set('*'), items: [section('')] });
  expect(fetched.responses).toContainEqual(
    expect.objectContaining({ sections: [{ section: { part: [] }, octets: message }] }),
  );
  await live.run({ name: 'STORE', set: set('1:*'), action: 'add', silent: true, flags: ['\\Deleted'] });
  await live.run({ name: 'EXPUNGE' });
  await live.run({ name: 'LOGOUT' });
  live.close();
}

/** A message of 50 MB: appended, fetched as one array, and fetched in pieces as they come. */
export async function carriesLargeMessage(daemon: MailDaemon): Promise<void> {
  const line = bytesFromLatin1(`${'0123456789'.repeat(7)} {5}\r\n`);
  const header = bytesFromLatin1('Subject: large\r\n\r\n');
  const message = new Uint8Array(50_000_000);
  message.set(header);
  let at = header.length;
  for (; at + line.length <= message.length; at += line.length) message.set(line, at);
  message.fill(0x78, at, message.length - 2);
  message.set([0x0d, 0x0a], message.length - 2);

  const live = await loggedIn(daemon);
  const appended = await live.run({
    name: 'APPEND',
    mailbox: 'INBOX',
    messages: [{ message: { octets: message } }],
  });
  expect(appended.done.outcome).toBe('OK');
  await live.run({ name: 'SELECT', mailbox: 'INBOX' });
  const { responses } = await live.run({ name: 'FETCH', set: set('*'), items: [section(''), 'RFC822.SIZE'] });
  const [whole] = responses;
  if (whole?.type !== 'FETCH') throw new Error('nothing is fetched');
  expect(whole.size).toBe(message.length);
  expect(isEqual(whole.sections?.[0]?.octets, message)).toBe(true);
  live.close();

  const streaming = await loggedIn(daemon, { literals: { streamFrom: 100_000 } });
  await streaming.run({ name: 'SELECT', mailbox: 'INBOX' });
  const answer = await streaming.run({ name: 'FETCH', set: set('*'), items: [section('')] });
  const [told] = answer.responses;
  const begin = streaming.others.find(({ type }) => type === 'literal-begin');
  expect(begin).toMatchObject({ length: message.length });
  expect(told?.type === 'FETCH' && told.sections?.[0]).toMatchObject({ octets: undefined, literal: 1 });
  const pieces = streaming.others.flatMap((event) => (event.type === 'literal-data' ? [event.octets] : []));
  expect(isEqual(concatBytes(pieces), message)).toBe(true);
  await streaming.run({ name: 'STORE', set: set('1:*'), action: 'add', silent: true, flags: ['\\Deleted'] });
  await streaming.run({ name: 'CLOSE' });
  await streaming.run({ name: 'LOGOUT' });
  streaming.close();
}

/** Comparing 50 MB octet by octet takes a test's own equality too long. */
function isEqual(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
