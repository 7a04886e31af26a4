import { describe, expect, test } from 'vitest';
import { derNull } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import {
  type CertificateSpec,
  extension,
  issue,
  Purpose,
  type TestCertificate,
  testKey,
} from '../support/pki.js';
import { signedData, signingTime } from '../support/sign.js';
import { detachedMessage, textEntity } from '../support/sign-message.js';
import {
  alice,
  aliceMessage,
  aliceWith,
  expectAnswers,
  intermediate,
  now,
  oneSeal,
  otherRoot,
  root,
  roots,
} from '../support/sign-scene.js';

/** The usual message, signed by the certificate at the time claimed, with these certificates sent along. */
function messageBy(
  by: TestCertificate,
  claimed?: string | null,
  certificates?: TestCertificate[],
): Uint8Array {
  const entity = textEntity();
  const p7s = signedData({
    content: entity,
    signers: [
      {
        by,
        attributes: (usual) => [
          usual.contentType,
          usual.messageDigest,
          ...(claimed === null ? [] : claimed === undefined ? [usual.signingTime] : [signingTime(claimed)]),
        ],
      },
    ],
    certificates: certificates ?? [by, intermediate],
  });
  return detachedMessage(entity, p7s);
}

/** A certificate that was valid in 2024 and 2025. */
const expired = (change: Partial<CertificateSpec> = {}): TestCertificate =>
  aliceWith({ notBefore: '2024-01-01T00:00:00Z', notAfter: '2025-12-31T23:59:59Z', ...change });

describe('time', () => {
  test('an expired certificate that was valid when the signer claims to have signed: only the time is blamed', async () => {
    const message = messageBy(expired(), '2025-06-01T00:00:00Z');
    await expectAnswers(
      message,
      oneSeal({ time: 'valid-at-signing-time', verified: false, reasons: ['expired'] }),
    );
    await expectAnswers(
      message,
      { ...oneSeal(), seals: oneSeal({ time: 'valid-at-signing-time', reasons: ['expired'] }).seals },
      { acceptSigningTime: true },
    );
    // At a time that the caller knows from elsewhere it is simply valid.
    await expectAnswers(message, oneSeal(), { at: new Date('2025-06-02T00:00:00Z') });
  });

  test('a claimed time outside the validity does not help', async () => {
    const message = messageBy(expired(), '2026-01-15T00:00:00Z');
    const expected = oneSeal({
      time: 'expired',
      verified: false,
      reasons: ['expired', '(signing-time-outside-validity)'],
    });
    await expectAnswers(message, expected);
    await expectAnswers(message, expected, { acceptSigningTime: true });
  });

  test('nor does a claimed time before the validity', async () => {
    const message = messageBy(expired(), '2023-01-15T00:00:00Z');
    const expected = oneSeal({
      time: 'expired',
      verified: false,
      reasons: ['expired', '(signing-time-outside-validity)'],
    });
    await expectAnswers(message, expected, { acceptSigningTime: true });
  });

  test('nor one in the future', async () => {
    const early = aliceWith({ notBefore: '2027-01-01T00:00:00Z' });
    const expected = oneSeal({
      time: 'not-yet-valid',
      verified: false,
      reasons: ['not-yet-valid', '(signing-time-in-future)'],
    });
    const message = messageBy(early, '2028-01-01T00:00:00Z');
    await expectAnswers(message, expected);
    await expectAnswers(message, expected, { acceptSigningTime: true });
  });

  test('a claimed time in the future is a remark while the certificate is valid now', async () => {
    await expectAnswers(
      messageBy(alice, '2030-01-01T00:00:00Z'),
      oneSeal({ reasons: ['(signing-time-in-future)'] }),
    );
  });

  test('without a claimed time an expired certificate is expired', async () => {
    await expectAnswers(
      messageBy(expired(), null),
      oneSeal({ time: 'expired', verified: false, reasons: ['expired', '(signing-time-missing)'] }),
      { acceptSigningTime: true },
    );
  });

  test('an expired intermediate certificate counts like the signer’s', async () => {
    const between = issue({
      name: 'Old Intermediate',
      key: testKey('p256', 'old intermediate'),
      issuer: root,
      ca: true,
      notAfter: '2025-12-31T23:59:59Z',
    });
    const by = aliceWith({ issuer: between });
    await expectAnswers(
      messageBy(by, '2025-06-01T00:00:00Z', [by, between]),
      oneSeal({ time: 'valid-at-signing-time', verified: false, reasons: ['expired'] }),
    );
  });

  test('an expired root does not matter: its name and key are what is believed', async () => {
    const old = issue({
      name: 'Old Root',
      key: testKey('p256', 'old root'),
      ca: true,
      notAfter: '2021-01-01T00:00:00Z',
    });
    const by = aliceWith({ issuer: old });
    await expectAnswers(messageBy(by, undefined, [by]), oneSeal(), { roots: [old.certificate] });
  });

  test('the first and the last second of the validity are in it', async () => {
    const message = messageBy(expired(), null);
    const good = oneSeal({ reasons: ['(signing-time-missing)'] });
    await expectAnswers(message, good, { at: new Date('2024-01-01T00:00:00Z') });
    await expectAnswers(message, good, { at: new Date('2025-12-31T23:59:59Z') });
    await expectAnswers(
      message,
      oneSeal({ time: 'expired', verified: false, reasons: ['expired', '(signing-time-missing)'] }),
      { at: new Date('2026-01-01T00:00:00Z') },
    );
  });

  test('the old and the new certificate of one key and key identifier: the one that is valid now counts', async () => {
    const old = expired({ serial: 1 });
    const renewed = aliceWith({ serial: 2 });
    const entity = textEntity();
    for (const certificates of [
      [old, renewed, intermediate],
      [renewed, old, intermediate],
    ]) {
      const p7s = signedData({
        content: entity,
        signers: [{ by: old, sid: 'subjectKeyIdentifier' }],
        certificates,
      });
      const report = await expectAnswers(detachedMessage(entity, p7s), oneSeal());
      expect(report.seals[0]!.signers[0]!.certificate?.serialHex).toBe('02');
    }
  });
});

describe('trust', () => {
  test('a wrong root: only trust is blamed', async () => {
    await expectAnswers(
      aliceMessage(),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['issuer-missing'] }),
      { roots: [otherRoot.certificate] },
    );
  });

  test('the wrong root sent along is not trusted for that', async () => {
    const entity = textEntity();
    const p7s = signedData({
      content: entity,
      signers: [{ by: alice }],
      certificates: [alice, intermediate, root],
    });
    await expectAnswers(
      detachedMessage(entity, p7s),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['root-untrusted'] }),
      { roots: [otherRoot.certificate] },
    );
  });

  test('an empty list of roots trusts nobody', async () => {
    await expectAnswers(
      aliceMessage(),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['issuer-missing'] }),
      { roots: [] },
    );
  });

  test('without roots trust is not checked, and nothing is verified', async () => {
    const message = aliceMessage();
    for (const engine of ['native', 'typescript'] as const) {
      const report = await verifyMessage(message, { at: now, engine });
      const [signer] = report.seals[0]!.signers;
      expect(report.verified).toBe(false);
      expect([signer!.content, signer!.signature, signer!.trust, signer!.time, signer!.identity]).toEqual([
        'intact',
        'valid',
        'not-checked',
        'valid',
        'match',
      ]);
      expect(signer!.reasons.map(({ code }) => code)).toEqual(['no-roots']);
    }
    const late = await verifyMessage(messageBy(expired(), null), { at: now });
    expect(late.seals[0]!.signers[0]!.time).toBe('expired');
  });

  test('a forged root of the same name as the true one is nobody', async () => {
    const forged = issue({ name: 'Test Root', key: testKey('p256', 'forged root'), ca: true });
    const by = aliceWith({ issuer: forged });
    await expectAnswers(
      messageBy(by, undefined, [by, forged]),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['root-untrusted'] }),
    );
  });

  test.each<[string, Partial<CertificateSpec>, string]>([
    ['not for mail', { extendedKeyUsage: [Purpose.serverAuth] }, 'extended-key-usage'],
    ['for keys only', { keyUsage: ['keyEncipherment'] }, 'key-usage'],
    [
      'with an unknown critical extension',
      { extensions: [extension('1.2.3.4', true, derNull())] },
      'unknown-critical-extension',
    ],
  ])('a signer’s certificate %s', async (_, change, code) => {
    await expectAnswers(
      messageBy(aliceWith(change)),
      oneSeal({ trust: 'untrusted', verified: false, reasons: [code] }),
    );
  });

  test.each<[string, Partial<CertificateSpec>]>([
    ['for any purpose', { extendedKeyUsage: [Purpose.any] }],
    ['without extendedKeyUsage', { extendedKeyUsage: null }],
    ['without keyUsage', { keyUsage: null }],
    ['for nonRepudiation', { keyUsage: ['nonRepudiation'] }],
    [
      'with an unknown extension that is not critical',
      { extensions: [extension('1.2.3.4', false, derNull())] },
    ],
  ])('a signer’s certificate %s is good', async (_, change) => {
    await expectAnswers(messageBy(aliceWith(change)), oneSeal());
  });

  test.each<[string, Partial<CertificateSpec>, string[]]>([
    ['that is no CA', { ca: false }, ['not-a-ca', 'key-usage']],
    ['of version 1', { version: 1 }, ['not-a-ca']],
    ['that may not sign certificates', { ca: true, keyUsage: ['cRLSign'] }, ['key-usage']],
    ['that is not for mail', { ca: true, extendedKeyUsage: [Purpose.serverAuth] }, ['extended-key-usage']],
  ])('an issuer %s', async (_, change, codes) => {
    const issuer = issue({ name: 'Issuer', key: testKey('p256', 'issuer'), issuer: root, ...change });
    const by = aliceWith({ issuer, authorityKeyIdentifier: null });
    await expectAnswers(
      messageBy(by, undefined, [by, issuer]),
      oneSeal({ trust: 'untrusted', verified: false, reasons: codes }),
    );
  });

  test('a signer cannot make certificates for others', async () => {
    const mallory = aliceWith({
      name: 'Mallory',
      emails: ['mallory@evil.example'],
      key: testKey('p256', 'mallory'),
    });
    const forged = aliceWith({ issuer: mallory });
    await expectAnswers(
      messageBy(forged, undefined, [forged, mallory, intermediate]),
      oneSeal({
        trust: 'untrusted',
        verified: false,
        reasons: ['not-a-ca', 'key-usage', 'path-length-exceeded'],
      }),
    );
  });

  test.each<[string, Partial<CertificateSpec>]>([
    ['as usual', { issuer: intermediate }],
    ['without keyUsage and basicConstraints', { issuer: intermediate, keyUsage: null }],
    ['with basicConstraints that deny it', { issuer: intermediate, keyUsage: null, pathLength: 0 }],
    ['signed by himself', {}],
    ['signed by himself, with basicConstraints that deny it', { keyUsage: null, pathLength: 0 }],
  ])('nor when his own certificate, %s, is among the roots', async (_, change) => {
    const pinned = issue({
      name: 'Mallory',
      key: testKey('p256', 'mallory'),
      emails: ['mallory@evil.example'],
      ...change,
    });
    const forged = aliceWith({ issuer: pinned });
    await expectAnswers(
      messageBy(forged, undefined, [forged, pinned]),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['not-a-ca'] }),
      { roots: [pinned.certificate] },
    );
    // What he signs himself verifies by it all the same.
    await expectAnswers(messageBy(pinned, undefined, [pinned]), oneSeal(), {
      roots: [pinned.certificate],
      address: 'mallory@evil.example',
    });
  });

  test('a root without any extension is one, as old ones are', async () => {
    const old = issue({ name: 'Old Root', key: testKey('p256', 'old root'), version: 1 });
    const bare = issue({
      name: 'Bare Root',
      key: testKey('p256', 'old root'),
      keyUsage: null,
      extendedKeyUsage: null,
    });
    for (const issuer of [old, bare]) {
      const by = aliceWith({ issuer, authorityKeyIdentifier: null });
      await expectAnswers(messageBy(by, undefined, [by]), oneSeal(), { roots: [issuer.certificate] });
    }
  });

  test('a certificate changed after it was issued', async () => {
    const der = Uint8Array.from(alice.der);
    der[der.length - 1]! ^= 1;
    const changed = { ...alice, der };
    await expectAnswers(
      messageBy(changed, undefined, [changed, intermediate]),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['signature-invalid'] }),
    );
  });

  test('certificates may come from outside, and the signer’s may be missing', async () => {
    const message = messageBy(alice, undefined, []);
    await expectAnswers(message, oneSeal(), { certificates: [alice.certificate, intermediate.certificate] });
    await expectAnswers(
      message,
      oneSeal({
        signature: 'not-checked',
        trust: 'not-checked',
        time: 'not-checked',
        identity: 'not-checked',
        verified: false,
        reasons: ['signer-certificate-missing'],
      }),
    );
    await expectAnswers(
      message,
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['issuer-missing'] }),
      { certificates: [alice.certificate] },
    );
  });

  test('the signer’s own certificate may be the root', async () => {
    const own = issue({ name: 'Alice', key: testKey('p256', 'alice'), emails: ['alice@example.jp'] });
    await expectAnswers(messageBy(own, undefined, [own]), oneSeal(), { roots: [own.certificate] });
    await expectAnswers(
      messageBy(own, undefined, [own]),
      oneSeal({ trust: 'untrusted', verified: false, reasons: ['root-untrusted'] }),
    );
  });
});

describe('`at`', () => {
  const usage = (call: Promise<unknown>) =>
    expect(call.catch((error: unknown) => error)).resolves.toMatchObject({ code: 'usage', fault: 'usage' });
  const wrong: [string, unknown][] = [
    ['missing', undefined],
    ['invalid', new Date(Number.NaN)],
    ['a string', '2026-01-01'],
    ['a number', 0],
    ['null', null],
  ];

  test.each(wrong)('%s is the caller’s fault everywhere', async (_, at) => {
    const message = aliceMessage();
    const options = { roots, at } as unknown as VerifyMessageOptions;
    const entity = textEntity();
    const p7s = signedData({ content: entity, signers: [{ by: alice }] });
    await usage(verifyMessage(message, options));
    await usage(verifySignatureFile(p7s, { ...options, content: entity }));
    await usage(verifySignedData(parseSignedData(p7s), { ...options, content: entity }));
  });

  test('so are no options at all', async () => {
    const message = aliceMessage();
    await usage(verifyMessage(message, undefined as unknown as VerifyMessageOptions));
  });
});
