import { describe, expect, test } from 'vitest';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';
import { type CertificationPath, type FindPathOptions, findPath } from '../../src/x509/find-path.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import type { PathProblemCode } from '../../src/x509/path/path-problem.js';
import { type CertificateList, parseCrl } from '../../src/x509/revocation/crl.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCase {
  readonly id: string;
  readonly name: string;
  readonly section: string;
  readonly trustAnchor: string;
  readonly intermediates: readonly string[];
  readonly endEntity: string;
  readonly crls: readonly string[];
  readonly valid: boolean;
  readonly policy: {
    readonly initialPolicySet: readonly string[];
    readonly initialExplicitPolicy: boolean;
    readonly initialPolicyMappingInhibit: boolean;
    readonly initialInhibitAnyPolicy: boolean;
    readonly expectedUserConstrainedPolicySet: readonly string[];
  };
}

interface Expectations {
  readonly cases: readonly ExpectedCase[];
  readonly policyOids: Readonly<Record<string, string>>;
}

const set = 'pkits';
const at = new Date('2020-06-01T12:00:00Z');

/** Ids of one section: `ids('4.4', 1, 2)` is 4.4.1 and 4.4.2. */
const ids = (section: string, ...numbers: readonly (number | string)[]): string[] =>
  numbers.map((number) => `${section}.${number}`);

/** Not valid for a reason that only a CRL tells; without one these are accepted. */
const onlyCrlsTell: readonly string[] = [
  ...ids('4.4', 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 15, 18, 20, 21),
  ...ids('4.5', 2, 5, 7),
  // The authority's key may not sign the CRL that would be needed.
  ...ids('4.7', 4, 5),
  ...ids('4.14', 2, 3, 6, 8, 9, 11, 12, 14, 15, 16, 17, 20, 21, 23, 26, 27, 31, 32, 34, 35),
  ...ids('4.15', 1, 3, 4, 6, 9, 10),
];

const byRevocation: readonly PathProblemCode[] = ['revoked', 'on-hold', 'revocation-unknown'];

/** Why the cases of a section are refused; each by one of these codes and no other. */
const reasons: Readonly<Record<string, readonly PathProblemCode[]>> = {
  '4.1': ['signature-invalid'],
  '4.2': ['not-yet-valid', 'expired'],
  '4.3': ['issuer-missing'],
  '4.4': byRevocation,
  // In 4.5.8 the key that signed is for CRLs only, and its certificate no authority's.
  '4.5': [...byRevocation, 'not-a-ca', 'key-usage'],
  '4.6': ['not-a-ca', 'path-length-exceeded'],
  '4.7': ['key-usage', 'revocation-unknown'],
  '4.8': ['policy-required'],
  '4.9': ['policy-required'],
  '4.10': ['policy-required', 'policy-mapping-any'],
  '4.11': ['policy-required'],
  '4.12': ['policy-required'],
  '4.13': ['name-constraints'],
  '4.14': byRevocation,
  '4.15': byRevocation,
  '4.16': ['unknown-critical-extension'],
};

/** Where a section has several reasons, the cases of each. */
const inDetail: readonly (readonly [PathProblemCode, readonly string[]])[] = [
  ['not-yet-valid', ids('4.2', 1, 2)],
  ['expired', ids('4.2', 5, 6, 7)],
  ['not-a-ca', ids('4.6', 1, 2, 3)],
  ['path-length-exceeded', ids('4.6', 5, 6, 9, 10, 11, 12, 16)],
  ['key-usage', ids('4.7', 1, 2)],
  ['revocation-unknown', ids('4.7', 4, 5)],
  ['policy-mapping-any', ids('4.10', 7, 8)],
];

describeCorpus(set, () => {
  const { cases, policyOids } = readCorpusJson<Expectations>(`${set}/expected.json`);
  const kept = new Map<string, unknown>();
  const read = <T>(file: string, parse: (octets: Uint8Array) => T): T => {
    if (!kept.has(file)) kept.set(file, parse(readCorpus(`${set}/${file}`)));
    return kept.get(file) as T;
  };
  const certificate = (file: string): Certificate => read(file, parseCertificate);
  const crl = (file: string): CertificateList => read(file, parseCrl);
  const pathOf = (each: ExpectedCase, more: Partial<FindPathOptions> = {}): Promise<CertificationPath> =>
    findPath(certificate(each.endEntity), {
      roots: [certificate(each.trustAnchor)],
      pool: each.intermediates.map(certificate),
      at,
      // The DSA certificates of 4.1 are signed with SHA-1.
      algorithms: algorithmPolicyOldMail,
      policies: {
        acceptable: each.policy.initialPolicySet.map((name) => policyOids[name]!),
        requireExplicit: each.policy.initialExplicitPolicy,
        inhibitMapping: each.policy.initialPolicyMappingInhibit,
        inhibitAny: each.policy.initialInhibitAnyPolicy,
      },
      revocation: { mode: 'require', crls: each.crls.map(crl) },
      ...more,
    });
  const sections = [...new Set(cases.map(({ section }) => section))];

  test(`all ${cases.length} cases in ${sections.length} sections, none exempt`, () => {
    expect([cases.length, sections.length]).toEqual([249, 16]);
    expect(cases.filter(({ valid }) => valid).length).toBe(114);
  });

  describe('every case is judged as expected, with the policies expected', () => {
    test.each(
      sections.map((section) => [section, cases.filter((each) => each.section === section)] as const),
    )('section %s', async (_, ofSection) => {
      for (const each of ofSection) {
        const { problems, policies, revocation, certificates } = await pathOf(each);
        expect([each.id, problems.length === 0]).toEqual([each.id, each.valid]);
        expect([each.id, ...policies.map(({ policy }) => policy).sort()]).toEqual([
          each.id,
          ...each.policy.expectedUserConstrainedPolicySet.map((name) => policyOids[name]!).sort(),
        ]);
        // What was checked is in the report, for each certificate below the anchor.
        if (each.valid) {
          expect(revocation.map(({ status }) => status)).toEqual(certificates.map(() => 'good'));
        }
      }
    });
  });

  test(`without CRLs ${onlyCrlsTell.length} invalid cases are accepted, and all others judged as expected`, async () => {
    const otherwise: string[] = [];
    for (const each of cases) {
      const { problems } = await pathOf(each, { revocation: { mode: 'off' } });
      if ((problems.length === 0) !== each.valid) otherwise.push(each.id);
    }
    expect(otherwise).toEqual(onlyCrlsTell);
    expect(otherwise.length).toBe(46);
  });

  test('the reasons are the right ones', async () => {
    const found = new Map<string, PathProblemCode[]>();
    for (const each of cases.filter(({ valid }) => !valid)) {
      const { problems } = await pathOf(each);
      const codes = new Set(problems.map(({ code }) => code));
      // Of a path refused for something else it is also told that its revocation is not known.
      if (codes.size > 1) codes.delete('revocation-unknown');
      found.set(each.id, [...codes]);
      expect([each.id, ...[...codes].filter((code) => !reasons[each.section]!.includes(code))]).toEqual([
        each.id,
      ]);
      expect([each.id, codes.size]).toEqual([each.id, each.id === '4.5.8' ? 2 : 1]);
    }
    expect(found.size).toBe(135);
    for (const [code, numbers] of inDetail) {
      expect(numbers.map((id) => [id, found.get(id)])).toEqual(numbers.map((id) => [id, [code]]));
    }
  });

  test('qualifiers of a policy come with it (4.8.15 to 4.8.20)', async () => {
    const texts: string[] = [];
    for (const id of ids('4.8', 15, 16, 17, 18, 19, 20)) {
      for (const each of cases.filter((one) => one.id === id || one.id.startsWith(`${id}.`))) {
        for (const { policy, qualifiers } of (await pathOf(each)).policies) {
          const kinds = qualifiers.map((one) => (one.kind === 'userNotice' ? one.explicitText : one.kind));
          texts.push(`${each.id} ${policy.split('.').at(-1)} ${kinds.map((one) => one?.slice(0, 3)).join()}`);
        }
      }
    }
    expect(texts).toEqual([
      '4.8.15 1 q1:',
      '4.8.16 1 q1:',
      '4.8.17 1 q3:',
      '4.8.18.1 1 q4:',
      '4.8.18.2 2 q5:',
      '4.8.19 1 q6:',
      '4.8.20 1 cps',
    ]);
  });

  test('an end entity’s key inherits DSA parameters (4.1.4, 4.1.5)', async () => {
    for (const id of ids('4.1', 4, 5)) {
      const { problems, publicKey, notes } = await pathOf(cases.find((one) => one.id === id)!);
      expect([id, problems.length, publicKey?.kind === 'dsa' && publicKey.parameters !== undefined]).toEqual([
        id,
        0,
        true,
      ]);
      expect(new Set(notes.map(({ code }) => code))).toEqual(new Set(['algorithm-weak']));
    }
  });

  test('by the policy for now the DSA certificates signed with SHA-1 are refused, and no others', async () => {
    const refused: string[] = [];
    for (const each of cases.filter(({ valid }) => valid)) {
      const path = await findPath(certificate(each.endEntity), {
        roots: [certificate(each.trustAnchor)],
        pool: each.intermediates.map(certificate),
        at,
      });
      if (path.problems.some(({ code }) => code === 'algorithm-weak')) refused.push(each.id);
    }
    expect(refused).toEqual(ids('4.1', 4, 5));
  });

  test('none of the certificates has extendedKeyUsage, so that our rule for mail decides nothing here', () => {
    const all = [...new Set(cases.flatMap((each) => [each.endEntity, ...each.intermediates]))].map(
      certificate,
    );
    expect(all.filter((each) => each.extendedKeyUsage !== undefined).length).toBe(0);
    expect(all.length).toBeGreaterThan(350);
  });
});
