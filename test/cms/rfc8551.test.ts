import { createHash, sign as nodeSign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { der, derInteger, derNull, derOid, derSequence } from '../../src/asn1/writer.js';
import { smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import { encryptionKeyPreferenceAttribute } from '../../src/cms/key-preference.js';
import { AttributeOid } from '../../src/cms/oids.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import {
  ownSmimeCapabilities,
  smimeCapability,
  smimeCapabilityName,
} from '../../src/cms/smime-capabilities.js';
import type { SignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { digestIdentifier, hash, type KeyKind, type TestDigest, testKey } from '../support/pki.js';
import { attribute, signedData, signingCertificate } from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory } from '../support/sign-scene.js';
import { content, expectVerdict, good, verdictAnswers, verdicts } from '../support/sign-verdicts.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

const algorithms: readonly (readonly [string, KeyKind, SignatureAlgorithm, TestDigest])[] = [
  ['ECDSA on P-256 with SHA-256', 'p256', { name: 'ecdsa', digest: 'sha256' }, 'sha256'],
  ['ECDSA on P-256 with SHA-512', 'p256', { name: 'ecdsa', digest: 'sha512' }, 'sha512'],
  ['Ed25519', 'ed25519', { name: 'ed25519' }, 'sha512'],
  ['RSA with SHA-256', 'rsa', { name: 'rsa-pkcs1', digest: 'sha256' }, 'sha256'],
  ['RSA with SHA-512', 'rsa', { name: 'rsa-pkcs1', digest: 'sha512' }, 'sha512'],
  [
    'RSASSA-PSS with SHA-256',
    'rsa',
    { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
    'sha256',
  ],
];

describe('RFC 8551 §2.1, §2.2: algorithms', () => {
  test.each(algorithms)(
    'RFC 8551 §2.2: %s is verified that others made, and made',
    async (_, kind, algorithm, digest) => {
      const by = aliceWith({ key: testKey(kind) });
      // node:crypto signs here.
      await expectVerdict({ by, digest, pss: algorithm.name === 'rsa-pss' }, good());
      const signers = [await signingKey(by, { chain: [intermediate.certificate], algorithm })];
      const made = await createSignedData({ content, signers });
      const [verdict] = await verdicts(made);
      expect(verdictAnswers(verdict!)).toEqual(good({ reasons: ['(signing-time-missing)'] }));
      expect(verdict!.signatureAlgorithm).toEqual(algorithm);
    },
  );

  test.each(algorithms)(
    'RFC 8551 §2.1: the content of %s is digested with the digest of the signature',
    async (_, kind, algorithm, digest) => {
      const by = aliceWith({ key: testKey(kind) });
      const made = await createSignedData({ content, signers: [await signingKey(by, { algorithm })] });
      const [signer] = parseSignedData(made).signers;
      expect(readBer(signer!.digestAlgorithm).children[0]!.bytes).toEqual(
        readBer(digestIdentifier(digest)).children[0]!.bytes,
      );
      const messageDigest = signer!.signedAttributes.find(({ type }) => type === AttributeOid.messageDigest);
      expect(messageDigest?.values[0]?.content).toEqual(hash(digest, content));
    },
  );

  test('RFC 8551 §2.2: pre-hashed EdDSA is not supported, under no name', async () => {
    const by = aliceWith({ key: testKey('ed25519') });
    // The OIDs that drafts of RFC 8410 had for the pre-hash modes.
    for (const oid of ['1.3.101.114', '1.3.101.115']) {
      await expectVerdict(
        { by, announcedSignature: derSequence(derOid(oid)) },
        good({ signature: 'not-checked', form: undefined, reasons: ['signature-unsupported'] }),
      );
    }
    // A pure signature over the digest is none over the content.
    const digest = createHash('sha512').update(content).digest();
    await expectVerdict(
      { by, attributes: 'none', value: nodeSign(null, digest, by.key.privateKey) },
      good({
        signature: 'invalid',
        content: 'altered',
        form: undefined,
        reasons: ['signature-mismatch', '(signing-time-missing)'],
      }),
    );
    for (const name of ['ed25519ph', 'ed448ph']) {
      const algorithm = { name } as unknown as SignatureAlgorithm;
      const signers = [await signingKey(by, { algorithm })];
      await expect(createSignedData({ content, signers })).rejects.toMatchObject({ code: 'usage' });
    }
  });
});

const unknownCapability = derSequence(derSequence(derOid('1.2.3.4'), derInteger(7)));

describe('RFC 8551 §2.5: attributes', () => {
  const capabilitiesOf = (...sent: Uint8Array[]) => {
    const p7 = signedData({
      content,
      signers: [{ by: alice, attributes: (usual) => [usual.contentType, usual.messageDigest, ...sent] }],
    });
    return () => smimeCapabilitiesAttribute(parseSignedData(p7).signers[0]!.signedAttributes);
  };
  const known = derSequence(derSequence(derOid(smimeCapability('aes128-cbc').capability)));

  test('RFC 8551 §2.5: none of the attributes need be there, and all may be', async () => {
    await expectVerdict(
      { attributes: ({ contentType, messageDigest }) => [contentType, messageDigest] },
      good({ reasons: ['(signing-time-missing)'] }),
    );
    const preference = attribute(AttributeOid.encryptionKeyPreference, der(0x82, alice.subjectKeyIdentifier));
    await expectVerdict(
      {
        attributes: (usual) => [
          usual.contentType,
          usual.messageDigest,
          usual.signingTime,
          attribute(AttributeOid.smimeCapabilities, known),
          preference,
          signingCertificate('v1', alice),
          signingCertificate('v2', alice),
        ],
      },
      good(),
    );
  });

  test('RFC 8551 §2.5: one of each attribute is written', async () => {
    const encrypts = aliceWith({ key: testKey('rsa', 'encrypts'), keyUsage: ['keyEncipherment'] });
    const signer = await signingKey(alice, {
      signingTime: new Date('2026-02-01T00:00:00Z'),
      capabilities: ownSmimeCapabilities(),
      encryptionCertificate: encrypts.certificate,
    });
    const { signedAttributes } = parseSignedData(await createSignedData({ content, signers: [signer] }))
      .signers[0]!;
    for (const type of [
      AttributeOid.contentType,
      AttributeOid.messageDigest,
      AttributeOid.signingTime,
      AttributeOid.smimeCapabilities,
      AttributeOid.encryptionKeyPreference,
      AttributeOid.signingCertificateV2,
    ]) {
      const found = signedAttributes.filter((each) => each.type === type);
      expect(
        found.map(({ values }) => values.length),
        type,
      ).toEqual([1]);
    }
  });

  test('RFC 8551 §2.5.2: capabilities that stand twice, or with no value or two, are refused', () => {
    const one = attribute(AttributeOid.smimeCapabilities, known);
    expect(capabilitiesOf(one)()).toHaveLength(1);
    expect(capabilitiesOf()()).toBeUndefined();
    for (const sent of [
      [one, attribute(AttributeOid.smimeCapabilities, unknownCapability)],
      [attribute(AttributeOid.smimeCapabilities)],
      [attribute(AttributeOid.smimeCapabilities, known, unknownCapability)],
    ])
      expect(capabilitiesOf(...sent)).toThrow(expect.objectContaining({ code: 'cms-malformed' }));
  });

  test('RFC 8551 §2.5.2, §2.5.3: capabilities and key preference that are not signed say nothing', () => {
    const p7 = signedData({
      content,
      signers: [
        {
          by: alice,
          unsignedAttributes: [
            attribute(AttributeOid.smimeCapabilities, known),
            attribute(AttributeOid.encryptionKeyPreference, der(0x82, mallory.subjectKeyIdentifier)),
          ],
        },
      ],
    });
    const { signedAttributes } = parseSignedData(p7).signers[0]!;
    expect(smimeCapabilitiesAttribute(signedAttributes)).toBeUndefined();
    expect(encryptionKeyPreferenceAttribute(signedAttributes)).toBeUndefined();
  });

  test('RFC 8551 §2.5.2: a capability that nobody knows is read over, its parameters whole', () => {
    const both = derSequence(
      readBer(unknownCapability).children[0]!.bytes,
      readBer(known).children[0]!.bytes,
    );
    const read = capabilitiesOf(attribute(AttributeOid.smimeCapabilities, both))();
    expect(read).toEqual([
      { capability: '1.2.3.4', parameters: derInteger(7) },
      smimeCapability('aes128-cbc'),
    ]);
    expect(read?.map(smimeCapabilityName)).toEqual([undefined, 'aes128-cbc']);
  });

  test('RFC 8551 §2.5.2: what we announce is separated by kinds, and nothing has NULL for parameters', () => {
    const kinds = ownSmimeCapabilities().map((each) =>
      /^(?:aes|chacha)/.test(smimeCapabilityName(each) ?? '') ? 'symmetric' : 'keys',
    );
    expect(kinds).toEqual([...kinds].sort().reverse());
    expect(new Set(kinds).size).toBe(2);
    for (const { parameters } of ownSmimeCapabilities()) expect(parameters).not.toEqual(derNull());
  });
});

test('RFC 8551 §2.6: signers are named by issuer and serial number, and by key identifier, both ways', async () => {
  for (const sid of ['issuerAndSerialNumber', 'subjectKeyIdentifier'] as const)
    await expectVerdict({ sid }, good());
  for (const identifier of ['issuer-serial', 'ski'] as const) {
    const signers = [
      {
        certificate: alice.certificate,
        privateKey: await privateKeyOf(alice),
        identifier,
        chain: [intermediate.certificate],
      },
    ];
    const [verdict] = await verdicts(await createSignedData({ content, signers }));
    expect(verdict!.certificate?.equals(alice.certificate)).toBe(true);
  }
});
