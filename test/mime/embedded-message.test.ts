import { describe, expect, test } from 'vitest';
import { embeddedMessage } from '../../src/mime/embedded-message.js';
import { parseMessage } from '../../src/mime/message.js';
import { crlf, latin1, octets } from '../support/mime.js';

const inner = 'Subject: =?utf-8?Q?caf=C3=A9?=\r\n\r\ntext';

function encoded(text: string, times: number): string {
  if (times === 0) return text;
  const body = Buffer.from(encoded(text, times - 1), 'latin1').toString('base64');
  return `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`;
}

describe('the message that a part holds', () => {
  test('is its part where it stands there as it is', () => {
    const message = parseMessage(octets(`Content-Type: message/rfc822\r\n\r\n${inner}`));
    expect(embeddedMessage(message)).toBe(message.parts[0]);
  });

  test('is read from its content where it is encoded, in octets of its own', () => {
    const message = parseMessage(octets(encoded(inner, 1)));
    expect(message.parts).toEqual([]);
    const read = embeddedMessage(message);
    expect(read?.headers.get('subject')?.text).toBe('café');
    expect(read?.text()).toBe('text');
    expect([read?.start, read?.end, read?.path, read?.parent]).toEqual([0, inner.length, '', undefined]);
    expect(latin1(read!.source)).toBe(inner);
  });

  test('is read from quoted-printable, too', () => {
    const message = parseMessage(
      crlf(
        'Content-Type: message/global',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'A: =3D',
        '',
        'b',
      ),
    );
    expect(embeddedMessage(message)?.headers.get('a')?.value).toBe('=');
  });

  test('is none in other parts', () => {
    expect(embeddedMessage(parseMessage(octets('A: b\r\n\r\ntext')))).toBeUndefined();
    expect(embeddedMessage(parseMessage(octets('Content-Type: message/rfc822\r\n')))).toBeUndefined();
  });

  test('counts the depth at which it stands', () => {
    const deep = octets(encoded(inner, 4));
    const depthOf = (options: Parameters<typeof parseMessage>[1]): number => {
      let depth = 0;
      let part = embeddedMessage(parseMessage(deep, options));
      for (; part !== undefined; part = embeddedMessage(part)) depth++;
      return depth;
    };
    expect(depthOf({})).toBe(4);
    expect(() => depthOf({ limits: { depth: 3 } })).toThrow(expect.objectContaining({ code: 'limit-depth' }));
    expect(depthOf({ limits: { depth: 3 }, onLimit: 'truncate' })).toBe(2);
    expect(depthOf({ limits: { depth: 5 } })).toBe(4);
  });
});
