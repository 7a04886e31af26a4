import { describe, expect, test } from 'vitest';
import type { PublicKey } from '../../../src/crypto/keys/public-key.js';
import type { CertificationPath } from '../../../src/x509/find-path.js';
import { findPath } from '../../../src/x509/find-path.js';
import {
  type AlgorithmPolicy,
  algorithmPolicyNow,
  algorithmPolicyOldMail,
  judgeKey,
  judgeSignatureAlgorithm,
} from '../../../src/x509/path/algorithm-policy.js';
import { issue, type Scheme, type TestCertificate, type TestKey, testKey } from '../../support/pki.js';
import { at } from '../support.js';

const names = { now: algorithmPolicyNow, 'old mail': algorithmPolicyOldMail };
const rsa = (bits: number): PublicKey => ({
  kind: 'rsa',
  modulus: new Uint8Array(bits / 8),
  exponent: Uint8Array.of(1, 0, 1),
  bits,
  pkcs1: new Uint8Array(),
  pssOnly: false,
});
const dsa = (bits: number): PublicKey => ({
  kind: 'dsa',
  y: Uint8Array.of(2),
  parameters: { p: new Uint8Array(bits / 8), q: new Uint8Array(20), g: Uint8Array.of(2) },
});

describe('judgements', () => {
  test.each<[PublicKey, string, string]>([
    [rsa(512), 'refused', 'weak'],
    [rsa(1016), 'refused', 'weak'],
    [rsa(1024), 'weak', 'weak'],
    [rsa(2040), 'weak', 'weak'],
    [rsa(2048), 'strong', 'strong'],
    [dsa(512), 'refused', 'weak'],
    [dsa(1024), 'weak', 'weak'],
    [dsa(3072), 'weak', 'weak'],
    [{ kind: 'dsa', y: Uint8Array.of(2) }, 'weak', 'weak'],
    [{ kind: 'ed25519', key: new Uint8Array(32) }, 'strong', 'strong'],
    [{ kind: 'ec', curve: 'P-256', point: new Uint8Array(65) }, 'strong', 'strong'],
  ])('a key %#', (key, now, old) => {
    expect([judgeKey(algorithmPolicyNow, key), judgeKey(algorithmPolicyOldMail, key)]).toEqual([now, old]);
  });

  test('signatures', () => {
    const judge = (policy: AlgorithmPolicy) =>
      (['md5', 'sha1', 'sha224', 'sha256', 'sha3-256'] as const).map((digest) =>
        judgeSignatureAlgorithm(policy, { name: 'ecdsa', digest }),
      );
    expect(judge(algorithmPolicyNow)).toEqual(['refused', 'refused', 'strong', 'strong', 'strong']);
    expect(judge(algorithmPolicyOldMail)).toEqual(['weak', 'weak', 'strong', 'strong', 'strong']);
    expect(judgeSignatureAlgorithm(algorithmPolicyNow, { name: 'ed448' })).toBe('strong');
  });
});

/** A path of three whose intermediate is signed so, and has such a key. */
function path(
  scheme: Scheme,
  rootKey: TestKey,
  middleKey: TestKey,
  algorithms?: AlgorithmPolicy,
): Promise<CertificationPath> {
  const root = issue({ name: 'Root', key: rootKey, ca: true, scheme: { digest: 'sha1' } });
  const middle: TestCertificate = issue({ name: 'Middle', key: middleKey, ca: true, issuer: root, scheme });
  const leaf = issue({ name: 'Alice', key: testKey('ed25519'), issuer: middle });
  return findPath(leaf.certificate, {
    roots: [root.certificate],
    pool: [middle.certificate],
    at,
    ...(algorithms === undefined ? {} : { algorithms }),
  });
}

function told({ problems, notes }: CertificationPath): string[] {
  return [
    ...problems.map(({ code, certificate }) => `problem ${code}: ${certificate.subject.commonName}`),
    ...notes.map(({ code, certificate }) => `note ${code}: ${certificate.subject.commonName}`),
  ];
}

describe('in a path', () => {
  const strong = testKey('rsa');

  test('a SHA-1 signature is refused now, and noted for old mail; the root’s own does not count', async () => {
    const now = await path({ digest: 'sha1' }, strong, strong);
    expect(told(now)).toEqual(['problem algorithm-weak: Middle']);
    expect(now.problems[0]).toMatchObject({
      message: 'the certificate of "CN=Middle" is signed with SHA1, which is weak',
      section: 'RFC 8550 §4.3',
    });
    const old = await path({ digest: 'sha1' }, strong, strong, algorithmPolicyOldMail);
    expect(told(old)).toEqual(['note algorithm-weak: Middle']);
  });

  test('MD5 too', async () => {
    expect(told(await path({ digest: 'md5' }, strong, strong))).toEqual(['problem algorithm-weak: Middle']);
    expect(told(await path({ digest: 'md5' }, strong, strong, algorithmPolicyOldMail))).toEqual([
      'note algorithm-weak: Middle',
    ]);
  });

  test('a DSA key is noted under both, the root’s too', async () => {
    const key = testKey('dsa');
    for (const policy of Object.values(names)) {
      expect(told(await path({ digest: 'sha256' }, key, strong, policy))).toEqual([
        'note algorithm-weak: Root',
      ]);
      expect(told(await path({ digest: 'sha256' }, strong, key, policy))).toEqual([
        'note algorithm-weak: Middle',
      ]);
    }
  });

  test('a policy of the caller’s own', async () => {
    const strict: AlgorithmPolicy = {
      refused: { digests: ['sha256'], rsaBits: 3072, dsaBits: 0 },
      weak: { digests: [], rsaBits: 0, dsaBits: 0 },
    };
    const { problems } = await path({ digest: 'sha384' }, strong, testKey('p256'), strict);
    expect(problems.map(({ message }) => message)).toEqual([
      'the certificate of "CN=Alice" is signed with SHA256, which is weak',
      'the certificate of "CN=Root" has a weak key (RSA with 2048 bits)',
    ]);
  });

  test('strong algorithms are not mentioned', async () => {
    expect(told(await path({ digest: 'sha256' }, testKey('p384'), testKey('ed448')))).toEqual([]);
  });

  test('a way with strong algorithms is preferred to one with weak', async () => {
    const root = issue({ name: 'Root', key: strong, ca: true });
    const weak = issue({ name: 'Middle', key: strong, ca: true, issuer: root, scheme: { digest: 'sha1' } });
    const good = issue({ name: 'Middle', key: strong, ca: true, issuer: root });
    const leaf = issue({ name: 'Alice', key: testKey('ed25519'), issuer: good });
    for (const pool of [
      [weak, good],
      [good, weak],
    ]) {
      const found = await findPath(leaf.certificate, {
        roots: [root.certificate],
        pool: pool.map(({ certificate }) => certificate),
        at,
      });
      expect(told(found)).toEqual([]);
    }
  });
});
