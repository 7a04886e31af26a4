import { expect, test } from 'vitest';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { thunderbirdKeys } from '../support/corpus-keys.js';
import type { ThunderbirdMessages } from '../support/thunderbird-messages.js';

const set = 'thunderbird-smime';

describeCorpus(set, () => {
  const expected = readCorpusJson<ThunderbirdMessages>(`${set}/expected.json`);
  const at = new Date(expected.validationTime);
  const roots = expected.trustAnchors.map((file) => parseCertificate(readCorpus(`${set}/${file}`)));
  const keys = thunderbirdKeys();

  const layered = expected.files;
  const layers = layered.flatMap((entry) => entry.layers);

  test(`counts: ${layered.length} messages, ${layers.length} layers, ${layers.filter(({ type }) => type === 'enveloped').length} of them encrypted`, () => {
    expect([layered.length, layers.length, layers.filter(({ type }) => type === 'enveloped').length]).toEqual(
      [72, 124, 35],
    );
  });

  test.each(layered.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const report = await openMessage(readCorpus(`${set}/${file}`), {
      roots,
      at,
      algorithms: algorithmPolicyOldMail,
      keys: await keys,
    });
    expect(report.layers.map(({ kind }) => kind)).toEqual(
      entry.layers.map(({ type }) => (type === 'signed' ? 'seal' : 'envelope')),
    );
    report.layers.forEach((layer, i) => {
      const wanted = entry.layers[i]!;
      expect(layer.around).toBe(report.layers[i - 1]);
      if (layer.kind === 'envelope') {
        const { envelope } = layer;
        expect(envelope.error).toBeUndefined();
        expect(envelope.cipher?.name).toBe(wanted.contentEncryption!.replace('aes-', 'aes'));
        expect(encodeHex(digest('sha256', envelope.content!))).toBe(wanted.plaintextSha256);
      } else if (layer.kind === 'seal') {
        const [signer] = layer.seal.signers;
        expect(layer.seal.form).toBe(wanted.form);
        expect(signer?.certificate?.serialHex).toBe(expected.certificates[wanted.signers![0]!]!.serialHex);
        expect(signer?.content === 'intact' && signer.signature === 'valid').toBe(wanted.intact);
        if (wanted.chainOk !== null)
          expect(signer?.trust === 'trusted' && signer.time === 'valid').toBe(wanted.chainOk);
        const inside = entry.layers.slice(i).some(({ type }) => type === 'enveloped');
        expect(layer.seal.aroundEncryption).toBe(inside);
      }
    });
    expect(report.encrypted).toBe(entry.layers.some(({ type }) => type === 'enveloped'));
  });

  const judged = layered.filter(
    ({ layers: [outer, ...inner], thunderbird }) =>
      outer?.type === 'enveloped' &&
      inner.length === 1 &&
      typeof thunderbird?.signatureGoodIfSha1Allowed === 'boolean',
  );

  test(`of ${judged.length} messages that are signed and then encrypted we say what Thunderbird says`, async () => {
    for (const { file, thunderbird } of judged) {
      const octets = readCorpus(`${set}/${file}`);
      const options = { roots, at, keys: await keys };
      const byDefault = await openMessage(octets, options);
      const oldMail = await openMessage(octets, { ...options, algorithms: algorithmPolicyOldMail });
      expect([file, byDefault.verified, oldMail.verified]).toEqual([
        file,
        thunderbird!.signatureGood,
        thunderbird!.signatureGoodIfSha1Allowed,
      ]);
    }
    expect(judged.length).toBe(8);
  });

  const outside = layered.filter(
    ({ layers: all }) => all[0]?.type === 'signed' && all.some(({ type }) => type === 'enveloped'),
  );

  test(`of ${outside.length} messages that are encrypted and then signed none is verified`, async () => {
    for (const { file } of outside) {
      const report = await openMessage(readCorpus(`${set}/${file}`), {
        roots,
        at,
        algorithms: algorithmPolicyOldMail,
        keys: await keys,
        requireIdentity: false,
      });
      expect([file, report.verified, report.pieces.map(({ unauthenticated }) => unauthenticated)]).toEqual([
        file,
        false,
        [true],
      ]);
    }
    expect(outside.length).toBe(16);
  });
});
