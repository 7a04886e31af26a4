import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { asBytes } from '../../src/core/bytes.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueCrl } from '../../src/pki/issue/issue-crl.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import { findPath } from '../../src/x509/find-path.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { authority, chainKey, person } from '../support/chains.js';
import { crlOctets } from '../support/crls.js';
import { issue, type KeyKind, type Scheme, type TestKey, testKey } from '../support/pki.js';
import { at, complaints, pathOf, route } from './support.js';

const root = authority(undefined, 'Root');
const middle = authority(root, 'Middle');

test('RFC 8550 §2.2: an end entity of version 1 and one of version 3 have paths', async () => {
  const old = person(middle, 'Old', { version: null, extensions: null });
  expect(old.certificate.version).toBe(1);
  const now = person(middle, 'Now');
  expect(now.certificate.version).toBe(3);
  for (const each of [old, now]) expect(complaints(await pathOf(each, [root], [middle]))).toEqual([]);
});

test('RFC 8550 §2.3: chains are built by names, without key identifiers', async () => {
  const plainRoot = authority(undefined, 'Plain Root', { keyIdentifiers: false });
  const plain = authority(plainRoot, 'Plain', { keyIdentifiers: false });
  const other = authority(plainRoot, 'Other', { keyIdentifiers: false });
  const path = await pathOf(person(plain, 'Alice', { keyIdentifiers: false }), [plainRoot], [other, plain]);
  expect([route(path), complaints(path)]).toEqual(['Alice < Plain <- Plain Root', []]);
});

test('RFC 8550 §4: authorities of one name and one key, whose times overlap, all lead up', async () => {
  const key = chainKey('renewed');
  const times = [
    ['2020-01-01T00:00:00Z', '2026-12-31T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2040-01-01T00:00:00Z'],
  ] as const;
  const pool = times.map(([from, to]) => authority(root, 'Renewed', { key, from, to }));
  const leaf = person(pool[0], 'Alice');
  for (const certificates of [pool, pool.toReversed()]) {
    for (const moment of ['2025-06-01', '2026-06-01', '2030-06-01'])
      expect(complaints(await pathOf(leaf, [root], certificates, { at: new Date(moment) }))).toEqual([]);
  }
});

const schemes: readonly (readonly [string, KeyKind, Scheme])[] = [
  ['ECDSA on P-256 with SHA-256', 'p256', {}],
  ['Ed25519', 'ed25519', {}],
  ['RSA with SHA-256', 'rsa', {}],
  ['RSASSA-PSS with SHA-256', 'rsa', { pss: true }],
];

describe('RFC 8550 §4.3: signatures of authorities', () => {
  test.each(schemes)('RFC 8550 §4.3: certificates that are signed by %s', async (_, kind, scheme) => {
    const anchor = issue({ name: 'Anchor', key: testKey(kind, 'anchor'), ca: true, scheme });
    const below = issue({ name: 'Below', key: testKey(kind, 'below'), ca: true, issuer: anchor, scheme });
    const leaf = issue({ name: 'Alice', key: testKey('p256'), issuer: below, scheme });
    const search = { roots: [anchor.certificate], pool: [below.certificate], at };
    for (const engine of ['native', 'typescript'] as const)
      expect((await findPath(leaf.certificate, { ...search, engine })).problems).toEqual([]);
  });

  test.each([
    ['ECDSA on P-256 with SHA-256', { kind: 'ec', curve: 'P-256' }, { name: 'ecdsa', digest: 'sha256' }],
    ['Ed25519', { kind: 'ed25519' }, { name: 'ed25519' }],
    ['RSA with SHA-256', { kind: 'rsa', bits: 2048 }, { name: 'rsa-pkcs1', digest: 'sha256' }],
    [
      'RSASSA-PSS with SHA-256',
      { kind: 'rsa', bits: 2048 },
      { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
    ],
  ] as const)('RFC 8550 §4.3: CRLs that are signed by %s', async (_, kind, algorithm) => {
    const { privateKey: key } = await generateKeyPair(kind);
    const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };
    const certificate = await issueRoot({ key, algorithm, subject: { commonName: 'CRL Root' }, ...validity });
    const issuer = { certificate, key };
    const { publicKey } = await generateKeyPair({ kind: 'ed25519' });
    const leaf = (name: string) =>
      issueMailCertificate({ issuer, algorithm, publicKey, addresses: [`${name}@example.jp`], ...validity });
    const [good, bad] = [await leaf('good'), await leaf('bad')];
    const crl = await issueCrl({
      issuer,
      algorithm,
      thisUpdate: new Date('2026-05-01'),
      nextUpdate: new Date('2026-07-01'),
      number: 1,
      revoked: [{ certificate: bad, revocationDate: new Date('2026-04-01') }],
    });
    const codes = async (each: typeof good) =>
      (
        await findPath(each, { roots: [certificate], at, revocation: { mode: 'require', crls: [crl] } })
      ).problems.map(({ code }) => code);
    expect([await codes(good), await codes(bad)]).toEqual([[], ['revoked']]);
  });
});

test('RFC 8550 §2.1: CRLs of version 1 and of version 2 revoke, and say who is good', async () => {
  const [alice, bob] = [person(middle, 'Alice'), person(middle, 'Bob')];
  const times = { from: '2026-05-01T00:00:00Z', to: '2026-07-01T00:00:00Z' };
  for (const version of [1, 2] as const) {
    const crls = [
      crlOctets(middle, { ...times, version, revoked: [{ certificate: alice }] }),
      crlOctets(root, { ...times, version }),
    ].map((each) => parseCrl(each));
    expect(crls.map((each) => each.version)).toEqual([version, version]);
    const revocation = { mode: 'require', crls } as const;
    expect(complaints(await pathOf(alice, [root], [middle], { revocation }))).toEqual(['revoked: Alice']);
    expect(complaints(await pathOf(bob, [root], [middle], { revocation }))).toEqual([]);
  }
});

function shortKey(modulusLength: number): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kind: 'rsa', privateKey, spki: asBytes(publicKey.export({ type: 'spki', format: 'der' })) };
}

test('RFC 8550 §6: an authority with an RSA key below 2,048 bits is remarked on, below 1,024 refused', async () => {
  const told = async (bits: number, policy?: typeof algorithmPolicyOldMail) => {
    const key = shortKey(bits);
    const anchor = issue({ name: 'Anchor', key: testKey('p256', 'anchor'), ca: true });
    const below = issue({ name: 'Below', key, ca: true, issuer: anchor });
    const leaf = issue({ name: 'Alice', key: testKey('p256'), issuer: below });
    const { problems, notes } = await findPath(leaf.certificate, {
      roots: [anchor.certificate],
      pool: [below.certificate],
      at,
      ...(policy === undefined ? {} : { algorithms: policy }),
    });
    return [problems.map(({ code }) => code), notes.map(({ code }) => code)];
  };
  expect(await told(1024)).toEqual([[], ['algorithm-weak']]);
  expect(await told(1016)).toEqual([['algorithm-weak'], []]);
  expect(await told(1016, algorithmPolicyOldMail)).toEqual([[], ['algorithm-weak']]);
});
