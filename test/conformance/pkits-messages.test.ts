import { expect, test } from 'vitest';
import { verifyMessage } from '../../src/smime/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCase {
  readonly id: string;
  readonly trustAnchor: string;
  readonly intermediates: readonly string[];
  readonly endEntity: string;
  readonly smime: string;
  readonly smimeIntact: boolean | null;
}

const set = 'pkits';

// Path validation against the 249 expectations is the business of the x509
// room's own conformance; here it is the messages' signatures.
describeCorpus(set, () => {
  const { cases } = readCorpusJson<{ cases: readonly ExpectedCase[] }>(`${set}/expected.json`);
  const at = new Date('2020-06-01T12:00:00Z');
  const messages = [...new Map(cases.map((each) => [each.smime, each])).values()];

  test(`counts: ${messages.length} messages`, () => {
    expect(messages.length).toBe(224);
  });

  test('every message is intact and its signature valid', async () => {
    let intact = 0;
    for (const each of messages) {
      const certificates = [each.endEntity, ...each.intermediates].map((file) =>
        parseCertificate(readCorpus(`${set}/${file}`)),
      );
      const roots = [parseCertificate(readCorpus(`${set}/${each.trustAnchor}`))];
      const report = await verifyMessage(readCorpus(`${set}/${each.smime}`), { roots, at, certificates });
      const signers = report.seals.flatMap((seal) => seal.signers);
      // The one that the set's own checker could not judge inherits DSA parameters; ours can.
      expect([each.id, signers.map((signer) => [signer.content, signer.signature])]).toEqual([
        each.id,
        [['intact', 'valid']],
      ]);
      intact++;
    }
    expect(intact).toBe(224);
  });
});
