import { expect, test } from 'vitest';
import { bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';

// Parts that stand near each other share what is made of their octets; each must read as if it stood alone.

const bodies = ['', 'a', 'QUJD', 'caf\xe9', '\x1b$B$"\x1b(B', '=?utf-8?Q?no_word?='];

function part(i: number, body: string): string {
  const encoded = i % 2 === 0;
  const content = encoded ? `${Buffer.from(`${body}${i}`, 'latin1').toString('base64')}\r\n` : body;
  return (
    `Content-Type: Application/X-Test;\r\n\tname="file-${i}.bin"\r\n` +
    `Content-Transfer-Encoding: ${encoded ? 'base64' : '8bit'}\r\n` +
    `Content-Disposition: attachment;\r\n filename=file-${i}.bin\r\n` +
    `Content-Description: =?utf-8?Q?part_${i}?=\r\n\r\n${content}`
  );
}

test.each(bodies)('300 parts whose bodies hold %j', (body) => {
  const parts = Array.from({ length: 300 }, (_, i) => part(i, body));
  const octets = bytesFromLatin1(
    `Content-Type: multipart/mixed; boundary=x\r\n\r\n${parts.map((each) => `--x\r\n${each}\r\n`).join('')}--x--\r\n`,
  );
  const message = parseMessage(octets, { engine: 'typescript' });
  expect(message.parts).toHaveLength(300);
  message.parts.forEach((each, i) => {
    const alone = parseMessage(bytesFromLatin1(parts[i]!));
    expect(each.contentType).toEqual(alone.contentType);
    expect(each.contentDisposition).toEqual(alone.contentDisposition);
    expect(each.filename).toBe(`file-${i}.bin`);
    expect(each.headers.get('content-description')?.text).toBe(`part ${i}`);
    expect([...each.headers].map(({ name, value }) => [name, value])).toEqual(
      [...alone.headers].map(({ name, value }) => [name, value]),
    );
  });
  // Asked for in another order, and all kept: no content may touch another's octets.
  const contents = message.parts.toReversed().map((each) => each.content());
  contents.reverse().forEach((content, i) => {
    expect(latin1FromBytes(content)).toBe(i % 2 === 0 ? `${body}${i}` : body);
  });
  expect(message.parts.flatMap((each) => each.defects)).toEqual([]);
});
