import type { Certificate } from '../certificate/certificate.js';
import { ExtensionOid } from '../certificate/extensions.js';
import { type AlgorithmPolicy, algorithmPolicyNow, checkAlgorithms } from './algorithm-policy.js';
import { checkNameConstraints, type NameBudget } from './name-constraints.js';
import { guard, type PathNote, type PathProblem, problemsOf, quietly, type Say } from './path-problem.js';
import { checkPolicies, type PolicyOptions } from './policy-graph.js';
import { checkEndEntityPurpose, checkIssuerPurpose, list, type PathPurpose } from './purpose.js';
import type { ValidPolicy } from './valid-policy.js';

/** What a path is held against. */
export interface PathRules {
  /** The moment at which each certificate must be valid. */
  readonly at: Date;
  /** What the end entity's key shall be used for. Default `mail-signing`. */
  readonly purpose?: PathPurpose;
  /** The inputs to policy processing. Default: any policy, none required. */
  readonly policies?: PolicyOptions;
  /** Which algorithms are refused, and which reported. Default {@link algorithmPolicyNow}. */
  readonly algorithms?: AlgorithmPolicy;
}

/** What the rules have to say about a path. */
export interface PathVerdict {
  readonly problems: readonly PathProblem[];
  readonly notes: readonly PathNote[];
  readonly policies: readonly ValidPolicy[];
}

/**
 * Validates a path by the rules of RFC 5280 §6.1 but for the signatures
 * (§6.1.3 (a)(1)), the names that chain (§6.1.3 (a)(4)), which the search for
 * the path saw to, and revocation (§6.1.3 (a)(3)).
 *
 * @param path From the end entity to the certificate below the trust anchor,
 * or to a trust anchor that is the end entity itself.
 */
export function validatePath(
  path: readonly Certificate[],
  anchor: Certificate | undefined,
  rules: PathRules,
  budget: NameBudget,
): PathVerdict {
  const problems: PathProblem[] = [];
  checkConstraints(path, anchor, rules.purpose ?? 'mail-signing', problems);
  checkNameConstraints(path, anchor, budget, problems);
  const policies = checkPolicies(path, rules.policies ?? {}, problems);
  const notes = checkAlgorithms(path, anchor, rules.algorithms ?? algorithmPolicyNow, problems);
  checkValidity(path, rules.at, problems);
  return { problems, notes, policies };
}

/** The critical extensions that this code processes or may rightly pass over (RFC 5280 §4.2), each with what reads it. */
const processed: ReadonlyMap<string, (certificate: Certificate) => unknown> = /* @__PURE__ */ new Map<
  string,
  (certificate: Certificate) => unknown
>([
  [ExtensionOid.subjectKeyIdentifier, (each) => each.subjectKeyIdentifier],
  [ExtensionOid.authorityKeyIdentifier, (each) => each.authorityKeyIdentifier],
  [ExtensionOid.keyUsage, (each) => each.keyUsage],
  [ExtensionOid.subjectAltName, (each) => each.subjectAltName],
  [ExtensionOid.issuerAltName, (each) => each.issuerAltName],
  [ExtensionOid.basicConstraints, (each) => each.basicConstraints],
  [ExtensionOid.extendedKeyUsage, (each) => each.extendedKeyUsage],
  [ExtensionOid.nameConstraints, (each) => each.nameConstraints],
  [ExtensionOid.certificatePolicies, (each) => each.certificatePolicies],
  [ExtensionOid.policyMappings, (each) => each.policyMappings],
  [ExtensionOid.policyConstraints, (each) => each.policyConstraints],
  [ExtensionOid.inhibitAnyPolicy, (each) => each.inhibitAnyPolicy],
  // They say where CRLs are: nothing to process where nobody asks for revocation.
  [ExtensionOid.crlDistributionPoints, (each) => each.crlDistributionPoints],
  [ExtensionOid.freshestCrl, (each) => each.freshestCrl],
]);

/** The rules that need no key and no clock: who may issue, how deep, for what use, and that every critical extension is known. */
function checkConstraints(
  path: readonly Certificate[],
  anchor: Certificate | undefined,
  purpose: PathPurpose,
  problems: PathProblem[],
): void {
  path.forEach((certificate, level) => {
    const say = problemsOf(certificate, problems);
    guard(certificate, problems, () => {
      checkExtensionsKnown(certificate, say);
      if (level === 0) checkEndEntityPurpose(certificate, purpose, say);
      else {
        checkIssuerPurpose(certificate, purpose, say);
        checkIssuer(certificate, say);
        checkPathLength(certificate, path, level, say);
      }
    });
  });
  if (anchor === undefined || path.includes(anchor)) return;
  const say = problemsOf(anchor, problems);
  guard(anchor, problems, () => {
    // RFC 5937 §3.2: what a trust anchor says of the length of its paths is heeded, too.
    checkPathLength(anchor, path, path.length, say);
    checkAnchor(anchor, say);
  });
}

/** Whether a critical extension is one that is processed here, or rightly passed over. */
export function isProcessed(oid: string): boolean {
  return processed.has(oid);
}

/**
 * Who puts a correspondent's own certificate among the roots trusts that one
 * certificate, and not what its owner issues to others with it: a root that
 * says of itself that it is no authority is none (RFC 5280 §4.2.1.9, §4.2.1.3).
 */
function checkAnchor(anchor: Certificate, say: Say): void {
  const { basicConstraints, keyUsage } = anchor;
  // Roots from before those extensions have neither.
  const mayIssue =
    keyUsage?.has('keyCertSign') !== false &&
    (basicConstraints?.ca ?? (keyUsage !== undefined || anchor.version < 3 || anchor.isSelfIssued));
  if (!mayIssue) {
    say(
      'not-a-ca',
      'issued another and is among the roots, but is not that of a certification authority',
      'RFC 5280 §4.2.1.9',
    );
  }
}

function checkExtensionsKnown(certificate: Certificate, say: Say): void {
  // RFC 5280 §4.2: a critical extension that is not recognized, or cannot be read, rejects the certificate.
  let first: string | undefined;
  let others = 0;
  for (const { critical, oid } of certificate.extensions) {
    if (!critical) continue;
    const read = processed.get(oid);
    if (read !== undefined) read(certificate);
    else if (first === undefined) first = oid;
    else others++;
  }
  if (first !== undefined) {
    say(
      'unknown-critical-extension',
      `has the critical extension ${first}, which is not processed${others === 0 ? '' : ` and ${others} more such`}`,
      'RFC 5280 §4.2',
    );
  }
  // RFC 5280 §4.1.1.2: both fields must name the same algorithm.
  if (!certificate.signatureAlgorithmsAgree) {
    say('algorithms-differ', 'names two different signature algorithms', 'RFC 5280 §4.1.1.2');
  }
}

function checkIssuer(certificate: Certificate, say: Say): void {
  // RFC 5280 §6.1.4 (k): a version 3 issuer must have basicConstraints with cA TRUE; older versions cannot say it.
  if (certificate.basicConstraints?.ca !== true) {
    say('not-a-ca', 'issued another, but is not that of a certification authority', 'RFC 5280 §6.1.4 (k)');
  }
  const usage = certificate.keyUsage;
  // RFC 5280 §6.1.4 (n): keyCertSign must be set where keyUsage is there.
  if (usage !== undefined && !usage.has('keyCertSign')) {
    say('key-usage', `issued another, but its key is not for that (${list(usage)})`, 'RFC 5280 §6.1.4 (n)');
  }
}

/** RFC 5280 §6.1.4 (l), (m): no more intermediates that are not self-issued than pathLenConstraint. */
function checkPathLength(
  certificate: Certificate,
  path: readonly Certificate[],
  level: number,
  say: Say,
): void {
  const most = certificate.basicConstraints?.pathLength;
  if (most === undefined) return;
  // A damaged name is told where that certificate is looked at; it counts as another authority's.
  const below = path.slice(1, level).filter((each) => quietly(() => each.isSelfIssued) !== true).length;
  if (below > most) {
    say(
      'path-length-exceeded',
      `allows ${most} intermediate certificates below it, there are ${below}`,
      'RFC 5280 §6.1.4 (l)',
    );
  }
}

/** RFC 5280 §6.1.3 (a)(2): each certificate's validity includes the moment asked about. */
function checkValidity(path: readonly Certificate[], at: Date, problems: PathProblem[]): void {
  const moment = at.getTime();
  for (const certificate of path) {
    guard(certificate, problems, () => {
      const { from, until } = certificate.validity;
      if (moment >= from && moment <= until) return;
      const say = problemsOf(certificate, problems);
      if (moment < from)
        say('not-yet-valid', `is valid only from ${iso(certificate.notBefore)}`, 'RFC 5280 §6.1.3 (a)(2)');
      if (moment > until)
        say('expired', `was valid until ${iso(certificate.notAfter)}`, 'RFC 5280 §6.1.3 (a)(2)');
    });
  }
}

function iso(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
