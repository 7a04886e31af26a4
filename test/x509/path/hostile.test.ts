import { describe, expect, test } from 'vitest';
import { type PathProblem, problemsOf } from '../../../src/x509/path/path-problem.js';
import { validatePath } from '../../../src/x509/path/path-validation.js';
import { pathWork } from '../../../src/x509/path/path-work.js';
import { checkPolicies } from '../../../src/x509/path/policy-graph.js';
import {
  authority,
  authorityExtensions,
  type CertificateSpec,
  type ChainKey,
  chainKey,
  type Holder,
  mailExtensions,
  nameOf,
  person,
  subjectAltName,
} from '../../support/chains.js';
import { certificatePolicies, general, nameConstraints, policyMappings } from '../../support/constraints.js';
import { expectLinear } from '../../support/linear-time.js';
import { at, complaints, pathOf, route } from '../support.js';

const root = authority(undefined, 'Root');
const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const codes = (problems: readonly PathProblem[]): string[] => problems.map(({ code }) => code);

/** Who could issue: a name and a key, with nobody's certificate. */
function issuer(name: string, key: ChainKey): Holder {
  return { ...root, name: nameOf(name), key };
}

/** Signing is quickest with this. */
const quick = (name: string): ChainKey => chainKey(name, 'ed25519');

describe('10,000 cross-certificates', () => {
  const count = 100;
  const authorities = many(count, (i) => issuer(`Authority ${i}`, quick(`authority ${i % 10}`)));
  const named = (subject: number, by: Holder, more: Partial<CertificateSpec> = {}): Holder =>
    authority(by, `Authority ${subject}`, { key: authorities[subject]!.key, ...more });
  // Each certifies each, itself too: 10,000.
  const mesh = authorities.flatMap((by) => many(count, (subject) => named(subject, by)));
  const alice = person(authorities[0], 'Alice', { key: quick('Alice') });

  test('between 100 authorities: the search ends, and says so', async () => {
    expect(mesh.length).toBe(10_000);
    const path = await pathOf(alice, [root], mesh);
    expect(codes(path.problems)).toEqual(['search-limit']);
    expect(path.anchor).toBeUndefined();
  });

  test('between 100 authorities, with a way out of each: it is found', async () => {
    const exits = many(count, (subject) => named(subject, root));
    const path = await pathOf(alice, [root], [...mesh, ...exits]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Authority 0 <- Root', []]);
  });

  test('between 100 authorities, with one way out: it is found by names, however far', async () => {
    const path = await pathOf(alice, [root], [...mesh, named(57, root)]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Authority 0 < Authority 57 <- Root', []]);
  });

  test('for one name and key, all expired but one: that is tried first', async () => {
    const key = quick('crowd');
    const crowd = many(2_000, () => authority(root, 'Crowd', { key, to: '2021-01-01T00:00:00Z' }));
    const leaf = person(issuer('Crowd', key), 'Alice');
    expect(codes((await pathOf(leaf, [root], crowd)).problems)).toEqual(['expired']);
    const good = authority(root, 'Crowd', { key });
    expect(complaints(await pathOf(leaf, [root], [...crowd, good], { maxSignatureChecks: 2 }))).toEqual([]);
  });

  test('in a ring of 1,000', async () => {
    const ring = many(1_000, (i) => issuer(`Ring ${i}`, quick(`ring ${i % 20}`)));
    const links = ring.map((each, i) => authority(ring[(i + 1) % 1_000], `Ring ${i}`, { key: each.key }));
    const path = await pathOf(person(ring[0], 'Alice'), [root], links);
    expect(codes(path.problems)).toEqual(['search-limit']);
    expect(path.certificates.length).toBe(17);
  });

  test('a signature is checked once, however many ways lead over it', async () => {
    // Between 5 authorities that certify each other there are 65 steps of ways from one, over 17 signatures:
    // Alice's, and those of the four others on each other and on the one.
    const few = authorities.slice(0, 5);
    const small = few.flatMap((by, i) =>
      many(5, (j) => j)
        .filter((j) => j !== i)
        .map((j) => named(j, by)),
    );
    expect(small.length).toBe(20);
    const enough = await pathOf(alice, [root], small, { maxSignatureChecks: 17 });
    expect(codes(enough.problems)).toEqual(['issuer-missing']);
    const less = await pathOf(alice, [root], small, { maxSignatureChecks: 16 });
    expect(codes(less.problems)).toEqual(['search-limit']);
  });
});

describe('policy mappings', () => {
  const levels = 10;

  /** A path on which each authority maps each of so many policies to each: a tree would have k to the power of 10 leaves. */
  function path(k: number): Holder[] {
    const oids = many(k, (i) => `1.2.3.${i}`);
    const pairs = oids.flatMap((from) => oids.map((to) => [from, to] as const));
    const chain: Holder[] = [root];
    for (let level = 0; level < levels; level++) {
      chain.push(
        authority(chain.at(-1), `Authority ${level}`, {
          extensions: [
            ...authorityExtensions(),
            certificatePolicies(...oids.map((oid) => [oid, `cps:${level}`] as const)),
            policyMappings(...pairs),
          ],
        }),
      );
    }
    chain.push(
      person(chain.at(-1), 'Alice', { extensions: [...mailExtensions(), certificatePolicies(oids[0]!)] }),
    );
    return chain.slice(1).reverse();
  }

  test('from each to each, ten times over, are processed at their number’s cost', async () => {
    const [leaf, ...pool] = path(30);
    const found = await pathOf(leaf!, [root], pool, { policies: { requireExplicit: true } });
    expect([complaints(found), found.policies.length]).toEqual([[], 30]);
    expect(found.policies.map(({ qualifiers }) => qualifiers.length)).toEqual(many(30, () => 1 + 9 * 30));
  });

  test('cost linear in the number of mappings', () => {
    expectLinear((size) => {
      const certificates = path(Math.sqrt(size)).map(({ certificate }) => certificate);
      return () => {
        const problems: PathProblem[] = [];
        checkPolicies(certificates, { requireExplicit: true }, problems);
        expect(problems).toEqual([]);
      };
    }, 900);
  });

  test('of anyPolicy to ever more policies', () => {
    expectLinear((size) => {
      const chain: Holder[] = [root];
      for (let level = 0; level < 5; level++) {
        const pairs = many(size, (i) => [`1.2.${level}.${i}`, `1.2.${level + 1}.${i}`] as const);
        chain.push(
          authority(chain.at(-1), `Authority ${level}`, {
            extensions: [
              ...authorityExtensions(),
              certificatePolicies('2.5.29.32.0'),
              policyMappings(...pairs),
            ],
          }),
        );
      }
      const certificates = chain
        .slice(1)
        .map(({ certificate }) => certificate)
        .reverse();
      return () => {
        const problems: PathProblem[] = [];
        const policies = checkPolicies(certificates, { requireExplicit: true }, problems);
        expect([problems.length, policies.length > size]).toEqual([0, true]);
      };
    }, 300);
  });
});

describe('name constraints against names', () => {
  const narrow = (count: number, list: 'permitted' | 'excluded'): Holder =>
    authority(root, 'Narrow', {
      extensions: [
        ...authorityExtensions(),
        nameConstraints({ [list]: many(count, (i) => general.mail(`host${i}.example.com`)) }),
      ],
    });
  const crowd = (by: Holder, count: number): Holder =>
    person(by, 'Crowd', {
      extensions: [subjectAltName(...many(count, (i) => `someone@host${i}.example.com`))],
    });

  test('400 by 400 are compared', async () => {
    const by = narrow(400, 'permitted');
    expect(complaints(await pathOf(crowd(by, 400), [root], [by]))).toEqual([]);
  });

  test.each(['permitted', 'excluded'] as const)(
    '5,000 %s by 5,000 are too many, and that is said',
    async (list) => {
      const by = narrow(5_000, list);
      const leaf = crowd(by, 5_000);
      const path = await pathOf(leaf, [root], [by]);
      expect(complaints(path)).toEqual([
        list === 'permitted' ? 'name-constraints-limit: Crowd' : 'name-constraints: Crowd',
      ]);
    },
  );

  test('the limit is one for the whole search, and no way to trust', async () => {
    const key = chainKey('narrow');
    const pool = many(20, () =>
      authority(root, 'Narrow', {
        key,
        extensions: [
          ...authorityExtensions(),
          nameConstraints({ excluded: many(300, (i) => general.mail(`elsewhere${i}.example.com`)) }),
        ],
        to: '2021-01-01T00:00:00Z',
      }),
    );
    const leaf = person(issuer('Narrow', key), 'Crowd', {
      extensions: [subjectAltName(...many(500, (i) => `someone@host${i}.example.com`))],
    });
    const work = pathWork(64);
    const first = validatePath([leaf.certificate, pool[0]!.certificate], root.certificate, { at }, work);
    expect([codes(first.problems), work.nameComparisons]).toEqual([['expired'], 250_000 - 500 * 301]);
    const second = validatePath([leaf.certificate, pool[1]!.certificate], root.certificate, { at }, work);
    expect(codes(second.problems)).toEqual(['name-constraints-limit', 'expired']);
    expect(codes((await pathOf(leaf, [root], pool)).problems)).toEqual(['expired']);
  });

  test('a long name is held against constraints in linear time', () => {
    expectLinear((size) => {
      const by = narrow(200, 'excluded').certificate;
      const names = [`"${'\\a'.repeat(size)}"@example.com`, `${'a.'.repeat(size)}@example.com`];
      const uri = general.uri(`https://${'a@'.repeat(size)}:${'1'.repeat(size)}`);
      const leaf = person(root, 'Long', { extensions: [subjectAltName(...names, uri)] }).certificate;
      return () => {
        const { problems } = validatePath([leaf, by], root.certificate, { at }, pathWork(64));
        expect(problems.length).toBe(0);
      };
    }, 100_000);
  });
});

describe('a caller who is asked for issuers', () => {
  const lost = person(issuer('Depth 0', quick('depth')), 'Alice', { key: quick('Alice') });

  test('and always knows one more is asked 16 times at most', async () => {
    let asked = 0;
    const path = await pathOf(lost, [root], [], {
      maxSignatureChecks: 1_000,
      findIssuers: async ({ issuer: name }) => {
        const depth = Number(name.commonName?.split(' ')[1]);
        asked++;
        return [
          authority(issuer(`Depth ${depth + 1}`, quick(`depth ${depth}`)), `Depth ${depth}`, {
            key: quick(depth === 0 ? 'depth' : `depth ${depth - 1}`),
          }).certificate,
        ];
      },
    });
    expect([asked, codes(path.problems)]).toEqual([16, ['search-limit']]);
  });

  test('and always gives the same is asked once for each', async () => {
    const asked: string[] = [];
    const loop = authority(issuer('Depth 0', quick('depth')), 'Depth 0', { key: quick('depth') }).certificate;
    const path = await pathOf(lost, [root], [], {
      findIssuers: async (certificate) => {
        asked.push(certificate.subject.commonName!);
        return [loop, loop, lost.certificate, root.certificate];
      },
    });
    expect([asked, complaints(path)]).toEqual([['Alice'], ['root-untrusted: Depth 0']]);
  });
});

test('a subject of a megabyte is told by its beginning', () => {
  const problems: PathProblem[] = [];
  const { certificate } = authority(root, 'x'.repeat(1_000_000), { key: quick('long') });
  problemsOf(certificate, problems)('expired', 'is old', 'RFC 5280');
  expect(problems[0]!.message.length).toBeLessThan(300);
});
