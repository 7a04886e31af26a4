import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';

const ascii = (text: string) => new TextEncoder().encode(text);

function refusal(text: string | Uint8Array): [string, number | undefined] | undefined {
  try {
    decodeBase64(text);
    return undefined;
  } catch (error) {
    if (error instanceof MailsealError) return [error.code, error.offset];
    throw error;
  }
}

// RFC 4648 §10.
const vectors: [string, string][] = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
];

describe('base64, strict', () => {
  test.each(vectors)('%j is %j', (plain, encoded) => {
    expect(encodeBase64(ascii(plain))).toBe(encoded);
    expect(decodeBase64(encoded)).toEqual(ascii(plain));
    expect(decodeBase64(ascii(encoded))).toEqual(ascii(plain));
  });

  test.each<[string, string, number]>([
    ['a character outside the alphabet', 'Zm9v.mFy', 4],
    ['a blank', 'Zm9v YmFy', 4],
    ['a line end', 'Zm9v\r\nYmFy', 4],
    ['a line end after all', 'Zm9v\n', 4],
    ['the alphabet of URLs', 'Zm-v', 2],
    ['the other letter of it', 'Zm9_', 3],
    ['a character that is not ASCII', 'Zm9é', 3],
    ['a character whose UTF-8 would make the length right', 'Z\u3042', 1],
    ['a lone surrogate', 'Zm9v\ud800', 4],
    ['no padding after two', 'Zg', 2],
    ['no padding after three', 'Zm8', 3],
    ['half the padding', 'Zg=', 2],
    ['a group of one', 'Zm9vZ', 5],
    ['padding alone', '====', 0],
    ['padding after one', 'Z===', 1],
    ['padding inside', 'Zg==Zg==', 2],
    ['padding before the last character', 'Zm=v', 2],
    ['superfluous padding', 'Zm9v====', 4],
    ['trailing bits after two', 'Zh==', 1],
    ['trailing bits after three', 'Zm9=', 2],
    ['the first of two errors', 'Z.9v....', 1],
    ['an error before missing padding', 'Z.9vZg', 1],
  ])('refuses %s', (_, text, offset) => {
    expect(refusal(text)).toEqual(['base64-malformed', offset]);
    if (/^\p{ASCII}*$/u.test(text)) expect(refusal(ascii(text))).toEqual(['base64-malformed', offset]);
  });

  test('takes only last characters whose trailing bits are zero', () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    expect([...characters].filter((last) => refusal(`Z${last}==`) === undefined).length).toBe(4);
    expect([...characters].filter((last) => refusal(`Zm${last}=`) === undefined).length).toBe(16);
  });

  test('tells every octet value apart', () => {
    const good = [...Array(256).keys()].filter(
      (octet) => refusal(Uint8Array.of(0x41, 0x41, 0x41, octet)) === undefined,
    );
    expect(String.fromCharCode(...good)).toBe(
      '+/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    );
  });

  // A runtime's own functions are asked for 40,000 characters at a time.
  test.each([39_996, 40_000, 40_004, 79_996, 80_000, 80_004])('a text of %d characters', (length) => {
    const text = 'Zm9v'.repeat(length / 4);
    const octets = ascii('foo'.repeat(length / 4));
    for (const engine of ['native', 'typescript'] as const) {
      expect(Buffer.compare(decodeBase64(text, { engine }), octets)).toBe(0);
      expect(Buffer.compare(decodeBase64(ascii(text), { engine }), octets)).toBe(0);
    }
  });

  test.each([39_996, 39_999, 40_000, 40_003, 79_999, 80_001])(
    'refuses what is wrong at %d of a long text',
    (at) => {
      const text = 'Zm9v'.repeat(20_100);
      for (const wrong of ['=', '-', '\n', 'é']) {
        const damaged = text.slice(0, at) + wrong + text.slice(at + 1);
        expect(refusal(damaged)).toEqual(['base64-malformed', at]);
      }
      // As long as it should be, where a decoder that passes over padding would have taken two texts for one.
      const padded = `${text.slice(0, at - (at % 4))}Zg==${text.slice(at - (at % 4) + 4)}`;
      expect(refusal(padded)).toEqual(['base64-malformed', at - (at % 4) + 2]);
      expect(refusal(ascii(padded))).toEqual(['base64-malformed', at - (at % 4) + 2]);
    },
  );

  test('takes a Buffer and gives a plain array of its own', () => {
    const decoded = decodeBase64(Buffer.from('Zm9v'));
    expect(decoded.constructor).toBe(Uint8Array);
    expect(encodeBase64(Buffer.from('foo'))).toBe('Zm9v');
  });
});
