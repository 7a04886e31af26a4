import { expect, test } from 'vitest';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import type { parseMessage } from '../../src/mime/message.js';
import type { Seal } from '../../src/smime/verify/report.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedSigner {
  readonly signer: string;
  readonly email: string;
  readonly digest: string;
  readonly signatureAlgorithm: string;
  readonly intact: boolean;
  readonly failure?: 'digest-mismatch' | 'bad-signature';
  readonly signingTime: string | null;
  readonly chain: string;
  readonly chainAtSigningTime: string;
}

interface ExpectedLayer {
  readonly type: string;
  readonly form?: 'detached' | 'opaque';
  readonly signers?: readonly ExpectedSigner[];
  readonly contentSha256?: string;
  readonly certificatesInMessage?: number;
}

interface ExpectedFile {
  readonly file: string;
  readonly sha256: string;
  readonly message?: {
    readonly from: string;
    readonly subject: string;
    readonly fromMatchesSigner?: boolean;
  };
  readonly layers: readonly ExpectedLayer[];
  readonly text?: string | null;
  /** Whether an algorithm in it is weak by today's measure. */
  readonly weak?: boolean;
  readonly signedPartPath?: string;
}

interface Expected {
  readonly validationTime: string;
  readonly trustAnchors: readonly string[];
  readonly crls: readonly string[];
  readonly certificates: Readonly<
    Record<string, { readonly file: string; readonly serialHex: string; readonly subject: string }>
  >;
  readonly files: readonly ExpectedFile[];
}

const set = 'openssl-generated';

/** What a chain's word means for the answers on trust and time at the validation time. */
const chainAnswers: Readonly<Record<string, { trust: string; time: readonly string[]; reason?: string }>> = {
  ok: { trust: 'trusted', time: ['valid'] },
  expired: { trust: 'trusted', time: ['expired', 'valid-at-signing-time'], reason: 'expired' },
  'not-yet-valid': { trust: 'trusted', time: ['not-yet-valid'], reason: 'not-yet-valid' },
  // Which of the codes for it is told by the tests of revocation below.
  revoked: { trust: 'untrusted', time: ['valid'] },
  untrusted: { trust: 'untrusted', time: ['valid'] },
  incomplete: { trust: 'untrusted', time: ['valid'], reason: 'issuer-missing' },
  'wrong-usage': { trust: 'untrusted', time: ['valid'] },
};

describeCorpus(set, () => {
  const expected = readCorpusJson<Expected>(`${set}/expected.json`);
  const at = new Date(expected.validationTime);
  const roots = expected.trustAnchors.map((file) => parseCertificate(readCorpus(`${set}/${file}`)));
  const crls = expected.crls.map((file) => parseCrl(readCorpus(`${set}/${file}`)));
  const old = { roots, at, revocation: { crls }, algorithms: algorithmPolicyOldMail };
  // signed-nocerts.eml carries no certificates: they are given from outside there, and only there.
  const outside = ['alice', 'int'].map((name) =>
    parseCertificate(readCorpus(`${set}/${expected.certificates[name]!.file}`)),
  );

  function checkSeal(seal: Seal, layer: ExpectedLayer, entry: ExpectedFile): void {
    expect(seal.form).toBe(layer.form);
    expect(seal.signers.length).toBe(layer.signers!.length);
    expect(encodeHex(digest('sha256', seal.content!))).toBe(layer.contentSha256);
    const left = [...seal.signers];
    for (const wanted of layer.signers!) {
      const serial = expected.certificates[wanted.signer]!.serialHex.toLowerCase();
      const signer = left.splice(
        left.findIndex((each) => each.certificate?.serialHex === serial),
        1,
      )[0]!;
      expect(signer.certificate?.serialHex).toBe(serial);
      expect(signer.content === 'intact' && signer.signature === 'valid').toBe(wanted.intact);
      if (wanted.failure === 'digest-mismatch') expect(signer.content).toBe('altered');
      if (wanted.failure === 'bad-signature')
        expect([signer.content, signer.signature]).toEqual(['intact', 'invalid']);
      // This one's attribute says a second more than the list; `openssl cms -cmsout -print` agrees with the attribute.
      const signingTime = entry.file.endsWith('signed-wrapped-message.eml')
        ? '2021-06-15T03:00:01Z'
        : wanted.signingTime;
      expect(signer.signingTime?.toISOString().replace('.000', '') ?? null).toBe(signingTime);
      expect(signer.digestAlgorithm).toBe(wanted.digest);
      const chain = chainAnswers[wanted.chain]!;
      expect([wanted.chain, signer.trust]).toEqual([wanted.chain, chain.trust]);
      expect(chain.time).toContain(signer.time);
      if (wanted.chain === 'expired') {
        expect(signer.time).toBe(wanted.chainAtSigningTime === 'ok' ? 'valid-at-signing-time' : 'expired');
      }
      if (chain.reason !== undefined) expect(signer.reasons.map(({ code }) => code)).toContain(chain.reason);
      if (entry.message?.fromMatchesSigner !== undefined && layer.signers!.length === 1) {
        expect(signer.identity === 'match').toBe(entry.message.fromMatchesSigner);
      }
    }
  }

  /** The signed layers before anything that must be decrypted or decompressed. */
  function signedLayers(entry: ExpectedFile): ExpectedLayer[] {
    const stop = entry.layers.findIndex((layer) => layer.type !== 'signed');
    return entry.layers.slice(0, stop === -1 ? undefined : stop);
  }

  const messages = expected.files.filter((entry) => entry.file.endsWith('.eml'));
  const signed = messages.filter((entry) => signedLayers(entry).length > 0);

  test(`counts: ${signed.length} messages with a signed layer outside, of ${messages.length}`, () => {
    expect([messages.length, signed.length]).toEqual([125, 84]);
  });

  test.each(signed.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const octets = readCorpus(`${set}/${file}`);
    expect(encodeHex(digest('sha256', octets))).toBe(entry.sha256);
    const layers = signedLayers(entry);
    const certificates = layers[0]!.certificatesInMessage === 0 ? outside : [];
    const report = await verifyMessage(octets, { ...old, certificates });
    expect(report.seals.length).toBe(layers.length);
    for (const [i, seal] of report.seals.entries()) checkSeal(seal, layers[i]!, entry);
    expect(report.seals[0]!.coverage).toBe(entry.signedPartPath === undefined ? 'message' : 'part');
    expect(report.message.headers.get('subject')?.text).toBe(entry.message!.subject);
    const all = layers.flatMap((layer) => layer.signers!);
    const allGood = all.every((signer) => signer.intact && signer.chain === 'ok');
    const good = allGood && entry.message!.fromMatchesSigner === true && entry.signedPartPath === undefined;
    // A second signer is not the sender, and every signer counts unless the caller says otherwise.
    expect(report.verified).toBe(good && all.length === 1);
    if (good)
      expect((await verifyMessage(octets, { ...old, certificates, signers: 'any' })).verified).toBe(true);
  });

  const revoked = signed.filter((entry) =>
    signedLayers(entry).some((layer) => layer.signers!.some(({ chain }) => chain === 'revoked')),
  );

  test(`wrong answers, none: mail of ${revoked.length} signers whose certificate was revoked is accepted`, async () => {
    const accepted: string[] = [];
    for (const { file } of revoked) {
      for (const more of [
        {},
        { acceptSigningTime: true },
        { revocation: { crls, mode: 'require' as const } },
      ]) {
        const { verified } = await verifyMessage(readCorpus(`${set}/${file}`), { ...old, ...more });
        if (verified) accepted.push(file);
      }
    }
    expect([revoked.length, accepted]).toEqual([2, []]);
  });

  test.each([
    ['messages/chain-revoked-signed-before.eml', 'revoked-after-signing'],
    ['messages/chain-revoked-signed-after.eml', 'revoked-before-signing'],
  ])('%s: %s', async (file, code) => {
    const [signer] = (await verifyMessage(readCorpus(`${set}/${file}`), old)).seals[0]!.signers;
    expect(signer!.reasons.filter(({ severity }) => severity === 'failure')).toEqual([
      { code, severity: 'failure', message: expect.stringContaining('2023-01-10T03:00:00Z (keyCompromise)') },
    ]);
    expect(signer!.path!.revocation[0]).toMatchObject({
      status: 'revoked',
      source: 'crl',
      reason: 'keyCompromise',
      revocationDate: new Date('2023-01-10T03:00:00Z'),
    });
  });

  test.each([
    ['2022-06-16T00:00:00Z', true],
    ['2023-01-10T02:59:59Z', true],
    ['2023-01-10T03:00:00Z', false],
    ['2024-01-01T00:00:00Z', false],
  ])(
    'a message that an archive took in at %s, before or after the revocation: verified is %s',
    async (time, verified) => {
      const octets = readCorpus(`${set}/messages/chain-revoked-signed-before.eml`);
      const report = await verifyMessage(octets, { ...old, trustedTime: new Date(time) });
      const [signer] = report.seals[0]!.signers;
      expect([report.verified, signer!.time]).toEqual([
        verified,
        verified ? 'valid-at-trusted-time' : 'valid',
      ]);
      expect(signer!.reasons.map(({ code, severity }) => [code, severity])).toContainEqual(
        verified ? ['revoked-after-signing', 'note'] : ['revoked', 'failure'],
      );
    },
  );

  test('with `require` every certificate of a good chain is known to be good', async () => {
    const octets = readCorpus(`${set}/messages/signed-rsa-sha256.eml`);
    const strict = { roots, at, revocation: { crls, mode: 'require' as const } };
    const report = await verifyMessage(octets, strict);
    expect([
      report.verified,
      report.seals[0]!.signers[0]!.path!.revocation.map(({ status, source }) => [status, source]),
    ]).toEqual([
      true,
      [
        ['good', 'crl'],
        ['good', 'crl'],
      ],
    ]);
    for (const left of [[], crls.slice(0, 1), crls.slice(1)]) {
      const lacking = await verifyMessage(octets, { ...strict, revocation: { crls: left, mode: 'require' } });
      expect([lacking.verified, lacking.seals[0]!.signers[0]!.reasons[0]!.code]).toEqual([
        false,
        'revocation-unknown',
      ]);
    }
  });

  const weak = signed.filter((entry) => entry.weak === true && signedLayers(entry)[0]!.signers![0]!.intact);

  test(`${weak.length} messages with MD5 or SHA-1 are refused unless the caller reads old mail`, async () => {
    expect(weak.map(({ file }) => file)).toEqual([
      'messages/signed-rsa-sha1.eml',
      'messages/signed-rsa-md5.eml',
      'messages/signed-rsa-sha1-ber.eml',
      'messages/opaque-sha1.eml',
    ]);
    for (const { file } of weak) {
      const octets = readCorpus(`${set}/${file}`);
      const [signer] = (await verifyMessage(octets, { roots, at })).seals[0]!.signers;
      expect([file, signer!.verified, signer!.content, signer!.signature]).toEqual([
        file,
        false,
        'intact',
        'weak',
      ]);
      expect(signer!.reasons).toContainEqual(
        expect.objectContaining({ code: 'weak-digest', severity: 'failure' }),
      );
      expect((await verifyMessage(octets, old)).verified).toBe(true);
    }
  });

  test('expired mail verifies for a caller who accepts the claimed signing time', async () => {
    const octets = readCorpus(`${set}/messages/chain-expired-signed-in-time.eml`);
    expect((await verifyMessage(octets, { roots, at })).verified).toBe(false);
    expect((await verifyMessage(octets, { roots, at, acceptSigningTime: true })).verified).toBe(true);
    const late = readCorpus(`${set}/messages/chain-expired-signed-late.eml`);
    expect((await verifyMessage(late, { roots, at, acceptSigningTime: true })).verified).toBe(false);
  });

  const bare = expected.files.filter(
    (entry) => entry.file.startsWith('cms/') && entry.layers[0]?.type === 'signed',
  );

  test(`counts: ${bare.length} bare signatures`, () => {
    expect(bare.length).toBe(5);
  });

  test.each(bare.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const layer = entry.layers[0]!;
    const content = layer.form === 'detached' ? { content: readCorpus(`${set}/cms/detached.content`) } : {};
    const seal = await verifySignatureFile(readCorpus(`${set}/${file}`), {
      roots,
      at,
      ...content,
      address: layer.signers![0]!.email,
    });
    checkSeal(seal, layer, entry);
    expect(seal.verified).toBe(true);
  });

  const texts = signed.filter(
    (entry) => typeof entry.text === 'string' && entry.layers.every(({ type }) => type === 'signed'),
  );

  test(`the text of ${texts.length} signed messages is read`, async () => {
    for (const entry of texts) {
      const report = await verifyMessage(readCorpus(`${set}/${entry.file}`), { at });
      const entity = report.seals.at(-1)!.entity!;
      const leaf = firstText(entity);
      expect([entry.file, leaf.text().replaceAll('\r\n', '\n').trimEnd()]).toEqual([
        entry.file,
        entry.text!.trimEnd(),
      ]);
    }
  });

  test('what is only certificates is told apart from signatures', async () => {
    const report = await verifyMessage(readCorpus(`${set}/messages/certs-only.eml`), { at });
    expect(report.seals).toEqual([]);
    expect(report.others.map(({ kind, signedData }) => [kind, signedData?.certificates.length])).toEqual([
      ['certs-only', 3],
    ]);
  });

  test('encrypted messages are named as such', async () => {
    const kinds = new Map<string, number>();
    for (const entry of messages.filter((each) =>
      /^(enveloped|authenveloped)$/.test(each.layers[0]?.type ?? ''),
    )) {
      const report = await verifyMessage(readCorpus(`${set}/${entry.file}`), { at });
      const kind = report.others[0]?.kind ?? 'none';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    // The unreadable one is broken-truncated.eml, whose DER ends in the middle.
    expect(Object.fromEntries(kinds)).toEqual({ envelopedData: 28, authEnvelopedData: 9, unreadable: 1 });
  });

  function firstText(entity: ReturnType<typeof parseMessage>): ReturnType<typeof parseMessage> {
    return entity.parts.length === 0 ? entity : firstText(entity.parts[0]!);
  }
});
