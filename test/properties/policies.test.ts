import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PathProblem } from '../../src/x509/path/path-problem.js';
import { checkPolicies, type PolicyOptions } from '../../src/x509/path/policy-graph.js';
import { authority, chainKey, type Holder } from '../support/chains.js';
import {
  anyPolicy,
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../support/constraints.js';

/** What one certificate says of policies. */
interface Level {
  readonly policies: readonly string[] | undefined;
  readonly mappings: readonly (readonly [string, string])[];
  readonly explicit: number | undefined;
  readonly mapping: number | undefined;
  readonly any: number | undefined;
  readonly isSelfIssued: boolean;
}

/** A node of the valid_policy_tree of RFC 5280 §6.1.2 (a), which RFC 9618 replaced. */
interface TreeNode {
  readonly policy: string;
  expected: readonly string[];
  readonly depth: number;
  readonly parent: TreeNode | undefined;
}

/**
 * RFC 5280 §6.1 with the tree that it describes, step by step and without
 * regard to cost: the set of policies, or `undefined` where the path is not valid.
 */
function byTree(levels: readonly Level[], options: PolicyOptions): Set<string> | undefined {
  const n = levels.length;
  let tree: TreeNode[] = [{ policy: anyPolicy, expected: [anyPolicy], depth: 0, parent: undefined }];
  let explicit = options.requireExplicit === true ? 0 : n + 1;
  let inhibitAny = options.inhibitAny === true ? 0 : n + 1;
  let mapping = options.inhibitMapping === true ? 0 : n + 1;
  const prune = (below: number): void => {
    for (let before = -1; before !== tree.length; ) {
      before = tree.length;
      tree = tree.filter((node) => node.depth >= below || tree.some(({ parent }) => parent === node));
    }
  };
  for (const [index, level] of levels.entries()) {
    const i = index + 1;
    const above = tree.filter(({ depth }) => depth === i - 1);
    const add = (policy: string, parent: TreeNode): void => {
      tree.push({ policy, expected: [policy], depth: i, parent });
    };
    if (level.policies === undefined) tree = [];
    for (const policy of tree.length === 0 ? [] : (level.policies ?? [])) {
      if (policy === anyPolicy) continue;
      const parents = above.filter(({ expected }) => expected.includes(policy));
      const any = above.find((node) => node.policy === anyPolicy);
      for (const parent of parents.length === 0 && any !== undefined ? [any] : parents) add(policy, parent);
    }
    if (level.policies?.includes(anyPolicy) === true && (inhibitAny > 0 || (i < n && level.isSelfIssued))) {
      for (const parent of above) {
        for (const policy of parent.expected) {
          if (!tree.some((node) => node.parent === parent && node.policy === policy)) add(policy, parent);
        }
      }
    }
    prune(i);
    if (explicit === 0 && tree.length === 0) return undefined;
    if (i === n) break;
    if (level.mappings.flat().includes(anyPolicy)) return undefined;
    for (const policy of new Set(level.mappings.map(([from]) => from))) {
      const nodes = tree.filter((node) => node.depth === i && node.policy === policy);
      const to = level.mappings.filter(([from]) => from === policy).map(([, mapped]) => mapped);
      if (mapping === 0) tree = tree.filter((node) => !nodes.includes(node));
      else if (nodes.length > 0) for (const node of nodes) node.expected = to;
      else {
        const any = tree.find((node) => node.depth === i && node.policy === anyPolicy);
        if (any !== undefined) tree.push({ policy, expected: to, depth: i, parent: any.parent });
      }
    }
    prune(i);
    if (!level.isSelfIssued) {
      explicit = Math.max(0, explicit - 1);
      mapping = Math.max(0, mapping - 1);
      inhibitAny = Math.max(0, inhibitAny - 1);
    }
    explicit = Math.min(explicit, level.explicit ?? explicit);
    mapping = Math.min(mapping, level.mapping ?? mapping);
    inhibitAny = Math.min(inhibitAny, level.any ?? inhibitAny);
  }
  explicit = Math.max(0, explicit - 1);
  if (levels.at(-1)!.explicit === 0) explicit = 0;
  const valid = new Set(
    tree
      .filter(({ policy, parent }) => policy !== anyPolicy && parent?.policy === anyPolicy)
      .map(({ policy }) => policy),
  );
  const hasAny = tree.some(({ policy, depth }) => policy === anyPolicy && depth === n);
  const { acceptable } = options;
  const result =
    acceptable === undefined
      ? new Set(hasAny ? [...valid, anyPolicy] : valid)
      : new Set(acceptable.filter((policy) => hasAny || valid.has(policy)));
  return explicit === 0 && result.size === 0 ? undefined : result;
}

const policy = fc.constantFrom('1.2.1', '1.2.2', '1.2.3', '1.2.4');
const orAny = fc.oneof({ weight: 4, arbitrary: policy }, { weight: 2, arbitrary: fc.constant(anyPolicy) });
const count = fc.option(fc.nat(3), { nil: undefined, freq: 3 });
const level: fc.Arbitrary<Level> = fc.record({
  policies: fc.option(fc.uniqueArray(orAny, { minLength: 1, maxLength: 4 }), { nil: undefined, freq: 12 }),
  mappings: fc.array(fc.tuple(policy, policy), { maxLength: 3 }),
  explicit: count,
  mapping: count,
  any: count,
  isSelfIssued: fc.boolean(),
});
const options: fc.Arbitrary<PolicyOptions> = fc.record(
  {
    acceptable: fc.uniqueArray(policy, { minLength: 1, maxLength: 3 }),
    requireExplicit: fc.boolean(),
    inhibitMapping: fc.boolean(),
    inhibitAny: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Certificates that say so, from the end entity up. Their signatures are not looked at here. */
function certify(levels: readonly Level[]): Holder[] {
  const root = authority(undefined, 'Name 0');
  let issuer = root;
  let name = 0;
  return levels
    .map((each) => {
      if (!each.isSelfIssued) name++;
      const { explicit, mapping } = each;
      issuer = authority(issuer, `Name ${name}`, {
        key: chainKey('one for all'),
        keyIdentifiers: false,
        extensions: [
          ...(each.policies === undefined ? [] : [certificatePolicies(...each.policies)]),
          ...(each.mappings.length === 0 ? [] : [policyMappings(...each.mappings)]),
          ...(explicit === undefined && mapping === undefined
            ? []
            : [
                policyConstraints({
                  ...(explicit === undefined ? {} : { explicit }),
                  ...(mapping === undefined ? {} : { mapping }),
                }),
              ]),
          ...(each.any === undefined ? [] : [inhibitAnyPolicy(each.any)]),
        ],
      });
      return issuer;
    })
    .reverse();
}

test('the graph of RFC 9618 gives what the tree of RFC 5280 gives', () => {
  const seen = { valid: 0, refused: 0, named: 0 };
  fc.assert(
    fc.property(fc.array(level, { minLength: 1, maxLength: 5 }), options, (levels, given) => {
      const problems: PathProblem[] = [];
      const path = certify(levels).map(({ certificate }) => certificate);
      const found = checkPolicies(path, given, problems).map((each) => each.policy);
      const expected = byTree(levels, given);
      expect(problems.length === 0).toBe(expected !== undefined);
      if (expected === undefined) seen.refused++;
      else {
        seen.valid++;
        if (expected.size > 0) seen.named++;
        expect(new Set(found)).toEqual(expected);
        expect(found.length).toBe(expected.size);
      }
    }),
    { numRuns: 1500 },
  );
  // Each outcome is met often enough to mean something.
  expect(Math.min(seen.valid, seen.refused, seen.named)).toBeGreaterThan(100);
});
