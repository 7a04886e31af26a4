import type { Certificate } from '../certificate/certificate.js';
import {
  anyPolicyOid,
  type PolicyInformation,
  type PolicyMapping,
  type PolicyQualifier,
} from '../certificate/policy-extensions.js';
import { guard, type PathProblem, problemsOf } from './path-problem.js';
import { arePlain, PlainPolicies } from './plain-policies.js';
import { type ValidPolicy, withQualifiers } from './valid-policy.js';

/** The inputs to policy processing (RFC 5280 §6.1.1 c, e, f, g). */
export interface PolicyOptions {
  /** The policies that the caller accepts, dotted OIDs; default anyPolicy, which accepts all. */
  readonly acceptable?: readonly string[];
  /** Whether the path must be valid for at least one acceptable policy. Default `false`. */
  readonly requireExplicit?: boolean;
  /** Whether authorities may not map policies of others to their own. Default `false`: they may. */
  readonly inhibitMapping?: boolean;
  /** Whether anyPolicy in a certificate stands for no policy. Default `false`: it stands for all. */
  readonly inhibitAny?: boolean;
}

/**
 * Processes the certificate policies of a path (RFC 5280 §6.1 as RFC 9618 §5
 * updates it). The cost is linear in the number of policies and mappings.
 *
 * @param path From the end entity to the certificate below the trust anchor.
 * @returns The user-constrained policy set.
 */
export function checkPolicies(
  path: readonly Certificate[],
  options: PolicyOptions,
  problems: PathProblem[],
): readonly ValidPolicy[] {
  const processing = new PolicyProcessing(path, options);
  for (let level = path.length - 1; level >= 0; level--) {
    const certificate = path[level]!;
    let isSound = false;
    guard(certificate, problems, () => {
      isSound = processing.process(certificate, level === 0, problems);
    });
    // RFC 5280 §6.1.3, §6.1.4: processing ends with the first fault.
    if (!isSound) return [];
  }
  return processing.finish(path[0]!, problems);
}

/** The policies that are left, and where they came from. */
interface Policies {
  extend(policies: readonly PolicyInformation[], anyAllowed: boolean): boolean;
  authorityConstrained(): readonly ValidPolicy[];
}

/** The state variables of RFC 5280 §6.1.2, and what each certificate does to them. */
class PolicyProcessing {
  private graph: Policies | undefined;
  private explicitPolicy: number;
  private inhibitAnyPolicy: number;
  private policyMapping: number;
  private readonly acceptable: ReadonlySet<string> | undefined;

  constructor(path: readonly Certificate[], options: PolicyOptions) {
    const { length } = path;
    this.graph = arePlain(path) ? new PlainPolicies() : new PolicyGraph();
    // RFC 5280 §6.1.2 (d), (e), (f): 0 where the initial input says so, else n + 1.
    this.explicitPolicy = options.requireExplicit === true ? 0 : length + 1;
    this.inhibitAnyPolicy = options.inhibitAny === true ? 0 : length + 1;
    this.policyMapping = options.inhibitMapping === true ? 0 : length + 1;
    const acceptable = options.acceptable;
    // RFC 5280 §6.1.1 (c): anyPolicy when the caller does not mind.
    this.acceptable =
      acceptable === undefined || acceptable.includes(anyPolicyOid) ? undefined : new Set(acceptable);
  }

  /** RFC 5280 §6.1.3 (d), (e), (f), as RFC 9618 §5.3 updates them; `false` at a fault. */
  process(certificate: Certificate, isLast: boolean, problems: PathProblem[]): boolean {
    const say = problemsOf(certificate, problems);
    const policies = certificate.certificatePolicies;
    if (policies === undefined) {
      // RFC 9618 §5.3 (e): without the extension no policy is left.
      this.graph = undefined;
    } else if (this.graph !== undefined) {
      // RFC 9618 §5.3 (d)(2): anyPolicy counts while it is not inhibited, and in a self-issued certificate but the last.
      const anyAllowed = this.inhibitAnyPolicy > 0 || (!isLast && certificate.isSelfIssued);
      this.keep(this.graph.extend(policies, anyAllowed));
    }
    // RFC 9618 §5.3 (f): where a policy is required by now, one must be left.
    if (this.explicitPolicy === 0 && this.graph === undefined) {
      say('policy-required', 'leaves no policy valid, and one is required', 'RFC 5280 §6.1.3 (f)');
      return false;
    }
    if (!isLast) return this.prepareForNext(certificate, problems);
    this.wrapUp(certificate);
    return true;
  }

  /** RFC 5280 §6.1.4 (a), (b), (h), (i), (j), as RFC 9618 §5.4 updates (b). */
  private prepareForNext(certificate: Certificate, problems: PathProblem[]): boolean {
    const mappings = certificate.policyMappings;
    // RFC 5280 §6.1.4 (a): anyPolicy is not mapped, nor mapped to.
    if (
      mappings.some(
        (each) => each.issuerDomainPolicy === anyPolicyOid || each.subjectDomainPolicy === anyPolicyOid,
      )
    ) {
      problemsOf(certificate, problems)(
        'policy-mapping-any',
        'maps anyPolicy to another policy or another to it',
        'RFC 5280 §6.1.4 (a)',
      );
      return false;
    }
    if (this.graph instanceof PolicyGraph && mappings.length > 0) {
      if (this.policyMapping > 0) this.graph.map(mappings);
      else this.keep(this.graph.remove(mappings));
    }
    // RFC 5280 §6.1.4 (h): self-issued certificates do not count.
    if (!certificate.isSelfIssued) {
      this.explicitPolicy = Math.max(0, this.explicitPolicy - 1);
      this.policyMapping = Math.max(0, this.policyMapping - 1);
      this.inhibitAnyPolicy = Math.max(0, this.inhibitAnyPolicy - 1);
    }
    // RFC 5280 §6.1.4 (i), (j): the extensions lower the counters, and never raise one.
    const constraints = certificate.policyConstraints;
    this.explicitPolicy = Math.min(this.explicitPolicy, constraints?.requireExplicitPolicy ?? Infinity);
    this.policyMapping = Math.min(this.policyMapping, constraints?.inhibitPolicyMapping ?? Infinity);
    this.inhibitAnyPolicy = Math.min(this.inhibitAnyPolicy, certificate.inhibitAnyPolicy ?? Infinity);
    return true;
  }

  /** RFC 5280 §6.1.5 (a), (b). */
  private wrapUp(certificate: Certificate): void {
    this.explicitPolicy = Math.max(0, this.explicitPolicy - 1);
    if (certificate.policyConstraints?.requireExplicitPolicy === 0) this.explicitPolicy = 0;
  }

  /** RFC 9618 §5.5 (g): the policies of the trust anchor's domain that are left, and of them those that the caller accepts. */
  finish(endEntity: Certificate, problems: PathProblem[]): readonly ValidPolicy[] {
    const valid = this.graph?.authorityConstrained() ?? [];
    const policies = this.acceptable === undefined ? valid : constrain(valid, this.acceptable);
    if (this.explicitPolicy === 0 && policies.length === 0) {
      problemsOf(endEntity, problems)(
        'policy-required',
        'is valid for none of the policies that are accepted, and one is required',
        'RFC 5280 §6.1.5 (g)',
      );
    }
    return policies;
  }

  private keep(isLeft: boolean): void {
    if (!isLeft) this.graph = undefined;
  }
}

/** RFC 9618 §5.5 (g)(6): what the caller accepts; where anyPolicy is left, all of that. */
function constrain(valid: readonly ValidPolicy[], acceptable: ReadonlySet<string>): readonly ValidPolicy[] {
  const any = valid.find(({ policy }) => policy === anyPolicyOid);
  const kept = valid.filter(({ policy }) => acceptable.has(policy));
  if (any === undefined) return kept;
  const named = new Set(kept.map(({ policy }) => policy));
  const others = [...acceptable].filter((policy) => !named.has(policy));
  return [...kept, ...others.map((policy) => withQualifiers(policy, () => any.qualifiers))];
}

/** A node of the graph (RFC 9618 §5.1). */
interface PolicyNode {
  readonly validPolicy: string;
  readonly qualifiers: readonly PolicyQualifier[];
  expected: ReadonlySet<string>;
  readonly parents: readonly PolicyNode[];
  readonly children: Set<PolicyNode>;
}

/**
 * The valid_policy_graph of RFC 9618 §5.1: at each depth one node for a
 * policy, whatever leads to it. The tree of RFC 5280 had one for each way to
 * it, and so exponentially many.
 */
class PolicyGraph {
  /** For each depth, the nodes by their valid_policy. RFC 9618 §5.2 (a): at depth 0 anyPolicy alone. */
  private readonly depths: Map<string, PolicyNode>[] = [new Map()];

  constructor() {
    this.add(0, anyPolicyOid, [], [], new Set([anyPolicyOid]));
  }

  /** Adds the depth of a certificate with these policies; `false` when nothing is left of the graph. */
  extend(policies: readonly PolicyInformation[], anyAllowed: boolean): boolean {
    const above = this.depths[this.depths.length - 1]!;
    const depth = this.depths.push(new Map()) - 1;
    const expecting = nodesByExpected(above);
    const anyAbove = above.get(anyPolicyOid);
    let any: PolicyInformation | undefined;
    for (const each of policies) {
      if (each.policy === anyPolicyOid) {
        any = each;
        continue;
      }
      // RFC 9618 §5.3 (d)(1): below the nodes that expect the policy, else below anyPolicy.
      const parents = expecting.get(each.policy) ?? (anyAbove === undefined ? [] : [anyAbove]);
      if (parents.length > 0) this.add(depth, each.policy, each.qualifiers, parents);
    }
    // RFC 9618 §5.3 (d)(2): anyPolicy stands for each policy that is expected and not named.
    if (any !== undefined && anyAllowed) {
      for (const [policy, parents] of expecting) {
        if (!this.depths[depth]!.has(policy)) this.add(depth, policy, any.qualifiers, parents);
      }
    }
    return this.prune(depth - 1);
  }

  /** RFC 9618 §5.4 (b)(1): the certificate expects of the next what it maps its policies to. */
  map(mappings: readonly PolicyMapping[]): void {
    const depth = this.depths.length - 1;
    const nodes = this.depths[depth]!;
    const any = nodes.get(anyPolicyOid);
    const mapped = new Map<string, Set<string>>();
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      const to = mapped.get(issuerDomainPolicy);
      if (to === undefined) mapped.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
      else to.add(subjectDomainPolicy);
    }
    for (const [policy, expected] of mapped) {
      const node = nodes.get(policy);
      if (node !== undefined) node.expected = expected;
      // A policy that only anyPolicy stood for gets a node of its own, below the anyPolicy above.
      else if (any !== undefined) this.add(depth, policy, any.qualifiers, any.parents, expected);
    }
  }

  /** RFC 9618 §5.4 (b)(2): where mapping is inhibited, policies that are mapped end; `false` when nothing is left of the graph. */
  remove(mappings: readonly PolicyMapping[]): boolean {
    const depth = this.depths.length - 1;
    for (const { issuerDomainPolicy } of mappings) {
      const node = this.depths[depth]!.get(issuerDomainPolicy);
      if (node !== undefined) this.drop(depth, node);
    }
    return this.prune(depth - 1);
  }

  /** RFC 9618 §5.5 (g)(2)–(4): nodes right below anyPolicy, which name policies in the anchor's terms, and a last anyPolicy. */
  authorityConstrained(): readonly ValidPolicy[] {
    const byPolicy = new Map<string, PolicyNode[]>();
    this.depths.forEach((nodes, depth) => {
      for (const node of nodes.values()) {
        const isAny = node.validPolicy === anyPolicyOid;
        const isTop = node.parents.length === 1 && node.parents[0]!.validPolicy === anyPolicyOid;
        if (isAny ? depth !== this.depths.length - 1 : !isTop) continue;
        const others = byPolicy.get(node.validPolicy);
        if (others === undefined) byPolicy.set(node.validPolicy, [node]);
        else others.push(node);
      }
    });
    return [...byPolicy].map(([policy, nodes]) => withQualifiers(policy, () => qualifiersAround(nodes)));
  }

  private add(
    depth: number,
    validPolicy: string,
    qualifiers: readonly PolicyQualifier[],
    parents: readonly PolicyNode[],
    expected: ReadonlySet<string> = new Set([validPolicy]),
  ): void {
    const node: PolicyNode = { validPolicy, qualifiers, expected, parents, children: new Set() };
    this.depths[depth]!.set(validPolicy, node);
    for (const parent of parents) parent.children.add(node);
  }

  private drop(depth: number, node: PolicyNode): void {
    this.depths[depth]!.delete(node.validPolicy);
    for (const parent of node.parents) parent.children.delete(node);
  }

  /** RFC 9618 §5.3 (d)(3): from this depth up, nodes without children go; `false` when the root goes too. */
  private prune(depth: number): boolean {
    for (let level = depth; level >= 0; level--) {
      let dropped = false;
      for (const node of this.depths[level]!.values()) {
        if (node.children.size > 0) continue;
        this.drop(level, node);
        dropped = true;
      }
      if (!dropped) break;
    }
    return this.depths[0]!.size > 0;
  }
}

/** For each policy that nodes expect, those nodes. */
function nodesByExpected(nodes: ReadonlyMap<string, PolicyNode>): Map<string, PolicyNode[]> {
  const expecting = new Map<string, PolicyNode[]>();
  for (const node of nodes.values()) {
    for (const policy of node.expected) {
      const others = expecting.get(policy);
      if (others === undefined) expecting.set(policy, [node]);
      else others.push(node);
    }
  }
  return expecting;
}

/** RFC 9618 §5.5 (g)(4)(ii): the qualifiers of nodes, of what is above them and of what is below. */
function qualifiersAround(nodes: readonly PolicyNode[]): readonly PolicyQualifier[] {
  const found = new Set<PolicyQualifier>();
  const walk = (start: readonly PolicyNode[], next: (node: PolicyNode) => Iterable<PolicyNode>): void => {
    const queue = [...start];
    const seen = new Set(queue);
    for (const node of queue) {
      for (const each of node.qualifiers) found.add(each);
      for (const each of next(node)) {
        if (seen.has(each)) continue;
        seen.add(each);
        queue.push(each);
      }
    }
  };
  walk(nodes, ({ parents }) => parents);
  walk(nodes, ({ children }) => children);
  return [...found];
}
