import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  der,
  derBitString,
  derExplicit,
  derInteger,
  derOid,
  derSequence,
  derSetOf,
  derTime,
} from '../../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { ldapAttributes, readLdapCertificates } from '../../../src/x509/directory/ldap-certificates.js';
import { escapeLdapFilter, ldapMailFilter, parseLdapUrl } from '../../../src/x509/directory/ldap-names.js';
import { parseLdif } from '../../../src/x509/directory/ldif.js';
import { encodeLdif } from '../../../src/x509/directory/ldif-writer.js';
import { parseCrl } from '../../../src/x509/revocation/crl.js';
import { failure } from '../../asn1/support.js';
import { authority, nameOf, person } from '../../support/chains.js';
import { describeProgram, outputOf } from '../../support/programs.js';

const root = authority(undefined, 'Root').certificate;
const leaf = person(authority(undefined, 'Root'), 'Alice').certificate;
const algorithm = derSequence(derOid('1.2.840.10045.4.3.2'));
const crlBytes = derSequence(
  derSequence(algorithm, nameOf('Root'), derTime(new Date('2026-06-01T00:00:00Z'))),
  algorithm,
  derBitString(new Uint8Array(8)),
);
const crl = parseCrl(crlBytes);

/** A certs-only SignedData. */
const certsOnly = derSequence(
  derOid('1.2.840.113549.1.7.2'),
  derExplicit(
    0,
    derSequence(
      derInteger(1),
      derSetOf(),
      derSequence(derOid('1.2.840.113549.1.7.1')),
      der(0xa0, leaf.bytes, der(0xa1, derInteger(1)), root.bytes),
      derSetOf(),
    ),
  ),
);

describe('filters (RFC 4515)', () => {
  test.each([
    ['plain@example.jp', 'plain@example.jp'],
    ['*)(uid=*', '\\2a\\29\\28uid=\\2a'],
    ['a\\b\0', 'a\\5cb\\00'],
    ['花子', '花子'],
  ])('%j', (value, escaped) => {
    expect(escapeLdapFilter(value)).toBe(escaped);
  });

  test('an address cannot leave its place', () => {
    expect(ldapMailFilter('a)(b=*')).toBe(
      '(&(mail=a\\29\\28b=\\2a)(|(userCertificate=*)(userCertificate;binary=*)(userSMIMECertificate=*)(userSMIMECertificate;binary=*)))',
    );
  });
});

describe('URLs (RFC 4516)', () => {
  const whole = {
    secure: false,
    host: 'ldap.example.jp',
    port: 389,
    dn: '',
    attributes: [],
    scope: 'base',
    filter: '(objectClass=*)',
    extensions: [],
  };

  test.each<[string, object]>([
    ['ldap://ldap.example.jp', {}],
    ['LDAP://ldap.example.jp/', {}],
    ['ldap:///', { host: undefined }],
    ['ldaps://ldap.example.jp:1636/', { secure: true, port: 1636 }],
    ['ldaps://[2001:db8::1]/', { secure: true, port: 636, host: '2001:db8::1' }],
    ['ldap://ldap.example.jp/o=University%20of%20Tokyo,c=JP', { dn: 'o=University of Tokyo,c=JP' }],
    [
      'ldap://ldap.example.jp/cn=Example CA,c=JP?certificateRevocationList;binary,authorityRevocationList',
      {
        dn: 'cn=Example CA,c=JP',
        attributes: ['certificateRevocationList;binary', 'authorityRevocationList'],
      },
    ],
    [
      'ldap://ldap.example.jp/c=JP??sub?(cn=Hanako%20Yamada)',
      { dn: 'c=JP', scope: 'sub', filter: '(cn=Hanako Yamada)' },
    ],
    ['ldap://ldap.example.jp/c=JP??One', { dn: 'c=JP', scope: 'one' }],
    ['ldap://ldap.example.jp/o=An%20Example%5C2C%20Inc.,c=JP', { dn: 'o=An Example\\2C Inc.,c=JP' }],
    ['ldap://ldap.example.jp/cn=%E8%8A%B1%E5%AD%90', { dn: 'cn=花子' }],
    [
      'ldap:///??sub??!1.2.3=cn=Manager%2cc=JP,bindname',
      {
        host: undefined,
        scope: 'sub',
        extensions: [
          { type: '1.2.3', value: 'cn=Manager,c=JP', critical: true },
          { type: 'bindname', value: '', critical: false },
        ],
      },
    ],
  ])('%s', (url, parts) => {
    expect(parseLdapUrl(url)).toEqual({ ...whole, ...parts });
  });

  test.each([
    'http://example.jp/',
    'ldap:/c=JP',
    '',
    'ldap://a b@c/',
    'ldap://h:0/',
    'ldap://h:65536/',
    'ldap://h:x/',
    'ldap://[::1/',
    'ldap://h/?%4',
    'ldap://h/%zz',
    'ldap://h/??all',
    'ldap://h/?????',
    'ldap://h/#x',
  ])('%j is none', (url) => {
    expect(failure(() => parseLdapUrl(url))[0]).toBe('x509-ldap-malformed');
  });
});

describe('attributes', () => {
  const pair = derSequence(derExplicit(0, leaf.bytes), derExplicit(1, root.bytes));

  test.each<[string, Uint8Array, readonly string[]]>([
    ['userCertificate;binary', leaf.bytes, ['Alice']],
    ['USERCERTIFICATE', leaf.bytes, ['Alice']],
    ['2.5.4.36;binary;lang-ja', leaf.bytes, ['Alice']],
    ['cACertificate;binary', root.bytes, ['Root']],
    ['userCertificate', bytesFromLatin1(encodePem('CERTIFICATE', leaf.bytes)), ['Alice']],
    ['crossCertificatePair;binary', pair, ['Alice', 'Root']],
    ['crossCertificatePair;binary', derSequence(derExplicit(1, root.bytes)), ['Root']],
    ['userSMIMECertificate', certsOnly, ['Alice', 'Root']],
    ['description', leaf.bytes, []],
  ])('%s holds certificates', (name, value, names) => {
    const found = readLdapCertificates([{ name, value: Uint8Array.from(value) }]);
    expect(found.certificates.map(({ subject }) => subject.commonName)).toEqual(names);
    expect(found.unreadable).toEqual([]);
  });

  test.each([
    'certificateRevocationList;binary',
    'authorityRevocationList',
    'deltaRevocationList;binary',
    '2.5.4.39',
  ])('%s holds a CRL', (name) => {
    const found = readLdapCertificates([{ name, value: crlBytes }]);
    expect(found.crls.map(({ issuer }) => `${issuer}`)).toEqual(['CN=Root']);
  });

  test('what cannot be read is said, and the rest is read', () => {
    const found = readLdapCertificates([
      { name: 'userCertificate;binary', value: Uint8Array.of(0x30, 5) },
      { name: 'userCertificate;binary', value: new Uint8Array() },
      { name: 'userSMIMECertificate', value: Uint8Array.of(0x30, 0) },
      { name: 'crossCertificatePair', value: Uint8Array.of(0x30, 2, 0x82, 0) },
      { name: 'certificateRevocationList', value: new Uint8Array() },
      { name: 'userCertificate', value: { url: 'file:a' } },
      { name: 'userCertificate;binary', value: leaf.bytes },
    ]);
    expect(found.certificates).toHaveLength(1);
    expect(found.unreadable.map(({ attribute, error }) => `${attribute} ${error.code}`)).toEqual([
      'userCertificate;binary asn1-truncated',
      'userCertificate;binary x509-malformed',
      'userSMIMECertificate asn1-unexpected',
      'crossCertificatePair x509-malformed',
      'certificateRevocationList x509-malformed',
    ]);
  });

  test('are written, and read again from a file', () => {
    const attributes = ldapAttributes({
      mail: ['花子@example.jp'],
      userCertificates: [leaf],
      caCertificates: [root],
      crls: [crl],
    });
    expect(attributes.map(({ name }) => name)).toEqual([
      'mail',
      'userCertificate;binary',
      'cACertificate;binary',
      'certificateRevocationList;binary',
    ]);
    expect(attributes[0]!.value).toEqual(bytesFromUtf8('花子@example.jp'));
    const [record] = parseLdif(encodeLdif([{ kind: 'entry', dn: 'cn=A', attributes }]));
    if (record?.kind !== 'entry') throw new Error('an entry was written');
    const found = readLdapCertificates(record.attributes);
    expect(found.certificates.map((each) => each.equals(leaf) || each.equals(root))).toEqual([true, true]);
    expect(found.crls).toHaveLength(1);
  });
});

describeProgram('openssl', () => {
  test('a certs-only message that OpenSSL makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailseal-'));
    try {
      const file = join(folder, 'certificates.pem');
      writeFileSync(file, encodePem('CERTIFICATE', leaf.bytes) + encodePem('CERTIFICATE', root.bytes));
      const make = ['openssl', 'crl2pkcs7', '-nocrl', '-certfile', file, '-outform', 'DER'] as const;
      const value = Uint8Array.from(outputOf(make, new Uint8Array()));
      const found = readLdapCertificates([{ name: 'userSMIMECertificate;binary', value }]);
      expect(found.certificates.map(({ subject }) => subject.commonName).sort()).toEqual(['Alice', 'Root']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
