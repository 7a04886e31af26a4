import { type AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGateway } from '../../examples/seal-gateway.js';
import { asBytes, type Bytes, bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { MessageEncryptor } from '../../src/smime/stream/message-encryptor.js';

const password = 'eight friendly herons wading';
const failures: Error[] = [];
const gateway = openGateway(
  () => new MessageEncryptor({ recipients: [{ password, iterations: 1000 }], at: new Date('2027-01-01') }),
  (error) => failures.push(error),
);

beforeAll(async () => {
  await new Promise<void>((listening) => gateway.listen(0, '127.0.0.1', listening));
});
afterAll(() => gateway.close());

async function through(message: Bytes): Promise<Bytes> {
  const socket = connect((gateway.address() as AddressInfo).port, '127.0.0.1');
  socket.end(message);
  return asBytes(await buffer(socket));
}

test('messages come back encrypted, several at a time', async () => {
  const bodies = [1, 200_000, 50].map((lines) => 'a line of text\r\n'.repeat(lines));
  const sealed = await Promise.all(
    bodies.map((body) => through(bytesFromLatin1(`Subject: of ${body.length}\r\n\r\n${body}`))),
  );
  for (const [i, message] of sealed.entries()) {
    const { message: inside } = await decryptMessage(message, { keys: [{ password }] });
    expect(latin1FromBytes(inside)).toContain(`Subject: of ${bodies[i]!.length}\r\n`);
    expect(latin1FromBytes(message)).not.toContain('a line of text');
  }
  expect(failures).toEqual([]);
});

test('what cannot be sealed is not given an end', async () => {
  await expect(through(bytesFromLatin1('Subject: a\rTo: b\r\rbody\r'))).rejects.toThrow('ECONNRESET');
  await expect.poll(() => failures).toMatchObject([{ code: 'usage' }]);
});
