import { describe, expect, test } from 'vitest';
import { der, derBitString, derNull, derOctetString, derSequence } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { sameAddress } from '../../src/smime/verify/identity.js';
import { issue, Purpose, type TestCertificate, type TestKeyUsage, testKey } from '../support/pki.js';
import { signedData } from '../support/sign.js';
import { detachedMessage, textEntity } from '../support/sign-message.js';
import {
  alice,
  aliceWith,
  expectAnswers,
  intermediate,
  mallory,
  oneSeal,
  verify,
} from '../support/sign-scene.js';

/** A message by this signer, with all these certificates along. */
function signedWith(
  by: TestCertificate,
  certificates: readonly TestCertificate[] = [by, intermediate],
): Uint8Array {
  const entity = textEntity();
  return detachedMessage(entity, signedData({ content: entity, signers: [{ by }], certificates }));
}

/** Something that stands among the certificates and is none of X.509. */
function choice(tag: number): TestCertificate {
  const signature = [derSequence(derNull()), derBitString(new Uint8Array(64))];
  return { ...mallory, der: der(tag, derSequence(derOctetString(mallory.der)), ...signature) };
}

describe('RFC 8550 §2: what is sent along', () => {
  test('RFC 8550 §2.2, §2.2.1: attribute certificates and PKCS #6 certificates keep nobody out, and count for nothing', async () => {
    const others = [0xa0, 0xa1, 0xa2, 0xa3].map(choice);
    const message = signedWith(alice, [...others.slice(0, 2), alice, ...others.slice(2), intermediate]);
    const report = await expectAnswers(message, oneSeal());
    expect(report.seals[0]?.signedData?.certificates.length).toBe(2);
    // Only in a form that is not used.
    const entity = textEntity();
    const p7s = signedData({ content: entity, signers: [{ by: alice }], certificates: others });
    expect(parseSignedData(p7s).certificates).toEqual([]);
  });

  test('RFC 8550 §2.3: hundreds of certificates of anybody, in any order', async () => {
    const strangers = Array.from({ length: 60 }, (_, i) =>
      issue({ name: `Stranger ${i % 20}`, key: testKey('p256', `stranger ${i % 20}`), issuer: intermediate }),
    );
    const crowd = [...strangers, ...strangers, ...strangers, ...strangers, ...strangers];
    const all = [intermediate, ...crowd.slice(0, 150), alice, ...crowd.slice(150)];
    expect(all).toHaveLength(302);
    for (const certificates of [all, all.toReversed()])
      await expectAnswers(signedWith(alice, certificates), oneSeal());
  });
});

describe('RFC 8550 §3: addresses', () => {
  test('RFC 8550 §3: a certificate without an address is good for whoever knows whose it is', async () => {
    const by = aliceWith({ emails: null });
    const report = await verify(signedWith(by));
    const [signer] = report.seals[0]!.signers;
    expect([signer?.content, signer?.signature, signer?.trust, signer?.time, signer?.identity]).toEqual([
      'intact',
      'valid',
      'trusted',
      'valid',
      'no-address',
    ]);
    expect((await verify(signedWith(by), { requireIdentity: false })).verified).toBe(true);
  });

  test('RFC 8550 §3: letter case counts on neither side of the @', () => {
    expect(sameAddress('Alice@example.jp', 'alice@EXAMPLE.JP')).toBe(true);
    expect(sameAddress('alice@example.jp', 'alice@example.com')).toBe(false);
    expect(sameAddress('alice@example.jp', 'al.ice@example.jp')).toBe(false);
  });

  test('RFC 8550 §3: where the address differs, the report has those of the certificate', async () => {
    const [signer] = (await verify(signedWith(mallory))).seals[0]!.signers;
    expect(signer?.identity).toBe('mismatch');
    expect(signer?.certificate?.emailAddresses).toEqual(['mallory@evil.example']);
    expect(signer?.certificate?.subject.commonName).toBe('Mallory');
    const reason = signer?.reasons.find(({ code }) => code === 'address-differs');
    expect(reason?.message).toContain('mallory@evil.example');
  });
});

describe('RFC 8550 §4.4: what a signer’s certificate is for', () => {
  test.each<[string, readonly TestKeyUsage[] | null, boolean]>([
    ['digitalSignature', ['digitalSignature'], true],
    ['nonRepudiation', ['nonRepudiation'], true],
    ['keyEncipherment', ['keyEncipherment'], false],
    ['keyCertSign and cRLSign', ['keyCertSign', 'cRLSign'], false],
    ['no keyUsage at all', null, true],
  ])('RFC 8550 §4.4.2: a signature with %s', async (_, keyUsage, verified) => {
    expect((await verify(signedWith(aliceWith({ keyUsage })))).verified).toBe(verified);
  });

  test.each<[string, readonly string[] | null, boolean]>([
    ['emailProtection', [Purpose.serverAuth, Purpose.emailProtection], true],
    ['anyExtendedKeyUsage', [Purpose.any], true],
    ['serverAuth alone', [Purpose.serverAuth], false],
    ['no extendedKeyUsage at all', null, true],
  ])('RFC 8550 §4.4.4: a signature with %s', async (_, extendedKeyUsage, verified) => {
    expect((await verify(signedWith(aliceWith({ extendedKeyUsage })))).verified).toBe(verified);
  });
});
