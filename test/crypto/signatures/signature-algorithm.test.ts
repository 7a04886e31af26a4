import { describe, expect, test } from 'vitest';
import {
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../../src/asn1/writer.js';
import type { MailsealError } from '../../../src/core/errors.js';
import { parseDigestAlgorithm } from '../../../src/crypto/digests/digest-algorithm.js';
import { parseSignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';

function algorithm(oid: string, ...parameters: Uint8Array[]): Uint8Array {
  return derSequence(derOid(oid), ...parameters);
}

function refusal(action: () => unknown): MailsealError {
  try {
    action();
  } catch (error) {
    return error as MailsealError;
  }
  throw new Error('it was read');
}

const pss = (...fields: Uint8Array[]): Uint8Array =>
  algorithm('1.2.840.113549.1.1.10', derSequence(...fields));
const sha256 = algorithm('2.16.840.1.101.3.4.2.1', derNull());
const mgf1 = (hash: Uint8Array): Uint8Array => algorithm('1.2.840.113549.1.1.8', hash);

describe('signature algorithms', () => {
  test.each([
    ['1.2.840.113549.1.1.4', 'rsa-pkcs1', 'md5'],
    ['1.2.840.113549.1.1.5', 'rsa-pkcs1', 'sha1'],
    ['1.3.14.3.2.29', 'rsa-pkcs1', 'sha1'],
    ['1.2.840.113549.1.1.14', 'rsa-pkcs1', 'sha224'],
    ['1.2.840.113549.1.1.11', 'rsa-pkcs1', 'sha256'],
    ['1.2.840.113549.1.1.12', 'rsa-pkcs1', 'sha384'],
    ['1.2.840.113549.1.1.13', 'rsa-pkcs1', 'sha512'],
    ['1.2.840.113549.1.1.16', 'rsa-pkcs1', 'sha512-256'],
    ['2.16.840.1.101.3.4.3.14', 'rsa-pkcs1', 'sha3-256'],
    ['1.2.840.10045.4.1', 'ecdsa', 'sha1'],
    ['1.2.840.10045.4.3.1', 'ecdsa', 'sha224'],
    ['1.2.840.10045.4.3.2', 'ecdsa', 'sha256'],
    ['1.2.840.10045.4.3.3', 'ecdsa', 'sha384'],
    ['1.2.840.10045.4.3.4', 'ecdsa', 'sha512'],
    ['2.16.840.1.101.3.4.3.12', 'ecdsa', 'sha3-512'],
    ['1.3.6.1.5.5.7.6.33', 'ecdsa', 'shake256'],
    ['1.2.840.10040.4.3', 'dsa', 'sha1'],
    ['1.3.14.3.2.27', 'dsa', 'sha1'],
    ['2.16.840.1.101.3.4.3.1', 'dsa', 'sha224'],
    ['2.16.840.1.101.3.4.3.2', 'dsa', 'sha256'],
  ])('%s is %s with %s, with NULL and without, whatever digest is given', (oid, name, digest) => {
    expect(parseSignatureAlgorithm(algorithm(oid))).toEqual({ name, digest });
    expect(parseSignatureAlgorithm(algorithm(oid, derNull()), 'sha3-384')).toEqual({ name, digest });
  });

  test.each([
    ['1.2.840.113549.1.1.1', 'rsa-pkcs1'],
    ['1.2.840.10040.4.1', 'dsa'],
    ['1.2.840.10045.2.1', 'ecdsa'],
  ])('%s takes the digest that is given', (oid, name) => {
    expect(parseSignatureAlgorithm(algorithm(oid, derNull()), 'sha384')).toEqual({ name, digest: 'sha384' });
    expect(refusal(() => parseSignatureAlgorithm(algorithm(oid))).code).toBe('crypto-unsupported');
  });

  test('Edwards curves', () => {
    expect(parseSignatureAlgorithm(algorithm('1.3.101.112'), 'sha512')).toEqual({ name: 'ed25519' });
    expect(parseSignatureAlgorithm(algorithm('1.3.101.113'))).toEqual({ name: 'ed448' });
  });

  test('ecdsa-with-Specified', () => {
    expect(parseSignatureAlgorithm(algorithm('1.2.840.10045.4.3', sha256))).toEqual({
      name: 'ecdsa',
      digest: 'sha256',
    });
  });

  test.each(['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.15', '1.3.36.3.3.1.2', '2.5.4.3'])(
    '%s is not supported and is named',
    (oid) => {
      const error = refusal(() => parseSignatureAlgorithm(algorithm(oid, derNull()), 'sha256'));
      expect(error.code).toBe('crypto-unsupported');
      expect(error.message).toContain(oid);
    },
  );

  test.each<[string, Uint8Array]>([
    ['an empty SEQUENCE', derSequence()],
    ['an INTEGER', derInteger(1)],
    ['three elements', derSequence(derOid('1.3.101.112'), derNull(), derNull())],
    ['no OID', derSequence(derNull())],
    ['nothing', new Uint8Array(0)],
  ])('%s is no AlgorithmIdentifier', (_, octets) => {
    expect(refusal(() => parseSignatureAlgorithm(octets)).code).toMatch(/^asn1-/);
    expect(refusal(() => parseDigestAlgorithm(octets)).code).toMatch(/^asn1-/);
  });
});

describe('RSASSA-PSS parameters', () => {
  const defaults = { name: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltLength: 20 };

  test('defaults, one by one', () => {
    expect(parseSignatureAlgorithm(algorithm('1.2.840.113549.1.1.10'))).toEqual(defaults);
    expect(parseSignatureAlgorithm(pss())).toEqual(defaults);
    expect(parseSignatureAlgorithm(pss(derExplicit(0, sha256)))).toEqual({ ...defaults, digest: 'sha256' });
    expect(parseSignatureAlgorithm(pss(derExplicit(1, mgf1(sha256))))).toEqual({
      ...defaults,
      mgfDigest: 'sha256',
    });
    expect(parseSignatureAlgorithm(pss(derExplicit(2, derInteger(32))))).toEqual({
      ...defaults,
      saltLength: 32,
    });
    expect(parseSignatureAlgorithm(pss(derExplicit(3, derInteger(1))))).toEqual(defaults);
  });

  test('all given', () => {
    const whole = pss(
      derExplicit(0, sha256),
      derExplicit(1, mgf1(algorithm('2.16.840.1.101.3.4.2.2'))),
      derExplicit(2, derInteger(0)),
      derExplicit(3, derInteger(1)),
    );
    expect(parseSignatureAlgorithm(whole)).toEqual({
      name: 'rsa-pss',
      digest: 'sha256',
      mgfDigest: 'sha384',
      saltLength: 0,
    });
  });

  test('SHAKE has fixed ones (RFC 8702)', () => {
    expect(parseSignatureAlgorithm(algorithm('1.3.6.1.5.5.7.6.30'))).toEqual({
      name: 'rsa-pss',
      digest: 'shake128',
      mgfDigest: 'shake128',
      saltLength: 32,
    });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['another trailer', pss(derExplicit(3, derInteger(2))), /crypto-unsupported/],
    ['another mask function', pss(derExplicit(1, algorithm('1.2.3', sha256))), /crypto-unsupported/],
    ['an unknown digest', pss(derExplicit(0, algorithm('1.2.3'))), /crypto-unsupported/],
    ['a negative salt', pss(derExplicit(2, derInteger(-1))), /crypto-unsupported/],
    ['a salt of 2^40 octets', pss(derExplicit(2, derInteger(2 ** 40))), /crypto-unsupported/],
    ['fields out of order', pss(derExplicit(2, derInteger(32)), derExplicit(0, sha256)), /asn1-/],
    ['a field twice', pss(derExplicit(2, derInteger(32)), derExplicit(2, derInteger(32))), /asn1-/],
    ['an empty field', pss(derExplicit(0, new Uint8Array(0))), /asn1-/],
    ['an unknown field', pss(derExplicit(4, derInteger(1))), /asn1-/],
    ['a string', algorithm('1.2.840.113549.1.1.10', derOctetString(new Uint8Array(4))), /asn1-/],
  ])('%s', (_, octets, code) => {
    expect(refusal(() => parseSignatureAlgorithm(octets)).code).toMatch(code);
  });
});

describe('digest algorithms', () => {
  test.each([
    ['1.2.840.113549.2.5', 'md5'],
    ['1.3.14.3.2.26', 'sha1'],
    ['2.16.840.1.101.3.4.2.4', 'sha224'],
    ['2.16.840.1.101.3.4.2.1', 'sha256'],
    ['2.16.840.1.101.3.4.2.2', 'sha384'],
    ['2.16.840.1.101.3.4.2.3', 'sha512'],
    ['2.16.840.1.101.3.4.2.6', 'sha512-256'],
    ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
    ['2.16.840.1.101.3.4.2.12', 'shake256'],
    ['1.2.840.113549.1.1.5', 'sha1'],
    ['1.2.840.113549.1.1.11', 'sha256'],
  ])('%s is %s, with NULL and without', (oid, name) => {
    expect(parseDigestAlgorithm(algorithm(oid))).toBe(name);
    expect(parseDigestAlgorithm(algorithm(oid, derNull()))).toBe(name);
    expect(refusal(() => parseDigestAlgorithm(algorithm(oid, derInteger(5)))).code).toBe(
      'crypto-unsupported',
    );
  });

  test('id-shake256-len only with 512 bits', () => {
    const oid = '2.16.840.1.101.3.4.2.18';
    expect(parseDigestAlgorithm(algorithm(oid, derInteger(512)))).toBe('shake256');
    expect(refusal(() => parseDigestAlgorithm(algorithm(oid, derInteger(256)))).code).toBe(
      'crypto-unsupported',
    );
    expect(refusal(() => parseDigestAlgorithm(algorithm(oid))).code).toBe('crypto-unsupported');
  });

  test('MD2 is not supported and is named', () => {
    expect(refusal(() => parseDigestAlgorithm(algorithm('1.2.840.113549.2.2', derNull()))).message).toContain(
      '1.2.840.113549.2.2',
    );
  });
});
