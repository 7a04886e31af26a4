import { expect, test } from 'vitest';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCase {
  readonly id: string;
  readonly trustAnchor: string;
  readonly intermediates: readonly string[];
  readonly endEntity: string;
  readonly smime: string;
  readonly smimeIntact: boolean | null;
  readonly crls: readonly string[];
  readonly valid: boolean;
  readonly policy: {
    readonly initialPolicySet: readonly string[];
    readonly initialExplicitPolicy: boolean;
    readonly initialPolicyMappingInhibit: boolean;
    readonly initialInhibitAnyPolicy: boolean;
  };
}

interface Expectations {
  readonly cases: readonly ExpectedCase[];
  readonly policyOids: Readonly<Record<string, string>>;
}

const set = 'pkits';

// pkits-paths has the paths alone, with the reasons; here the whole of a message is verified.
describeCorpus(set, () => {
  const { cases, policyOids } = readCorpusJson<Expectations>(`${set}/expected.json`);
  const at = new Date('2020-06-01T12:00:00Z');
  const messages = [...new Map(cases.map((each) => [each.smime, each])).values()];

  test(`counts: ${messages.length} messages`, () => {
    expect(messages.length).toBe(224);
  });

  const read = (file: string) => parseCertificate(readCorpus(`${set}/${file}`));
  const verify = (each: ExpectedCase, more: Partial<VerifyMessageOptions> = {}) =>
    verifyMessage(readCorpus(`${set}/${each.smime}`), {
      roots: [read(each.trustAnchor)],
      certificates: [each.endEntity, ...each.intermediates].map(read),
      at,
      // Some are signed with DSA and SHA-1.
      algorithms: algorithmPolicyOldMail,
      ...more,
    });

  test('every message is intact and its signature valid', async () => {
    let intact = 0;
    for (const each of messages) {
      const signers = (await verify(each)).seals.flatMap((seal) => seal.signers);
      // The one that the set's own checker could not judge inherits DSA parameters; ours can.
      expect([each.id, signers.map((signer) => [signer.content, signer.signature])]).toEqual([
        each.id,
        [['intact', 'valid']],
      ]);
      intact++;
    }
    expect(intact).toBe(224);
  });

  test(`the mail of all ${cases.length} cases is believed where its path is valid, and else not`, async () => {
    let believed = 0;
    for (const each of cases) {
      const { policy } = each;
      const report = await verify(each, {
        requireIdentity: false,
        revocation: {
          mode: 'require',
          crls: each.crls.map((file) => parseCrl(readCorpus(`${set}/${file}`))),
        },
        policies: {
          acceptable: policy.initialPolicySet.map((name) => policyOids[name]!),
          requireExplicit: policy.initialExplicitPolicy,
          inhibitMapping: policy.initialPolicyMappingInhibit,
          inhibitAny: policy.initialInhibitAnyPolicy,
        },
      });
      const signers = report.seals.flatMap((seal) => seal.signers);
      expect([each.id, ...signers.map(({ verified }) => verified)]).toEqual([each.id, each.valid]);
      if (each.valid) believed++;
    }
    expect([cases.length, believed]).toEqual([249, 114]);
  }, 60_000);
});
