import { expect, test } from 'vitest';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { rfc4134Keys } from '../support/corpus-keys.js';

interface ExpectedFile {
  readonly file: string;
  readonly contentType?: string;
  readonly content?: 'attached' | 'detached';
  readonly contentSha256?: string;
  readonly plaintextSha256?: string;
  readonly signerInfos?: number;
  readonly certificates?: number;
  readonly crls?: number;
  readonly intact?: boolean;
}

const set = 'rfc4134';

describeCorpus(set, () => {
  const { files } = readCorpusJson<{ files: readonly ExpectedFile[] }>(`${set}/expected.json`);
  const at = new Date('2005-10-01T00:00:00Z');
  const roots = ['CarlDSSSelf.cer', 'CarlRSASelf.cer'].map((file) =>
    parseCertificate(readCorpus(`${set}/${file}`)),
  );
  const leaves = [
    'AliceDSSSignByCarlNoInherit.cer',
    'AliceRSASignByCarl.cer',
    'DianeDSSSignByCarlInherit.cer',
    'DianeRSASignByCarl.cer',
  ].map((file) => parseCertificate(readCorpus(`${set}/${file}`)));
  const old = { at, algorithms: algorithmPolicyOldMail };
  const exContent = readCorpus(`${set}/ExContent.bin`);
  const signed = files.filter((entry) => entry.contentType === 'pkcs7-signedData' && entry.signerInfos !== 0);

  test(`counts: ${signed.length} signed objects`, () => {
    expect(signed.length).toBe(8);
  });

  /** The CRL that this one brings says that its signer's certificate was revoked in 1999; he claims to have signed in 2003. */
  const revoked = '4.4.bin';

  test('4.4.bin: its own CRL revokes its signer, which a caller may pass over', async () => {
    const options = { ...old, roots, certificates: leaves, requireIdentity: false };
    expect((await verifySignatureFile(readCorpus(`${set}/${revoked}`), options)).verified).toBe(false);
    const off = { ...options, revocation: { mode: 'off' as const } };
    expect((await verifySignatureFile(readCorpus(`${set}/${revoked}`), off)).verified).toBe(true);
  });

  test('SHA-1 is refused unless the caller reads old mail', async () => {
    for (const { file, content } of signed) {
      const seal = await verifySignatureFile(readCorpus(`${set}/${file}`), {
        roots,
        at,
        certificates: leaves,
        ...(content === 'detached' ? { content: exContent } : {}),
      });
      for (const signer of seal.signers) {
        expect([file, signer.signature, signer.trust]).toEqual([file, 'weak', 'untrusted']);
        expect(signer.reasons.map(({ code }) => code)).toEqual(
          expect.arrayContaining(['weak-digest', 'algorithm-weak']),
        );
      }
    }
  });

  for (const engine of ['auto', 'typescript'] as const) {
    test.each(signed.map((entry) => [entry.file, entry] as const))(`%s (${engine})`, async (file, entry) => {
      const seal = await verifySignatureFile(readCorpus(`${set}/${file}`), {
        engine,
        algorithms: algorithmPolicyOldMail,
        roots,
        at,
        certificates: leaves,
        ...(entry.content === 'detached' ? { content: exContent } : {}),
      });
      expect(seal.signers.length).toBe(entry.signerInfos);
      expect(encodeHex(digest('sha256', seal.content!))).toBe(
        entry.contentSha256 ?? encodeHex(digest('sha256', exContent)),
      );
      for (const signer of seal.signers) {
        expect([
          file,
          signer.content,
          signer.signature,
          signer.reasons.filter((each) => each.severity === 'failure').map((each) => each.code),
        ]).toEqual([
          file,
          'intact',
          'valid',
          file === revoked ? ['revoked-before-signing', 'sender-unknown'] : ['sender-unknown'],
        ]);
        expect([signer.trust, signer.time]).toEqual([file === revoked ? 'untrusted' : 'trusted', 'valid']);
      }
    });
  }

  test('4.6.bin: the parameters of a DSA key are inherited from the path, and only from there', async () => {
    const octets = readCorpus(`${set}/4.6.bin`);
    const carl = await verifySignatureFile(octets, { ...old, roots, certificates: leaves });
    expect(carl.signers.map((signer) => signer.signature)).toEqual(['valid', 'valid']);
    // Without the issuer nobody knows the parameters of Diane's key.
    const nobody = await verifySignatureFile(octets, { ...old, roots: [], certificates: leaves });
    const diane = nobody.signers.find((signer) => `${signer.certificate?.subject}`.includes('Diane'));
    expect([diane?.signature, diane?.trust]).toEqual(['not-checked', 'untrusted']);
  });

  test('4.11.bin carries certificates and a CRL only', () => {
    const signedData = parseSignedData(readCorpus(`${set}/4.11.bin`));
    expect([signedData.isCertsOnly, signedData.certificates.length, signedData.crls.length]).toEqual([
      true,
      2,
      1,
    ]);
  });

  test.each([
    ['4.8.eml', 'detached'],
    ['4.9.eml', 'opaque'],
  ])('%s', async (file, form) => {
    const report = await verifyMessage(readCorpus(`${set}/${file}`), { ...old, roots, certificates: leaves });
    const [seal] = report.seals;
    expect([report.seals.length, seal?.form, seal?.coverage]).toEqual([1, form, 'message']);
    const [signer] = seal!.signers;
    expect([signer?.content, signer?.signature, signer?.trust, signer?.time]).toEqual([
      'intact',
      'valid',
      'trusted',
      'valid',
    ]);
  });

  test('5.3.eml: an encrypted message, and its plaintext', async () => {
    const report = await openMessage(readCorpus(`${set}/5.3.eml`), {
      ...old,
      roots,
      keys: await rfc4134Keys(),
    });
    const [envelope] = report.envelopes;
    expect([envelope?.opened, envelope?.cipher?.name, envelope?.coverage]).toEqual([
      true,
      'des-ede3-cbc',
      'message',
    ]);
    expect(encodeHex(digest('sha256', envelope!.content!))).toBe(
      files.find(({ file }) => file === '5.3.eml')!.plaintextSha256,
    );
    expect(envelope!.reasons.map(({ code }) => code)).toEqual([
      'not-authenticated',
      'weak-cipher',
      'weak-key',
    ]);
    expect(report.pieces.map(({ unauthenticated, encrypted }) => [unauthenticated, encrypted])).toEqual([
      [true, true],
    ]);
  });

  test.each(['4.8.eml', '4.9.eml'])('%s is shown in one piece', async (file) => {
    const report = await openMessage(readCorpus(`${set}/${file}`), {
      ...old,
      roots,
      certificates: leaves,
      keys: [],
    });
    expect([report.pieces.length, report.pieces[0]!.layers.length]).toEqual([1, 1]);
    expect(report.pieces[0]!.content.text).toContain('This is some sample content.');
  });
});
