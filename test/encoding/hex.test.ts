import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';

describe('hexadecimal', () => {
  test('every octet there and back, in either case', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    expect(encodeHex(octets)).toBe(Buffer.from(octets).toString('hex'));
    expect(decodeHex(encodeHex(octets))).toEqual(octets);
    expect(decodeHex(encodeHex(octets).toUpperCase())).toEqual(octets);
    expect(decodeHex('')).toEqual(new Uint8Array(0));
  });

  test.each([
    ['a letter', '00g0', 2],
    ['a blank', '00 11', 2],
    ['one before the digits', '/0', 0],
    ['one after the digits', ':0', 0],
    ['one before the letters', '0@', 1],
    ['one after the capitals', '0G', 1],
    ['one before the small letters', '0`', 1],
    ['a letter above ASCII whose low bits are a digit', '0\u0130', 1],
    ['a letter of Latin-1 whose low bits are a letter', '0\u00c1', 1],
    ['an odd number of digits', '000', 3],
    ['something else than a digit at an odd end', '00x', 2],
  ])('refuses %s', (_, text, offset) => {
    expect(() => decodeHex(text)).toThrow(expect.objectContaining({ code: 'hex-malformed', offset }));
  });
});
