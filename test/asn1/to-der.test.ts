import { describe, expect, test } from 'vitest';
import { readBer, Tag } from '../../src/asn1/reader.js';
import { isDer, toDer } from '../../src/asn1/to-der.js';
import { der } from '../../src/asn1/writer.js';
import { expectLinear } from '../support/linear-time.js';
import { failure, hex, nested, octets, repeated } from './support.js';

const normal = (document: string): string => hex(toDer(readBer(octets(document))));

describe('what becomes DER', () => {
  test.each([
    ['an indefinite length', '3080 020101 0000', '3003020101'],
    ['a long length', '308400000004 028101 01', '3003020101'],
    ['TRUE', '010101', '0101ff'],
    ['FALSE', '010100', '010100'],
    ['an OCTET STRING in pieces', '2480 040161 2403 040162 0000', '04026162'],
    ['a BIT STRING in pieces', '2380 030200a5 030204ff 0000', '030304a5f0'],
    ['unused bits that are not zero', '030204ff', '030204f0'],
    ['a UTF8String in pieces of its own type', '2c80 0c0161 0c0162 0000', '0c026162'],
    ['a GeneralString in pieces', '3b06 040161 040162', '1b026162'],
    ['an ObjectDescriptor in pieces', '2706 040161 040162', '07026162'],
    ['a UTCTime in pieces', '3706 040161 040162', '17026162'],
    ['a SET', '310b 0403000000 0401ff 020101', '310b 020101 0401ff 0403000000'],
    ['an inner SET of indefinite length', '3080 3180 0500 020101 0000 0000', '30073105 020101 0500'],
    ['a high tag', 'bf1f80 0500 0000', 'bf1f020500'],
    ['a primitive high tag', '9f81008101 61', '9f81000161'],
    ['a private tag', 'e080 0500 0000', 'e0020500'],
  ])('%s', (_, document, expected) => {
    const result = normal(document);
    expect(result).toBe(expected.replaceAll(' ', ''));
    expect(normal(result)).toBe(result);
    expect(isDer(readBer(octets(result)))).toBe(true);
    expect(isDer(readBer(octets(document)))).toBe(document.replaceAll(' ', '') === result);
  });
});

describe('what stays', () => {
  test.each([
    ['the pieces under an implicit tag, whose type nobody knows', 'a003040161'],
    ['the order of a SEQUENCE', '3006020102020101'],
    ['an unreadable BIT STRING', '030209ff'],
    ['an empty BIT STRING element', '0300'],
    ['a long BOOLEAN', '01020101'],
  ])('%s', (_, document) => {
    expect(normal(document)).toBe(document.replaceAll(' ', ''));
  });
});

describe('options', () => {
  test('another identifier octet, as signed attributes want it', () => {
    const node = readBer(octets('a080 3004 06020102 3003 060129 0000'));
    expect(hex(toDer(node, { identifier: Tag.Set }))).toBe('310b3003060129300406020102');
  });

  test('the order of SETs as received', () => {
    const node = readBer(octets('a080 3004 06020102 3003 060129 0000'));
    expect(hex(toDer(node, { identifier: Tag.Set, sortSets: false }))).toBe('310b3004060201023003060129');
  });
});

describe('isDer under a context tag', () => {
  // Two octet strings that are not in the order of a SET.
  const fields = '0402ffff 040100';

  test('takes it for a SET where it is what is asked about, as of signed attributes', () => {
    const around = readBer(octets(`3009a007${fields}`));
    expect(isDer(around.children[0]!)).toBe(false);
    expect(isDer(readBer(octets('3009a007 040100 0402ffff')).children[0]!)).toBe(true);
  });

  test('and for a SEQUENCE where it stands inside of that, or is the document', () => {
    expect(isDer(readBer(octets(`3009a007${fields}`)))).toBe(true);
    expect(isDer(readBer(octets(`a007${fields}`)))).toBe(true);
    expect(isDer(readBer(octets(`a009a007${fields}`)))).toBe(true);
  });
});

describe('hostile input', () => {
  test('a SET of 300,000 elements', () => {
    const document = der(Tag.Set, repeated(octets('0500'), 300_000));
    expect(hex(toDer(readBer(document)))).toBe(hex(document));
    expect(isDer(readBer(document))).toBe(true);
  });

  test('damage below is found', () => {
    expect(failure(() => toDer(readBer(octets('30023005'))))).toEqual(['asn1-truncated', 2]);
    expect(failure(() => isDer(readBer(octets('30023005'))))).toEqual(['asn1-truncated', 2]);
  });

  test('64 levels, and no more', () => {
    expect(hex(toDer(readBer(nested(64))))).toBe(hex(nested(64)));
    expect(failure(() => toDer(readBer(nested(65))))[0]).toBe('limit-depth');
  });

  test('a raised limit does not exhaust the stack', () => {
    const levels = 100_000;
    const limits = { depth: levels };
    const strings = (tag: string) => octets(`${tag}80`.repeat(levels) + '0000'.repeat(levels));
    for (const run of [toDer, isDer]) {
      expect(failure(() => run(readBer(nested(10_000), { limits })))[0]).toBe('limit-depth');
    }
    expect(failure(() => toDer(readBer(strings('24'), { limits })))[0]).toBe('limit-depth');
    expect(failure(() => toDer(readBer(strings('23'), { limits })))[0]).toBe('limit-depth');
    expect(hex(toDer(readBer(nested(1000), { limits })))).toBe(hex(nested(1000)));
  });

  test('time is linear in the length', () => {
    // Below some 60,000 pieces all that is made dies young, and each costs half of what it does above.
    expectLinear((size) => {
      const document = der(Tag.OctetString | 0x20, repeated(octets('2403040161'), size));
      return () => toDer(readBer(document));
    }, 80_000);
  });
});
