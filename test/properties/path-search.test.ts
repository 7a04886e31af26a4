import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { validatePath } from '../../src/x509/path/path-validation.js';
import { pathWork } from '../../src/x509/path/path-work.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  type Holder,
  mailExtensions,
  nameOf,
  person,
} from '../support/chains.js';
import { certificatePolicies, general, nameConstraints } from '../support/constraints.js';
import { at, pathOf } from '../x509/support.js';

/** Who there is: each name with one of two keys. Number 0 is the root. */
const people = 5;
const holder = (name: number, key: number): Holder => ({
  certificate: trusted.certificate,
  name: nameOf(`Name ${name}`),
  key: chainKey(`name ${name} key ${key}`, 'ed25519'),
});
const trusted = authority(undefined, 'Name 0', { key: chainKey('name 0 key 0', 'ed25519') });

/** A certificate from one of them for another, with or without a fault. */
interface Edge {
  readonly by: readonly [number, number];
  readonly to: readonly [number, number];
  readonly fault: 'none' | 'expired' | 'no authority' | 'path length' | 'names' | 'no policy';
}

const someone = fc.tuple(fc.nat(people - 1), fc.nat(1));
const theRoot = fc.constant([0, 0] as const);
const edge: fc.Arbitrary<Edge> = fc.record({
  by: fc.oneof({ weight: 1, arbitrary: theRoot }, { weight: 3, arbitrary: someone }),
  to: someone,
  fault: fc.oneof(
    { weight: 4, arbitrary: fc.constant('none' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('expired', 'no authority', 'path length', 'names', 'no policy'),
    },
  ),
});

const policy = '1.2.3';
const made = new Map<string, Holder>();

function certify({ by, to, fault }: Edge): Holder {
  const id = `${by} ${to} ${fault}`;
  let known = made.get(id);
  if (known === undefined) {
    const constraint = nameConstraints({ permitted: [general.directory(nameOf('Name 4'))] });
    known = authority(holder(...by), `Name ${to[0]}`, {
      key: holder(...to).key,
      // Without hints the search has to try.
      keyIdentifiers: false,
      extensions: [
        ...(fault === 'no authority' ? [] : authorityExtensions(fault === 'path length' ? 0 : undefined)),
        ...(fault === 'no policy' ? [] : [certificatePolicies(policy)]),
        ...(fault === 'names' ? [constraint] : []),
      ],
      ...(fault === 'expired' ? { to: '2021-01-01T00:00:00Z' } : {}),
    });
    made.set(id, known);
  }
  return known;
}

/** Every way from a certificate up to the root on which nobody comes twice, by name and key of who made it. */
function* ways(
  path: readonly Certificate[],
  edges: readonly Edge[],
  by: string,
): Generator<readonly Certificate[]> {
  if (by === '0,0') yield path;
  for (const each of edges) {
    const { certificate } = certify(each);
    if (`${each.to}` !== by || path.some((one) => sameHolder(one, certificate))) continue;
    yield* ways([...path, certificate], edges, `${each.by}`);
  }
}

function sameHolder(a: Certificate, b: Certificate): boolean {
  return a.subject.equals(b.subject) && `${a.subjectPublicKeyInfo}` === `${b.subjectPublicKeyInfo}`;
}

test('a valid path is found exactly where there is one, whatever else is in the pool', async () => {
  const seen = { valid: 0, invalid: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(edge, { minLength: 1, maxLength: 12 }), someone, async (edges, by) => {
      const leaf = person(holder(...by), 'Name 4', {
        key: chainKey('leaf', 'ed25519'),
        keyIdentifiers: false,
        extensions: [...mailExtensions(), certificatePolicies(policy)],
      });
      const policies = { requireExplicit: true };
      const exists = [...ways([leaf.certificate], edges, `${by}`)].some(
        (path) =>
          validatePath(path, trusted.certificate, { at, policies }, pathWork(64)).problems.length === 0,
      );
      const found = await pathOf(leaf, [trusted], edges.map(certify), {
        maxSignatureChecks: 10_000,
        policies,
      });
      expect(found.problems.length === 0).toBe(exists);
      seen[exists ? 'valid' : 'invalid']++;
    }),
    { numRuns: 400 },
  );
  expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(30);
});
