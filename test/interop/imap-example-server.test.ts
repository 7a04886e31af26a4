// The example server, and the example client.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImapConnection } from '../../examples/imap-connection.js';
import { serveImap } from '../../examples/imap-server.js';
import { verifyMailbox } from '../../examples/imap-verify.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';

const user = 'anna';
const password = 'se"cr\\et';
const demo = new URL('../vectors/demo/', import.meta.url);
let folder: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-imap-'));
  writeFileSync(join(folder, '1.eml'), readFileSync(new URL('signed.eml', demo)));
  writeFileSync(join(folder, '2.eml'), 'Subject: plain\n\nhello\n');
  server = await serveImap({ folder, user, password });
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

test('ours logs in with SCRAM, and verifies what is signed from its sections', async () => {
  const connection = await ImapConnection.open({ host: '127.0.0.1', port, transport: 'plain' });
  await connection.logIn({ user, password });
  const roots = parseCertificates(readFileSync(new URL('root.crt.pem', demo)));
  const verified = [];
  for await (const message of verifyMailbox(connection, 'INBOX', { roots, at: new Date('2027-01-01') })) {
    verified.push([message.uid, message.report.verified, message.fellBack]);
  }
  await connection.close();
  expect(verified).toEqual([[1, true, undefined]]);
});

test('ours is refused with another password, and with commands that are not for the state', async () => {
  const connection = await ImapConnection.open({ host: '127.0.0.1', port, transport: 'plain' });
  await expect(connection.logIn({ user, password: 'wrong' })).rejects.toThrow(
    'AUTHENTICATE: NO authentication failed',
  );
  await connection.logIn({ user, password });
  await expect(connection.run({ name: 'SELECT', mailbox: 'Nowhere' })).rejects.toThrow('SELECT: NO');
  await expect(connection.run({ name: 'CREATE', mailbox: '../../outside' })).rejects.toThrow('CREATE: NO');
  await connection.close();
});
