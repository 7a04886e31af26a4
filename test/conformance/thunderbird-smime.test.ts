import { expect, test } from 'vitest';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import type { ThunderbirdMessages } from '../support/thunderbird-messages.js';

const set = 'thunderbird-smime';

describeCorpus(set, () => {
  const expected = readCorpusJson<ThunderbirdMessages>(`${set}/expected.json`);
  const at = new Date(expected.validationTime);
  const roots = expected.trustAnchors.map((file) => parseCertificate(readCorpus(`${set}/${file}`)));

  const cases = expected.files.flatMap(({ file, layers }) => {
    const end = layers.findIndex((layer) => layer.type !== 'signed');
    const signed = layers.slice(0, end === -1 ? undefined : end);
    return signed.length === 0 ? [] : [[file, signed] as const];
  });

  test(`counts: ${cases.length} messages, ${cases.reduce((sum, [, layers]) => sum + layers.length, 0)} signed layers`, () => {
    expect(cases.length).toBe(53);
    expect(cases.reduce((sum, [, layers]) => sum + layers.length, 0)).toBe(77);
  });

  test.each(cases)('%s', async (file, layers) => {
    const report = await verifyMessage(readCorpus(`${set}/${file}`), {
      roots,
      at,
      algorithms: algorithmPolicyOldMail,
    });
    expect(report.seals.map((seal) => seal.form)).toEqual(layers.map((layer) => layer.form));
    report.seals.forEach((seal, i) => {
      const layer = layers[i]!;
      expect(seal.signers.map((signer) => signer.certificate?.serialHex)).toEqual(
        layer.signers!.map((name) => expected.certificates[name]!.serialHex),
      );
      const [signer] = seal.signers;
      expect(signer?.digestAlgorithm).toBe(layer.digests![0]);
      expect(signer?.content === 'intact' && signer.signature === 'valid').toBe(layer.intact);
      if (layer.chainOk !== null)
        expect(signer?.trust === 'trusted' && signer.time === 'valid').toBe(layer.chainOk);
      const codes = seal.reasons.map(({ code }) => code);
      expect(codes.includes('fits-without-canonical-line-ends')).toBe(layer.intactOverLf === true);
      if (file.includes('mismatch-econtent')) {
        expect([signer?.content, signer?.verified]).toEqual(['altered', false]);
        expect(signer?.reasons.map(({ code }) => code)).toContain('embedded-content-differs');
      }
    });
  });

  // It shows no signature inside another as good, nor one whose claimed time is far from that in Date.
  const judged = expected.files.filter(
    ({ file, layers, thunderbird }) =>
      layers.length === 1 &&
      layers[0]!.type === 'signed' &&
      !file.includes('future') &&
      typeof thunderbird?.signatureGood === 'boolean',
  );

  test(`the default policy and that for old mail say of ${judged.length} messages what Thunderbird says without and with SHA-1`, async () => {
    const answers = { byDefault: 0, oldMail: 0 };
    const differences: string[] = [];
    for (const { file, thunderbird } of judged) {
      const octets = readCorpus(`${set}/${file}`);
      const verify = async (options: Partial<VerifyMessageOptions>): Promise<boolean> =>
        (await verifyMessage(octets, { roots, at, requireIdentity: false, ...options })).seals.every(
          ({ signers }) => signers.length > 0 && signers.every(({ verified }) => verified),
        );
      const byDefault = await verify({});
      const oldMail = await verify({ algorithms: algorithmPolicyOldMail });
      if (byDefault !== thunderbird?.signatureGood || oldMail !== thunderbird.signatureGoodIfSha1Allowed)
        differences.push(file);
      if (byDefault) answers.byDefault++;
      if (oldMail) answers.oldMail++;
    }
    expect(differences).toEqual([]);
    expect(answers).toEqual({ byDefault: 6, oldMail: 8 });
  });
});
