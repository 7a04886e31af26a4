// ImapClient and ImapServer over real sockets: STARTTLS, then SCRAM bound to the TLS channel.
import { generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { encodePem } from '../../src/encoding/pem.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { ImapClientEvent } from '../../src/imap/session/client-events.js';
import { ImapServer } from '../../src/imap/session/server.js';
import type { ImapServerEvent } from '../../src/imap/session/server-events.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { createSaslClient } from '../../src/sasl/client.js';
import type { SaslChannelBinding } from '../../src/sasl/mechanism.js';
import { createSaslServer } from '../../src/sasl/server.js';

const user = 'anna';
const password = 'sesam';

/** RFC 9266 §2. */
function exporter(socket: TLSSocket): SaslChannelBinding {
  const data = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  return { type: 'tls-exporter', data };
}

async function selfSigned(): Promise<SecureContext> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const root = await issueRoot({
    key: await parsePrivateKey(key),
    subject: { commonName: 'mail.example' },
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2049-01-01'),
  });
  return createSecureContext({ key, cert: encodePem('CERTIFICATE', root.bytes) });
}

/** Serves one connection. */
function serve(plain: Socket, secureContext: SecureContext): void {
  const session = new ImapServer({ transport: 'starttls', mechanisms: ['SCRAM-SHA-256-PLUS'] });
  let socket: Socket = plain;
  let turn = Promise.resolve();
  const take = async (events: readonly ImapServerEvent[]): Promise<void> => {
    for (const event of events) {
      if (event.type === 'send') for (const octets of event.octets) socket.write(octets);
      if (event.type === 'start-tls') {
        plain.removeAllListeners('data');
        socket = new TLSSocket(plain, { isServer: true, secureContext, minVersion: 'TLSv1.3' });
        session.tlsStarted();
        listen();
      }
      if (event.type === 'authenticate') {
        const sasl = createSaslServer(event.mechanism, {
          account: (name) => (name === user ? { password } : undefined),
          channelBindings: [exporter(socket as TLSSocket)],
        });
        await take(await session.authenticate(event.tag, sasl));
      }
      if (event.type === 'sasl-response') await take(await session.proceed(event.tag));
      if (event.type === 'authenticated') await take(session.done(event.tag, 'OK', 'Welcome'));
      if (event.type === 'closed') socket.end();
    }
  };
  const listen = (): void => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      turn = turn.then(() => take(session.push(chunk)));
    });
  };
  listen();
  void take(session.greet());
}

/** Begins TLS with a certificate that it does not look at, and logs in; gives how that ended. */
function logIn(port: number, binding: (socket: TLSSocket) => SaslChannelBinding): Promise<string> {
  const session = new ImapClient({ transport: 'starttls' });
  const plain = connect(port, '127.0.0.1');
  let socket: Socket = plain;
  return new Promise((resolve, reject) => {
    const write = (octets: readonly Uint8Array[]): void => {
      for (const each of octets) socket.write(each);
    };
    const take = (event: ImapClientEvent): void => {
      if (event.type === 'greeting') write(session.send({ name: 'STARTTLS' }).octets);
      else if (event.type === 'send') write(event.octets);
      else if (event.type === 'challenge') session.answer(event.octets).then(write, reject);
      else if (event.type === 'command-dropped') reject(event.error);
      else if (event.type === 'protocol-error') reject(event.error);
      else if (event.type === 'start-tls') {
        plain.removeAllListeners('data');
        socket = connectTls({ socket: plain, rejectUnauthorized: false, minVersion: 'TLSv1.3' }, () => {
          session.tlsStarted().forEach(take);
          const channelBinding = binding(socket as TLSSocket);
          const sasl = createSaslClient('SCRAM-SHA-256-PLUS', { user, password, channelBinding });
          session.authenticate(sasl).then(({ octets }) => write(octets), reject);
        });
        listen();
      } else if (event.type === 'command-done' && event.name === 'AUTHENTICATE') {
        socket.destroy();
        resolve(`${event.outcome} ${session.state}`);
      }
    };
    const listen = (): void => {
      socket.on('error', reject);
      socket.on('data', (chunk) => session.push(chunk).forEach(take));
    };
    listen();
  });
}

/** Listens, takes TLS itself behind STARTTLS, and passes on what it reads in TLS of its own with the real server. */
function middle(target: number, secureContext: SecureContext): Server {
  return createServer((near) => {
    const far = connect(target, '127.0.0.1');
    far.on('data', (chunk) => {
      near.write(chunk);
      if (!chunk.toString().includes('OK Begin TLS')) return;
      far.removeAllListeners('data');
      near.removeAllListeners('data');
      const nearTls = new TLSSocket(near, { isServer: true, secureContext });
      const farTls = connectTls({ socket: far, rejectUnauthorized: false });
      nearTls.on('error', () => nearTls.destroy()).pipe(farTls);
      farTls.on('error', () => farTls.destroy()).pipe(nearTls);
    });
    near.on('data', (chunk) => far.write(chunk));
    near.on('close', () => far.destroy());
  });
}

describe('SCRAM-SHA-256-PLUS behind STARTTLS', () => {
  let server: Server;
  let attacker: Server;
  const portOf = (listening: Server) => (listening.address() as AddressInfo).port;
  const listening = (listener: Server) =>
    new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));

  beforeAll(async () => {
    const context = await selfSigned();
    server = createServer((socket) => serve(socket, context));
    await listening(server);
    attacker = middle(portOf(server), await selfSigned());
    await listening(attacker);
  });

  afterAll(() => {
    server.close();
    attacker.close();
  });

  test('lets in who talks to the server itself', async () => {
    expect(await logIn(portOf(server), exporter)).toBe('OK authenticated');
  });

  test('lets nobody in through somebody in the middle, whose certificate was not looked at', async () => {
    expect(await logIn(portOf(attacker), exporter)).toBe('NO not-authenticated');
  });

  test('lets nobody in with octets of another channel', async () => {
    const other = () => ({ type: 'tls-exporter', data: new Uint8Array(32) });
    expect(await logIn(portOf(server), other)).toBe('NO not-authenticated');
  });
});
