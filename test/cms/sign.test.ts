import { describe, expect, test } from 'vitest';
import { decodeOid } from '../../src/asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../src/asn1/reader.js';
import { isDer } from '../../src/asn1/to-der.js';
import {
  der,
  derBoolean,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import { ContentTypeOid } from '../../src/cms/oids.js';
import {
  type CreateSignedDataOptions,
  createCertsOnly,
  createSignedData,
} from '../../src/cms/sign/create-signed-data.js';
import type { AttributeInput } from '../../src/cms/sign/signing-key.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { ownSmimeCapabilities } from '../../src/cms/smime-capabilities.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Bytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { createSigner } from '../../src/crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { ocspError } from '../support/ocsp.js';
import { type KeyKind, testKey } from '../support/pki.js';
import { crlBy } from '../support/revocation-scene.js';
import { signedData } from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory, now, root, roots } from '../support/sign-scene.js';
import { content, good, verdictAnswers, verdicts } from '../support/sign-verdicts.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

const signingTime = new Date('2026-02-01T12:34:56.789Z');

/** Signs with what a test says, the intermediate's certificate along. */
async function sign(change: Partial<CreateSignedDataOptions> = {}): Promise<Bytes> {
  const signers = change.signers ?? [
    await signingKey(alice, { chain: [intermediate.certificate], signingTime }),
  ];
  return createSignedData({ content, signers, ...change });
}

/** The code and message of what a promise is rejected with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );
}

/** The SignedData of a ContentInfo. */
function frame(p7: Uint8Array): readonly BerNode[] {
  return readBer(p7).children[1]!.children[0]!.children;
}

function attributeTypes(p7: Uint8Array): string[] {
  return parseSignedData(p7).signers[0]!.signedAttributes.map(({ type }) => type);
}

describe('createSignedData', () => {
  const cases: [string, KeyKind, SignatureAlgorithm | undefined][] = [
    ['RSA, by default PKCS #1 v1.5 with SHA-256', 'rsa', undefined],
    ['RSA with SHA-384', 'rsa', { name: 'rsa-pkcs1', digest: 'sha384' }],
    ['RSA with SHA-512', 'rsa', { name: 'rsa-pkcs1', digest: 'sha512' }],
    ['RSA with SHA3-256', 'rsa', { name: 'rsa-pkcs1', digest: 'sha3-256' }],
    [
      'RSA-PSS with SHA-256',
      'rsa',
      { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
    ],
    [
      'RSA-PSS with SHA-512',
      'rsa',
      { name: 'rsa-pss', digest: 'sha512', mgfDigest: 'sha512', saltLength: 64 },
    ],
    [
      'RSA-PSS with SHAKE256',
      'rsa',
      { name: 'rsa-pss', digest: 'shake256', mgfDigest: 'shake256', saltLength: 64 },
    ],
    ['ECDSA on P-256', 'p256', undefined],
    ['ECDSA on P-256 with SHA-512', 'p256', { name: 'ecdsa', digest: 'sha512' }],
    ['ECDSA on P-384', 'p384', undefined],
    ['ECDSA on P-521', 'p521', undefined],
    ['Ed25519', 'ed25519', undefined],
    ['Ed448', 'ed448', undefined],
  ];

  describe.each(cases)('%s', (_, kind, algorithm) => {
    const by = aliceWith({ key: testKey(kind) });
    const change = { chain: [intermediate.certificate], ...(algorithm === undefined ? {} : { algorithm }) };

    test.each(['auto', 'native', 'typescript'] as const)('is valid, made by engine %s', async (engine) => {
      for (const detached of [false, true]) {
        const p7 = await sign({
          signers: [await signingKey(by, { ...change, signingTime })],
          detached,
          engine,
        });
        const [verdict, ...more] = await verdicts(p7, detached ? { content } : {});
        expect(more).toEqual([]);
        expect(verdictAnswers(verdict!)).toEqual(good());
        expect(verdict!.certificate?.equals(by.certificate)).toBe(true);
        expect(isDer(readBer(p7))).toBe(true);
      }
    });

    test('is valid without signed attributes', async () => {
      const p7 = await sign({ signers: [await signingKey(by, change)], withoutSignedAttributes: true });
      const [verdict] = await verdicts(p7);
      expect(verdictAnswers(verdict!)).toEqual(
        good({ form: undefined, reasons: ['(signing-time-missing)'] }),
      );
    });
  });

  test('writes the usual SignerInfo octet for octet as it is built by hand', async () => {
    const p7 = await sign({
      signers: [
        await signingKey(alice, { signingTime, signingCertificate: false, algorithmProtection: false }),
      ],
      includeCertificates: false,
    });
    const { signature } = parseSignedData(p7).signers[0]!;
    const byHand = signedData({
      content,
      embed: true,
      certificates: [],
      signers: [
        {
          by: alice,
          value: signature,
          attributes: ({ contentType, messageDigest }) => [
            contentType,
            messageDigest,
            derSequence(
              derOid('1.2.840.113549.1.9.5'),
              der(Tag.Set, der(Tag.UtcTime, bytesFromUtf8('260201123456Z'))),
            ),
          ],
        },
      ],
    });
    expect(encodeHex(p7)).toBe(encodeHex(byHand));
  });

  test('signs what is embedded and what is detached as one', async () => {
    const detached = parseSignedData(await sign({ detached: true }));
    expect(detached.content).toBeUndefined();
    expect(parseSignedData(await sign()).content).toEqual(content);
    const [altered] = await verifySignedData(detached, { content: bytesFromUtf8('other'), roots, at: now });
    expect(altered?.content).toBe('altered');
  });

  test('takes the parts of a Buffer and a subarray as octets', async () => {
    const p7 = await sign({
      content: Buffer.concat([Buffer.from('xx'), content, Buffer.from('yy')]).subarray(2, -2),
    });
    expect(parseSignedData(p7).content).toEqual(content);
  });
});

describe('signed attributes (RFC 5652 §5.3, §11)', () => {
  test('are sorted, have content-type and message-digest, and bind certificate and algorithms by default', async () => {
    const p7 = await sign();
    expect(attributeTypes(p7).toSorted()).toEqual(
      [
        '1.2.840.113549.1.9.3', // content-type
        '1.2.840.113549.1.9.4', // message-digest
        '1.2.840.113549.1.9.5', // signing-time
        '1.2.840.113549.1.9.52', // CMSAlgorithmProtection
        '1.2.840.113549.1.9.16.2.47', // signingCertificateV2
      ].toSorted(),
    );
  });

  test.each([
    ['UTCTime until 2049', '2049-12-31T23:59:59Z', Tag.UtcTime],
    ['GeneralizedTime from 2050', '2050-01-01T00:00:00Z', Tag.GeneralizedTime],
    ['UTCTime from 1950', '1950-01-01T00:00:00Z', Tag.UtcTime],
    ['GeneralizedTime before 1950', '1949-12-31T23:59:59Z', Tag.GeneralizedTime],
  ])('signing-time is a %s (RFC 5652 §11.3)', async (_, time, tag) => {
    const p7 = await sign({ signers: [await signingKey(alice, { signingTime: new Date(time) })] });
    const found = parseSignedData(p7).signers[0]!.signedAttributes.find(({ type }) =>
      type.endsWith('.1.9.5'),
    )!;
    expect(found.values[0]!.is(tag)).toBe(true);
    const [verdict] = await verifySignedData(parseSignedData(p7), { at: now });
    expect(verdict?.signingTime).toEqual(new Date(time));
  });

  test('SMIMECapabilities keep their order (RFC 8551 §2.5.2)', async () => {
    const capabilities = ownSmimeCapabilities();
    const p7 = await sign({ signers: [await signingKey(alice, { capabilities })] });
    expect(smimeCapabilitiesAttribute(parseSignedData(p7).signers[0]!.signedAttributes)).toEqual(
      capabilities,
    );
  });

  test('encryptionKeyPreference names a certificate, which goes along (RFC 8551 §2.5.3)', async () => {
    const p7 = await sign({
      signers: [await signingKey(alice, { encryptionCertificate: mallory.certificate })],
    });
    const signedData = parseSignedData(p7);
    expect(signedData.certificates.some((each) => each.equals(mallory.certificate))).toBe(true);
    const found = signedData.signers[0]!.signedAttributes.find(({ type }) => type.endsWith('.16.2.11'))!;
    const [issuer, serial] = found.values[0]!.children;
    expect(found.values[0]!.identifier).toBe(0xa0);
    expect(issuer!.bytes).toEqual(mallory.certificate.issuer.bytes);
    expect(serial!.content).toEqual(mallory.certificate.serialNumber);
  });

  test('signingCertificateV2 refuses another certificate of the same key and name (RFC 5035 §5.4)', async () => {
    const double = aliceWith({
      key: alice.key,
      serial: Number(`0x${encodeHex(alice.certificate.serialNumber)}`),
    });
    expect(double.certificate.serialNumber).toEqual(alice.certificate.serialNumber);
    const change = { includeCertificates: false, certificates: [intermediate.certificate] };
    for (const [signingCertificate, answer] of [
      [true, 'invalid'],
      [false, 'valid'],
    ] as const) {
      const p7 = await sign({ signers: [await signingKey(alice, { signingCertificate })], ...change });
      const [verdict] = await verdicts(p7, { certificates: [double.certificate] });
      expect(verdict?.signature).toBe(answer);
    }
  });

  test('CMSAlgorithmProtection names the algorithms of the SignerInfo (RFC 6211 §2)', async () => {
    for (const kind of ['rsa', 'p384', 'ed448'] as const) {
      const p7 = await sign({ signers: [await signingKey(aliceWith({ key: testKey(kind) }))] });
      const [signer] = parseSignedData(p7).signers;
      const found = signer!.signedAttributes.find(({ type }) => type.endsWith('.1.9.52'))!;
      const [digest, signature] = found.values[0]!.children;
      expect(digest!.bytes).toEqual(signer!.digestAlgorithm);
      expect(signature!.identifier).toBe(0xa1);
      expect(signature!.content).toEqual(readBer(signer!.signatureAlgorithm).content);
    }
  });

  test('others may be added, signed and unsigned, their values sorted', async () => {
    const value = derUtf8String('more');
    const p7 = await sign({
      signers: [
        await signingKey(alice, {
          signedAttributes: [{ type: '1.2.3.4', values: [derUtf8String('z'), derUtf8String('a')] }],
          unsignedAttributes: [{ type: '1.2.3.5', values: [value] }],
          chain: [intermediate.certificate],
        }),
      ],
    });
    const [signer] = parseSignedData(p7).signers;
    const signed = signer!.signedAttributes.find(({ type }) => type === '1.2.3.4')!;
    expect(signed.values.map(({ bytes }) => bytes)).toEqual([derUtf8String('a'), derUtf8String('z')]);
    expect(signer!.unsignedAttributes.map(({ type, values }) => [type, values[0]!.bytes])).toEqual([
      ['1.2.3.5', value],
    ]);
    expect(isDer(readBer(p7))).toBe(true);
    const [verdict] = await verdicts(p7);
    expect(verdict?.signature).toBe('valid');
  });

  test.each([
    [
      'a type that is written here',
      { type: '1.2.840.113549.1.9.4', values: [derOctetString(new Uint8Array(32))] },
    ],
    ['a counter-signature', { type: '1.2.840.113549.1.9.6', values: [derSequence()] }],
    ['no value', { type: '1.2.3', values: [] }],
    ['a value that is no element', { type: '1.2.3', values: [Uint8Array.of(4, 9)] }],
    ['a value in BER', { type: '1.2.3', values: [Uint8Array.of(1, 1, 1)] }],
    ['two elements in one value', { type: '1.2.3', values: [Uint8Array.of(5, 0, 5, 0)] }],
    ['a type that is no OID', { type: 'abc', values: [derInteger(1)] }],
    ['a type that is no text', { type: null as unknown as string, values: [derInteger(1)] }],
    ['what is none', null as unknown as AttributeInput],
  ])('refuse %s', async (_, attribute) => {
    const signers = [await signingKey(alice, { signedAttributes: [attribute] })];
    expect(await refusal(sign({ signers }))).toMatch(/^usage: /);
  });

  test('refuse a type twice', async () => {
    const one = { type: '1.2.3', values: [derInteger(1)] };
    const signers = [await signingKey(alice, { signedAttributes: [one, one] })];
    expect(await refusal(sign({ signers }))).toMatch(/^usage: .*twice/);
  });

  test('must be present unless the content is id-data (RFC 5652 §5.3)', async () => {
    const signers = [await signingKey(alice)];
    const bare = { signers, withoutSignedAttributes: true };
    expect(await refusal(sign({ ...bare, contentType: ContentTypeOid.receipt }))).toMatch(/^usage: /);
    const time = [await signingKey(alice, { signingTime })];
    expect(await refusal(sign({ ...bare, signers: time }))).toMatch(/^usage: `signingTime`/);
    // What has the form of attributes could be cut from another signature.
    const attributes = der(Tag.Set, derSequence(derOid('1.2.3'), der(Tag.Set, derInteger(1))));
    expect(await refusal(sign({ ...bare, content: attributes }))).toMatch(
      /^usage: .*form of signed attributes/,
    );
    expect(await refusal(sign({ signers, content: attributes }))).toBe('nothing');
  });
});

describe('Edwards keys sign as RFC 8419 §3 says', () => {
  const digestOid = (p7: Uint8Array): string[] => {
    const [oid, parameter] = readBer(parseSignedData(p7).signers[0]!.digestAlgorithm).children;
    return [decodeOid(oid!), ...(parameter === undefined ? [] : [encodeHex(parameter.bytes)])];
  };

  test.each([
    ['Ed25519 with attributes', 'ed25519', false, ['2.16.840.1.101.3.4.2.3']],
    ['Ed25519 without', 'ed25519', true, ['2.16.840.1.101.3.4.2.3']],
    ['Ed448 with attributes', 'ed448', false, ['2.16.840.1.101.3.4.2.18', '02020200']],
    ['Ed448 without', 'ed448', true, ['2.16.840.1.101.3.4.2.12']],
  ] as const)('%s', async (_, kind, withoutSignedAttributes, oids) => {
    const by = aliceWith({ key: testKey(kind) });
    expect(digestOid(await sign({ signers: [await signingKey(by)], withoutSignedAttributes }))).toEqual(oids);
  });
});

describe('the frame (RFC 5652 §5.1)', () => {
  const crl = (): Bytes => crlBy(root);
  const version = (p7: Uint8Array): number => parseSignedData(p7).version;

  test('version 1 is for issuer and serial number, id-data, and nothing else', async () => {
    expect(version(await sign())).toBe(1);
    expect(parseSignedData(await sign()).signers[0]!.version).toBe(1);
  });

  test('version 3 is for a key identifier, or content that is not id-data', async () => {
    const byKey = await sign({ signers: [await signingKey(alice, { identifier: 'ski' })] });
    expect(version(byKey)).toBe(3);
    expect(parseSignedData(byKey).signers[0]!.version).toBe(3);
    const receipt = await sign({ contentType: ContentTypeOid.receipt });
    expect(version(receipt)).toBe(3);
    expect(parseSignedData(receipt).signers[0]!.version).toBe(1);
    const [verdict] = await verdicts(receipt);
    expect(verdict?.signature).toBe('valid');
  });

  test('CRLs leave the version, OCSP responses make it 5', async () => {
    const withCrl = await sign({ crls: [crl()] });
    expect(version(withCrl)).toBe(1);
    expect(parseSignedData(withCrl).revocationInfo.crls).toHaveLength(1);
    const withOcsp = await sign({ ocspResponses: [ocspError(6)] });
    expect(version(withOcsp)).toBe(5);
    expect(parseSignedData(withOcsp).revocationInfo.ocspResponses).toHaveLength(1);
  });

  test('certificates stand in DER’s order, each once', async () => {
    const signers = [await signingKey(alice, { chain: [intermediate.certificate, root.certificate] })];
    const p7 = await sign({ signers, certificates: [alice.certificate, root.certificate] });
    expect(parseSignedData(p7).certificates).toHaveLength(3);
    expect(isDer(readBer(p7))).toBe(true);
    expect(frame(p7)[3]!.identifier).toBe(0xa0);
  });

  test('certificates may stay away', async () => {
    const p7 = await sign({ includeCertificates: false });
    expect(parseSignedData(p7).certificates).toEqual([]);
    expect(frame(p7)).toHaveLength(4);
    const [verdict] = await verdicts(p7, { certificates: [alice.certificate, intermediate.certificate] });
    expect(verdictAnswers(verdict!)).toEqual(good());
  });

  test('several signers share the digest algorithms', async () => {
    const others = (['rsa', 'p384', 'ed25519'] as const).map((kind) => aliceWith({ key: testKey(kind) }));
    const signers = await Promise.all(
      [alice, ...others, alice].map((each) => signingKey(each, { signingTime })),
    );
    const p7 = await sign({ signers, certificates: [intermediate.certificate] });
    const signedData = parseSignedData(p7);
    expect(signedData.digestAlgorithms).toHaveLength(3);
    expect(signedData.certificates).toHaveLength(5);
    const found = await verdicts(p7);
    expect(found.map(verdictAnswers)).toEqual(Array.from({ length: 5 }, () => good()));
    expect(isDer(readBer(p7))).toBe(true);
  });
});

describe('a caller’s signer', () => {
  test('is handed octets that are not digested, and its signature goes out', async () => {
    const seen: number[] = [];
    const inner = createSigner(await privateKeyOf(alice));
    const signer = {
      ...inner,
      sign: (data: Uint8Array) => {
        seen.push(data[0]!);
        return inner.sign(data).then((signature) => Buffer.from(signature));
      },
    };
    const p7 = await sign({
      signers: [{ certificate: alice.certificate, signer, chain: [intermediate.certificate] }],
    });
    expect(seen).toEqual([0x31]);
    const [verdict] = await verdicts(p7);
    expect(verdict?.signature).toBe('valid');
  });

  test('that has another key, or fails, is found out', async () => {
    const other = createSigner(await privateKeyOf(mallory));
    const signers = [{ certificate: alice.certificate, signer: other }];
    expect(await refusal(sign({ signers }))).toMatch(/^usage: the signature does not verify/);
    const broken = { ...other, sign: () => Promise.resolve(new Uint8Array(3)) };
    expect(await refusal(sign({ signers: [{ certificate: mallory.certificate, signer: broken }] }))).toMatch(
      /^usage: the signature does not verify/,
    );
    const none = { ...other, sign: () => Promise.resolve('x' as unknown as Uint8Array) };
    expect(await refusal(sign({ signers: [{ certificate: mallory.certificate, signer: none }] }))).toMatch(
      /^usage: /,
    );
  });

  test('that uses its buffer again is found out, or spoils nothing', async () => {
    const by = aliceWith({ key: testKey('rsa') });
    const inner = createSigner(await privateKeyOf(by));
    const counts = { made: 0, refused: 0 };
    // Whenever it does so, turn by turn.
    for (let turns = 0; turns < 16; turns++) {
      const buffer = new Uint8Array(256);
      const clear = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await null;
        buffer.fill(0);
      };
      const signer = {
        ...inner,
        sign: async (data: Uint8Array) => {
          buffer.set(await inner.sign(data));
          void clear();
          return buffer;
        },
      };
      const p7 = await sign({
        signers: [{ certificate: by.certificate, signer, chain: [intermediate.certificate] }],
      }).catch((error: { code: string }) => error.code);
      if (typeof p7 === 'string') {
        expect(p7).toBe('usage');
        counts.refused++;
        continue;
      }
      const [verdict] = await verifySignedData(parseSignedData(p7), { roots, at: now });
      expect([turns, verdict?.signature]).toEqual([turns, 'valid']);
      counts.made++;
    }
    expect(counts.made).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  });

  test('that throws is heard', async () => {
    const fault = new Error('the card was taken out');
    const signer = { ...createSigner(await privateKeyOf(alice)), sign: () => Promise.reject(fault) };
    await expect(sign({ signers: [{ certificate: alice.certificate, signer }] })).rejects.toBe(fault);
  });
});

describe('what does not fit is refused before anything is signed', () => {
  test.each<[string, () => Promise<object>]>([
    ['no options', async () => undefined as unknown as object],
    ['no signers', async () => ({ content, signers: [] })],
    ['signers that are none', async () => ({ content, signers: [undefined] })],
    [
      'a signer without certificate',
      async () => ({ content, signers: [{ privateKey: await privateKeyOf(alice) }] }),
    ],
    ['a signer without key', async () => ({ content, signers: [{ certificate: alice.certificate }] })],
    [
      'a signer with two keys',
      async () => {
        const privateKey = await privateKeyOf(alice);
        return {
          content,
          signers: [{ certificate: alice.certificate, privateKey, signer: createSigner(privateKey) }],
        };
      },
    ],
    [
      'a key that is another’s',
      async () => ({
        content,
        signers: [{ certificate: alice.certificate, privateKey: await privateKeyOf(mallory) }],
      }),
    ],
    [
      'an algorithm of another key',
      async () => ({ content, signers: [await signingKey(alice, { algorithm: { name: 'ed25519' } })] }),
    ],
    [
      'SHA-1',
      async () => ({
        content,
        signers: [await signingKey(alice, { algorithm: { name: 'ecdsa', digest: 'sha1' } })],
      }),
    ],
    ['content that is no octets', async () => ({ content: 'text', signers: [await signingKey(alice)] })],
    [
      'a type that is no OID',
      async () => ({ content, contentType: 'data', signers: [await signingKey(alice)] }),
    ],
    ['a type that is no text', async () => ({ content, contentType: 5, signers: [await signingKey(alice)] })],
    [
      'a time that is none',
      async () => ({ content, signers: [await signingKey(alice, { signingTime: new Date('x') })] }),
    ],
    [
      'certificates that are none',
      async () => ({ content, certificates: ['x'], signers: [await signingKey(alice)] }),
    ],
    [
      'an identifier of no kind',
      async () => ({ content, signers: [await signingKey(alice, { identifier: 'x' as 'ski' })] }),
    ],
    [
      'a certificate without key identifier, named by it',
      async () => {
        const by = aliceWith({ subjectKeyIdentifier: null });
        return { content, signers: [await signingKey(by, { identifier: 'ski' })] };
      },
    ],
    [
      'a certificate whose keyUsage allows no signatures (RFC 8550 §4.4.2)',
      async () => ({ content, signers: [await signingKey(aliceWith({ keyUsage: ['keyEncipherment'] }))] }),
    ],
    [
      'capabilities that are no DER',
      async () => ({
        content,
        signers: [
          await signingKey(alice, { capabilities: [{ capability: '1.2.3', parameters: Uint8Array.of(1) }] }),
        ],
      }),
    ],
  ])('%s', async (_, options) => {
    expect(await refusal(createSignedData((await options()) as CreateSignedDataOptions))).toMatch(/^usage: /);
  });

  test('CRLs that are none have the code of their reader', async () => {
    expect(await refusal(sign({ crls: [derBoolean(true)] }))).toMatch(/^(asn1|x509)-/);
  });

  test('a signal ends the work between two signers', async () => {
    let signed = 0;
    const inner = createSigner(await privateKeyOf(alice));
    const signal = { aborted: false };
    const signer = {
      ...inner,
      sign: (data: Uint8Array) => {
        signed++;
        signal.aborted = true;
        return inner.sign(data);
      },
    };
    const key = { certificate: alice.certificate, signer };
    expect(await refusal(sign({ signers: [key, key], signal }))).toMatch(/^aborted: /);
    expect(signed).toBe(1);
  });
});

describe('createCertsOnly (RFC 8551 §3.8)', () => {
  test('hands over certificates and CRLs without signers or content', () => {
    const crl = crlBy(root);
    const p7c = createCertsOnly({ certificates: [root.certificate, intermediate.certificate], crls: [crl] });
    const signedData = parseSignedData(p7c);
    expect(signedData.isCertsOnly).toBe(true);
    expect(signedData.version).toBe(1);
    expect(signedData.content).toBeUndefined();
    expect(signedData.certificates).toHaveLength(2);
    expect(signedData.crls).toEqual([crl]);
    expect(isDer(readBer(p7c))).toBe(true);
  });

  test('refuses to hand over nothing', () => {
    expect(() => createCertsOnly({})).toThrow('there is no certificate');
    expect(() => createCertsOnly({ certificates: [alice.der as never] })).toThrow('certificates');
  });
});
