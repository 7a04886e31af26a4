import { describe, expect, test } from 'vitest';
import type { PolicyOptions } from '../../../src/x509/path/policy-graph.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  type Holder,
  mailExtensions,
  person,
} from '../../support/chains.js';
import {
  anyPolicy,
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../../support/constraints.js';
import { complaints, pathOf } from '../support.js';

const root = authority(undefined, 'Root');
const gold = '1.2.1';
const silver = '1.2.2';
const green = '1.3.1';
const blue = '1.3.2';

/** A path of authorities with these extensions and an end entity with the last. */
async function walk(
  levels: readonly (readonly Uint8Array[])[],
  policies: PolicyOptions = {},
  names: readonly string[] = [],
): Promise<{ problems: string[]; policies: string[]; qualifiers: string[] }> {
  let issuer: Holder = root;
  const pool: Holder[] = [];
  levels.slice(0, -1).forEach((extensions, i) => {
    const name = names[i] ?? `Authority ${i}`;
    issuer = authority(issuer, name, {
      key: chainKey(`level ${i}`),
      extensions: [...authorityExtensions(), ...extensions],
    });
    pool.push(issuer);
  });
  const leaf = person(issuer, names[pool.length] ?? 'Alice', {
    key: chainKey('Alice'),
    extensions: [...mailExtensions(), ...levels.at(-1)!],
  });
  const path = await pathOf(leaf, [root], pool, { policies });
  return {
    problems: complaints(path),
    policies: path.policies.map(({ policy }) => policy).sort(),
    qualifiers: path.policies.flatMap(({ policy, qualifiers }) =>
      qualifiers.map((each) => `${policy} ${each.kind === 'cps' ? each.uri : each.kind}`),
    ),
  };
}

const required: PolicyOptions = { requireExplicit: true };
const missing = ['policy-required: Alice'];

describe('without mappings', () => {
  test.each<[string, string[][], string[]]>([
    ['the same', [[gold], [gold], [gold]], [gold]],
    [
      'those that all name',
      [
        [gold, silver, green],
        [green, blue, gold],
        [gold, green],
      ],
      [gold, green],
    ],
    ['that part', [[gold], [silver], [gold]], []],
    ['that the first does not name', [[gold], [gold, silver], [silver]], []],
  ])('few policies, which are compared, are left as in the graph: %s', async (_, levels, expected) => {
    // So many that the graph is made; none of them is the end entity's.
    const others = Array.from({ length: 9 }, (__, i) => `1.2.840.${i}`);
    for (const more of [[], others]) {
      const found = await walk(
        levels.map((each, i) => [certificatePolicies(...each, ...(i === 0 ? more : []))]),
      );
      expect([found.problems, found.policies]).toEqual([[], expected]);
      const strict = await walk(
        levels.map((each, i) => [certificatePolicies(...each, ...(i === 0 ? more : []))]),
        { requireExplicit: true },
      );
      expect(strict.problems.length).toBe(expected.length === 0 ? 1 : 0);
    }
  });

  test('a path without policies is valid where none is required', async () => {
    expect(await walk([[], []])).toEqual({ problems: [], policies: [], qualifiers: [] });
    expect((await walk([[], []], { acceptable: [gold] })).problems).toEqual([]);
    // The first authority says nothing of policies: the rule is broken there.
    expect((await walk([[], []], required)).problems).toEqual(['policy-required: Authority 0']);
  });

  test('what every certificate names is left', async () => {
    const path = [[certificatePolicies(gold, silver)], [certificatePolicies(silver, blue)]];
    expect(await walk(path, required)).toEqual({ problems: [], policies: [silver], qualifiers: [] });
    expect((await walk(path, { ...required, acceptable: [silver, green] })).policies).toEqual([silver]);
    expect(await walk(path, { ...required, acceptable: [gold] })).toEqual({
      problems: missing,
      policies: [],
      qualifiers: [],
    });
    // Where none is required, what the caller accepts only says what is left.
    expect(await walk(path, { acceptable: [gold] })).toEqual({ problems: [], policies: [], qualifiers: [] });
  });

  test('anyPolicy stands for all', async () => {
    const any = [certificatePolicies(anyPolicy)];
    expect((await walk([any, any], required)).policies).toEqual([anyPolicy]);
    expect((await walk([any, any], { ...required, acceptable: [gold, blue] })).policies).toEqual([
      gold,
      blue,
    ]);
    expect((await walk([any, [certificatePolicies(gold)]], required)).policies).toEqual([gold]);
    expect((await walk([[certificatePolicies(gold)], any], required)).policies).toEqual([gold]);
    expect((await walk([any, any], { ...required, acceptable: [gold, anyPolicy] })).policies).toEqual([
      anyPolicy,
    ]);
  });

  test('anyPolicy stands for nothing where it is inhibited', async () => {
    const any = [certificatePolicies(anyPolicy)];
    const options = { ...required, inhibitAny: true };
    expect((await walk([any, any], options)).problems).toEqual(['policy-required: Authority 0']);
    const named = [certificatePolicies(gold)];
    expect((await walk([named, any], options)).problems).toEqual(missing);
    expect((await walk([named, named], options)).policies).toEqual([gold]);
    expect((await walk([[...any, inhibitAnyPolicy(0)], any], required)).problems).toEqual(missing);
    expect((await walk([[...any, inhibitAnyPolicy(1)], any], required)).policies).toEqual([anyPolicy]);
    expect((await walk([[...any, inhibitAnyPolicy(1)], any, any], required)).problems).toEqual(missing);
  });

  test('a self-issued authority may use it all the same, the end entity not', async () => {
    const any = [certificatePolicies(anyPolicy)];
    const narrow = [certificatePolicies(gold), inhibitAnyPolicy(0)];
    const named = [certificatePolicies(gold)];
    expect((await walk([narrow, any, named], required, ['Same', 'Same'])).policies).toEqual([gold]);
    expect((await walk([narrow, any, named], required, ['Same', 'Other'])).problems).toEqual([
      'policy-required: Other',
    ]);
    expect((await walk([narrow, any], required, ['Same', 'Same'])).problems).toEqual([
      'policy-required: Same',
    ]);
  });

  test('policyConstraints require a policy after so many certificates', async () => {
    const none: Uint8Array[] = [];
    const explicit = (count: number) => [policyConstraints({ explicit: count })];
    expect((await walk([explicit(0), none, none])).problems).toEqual(['policy-required: Authority 1']);
    expect((await walk([explicit(1), none, none])).problems).toEqual(missing);
    expect((await walk([explicit(2), none, none])).problems).toEqual(missing);
    expect((await walk([explicit(3), none, none])).problems).toEqual([]);
    expect((await walk([none, none, explicit(0)])).problems).toEqual(missing);
    expect((await walk([none, none, explicit(1)])).problems).toEqual([]);
    // A later one lowers the count and never raises it.
    expect((await walk([explicit(1), explicit(9), none])).problems).toEqual(missing);
    // Self-issued certificates do not count.
    expect((await walk([explicit(2), none, none], {}, ['Same', 'Same'])).problems).toEqual([]);
  });
});

describe('with mappings', () => {
  const any = [certificatePolicies(anyPolicy)];

  test('the policy of the trust anchor’s domain is told', async () => {
    const cross = [certificatePolicies(gold), policyMappings([gold, green])];
    expect((await walk([cross, [certificatePolicies(green)]], required)).policies).toEqual([gold]);
    expect((await walk([cross, [certificatePolicies(gold)]], required)).problems).toEqual(missing);
    expect((await walk([cross, any], required)).policies).toEqual([gold]);
    expect(
      (await walk([cross, [certificatePolicies(green)]], { ...required, acceptable: [green] })).problems,
    ).toEqual(missing);
  });

  test('several to one, one to several', async () => {
    const cross = [
      certificatePolicies(gold, silver),
      policyMappings([gold, green], [silver, green], [silver, blue]),
    ];
    expect((await walk([cross, [certificatePolicies(green)]], required)).policies).toEqual([gold, silver]);
    expect((await walk([cross, [certificatePolicies(blue)]], required)).policies).toEqual([silver]);
  });

  test('of what only anyPolicy stands for', async () => {
    const cross = [...any, policyMappings([gold, green])];
    expect((await walk([cross, [certificatePolicies(green)]], required)).policies).toEqual([gold]);
    expect((await walk([cross, [certificatePolicies(blue)]], required)).policies).toEqual([blue]);
    // A policy that is mapped is no longer expected under its own name, and anyPolicy names it again.
    expect((await walk([cross, [certificatePolicies(gold)]], required)).policies).toEqual([gold]);
  });

  test('two after each other', async () => {
    const first = [certificatePolicies(gold), policyMappings([gold, green])];
    const second = [certificatePolicies(green), policyMappings([green, blue])];
    expect((await walk([first, second, [certificatePolicies(blue)]], required)).policies).toEqual([gold]);
  });

  test('inhibited from the start, or by an authority', async () => {
    const cross = [certificatePolicies(gold, silver), policyMappings([gold, green])];
    const leaf = [certificatePolicies(green, silver)];
    expect((await walk([cross, leaf], { ...required, inhibitMapping: true })).policies).toEqual([silver]);
    const strict = [certificatePolicies(gold, silver), policyConstraints({ mapping: 0 })];
    expect((await walk([strict, cross, leaf], required)).policies).toEqual([silver]);
    const later = [certificatePolicies(gold, silver), policyConstraints({ mapping: 1 })];
    expect((await walk([later, cross, leaf], required)).policies).toEqual([gold, silver]);
    const alone = [certificatePolicies(gold), policyMappings([gold, green])];
    expect((await walk([alone, leaf], { ...required, inhibitMapping: true })).problems).toEqual(missing);
  });

  test('anyPolicy is not mapped, nor mapped to (RFC 5280 §6.1.4 a)', async () => {
    const wrong = ['policy-mapping-any: Authority 0'];
    expect((await walk([[...any, policyMappings([anyPolicy, gold])], any])).problems).toEqual(wrong);
    expect((await walk([[...any, policyMappings([gold, anyPolicy])], any])).problems).toEqual(wrong);
    // The end entity maps nothing for anybody.
    expect((await walk([any, [...any, policyMappings([gold, anyPolicy])]])).problems).toEqual([]);
  });
});

describe('qualifiers', () => {
  test('of all certificates, of the policies mapped to as well', async () => {
    const { qualifiers } = await walk(
      [
        [certificatePolicies([gold, 'cps:root']), policyMappings([gold, green])],
        [certificatePolicies([green, 'cps:middle', 'cps:more'], [blue, 'cps:other'])],
        [certificatePolicies([green, 'cps:end'])],
      ],
      required,
    );
    expect(qualifiers).toEqual([
      `${gold} cps:root`,
      `${gold} cps:middle`,
      `${gold} cps:more`,
      `${gold} cps:end`,
    ]);
  });

  test('of anyPolicy for what it stands for', async () => {
    const { qualifiers } = await walk(
      [[certificatePolicies([anyPolicy, 'cps:any'])], [certificatePolicies([anyPolicy, 'cps:below'])]],
      { ...required, acceptable: [gold, silver] },
    );
    expect(qualifiers).toEqual([
      `${gold} cps:below`,
      `${gold} cps:any`,
      `${silver} cps:below`,
      `${silver} cps:any`,
    ]);
  });

  test('are the same objects each time', async () => {
    const leaf = person(root, 'Alice', {
      extensions: [...mailExtensions(), certificatePolicies([gold, 'cps:x'])],
    });
    const { policies } = await pathOf(leaf, [root]);
    expect(policies[0]!.qualifiers).toBe(policies[0]!.qualifiers);
    expect(JSON.parse(JSON.stringify(policies))).toEqual([
      { policy: gold, qualifiers: [{ kind: 'cps', uri: 'cps:x' }] },
    ]);
  });
});

test('policies that cannot be read are told once', async () => {
  const damaged = certificatePolicies(gold, gold);
  expect((await walk([[damaged], [certificatePolicies(gold)]])).problems).toEqual([
    'certificate-malformed: Authority 0',
  ]);
});
