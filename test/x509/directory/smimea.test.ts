import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/core/bytes.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import {
  encodeSmimea,
  matchSmimea,
  parseSmimea,
  printSmimea,
  type SmimeaRecord,
  smimeaCertificate,
  smimeaRecord,
} from '../../../src/x509/directory/smimea.js';
import { smimeaOwnerName } from '../../../src/x509/directory/smimea-owner.js';
import { failure } from '../../asn1/support.js';
import { authority, person } from '../../support/chains.js';
import { expectLinear } from '../../support/linear-time.js';
import { describeProgram, outputOf } from '../../support/programs.js';

const root = authority(undefined, 'Root').certificate;
const rootHolder = authority(undefined, 'Root');
const middle = authority(rootHolder, 'Middle');
const leaf = person(middle, 'Alice').certificate;
const chain = [leaf, middle.certificate, rootHolder.certificate];

describe('owner names (RFC 8162 §3)', () => {
  test.each([
    ['hugh@example.com', 'c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com'],
    ['"hugh"@EXAMPLE.com', 'c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com'],
    [
      '"hu\\gh"@example.com',
      'c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com',
    ],
    [
      ' hugh (the (first)) @example.com',
      'c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com',
    ],
  ])('%j', (address, name) => {
    expect(smimeaOwnerName(address)).toBe(name);
  });

  const hash = (local: string): string =>
    createHash('sha256').update(local, 'utf8').digest('hex').slice(0, 56);

  test.each([
    ['Hugh@example.com', 'Hugh', 'example.com'],
    ['花子@例え.jp', '花子', 'xn--r8jz45g.jp'],
    ['e\u0301@example.com', 'é', 'example.com'],
    ['"a@b c"@example.com', 'a@b c', 'example.com'],
    ['a . b@example.com', 'a.b', 'example.com'],
    ['a (x) . (y) b@example.com', 'a.b', 'example.com'],
    ['"(no comment)"@example.com', '(no comment)', 'example.com'],
    ['a(\\))@example.com', 'a', 'example.com'],
  ])('%j is asked for as the hash of %j', (address, local, domain) => {
    expect(smimeaOwnerName(address)).toBe(`${hash(local)}._smimecert.${domain}`);
  });

  test.each([
    'hugh',
    '@example.com',
    'hugh@',
    '',
    'hugh@[192.0.2.1]',
    '"hugh@example.com',
    '(x@example.com',
    '""@x',
  ])('%j has none', (address) => {
    expect(failure(() => smimeaOwnerName(address))[0]).toBe('x509-smimea-malformed');
  });

  test('a domain that cannot be', () => {
    expect(failure(() => smimeaOwnerName('a@b..c'))[0]).toBe('domain-malformed');
  });

  test('long local parts in linear time', () => {
    expectLinear((size) => () => smimeaOwnerName(`${'(a) "b" '.repeat(size / 8)}@example.com`), 100_000);
  });
});

describe('records', () => {
  const sha256 = 'd2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971';

  test('of RFC 6698 §2.3 and RFC 8162 in both forms', () => {
    const record = parseSmimea(`0 0 1 ${sha256}`);
    expect(encodeHex(encodeSmimea(record))).toBe(`000001${sha256}`);
    expect(parseSmimea(encodeSmimea(record))).toEqual(record);
    expect(printSmimea(record)).toBe(`0 0 1 ${sha256}`);
  });

  test.each([
    `( 3 0 1 ${sha256.slice(0, 30)}\n   ${sha256.slice(30)} )`,
    `3 0 1 ${sha256.toUpperCase()}`,
    `DANE-EE Cert SHA2-256 ${sha256}`,
    `3\t0 1 (${sha256.replace(/../g, '$& ')})`,
    `3 0 1 ${sha256} ; the key of 2026`,
    `3 0 1 ( ; whose\n ${sha256.slice(0, 32)} ; first half\r\n ${sha256.slice(32)} ; second (half)\n )`,
    // RFC 3597 §5: the form of records of types that a program does not know.
    `\\# 35 030001${sha256}`,
    `\\# 35 ( 030001 ; three octets\n ${sha256.toUpperCase().replace(/.{8}/g, '$& ')})`,
  ])('the presentation form %j', (text) => {
    expect(printSmimea(parseSmimea(text))).toBe(`3 0 1 ${sha256}`);
  });

  test.each<Uint8Array | string>([
    new Uint8Array(),
    Uint8Array.of(3, 0, 0),
    '',
    '3 0 1',
    '3 0 1 abc',
    '3 0 1 xy',
    '3 0 1 abxy',
    '256 0 1 ab',
    '-1 0 1 ab',
    'DANE 0 1 ab',
    '1 0 ab',
    '; 3 0 1 ab',
    '3 0 1 ;ab',
    '3 0 1 \\# 1 ab',
    '\\# 3 030001ab',
    '\\# 5 030001ab',
    '\\# 4 030001a',
    '\\# 4 030001xy',
    '\\# 3 030001',
    '\\# 0',
    '\\#4 030001ab',
    '\\# -4 030001ab',
  ])('%j is none', (rdata) => {
    expect(failure(() => parseSmimea(rdata))[0]).toBe('x509-smimea-malformed');
  });

  test.each([
    { usage: 256, selector: 0, matchingType: 0, data: new Uint8Array(1) },
    { usage: 0, selector: -1, matchingType: 0, data: new Uint8Array(1) },
    { usage: 0, selector: 0, matchingType: 0.5, data: new Uint8Array(1) },
    { usage: 0, selector: 0, matchingType: 0, data: new Uint8Array(0) },
  ])('%j cannot be written', (record) => {
    expect(failure(() => encodeSmimea(record))[0]).toBe('usage');
  });

  test('carry a certificate, or not', () => {
    expect(smimeaCertificate(smimeaRecord(leaf))?.equals(leaf)).toBe(true);
    expect(smimeaCertificate(smimeaRecord(leaf, { selector: 1 }))).toBeUndefined();
    expect(smimeaCertificate(smimeaRecord(leaf, { matchingType: 1 }))).toBeUndefined();
    expect(failure(() => smimeaRecord(leaf, { selector: 2 }))[0]).toBe('usage');
    expect(failure(() => smimeaRecord(leaf, { matchingType: 3 }))[0]).toBe('usage');
    const broken = { usage: 3, selector: 0, matchingType: 0, data: leaf.bytes.subarray(0, 50) };
    expect(failure(() => smimeaCertificate(broken))[0]).toBe('asn1-truncated');
  });
});

describeProgram('openssl', () => {
  const key = (): Buffer => {
    const pem = outputOf(['openssl', 'x509', '-inform', 'DER', '-pubkey', '-noout'], leaf.bytes);
    return outputOf(['openssl', 'pkey', '-pubin', '-outform', 'DER'], pem);
  };

  test.each([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ])('selector %i with matching type %i holds what OpenSSL takes and hashes', (selector, matchingType) => {
    const part = selector === 0 ? leaf.bytes : key();
    const wanted =
      matchingType === 0
        ? part
        : outputOf(['openssl', 'dgst', `-sha${matchingType === 1 ? 256 : 512}`, '-binary'], part);
    const { data } = smimeaRecord(leaf, { selector, matchingType });
    expect(equalBytes(data, wanted)).toBe(true);
  });
});

describe('matching (RFC 6698 §2.1.1)', () => {
  const needs = (record: SmimeaRecord): string[] =>
    matchSmimea([record], chain).map((match) => `${match.certificate.subject.commonName}: ${match.needs}`);
  const kinds = [0, 1].flatMap((selector) => [0, 1, 2].map((matchingType) => ({ selector, matchingType })));

  test.each(kinds)('%j', (kind) => {
    expect(needs(smimeaRecord(leaf, { usage: 3, ...kind }))).toEqual(['Alice: nothing']);
    expect(needs(smimeaRecord(leaf, { usage: 1, ...kind }))).toEqual(['Alice: path-to-root']);
    expect(needs(smimeaRecord(middle.certificate, { usage: 2, ...kind }))).toEqual([
      'Middle: path-to-certificate',
    ]);
    expect(needs(smimeaRecord(middle.certificate, { usage: 0, ...kind }))).toEqual(['Middle: path-to-root']);
    // An end entity is no authority, and an authority above is not the end entity.
    expect(needs(smimeaRecord(leaf, { usage: 0, ...kind }))).toEqual([]);
    expect(needs(smimeaRecord(leaf, { usage: 2, ...kind }))).toEqual([]);
    expect(needs(smimeaRecord(middle.certificate, { usage: 1, ...kind }))).toEqual([]);
    expect(needs(smimeaRecord(middle.certificate, { usage: 3, ...kind }))).toEqual([]);
    expect(needs(smimeaRecord(root, { usage: 2, ...kind }))).toEqual(
      kind.selector === 1 ? ['Root: path-to-certificate'] : [],
    );
  });

  test('unknown usages, selectors and matching types fit nothing', () => {
    const record = smimeaRecord(leaf);
    expect([4, 255].flatMap((usage) => needs({ ...record, usage }))).toEqual([]);
    expect([2, 255].flatMap((selector) => needs({ ...record, selector }))).toEqual([]);
    expect([3, 255].flatMap((matchingType) => needs({ ...record, matchingType }))).toEqual([]);
    expect(matchSmimea([record], [])).toEqual([]);
  });

  test('an octet more, less or changed does not fit', () => {
    for (const record of kinds.map((kind) => smimeaRecord(leaf, kind))) {
      const { data } = record;
      const changed = Uint8Array.from(data);
      changed[data.length - 1]! ^= 1;
      for (const other of [data.subarray(1), Uint8Array.of(...data, 0), changed])
        expect(needs({ ...record, data: other })).toEqual([]);
    }
  });

  test('each record of several, in their order', () => {
    const records = [
      smimeaRecord(rootHolder.certificate, { usage: 2, matchingType: 2 }),
      smimeaRecord(person(undefined, 'Bob').certificate),
      smimeaRecord(leaf),
    ];
    expect(matchSmimea(records, chain).map(({ record }) => record)).toEqual([records[0], records[2]]);
  });
});
