import { MailsealError } from '../../core/errors.js';
import type { Certificate } from '../certificate/certificate.js';
import {
  anyExtendedKeyUsageOid,
  ExtensionOid,
  emailProtectionOid,
  type KeyUsage,
} from '../certificate/extensions.js';
import type { PathProblem, PathProblemCode } from './path-problem.js';

/** Critical extensions that this code understands or may rightly pass over (RFC 5280 §4.2). */
const processed: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ExtensionOid.subjectKeyIdentifier,
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.keyUsage,
  ExtensionOid.subjectAltName,
  ExtensionOid.issuerAltName,
  ExtensionOid.basicConstraints,
  ExtensionOid.extendedKeyUsage,
  // With any policy acceptable and none required (RFC 5280 §6.1.1 c, d), policies exclude no path.
  ExtensionOid.certificatePolicies,
]);

/**
 * Extensions that narrow a path whether they are critical or not (RFC 5280
 * §6.1.4 g, i). Passing over one that is not processed would accept too much.
 */
const narrowing: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ExtensionOid.nameConstraints,
  ExtensionOid.policyConstraints,
]);

/**
 * Checks the rules of RFC 5280 §6.1 that need no key and no clock: who may
 * issue, how deep, for what use, and that every critical extension is known.
 *
 * @param path From the end entity to the certificate below the trust anchor,
 * or to a trust anchor that is the end entity itself.
 */
export function checkConstraints(path: readonly Certificate[]): PathProblem[] {
  const problems: PathProblem[] = [];
  path.forEach((certificate, level) => {
    const say = problemsOf(certificate, problems);
    guard(certificate, problems, () => {
      checkExtensionsKnown(certificate, say);
      checkPurpose(certificate, say);
      if (level === 0) checkEndEntity(certificate, say);
      else checkIssuer(certificate, intermediatesBelow(path, level), say);
    });
  });
  return problems;
}

/** RFC 5280 §6.1.3 (a)(2): each certificate's validity includes the moment asked about. */
export function checkValidity(path: readonly Certificate[], at: Date): PathProblem[] {
  const problems: PathProblem[] = [];
  for (const certificate of path) {
    const say = problemsOf(certificate, problems);
    guard(certificate, problems, () => {
      const { notBefore, notAfter } = certificate;
      if (at < notBefore)
        say('not-yet-valid', `is valid only from ${iso(notBefore)}`, 'RFC 5280 §6.1.3 (a)(2)');
      if (at > notAfter) say('expired', `was valid until ${iso(notAfter)}`, 'RFC 5280 §6.1.3 (a)(2)');
    });
  }
  return problems;
}

type Say = (code: PathProblemCode, what: string, section: string) => void;

/** Collects problems of one certificate; the sentence begins with its subject. */
export function problemsOf(certificate: Certificate, problems: PathProblem[]): Say {
  return (code, what, section) => {
    problems.push({
      code,
      message: `the certificate of ${subjectOf(certificate)} ${what}`,
      certificate,
      section,
    });
  };
}

function subjectOf(certificate: Certificate): string {
  try {
    const { subject } = certificate;
    if (!subject.isEmpty) return `"${brief(`${subject}`)}"`;
    return brief(certificate.emailAddresses[0] ?? 'a subject without name');
  } catch {
    return 'an unreadable subject';
  }
}

/** A text that stays readable in a sentence, since names may be megabytes long. */
export function brief(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** Turns damage found while a field is read into a problem of that certificate. */
function guard(certificate: Certificate, problems: PathProblem[], check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    problemsOf(certificate, problems)(
      'certificate-malformed',
      `cannot be read: ${error.message}`,
      'RFC 5280 §4',
    );
  }
}

function checkExtensionsKnown(certificate: Certificate, say: Say): void {
  // RFC 5280 §4.2: a critical extension that is not recognized rejects the certificate.
  const unknown = certificate.extensions.filter(
    ({ critical, oid }) => (critical && !processed.has(oid)) || narrowing.has(oid),
  );
  const [first, ...others] = unknown;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more such`;
    say(
      'unknown-critical-extension',
      `has the ${first.critical ? 'critical' : 'restricting'} extension ${first.oid}, which is not processed${more}`,
      'RFC 5280 §4.2',
    );
  }
  // RFC 5280 §4.1.1.2: both fields must name the same algorithm.
  if (!certificate.signatureAlgorithmsAgree) {
    say('algorithms-differ', 'names two different signature algorithms', 'RFC 5280 §4.1.1.2');
  }
}

function checkPurpose(certificate: Certificate, say: Say): void {
  const purposes = certificate.extendedKeyUsage;
  // RFC 8550 §4.4.4: when the extension is there, emailProtection or anyExtendedKeyUsage must be in it.
  if (
    purposes !== undefined &&
    !purposes.includes(emailProtectionOid) &&
    !purposes.includes(anyExtendedKeyUsageOid)
  ) {
    say('extended-key-usage', 'is not for mail (extendedKeyUsage lacks emailProtection)', 'RFC 8550 §4.4.4');
  }
}

function checkEndEntity(certificate: Certificate, say: Say): void {
  const usage = certificate.keyUsage;
  // RFC 8550 §4.4.2: to sign mail, digitalSignature or nonRepudiation must be set where keyUsage is there.
  if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    say('key-usage', `has a key that is not for signing (${list(usage)})`, 'RFC 8550 §4.4.2');
  }
}

function checkIssuer(certificate: Certificate, intermediates: number, say: Say): void {
  const constraints = certificate.basicConstraints;
  // RFC 5280 §6.1.4 (k): a version 3 issuer must have basicConstraints with cA TRUE; older versions cannot say it.
  if (constraints?.ca !== true) {
    say('not-a-ca', 'issued another, but is not that of a certification authority', 'RFC 5280 §6.1.4 (k)');
  }
  // RFC 5280 §6.1.4 (l), (m): no more intermediates that are not self-issued than pathLenConstraint.
  if (constraints?.pathLength !== undefined && intermediates > constraints.pathLength) {
    say(
      'path-length-exceeded',
      `allows ${constraints.pathLength} intermediate certificates below it, there are ${intermediates}`,
      'RFC 5280 §6.1.4 (l)',
    );
  }
  const usage = certificate.keyUsage;
  // RFC 5280 §6.1.4 (n): keyCertSign must be set where keyUsage is there.
  if (usage !== undefined && !usage.has('keyCertSign')) {
    say('key-usage', `issued another, but its key is not for that (${list(usage)})`, 'RFC 5280 §6.1.4 (n)');
  }
}

/** Issuers between a level and the end entity; self-issued ones do not count. */
function intermediatesBelow(path: readonly Certificate[], level: number): number {
  return path.slice(1, level).filter((certificate) => !certificate.isSelfIssued).length;
}

function list(usage: ReadonlySet<KeyUsage>): string {
  return [...usage].join(', ') || 'no use at all';
}

function iso(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
