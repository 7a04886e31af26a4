import { describe, expect, test } from 'vitest';
import { decodeQuotedPrintable, QuotedPrintableDecoder } from '../../src/encoding/quoted-printable.js';
import {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
} from '../../src/encoding/quoted-printable-encoder.js';
import { singly, transform } from '../support/pieces.js';

// One octet for each character, so that raw octets can be written.
const octetsOf = (characters: string) => Uint8Array.from(characters, (character) => character.charCodeAt(0));
const charactersOf = (octets: Uint8Array) => String.fromCharCode(...octets);

describe('quoted-printable, decoding', () => {
  test.each<[string, string, string, [string, number][]]>([
    ['plain text', 'plain text\r\n', 'plain text\r\n', []],
    ['escapes', 'a=3Db=E9', 'a=b\xe9', []],
    ['lower-case digits', '=3d=e9=eA', '=\xe9\xea', []],
    ['a soft line break', 'one=\r\ntwo', 'onetwo', []],
    ['a soft line break with LF alone', 'one=\ntwo', 'onetwo', []],
    ['white space after the "=" of one', 'one= \t \r\ntwo', 'onetwo', []],
    ['white space before the "=" of one, which is content', 'one \t=\r\ntwo', 'one \ttwo', []],
    ['a soft line break at the end', 'one=', 'one', []],
    ['a soft line break at the end with white space', 'one= \t', 'one', []],
    ['a soft line break at the end with its line end', 'one=\r\n', 'one', []],
    ['white space at the end of a line', 'one \t \r\ntwo\t\nthree', 'one\r\ntwo\nthree', []],
    ['white space at the end of all', 'one \t ', 'one', []],
    ['escaped white space at the end of a line', 'one=20\r\ntwo=09', 'one \r\ntwo\t', []],
    ['white space after escaped white space', 'one=20 \r\n', 'one \r\n', []],
    ['white space alone on a line', ' \t \r\n \n ', '\r\n\n', []],
    ['nothing', '', '', []],
    ['no digits', 'a=xyz', 'a=xyz', [['quoted-printable-bad-escape', 1]]],
    ['one digit', 'a=4xz', 'a=4xz', [['quoted-printable-bad-escape', 1]]],
    ['one digit at the end', 'a=4', 'a=4', [['quoted-printable-bad-escape', 1]]],
    ['one digit at the end of a line', 'a=4 \r\n', 'a=4\r\n', [['quoted-printable-bad-escape', 1]]],
    ['"=" twice', 'a==3D', 'a==', [['quoted-printable-bad-escape', 1]]],
    ['"=", white space, text', '= \t4', '= \t4', [['quoted-printable-bad-escape', 0]]],
    [
      '"=", a CR alone',
      'a=\rb',
      'a=\rb',
      [
        ['quoted-printable-bad-escape', 1],
        ['quoted-printable-raw-octet', 2],
      ],
    ],
    [
      '"=", white space, a CR at the end',
      'a= \r',
      'a= \r',
      [
        ['quoted-printable-bad-escape', 1],
        ['quoted-printable-raw-octet', 3],
      ],
    ],
    ['raw 8-bit octets', 'caf\xe9', 'caf\xe9', [['quoted-printable-raw-octet', 3]]],
    ['a raw control', 'a\0b', 'a\0b', [['quoted-printable-raw-octet', 1]]],
    ['a CR alone after white space', 'a \rb', 'a \rb', [['quoted-printable-raw-octet', 2]]],
    ['CR CR LF', 'a\r\r\n', 'a\r\r\n', [['quoted-printable-raw-octet', 1]]],
    [
      'the first of each',
      '\xff=x=y',
      '\xff=x=y',
      [
        ['quoted-printable-raw-octet', 0],
        ['quoted-printable-bad-escape', 1],
      ],
    ],
  ])('%s', (_, encoded, plain, defects) => {
    const whole = decodeQuotedPrintable(octetsOf(encoded));
    expect(charactersOf(whole.content)).toBe(plain);
    expect(whole.defects.map(({ code, offset }) => [code, offset])).toEqual(defects);
    for (let at = 0; at <= encoded.length; at++) {
      const decoder = new QuotedPrintableDecoder();
      const chunks = [octetsOf(encoded.slice(0, at)), octetsOf(encoded.slice(at))];
      expect(charactersOf(transform(decoder, chunks)), `split at ${at}`).toBe(plain);
      expect(decoder.defects, `split at ${at}`).toEqual(whole.defects);
    }
    const decoder = new QuotedPrintableDecoder();
    expect(charactersOf(transform(decoder, singly(octetsOf(encoded))))).toBe(plain);
    expect(decoder.defects).toEqual(whole.defects);
  });

  test('gives what is settled at once', () => {
    const decoder = new QuotedPrintableDecoder();
    const given = ['abc=', '4', '1 ', ' ', 'd'].map((piece) => charactersOf(decoder.update(octetsOf(piece))));
    expect(given).toEqual(['abc', '', 'A', '', '  d']);
  });
});

describe('quoted-printable, encoding', () => {
  test.each<[string, string, string]>([
    ['plain text', 'plain text\r\n', 'plain text\r\n'],
    ['"="', '1+1=2', '1+1=3D2'],
    [
      'every printable character',
      '!"#$%&\'()*+,-./09:;<>?@AZ[\\]^_`az{|}~',
      '!"#$%&\'()*+,-./09:;<>?@AZ[\\]^_`az{|}~',
    ],
    ['controls and 8-bit octets', '\0\x1f\x7f\x80\xff', '=00=1F=7F=80=FF'],
    ['white space inside a line', 'a b\tc', 'a b\tc'],
    ['white space at the end of a line', 'a \r\nb\t\r\n', 'a=20\r\nb=09\r\n'],
    ['the last of several only', 'a  \r\n', 'a =20\r\n'],
    ['white space at the end of all', 'a ', 'a=20'],
    ['white space before a CR alone', 'a \rb', 'a =0Db'],
    ['CR and LF alone', 'a\nb\rc', 'a=0Ab=0Dc'],
    ['CR CR LF', 'a\r\r\n', 'a=0D\r\n'],
    ['LF CR', 'a\n\r', 'a=0A=0D'],
    ['From at the start of a line', 'From me\r\nFrom you', '=46rom me\r\n=46rom you'],
    ['From elsewhere', ' From me, Fro', ' From me, Fro'],
    ['words that begin like it', 'Fromage\r\nFrom', 'Fromage\r\nFrom'],
    ['a dot at the start of a line', '.\r\n..a.\r\n', '=2E\r\n=2E.a.\r\n'],
    ['nothing', '', ''],
    ['75 characters', 'a'.repeat(75), 'a'.repeat(75)],
    ['76 characters', 'a'.repeat(76), `${'a'.repeat(75)}=\r\na`],
    ['an escape that does not fit', `${'a'.repeat(73)}=b`, `${'a'.repeat(73)}=\r\n=3Db`],
    ['an escape that fits', `${'a'.repeat(72)}=b`, `${'a'.repeat(72)}=3D=\r\nb`],
    ['a dot that a soft line break moves', `${'a'.repeat(75)}.`, `${'a'.repeat(75)}=\r\n=2E`],
    ['From that a soft line break moves', `${'a'.repeat(75)}From me`, `${'a'.repeat(75)}=\r\n=46rom me`],
    ['a line end after 75 characters', `${'a'.repeat(75)}\r\n`, `${'a'.repeat(75)}\r\n`],
  ])('%s', (_, plain, encoded) => {
    expect(charactersOf(encodeQuotedPrintable(octetsOf(plain)))).toBe(encoded);
    expect(charactersOf(transform(new QuotedPrintableEncoder(), singly(octetsOf(plain))))).toBe(encoded);
    expect(charactersOf(decodeQuotedPrintable(octetsOf(encoded)).content)).toBe(plain);
  });

  test.each<[string, string, string]>([
    ['line ends', 'a\r\nb\n', 'a=0D=0Ab=0A'],
    ['white space before them', 'a \r\n', 'a =0D=0A'],
    ['white space at the end of all', 'a\t', 'a=09'],
  ])('binary: %s', (_, plain, encoded) => {
    expect(charactersOf(encodeQuotedPrintable(octetsOf(plain), { binary: true }))).toBe(encoded);
    expect(
      charactersOf(transform(new QuotedPrintableEncoder({ binary: true }), singly(octetsOf(plain)))),
    ).toBe(encoded);
  });
});
