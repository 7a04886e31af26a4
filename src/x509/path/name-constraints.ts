import type { Certificate } from '../certificate/certificate.js';
import type { GeneralName } from '../certificate/general-name.js';
import { printGeneralName } from '../certificate/general-name-text.js';
import type { GeneralSubtree } from '../certificate/general-subtrees.js';
import { emailAddressOid } from '../certificate/name.js';
import { formOf, type Matcher, matcherOf, type NameForm, prepareName } from './name-forms.js';
import { brief, guard, type PathProblem, problemsOf, subjectOf } from './path-problem.js';

/** How many more names may be held against constraints; a search shares one. */
export interface NameBudget {
  /** Comparisons left; preparing a name counts as one. */
  nameComparisons: number;
}

/** What one authority says about one form of names. */
interface FormConstraint {
  /** `undefined` stands for a subtree that cannot be processed. */
  readonly permitted: (Matcher | undefined)[];
  readonly excluded: (Matcher | undefined)[];
}

/** The constraints of one authority by form. */
interface Constraints {
  readonly authority: Certificate;
  readonly byForm: ReadonlyMap<NameForm, FormConstraint>;
}

/**
 * Checks the name constraints of a path (RFC 5280 §6.1.3 b, c and §6.1.4 g).
 * The permitted subtrees of several authorities intersect: a name must be
 * within those of each, which is checked for each in turn.
 *
 * @param anchor Its constraints count as those of the certificates below it
 * (RFC 5937 §3.2): a root that is limited to a domain is trusted for that.
 */
export function checkNameConstraints(
  path: readonly Certificate[],
  anchor: Certificate | undefined,
  budget: NameBudget,
  problems: PathProblem[],
): void {
  const constraints: Constraints[] = [];
  const impose = (authority: Certificate): void =>
    guard(authority, problems, () => {
      const imposed = constraintsOf(authority);
      if (imposed === undefined) return;
      constraints.push(imposed);
      // RFC 5280 §4.2.1.10: the extension is never an empty sequence; who meant to constrain did not.
      if (imposed.byForm.size === 0)
        problemsOf(authority, problems)(
          'name-constraints',
          'has name constraints that name nothing',
          'RFC 5280 §4.2.1.10',
        );
    });
  if (anchor !== undefined && !path.includes(anchor)) impose(anchor);
  for (let level = path.length - 1; level >= 0; level--) {
    const certificate = path[level]!;
    guard(certificate, problems, () => {
      // RFC 5280 §6.1.3 (b), (c): self-issued certificates are not checked, but for the last.
      if (constraints.length > 0 && (level === 0 || !certificate.isSelfIssued))
        checkNames(certificate, constraints, budget, problems);
    });
    if (level > 0) impose(certificate);
    else guard(certificate, problems, () => checkEndEntity(certificate, problems));
  }
}

/** RFC 5280 §4.2.1.10: only an authority's certificate has the extension. */
function checkEndEntity(certificate: Certificate, problems: PathProblem[]): void {
  if (certificate.nameConstraints !== undefined && certificate.basicConstraints?.ca !== true)
    problemsOf(certificate, problems)(
      'name-constraints',
      'has name constraints and is not that of a certification authority',
      'RFC 5280 §4.2.1.10',
    );
}

function constraintsOf(authority: Certificate): Constraints | undefined {
  const extension = authority.nameConstraints;
  if (extension === undefined) return undefined;
  const byForm = new Map<NameForm, FormConstraint>();
  for (const list of ['permitted', 'excluded'] as const) {
    for (const subtree of extension[list]) {
      const form = formOf(subtree.base);
      let constraint = byForm.get(form);
      if (constraint === undefined) {
        constraint = { permitted: [], excluded: [] };
        byForm.set(form, constraint);
      }
      constraint[list].push(subtreeMatcher(subtree));
    }
  }
  return { authority, byForm };
}

/** RFC 5280 §4.2.1.10: minimum is zero and maximum absent; another subtree cannot be processed. */
function subtreeMatcher({ base, minimum, maximum }: GeneralSubtree): Matcher | undefined {
  return minimum === 0 && maximum === undefined ? matcherOf(base) : undefined;
}

/** RFC 5280 §6.1.3 (b), (c): each name of the certificate is within what each authority permits, and within nothing that one excludes. */
function checkNames(
  certificate: Certificate,
  constraints: readonly Constraints[],
  budget: NameBudget,
  problems: PathProblem[],
): void {
  const say = problemsOf(certificate, problems);
  for (const name of namesOf(certificate)) {
    const form = formOf(name);
    if (!constraints.some(({ byForm }) => byForm.has(form))) continue;
    budget.nameComparisons--;
    const prepared = prepareName(name);
    for (const { authority, byForm } of constraints) {
      const constraint = byForm.get(form);
      if (constraint === undefined) continue;
      const { permitted, excluded } = constraint;
      budget.nameComparisons -= permitted.length + excluded.length;
      if (budget.nameComparisons < 0) {
        say(
          'name-constraints-limit',
          'has more names than may be held against the name constraints above it',
          'RFC 5280 §6.1.3 (b)',
        );
        return;
      }
      const fault = (what: string, step: string): void =>
        say(
          'name-constraints',
          `is for ${brief(printGeneralName(name))}, which the name constraints of ${subjectOf(authority)} ${what}`,
          `RFC 5280 ${step}`,
        );
      // RFC 5280 §4.2.1.10: what cannot be processed under a constraint of its form is refused.
      if (prepared === undefined || permitted.includes(undefined) || excluded.includes(undefined))
        fault('are about in a way that cannot be processed', '§4.2.1.10');
      else if (permitted.length > 0 && !permitted.some((matches) => matches!(prepared, false)))
        fault('do not permit', '§6.1.3 (b)');
      else if (excluded.some((matches) => matches!(prepared, true))) fault('exclude', '§6.1.3 (c)');
      else continue;
      // One name is enough to refuse the certificate.
      return;
    }
  }
}

/** All names of a certificate's subject (RFC 5280 §4.2.1.10), mail addresses in the subject's name too: others read them there. */
function* namesOf(certificate: Certificate): Generator<GeneralName> {
  const { subject } = certificate;
  if (!subject.isEmpty) {
    yield { kind: 'directoryName', value: subject };
    for (const value of subject.values(emailAddressOid)) yield { kind: 'rfc822Name', value };
  }
  yield* certificate.subjectAltName;
}
