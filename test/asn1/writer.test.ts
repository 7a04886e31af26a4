import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { bitString, decodeString, integerBytes } from '../../src/asn1/values.js';
import {
  compareOctets,
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derIa5String,
  derInteger,
  derNull,
  derOctetString,
  derPrintableString,
  derSequence,
  derSetOf,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { expectLinear } from '../support/linear-time.js';
import { failure, hex, octets } from './support.js';

describe('lengths are minimal', () => {
  test.each([
    [0, '0400'],
    [1, '0401'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
    [16_777_216, '048401000000'],
  ])('%i octets', (length, header) => {
    const element = der(0x04, new Uint8Array(length));
    expect(hex(element.subarray(0, header.length / 2))).toBe(header);
    expect(element.length).toBe(header.length / 2 + length);
    expect(readBer(element).content.length).toBe(length);
  });

  test('pieces are joined', () => {
    expect(hex(der(0x04, octets('61'), octets(''), octets('6263')))).toBe('0403616263');
  });

  test('tag numbers of 31 and more are not written', () => {
    for (const identifier of [0x1f, 0x3f, 0xbf]) expect(failure(() => der(identifier))[0]).toBe('usage');
  });
});

describe('INTEGER', () => {
  test.each<[number | bigint, string]>([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '0080'],
    [255, '00ff'],
    [256, '0100'],
    [32_767, '7fff'],
    [32_768, '008000'],
    [-1, 'ff'],
    [-128, '80'],
    [-129, 'ff7f'],
    [-255, 'ff01'],
    [-256, 'ff00'],
    [-32_768, '8000'],
    [-32_769, 'ff7fff'],
    [Number.MAX_SAFE_INTEGER, '1fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, 'e0000000000001'],
    [2n ** 63n, '008000000000000000'],
    [-(2n ** 63n), '8000000000000000'],
    [2n ** 64n - 1n, '00ffffffffffffffff'],
    [0n, '00'],
  ])('%s', (value, content) => {
    expect(hex(integerBytes(readBer(derInteger(value))))).toBe(content);
  });

  test.each([
    ['', '00'],
    ['00', '00'],
    ['0000', '00'],
    ['7f', '7f'],
    ['80', '0080'],
    ['0080', '0080'],
    ['00000001', '01'],
    ['ff00', '00ff00'],
  ])('unsigned octets "%s"', (value, content) => {
    expect(hex(integerBytes(readBer(derInteger(octets(value)))))).toBe(content);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no safe integer', (value) => {
    expect(failure(() => derInteger(value))[0]).toBe('usage');
  });
});

test('BOOLEAN, NULL and explicit tags', () => {
  expect([hex(derBoolean(true)), hex(derBoolean(false)), hex(derNull())]).toEqual([
    '0101ff',
    '010100',
    '0500',
  ]);
  expect(hex(derExplicit(0, derNull()))).toBe('a0020500');
  expect(hex(derExplicit(30, derNull()))).toBe('be020500');
  for (const n of [-1, 31, 32, 0.5]) expect(failure(() => derExplicit(n, derNull()))[0]).toBe('usage');
});

describe('BIT STRING', () => {
  test('unused bits are written as zero, and the caller’s octets are not touched', () => {
    const value = octets('ffff');
    expect(hex(derBitString(value, 4))).toBe('030304fff0');
    expect(hex(value)).toBe('ffff');
    expect(bitString(readBer(derBitString(value, 7)))).toEqual({ octets: octets('ff80'), unusedBits: 7 });
  });

  test.each([-1, 8])('%i unused bits', (unusedBits) => {
    expect(failure(() => derBitString(octets('ff'), unusedBits))[0]).toBe('usage');
  });

  test('unused bits of nothing', () => {
    expect(failure(() => derBitString(octets(''), 1))[0]).toBe('usage');
    expect(hex(derBitString(octets('')))).toBe('030100');
  });
});

describe('strings', () => {
  test('what each type can hold comes back', () => {
    expect(decodeString(readBer(derUtf8String('山田 😀')))).toBe('山田 😀');
    const printable = "ABCxyz 019'()+,-./:=?";
    expect(decodeString(readBer(derPrintableString(printable)))).toBe(printable);
    expect(decodeString(readBer(derIa5String('a@b\u0000\u007f')))).toBe('a@b\u0000\u007f');
  });

  test.each(['a@b', 'a*b', 'a_b', 'é', '山', 'a\n', '&'])('"%s" is not printable', (text) => {
    expect(failure(() => derPrintableString(text))[0]).toBe('usage');
  });

  test.each(['é', '\u0080', '山'])('"%s" is not ASCII', (text) => {
    expect(failure(() => derIa5String(text))[0]).toBe('usage');
  });
});

describe('SET OF', () => {
  test('is sorted as X.690 §11.6 says, and the caller’s array is not touched', () => {
    const elements = ['0403000000', '0401ff', '020101', '040100', '0402ff00', '0401ff'].map(octets);
    const before = [...elements];
    expect(hex(derSetOf(...elements))).toBe(
      '3115 020101 040100 0401ff 0401ff 0402ff00 0403000000'.replaceAll(' ', ''),
    );
    expect(elements).toEqual(before);
  });

  test('a shorter one comes first where it begins the longer', () => {
    expect(compareOctets(octets('0102'), octets('010200'))).toBeLessThan(0);
    expect(compareOctets(octets('0102'), octets('0102'))).toBe(0);
    expect(compareOctets(octets('ff'), octets('01ffff'))).toBeGreaterThan(0);
  });

  test('writing a long one takes time that is linear in the length', () => {
    expectLinear((size) => {
      const content = new Uint8Array(size);
      return () => derSequence(derOctetString(content));
    }, 1_000_000);
  });
});
