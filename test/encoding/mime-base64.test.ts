import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { encodeMimeBase64, MimeBase64Encoder } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64, MimeBase64Decoder } from '../../src/encoding/mime-base64-decoder.js';
import { singly, transform } from '../support/pieces.js';

const ascii = (text: string) => new TextEncoder().encode(text);
const text = (octets: Uint8Array) => new TextDecoder().decode(octets);

describe('MIME base64, decoding', () => {
  test.each<[string, string, string, [string, number][]]>([
    ['lines', 'Zm9v\r\nYmFy\r\n', 'foobar', []],
    ['lines with LF alone', 'Zm9v\nYmFy\n', 'foobar', []],
    ['lines that end inside a group', 'Z\r\nm9vYm\r\nF\r\ny', 'foobar', []],
    ['blanks and tabs', ' Zm 9v\tYm\fFy ', 'foobar', []],
    ['padding', 'Zm9vYg==', 'foob', []],
    ['padding on a line of its own', 'Zm9vYg=\r\n=\r\n', 'foob', []],
    ['nothing', '', '', []],
    ['white space only', '\r\n \r\n', '', []],
    ['junk', 'Zm9v!Ym*Fy', 'foobar', [['base64-junk', 4]]],
    ['the alphabet of URLs, which is junk', 'Zm9v-_YmFy', 'foobar', [['base64-junk', 4]]],
    ['blocks one after the other', 'Zg==Zm9v', 'ffoo', [['base64-concatenated', 4]]],
    ['blocks on lines', 'Zm8=\r\nZm8=\r\n', 'fofo', [['base64-concatenated', 6]]],
    ['missing padding after two', 'Zm9vYg', 'foob', [['base64-padding', 6]]],
    ['missing padding after three', 'Zm9vYmE', 'fooba', [['base64-padding', 7]]],
    ['half the padding', 'Zm9vYg=', 'foob', [['base64-padding', 7]]],
    [
      'half the padding before another block',
      'Zg=Zm9v',
      'ffoo',
      [
        ['base64-padding', 3],
        ['base64-concatenated', 3],
      ],
    ],
    ['superfluous padding', 'Zm9v=', 'foo', [['base64-padding', 4]]],
    ['superfluous padding after padding', 'Zm8==', 'fo', [['base64-padding', 4]]],
    ['padding at the start', '=Zm9v', 'foo', [['base64-padding', 0]]],
    ['padding after the first of a group', 'Z=m9v', 'foo', [['base64-padding', 1]]],
    ['a last group of one', 'Zm9vZ', 'foo', [['base64-truncated', 5]]],
    ['trailing bits', 'Zh==', 'f', [['base64-trailing-bits', 2]]],
    ['padding alone', '====', '', [['base64-padding', 0]]],
  ])('%s', (_, encoded, plain, defects) => {
    const whole = decodeMimeBase64(ascii(encoded));
    expect(text(whole.content)).toBe(plain);
    expect(whole.defects.map(({ code, offset }) => [code, offset])).toEqual(defects);
    const decoder = new MimeBase64Decoder();
    expect(text(transform(decoder, singly(ascii(encoded))))).toBe(plain);
    expect(decoder.defects).toEqual(whole.defects);
  });

  test('notes one defect of each code, however many there are', () => {
    const { content, defects } = decodeMimeBase64(ascii('!Zg==Zh==.'.repeat(1000)));
    expect(content.length).toBe(2000);
    expect(defects.map(({ code, offset }) => [code, offset])).toEqual([
      ['base64-junk', 0],
      ['base64-concatenated', 5],
      ['base64-trailing-bits', 7],
    ]);
    expect(defects[0]?.message).toContain('octet 0');
  });

  test('a small result does not keep the memory of a large input alive', () => {
    const { content } = decodeMimeBase64(ascii(`Zm9v${' '.repeat(100_000)}`));
    expect(content.buffer.byteLength).toBeLessThan(100);
  });
});

describe('MIME base64, encoding', () => {
  test.each([
    [0, ''],
    [1, 'AA==\r\n'],
    [3, 'AAAA\r\n'],
    [56, `${'A'.repeat(75)}=\r\n`],
    [57, `${'A'.repeat(76)}\r\n`],
    [58, `${'A'.repeat(76)}\r\nAA==\r\n`],
    [114, `${'A'.repeat(76)}\r\n`.repeat(2)],
    [115, `${`${'A'.repeat(76)}\r\n`.repeat(2)}AA==\r\n`],
  ])('%i octets: every line of 76 at most, each ended by CRLF', (length, encoded) => {
    const octets = new Uint8Array(length);
    expect(text(encodeMimeBase64(octets))).toBe(encoded);
    expect(text(transform(new MimeBase64Encoder(), singly(octets)))).toBe(encoded);
  });

  test('lines of another length', () => {
    expect(text(encodeMimeBase64(ascii('foobar'), { lineLength: 4 }))).toBe('Zm9v\r\nYmFy\r\n');
    expect(text(transform(new MimeBase64Encoder({ lineLength: 4 }), [ascii('foobarb')]))).toBe(
      'Zm9v\r\nYmFy\r\nYg==\r\n',
    );
  });

  test.each([0, -4, 3, 78, 80, 4.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses lines of %d',
    (lineLength) => {
      expect(() => encodeMimeBase64(new Uint8Array(3), { lineLength })).toThrow(MailsealError);
      expect(() => new MimeBase64Encoder({ lineLength })).toThrow(MailsealError);
    },
  );
});
