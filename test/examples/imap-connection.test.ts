// What the example's connection does where the other side does not keep to STARTTLS.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ImapConnection } from '../../examples/imap-connection.js';

let server: Server;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

/** A server that answers each chunk by what it is given; the connection to it. */
async function open(
  answer: (said: string, socket: Socket) => void,
  transport: 'tls' | 'starttls' = 'starttls',
): Promise<ImapConnection> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write('* OK hi\r\n');
    socket.on('data', (chunk) => answer(chunk.toString('latin1'), socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return ImapConnection.open({ host: '127.0.0.1', port, transport });
}

test.each<[what: string, answer: (said: string, socket: Socket) => void]>([
  ['puts something behind its OK', (_, socket) => socket.write('A1 OK go\r\n* OK injected\r\n')],
  ['puts half a response behind its OK', (_, socket) => socket.write('A1 OK go\r\n* LIST (')],
  [
    'speaks no TLS',
    (said, socket) => socket.write(said.includes('STARTTLS') ? 'A1 OK go\r\n' : 'garbage garbage\r\n'),
  ],
  [
    'closes the connection in the handshake',
    (said, socket) => (said.includes('STARTTLS') ? socket.write('A1 OK go\r\n') : socket.end()),
  ],
  ['refuses', (_, socket) => socket.write('A1 NO never\r\n')],
  ['closes the connection', (_, socket) => socket.end()],
])('a connection that wants STARTTLS is refused, and closed, where the server %s', async (_, answer) => {
  await expect(open(answer)).rejects.toThrow();
  const [socket] = sockets;
  if (socket?.closed === false) await once(socket, 'close');
});

test.each(['tls', 'starttls'] as const)('an address is not told as a name (%s)', async (transport) => {
  const warnings: string[] = [];
  const keep = ({ message }: Error) => warnings.push(message);
  process.on('warning', keep);
  await expect(open((_, socket) => socket.write('A1 OK go\r\n'), transport)).rejects.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', keep);
  expect(warnings).toEqual([]);
});
