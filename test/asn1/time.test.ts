import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { decodeTime } from '../../src/asn1/time.js';
import { der, derTime } from '../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { failure, hex, octets } from './support.js';

const utc = (text: string) => readBer(der(0x17, bytesFromLatin1(text)));
const generalized = (text: string) => readBer(der(0x18, bytesFromLatin1(text)));

describe('UTCTime', () => {
  test.each([
    ['990131235959Z', '1999-01-31T23:59:59.000Z'],
    ['500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['000229120000Z', '2000-02-29T12:00:00.000Z'],
    ['9901312359Z', '1999-01-31T23:59:00.000Z'],
    ['990131120000+0900', '1999-01-31T03:00:00.000Z'],
    ['9901310000-0130', '1999-01-31T01:30:00.000Z'],
    ['161231235960Z', '2016-12-31T23:59:59.000Z'],
  ])('%s', (text, moment) => {
    expect(decodeTime(utc(text)).toISOString()).toBe(moment);
  });

  test.each([
    '',
    '990131235959',
    '990229000000Z',
    '991301000000Z',
    '990001000000Z',
    '990100000000Z',
    '990132000000Z',
    '990101240000Z',
    '990101006000Z',
    '990101000061Z',
    '990101000000+2400',
    '990101000000+0060',
    '990101000000.5Z',
    '99010100000Z',
    ' 90101000000Z',
    '990101000000z',
    '19990101000000Z',
    '\xb990101000000Z',
  ])('"%s" names no moment', (text) => {
    expect(failure(() => decodeTime(utc(text)))).toEqual(['asn1-malformed', 0]);
  });
});

describe('GeneralizedTime', () => {
  test.each([
    ['19990131235959Z', '1999-01-31T23:59:59.000Z'],
    ['20500101000000Z', '2050-01-01T00:00:00.000Z'],
    ['99991231235959Z', '9999-12-31T23:59:59.000Z'],
    ['00000101000000Z', '0000-01-01T00:00:00.000Z'],
    ['00500101000000Z', '0050-01-01T00:00:00.000Z'],
    ['19990131235959.5Z', '1999-01-31T23:59:59.500Z'],
    ['19990131235959,289Z', '1999-01-31T23:59:59.289Z'],
    ['19990131235959.123456789Z', '1999-01-31T23:59:59.123Z'],
    ['199901312359Z', '1999-01-31T23:59:00.000Z'],
    ['1999013123Z', '1999-01-31T23:00:00.000Z'],
    ['19990131235959', '1999-01-31T23:59:59.000Z'],
    ['19990131000000+0900', '1999-01-30T15:00:00.000Z'],
    ['20000229000000Z', '2000-02-29T00:00:00.000Z'],
  ])('%s', (text, moment) => {
    expect(decodeTime(generalized(text)).toISOString()).toBe(moment);
  });

  test.each([
    '',
    '19990131',
    '19000229000000Z',
    '19991301000000Z',
    '19990101250000Z',
    '19990101000000.Z',
    '19990101000000.1234567891Z',
    '-9990101000000Z',
    '19990101000000+09',
  ])('"%s" names no moment', (text) => {
    expect(failure(() => decodeTime(generalized(text)))).toEqual(['asn1-malformed', 0]);
  });
});

test('a hostile time is not turned into text', () => {
  expect(failure(() => decodeTime(generalized(`19990101000000.${'0'.repeat(100_000)}Z`)))).toEqual([
    'asn1-malformed',
    0,
  ]);
});

test('a time in pieces', () => {
  const node = readBer(
    octets(`3780 0405${hex(bytesFromLatin1('99013'))} 0408${hex(bytesFromLatin1('1235959Z'))} 0000`),
  );
  expect(decodeTime(node).toISOString()).toBe('1999-01-31T23:59:59.000Z');
});

test('anything else is refused', () => {
  expect(failure(() => decodeTime(readBer(octets('130d3939303133313233353935395a').slice(0, 15))))).toEqual([
    'asn1-unexpected',
    0,
  ]);
});

describe('what derTime writes', () => {
  test.each([
    ['1949-12-31T23:59:59Z', 0x18],
    ['1950-01-01T00:00:00Z', 0x17],
    ['2049-12-31T23:59:59Z', 0x17],
    ['2050-01-01T00:00:00Z', 0x18],
    ['0000-01-01T00:00:00Z', 0x18],
    ['9999-12-31T23:59:59Z', 0x18],
  ])('%s', (moment, tag) => {
    const written = derTime(new Date(moment));
    expect(written[0]).toBe(tag);
    expect(decodeTime(readBer(written)).getTime()).toBe(Date.parse(moment));
  });

  test('milliseconds are cut off', () => {
    expect(decodeTime(readBer(derTime(new Date('2026-06-01T00:00:00.999Z')))).getTime()).toBe(
      Date.parse('2026-06-01T00:00:00Z'),
    );
  });

  test.each([Number.NaN, Date.parse('-000001-12-31T23:59:59Z'), Date.parse('+010000-01-01T00:00:00Z')])(
    'not %s',
    (moment) => {
      expect(failure(() => derTime(new Date(moment)))[0]).toBe('usage');
    },
  );
});
