import { MailsealError, usage } from '../../core/errors.js';
import { type Certificate, parseCertificate } from '../../x509/certificate/certificate.js';
import type { PathProblemCode } from '../../x509/path/path-problem.js';
import { validatePath } from '../../x509/path/path-validation.js';

/** What the certificate above forbids the new one to be; other problems depend on what a reader asks for. */
const forbidden: ReadonlySet<PathProblemCode> = /* @__PURE__ */ new Set<PathProblemCode>([
  'name-constraints',
  'expired',
  'not-yet-valid',
  'certificate-malformed',
]);

/**
 * Reads a certificate before it is signed as those will who get it: every
 * extension, and the rules of RFC 5280 §6.1 that its issuer's certificate sets
 * for it (names, and a time at which both are valid).
 *
 * @param octets the certificate with whatever in the place of the signature
 * @throws MailsealError `usage`
 */
export function checkDraft(octets: Uint8Array, issuer: Certificate | undefined, isAuthority: boolean): void {
  const draft = parseCertificate(octets);
  readExtensions(draft);
  // RFC 5280 §4.2.1.9: cA TRUE makes an authority of whoever has the key.
  if (!isAuthority && draft.basicConstraints?.ca === true) {
    throw usage('a mail certificate is no authority: basicConstraints with cA is for issueIntermediate');
  }
  if (issuer === undefined) return;
  const at = new Date(Math.max(draft.notBefore.getTime(), issuer.notBefore.getTime()));
  const path = [draft, issuer];
  // One path of one certificate's names: the caller's own number of them bounds the work.
  const budget = { nameComparisons: Number.POSITIVE_INFINITY };
  const { problems } = validatePath(path, undefined, { at }, budget);
  const problem = problems.find(({ code }) => forbidden.has(code));
  if (problem === undefined) return;
  throw usage(
    `a certificate of this issuer that is never good is not issued: ${problem.message} (${problem.section})`,
  );
}

function readExtensions(draft: Certificate): void {
  try {
    for (const read of readers) read(draft);
  } catch (cause) {
    if (!(cause instanceof MailsealError)) throw cause;
    throw usage(`an extension of the certificate could not be read: ${cause.message}`);
  }
}

const readers: readonly ((certificate: Certificate) => unknown)[] = [
  (each) => each.basicConstraints,
  (each) => each.keyUsage,
  (each) => each.extendedKeyUsage,
  (each) => each.subjectAltName,
  (each) => each.issuerAltName,
  (each) => each.subjectKeyIdentifier,
  (each) => each.authorityKeyIdentifier,
  (each) => each.certificatePolicies,
  (each) => each.policyMappings,
  (each) => each.policyConstraints,
  (each) => each.inhibitAnyPolicy,
  (each) => each.nameConstraints,
  (each) => each.crlDistributionPoints,
  (each) => each.freshestCrl,
  (each) => each.authorityInfoAccess,
  (each) => each.subjectInfoAccess,
  (each) => each.privateKeyUsagePeriod,
  (each) => each.smimeCapabilities,
  (each) => each.ocspNoCheck,
  (each) => each.qcStatements,
];
