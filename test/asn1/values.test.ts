import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import {
  bitAt,
  bitString,
  bitStringContent,
  decodeBoolean,
  decodeInteger,
  decodeString,
  integerBytes,
  isString,
  octetString,
  sequenceOf,
  setOf,
  stringOctets,
  unsignedBytes,
} from '../../src/asn1/values.js';
import { failure, hex, octets } from './support.js';

const read = (document: string) => readBer(octets(document));

describe('BOOLEAN', () => {
  test.each([
    ['010100', false],
    ['0101ff', true],
    ['010101', true],
  ])('%s', (document, value) => {
    expect(decodeBoolean(read(document))).toBe(value);
  });

  test.each(['0100', '0102ffff', '020100'])('%s is none', (document) => {
    expect(failure(() => decodeBoolean(read(document)))).toEqual(['asn1-unexpected', 0]);
  });
});

describe('INTEGER', () => {
  test.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['0201ff', -1],
    ['020180', -128],
    ['0202ff7f', -129],
    ['02067fffffffffff', 2 ** 47 - 1],
    ['0206800000000000', -(2 ** 47)],
    ['0a0105', 5],
  ])('%s', (document, value) => {
    expect(decodeInteger(read(document))).toBe(value);
  });

  test('one of more than 48 bits is too large for a number, not for octets', () => {
    const node = read('020700800000000000');
    expect(failure(() => decodeInteger(node))).toEqual(['asn1-malformed', 0]);
    expect(hex(integerBytes(node))).toBe('00800000000000');
  });

  test.each(['0200', '0101ff', '820105', '220302 0105'])('%s is none', (document) => {
    expect(failure(() => integerBytes(read(document)))).toEqual(['asn1-unexpected', 0]);
  });

  test('unsigned octets have no leading zeros, and zero has one octet', () => {
    expect(hex(unsignedBytes(read('020100')))).toBe('00');
    expect(hex(unsignedBytes(read('02020080')))).toBe('80');
    expect(hex(unsignedBytes(read('0203000001')))).toBe('01');
    expect(failure(() => unsignedBytes(read('0201ff')))).toEqual(['asn1-malformed', 0]);
  });
});

describe('SEQUENCE and SET', () => {
  test('their children', () => {
    expect(sequenceOf(read('3003020101')).length).toBe(1);
    expect(setOf(read('31800201010000')).length).toBe(1);
  });

  test('anything else is refused by name', () => {
    expect(() => sequenceOf(read('3100'), 'a Certificate')).toThrow('a Certificate is wanted at octet 0');
    expect(failure(() => setOf(read('3000')))).toEqual(['asn1-unexpected', 0]);
    expect(failure(() => sequenceOf(read('1000')))).toEqual(['asn1-unexpected', 0]);
  });
});

describe('OCTET STRING', () => {
  test.each([
    ['primitive', '0403616263', '616263'],
    ['in two pieces', '2407 040161 04026263', '616263'],
    ['in an indefinite length', '2480 040161 04026263 0000', '616263'],
    ['in nested pieces', '2480 2480 040161 0000 2404 04026263 0000', '616263'],
    ['with empty pieces', '2480 0400 2400 040161 0400 0000', '61'],
    ['with no pieces', '2400', ''],
  ])('%s', (_, document, value) => {
    expect(hex(octetString(read(document)))).toBe(value);
  });

  test('one piece is a view, several are a copy', () => {
    const whole = read('2405 0403616263');
    expect(octetString(whole).buffer).toBe(whole.document.buffer);
    const pieces = read('2406 040161 040162');
    expect(octetString(pieces).buffer).not.toBe(pieces.document.buffer);
  });

  test('a piece of another type is refused', () => {
    expect(failure(() => octetString(read('2406 040161 0c0162')))).toEqual(['asn1-unexpected', 5]);
    expect(failure(() => octetString(read('0c0161')))).toEqual(['asn1-unexpected', 0]);
  });

  test('tagged implicitly', () => {
    expect(hex(stringOctets(read('800161'), 0x04))).toBe('61');
    expect(hex(stringOctets(read('a080 040161 040162 0000'), 0x04))).toBe('6162');
  });

  test('nested too deep', () => {
    const levels = 10_000;
    const document = octets(`${'2480'.repeat(levels)}040161${'0000'.repeat(levels)}`);
    expect(failure(() => octetString(readBer(document)))[0]).toBe('limit-depth');
  });
});

describe('BIT STRING', () => {
  test.each([
    ['empty', '030100', '', 0],
    ['whole octets', '030300a5f0', 'a5f0', 0],
    ['with unused bits', '030304a5f0', 'a5f0', 4],
    ['in pieces', '2380 030200a5 030204f0 0000', 'a5f0', 4],
    ['in nested pieces', '230c 2304 030200a5 2304 030201fe', 'a5fe', 1],
    ['of no pieces', '2300', '', 0],
  ])('%s', (_, document, value, unusedBits) => {
    const bits = bitString(read(document));
    expect([hex(bits.octets), bits.unusedBits]).toEqual([value, unusedBits]);
  });

  test.each([
    ['no first octet', '0300', 0],
    ['eight unused bits', '03020800', 0],
    ['unused bits of nothing', '030101', 0],
    ['unused bits before the last piece', '2308 030201fe 03020000', 6],
  ])('%s is malformed', (_, document, offset) => {
    expect(failure(() => bitString(read(document)))).toEqual(['asn1-malformed', offset]);
  });

  test('a piece of another type is refused', () => {
    expect(failure(() => bitString(read('2304 04020000')))).toEqual(['asn1-unexpected', 2]);
  });

  test('tagged implicitly', () => {
    expect(bitStringContent(read('810205a0'))).toEqual({ octets: octets('a0'), unusedBits: 5 });
  });

  test('bits are counted from the most significant, and there are none past the end', () => {
    const bits = bitString(read('0303 06 80ff'));
    const set = Array.from({ length: 24 }, (_, n) => n).filter((n) => bitAt(bits, n));
    expect(set).toEqual([0, 8, 9]);
  });
});

describe('character strings', () => {
  test.each([
    ['UTF8String', '0c06e5b1b1e794b0', '山田'],
    ['NumericString', '1203313220', '12 '],
    ['PrintableString', '130261 27', "a'"],
    ['TeletexString as ISO 8859-1', '1403e96265', 'ébe'],
    ['IA5String', '16036140 62', 'a@b'],
    ['VisibleString', '1a03617e62', 'a~b'],
    ['UniversalString', '1c08 0000 5c71 0001 f600', '山😀'],
    ['BMPString', '1e045c717530', '山田'],
    ['BMPString with a surrogate pair', '1e04d83dde00', '😀'],
    ['empty', '0c00', ''],
  ])('%s', (_, document, text) => {
    const node = read(document);
    expect(isString(node)).toBe(true);
    expect(decodeString(node)).toBe(text);
  });

  test.each([
    ['a BMPString of odd length', '1e035c7175', '山\ufffd'],
    ['a BMPString of one octet', '1e015c', '\ufffd'],
    ['a lone surrogate', '1e04d83d0041', '\ufffdA'],
    ['a UniversalString past U+10FFFF', '1c08 00110000 00000041', '\ufffdA'],
    ['a UniversalString of three octets', '1c03 000000', '\ufffd'],
    ['UTF-8 cut off', '0c02e5b1', '\ufffd'],
  ])('%s gives U+FFFD', (_, document, text) => {
    expect(decodeString(read(document))).toBe(text);
  });

  test('octets over 127 in the ASCII types are UTF-8 where they can be, else ISO 8859-1', () => {
    expect(decodeString(read('1303e5b1b1'))).toBe('山');
    expect(decodeString(read('1601e9'))).toBe('é');
  });

  test('pieces are OCTET STRINGs, as X.690 has them', () => {
    // The example of X.690 §8.23.6, VisibleString "Jones" in two pieces.
    expect(decodeString(read('3a09 04034a6f6e 04026573'))).toBe('Jones');
    expect(decodeString(read('3a09 1a034a6f6e 1a026573'))).toBe('Jones');
    expect(failure(() => decodeString(read('3a09 1a034a6f6e 16026573')))).toEqual(['asn1-unexpected', 7]);
  });

  test('a character may be cut by pieces', () => {
    expect(decodeString(read('2c80 0401e5 0402b1b1 0000'))).toBe('山');
    expect(decodeString(read('3e80 04015c 040171 0000'))).toBe('山');
  });

  test('anything else is refused', () => {
    for (const document of ['040161', '800161', '1b0161', '020105']) {
      expect(isString(read(document))).toBe(false);
      expect(failure(() => decodeString(read(document)))).toEqual(['asn1-unexpected', 0]);
    }
  });
});
