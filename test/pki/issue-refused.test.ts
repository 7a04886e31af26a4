import { beforeAll, describe, expect, test } from 'vitest';
import { derBitString, derBoolean, derOid, derSequence } from '../../src/asn1/writer.js';
import { generateKeyPair, type KeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { type PublicKey, parsePublicKey } from '../../src/crypto/keys/public-key.js';
import { createRequest } from '../../src/pki/issue/create-request.js';
import { type AuthorityOptions, issueIntermediate, issueRoot } from '../../src/pki/issue/issue-authority.js';
import {
  type IssueMailCertificateOptions,
  issueMailCertificate,
} from '../../src/pki/issue/issue-mail-certificate.js';
import { createName } from '../../src/pki/issue/name-writer.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import type { GeneralName } from '../../src/x509/certificate/general-name.js';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const usage = expect.objectContaining({ code: 'usage' });

let pair: KeyPair;
let root: Certificate;

beforeAll(async () => {
  pair = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  root = await authority();
});

const authority = (more: Partial<AuthorityOptions> = {}): Promise<Certificate> =>
  issueRoot({ key: pair.privateKey, subject: { commonName: 'Root' }, ...validity, ...more });

const mail = (more: Partial<IssueMailCertificateOptions> = {}, certificate = root): Promise<Certificate> =>
  issueMailCertificate({
    issuer: { certificate, key: pair.privateKey },
    publicKey: pair.publicKey,
    addresses: ['hanako@example.jp'],
    ...validity,
    ...more,
  });

const uri = (value: string): GeneralName => ({ kind: 'uniformResourceIdentifier', value });

describe('extensions that RFC 5280 forbids are refused', () => {
  const point = { name: undefined, reasons: undefined, crlIssuer: [] };
  const mails: readonly (readonly [string, Partial<IssueMailCertificateOptions>])[] = [
    ['no policies', { policies: [] }],
    ['a policy twice', { policies: ['1.2.3', { policy: '1.2.3', cps: 'http://example.jp/' }] }],
    ['a policy that is no OID', { policies: [5 as unknown as string] }],
    ['a policy that is missing', { policies: [null as unknown as string] }],
    ['no distribution points', { crlDistributionPoints: [] }],
    ['an empty distribution point', { crlDistributionPoints: [point] }],
    [
      'a distribution point with reasons only',
      { crlDistributionPoints: [{ ...point, reasons: new Set(['keyCompromise'] as const) }] },
    ],
    [
      'a distribution point for no reason',
      { crlDistributionPoints: [{ ...point, reasons: new Set(), crlIssuer: [uri('http://example.jp/')] }] },
    ],
    [
      'a distribution point with a full name of no names',
      { crlDistributionPoints: [{ ...point, name: { kind: 'fullName', names: [] } }] },
    ],
    ['a URI with an end of line', { crlDistributionPoints: ['http://example.jp/\r\n'] }],
    ['a URI that is relative', { ocsp: ['ocsp.example.jp'] }],
    ['a URI that is empty', { issuerCertificates: [''] }],
    [
      'a certification authority among people',
      { extensions: [{ oid: '2.5.29.19', critical: true, value: derSequence(derBoolean(true)) }] },
    ],
    [
      'an extension that cannot be read',
      { extensions: [{ oid: '2.5.29.36', critical: true, value: Uint8Array.of(1, 2, 3) }] },
    ],
  ];
  test.each(mails)('%s', async (_, more) => {
    await expect(mail(more)).rejects.toThrowError(usage);
  });

  const names = (permitted: GeneralName): Partial<AuthorityOptions> => ({
    nameConstraints: { permitted: [permitted] },
  });
  const authorities: readonly (readonly [string, Partial<AuthorityOptions>])[] = [
    ['no purposes', { purposes: [] }],
    ['no policy mappings', { policyMappings: [] }],
    ['a mapping from anyPolicy', { policyMappings: [['2.5.29.32.0', '1.2.3']] }],
    ['a mapping to anyPolicy', { policyMappings: [['1.2.3', '2.5.29.32.0']] }],
    ['name constraints of nothing', { nameConstraints: {} }],
    ...[4, 7, 9, 16, 31].map(
      (length) =>
        [
          `an address constraint of ${length} octets`,
          names({ kind: 'iPAddress', value: new Uint8Array(length) }),
        ] as const,
    ),
    ['a mask with a gap', names({ kind: 'iPAddress', value: Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0) })],
    ['a mailbox constraint with a blank', names({ kind: 'rfc822Name', value: 'exam ple.jp' })],
    ['a constraint on registered IDs', names({ kind: 'registeredID', value: '1.2.3' })],
  ];
  test.each(authorities)('%s', async (_, more) => {
    await expect(authority(more)).rejects.toThrowError(usage);
  });

  test.each([8, 32])('an address constraint of %i octets is written', async (length) => {
    const { nameConstraints } = await authority(names({ kind: 'iPAddress', value: new Uint8Array(length) }));
    expect(nameConstraints?.permitted[0]?.base).toEqual({
      kind: 'iPAddress',
      value: new Uint8Array(length),
    });
  });
});

describe('addresses', () => {
  test.each([
    'a@[x y\r\n\0>',
    'a@[1.2.3.4',
    'a@[1.2.3.4]\0',
    'a@[1.2.3.4].jp',
    'a@[1.2.3]',
    'a@[1.2.3.4.5]',
    'a@[1.2.3.256]',
    'a@[1.2.3.4.]',
    'a@[]',
    'a@[::1]',
    'a@[IPv6:1.2.3.4]',
    'a@[IPv6:1:2:3:4:5:6:7]',
    'a@[IPv6:1:2:3:4:5:6:7:8:9]',
    'a@[IPv6:1::2::3]',
    'a@[IPv6:1:2:3:4:5:6:7::]',
    'a@[IPv6:1.2.3.4::1]',
    'a@[IPv6:12345::1]',
    'a@[IPv6:fe80::1%eth0]',
    'a@[X-tag:hello]',
    'あ@[あ]',
    'a@example.jp.',
  ])('%j is refused', async (address) => {
    await expect(mail({ addresses: [address] })).rejects.toThrowError(usage);
    await expect(createRequest({ key: pair.privateKey, addresses: [address] })).rejects.toThrowError(usage);
  });

  test.each([
    'a@[192.0.2.255]',
    'a@[IPv6:2001:db8::1]',
    'a@[IPv6:::]',
    'a@[IPv6:1:2:3:4:5:6:7:8]',
    'a@[IPv6:::ffff:192.0.2.1]',
    'a@[IPv6:1:2:3:4:5:6:192.0.2.1]',
    'あ@[192.0.2.1]',
  ])('%j is written', async (address) => {
    expect((await mail({ addresses: [address] })).emailAddresses).toEqual([address]);
  });

  test('may be 200,000', async () => {
    const addresses = Array.from({ length: 200_000 }, (_, n) => `a${n}@example.jp`);
    expect((await mail({ addresses })).subjectAltName).toHaveLength(200_000);
  }, 60_000);

  test('stand once each', async () => {
    for (const addresses of [
      ['a@example.jp', 'b@example.jp', 'a@example.jp'],
      ['a@EXAMPLE.jp', 'a@example.jp'],
      ['a@例え.jp', 'a@xn--r8jz45g.jp'],
    ]) {
      await expect(mail({ addresses })).rejects.toThrowError(usage);
      await expect(createRequest({ key: pair.privateKey, addresses })).rejects.toThrowError(usage);
    }
    // RFC 5321 §2.4: local parts may differ by the case of their letters.
    expect((await mail({ addresses: ['a@example.jp', 'A@example.jp'] })).emailAddresses).toHaveLength(2);
  });
});

describe('what the certificate of the issuer forbids', () => {
  test('names outside of its constraints', async () => {
    const limited = await authority({
      nameConstraints: {
        permitted: [{ kind: 'rfc822Name', value: 'example.jp' }],
        excluded: [{ kind: 'rfc822Name', value: 'nobody@example.jp' }],
      },
    });
    expect((await mail({}, limited)).emailAddresses).toEqual(['hanako@example.jp']);
    for (const address of ['a@example.com', 'nobody@example.jp', 'あ@example.com']) {
      await expect(mail({ addresses: ['hanako@example.jp', address] }, limited)).rejects.toThrowError(usage);
    }
    const country = await authority({
      nameConstraints: { permitted: [{ kind: 'directoryName', value: createName({ country: 'JP' }) }] },
    });
    const below = (subject: { country: string; commonName: string }) =>
      issueIntermediate({
        issuer: { certificate: country, key: pair.privateKey },
        publicKey: pair.publicKey,
        subject,
        ...validity,
      });
    await expect(below({ country: 'KR', commonName: 'Below' })).rejects.toThrowError(usage);
    expect((await below({ country: 'JP', commonName: 'Below' })).subject.commonName).toBe('Below');
  });

  test('times at which it is not valid', async () => {
    const past = await authority({ notBefore: new Date('2000-01-01'), notAfter: new Date('2001-01-01') });
    await expect(mail({}, past)).rejects.toThrowError(usage);
    const future = await authority({ notBefore: new Date('2040-01-01'), notAfter: new Date('2050-01-01') });
    await expect(mail({}, future)).rejects.toThrowError(usage);
    // Both are valid in 2000: that is how a certificate is issued later for mail of then.
    const then = { notBefore: new Date('2000-06-01'), notAfter: new Date('2030-01-01') };
    expect((await mail(then, past)).version).toBe(3);
  });

  test('and nothing is signed then', async () => {
    let calls = 0;
    const key = {
      algorithm: { name: 'ecdsa', digest: 'sha256' } as const,
      publicKey: pair.publicKey,
      sign: async () => {
        calls++;
        return new Uint8Array(70);
      },
    };
    await expect(mail({ issuer: { certificate: root, key }, policies: [] })).rejects.toThrowError(usage);
    const past = await authority({ notBefore: new Date('2000-01-01'), notAfter: new Date('2001-01-01') });
    await expect(mail({ issuer: { certificate: past, key } })).rejects.toThrowError(usage);
    expect(calls).toBe(0);
  });
});

describe('keys that are no points of their curves', () => {
  const spki = (oid: string, key: Uint8Array): PublicKey =>
    parsePublicKey(derSequence(derSequence(derOid(oid)), derBitString(key)));
  const one = (length: number): Uint8Array => {
    const octets = new Uint8Array(length);
    octets[0] = 1;
    return octets;
  };
  const cases: readonly (readonly [string, () => PublicKey])[] = [
    ['off P-256', () => ({ kind: 'ec', curve: 'P-256', point: new Uint8Array(65).fill(4) })],
    ['without a point', () => ({ kind: 'ec', curve: 'P-256', point: new Uint8Array(1) })],
    [
      'off P-384, compressed',
      () => ({ kind: 'ec', curve: 'P-384', point: new Uint8Array(49).fill(0xff).fill(2, 0, 1) }),
    ],
    [
      'off brainpoolP256r1',
      () => ({ kind: 'ec', curve: 'brainpoolP256r1', point: new Uint8Array(65).fill(4) }),
    ],
    ['zero on X25519', () => spki('1.3.101.110', new Uint8Array(32))],
    ['one on X25519', () => spki('1.3.101.110', one(32))],
    ['zero on X448', () => spki('1.3.101.111', new Uint8Array(56))],
    ['of small order on Ed25519', () => spki('1.3.101.112', one(32))],
    ['of small order on Ed448', () => spki('1.3.101.113', one(57))],
    ['off Ed25519', () => spki('1.3.101.112', new Uint8Array(32).fill(2, 0, 1))],
  ];
  test.each(cases)('%s', async (_, key) => {
    await expect(mail({ publicKey: key() })).rejects.toThrowError(usage);
  });
});
