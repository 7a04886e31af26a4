import { describe, expect, test } from 'vitest';
import { decodeOid, oidContent, oidFromContent } from '../../src/asn1/oid.js';
import { readBer } from '../../src/asn1/reader.js';
import { derOid } from '../../src/asn1/writer.js';
import { expectLinear } from '../support/linear-time.js';
import { failure, hex, octets, repeated } from './support.js';

const largest = 2n ** 128n - 1n;

describe('known identifiers', () => {
  test.each([
    ['0.0', '00'],
    ['0.39', '27'],
    ['1.0', '28'],
    ['1.39', '4f'],
    ['2.0', '50'],
    ['2.5.4.3', '550403'],
    ['2.47', '7f'],
    ['2.48', '8100'],
    ['2.999.3', '883703'],
    ['1.2.840.113549.1.7.2', '2a864886f70d010702'],
    ['2.16.840.1.101.3.4.2.1', '608648016503040201'],
    ['2.25.329800735698586629295641978511506172918', '6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776'],
    ['1.2.268435455', '2affffff7f'],
    ['1.2.268435456', '2a8180808000'],
    ['1.2.999999999', '2a83dceb937f'],
    ['1.2.1000000000', '2a83dceb9400'],
    ['2.999999999', '83dceb944f'],
    ['1.2.4294967295', '2a8fffffff7f'],
    ['1.2.9007199254740993', '2a9080808080808001'],
    ['1.2.562949953421312', '2a8180808080808000'],
  ])('%s', (dotted, content) => {
    expect(oidFromContent(octets(content))).toBe(dotted);
    expect(hex(oidContent(dotted))).toBe(content);
  });

  test('a range of a larger array', () => {
    expect(oidFromContent(octets('ff550403ff'), 1, 4)).toBe('2.5.4.3');
  });

  test('the largest arcs, 128 bits', () => {
    for (const dotted of [`2.${largest}`, `2.25.${largest}`, `1.2.${largest}.${largest}`]) {
      expect(decodeOid(readBer(derOid(dotted)))).toBe(dotted);
    }
  });
});

describe('what is no identifier', () => {
  test.each([
    ['empty', '0600', 0],
    ['an arc cut off', '06022a86', 3],
    ['a leading zero octet', '06032a8001', 3],
    ['a leading zero octet at the start', '06028001', 2],
    ['an arc of 129 bits', `06142a84${'80'.repeat(17)}00`, 3],
    ['an arc of 20 octets', `06152a81${'80'.repeat(18)}00`, 3],
  ])('%s is malformed', (_, document, offset) => {
    const [code, at] = failure(() => decodeOid(readBer(octets(document))));
    // An empty OID is reported at its content.
    expect([code, at]).toEqual(['asn1-malformed', document === '0600' ? 2 : offset]);
  });

  test('another type is refused', () => {
    expect(failure(() => decodeOid(readBer(octets('0d03550403'))))).toEqual(['asn1-unexpected', 0]);
    expect(failure(() => decodeOid(readBer(octets('2605 0603550403'))))).toEqual(['asn1-unexpected', 0]);
  });

  test.each([
    '',
    '1',
    '3.1',
    '0.40',
    '1.40',
    '1.2.',
    '.1.2',
    '1..2',
    '1.02',
    '1.-2',
    '1.2 ',
    '1.2\n',
    '1.2x',
    `2.25.${largest + 1n}`,
    `1.2.${'9'.repeat(39)}`,
    `1.2.${'9'.repeat(40)}`,
  ])('"%s" cannot be written', (dotted) => {
    expect(failure(() => oidContent(dotted))[0]).toBe('usage');
  });

  test('what is no text cannot be written', () => {
    for (const dotted of [undefined, null, 5, {}, ['1.2.3']])
      expect(failure(() => oidContent(dotted as never))[0]).toBe('usage');
  });
});

describe('hostile identifiers', () => {
  test('250,000 arcs of one octet are read in linear time', () => {
    const dotted = oidFromContent(repeated(octets('01'), 250_000));
    expect(dotted.length).toBe('0.1'.length + 2 * 249_999);
    expectLinear((size) => {
      const content = repeated(octets('01'), size);
      return () => oidFromContent(content);
    }, 250_000);
  });

  test('one endless arc of 250,000 octets is refused at its 20th', () => {
    expect(failure(() => oidFromContent(repeated(octets('81'), 250_000)))).toEqual(['asn1-malformed', 0]);
  });

  test('13,000 arcs of 128 bits are read in linear time', () => {
    const arc = oidContent(`2.${largest}`);
    expectLinear((size) => {
      const content = repeated(arc.slice(0, 18).fill(0xff, 0, 17), Math.floor(size / 18));
      content[content.length - 1] = 0;
      return () => {
        try {
          oidFromContent(content);
        } catch {
          // Whether the last arc fits is not the matter.
        }
      };
    }, 250_000);
  });
});
