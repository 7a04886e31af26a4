import { expect, test } from 'vitest';
import { parseMessage } from '../../../src/mime/message.js';

const names = (count: number) => Array.from({ length: count }, (_, i) => `X-Filler-${i}: ${i}`).join('\r\n');
const headersOf = (text: string) => parseMessage(Buffer.from(`${text}\r\n\r\n`, 'latin1')).headers;

// In a long block names are looked up by an index after some searches, in a short one they are compared.
test.each([3, 100])('a name is found whatever its case, among %d others', (others) => {
  const headers = headersOf(`${names(others)}\r\nMessage-ID: <a@b>\r\nx-ODD{[~: 1\r\nMESSAGE-id: <c@d>`);
  for (let round = 0; round < 30; round++) {
    for (const name of ['message-id', 'Message-ID', 'MESSAGE-ID', 'mESSAGE-iD']) {
      expect(headers.get(name)?.value).toBe('<a@b>');
      expect(headers.all(name).map(({ value }) => value)).toEqual(['<a@b>', '<c@d>']);
    }
    expect(headers.get('X-odd{[~')?.value).toBe('1');
    // Only letters have a case.
    for (const name of ['x-odd[[~', 'x-odd{{~', 'x-odd{[^', 'message\rid', 'message-i', 'message-idd', '']) {
      expect(headers.get(name)).toBeUndefined();
      expect(headers.all(name)).toEqual([]);
    }
  }
});

test('the fields of a part are its own, wherever it stands', () => {
  const part = (i: number) => `--b\r\nX-Number: ${i}\r\nContent-Type: text/plain; name=p${i}\r\n\r\nbody\r\n`;
  const { parts, headers } = parseMessage(
    Buffer.from(
      `Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part(1)}--b\r\n\r\nno field\r\n${part(3)}--b\r\nContent-Type: message/rfc822\r\n\r\nX-Number: 4\r\nSubject: inner\r\n\r\nbody\r\n--b--\r\n`,
    ),
  );
  expect([...headers].map(({ name }) => name)).toEqual(['Subject', 'Content-Type']);
  expect(headers.get('x-number')).toBeUndefined();
  expect(parts.map((each) => [...each.headers].map(({ name, value }) => `${name}: ${value}`))).toEqual([
    ['X-Number: 1', 'Content-Type: text/plain; name=p1'],
    [],
    ['X-Number: 3', 'Content-Type: text/plain; name=p3'],
    ['Content-Type: message/rfc822'],
  ]);
  expect(parts[3]!.headers.at(1)).toBeUndefined();
  expect([...parts[3]!.parts[0]!.headers].map(({ value }) => value)).toEqual(['4', 'inner']);
  expect(parts[1]!.headers.get('x-number')).toBeUndefined();
});
