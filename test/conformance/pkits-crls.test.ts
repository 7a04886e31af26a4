import { expect, test } from 'vitest';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';
import { type CertificationPath, findPath } from '../../src/x509/find-path.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { type CertificateList, parseCrl } from '../../src/x509/revocation/crl.js';
import type { RevocationOptions } from '../../src/x509/revocation/revocation-options.js';
import type { RevocationProblemCode } from '../../src/x509/revocation/revocation-report.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCase {
  readonly id: string;
  readonly trustAnchor: string;
  readonly intermediates: readonly string[];
  readonly endEntity: string;
  readonly crls: readonly string[];
  readonly valid: boolean;
}

const set = 'pkits';
const at = new Date('2020-06-01T12:00:00Z');

/** Ids of one section: `ids('4.4', 1, 2)` is 4.4.1 and 4.4.2. */
const ids = (section: string, ...numbers: readonly number[]): string[] =>
  numbers.map((number) => `${section}.${number}`);

const revoked = [
  ...ids('4.4', 2, 3, 15, 18, 20),
  ...ids('4.5', 2, 5, 7),
  ...ids('4.14', 2, 6, 15, 20, 21, 23, 31, 32, 34),
  ...ids('4.15', 3, 4, 6, 9),
];
const onHold = ids('4.14', 16);

/** What was the matter with the CRLs where revocation is not known. */
const unknown: readonly (readonly [RevocationProblemCode, readonly string[]])[] = [
  ['nothing-at-hand', ids('4.4', 1)],
  ['signature-invalid', ids('4.4', 4)],
  // The CRL at hand names another issuer.
  ['nothing-at-hand', ids('4.4', 5, 6)],
  ['unknown-critical-extension', ids('4.4', 8, 9, 10)],
  ['stale', ids('4.4', 11, 12)],
  ['issuer-untrusted', [...ids('4.4', 21), ...ids('4.7', 4, 5)]],
  ['scope', ids('4.14', 3, 8, 9, 11, 12, 14, 27, 35)],
  ['reasons-incomplete', ids('4.14', 17)],
  ['nothing-at-hand', ids('4.14', 26)],
  ['delta-base', ids('4.15', 1, 10)],
];

describeCorpus(set, () => {
  const { cases } = readCorpusJson<{ cases: readonly ExpectedCase[] }>(`${set}/expected.json`);
  const memo = <T>(parse: (octets: Uint8Array) => T): ((file: string) => T) => {
    const known = new Map<string, T>();
    return (file) => {
      const value = known.get(file) ?? parse(readCorpus(`${set}/${file}`));
      known.set(file, value);
      return value;
    };
  };
  const certificate = memo<Certificate>(parseCertificate);
  const crl = memo<CertificateList>(parseCrl);
  const pathOf = (id: string, revocation: RevocationOptions): Promise<CertificationPath> => {
    const each = cases.find((one) => one.id === id)!;
    return findPath(certificate(each.endEntity), {
      roots: [certificate(each.trustAnchor)],
      pool: each.intermediates.map(certificate),
      at,
      revocation: { crls: each.crls.map(crl), ...revocation },
      // PKITS signs its DSA certificates with SHA-1.
      algorithms: algorithmPolicyOldMail,
    });
  };
  const cannot = unknown.flatMap(([, numbers]) => numbers);

  test(`${revoked.length} cases are revoked and ${onHold.length} on hold, in both modes, with date and reason`, async () => {
    for (const mode of ['require', 'check'] as const) {
      for (const id of [...revoked, ...onHold]) {
        const status = onHold.includes(id) ? 'on-hold' : 'revoked';
        const { problems, revocation } = await pathOf(id, { mode });
        expect([id, ...problems.map(({ code }) => code)]).toEqual([id, status]);
        const found = revocation.find((each) => each.status === status)!;
        expect(found.revocationDate).toBeInstanceOf(Date);
        expect([found.source, found.reason === undefined]).toEqual(['crl', false]);
      }
    }
    expect([revoked.length, onHold.length]).toEqual([21, 1]);
  });

  test(`in ${cannot.length} cases no CRL tells: \`require\` refuses, \`check\` accepts, and the report says why`, async () => {
    for (const [code, numbers] of unknown) {
      for (const id of numbers) {
        const strict = await pathOf(id, { mode: 'require' });
        expect([id, ...new Set(strict.problems.map((each) => each.code))]).toEqual([
          id,
          'revocation-unknown',
        ]);
        const silent = strict.revocation.filter(({ status }) => status === 'unknown');
        const codes = silent.flatMap((each) => each.problems.map((problem) => problem.code));
        expect([id, codes]).toEqual([id, expect.arrayContaining([code])]);
        expect([id, silent.every(({ references }) => references.length > 0)]).toEqual([id, true]);
        expect([id, (await pathOf(id, { mode: 'check' })).problems]).toEqual([id, []]);
      }
    }
    expect(cannot.length).toBe(24);
  });

  test('in every valid case all certificates are known to be good, with the age of what says so', async () => {
    let certificates = 0;
    for (const { id } of cases.filter(({ valid }) => valid)) {
      for (const each of (await pathOf(id, { mode: 'require' })).revocation) {
        expect([id, each.status, each.references.length]).toEqual([id, 'good', 0]);
        expect(each.age).toBe(at.getTime() - each.thisUpdate!.getTime());
        certificates++;
      }
    }
    expect(certificates).toBeGreaterThan(250);
  });

  test('the order in which the CRLs are given changes nothing', async () => {
    for (const each of cases) {
      const crls = each.crls.map(crl).reverse();
      const [given, reversed] = [
        await pathOf(each.id, { mode: 'require' }),
        await pathOf(each.id, { mode: 'require', crls }),
      ];
      const codes = (path: CertificationPath): string[] => path.problems.map(({ code }) => code);
      expect([each.id, codes(reversed)]).toEqual([each.id, codes(given)]);
    }
  });

  test('all 173 CRLs at once give the same answers as those of the case alone', async () => {
    const files = [...new Set(cases.flatMap(({ crls }) => crls))];
    expect(files.length).toBe(173);
    const crls = files.map(crl);
    const differ: string[] = [];
    for (const each of cases) {
      const own = await pathOf(each.id, { mode: 'require' });
      const all = await pathOf(each.id, { mode: 'require', crls });
      if ((own.problems.length === 0) !== (all.problems.length === 0)) differ.push(each.id);
    }
    expect(differ).toEqual([]);
  });
});
