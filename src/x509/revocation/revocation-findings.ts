import type { CertificateRevocation } from './revocation-report.js';

/** What CRLs or OCSP responses, found authentic, say of a certificate. */
export type Finding = Omit<CertificateRevocation, 'references' | 'problems'>;

/**
 * Since when signatures are in doubt: revocationDate, or invalidityDate where
 * that is earlier (RFC 5280 §5.3.2). What cannot be read may have been any time.
 */
export function doubtfulSince({ revocationDate, invalidityDate }: Finding): number {
  const revoked = revocationDate?.getTime() ?? Number.NEGATIVE_INFINITY;
  return Math.min(revoked, invalidityDate?.getTime() ?? revoked);
}

/**
 * Several findings as one, when none is `good`: revoked where any says so, and
 * since the earliest dates that any gives. Whoever can choose which of them is
 * at hand first must not choose since when a certificate was revoked.
 */
export function together(findings: readonly Finding[]): Finding | undefined {
  const [first, ...others] = findings;
  return first && others.reduce(both, first);
}

function both(a: Finding, b: Finding): Finding {
  const [worse, other] = b.status === 'revoked' && a.status !== 'revoked' ? [b, a] : [a, b];
  const { revocationDate: _, invalidityDate: __, ...facts } = worse;
  const revocationDate = a.revocationDate && b.revocationDate && earlier(a.revocationDate, b.revocationDate);
  const invalidityDate = earlier(a.invalidityDate, b.invalidityDate);
  const isSaid = worse.reason !== undefined && worse.reason !== 'unspecified';
  const reason = isSaid || other.status !== worse.status ? worse.reason : (other.reason ?? worse.reason);
  return {
    ...facts,
    ...(reason === undefined ? {} : { reason }),
    ...(revocationDate === undefined ? {} : { revocationDate }),
    ...(invalidityDate === undefined ? {} : { invalidityDate }),
  };
}

function earlier<T extends Date | undefined>(a: T, b: T): T {
  if (a === undefined || b === undefined) return a ?? b;
  return b < a ? b : a;
}
