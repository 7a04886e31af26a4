import type { Certificate } from '../certificate/certificate.js';
import {
  anyPolicyOid,
  type PolicyInformation,
  type PolicyQualifier,
} from '../certificate/policy-extensions.js';
import { quietly } from './path-problem.js';
import type { ValidPolicy } from './valid-policy.js';

/** Longer lists of policies than anybody's are not compared each with each. */
const fewPolicies = 8;

/** Whether each certificate names few policies, none of them anyPolicy, and maps none. What is damaged is told by whom it is read next. */
export function arePlain(path: readonly Certificate[]): boolean {
  return (
    quietly(() =>
      path.every(({ certificatePolicies: policies = [], policyMappings }) => {
        return (
          policies.length <= fewPolicies &&
          policyMappings.length === 0 &&
          !policies.some(({ policy }) => policy === anyPolicyOid)
        );
      }),
    ) ?? false
  );
}

/**
 * The policies of a path on which they are plain. The graph of RFC 9618 has
 * then, below its root, a chain of nodes for each policy of the topmost
 * certificate, which ends where a certificate does not name it (§5.3 (d)(1),
 * (3)): what is left are the policies that all of them name.
 */
export class PlainPolicies {
  private readonly levels: (readonly PolicyInformation[])[] = [];
  private left: readonly PolicyInformation[] = [];

  /** Adds the policies of the next certificate; `false` when no policy is left. */
  extend(policies: readonly PolicyInformation[]): boolean {
    this.left =
      this.levels.length === 0
        ? policies
        : this.left.filter(({ policy }) => policies.some((each) => each.policy === policy));
    this.levels.push(policies);
    return this.left.length > 0;
  }

  /** RFC 9618 §5.5 (g)(2)–(4). */
  authorityConstrained(): readonly ValidPolicy[] {
    const { levels } = this;
    return this.left.map(({ policy }) => {
      const qualifiers: PolicyQualifier[] = [];
      for (const level of levels) {
        for (const each of level) if (each.policy === policy) qualifiers.push(...each.qualifiers);
      }
      return { policy, qualifiers };
    });
  }
}
