import { describe, expect, test } from 'vitest';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';
import { type CertificationPath, findPath } from '../../src/x509/find-path.js';
import type { PathProblemCode } from '../../src/x509/path/path-problem.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCase {
  readonly id: string;
  readonly name: string;
  readonly section: string;
  readonly trustAnchor: string;
  readonly intermediates: readonly string[];
  readonly endEntity: string;
  readonly valid: boolean;
  readonly policy: {
    readonly initialPolicySet: readonly string[];
    readonly initialExplicitPolicy: boolean;
  };
}

const set = 'pkits';
const at = new Date('2020-06-01T12:00:00Z');

/** Ids of one section: `ids('4.4', 1, 2)` is 4.4.1 and 4.4.2. */
const ids = (section: string, ...numbers: readonly (number | string)[]): string[] =>
  numbers.map((number) => `${section}.${number}`);

/** Not valid for a reason that only a CRL tells; accepted as long as no CRL is read. */
const needsRevocation: ReadonlySet<string> = new Set([
  ...ids('4.4', 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 15, 18, 20, 21),
  ...ids('4.5', 2, 5, 7),
  // The authority's key may not sign the CRL that would be needed.
  ...ids('4.7', 4, 5),
  ...ids('4.14', 2, 3, 6, 8, 9, 11, 12, 14, 15, 16, 17, 20, 21, 23, 26, 27, 31, 32, 34, 35),
  ...ids('4.15', 1, 3, 4, 6, 9, 10),
]);

/** Not valid for the policies that the relying party asks for, which findPath has no option for yet. */
const needsPolicyInput: ReadonlySet<string> = new Set([...ids('4.8', '1.3', '2.2', '3.2', '3.3')]);

/** Extensions whose bearers are refused because they are not processed yet. */
const unprocessed: ReadonlySet<string> = new Set(['2.5.29.30', '2.5.29.33', '2.5.29.36', '2.5.29.54']);

/** Sections of which every rule is claimed: no case of theirs may be exempt but those that a CRL decides. */
const claimed: ReadonlySet<string> = new Set(['4.1', '4.2', '4.3', '4.5', '4.6', '4.7', '4.16']);

describeCorpus(set, () => {
  const { cases } = readCorpusJson<{ cases: readonly ExpectedCase[] }>(`${set}/expected.json`);
  const certificates = new Map<string, Certificate>();
  const certificate = (file: string): Certificate => {
    let known = certificates.get(file);
    if (known === undefined) {
      known = parseCertificate(readCorpus(`${set}/${file}`));
      certificates.set(file, known);
    }
    return known;
  };
  const pathOf = (each: ExpectedCase): Promise<CertificationPath> =>
    findPath(certificate(each.endEntity), {
      roots: [certificate(each.trustAnchor)],
      pool: each.intermediates.map(certificate),
      at,
    });
  const exempt = (each: ExpectedCase): boolean =>
    needsRevocation.has(each.id) || needsPolicyInput.has(each.id);
  const ofSection = (section: string) => cases.filter((each) => each.section === section);

  test(`counts: ${cases.length} cases, ${needsRevocation.size} exempt for revocation, ${needsPolicyInput.size} for policy input`, () => {
    expect([cases.length, needsRevocation.size, needsPolicyInput.size]).toEqual([249, 46, 4]);
    // Every exemption is of a case that exists and shall be refused.
    const refused = new Set(cases.filter(({ valid }) => !valid).map(({ id }) => id));
    expect([...needsRevocation, ...needsPolicyInput].filter((id) => !refused.has(id))).toEqual([]);
    // A policy exemption is claimed only where a policy input differs from its default.
    const policies = cases.filter(({ id }) => needsPolicyInput.has(id)).map(({ policy }) => policy);
    expect(
      policies.every((each) => each.initialExplicitPolicy || !each.initialPolicySet.includes('anyPolicy')),
    ).toBe(true);
  });

  test('no wrong accepts beside the exempt cases', async () => {
    const wrong: string[] = [];
    for (const each of cases) {
      const { problems } = await pathOf(each);
      if (problems.length === 0 && !each.valid && !exempt(each)) wrong.push(`${each.id} ${each.name}`);
    }
    expect(wrong).toEqual([]);
  });

  test('the exempt cases are still accepted, or the list has to shrink', async () => {
    for (const each of cases.filter(exempt)) {
      expect([each.id, (await pathOf(each)).problems.map(({ code }) => code)]).toEqual([each.id, []]);
    }
  });

  test('what is refused wrongly is refused for an extension that is not processed yet', async () => {
    let refused = 0;
    for (const each of cases.filter(({ valid }) => valid)) {
      const { problems } = await pathOf(each);
      if (problems.length === 0) continue;
      refused++;
      for (const { code, certificate: bearer } of problems) {
        expect([each.id, code]).toEqual([each.id, 'unknown-critical-extension']);
        expect([each.id, bearer.extensions.some(({ oid }) => unprocessed.has(oid))]).toEqual([each.id, true]);
      }
    }
    expect(refused).toBe(51);
  });

  describe('sections whose rules are all claimed', () => {
    test.each([...claimed].map((section) => [section, ofSection(section).length]))(
      '%s (%i cases)',
      async (section) => {
        for (const each of ofSection(String(section))) {
          if (needsRevocation.has(each.id)) continue;
          const { problems } = await pathOf(each);
          expect([each.id, problems.length === 0]).toEqual([each.id, each.valid]);
        }
      },
    );
  });

  test('the reasons are the right ones', async () => {
    const reasons: readonly [PathProblemCode, readonly string[]][] = [
      ['signature-invalid', ids('4.1', 2, 3, 6)],
      ['not-yet-valid', ids('4.2', 1, 2)],
      ['expired', ids('4.2', 5, 6, 7)],
      ['issuer-missing', ids('4.3', 1, 2)],
      ['not-a-ca', ids('4.6', 1, 2, 3)],
      ['path-length-exceeded', ids('4.6', 5, 6, 9, 10, 11, 12, 16)],
      ['key-usage', ids('4.7', 1, 2)],
      ['unknown-critical-extension', ids('4.16', 2)],
    ];
    let checked = 0;
    for (const [code, numbers] of reasons) {
      for (const id of numbers) {
        const each = cases.find((one) => one.id === id)!;
        const { problems } = await pathOf(each);
        expect([id, each.valid, ...new Set(problems.map((problem) => problem.code))]).toEqual([
          id,
          false,
          code,
        ]);
        checked++;
      }
    }
    expect(checked).toBe(23);
  });

  test('an end entity’s key inherits DSA parameters (4.1.4, 4.1.5)', async () => {
    for (const id of ids('4.1', 4, 5)) {
      const { problems, publicKey } = await pathOf(cases.find((one) => one.id === id)!);
      expect([id, problems.length, publicKey?.kind === 'dsa' && publicKey.parameters !== undefined]).toEqual([
        id,
        0,
        true,
      ]);
    }
  });

  test('none of the certificates has extendedKeyUsage, so that our rule for mail decides nothing here', () => {
    const all = [...new Set(cases.flatMap((each) => [each.endEntity, ...each.intermediates]))].map(
      certificate,
    );
    expect(all.filter((each) => each.extendedKeyUsage !== undefined).length).toBe(0);
    expect(all.length).toBeGreaterThan(350);
  });
});
