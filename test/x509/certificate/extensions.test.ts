import { describe, expect, test } from 'vitest';
import {
  der,
  derBoolean,
  derInteger,
  derNull,
  derOfPieces,
  derOid,
  derSequence,
  derUtf8String,
} from '../../../src/asn1/writer.js';
import type { Bytes } from '../../../src/core/bytes.js';
import type { MailsealErrorCode } from '../../../src/core/errors.js';
import { readAccessDescriptions } from '../../../src/x509/certificate/access-descriptions.js';
import {
  readDistributionPoints,
  readIssuingDistributionPoint,
} from '../../../src/x509/certificate/distribution-points.js';
import { readGeneralNames } from '../../../src/x509/certificate/extensions.js';
import { readNameConstraints } from '../../../src/x509/certificate/general-subtrees.js';
import { readPrivateKeyUsagePeriod } from '../../../src/x509/certificate/other-extensions.js';
import {
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from '../../../src/x509/certificate/policy-extensions.js';
import { failure, octets } from '../../asn1/support.js';
import { expectLinear } from '../../support/linear-time.js';

const email = der(0x81, new TextEncoder().encode('a@b'));
const oid = derOid('1.2.3');
const qualified = (...qualifiers: readonly Uint8Array[]): Bytes =>
  derSequence(derSequence(oid, derSequence(...qualifiers)));

describe('policies', () => {
  test('of none there is no list', () => {
    expect(readCertificatePolicies(derSequence(derSequence(oid)))).toEqual([
      { policy: '1.2.3', qualifiers: [] },
    ]);
  });

  test.each<[string, Uint8Array, unknown]>([
    [
      'no string',
      derSequence(derOid('1.3.6.1.5.5.7.2.1'), derNull()),
      { kind: 'other', type: '1.3.6.1.5.5.7.2.1' },
    ],
    [
      'a notice that is none',
      derSequence(derOid('1.3.6.1.5.5.7.2.2'), derNull()),
      { kind: 'other', type: '1.3.6.1.5.5.7.2.2' },
    ],
    [
      'an empty notice',
      derSequence(derOid('1.3.6.1.5.5.7.2.2'), derSequence()),
      { kind: 'userNotice', noticeNumbers: [] },
    ],
    [
      'a URI that is no IA5String',
      derSequence(derOid('1.3.6.1.5.5.7.2.1'), derUtf8String('é')),
      { kind: 'cps', uri: 'é' },
    ],
    ['a type that is not known', derSequence(oid, derNull()), { kind: 'other', type: '1.2.3' }],
  ])('a qualifier: %s', (_, qualifier, expected) => {
    expect(readCertificatePolicies(qualified(qualifier))[0]!.qualifiers[0]).toMatchObject(expected as object);
  });

  test('counts of certificates', () => {
    const constraints = (...fields: readonly Uint8Array[]) => readPolicyConstraints(derSequence(...fields));
    expect(constraints(der(0x80, octets('05')), der(0x81, octets('00')))).toEqual({
      requireExplicitPolicy: 5,
      inhibitPolicyMapping: 0,
    });
    expect(constraints()).toEqual({ requireExplicitPolicy: undefined, inhibitPolicyMapping: undefined });
    expect(constraints(der(0x81, octets('00ff'))).inhibitPolicyMapping).toBe(255);
    expect(constraints(der(0x80, octets('7fffffffffffff'))).requireExplicitPolicy).toBe(
      Number.MAX_SAFE_INTEGER,
    );
    expect(readInhibitAnyPolicy(derInteger(3))).toBe(3);
  });
});

test('subtrees: the distances of RFC 5280 have defaults', () => {
  const permitted = der(
    0xa0,
    derSequence(email),
    derSequence(email, der(0x80, octets('01')), der(0x81, octets('02'))),
  );
  const constraints = readNameConstraints(derSequence(permitted));
  const base = { kind: 'rfc822Name', value: 'a@b' };
  expect(constraints).toEqual({
    permitted: [
      { base, minimum: 0, maximum: undefined },
      { base, minimum: 1, maximum: 2 },
    ],
    excluded: [],
  });
});

describe('distribution points', () => {
  test('of one without fields nothing is known', () => {
    expect(readDistributionPoints(derSequence(derSequence()))).toEqual([
      { name: undefined, reasons: undefined, crlIssuer: [] },
    ]);
  });

  test('bits of reasons beyond those known are passed over', () => {
    const points = readDistributionPoints(derSequence(derSequence(der(0x81, octets('0660ffc0')))));
    expect([...points[0]!.reasons!]).toContain('keyCompromise');
  });

  test('the fields of issuingDistributionPoint', () => {
    const flags = derSequence(
      der(0xa0, der(0xa0, email)),
      der(0x81, octets('ff')),
      der(0x82, octets('00')),
      der(0x83, octets('0640')),
      der(0x84, octets('01')),
    );
    expect(readIssuingDistributionPoint(flags)).toEqual({
      name: { kind: 'fullName', names: [{ kind: 'rfc822Name', value: 'a@b' }] },
      onlyContainsUserCerts: true,
      onlyContainsCACerts: false,
      onlySomeReasons: new Set(['keyCompromise']),
      indirectCrl: true,
      onlyContainsAttributeCerts: false,
    });
    expect(readIssuingDistributionPoint(derSequence()).indirectCrl).toBe(false);
  });
});

test('a period with one end', () => {
  const end = der(0x81, new TextEncoder().encode('20210101000000Z'));
  expect(readPrivateKeyUsagePeriod(derSequence(end))).toEqual({
    notBefore: undefined,
    notAfter: new Date('2021-01-01T00:00:00Z'),
  });
});

describe('what cannot be is refused', () => {
  const cases: readonly (readonly [string, () => unknown, MailsealErrorCode])[] = [
    ['policies, none', () => readCertificatePolicies(derSequence()), 'x509-malformed'],
    [
      'a policy twice (RFC 5280 §4.2.1.4)',
      () => readCertificatePolicies(derSequence(derSequence(oid), derSequence(oid))),
      'x509-malformed',
    ],
    ['a policy without OID', () => readCertificatePolicies(derSequence(derSequence())), 'asn1-unexpected'],
    [
      'a policy with more',
      () => readCertificatePolicies(derSequence(derSequence(oid, derSequence(), oid))),
      'asn1-unexpected',
    ],
    [
      'a qualifier without value',
      () => readCertificatePolicies(qualified(derSequence(oid))),
      'asn1-unexpected',
    ],
    ['mappings, none', () => readPolicyMappings(derSequence()), 'x509-malformed'],
    ['a mapping of one', () => readPolicyMappings(derSequence(derSequence(oid))), 'asn1-unexpected'],
    [
      'a mapping of three',
      () => readPolicyMappings(derSequence(derSequence(oid, oid, oid))),
      'asn1-unexpected',
    ],
    ['a negative count', () => readPolicyConstraints(derSequence(der(0x80, octets('ff')))), 'x509-malformed'],
    ['a count without octets', () => readPolicyConstraints(derSequence(der(0x80))), 'asn1-unexpected'],
    [
      'a count that is constructed',
      () => readPolicyConstraints(derSequence(der(0xa0, derInteger(1)))),
      'asn1-unexpected',
    ],
    [
      'counts in the wrong order',
      () => readPolicyConstraints(derSequence(der(0x81, octets('00')), der(0x80, octets('00')))),
      'x509-malformed',
    ],
    [
      'a count twice',
      () => readPolicyConstraints(derSequence(der(0x80, octets('00')), der(0x80, octets('00')))),
      'x509-malformed',
    ],
    [
      'a count of another tag',
      () => readPolicyConstraints(derSequence(der(0x82, octets('00')))),
      'x509-malformed',
    ],
    ['a negative number for anyPolicy', () => readInhibitAnyPolicy(derInteger(-1)), 'x509-malformed'],
    ['no number for anyPolicy', () => readInhibitAnyPolicy(derBoolean(true)), 'asn1-unexpected'],
    ['subtrees, none', () => readNameConstraints(derSequence(der(0xa0))), 'x509-malformed'],
    [
      'a subtree without base',
      () => readNameConstraints(derSequence(der(0xa0, derSequence()))),
      'asn1-unexpected',
    ],
    ['distribution points, none', () => readDistributionPoints(derSequence()), 'x509-malformed'],
    [
      'a full name of none',
      () => readDistributionPoints(derSequence(derSequence(der(0xa0, der(0xa0))))),
      'x509-malformed',
    ],
    [
      'a relative name of none',
      () => readDistributionPoints(derSequence(derSequence(der(0xa0, der(0xa1))))),
      'x509-malformed',
    ],
    [
      'two names of a point',
      () => readDistributionPoints(derSequence(derSequence(der(0xa0, der(0xa0, email), der(0xa0, email))))),
      'asn1-unexpected',
    ],
    [
      'a name of another kind',
      () => readDistributionPoints(derSequence(derSequence(der(0xa0, der(0xa2, email))))),
      'asn1-unexpected',
    ],
    [
      'an issuer of none',
      () => readDistributionPoints(derSequence(derSequence(der(0xa2)))),
      'x509-malformed',
    ],
    [
      'a flag of two octets',
      () => readIssuingDistributionPoint(derSequence(der(0x81, octets('ffff')))),
      'asn1-unexpected',
    ],
    ['access descriptions, none', () => readAccessDescriptions(derSequence()), 'x509-malformed'],
    [
      'an access description without place',
      () => readAccessDescriptions(derSequence(derSequence(oid))),
      'asn1-unexpected',
    ],
    [
      'a period that is no time',
      () => readPrivateKeyUsagePeriod(derSequence(der(0x80, octets('00')))),
      'asn1-malformed',
    ],
  ];

  test.each(cases)('%s', (_, run, code) => {
    expect(failure(run)[0]).toBe(code);
  });
});

describe('long lists are read in linear time', () => {
  const many = (size: number, make: (n: number) => Uint8Array): Bytes =>
    derOfPieces(
      0x30,
      Array.from({ length: size }, (_, n) => make(n)),
    );

  test.each<[string, (n: number) => Uint8Array, (value: Uint8Array) => unknown]>([
    ['policies', (n) => derSequence(derOid(`1.2.${n}`)), readCertificatePolicies],
    ['mappings', (n) => derSequence(derOid(`1.2.${n}`), oid), readPolicyMappings],
    ['names', () => email, readGeneralNames],
    [
      'points',
      () => derSequence(der(0xa0, der(0xa0, email)), der(0x81, octets('0560'))),
      readDistributionPoints,
    ],
    ['access descriptions', () => derSequence(oid, email), readAccessDescriptions],
  ])('%s', (_, make, read) => {
    expectLinear((size) => {
      const list = many(size / 20, make);
      return () => void read(list);
    }, 100_000);
  });

  test('subtrees', () => {
    expectLinear((size) => {
      const value = derSequence(derOfPieces(0xa0, new Array<Uint8Array>(size / 20).fill(derSequence(email))));
      return () => void readNameConstraints(value);
    }, 100_000);
  });
});
