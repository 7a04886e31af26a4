import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { der, derNull, derOctetString } from '../../src/asn1/writer.js';
import type { CmsAttribute } from '../../src/cms/attributes.js';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { encryptionCertificateOf, encryptionKeyPreferenceAttribute } from '../../src/cms/key-preference.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { issue, Purpose, type TestCertificate, testKey } from '../support/pki.js';
import { attribute, issuerAndSerial, type SignerSpec, signedData } from '../support/sign.js';
import { aliceWith, intermediate } from '../support/sign-scene.js';
import { content } from '../support/sign-verdicts.js';
import { signingKey } from '../support/signing-people.js';

const type = '1.2.840.113549.1.9.16.2.11';
const forSigning = aliceWith({ key: testKey('ed25519'), keyUsage: ['digitalSignature'] });
const forEncrypting = aliceWith({ key: testKey('rsa'), keyUsage: ['keyEncipherment'] });
const otherForEncrypting = aliceWith({ key: testKey('rsa', 'second'), keyUsage: ['keyEncipherment'] });

function preferring(value: Uint8Array): CmsAttribute[] {
  return [{ type, values: [readBer(value)] }];
}

/** By whom a signer is written to who says this under his signature. */
function chosen(
  attributes: readonly Uint8Array[],
  pool: readonly TestCertificate[],
  change: Partial<SignerSpec> = {},
): Certificate | undefined {
  const p7 = signedData({
    content,
    signers: [
      {
        by: forSigning,
        attributes: ({ contentType, messageDigest }) => [contentType, messageDigest, ...attributes],
        ...change,
      },
    ],
    certificates: pool,
  });
  const { signers, certificates } = parseSignedData(p7);
  return encryptionCertificateOf(signers[0]!, forSigning.certificate, certificates);
}

function implicit(tag: number, sequence: Uint8Array): Uint8Array {
  return Uint8Array.from([tag, ...sequence.subarray(1)]);
}

describe('encryptionKeyPreferenceAttribute (RFC 8551 §2.5.3)', () => {
  test('reads what createSignedData writes', async () => {
    const p7 = await createSignedData({
      content,
      signers: [await signingKey(forSigning, { encryptionCertificate: forEncrypting.certificate })],
    });
    const { signers, certificates } = parseSignedData(p7);
    const found = encryptionKeyPreferenceAttribute(signers[0]!.signedAttributes);
    expect(found?.kind).toBe('issuerAndSerialNumber');
    expect(
      encryptionCertificateOf(signers[0]!, forSigning.certificate, certificates)?.equals(
        forEncrypting.certificate,
      ),
    ).toBe(true);
  });

  test('reads all three forms', () => {
    const keyIdentifier = forEncrypting.subjectKeyIdentifier;
    const byIssuer = encryptionKeyPreferenceAttribute(
      preferring(implicit(0xa0, issuerAndSerial(forEncrypting))),
    );
    expect(byIssuer).toMatchObject({
      kind: 'issuerAndSerialNumber',
      serialNumber: forEncrypting.certificate.serialNumber,
    });
    const byKey = { kind: 'subjectKeyIdentifier', keyIdentifier };
    expect(encryptionKeyPreferenceAttribute(preferring(der(0xa1, derOctetString(keyIdentifier))))).toEqual(
      byKey,
    );
    expect(encryptionKeyPreferenceAttribute(preferring(der(0x82, keyIdentifier)))).toEqual(byKey);
    expect(encryptionKeyPreferenceAttribute([])).toBeUndefined();
  });

  test.each([
    ['an untagged IssuerAndSerialNumber', issuerAndSerial(forEncrypting)],
    ['nothing in it', der(0xa0)],
    ['another tag', der(0xa3, derNull())],
    ['NULL', derNull()],
  ])('refuses %s', (_, value) => {
    expect(() => encryptionKeyPreferenceAttribute(preferring(value))).toThrowError(
      expect.objectContaining({ name: 'MailsealError' }),
    );
  });

  test('refuses several', () => {
    const one = preferring(der(0x82, Uint8Array.of(1)));
    expect(() => encryptionKeyPreferenceAttribute([...one, ...one])).toThrow('must stand once');
  });
});

describe('encryptionCertificateOf (RFC 8551 §2.5.3.1)', () => {
  const pool = [intermediate, otherForEncrypting, forSigning, forEncrypting];

  test('is the one that the signer prefers', () => {
    const preference = attribute(type, implicit(0xa0, issuerAndSerial(forEncrypting)));
    expect(chosen([preference], pool)?.equals(forEncrypting.certificate)).toBe(true);
  });

  test('RFC 8550 §4.2: is found by the signature over an envelope among the certificates of its OriginatorInfo', async () => {
    const sent = [otherForEncrypting, forSigning, forEncrypting].map(({ certificate }) => certificate);
    const envelope = await createEnvelopedData({
      content,
      recipients: [{ certificate: otherForEncrypting.certificate }],
      originatorInfo: { certificates: sent },
    });
    const around = await createSignedData({
      content: envelope,
      signers: [await signingKey(forSigning, { encryptionCertificate: forEncrypting.certificate })],
      includeCertificates: false,
    });
    const signedData = parseSignedData(around);
    expect(signedData.certificates).toEqual([]);
    const enveloped = parseEnvelopedData(signedData.content!);
    const { certificates } = enveloped.originatorInfo;
    const found = encryptionCertificateOf(signedData.signers[0]!, forSigning.certificate, certificates);
    expect(found?.equals(forEncrypting.certificate)).toBe(true);
    // Without the preference it is another one.
    expect(chosen([], [otherForEncrypting, forEncrypting])?.equals(otherForEncrypting.certificate)).toBe(
      true,
    );
  });

  test('is one of the same subject where he does not say, or says something that cannot be read or is not at hand', () => {
    const said = [[], [attribute(type, derNull())], [attribute(type, der(0x82, Uint8Array.of(9)))]];
    for (const attributes of said)
      expect(chosen(attributes, pool)?.equals(otherForEncrypting.certificate)).toBe(true);
    expect(said).toHaveLength(3);
  });

  test('is his own where that may encrypt', () => {
    const both = aliceWith({
      key: testKey('rsa', 'both'),
      keyUsage: ['digitalSignature', 'keyEncipherment'],
    });
    const p7 = signedData({ content, signers: [{ by: both }], certificates: [otherForEncrypting, both] });
    const { signers, certificates } = parseSignedData(p7);
    expect(encryptionCertificateOf(signers[0]!, both.certificate, certificates)).toBe(both.certificate);
  });

  test('is none of somebody else, nor one for other purposes', () => {
    const stranger = issue({
      name: 'Stranger',
      key: testKey('rsa', 'stranger'),
      issuer: intermediate,
      keyUsage: ['keyEncipherment'],
    });
    const server = aliceWith({
      key: testKey('rsa', 'server'),
      keyUsage: ['keyEncipherment'],
      extendedKeyUsage: [Purpose.serverAuth],
    });
    const signs = aliceWith({ key: testKey('p256', 'signs'), keyUsage: ['digitalSignature'] });
    const edwards = aliceWith({ key: testKey('ed25519', 'edwards'), keyUsage: null });
    expect(chosen([], [stranger, server, signs, edwards])).toBeUndefined();
  });
});
