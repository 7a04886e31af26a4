import { describe, expect, test } from 'vitest';
import { der, derNull, derOid, derSequence } from '../../src/asn1/writer.js';
import type { VerifySignedDataOptions } from '../../src/cms/verify/verdict.js';
import {
  type AlgorithmPolicy,
  algorithmPolicyNow,
  algorithmPolicyOldMail,
} from '../../src/x509/path/algorithm-policy.js';
import {
  digestIdentifier,
  type Scheme,
  signatureIdentifier,
  type TestDigest,
  testKey,
} from '../support/pki.js';
import { attribute, type SignerSpec } from '../support/sign.js';
import { alice, aliceWith } from '../support/sign-scene.js';
import { expectVerdict, good } from '../support/sign-verdicts.js';

const now = { algorithms: algorithmPolicyNow };

describe('the policy on algorithms', () => {
  test.each<[TestDigest, 'rsa' | 'p256']>([
    ['md5', 'rsa'],
    ['sha1', 'rsa'],
    ['sha1', 'p256'],
  ])('%s with %s is weak now, and a remark in old mail', async (digest, kind) => {
    const by = aliceWith({ key: testKey(kind) });
    await expectVerdict({ by, digest }, good({ signature: 'weak', reasons: ['weak-digest'] }), {}, now);
    await expectVerdict(
      { by, digest },
      good({ reasons: ['(weak-digest)'] }),
      {},
      { algorithms: algorithmPolicyOldMail },
    );
  });

  test('is that of now by default', async () => {
    // What `undefined` leaves of the options here is what a caller gets who says nothing.
    const options = { algorithms: undefined } as unknown as Partial<VerifySignedDataOptions>;
    const by = aliceWith({ key: testKey('rsa') });
    await expectVerdict(
      { by, digest: 'sha1' },
      good({ signature: 'weak', reasons: ['weak-digest'] }),
      {},
      options,
    );
  });

  test('certificates are held to it too', async () => {
    const by = aliceWith({ scheme: { digest: 'sha1' } });
    await expectVerdict({ by }, good({ trust: 'untrusted', reasons: ['algorithm-weak'] }), {}, now);
  });

  test('may be the caller’s own', async () => {
    const strict: AlgorithmPolicy = {
      refused: { digests: ['md5', 'sha1', 'sha256'], rsaBits: 4096, dsaBits: Number.POSITIVE_INFINITY },
      weak: { digests: [], rsaBits: 0, dsaBits: 0 },
    };
    const by = aliceWith({ key: testKey('rsa'), scheme: { digest: 'sha512' } });
    await expectVerdict(
      { by, digest: 'sha512' },
      good({
        signature: 'weak',
        trust: 'untrusted',
        reasons: ['algorithm-weak', 'algorithm-weak', 'weak-key'],
      }),
      {},
      { algorithms: strict },
    );
  });

  test('a signature that does not fit is invalid, not weak', async () => {
    const by = aliceWith({ key: testKey('rsa') });
    await expectVerdict(
      { by, digest: 'sha1', spoil: true },
      good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch', 'weak-digest'] }),
      {},
      now,
    );
  });
});

describe('CMSAlgorithmProtection (RFC 6211)', () => {
  const protection = (...elements: Uint8Array[]): Uint8Array =>
    attribute('1.2.840.113549.1.9.52', derSequence(...elements));
  /** An AlgorithmIdentifier under an implicit tag. */
  const tagged = (n: number, algorithm: Uint8Array): Uint8Array => {
    const element = Uint8Array.from(algorithm);
    element[0] = 0xa0 | n;
    return element;
  };
  const signature = (scheme: Scheme = {}): Uint8Array => tagged(1, signatureIdentifier(alice.key, scheme));
  const signer = (attributes: Uint8Array): Partial<SignerSpec> => ({
    attributes: (usual) => [usual.contentType, usual.messageDigest, usual.signingTime, attributes],
  });
  const withNull = (oid: string): Uint8Array => derSequence(derOid(oid), derNull());

  test.each<[string, Uint8Array]>([
    ['the same algorithms', protection(digestIdentifier('sha256'), signature())],
    ['a digest with NULL', protection(withNull('2.16.840.1.101.3.4.2.1'), signature())],
  ])('%s', async (_, attributes) => {
    await expectVerdict(signer(attributes), good());
  });

  test.each<[string, Uint8Array]>([
    ['another digest', protection(digestIdentifier('sha384'), signature())],
    ['another signature algorithm', protection(digestIdentifier('sha256'), signature({ digest: 'sha384' }))],
    [
      'a MAC instead of a signature',
      protection(digestIdentifier('sha256'), tagged(2, signatureIdentifier(alice.key))),
    ],
  ])('%s is a mismatch', async (_, attributes) => {
    await expectVerdict(
      signer(attributes),
      good({ signature: 'invalid', reasons: ['algorithm-protection-mismatch'] }),
    );
  });

  test.each<[string, Uint8Array]>([
    ['nothing', protection()],
    ['no signature algorithm', protection(digestIdentifier('sha256'))],
    [
      'both kinds',
      protection(digestIdentifier('sha256'), signature(), tagged(2, signatureIdentifier(alice.key))),
    ],
    ['something else', protection(der(0x04), signature())],
  ])('%s in it is damage', async (_, attributes) => {
    const verdict = await expectVerdict(
      signer(attributes),
      good({
        signature: 'invalid',
        trust: 'not-checked',
        time: 'not-checked',
        form: undefined,
        reasons: ['signer-malformed'],
      }),
    );
    expect(verdict.content).toBe('intact');
  });
});
