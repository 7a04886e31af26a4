import { expect, test } from 'vitest';
import { verifyMessage } from '../../src/smime/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedLayer {
  readonly type: 'signed' | 'enveloped';
  readonly form?: 'detached' | 'opaque';
  readonly signers?: readonly string[];
  readonly digests?: readonly string[];
  readonly intact?: boolean;
  readonly chainOk?: boolean | null;
  readonly intactOverLf?: boolean;
}

interface Expected {
  readonly validationTime: string;
  readonly trustAnchors: readonly string[];
  readonly certificates: Readonly<Record<string, { readonly serialHex: string }>>;
  readonly files: readonly { readonly file: string; readonly layers: readonly ExpectedLayer[] }[];
}

const set = 'thunderbird-smime';

describeCorpus(set, () => {
  const expected = readCorpusJson<Expected>(`${set}/expected.json`);
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
    const report = await verifyMessage(readCorpus(`${set}/${file}`), { roots, at });
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
});
