import { beforeAll, describe, expect, test } from 'vitest';
import { readBer, Tag } from '../../src/asn1/reader.js';
import { derSequence } from '../../src/asn1/writer.js';
import { generateKeyPair, type KeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { parseSignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../src/crypto/signatures/verify.js';
import type { RevokedCertificate } from '../../src/pki/issue/crl-entry-writer.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { type IssueCrlOptions, issueCrl } from '../../src/pki/issue/issue-crl.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import { createName } from '../../src/pki/issue/name-writer.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { readIssuingDistributionPoint } from '../../src/x509/certificate/distribution-points.js';
import { findPath } from '../../src/x509/find-path.js';
import type { CertificateList } from '../../src/x509/revocation/crl.js';
import type { RevocationReason } from '../../src/x509/revocation/revocation-report.js';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const thisUpdate = new Date('2027-05-01T00:00:00Z');
const nextUpdate = new Date('2027-07-01T00:00:00Z');
const at = new Date('2027-06-01T00:00:00Z');
const revocationDate = new Date('2027-04-01T00:00:00Z');
const usage = expect.objectContaining({ code: 'usage' });

let pair: KeyPair;
let root: Certificate;
let people: Certificate[];

beforeAll(async () => {
  pair = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  root = await issueRoot({ key: pair.privateKey, subject: { commonName: 'Root' }, ...validity });
  people = [];
  for (const name of ['a', 'b']) {
    people.push(
      await issueMailCertificate({
        issuer: { certificate: root, key: pair.privateKey },
        publicKey: pair.publicKey,
        addresses: [`${name}@example.jp`],
        ...validity,
      }),
    );
  }
});

const list = (
  revoked: readonly RevokedCertificate[],
  more: Partial<IssueCrlOptions> = {},
): Promise<CertificateList> =>
  issueCrl({
    issuer: { certificate: root, key: pair.privateKey },
    thisUpdate,
    nextUpdate,
    number: 7,
    revoked,
    ...more,
  });

describe('a CRL that is issued', () => {
  test('revokes whom it names and nobody else', async () => {
    const crl = await list([{ certificate: people[0]!, revocationDate, reason: 'keyCompromise' }]);
    const statusOf = async (certificate: Certificate) => {
      const path = await findPath(certificate, {
        roots: [root],
        at,
        revocation: { mode: 'require', crls: [crl] },
      });
      return path.problems.map(({ code }) => code);
    };
    expect(await statusOf(people[0]!)).toEqual(['revoked']);
    expect(await statusOf(people[1]!)).toEqual([]);
  });

  test('has the fields that RFC 5280 §5 wants, and a good signature', async () => {
    const crl = await list([]);
    expect(crl).toMatchObject({
      version: 2,
      count: 0,
      thisUpdate,
      nextUpdate,
      signatureAlgorithmsAgree: true,
    });
    expect(crl.issuer.bytes).toEqual(root.subject.bytes);
    expect(crl.extensions.map(({ oid, critical }) => `${oid}${critical ? '!' : ''}`)).toEqual([
      '2.5.29.35',
      '2.5.29.20',
    ]);
    // §5.1.2.6: revokedCertificates is absent, so the extensions come right after nextUpdate.
    expect(readBer(crl.tbsBytes).children).toHaveLength(6);
    const valid = await verifySignature({
      algorithm: parseSignatureAlgorithm(crl.signatureAlgorithm),
      publicKey: pair.publicKey,
      signature: crl.signature,
      data: crl.tbsBytes,
    });
    expect(valid).toBe(true);
  });

  test('after 2049 has GeneralizedTime', async () => {
    const crl = await list([{ certificate: 5n, revocationDate: new Date('2050-01-01') }], {
      thisUpdate: new Date('2050-02-01'),
      nextUpdate: new Date('2050-03-01'),
    });
    const fields = readBer(crl.tbsBytes).children;
    expect(fields.slice(3, 5).map(({ identifier }) => identifier)).toEqual([
      Tag.GeneralizedTime,
      Tag.GeneralizedTime,
    ]);
    expect(fields[5]!.children[0]!.children[1]!.identifier).toBe(Tag.GeneralizedTime);
  });

  test.each<RevocationReason>([
    'unspecified',
    'keyCompromise',
    'cACompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'certificateHold',
    'privilegeWithdrawn',
    'aACompromise',
  ])('may say %s', async (reason) => {
    const invalidityDate = new Date('2027-03-01T00:00:00Z');
    const [entry] = (await list([{ certificate: 5n, revocationDate, reason, invalidityDate }])).entriesOf(
      Uint8Array.of(5),
    );
    expect(entry?.reason).toBe(reason === 'unspecified' ? undefined : reason);
    expect(entry?.invalidityDate).toEqual(invalidityDate);
    expect(entry?.revocationDate).toEqual(revocationDate);
  });

  test('may be a delta for a part, by another authority', async () => {
    const issuers = [{ kind: 'directoryName', value: root.subject }] as const;
    const crl = await list(
      [
        { certificate: 5n, revocationDate, reason: 'removeFromCRL' },
        { certificate: 6n, revocationDate, certificateIssuer: issuers },
      ],
      {
        number: 9n,
        deltaBase: 7,
        scope: {
          name: { kind: 'fullName', names: [{ kind: 'uniformResourceIdentifier', value: 'http://a.jp/c' }] },
          onlyContainsUserCerts: true,
          onlySomeReasons: new Set(['keyCompromise']),
          indirectCrl: true,
        },
      },
    );
    expect(crl.extensions.map(({ oid, critical }) => `${oid}${critical ? '!' : ''}`)).toEqual([
      '2.5.29.35',
      '2.5.29.20',
      '2.5.29.27!',
      '2.5.29.28!',
    ]);
    const scope = crl.extensions.find(({ oid }) => oid === '2.5.29.28')!;
    expect(readIssuingDistributionPoint(scope.value)).toMatchObject({
      onlyContainsUserCerts: true,
      onlyContainsCACerts: false,
      onlySomeReasons: new Set(['keyCompromise']),
      indirectCrl: true,
    });
    expect(crl.entriesOf(Uint8Array.of(5))[0]?.reason).toBe('removeFromCRL');
    expect(crl.entriesOf(Uint8Array.of(6))[0]?.certificateIssuer).toMatchObject([{ kind: 'directoryName' }]);
  });

  test('may say where its deltas are', async () => {
    const crl = await list([], { freshestCrl: ['http://a.jp/delta'] });
    expect(crl.extensions.map(({ oid }) => oid)).toEqual(['2.5.29.35', '2.5.29.20', '2.5.29.46']);
  });

  test.each([{}, { onlyContainsUserCerts: false, indirectCrl: false }])(
    'whose scope %o leaves nothing out has no issuingDistributionPoint (RFC 5280 §5.2.5)',
    async (scope) => {
      const crl = await list([], { scope });
      expect(crl.extensions.map(({ oid }) => oid)).toEqual(['2.5.29.35', '2.5.29.20']);
    },
  );

  test('has one serial number of several issuers, who come after each other', async () => {
    const [first, second] = ['First', 'Second'].map(
      (commonName) => [{ kind: 'directoryName', value: createName({ commonName }) }] as const,
    );
    const crl = await list(
      [
        { certificate: 5n, revocationDate },
        { certificate: people[0]!, revocationDate },
        { certificate: 5n, revocationDate, certificateIssuer: first! },
        { certificate: 6n, revocationDate },
        { certificate: 5n, revocationDate, certificateIssuer: second! },
      ],
      { scope: { indirectCrl: true } },
    );
    expect(crl.entriesOf(Uint8Array.of(5))).toHaveLength(3);
    expect(crl.count).toBe(5);
  });

  test('has 200,000 entries', async () => {
    const revoked = Array.from({ length: 200_000 }, (_, n) => ({
      certificate: BigInt(n + 1),
      revocationDate,
    }));
    const crl = await list(revoked);
    expect(crl.count).toBe(200_000);
    expect(crl.entriesOf(Uint8Array.of(3, 0x0d, 0x40))).toHaveLength(1);
  }, 60_000);

  test('may name a part by a relative name', async () => {
    const relativeName = readBer(root.subject.bytes).children[0]!.bytes;
    const crl = await list([], { scope: { name: { kind: 'nameRelativeToCRLIssuer', relativeName } } });
    const scope = crl.extensions.find(({ oid }) => oid === '2.5.29.28')!;
    expect(readIssuingDistributionPoint(scope.value).name).toEqual({
      kind: 'nameRelativeToCRLIssuer',
      relativeName,
    });
  });
});

describe('what makes no sensible CRL is refused', () => {
  const refusals: readonly (readonly [string, readonly RevokedCertificate[], Partial<IssueCrlOptions>])[] = [
    ['removeFromCRL outside of a delta', [{ certificate: 5n, revocationDate, reason: 'removeFromCRL' }], {}],
    [
      'a reason that there is not',
      [{ certificate: 5n, revocationDate, reason: 'bored' as 'superseded' }],
      {},
    ],
    ['a serial number of 0', [{ certificate: 0n, revocationDate }], {}],
    ['an entry without a time', [{ certificate: 5n, revocationDate: new Date(Number.NaN) }], {}],
    [
      'an invalidityDate that is none',
      [{ certificate: 5n, revocationDate, invalidityDate: new Date(Number.NaN) }],
      {},
    ],
    ['a negative CRL number', [], { number: -1 }],
    ['a CRL number of more than 20 octets', [], { number: 1n << 159n }],
    ['a number that is not exact', [], { number: 2 ** 53 }],
    ['nextUpdate before thisUpdate', [], { nextUpdate: new Date('2027-04-30') }],
    ['a delta to itself', [], { deltaBase: 7, number: 7 }],
    ['a delta to a later CRL', [], { deltaBase: 9n, number: 7 }],
    ['a delta that says where deltas are', [], { deltaBase: 1, freshestCrl: ['http://a.jp/delta'] }],
    [
      'user and CA certificates only',
      [],
      { scope: { onlyContainsUserCerts: true, onlyContainsCACerts: true } },
    ],
    [
      'attribute and CA certificates only',
      [],
      { scope: { onlyContainsAttributeCerts: true, onlyContainsCACerts: true } },
    ],
    ['a part for no reason', [], { scope: { onlySomeReasons: new Set() } }],
    ['a part that there is not', [], { scope: { onlyUsers: true } as object }],
    ['a part that is neither true nor false', [], { scope: { indirectCrl: 1 as unknown as boolean } }],
    [
      'certificateIssuer outside of an indirect CRL',
      [{ certificate: 5n, revocationDate, certificateIssuer: [{ kind: 'dNSName', value: 'a.jp' }] }],
      {},
    ],
    [
      'no certificateIssuer',
      [{ certificate: 5n, revocationDate, certificateIssuer: [] }],
      { scope: { indirectCrl: true } },
    ],
    [
      'a serial number twice',
      [
        { certificate: 5n, revocationDate },
        { certificate: Uint8Array.of(0, 5), revocationDate, reason: 'keyCompromise' },
      ],
      {},
    ],
    [
      'an invalidityDate after the year 9999',
      [{ certificate: 5n, revocationDate, invalidityDate: new Date('+012000-01-01') }],
      {},
    ],
    ...['2.5.29.27', '2.5.29.28', '2.5.29.46'].map(
      (oid) =>
        [
          `the extension ${oid} past the option that writes it`,
          [],
          { extensions: [{ oid, critical: true, value: derSequence() }] },
        ] as const,
    ),
    ['an extension twice', [], { extensions: [{ oid: '2.5.29.20', critical: false, value: derSequence() }] }],
  ];

  test.each(refusals)('%s', async (_, revoked, more) => {
    await expect(list(revoked, more)).rejects.toThrowError(usage);
  });

  test('a certificate of another issuer', async () => {
    const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
    const other = await issueRoot({ key, subject: { commonName: 'Other' }, ...validity });
    const entry = { certificate: other, revocationDate };
    await expect(list([entry])).rejects.toThrowError(usage);
    const issuers = [{ kind: 'directoryName', value: other.subject }] as const;
    const scope = { indirectCrl: true };
    const crl = await list([{ ...entry, certificateIssuer: issuers }], { scope });
    expect(crl.entriesOf(other.serialNumber)).toHaveLength(1);
    const after = [
      { certificate: 5n, revocationDate, certificateIssuer: issuers },
      { certificate: people[0]!, revocationDate },
    ];
    await expect(list(after, { scope })).rejects.toThrowError(usage);
  });

  test('an issuer that is no authority', async () => {
    const issuer = { certificate: people[0]!, key: pair.privateKey };
    await expect(list([], { issuer })).rejects.toThrowError(usage);
  });
});
