import { beforeAll, describe, expect, test } from 'vitest';
import { readBer, Tag } from '../../src/asn1/reader.js';
import { derNull } from '../../src/asn1/writer.js';
import type { Bytes } from '../../src/core/bytes.js';
import { generateKeyPair, type KeyPair, type KeyPairKind } from '../../src/crypto/keys/generate-key-pair.js';
import { createSigner, type Signer } from '../../src/crypto/signatures/sign.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { parseRequest } from '../../src/pki/issue/certificate-request.js';
import { createRequest } from '../../src/pki/issue/create-request.js';
import { issueIntermediate, issueRoot } from '../../src/pki/issue/issue-authority.js';
import {
  type IssueMailCertificateOptions,
  issueMailCertificate,
} from '../../src/pki/issue/issue-mail-certificate.js';
import type { Issuer } from '../../src/pki/issue/issuer.js';
import { createName, type NameFields } from '../../src/pki/issue/name-writer.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { parseName } from '../../src/x509/certificate/name.js';
import { findPath } from '../../src/x509/find-path.js';
import { seededOctets } from '../support/seeded.js';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const at = new Date('2027-06-01T00:00:00Z');
const usage = expect.objectContaining({ code: 'usage' });

let rootPair: KeyPair;
let caPair: KeyPair;
let root: Certificate;
let ca: Certificate;
let issuer: Issuer;
let person: KeyPair;

beforeAll(async () => {
  rootPair = await generateKeyPair({ kind: 'ec', curve: 'P-384' });
  caPair = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  person = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  root = await issueRoot({ key: rootPair.privateKey, subject: { commonName: 'Root' }, ...validity });
  ca = await issueIntermediate({
    issuer: { certificate: root, key: rootPair.privateKey },
    publicKey: caPair.publicKey,
    subject: { country: 'JP', organization: '例示商事', commonName: 'Mail authority' },
    ...validity,
  });
  issuer = { certificate: ca, key: caPair.privateKey };
});

const mail = (more: Partial<IssueMailCertificateOptions> = {}): Promise<Certificate> =>
  issueMailCertificate({
    issuer,
    publicKey: person.publicKey,
    addresses: ['hanako@example.jp'],
    ...validity,
    ...more,
  });

/** Types and criticality of all extensions, in their order. */
const extensionsOf = ({ extensions }: Certificate): string[] =>
  extensions.map(({ oid, critical }) => `${oid}${critical ? '!' : ''}`);

describe('what is issued', () => {
  test('is the chain of a person that findPath finds good', async () => {
    const certificate = await mail({ subject: { commonName: '山田花子' } });
    const path = await findPath(certificate, { roots: [root], pool: [ca], at });
    expect(path.problems).toEqual([]);
    expect(path.certificates.map(({ subject }) => subject.commonName)).toEqual([
      '山田花子',
      'Mail authority',
    ]);
  });

  test('has the extensions of RFC 5280 and RFC 8550, critical where these say so', async () => {
    expect(extensionsOf(root)).toEqual(['2.5.29.19!', '2.5.29.15!', '2.5.29.14']);
    expect(extensionsOf(ca)).toEqual(['2.5.29.19!', '2.5.29.15!', '2.5.29.14', '2.5.29.35']);
    const named = await mail({ subject: { commonName: 'Hanako' } });
    expect(extensionsOf(named)).toEqual(['2.5.29.15!', '2.5.29.37', '2.5.29.17', '2.5.29.14', '2.5.29.35']);
    // RFC 5280 §4.1.2.6: with an empty subject subjectAltName is critical.
    expect(extensionsOf(await mail())[2]).toBe('2.5.29.17!');
    expect(root.basicConstraints).toEqual({ ca: true, pathLength: undefined });
    expect(ca.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect([...(ca.keyUsage ?? [])]).toEqual(['keyCertSign', 'cRLSign']);
    expect(named.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.4']);
    expect(named.authorityKeyIdentifier?.keyIdentifier).toEqual(ca.subjectKeyIdentifier);
    expect(ca.authorityKeyIdentifier?.keyIdentifier).toEqual(root.subjectKeyIdentifier);
    expect(named.subjectKeyIdentifier).toHaveLength(20);
    expect(named.version).toBe(3);
    expect(named.issuer.bytes).toEqual(ca.subject.bytes);
  });

  test('says everything that may be said', async () => {
    const policy = { policy: '1.2.3.4', cps: 'https://example.jp/cps', notice: '規程をご覧ください' };
    const authority = await issueIntermediate({
      issuer: { certificate: root, key: rootPair.privateKey },
      publicKey: caPair.publicKey,
      subject: createName({ domain: 'mail.例え.jp', commonName: 'Everything' }),
      pathLength: 3,
      nameConstraints: {
        permitted: [
          { kind: 'rfc822Name', value: 'example.jp' },
          { kind: 'directoryName', value: createName({ country: 'JP' }) },
        ],
        excluded: [{ kind: 'iPAddress', value: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
      },
      policies: ['2.5.29.32.0', policy],
      policyMappings: [['1.2.3.4', '1.2.3.5']],
      policyConstraints: { requireExplicitPolicy: 0, inhibitPolicyMapping: 130, inhibitAnyPolicy: 1 },
      purposes: ['1.3.6.1.5.5.7.3.4'],
      crlDistributionPoints: [
        'http://example.jp/root.crl',
        {
          name: { kind: 'fullName', names: [{ kind: 'directoryName', value: root.subject }] },
          reasons: new Set(['keyCompromise', 'aACompromise']),
          crlIssuer: [{ kind: 'directoryName', value: root.subject }],
        },
      ],
      ocsp: ['http://ocsp.example.jp/'],
      issuerCertificates: ['http://example.jp/root.crt'],
      extensions: [{ oid: '1.3.6.1.5.5.7.48.1.5', critical: false, value: derNull() }],
      ...validity,
    });
    expect(`${authority.subject}`).toBe('CN=Everything,DC=mail,DC=xn--r8jz45g,DC=jp');
    expect(authority.basicConstraints?.pathLength).toBe(3);
    expect(authority.nameConstraints?.permitted.map(({ base }) => base.kind)).toEqual([
      'rfc822Name',
      'directoryName',
    ]);
    expect(authority.nameConstraints?.excluded).toHaveLength(1);
    expect(authority.certificatePolicies).toEqual([
      { policy: '2.5.29.32.0', qualifiers: [] },
      {
        policy: '1.2.3.4',
        qualifiers: [
          { kind: 'cps', uri: policy.cps },
          { kind: 'userNotice', explicitText: policy.notice, organization: undefined, noticeNumbers: [] },
        ],
      },
    ]);
    expect(authority.policyMappings).toEqual([
      { issuerDomainPolicy: '1.2.3.4', subjectDomainPolicy: '1.2.3.5' },
    ]);
    expect(authority.policyConstraints).toEqual({ requireExplicitPolicy: 0, inhibitPolicyMapping: 130 });
    expect(authority.inhibitAnyPolicy).toBe(1);
    const [first, second] = authority.crlDistributionPoints;
    expect(first).toMatchObject({
      name: { names: [{ value: 'http://example.jp/root.crl' }] },
      crlIssuer: [],
    });
    expect(second?.reasons).toEqual(new Set(['keyCompromise', 'aACompromise']));
    expect(second?.crlIssuer).toHaveLength(1);
    expect(authority.extension('1.3.6.1.5.5.7.1.1')).toBeDefined();
    expect(authority.ocspNoCheck).toBe(true);
    const critical = extensionsOf(authority).filter((each) => each.endsWith('!'));
    expect(critical).toEqual(['19', '15', '30', '33', '36', '54'].map((arc) => `2.5.29.${arc}!`));
  });
});

describe('times and serial numbers', () => {
  test('years to 2049 are UTCTime, later ones GeneralizedTime', async () => {
    const notAfter = new Date('9999-12-31T23:59:59Z');
    const { privateKey: key } = caPair;
    const subject = { commonName: 'For good' };
    const lasting = await issueRoot({ key, subject, ...validity, notAfter });
    const certificate = await mail({
      issuer: { certificate: lasting, key },
      notBefore: new Date('2049-12-31T23:59:59.999Z'),
      notAfter,
    });
    const times = readBer(certificate.tbsBytes).children[4]!.children;
    expect(times.map(({ identifier }) => identifier)).toEqual([Tag.UtcTime, Tag.GeneralizedTime]);
    expect(certificate.notBefore.toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(certificate.notAfter.toISOString()).toBe('9999-12-31T23:59:59.000Z');
  });

  test('serial numbers are positive, of 16 octets, and never the same', async () => {
    const serials = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { serialNumber } = await mail();
      expect(serialNumber).toHaveLength(16);
      expect(serialNumber[0]! & 0xc0).toBe(0x40);
      serials.add(encodeHex(serialNumber));
    }
    expect(serials.size).toBe(20);
  });

  test('a random source decides on the serial number', async () => {
    const serial = async (seed: number) => (await mail({ random: seededOctets(seed) })).serialHex;
    expect(await serial(1)).toBe(await serial(1));
    expect(await serial(1)).not.toBe(await serial(2));
  });

  test.each([
    [1n, '01'],
    [255n, 'ff'],
    [Uint8Array.of(0, 0, 0x80, 1), '8001'],
    [(1n << 159n) - 1n, `7f${'ff'.repeat(19)}`],
  ] as const)('a given serial number %s is written', async (serialNumber, hex) => {
    expect((await mail({ serialNumber })).serialHex).toBe(hex);
  });

  test.each([0n, -1n, 1n << 159n, new Uint8Array(0), new Uint8Array(4)])(
    'a serial number %s is refused',
    async (serialNumber) => {
      await expect(mail({ serialNumber })).rejects.toThrowError(usage);
    },
  );

  test('a period that ends before it begins, or is no time, is refused', async () => {
    const notAfter = new Date('2025-12-31');
    await expect(mail({ notAfter })).rejects.toThrowError(usage);
    await expect(mail({ notAfter: new Date(Number.NaN) })).rejects.toThrowError(usage);
    await expect(mail({ notBefore: new Date('-000001-01-01T00:00:00Z') })).rejects.toThrowError(usage);
  });
});

describe('mail addresses', () => {
  test.each([
    ['hanako@example.jp', 'rfc822Name', 'hanako@example.jp'],
    ['Hanako@Example.JP', 'rfc822Name', 'Hanako@example.jp'],
    ['hanako@例え.jp', 'rfc822Name', 'hanako@xn--r8jz45g.jp'],
    ['花子@例え.jp', 'smtpUtf8Mailbox', '花子@xn--r8jz45g.jp'],
    ['"a b"@example.jp', 'rfc822Name', '"a b"@example.jp'],
  ])('%s is %s', async (address, kind, value) => {
    const certificate = await mail({ addresses: [address] });
    expect(certificate.subjectAltName).toEqual([{ kind, value }]);
    expect(certificate.emailAddresses).toEqual([value]);
  });

  test.each([
    'nobody',
    '@example.jp',
    'a@',
    'A B <a@example.jp>',
    '<a@example.jp>',
    'a..b@example.jp',
    'a\u0000@example.jp',
    'a b@example.jp',
    'a@exa mple.jp',
    'a,b@example.jp',
    `${'a'.repeat(65)}@example.jp`,
  ])('%j is refused', async (address) => {
    await expect(mail({ addresses: [address] })).rejects.toMatchObject({
      code: expect.stringMatching(/^(usage|domain-malformed)$/),
    });
  });

  test('RFC 8550 §3: stand in subjectAltName, and not in the subject', async () => {
    const certificate = await mail({ subject: { commonName: 'Hanako' } });
    expect(certificate.subjectAltName).toEqual([{ kind: 'rfc822Name', value: 'hanako@example.jp' }]);
    expect(encodeHex(certificate.subject.bytes)).not.toContain('2a864886f70d010901');
    const emailAddress = { commonName: 'x', emailAddress: 'hanako@example.jp' } as NameFields;
    expect(() => createName(emailAddress)).toThrowError(usage);
  });

  test('there is at least one', async () => {
    await expect(mail({ addresses: [] })).rejects.toThrowError(usage);
  });
});

describe('what a key is for', () => {
  const kinds: readonly (readonly [KeyPairKind, readonly string[]])[] = [
    [{ kind: 'rsa', bits: 2048 }, ['digitalSignature', 'keyEncipherment']],
    [{ kind: 'ec', curve: 'P-256' }, ['digitalSignature', 'keyAgreement']],
    [{ kind: 'ed25519' }, ['digitalSignature']],
    [{ kind: 'ed448' }, ['digitalSignature']],
    [{ kind: 'x25519' }, ['keyAgreement']],
    [{ kind: 'x448' }, ['keyAgreement']],
  ];

  test.each(kinds)('%o can %j', async (kind, wanted) => {
    const { publicKey } = await generateKeyPair(kind);
    const usages = async (more: Partial<IssueMailCertificateOptions>) => [
      ...((await mail({ publicKey, ...more })).keyUsage ?? []),
    ];
    expect(await usages({})).toEqual(wanted);
    const [first, second] = wanted;
    if (first === 'digitalSignature') {
      expect(await usages({ use: 'sign', nonRepudiation: true })).toEqual([
        'digitalSignature',
        'nonRepudiation',
      ]);
    } else await expect(mail({ publicKey, use: 'sign' })).rejects.toThrowError(usage);
    const encrypting = second ?? (first === 'digitalSignature' ? undefined : first);
    if (encrypting !== undefined) expect(await usages({ use: 'encrypt' })).toEqual([encrypting]);
    else await expect(mail({ publicKey, use: 'encrypt' })).rejects.toThrowError(usage);
    if (second === undefined) await expect(mail({ publicKey, use: 'both' })).rejects.toThrowError(usage);
  });

  test('nonRepudiation is for keys that sign', async () => {
    const { publicKey } = await generateKeyPair({ kind: 'x25519' });
    await expect(mail({ publicKey, nonRepudiation: true })).rejects.toThrowError(usage);
  });
});

describe('names', () => {
  test('are UTF8String, but for country, serialNumber and domainComponent', () => {
    const { bytes } = createName({
      domain: 'example.jp',
      country: 'JP',
      state: '東京都',
      locality: '港区',
      organization: 'Example',
      organizationalUnit: ['Outer', 'Inner'],
      title: 'Dr',
      surname: '山田',
      givenName: '花子',
      pseudonym: 'flower',
      serialNumber: '123',
      commonName: '山田花子',
    });
    const tags = readBer(bytes).children.map((rdn) => rdn.children[0]!.children[1]!.identifier);
    const { Ia5String: ia5, PrintableString: printable, Utf8String: utf8 } = Tag;
    expect(tags).toEqual([
      ia5,
      ia5,
      printable,
      utf8,
      utf8,
      utf8,
      utf8,
      utf8,
      utf8,
      utf8,
      utf8,
      utf8,
      printable,
      utf8,
    ]);
    expect(`${parseName(bytes)}`).toBe(
      'CN=山田花子,serialNumber=123,pseudonym=flower,GN=花子,SN=山田,title=Dr,OU=Inner,OU=Outer,O=Example,L=港区,ST=東京都,C=JP,DC=example,DC=jp',
    );
  });

  test.each<NameFields>([
    { country: 'Japan' },
    { country: 'jp' },
    { commonName: '' },
    { commonName: 'x'.repeat(65) },
    { commonName: 'a\u0000b' },
    { commonName: '\ud800' },
    { serialNumber: '花' },
    { organizationalUnit: ['fine', ''] },
  ])('%o is refused', (fields) => {
    expect(() => createName(fields)).toThrowError(usage);
  });

  test('64 characters beyond the BMP are 64 characters', () => {
    expect(createName({ commonName: '😀'.repeat(64) }).commonName).toBe('😀'.repeat(64));
  });
});

describe('an issuer', () => {
  test('has to be an authority with its own key', async () => {
    const certificate = await mail();
    await expect(mail({ issuer: { certificate, key: person.privateKey } })).rejects.toThrowError(usage);
    await expect(mail({ issuer: { certificate: ca, key: person.privateKey } })).rejects.toThrowError(usage);
  });

  test('whose pathLength is 0 issues to no authority', async () => {
    const wanted = { publicKey: person.publicKey, subject: { commonName: 'Below' }, ...validity };
    await expect(issueIntermediate({ issuer, ...wanted })).rejects.toThrowError(usage);
  });

  test('has a name', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
    await expect(issueRoot({ key: privateKey, subject: {}, ...validity })).rejects.toThrowError(usage);
  });

  test('may be a signer of the caller’s, whose signatures are checked', async () => {
    const inner = createSigner(caPair.privateKey);
    const { algorithm, publicKey } = inner;
    let calls = 0;
    const card: Signer = {
      algorithm,
      publicKey,
      sign: (data) => {
        calls++;
        return inner.sign(data);
      },
    };
    expect((await mail({ issuer: { certificate: ca, key: card } })).version).toBe(3);
    expect(calls).toBe(1);
    const liar: Signer = { algorithm, publicKey, sign: async () => new Uint8Array(70) };
    await expect(mail({ issuer: { certificate: ca, key: liar } })).rejects.toThrowError(usage);
  });

  test('signs nothing new with SHA-1 or MD5, nor certifies weak keys', async () => {
    await expect(mail({ algorithm: { name: 'ecdsa', digest: 'sha1' } })).rejects.toThrowError(usage);
    const weak = { kind: 'dsa', y: Uint8Array.of(5) } as const;
    await expect(mail({ publicKey: weak })).rejects.toThrowError(usage);
  });

  test('writes an extension once', async () => {
    const twice = { oid: '2.5.29.15', critical: true, value: derNull() };
    await expect(mail({ extensions: [twice] })).rejects.toThrowError(usage);
  });
});

describe('requests', () => {
  test('are read as they were made', async () => {
    const request = await createRequest({
      key: person.privateKey,
      subject: { commonName: '山田花子' },
      addresses: ['hanako@例え.jp', '花子@example.jp'],
      use: 'both',
    });
    const read = parseRequest(request.bytes);
    expect(`${read.subject}`).toBe('CN=山田花子');
    expect(read.publicKey).toEqual(person.publicKey);
    expect(read.emailAddresses).toEqual(['hanako@xn--r8jz45g.jp', '花子@example.jp']);
    expect([...(read.keyUsage ?? [])]).toEqual(['digitalSignature', 'keyAgreement']);
    expect(await read.verify()).toBe(true);
    expect(await read.verify({ engine: 'typescript' })).toBe(true);
  });

  test('that ask for nothing have an empty set of attributes', async () => {
    const { bytes, attributes } = await createRequest({ key: person.privateKey });
    expect(attributes).toEqual([]);
    expect(readBer(bytes).children[0]!.children[3]!.bytes).toEqual(Uint8Array.of(0xa0, 0));
  });

  test('give their key when their signature is good', async () => {
    const request = await createRequest({ key: person.privateKey });
    const certificate = await mail({ publicKey: request });
    expect(certificate.publicKey).toEqual(person.publicKey);
    const forged = request.bytes.slice() as Bytes;
    forged[forged.length - 1]! ^= 1;
    const bad = parseRequest(forged);
    expect(await bad.verify()).toBe(false);
    await expect(mail({ publicKey: bad })).rejects.toMatchObject({ code: 'pki-malformed' });
  });

  test.each(['', '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----'])('%j is none', (text) => {
    expect(() => parseRequest(text)).toThrowError(expect.objectContaining({ code: 'pki-malformed' }));
  });

  test('another structure is none', () => {
    expect(() => parseRequest(root.bytes)).toThrowError(expect.objectContaining({ code: 'pki-malformed' }));
  });
});
