import { describe, expect, test } from 'vitest';
import {
  der,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
} from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import {
  digestIdentifier,
  issue,
  type KeyKind,
  type Scheme,
  signatureIdentifier,
  type TestCertificate,
  testKey,
  withoutParameters,
} from '../support/pki.js';
import { issuerAndSerial, Oid, signedData, signingCertificate } from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory, now, root, roots } from '../support/sign-scene.js';
import { content, expectVerdict, good, verdictAnswers, verdicts } from '../support/sign-verdicts.js';

describe('algorithms', () => {
  const cases: [string, KeyKind, Scheme, string[]][] = [
    ['RSA with SHA-256', 'rsa', {}, []],
    ['RSA with SHA-1', 'rsa', { digest: 'sha1' }, ['(weak-digest)']],
    ['RSA with MD5', 'rsa', { digest: 'md5' }, ['(weak-digest)']],
    ['RSA with SHA-384', 'rsa', { digest: 'sha384' }, []],
    ['RSA with SHA-512', 'rsa', { digest: 'sha512' }, []],
    ['RSA as rsaEncryption', 'rsa', { bareRsa: true }, []],
    ['RSA-PSS with SHA-256', 'rsa', { pss: true }, []],
    ['RSA-PSS with SHA-512', 'rsa', { pss: true, digest: 'sha512' }, []],
    ['ECDSA on P-256', 'p256', {}, []],
    ['ECDSA on P-256 with SHA-512', 'p256', { digest: 'sha512' }, []],
    ['ECDSA on P-384', 'p384', { digest: 'sha384' }, []],
    ['ECDSA on P-521', 'p521', { digest: 'sha512' }, []],
    ['Ed25519', 'ed25519', {}, []],
    ['Ed448', 'ed448', {}, []],
    ['DSA', 'dsa', { digest: 'sha1' }, ['(weak-digest)', '(weak-key)']],
  ];

  describe.each(cases)('%s', (_, kind, scheme, reasons) => {
    const by = aliceWith({ key: testKey(kind) });

    test('verifies, with signed attributes and without', async () => {
      await expectVerdict({ by, ...scheme }, good({ reasons }));
      const verdict = await expectVerdict(
        { by, ...scheme, attributes: 'none' },
        good({ form: undefined, reasons: ['(signing-time-missing)', ...reasons] }),
      );
      expect(verdict.signatureAlgorithm).toBeDefined();
    });

    test('is refused when a bit of it is changed', async () => {
      await expectVerdict(
        { by, ...scheme, spoil: true },
        good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch', ...reasons] }),
      );
    });

    test('is refused with another’s key', async () => {
      const other = aliceWith({ key: testKey(kind, 'other') });
      await expectVerdict(
        { by: { ...by, key: other.key }, ...scheme },
        good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch', ...reasons] }),
      );
    });
  });

  test.each<[string, KeyKind, Uint8Array]>([
    ['an ECDSA algorithm over an RSA key', 'rsa', signatureIdentifier(testKey('p256'))],
    ['an RSA algorithm over an EC key', 'p256', signatureIdentifier(testKey('rsa'))],
    ['Ed25519 over an EC key', 'p256', signatureIdentifier(testKey('ed25519'))],
    ['RSA of another digest', 'rsa', signatureIdentifier(testKey('rsa'), { digest: 'sha384' })],
    ['PSS over a v1.5 signature', 'rsa', signatureIdentifier(testKey('rsa'), { pss: true })],
  ])('%s is an invalid signature', async (_, kind, announced) => {
    await expectVerdict(
      { by: aliceWith({ key: testKey(kind) }), announcedSignature: Uint8Array.from(announced) },
      good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch'] }),
    );
  });

  test('a signature algorithm that nobody knows is not checked', async () => {
    await expectVerdict(
      { announcedSignature: derSequence(derOid('1.2.3.4')) },
      good({ signature: 'not-checked', form: undefined, reasons: ['signature-unsupported'] }),
    );
  });

  test('a digest that nobody knows hides the content, and the signature over the attributes still counts', async () => {
    await expectVerdict(
      { announcedDigest: derSequence(derOid('1.2.3.4')) },
      good({ content: 'missing', reasons: ['digest-unsupported'] }),
    );
  });

  test('a digest of another name and the same length is the wrong one', async () => {
    await expectVerdict(
      { announcedDigest: derSequence(derOid('2.16.840.1.101.3.4.2.8')) },
      good({ content: 'altered', reasons: ['digest-mismatch'] }),
    );
  });

  test('digestAlgorithms of the SignedData are a hint that may be wrong, empty or absurd', async () => {
    await expectVerdict({}, good(), { digestAlgorithms: [] });
    await expectVerdict({}, good(), { digestAlgorithms: [digestIdentifier('md5')] });
    await expectVerdict({}, good(), { digestAlgorithms: [derNull()] });
  });

  test('a certificate issued with a broken digest is remarked on', async () => {
    for (const digest of ['sha1', 'md5'] as const) {
      const authority = issue({
        name: 'Old Authority',
        key: testKey('rsa', 'authority'),
        ca: true,
        scheme: { digest: 'md5' },
      });
      const by = aliceWith({ issuer: authority, scheme: { digest } });
      await expectVerdict(
        { by },
        good({ reasons: ['(weak-certificate-digest)'] }),
        { certificates: [by, authority] },
        { roots: [authority.certificate] },
      );
    }
  });

  test('a small RSA key is remarked on', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const by = aliceWith({ key: { kind: 'rsa', privateKey, spki } });
    await expectVerdict({ by }, good({ reasons: ['(weak-key)'] }));
  });
});

describe('DSA keys without parameters', () => {
  const key = testKey('dsa');
  const authority = issue({
    name: 'DSA Authority',
    key: testKey('dsa'),
    ca: true,
    scheme: { digest: 'sha1' },
  });
  const by = issue({
    name: 'Alice',
    key,
    spki: withoutParameters(key.spki),
    issuer: authority,
    emails: ['alice@example.jp'],
    scheme: { digest: 'sha1' },
  });
  const weak = ['(weak-digest)', '(weak-key)', '(weak-certificate-digest)'];

  test('take them from the path', async () => {
    await expectVerdict(
      { by, digest: 'sha1' },
      good({ reasons: weak }),
      { certificates: [by] },
      { roots: [authority.certificate] },
    );
  });

  test('take them from nowhere else', async () => {
    // Another DSA certificate with parameters of the forger's choice, and the very name of the authority.
    const forged = issue({
      name: 'DSA Authority',
      key: testKey('dsa', 'forger'),
      ca: true,
      scheme: { digest: 'sha1' },
    });
    const loose = issue({ name: 'Somebody', key: testKey('dsa', 'forger'), scheme: { digest: 'sha1' } });
    for (const certificates of [
      [by, forged, loose],
      [forged, loose, by],
    ]) {
      await expectVerdict(
        { by, digest: 'sha1' },
        good({ reasons: weak }),
        { certificates },
        { roots: [authority.certificate] },
      );
    }
    const p7s = signedData({ content, signers: [{ by, digest: 'sha1' }], certificates: [by, loose] });
    const [verdict] = await verdicts(p7s, { content, roots });
    expect([verdict!.signature, verdict!.trust]).toEqual(['not-checked', 'untrusted']);
  });
});

describe('naming the signer', () => {
  test('by key identifier', async () => {
    await expectVerdict({ sid: 'subjectKeyIdentifier' }, good());
    await expectVerdict(
      { by: aliceWith({ subjectKeyIdentifier: bytesFromLatin1('any octets') }), sid: 'subjectKeyIdentifier' },
      good(),
    );
  });

  test('by a key identifier that no certificate has, though it is the key’s hash', async () => {
    const by = aliceWith({ subjectKeyIdentifier: null });
    await expectVerdict(
      { by, sid: 'subjectKeyIdentifier' },
      good({
        signature: 'not-checked',
        trust: 'not-checked',
        time: 'not-checked',
        form: undefined,
        reasons: ['signer-certificate-missing'],
      }),
    );
  });

  test.each<[string, Uint8Array]>([
    ['a serial number that nobody has', derSequence(alice.issuerName, derInteger(424242))],
    ['the right serial number of another issuer', derSequence(root.subject, alice.serial)],
    ['no name', derNull()],
    ['a SEQUENCE of nothing', derSequence()],
  ])('by %s', async (_, sid) => {
    await expectVerdict(
      { sid: Uint8Array.from(sid) },
      good({
        signature: 'not-checked',
        trust: 'not-checked',
        time: 'not-checked',
        form: undefined,
        reasons: ['signer-certificate-missing'],
      }),
    );
  });

  test('several certificates with one key identifier are each tried', async () => {
    const identifier = alice.subjectKeyIdentifier;
    const others = [0, 1, 2].map((n) =>
      issue({ name: `Other ${n}`, key: testKey('p256', `other ${n}`), subjectKeyIdentifier: identifier }),
    );
    for (const certificates of [
      [...others, alice, intermediate],
      [alice, ...others, intermediate],
    ]) {
      const verdict = await expectVerdict({ sid: 'subjectKeyIdentifier' }, good(), { certificates });
      expect(verdict.certificate?.equals(alice.certificate)).toBe(true);
    }
  });

  test('so are several with one issuer and serial number, other kinds of keys among them', async () => {
    const doubles = (['rsa', 'ed25519', 'p384'] as const).map((kind) =>
      issue({
        name: 'Alice',
        key: testKey(kind),
        issuerName: intermediate.subject,
        serial: 77,
      }),
    );
    const by = aliceWith({ serial: 77 });
    const verdict = await expectVerdict({ by }, good(), { certificates: [...doubles, by, intermediate] });
    expect(verdict.certificate?.equals(by.certificate)).toBe(true);
  });

  test('a forged certificate with the same name, number and key does not displace the true one', async () => {
    const by = aliceWith({ serial: 78 });
    const forged = issue({ name: 'Mallory', key: by.key, issuerName: intermediate.subject, serial: 78 });
    for (const certificates of [
      [forged, by, intermediate],
      [by, forged, intermediate],
    ]) {
      const verdict = await expectVerdict({ by }, good(), { certificates });
      expect(verdict.certificate?.equals(by.certificate)).toBe(true);
    }
  });

  test('of two certificates with one key the one counts that the signer bound the signature to', async () => {
    const first = aliceWith({ name: 'First', serial: 79 });
    const second = issue({
      name: 'Second',
      key: first.key,
      issuer: intermediate,
      serial: 80,
      emails: ['second@example.jp'],
    });
    for (const by of [first, second]) {
      const verdict = await expectVerdict(
        {
          by,
          sid: 'subjectKeyIdentifier',
          attributes: (usual) => [...Object.values(usual), signingCertificate('v2', by)],
        },
        good(),
        { certificates: [first, second, intermediate] },
      );
      expect(verdict.certificate?.equals(by.certificate)).toBe(true);
    }
  });

  test('hundreds of candidates are not all tried', async () => {
    const identifier = alice.subjectKeyIdentifier;
    const crowd = Array.from({ length: 300 }, (_, n) =>
      issue({ name: `Crowd ${n}`, key: testKey('p256', 'crowd'), subjectKeyIdentifier: identifier }),
    );
    const p7s = signedData({
      content,
      signers: [{ by: alice, sid: 'subjectKeyIdentifier' }],
      certificates: [...crowd, alice, intermediate],
    });
    const [verdict] = await verdicts(p7s, { content });
    expect(verdict!.signature).toBe('invalid');
    // What the signature is bound to is tried first, wherever it stands.
    await expectVerdict(
      {
        sid: 'subjectKeyIdentifier',
        attributes: (usual) => [...Object.values(usual), signingCertificate('v2', alice)],
      },
      good(),
      { certificates: [...crowd, alice, intermediate] },
    );
  });

  test('damaged certificates beside the good one hide nothing', async () => {
    const odd = (octets: Uint8Array): TestCertificate => ({ ...alice, der: Uint8Array.from(octets) });
    const badExtension = issue({
      name: 'Bad',
      key: testKey('p256'),
      extensions: [derSequence(derOid('2.5.29.14'), derOctetString(derNull()))],
      subjectKeyIdentifier: null,
    });
    for (const sid of ['issuerAndSerialNumber', 'subjectKeyIdentifier'] as const) {
      await expectVerdict({ sid }, good(), {
        certificates: [
          odd(derSequence()),
          odd(derSequence(derNull(), derNull(), derNull())),
          // An attribute certificate ([2]) and one of a kind that nobody knows ([3]).
          odd(der(0xa2, derNull())),
          odd(der(0xa3, derOid('1.2.3.4'), derNull())),
          badExtension,
          alice,
          intermediate,
        ],
      });
    }
  });
});

describe('several signers', () => {
  const spoiled = good({ signature: 'invalid', form: undefined, reasons: ['signature-mismatch'] });

  test('each have their own answers, in the order sent', async () => {
    const rsa = aliceWith({ key: testKey('rsa') });
    const p7s = signedData({
      content,
      signers: [
        { by: alice },
        { by: mallory, spoil: true },
        { by: rsa, digest: 'sha512', attributes: 'none' },
      ],
      certificates: [alice, mallory, rsa, intermediate],
    });
    const all = await verdicts(p7s, { content });
    const byCertificate = new Map(
      all.map((verdict) => [verdict.certificate?.serialHex, verdictAnswers(verdict)]),
    );
    expect(byCertificate.get(alice.certificate.serialHex)).toEqual(good());
    expect(byCertificate.get(mallory.certificate.serialHex)).toEqual(spoiled);
    expect(byCertificate.get(rsa.certificate.serialHex)).toEqual(
      good({ form: undefined, reasons: ['(signing-time-missing)'] }),
    );
  });

  test('of one certificate are counted each', async () => {
    const p7s = signedData({
      content,
      signers: Array.from({ length: 5 }, () => ({ by: alice })),
      certificates: [alice, intermediate],
    });
    expect((await verdicts(p7s, { content })).map(verdictAnswers)).toEqual(Array(5).fill(good()));
  });

  test('none', async () => {
    const p7s = signedData({ content, embed: true, signers: [], certificates: [alice] });
    expect(parseSignedData(p7s).isCertsOnly).toBe(true);
    expect(await verdicts(p7s)).toEqual([]);
  });
});

describe('the encoding of a SignedData', () => {
  test('indefinite lengths and nested constructed strings', async () => {
    const p7s = signedData({
      content,
      embed: true,
      form: 'indefinite',
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const parsed = parseSignedData(p7s);
    expect(Buffer.from(parsed.content!).equals(content)).toBe(true);
    expect((await verdicts(p7s)).map(verdictAnswers)).toEqual([good()]);
  });

  test('an embedded and a given content must be the same', async () => {
    const change = { embed: true };
    await expectVerdict({}, good(), change);
    await expectVerdict(
      {},
      good({ content: 'altered', reasons: ['digest-mismatch', 'embedded-content-differs'] }),
      change,
      { content: new Uint8Array() },
    );
    await expectVerdict({}, good({ content: 'altered', reasons: ['embedded-content-differs'] }), {
      embed: bytesFromLatin1('another'),
    });
  });

  test('empty content is content', async () => {
    const empty = signedData({
      content: new Uint8Array(),
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    expect((await verdicts(empty)).map(verdictAnswers)).toEqual([good()]);
  });

  test('without content it is missing, and the signature over the attributes still counts', async () => {
    const p7s = signedData({ content, signers: [{ by: alice }], certificates: [alice, intermediate] });
    expect((await verdicts(p7s)).map(verdictAnswers)).toEqual([
      good({ content: 'missing', reasons: ['content-missing'] }),
    ]);
    const bare = signedData({
      content,
      signers: [{ by: alice, attributes: 'none' }],
      certificates: [alice, intermediate],
    });
    expect((await verdicts(bare)).map(verdictAnswers)).toEqual([
      good({
        content: 'missing',
        signature: 'not-checked',
        form: undefined,
        reasons: ['content-missing', '(signing-time-missing)'],
      }),
    ]);
  });

  test('content under another tag than [0], or two contents, are refused', () => {
    const frame = (encapsulated: Uint8Array): Uint8Array =>
      derSequence(
        derOid(Oid.signedData),
        der(0xa0, derSequence(derInteger(1), derSetOf(), encapsulated, derSetOf())),
      );
    const value = derOctetString(content);
    expect(parseSignedData(frame(derSequence(derOid(Oid.data), der(0xa0, value)))).content?.length).toBe(
      content.length,
    );
    for (const wrapped of [der(0xa1, value), der(0x30, value), der(0xa0, value, value), value]) {
      expect(() => parseSignedData(frame(derSequence(derOid(Oid.data), wrapped)))).toThrow(MailsealError);
    }
  });

  test('octets after it are counted', () => {
    const p7s = signedData({ content, signers: [{ by: alice }], trailing: bytesFromLatin1('\0\0\r\n') });
    expect(parseSignedData(p7s).trailingOctets).toBe(4);
  });

  test('PEM is read, with text before it or not', async () => {
    const p7s = signedData({ content, signers: [{ by: alice }], certificates: [alice, intermediate] });
    for (const label of ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA']) {
      const pem = `\n-----BEGIN ${label}-----\n${Buffer.from(p7s).toString('base64')}\n-----END ${label}-----\n`;
      expect((await verdicts(bytesFromLatin1(pem), { content })).map(verdictAnswers)).toEqual([good()]);
    }
  });

  test('another type of CMS says what it is', () => {
    const enveloped = derSequence(derOid('1.2.840.113549.1.7.3'), der(0xa0, derSequence()));
    expect(() => parseSignedData(enveloped)).toThrow(
      expect.objectContaining({ code: 'cms-wrong-type', message: expect.stringContaining('envelopedData') }),
    );
  });

  test('limits of signers and certificates', () => {
    const p7s = signedData({
      content,
      signers: [{ by: alice }, { by: alice }, { by: alice }],
      certificates: [alice, intermediate, root],
    });
    const read = (signers: number, certificates: number) => () =>
      parseSignedData(p7s, { limits: { signers, certificates } });
    expect(read(3, 3)().signers.length).toBe(3);
    expect(read(2, 3)).toThrow(expect.objectContaining({ code: 'limit-signers' }));
    expect(read(3, 2)).toThrow(expect.objectContaining({ code: 'limit-certificates' }));
    const many = (count: number) =>
      signedData({
        content,
        signers: Array.from({ length: count }, () => ({ by: alice, raw: issuerAndSerial(alice) })),
      });
    expect(parseSignedData(many(64)).isCertsOnly).toBe(false);
    expect(() => parseSignedData(many(65))).toThrow(expect.objectContaining({ code: 'limit-signers' }));
  });

  test('damage anywhere is an error with a code or an answer', async () => {
    const p7s = signedData({
      content,
      embed: true,
      signers: [
        {
          by: alice,
          attributes: (usual) => [...Object.values(usual), signingCertificate('v2', alice, true)],
        },
      ],
      certificates: [alice, intermediate],
    });
    let errors = 0;
    let answers = 0;
    const check = async (octets: Uint8Array): Promise<void> => {
      try {
        const found = await verifySignedData(parseSignedData(octets), { roots, at: now });
        expect(found.length).toBeLessThanOrEqual(1);
        answers++;
      } catch (error) {
        expect(error).toBeInstanceOf(MailsealError);
        errors++;
      }
    };
    for (let at = 0; at < p7s.length; at += 2) {
      const flipped = Uint8Array.from(p7s);
      flipped[at]! ^= 0x01 << (at % 8);
      await check(flipped);
      if (at % 14 === 0) await check(p7s.subarray(0, at));
    }
    expect([errors > 100, answers > 100, errors + answers]).toEqual([
      true,
      true,
      Math.ceil(p7s.length / 2) + Math.ceil(p7s.length / 14),
    ]);
  });

  test('no bit of what is signed can change without notice', async () => {
    const p7s = signedData({ content, embed: true, signers: [{ by: alice }], certificates: [] });
    const certificates = [alice.certificate, intermediate.certificate];
    const unnoticed: number[] = [];
    for (let at = 0; at < p7s.length * 8; at += 3) {
      const flipped = Uint8Array.from(p7s);
      flipped[at >> 3]! ^= 1 << (at & 7);
      const parsed = await verifySignedData(parseSignedDataOrNothing(flipped), {
        roots,
        at: now,
        certificates,
      }).catch(() => []);
      const isGood = parsed.some(
        ({ content: answer, signature }) => answer === 'intact' && signature === 'valid',
      );
      if (isGood) unnoticed.push(at >> 3);
    }
    // Versions, and digestAlgorithms, which are a hint, are not signed; names are the same in any letter case.
    const issuer = Buffer.from(p7s).indexOf(issuerAndSerial(alice));
    const digestAlgorithms = Buffer.from(p7s).indexOf(digestIdentifier('sha256'));
    const versions = [...p7s.keys()].filter((at) => p7s[at] === 2 && p7s[at + 1] === 1 && p7s[at + 2] === 1);
    const allowed = (at: number): boolean =>
      (at > issuer && at < issuer + alice.issuerName.length) ||
      (at >= digestAlgorithms - 2 && at < digestAlgorithms + 13) ||
      versions.some((version) => at >= version && at <= version + 2);
    expect(unnoticed.length).toBeGreaterThan(0);
    expect(unnoticed.filter((at) => !allowed(at)).map((at) => [at, p7s[at]])).toEqual([]);
  });
});

function parseSignedDataOrNothing(octets: Uint8Array): ReturnType<typeof parseSignedData> {
  try {
    return parseSignedData(octets);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return parseSignedData(signedData({ content, signers: [], certificates: [] }));
  }
}
