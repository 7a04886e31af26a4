import { describe, expect, test } from 'vitest';
import {
  der,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { signingCertificateAttribute, smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { digestIdentifier, hash } from '../support/pki.js';
import {
  attribute,
  contentType,
  indefinite,
  messageDigest,
  Oid,
  octetStringInPieces,
  type SignerSpec,
  signedData,
  signingCertificate,
  signingTime,
  type UsualAttributes,
  usualAttributes,
  usualSigningTime,
} from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory } from '../support/sign-scene.js';
import { content, expectVerdict, good, verdictAnswers, verdicts } from '../support/sign-verdicts.js';

/** A signer with these attributes, in this order. */
const having = (attributes: (usual: UsualAttributes) => readonly Uint8Array[]): Partial<SignerSpec> => ({
  attributes,
});
const invalid = (...reasons: string[]) => good({ signature: 'invalid', reasons });
const malformed = (change = {}) =>
  good({
    signature: 'invalid',
    trust: 'not-checked',
    time: 'not-checked',
    form: undefined,
    reasons: ['signer-malformed'],
    ...change,
  });

describe('content-type', () => {
  test('missing', async () => {
    await expectVerdict(
      having((usual) => [usual.messageDigest, usual.signingTime]),
      invalid('content-type-missing'),
    );
  });

  test('another than that of the content', async () => {
    await expectVerdict(
      having((usual) => [contentType(Oid.tstInfo), usual.messageDigest, usual.signingTime]),
      invalid('content-type-mismatch'),
    );
    // The signer signed data; somebody calls it a time stamp.
    await expectVerdict(
      having((usual) => [contentType(Oid.data), usual.messageDigest, usual.signingTime]),
      invalid('content-type-mismatch'),
      { eContentType: Oid.tstInfo },
    );
  });

  test('that of content of another type', async () => {
    await expectVerdict({}, good(), { eContentType: Oid.tstInfo });
  });

  test('twice, in one attribute or in two, and with no value', async () => {
    for (const doubled of [
      [contentType(), contentType()],
      [attribute(Oid.contentType, derOid(Oid.data), derOid(Oid.tstInfo))],
      [attribute(Oid.contentType)],
      [attribute(Oid.contentType, derUtf8String('data'))],
    ]) {
      await expectVerdict(
        having((usual) => [...doubled, usual.messageDigest, usual.signingTime]),
        malformed(),
      );
    }
  });
});

describe('message-digest', () => {
  test('missing', async () => {
    await expectVerdict(
      having((usual) => [usual.contentType, usual.signingTime]),
      good({ content: 'altered', signature: 'invalid', reasons: ['message-digest-missing'] }),
    );
  });

  test('of other content', async () => {
    await expectVerdict(
      having((usual) => [
        usual.contentType,
        messageDigest(hash('sha256', new Uint8Array())),
        usual.signingTime,
      ]),
      good({ content: 'altered', reasons: ['digest-mismatch'] }),
    );
  });

  test('by another algorithm than announced', async () => {
    await expectVerdict(
      having((usual) => [usual.contentType, messageDigest(hash('sha512', content)), usual.signingTime]),
      good({ content: 'altered', reasons: ['digest-mismatch'] }),
    );
    await expectVerdict(
      having((usual) => [
        usual.contentType,
        messageDigest(hash('sha256', content).subarray(0, 20)),
        usual.signingTime,
      ]),
      good({ content: 'altered', reasons: ['digest-mismatch'] }),
    );
    await expectVerdict(
      having((usual) => [usual.contentType, messageDigest(new Uint8Array()), usual.signingTime]),
      good({ content: 'altered', reasons: ['digest-mismatch'] }),
    );
  });

  test('twice, in one attribute or in two', async () => {
    const right = derOctetString(hash('sha256', content));
    const wrong = derOctetString(hash('sha256', new Uint8Array()));
    for (const doubled of [
      [attribute(Oid.messageDigest, right), attribute(Oid.messageDigest, wrong)],
      [attribute(Oid.messageDigest, right, wrong)],
      [attribute(Oid.messageDigest)],
      [attribute(Oid.messageDigest, derSequence())],
    ]) {
      await expectVerdict(
        having((usual) => [usual.contentType, ...doubled, usual.signingTime]),
        malformed({ content: 'altered' }),
      );
    }
  });
});

describe('signing-time', () => {
  const at = (time: Uint8Array) =>
    having((usual) => [usual.contentType, usual.messageDigest, attribute(Oid.signingTime, time)]);
  const utc = (text: string) => der(0x17, bytesFromLatin1(text));
  const generalized = (text: string) => der(0x18, bytesFromLatin1(text));

  test.each([
    ['UTCTime', utc('260115090000Z')],
    ['UTCTime without seconds', utc('2601150900Z')],
    ['UTCTime with an offset', utc('260115180000+0900')],
    ['GeneralizedTime', generalized('20260115090000Z')],
    ['GeneralizedTime with a fraction', generalized('20260115090000.000Z')],
    ['GeneralizedTime with an offset', generalized('20260115180000+0900')],
  ])('as %s', async (_, time) => {
    const { signingTime: claimed } = await expectVerdict(at(time), good());
    expect(claimed?.toISOString()).toBe(new Date(usualSigningTime).toISOString());
  });

  test.each([
    ['of a month 13', utc('261315090000Z')],
    ['of no digits', utc('yesterday noon')],
    ['of a million digits', generalized('9'.repeat(1_000_000))],
    ['that is empty', utc('')],
    ['that is no time', derInteger(1)],
    ['in two values', concatBytes([utc('260115090000Z'), utc('260116090000Z')])],
  ])('%s is a remark and spoils nothing', async (_, time) => {
    const { signingTime: claimed } = await expectVerdict(
      at(time),
      good({ reasons: ['(signing-time-malformed)'] }),
    );
    expect(claimed).toBeUndefined();
  });

  test('twice', async () => {
    await expectVerdict(
      having((usual) => [...Object.values(usual), signingTime('2030-01-01T00:00:00Z')]),
      good({ reasons: ['(signing-time-malformed)'] }),
    );
  });

  test('missing', async () => {
    await expectVerdict(
      having((usual) => [usual.contentType, usual.messageDigest]),
      good({ reasons: ['(signing-time-missing)'] }),
    );
  });

  test('in the year 9999, and before there were computers', async () => {
    await expectVerdict(at(generalized('99991231235959Z')), good({ reasons: ['(signing-time-in-future)'] }));
    await expectVerdict(
      at(generalized('00010101000000Z')),
      good({ reasons: ['(signing-time-outside-validity)'] }),
    );
    await expectVerdict(at(utc('500101000000Z')), good({ reasons: ['(signing-time-outside-validity)'] }));
    await expectVerdict(at(utc('491231235959Z')), good({ reasons: ['(signing-time-in-future)'] }));
  });
});

describe('signingCertificate', () => {
  const other = aliceWith({ name: 'Another Alice' });
  const withIds = (...ids: Uint8Array[]) => having((usual) => [...Object.values(usual), ...ids]);

  test.each(['v1', 'v2'] as const)('%s of the signer', async (version) => {
    await expectVerdict(withIds(signingCertificate(version, alice)), good());
    await expectVerdict(withIds(signingCertificate(version, alice, true)), good());
  });

  test.each(['v1', 'v2'] as const)('%s of another certificate with the same key', async (version) => {
    await expectVerdict(withIds(signingCertificate(version, other)), invalid('signing-certificate-mismatch'));
    await expectVerdict(
      withIds(signingCertificate(version, other, true)),
      invalid('signing-certificate-mismatch'),
    );
  });

  test('V1 right and V2 wrong, and the other way round', async () => {
    await expectVerdict(
      withIds(signingCertificate('v1', alice), signingCertificate('v2', other)),
      invalid('signing-certificate-mismatch'),
    );
    await expectVerdict(
      withIds(signingCertificate('v1', other), signingCertificate('v2', alice)),
      invalid('signing-certificate-mismatch'),
    );
  });

  test('the right hash with another’s issuer and serial number', async () => {
    const lying = { ...alice, serial: other.serial };
    await expectVerdict(
      withIds(signingCertificate('v2', lying, true)),
      invalid('signing-certificate-mismatch'),
    );
  });

  const id = (...fields: Uint8Array[]) =>
    attribute(Oid.signingCertificateV2, derSequence(derSequence(derSequence(...fields))));

  test('a hash by an algorithm that is named', async () => {
    await expectVerdict(
      withIds(id(digestIdentifier('sha512'), derOctetString(hash('sha512', alice.der)))),
      good(),
    );
    await expectVerdict(
      withIds(id(digestIdentifier('sha512'), derOctetString(hash('sha256', alice.der)))),
      invalid('signing-certificate-mismatch'),
    );
  });

  test('a hash by an algorithm that nobody knows binds to nothing', async () => {
    await expectVerdict(
      withIds(id(derSequence(derOid('1.2.3.4')), derOctetString(hash('sha256', alice.der)))),
      invalid('digest-unsupported'),
    );
  });

  test('malformed, or there twice', async () => {
    await expectVerdict(withIds(attribute(Oid.signingCertificateV2, derNull())), malformed());
    await expectVerdict(
      withIds(attribute(Oid.signingCertificateV2, derSequence(derSequence()))),
      malformed(),
    );
    await expectVerdict(
      withIds(signingCertificate('v2', alice), signingCertificate('v2', alice)),
      malformed(),
    );
  });

  test('what it names is read', () => {
    const p7s = signedData({
      content,
      signers: [{ by: alice, ...withIds(signingCertificate('v2', alice, true)) }],
    });
    const [signer] = parseSignedData(p7s).signers;
    const read = signingCertificateAttribute(signer!.signedAttributes, 'v2');
    expect(read?.hashAlgorithm).toBeUndefined();
    expect(Buffer.from(read!.certHash).equals(hash('sha256', alice.der))).toBe(true);
    expect(read?.issuer.map(({ kind }) => kind)).toEqual(['directoryName']);
    expect(signingCertificateAttribute(signer!.signedAttributes, 'v1')).toBeUndefined();
  });
});

describe('SMIMECapabilities', () => {
  const aes128 = derSequence(derOid('2.16.840.1.101.3.4.1.2'));
  const rc2 = derSequence(derOid('1.2.840.113549.3.2'), derInteger(128));

  test('are read in the sender’s order', () => {
    const attributes = (usual: UsualAttributes) => [
      ...Object.values(usual),
      attribute(Oid.smimeCapabilities, derSequence(rc2, aes128)),
    ];
    const [signer] = parseSignedData(signedData({ content, signers: [{ by: alice, attributes }] })).signers;
    const read = smimeCapabilitiesAttribute(signer!.signedAttributes);
    expect(read?.map(({ capability, parameters }) => [capability, parameters?.length])).toEqual([
      ['1.2.840.113549.3.2', 4],
      ['2.16.840.1.101.3.4.1.2', undefined],
    ]);
  });

  test.each([
    ['right', derSequence(rc2, aes128), []],
    ['empty', derSequence(), []],
    ['no SEQUENCE', derSetOf(aes128), ['(capabilities-malformed)']],
    ['of empty entries', derSequence(derSequence()), ['(capabilities-malformed)']],
  ])('%s', async (_, value, reasons) => {
    await expectVerdict(
      having((usual) => [...Object.values(usual), attribute(Oid.smimeCapabilities, value)]),
      good({ reasons }),
    );
  });
});

describe('the encoding of signed attributes', () => {
  const unsorted = (usual: UsualAttributes) => [usual.messageDigest, usual.signingTime, usual.contentType];

  test('sent unsorted, signed in DER', async () => {
    await expectVerdict({ attributes: unsorted, sent: 'as-given' }, good());
  });

  test('sent and signed unsorted', async () => {
    await expectVerdict(
      { attributes: unsorted, sent: 'as-given', signs: 'as-sent' },
      good({ form: 'received-order', reasons: ['(attributes-not-der)'] }),
    );
  });

  test('sent in BER, signed in DER', async () => {
    await expectVerdict({ attributes: unsorted, sent: 'indefinite' }, good());
    const pieces = (usual: UsualAttributes) => [
      usual.contentType,
      attribute(Oid.messageDigest, octetStringInPieces(hash('sha256', content), 5, true)),
      usual.signingTime,
    ];
    await expectVerdict(
      { attributes: pieces, sent: 'indefinite', signs: 'as-sent' },
      good({ form: 'as-received', reasons: ['(attributes-not-der)'] }),
    );
  });

  test('sent and signed in BER', async () => {
    await expectVerdict(
      { attributes: unsorted, sent: 'indefinite', signs: 'as-sent' },
      good({ form: 'as-received', reasons: ['(attributes-not-der)'] }),
    );
    const inside = (usual: UsualAttributes) => [
      indefinite(0x30, derOid(Oid.contentType), indefinite(0x31, derOid(Oid.data))),
      usual.messageDigest,
      usual.signingTime,
    ];
    await expectVerdict(
      { attributes: inside, sent: 'as-given', signs: 'as-sent' },
      good({ form: 'as-received', reasons: ['(attributes-not-der)'] }),
    );
  });

  test('in BER and then changed fits no form', async () => {
    await expectVerdict(
      { attributes: unsorted, sent: 'indefinite', signs: 'as-sent', spoil: true },
      good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch'] }),
    );
  });

  test('an empty SET of attributes', async () => {
    await expectVerdict(
      having(() => []),
      good({
        content: 'altered',
        signature: 'invalid',
        reasons: ['content-type-missing', 'message-digest-missing', '(signing-time-missing)'],
      }),
    );
  });

  test('something that is no Attribute', async () => {
    await expectVerdict(
      having((usual) => [...Object.values(usual), derNull()]),
      malformed({ content: 'altered' }),
    );
    await expectVerdict(
      having((usual) => [...Object.values(usual), derSequence(derOid('1.2.3'))]),
      malformed({ content: 'altered' }),
    );
  });

  test('attributes that nobody knows', async () => {
    await expectVerdict(
      having((usual) => [...Object.values(usual), attribute('1.2.3.4', derNull(), derNull())]),
      good(),
    );
  });
});

describe('without signed attributes', () => {
  test('data is signed itself', async () => {
    await expectVerdict(
      { attributes: 'none' },
      good({ form: undefined, reasons: ['(signing-time-missing)'] }),
    );
    await expectVerdict(
      { attributes: 'none', spoil: true },
      good({
        content: 'altered',
        signature: 'invalid',
        form: undefined,
        reasons: ['signature-mismatch', '(signing-time-missing)'],
      }),
    );
  });

  test('other types must have them', async () => {
    await expectVerdict(
      { attributes: 'none' },
      good({
        signature: 'invalid',
        form: undefined,
        reasons: ['signed-attributes-missing', '(signing-time-missing)'],
      }),
      { eContentType: Oid.tstInfo },
    );
  });

  test.each(['der', 'as-sent'] as const)(
    'the attributes of another signature are no content, though its signature fits them (%s)',
    async (signs) => {
      const usual = usualAttributes(content, 'sha256', Oid.data);
      const attributes = [usual.contentType, usual.messageDigest, usual.signingTime];
      const stripped =
        signs === 'der'
          ? derSetOf(...attributes)
          : Uint8Array.from([0x31, 0x80, ...concatBytes(attributes.toReversed()), 0, 0]);
      const p7s = signedData({
        content: stripped,
        embed: true,
        signers: [{ by: alice, attributes: 'none' }],
        certificates: [alice, intermediate],
      });
      const answers = (await verdicts(p7s)).map(verdictAnswers);
      expect(answers).toEqual([
        good({
          signature: 'invalid',
          form: undefined,
          reasons: ['content-is-attributes', '(signing-time-missing)'],
        }),
      ]);
    },
  );

  test('content that only begins like attributes is content', async () => {
    for (const octets of [derSetOf(), derSetOf(derNull()), concatBytes([derSetOf(contentType()), content])]) {
      const p7s = signedData({
        content: octets,
        embed: true,
        signers: [{ by: alice, attributes: 'none' }],
        certificates: [alice, intermediate],
      });
      expect((await verdicts(p7s)).map(({ signature }) => signature)).toEqual(['valid']);
    }
  });
});

describe('unsigned attributes', () => {
  test('change nothing, countersignatures among them, and may be anything', async () => {
    await expectVerdict({ unsignedAttributes: [] }, good());
    await expectVerdict({ unsignedAttributes: [attribute(Oid.counterSignature, derSequence())] }, good());
    await expectVerdict({ unsignedAttributes: [derNull(), derInteger(1)] }, good());
    await expectVerdict(
      { unsignedAttributes: [messageDigest(new Uint8Array()), contentType(Oid.tstInfo)] },
      good(),
    );
  });

  test('do not stand in for signed ones', async () => {
    const usual = usualAttributes(content, 'sha256', Oid.data);
    await expectVerdict(
      { attributes: () => [usual.messageDigest], unsignedAttributes: [usual.contentType] },
      invalid('content-type-missing', '(signing-time-missing)'),
    );
    await expectVerdict(
      {
        attributes: (signed) => [signed.contentType, signed.messageDigest],
        unsignedAttributes: [signingTime('2026-01-01T00:00:00Z')],
      },
      good({ reasons: ['(signing-time-missing)'] }),
    );
    const p7s = signedData({
      content,
      signers: [{ by: alice, unsignedAttributes: [usual.contentType] }],
      certificates: [mallory],
    });
    expect(parseSignedData(p7s).signers[0]!.unsignedAttributes.map(({ type }) => type)).toEqual([
      Oid.contentType,
    ]);
  });
});
