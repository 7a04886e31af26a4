import { describe, expect, it } from 'vitest';
import { decodeCharset } from '../../src/charset/decoder.js';
import { encodeCharset } from '../../src/charset/encoder.js';

describe('encodeCharset', () => {
  it.each([
    ['us-ascii', 'abc~'],
    ['UTF-8', 'é😀\ufeff'.slice(0, 3)],
    ['iso-2022-jp', '会議の日'],
    ['iso-8859-1', 'café ÿ'],
    ['iso-8859-2', 'łódź'],
    ['iso-8859-15', '€'],
    ['windows-1252', '“€”'],
    ['koi8-r', 'Привет'],
    ['windows-1251', 'Привет'],
    ['ibm850', 'ñ'],
  ])('writes in %s what is read as the same', (label, text) => {
    const octets = encodeCharset(label, text);
    expect(decodeCharset(label, octets)).toMatchObject({ text, replacements: 0 });
  });

  it.each([
    ['us-ascii', 'aé', 1],
    ['iso-8859-1', 'ab€', 2],
    ['latin1', '“', 0],
    ['windows-1252', 'ł', 0],
    ['iso-2022-jp', 'aé', 1],
    ['utf-8', 'a\ud800', 1],
    ['koi8-r', '😀', 0],
  ])('of %s refuses %j', (label, text, offset) => {
    expect(() => encodeCharset(label, text)).toThrowError(
      expect.objectContaining({ code: 'charset-unencodable', offset }),
    );
  });

  it.each(['x-none', 'utf-7', 'utf-16le', 'hz-gb-2312', 'iso-2022-kr'])(
    'knows no encoder for %s',
    (label) => {
      expect(() => encodeCharset(label, 'a')).toThrowError(
        expect.objectContaining({ code: 'charset-unknown' }),
      );
    },
  );
});
