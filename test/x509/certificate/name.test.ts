import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import {
  der,
  derIa5String,
  derInteger,
  derOid,
  derPrintableString,
  derSequence,
  derSetOf,
  derUtf8String,
} from '../../../src/asn1/writer.js';
import { type Bytes, bytesFromLatin1 } from '../../../src/core/bytes.js';
import { type Name, parseName } from '../../../src/x509/certificate/name.js';
import { failure, octets } from '../../asn1/support.js';
import { type Attribute, nameOf, oids, type Rdn } from '../../support/chains.js';
import { expectLinear } from '../../support/linear-time.js';

const read = (...rdns: readonly Rdn[]): Name => parseName(nameOf(...rdns));
const common = (text: string): Name => read(text);

/** The text as a BMPString, or as a UniversalString. */
function wide(text: string, width: 2 | 4): Bytes {
  const content = [...text].flatMap((character) => {
    const code = character.codePointAt(0)!;
    return width === 2 ? [code >> 8, code & 0xff] : [0, code >> 16, (code >> 8) & 0xff, code & 0xff];
  });
  return der(width === 2 ? 0x1e : 0x1c, Uint8Array.from(content));
}

/** A name of one RDN with commonNames in the order given. */
function unsorted(values: readonly string[]): Name {
  const attributes = values.map((value) => derSequence(derOid(oids.commonName), derUtf8String(value)));
  return parseName(derSequence(der(0x31, ...attributes)));
}

describe('reading', () => {
  test('RDNs in their order, several attributes in one', () => {
    const name = read(
      [oids.country, derPrintableString('JP')],
      [
        [oids.commonName, derUtf8String('山田太郎')],
        [oids.emailAddress, derIa5String('taro@example.jp')],
      ],
    );
    expect(name.rdns.map((rdn) => rdn.map(({ type, value }) => `${type} ${value}`))).toEqual([
      ['2.5.4.6 JP'],
      ['2.5.4.3 山田太郎', '1.2.840.113549.1.9.1 taro@example.jp'],
    ]);
    expect(name.values(oids.emailAddress)).toEqual(['taro@example.jp']);
    expect(name.commonName).toBe('山田太郎');
    expect(name.isEmpty).toBe(false);
  });

  test('the last commonName counts', () => {
    expect(read('first', 'second').commonName).toBe('second');
  });

  test('an empty name', () => {
    const name = parseName(octets('3000'));
    expect([name.isEmpty, `${name}`, name.commonName, name.normalized]).toEqual([true, '', undefined, '']);
  });

  test('a value that is no character string is given in hexadecimal', () => {
    const name = read([oids.commonName, derInteger(5)]);
    expect(name.rdns[0]![0]).toEqual({ type: '2.5.4.3', value: '#020105', isText: false });
    expect(`${name}`).toBe('CN=#020105');
  });

  test.each([
    ['a SET', '3100'],
    ['an RDN that is a SEQUENCE', '30023000'],
    ['an attribute without value', '3009310730050603550403'],
    ['an attribute with more than a value', '300e310c300a06035504030c01610500'],
    ['an attribute that is no SEQUENCE', '30043102 0500'],
    ['a type that is no OID', '300a310830060201030c0161'],
    ['an OID that is damaged', '300a310830060601800c0161'],
    ['truncated', '3005310330'],
  ])('%s is no name', (_, document) => {
    expect(failure(() => parseName(octets(document)))[0]).toMatch(/^asn1-/);
  });
});

describe('printing (RFC 4514)', () => {
  test('the last RDN comes first', () => {
    const name = read(
      [oids.country, derPrintableString('JP')],
      [oids.organization, derUtf8String('印')],
      'A',
    );
    expect(`${name}`).toBe('CN=A,O=印,C=JP');
  });

  test('several attributes are joined with +', () => {
    const rdn: Attribute[] = [
      [oids.commonName, derUtf8String('A')],
      [oids.organization, derUtf8String('B')],
    ];
    expect(`${read(rdn)}`).toBe('CN=A+O=B');
  });

  test('a type without short name is dotted', () => {
    expect(`${read(['1.2.3.4', derUtf8String('x')])}`).toBe('1.2.3.4=x');
  });

  test.each([
    ['a,b+c"d\\e<f>g;h', 'a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h'],
    ['#a', '\\#a'],
    ['a#', 'a#'],
    [' a ', '\\ a\\ '],
    ['  a  ', '\\  a \\ '],
    [' ', '\\ '],
    ['a=b', 'a=b'],
    ['a\0b', 'a\\00b'],
    ['a\nb\u007f', 'a\\0ab\\7f'],
    ['\u001b[31m', '\\1b[31m'],
    ['\u009b31m', '\\c2\\9b31m'],
    ['moc.elpmaxe\u202e', 'moc.elpmaxe\\e2\\80\\ae'],
    ['\u2066a\u2069', '\\e2\\81\\a6a\\e2\\81\\a9'],
    ['a\u200bb', 'a\\e2\\80\\8bb'],
    ['a\u2028b', 'a\\e2\\80\\a8b'],
    ['\ufeffa', '\\ef\\bb\\bfa'],
    ['a\u{e0041}', 'a\\f3\\a0\\81\\81'],
    ['کلیه\u200cها', 'کلیه\u200cها'],
    ['山田 太郎 😀', '山田 太郎 😀'],
  ])('%j', (value, printed) => {
    expect(`${common(value)}`).toBe(`CN=${printed}`);
  });
});

describe('comparing (RFC 5280 §7.1)', () => {
  const same: readonly (readonly [string, Name, Name])[] = [
    ['letter case', common('Example CA'), common('EXAMPLE ca')],
    ['runs of white space', common('Example  CA'), common(' Example CA  ')],
    ['other white space', common('Example\u00a0\u3000CA'), common('Example CA')],
    ['tabs and line ends', common('Example\t\r\n\u0085CA'), common('Example CA')],
    ['letter case beyond ASCII', common('ÉCOLE Я'), common('école я')],
    ['the two small sigmas', common('ΟΔΟΣ'), common('οδοσ')],
    ['sharp s', common('Straße'), common('STRASSE')],
    ['compatibility forms', common('Ｅｘａｍｐｌｅ'), common('example')],
    ['composed and decomposed', common('é'), common('e\u0301')],
    ['soft hyphens, joiners and controls', common('ex\u00adam\u200dp\u0001le\ufe0f'), common('example')],
    [
      'UTF8String and PrintableString',
      common('Example'),
      read([oids.commonName, derPrintableString('EXAMPLE')]),
    ],
    ['UTF8String and BMPString', common('山田'), read([oids.commonName, wide('山田', 2)])],
    ['UTF8String and UniversalString', common('山田😀'), read([oids.commonName, wide('山田😀', 4)])],
    [
      'UTF8String and TeletexString',
      common('École'),
      read([oids.commonName, der(0x14, bytesFromLatin1('école'))]),
    ],
    ['the order in a multi-valued RDN', unsorted(['A', 'B']), unsorted(['b', 'a'])],
    ['empty names', parseName(octets('3000')), parseName(octets('30800000'))],
    ['values of other types', read([oids.commonName, derInteger(5)]), read([oids.commonName, derInteger(5)])],
  ];
  test.each(same)('%s does not count', (_, a, b) => {
    expect([a.equals(b), b.equals(a), a.normalized]).toEqual([true, true, b.normalized]);
  });

  const organization = (text: string): Attribute => [oids.organization, derUtf8String(text)];
  const different: readonly (readonly [string, Name, Name])[] = [
    ['value', common('Example'), common('Examples')],
    ['white space inside a word', common('Example'), common('Exam ple')],
    ['type', common('Example'), read(organization('Example'))],
    ['order of RDNs', read('A', organization('B')), read(organization('B'), 'A')],
    ['an RDN more', read('A'), read('A', 'A')],
    [
      'grouping',
      read('A', organization('B')),
      read([[oids.commonName, derUtf8String('A')], organization('B')]),
    ],
    ['text that looks like the hex of a number', common('#020105'), read([oids.commonName, derInteger(5)])],
    ['text that looks like more RDNs', common('a",2.5.4.10="b'), read('a', organization('b'))],
    ['text that looks like more attributes', common('a"+2.5.4.10="b'), read('a', organization('b'))],
    ['an empty value', read([oids.commonName, derUtf8String('')]), parseName(octets('3000'))],
    ['dotless i', common('ı'), common('i')],
  ];
  test.each(different)('%s counts', (_, a, b) => {
    expect([a.equals(b), b.equals(a)]).toEqual([false, false]);
  });
});

describe('hostile names', () => {
  test('a run of 400,000 combining marks, whose normalization would be quadratic', () => {
    expectLinear((size) => {
      const encoded = nameOf('a'.concat('\u0315\u0300'.repeat(size)));
      return () => parseName(encoded).normalized;
    }, 5_000);
  });

  test('10,000 values of 500 combining marks', () => {
    expectLinear((size) => {
      const rdn: Attribute = [oids.commonName, derUtf8String('\u0315\u0300'.repeat(250))];
      const encoded = nameOf(...new Array<Attribute>(size).fill(rdn));
      return () => parseName(encoded).normalized;
    }, 200);
  });

  test('a value of white space', () => {
    expectLinear((size) => {
      const encoded = nameOf(`a${' \t'.repeat(size)}b`);
      return () => [parseName(encoded).normalized, `${parseName(encoded)}`];
    }, 5_000);
  });

  test('many attributes in one RDN', () => {
    expectLinear((size) => {
      const attributes = Array.from({ length: size }, (_, i) =>
        derSequence(derOid(oids.commonName), derUtf8String(`${i * 7919}`)),
      );
      const encoded = derSequence(derSetOf(...attributes));
      return () => [parseName(encoded).normalized, `${parseName(encoded)}`];
    }, 5_000);
  });
});

test('the octets of a name are those of the document', () => {
  const document = nameOf('A');
  expect(parseName(document).bytes).toEqual(document);
  expect(readBer(document).end).toBe(document.length);
});
