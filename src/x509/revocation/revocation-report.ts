import type { Certificate } from '../certificate/certificate.js';
import type { Name } from '../certificate/name.js';

/** Why a certificate was revoked: CRLReason (RFC 5280 §5.3.1), also used by OCSP (RFC 6960 §4.2.1). */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'removeFromCRL'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** The names of the CRLReason numbers; 7 is not used. */
const reasonNames: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** The name of a CRLReason number, `undefined` for one that RFC 5280 §5.3.1 does not have. */
export function revocationReason(number: number): RevocationReason | undefined {
  return reasonNames[number];
}

/** Something that the caller could fetch to learn whether a certificate is revoked; nothing is fetched here. */
export interface RevocationReference {
  /** What is found there: a CRL, an OCSP responder, or certificates of issuers. */
  readonly kind: 'crl' | 'ocsp' | 'ca-issuers';
  /**
   * An `http:` or `ldap:` URI as the certificate has it, or the name of a
   * directory entry as RFC 4514 writes it.
   */
  readonly url: string;
  /** Given where the reference is a directory name: its CRL is in `certificateRevocationList` (RFC 4523). */
  readonly directoryName?: Name;
  /** Whether the CRL wanted is a delta CRL (from freshestCRL, RFC 5280 §4.2.1.15). */
  readonly delta?: boolean;
  /** The certificate asked about. */
  readonly certificate: Certificate;
  /** For `ocsp`: the DER of the OCSPRequest to send (RFC 6960 §4.1). */
  readonly request?: Uint8Array;
}

/** Why a CRL or an OCSP response that was at hand said nothing about a certificate; each code stands for one rule. */
export type RevocationProblemCode =
  /** It is damaged. */
  | 'malformed'
  /** It has a critical extension that is not known (RFC 5280 §5.2, §5.3). */
  | 'unknown-critical-extension'
  /** `thisUpdate` is later than the time asked about. */
  | 'not-yet-valid'
  /** `nextUpdate`, or the caller's greatest age, has passed. */
  | 'stale'
  /** It covers other certificates or other reasons. */
  | 'scope'
  /** No certificate of its signer is at hand, or none that may sign it. */
  | 'issuer-missing'
  /** Its signer has no valid path to the same trust anchor, or may not sign it. */
  | 'issuer-untrusted'
  /** Its signature is not its issuer's. */
  | 'signature-invalid'
  /** Its algorithm or key cannot be used here. */
  | 'algorithm-unsupported'
  /** The algorithm policy refuses the algorithm of its signature. */
  | 'algorithm-weak'
  /** A delta CRL fits no complete CRL at hand. */
  | 'delta-base'
  /** Not all reasons are covered by what is at hand. */
  | 'reasons-incomplete'
  /** An OCSP responder answered with an error, or about another certificate, or with another nonce. */
  | 'response-error'
  | 'response-mismatch'
  | 'nonce-mismatch'
  /** The OCSP responder does not know the certificate. */
  | 'certificate-unknown'
  /** The injected `resolve` failed. */
  | 'resolve-failed'
  /** There was nothing at hand. */
  | 'nothing-at-hand'
  /** The work that the caller allows was used up. */
  | 'search-limit';

/** Why something at hand could not be used. */
export interface RevocationProblem {
  readonly code: RevocationProblemCode;
  /** A sentence for people. */
  readonly message: string;
  /** The section that states the rule. */
  readonly section: string;
}

/** What is known about the revocation of one certificate of a path. */
export interface CertificateRevocation {
  readonly certificate: Certificate;
  /**
   * `good`: everything that was needed says that it is not revoked. `on-hold`
   * is revoked for the time being (RFC 5280 §5.3.1 certificateHold).
   */
  readonly status: 'good' | 'revoked' | 'on-hold' | 'unknown';
  /** What told the status. */
  readonly source?: 'crl' | 'ocsp';
  /** When the oldest of what told the status was issued. */
  readonly thisUpdate?: Date;
  /** When the next is due, the earliest of what told the status; left out where none says. */
  readonly nextUpdate?: Date;
  /** Milliseconds from {@link thisUpdate} to the time asked about. */
  readonly age?: number;
  /** When it was revoked, as its issuer says. */
  readonly revocationDate?: Date;
  /** Why it was revoked; `unspecified` where nothing is said. */
  readonly reason?: RevocationReason;
  /** Since when the key is thought to be known to others (RFC 5280 §5.3.2), where that is said. */
  readonly invalidityDate?: Date;
  /** What the caller could fetch; left empty when the status is known and fresh. */
  readonly references: readonly RevocationReference[];
  /** Why something at hand said nothing. */
  readonly problems: readonly RevocationProblem[];
}

/** A problem of a CRL; the sentence says what that CRL does or is. */
export function crlProblem(code: RevocationProblemCode, what: string, section: string): RevocationProblem {
  return { code, message: `a CRL ${what}`, section };
}
