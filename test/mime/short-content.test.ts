import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { encodeQuotedPrintable } from '../../src/encoding/quoted-printable-encoder.js';
import { parseMessage } from '../../src/mime/message.js';
import { readShortContent } from '../../src/mime/short-content.js';

const message = (encoding: string, body: string) =>
  parseMessage(
    Buffer.from(
      `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`,
      'latin1',
    ),
  );
const texts = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '語', '=', '\r\n', '.'), maxLength: 3500 });
const damage = fc.constantFrom('', '', '=', '=4', '-', '\r', ' \r\n', '=3D');

describe('the text of a short body, of which no octets are kept', () => {
  test.each(['base64', 'quoted-printable'])('is that of the octets, in %s', (encoding) => {
    const encode = encoding === 'base64' ? encodeMimeBase64 : encodeQuotedPrintable;
    let damaged = 0;
    fc.assert(
      fc.property(texts, damage, fc.nat(), (text, junk, at) => {
        const whole = Buffer.from(encode(new TextEncoder().encode(text))).toString('latin1');
        const body = whole.slice(0, at % (whole.length + 1)) + junk + whole.slice(at % (whole.length + 1));
        const [asked, kept] = [message(encoding, body), message(encoding, body)];
        const content = kept.content();
        expect(asked.text()).toBe(kept.text());
        expect(asked.defects).toEqual(kept.defects);
        // Afterwards, and of another message, its octets are its own.
        const before = asked.content();
        message(encoding, whole).text();
        expect(Buffer.compare(before, content)).toBe(0);
        if (asked.defects.length > 0) damaged++;
      }),
      { numRuns: 300 },
    );
    expect(damaged).toBeGreaterThan(20);
  });

  test('is told with what was wrong before anybody asks for the octets', () => {
    const part = message('quoted-printable', 'a =ZZ b');
    expect(part.defects).toEqual([]);
    expect(part.text()).toBe('a =ZZ b');
    expect(part.defects.map(({ code }) => code)).toEqual(['quoted-printable-damaged']);
  });
});

test('the memory holds nothing afterwards, also where reading fails', () => {
  const body = Buffer.from(encodeMimeBase64(new Uint8Array(300).fill(7)));
  let seen: Uint8Array | undefined;
  const read = () =>
    readShortContent('base64', new Uint8Array(body), 0, 'auto', ({ content }) => {
      seen = content;
      expect(content).toEqual(new Uint8Array(300).fill(7));
      throw new Error('no text');
    });
  expect(read).toThrow('no text');
  expect(seen).toEqual(new Uint8Array(300));
});

test('bodies that are not encoded, and long ones, are left to others', () => {
  const never = () => expect.fail('it was read');
  expect(readShortContent('8bit', new Uint8Array(10), 0, 'auto', never)).toBeUndefined();
  expect(readShortContent('base64', new Uint8Array(8001), 0, 'auto', never)).toBeUndefined();
});

test.each(['base64', 'quoted-printable'])('the longest short body in %s has room', (encoding) => {
  const body = new Uint8Array(8000).fill(0x41);
  const length = readShortContent(encoding, body, 0, 'typescript', ({ content }) => content.length);
  expect(length).toBe(encoding === 'base64' ? 6000 : 8000);
});
