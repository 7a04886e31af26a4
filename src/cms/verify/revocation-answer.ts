import type { CertificationPath } from '../../x509/find-path.js';
import type { PathProblem } from '../../x509/path/path-problem.js';
import { quietly, sentenceAbout } from '../../x509/path/path-problem.js';
import type { CertificateRevocation } from '../../x509/revocation/revocation-report.js';
import { iso } from '../../x509/revocation/revocation-times.js';
import type { Reasons, SignerReasonCode } from './reason.js';
import type { TrustedTime } from './verdict.js';

/** When a signature was made, as far as anybody says. */
export interface SignerTimes {
  /** The signer's claim. */
  readonly claimed: Date | undefined;
  /** A moment at which it existed already, for which somebody vouches whom the caller trusts. */
  readonly trusted: TrustedTime | undefined;
}

/** Whether a problem says that a certificate was revoked: what that means depends on when the signature was made. */
export function isRevocationProblem({ code }: PathProblem): boolean {
  return code === 'revoked' || code === 'on-hold';
}

/**
 * Tells whether certificates of a path were revoked before, at or after the
 * signature was made. Only a trusted time excuses: a claimed one is written by
 * whoever holds the key, and that may be a thief.
 */
export function judgeRevocation(
  path: CertificationPath,
  times: SignerTimes,
  reasons: Reasons,
): 'none' | 'excused' | 'refused' {
  let answer: 'none' | 'excused' | 'refused' = 'none';
  for (const problem of path.problems.filter(isRevocationProblem)) {
    const found = path.revocation.find(({ certificate }) => certificate.equals(problem.certificate));
    if (judgeOne(problem, found, times, reasons)) answer = answer === 'refused' ? answer : 'excused';
    else answer = 'refused';
  }
  return answer;
}

/** Gives the reason; true where a trusted time excuses the revocation. */
function judgeOne(
  problem: PathProblem,
  found: CertificateRevocation | undefined,
  { claimed, trusted }: SignerTimes,
  reasons: Reasons,
): boolean {
  const since = found && revokedSince(found);
  if (found === undefined || since === undefined) {
    reasons.fail(problem.code, problem.message);
    return false;
  }
  const say = (what: string): string => sentenceAbout(problem.certificate, `${whenRevoked(found)}, ${what}`);
  if (trusted !== undefined) {
    // What was not looked at may tell of an earlier moment.
    if (found.problems.some(({ code }) => code === 'search-limit')) {
      reasons.fail(problem.code, say('and more of what is at hand could not be looked at'));
      return false;
    }
    if (trusted.time < since) {
      const witness =
        trusted.source === 'timestamp' ? 'by a trusted time stamp' : 'by the trusted time given';
      reasons.note('revoked-after-signing', say(`when the signature existed already ${witness}`));
      return true;
    }
    reasons.fail(problem.code, say(`and the signature is not known to be older (${iso(trusted.time)})`));
    return false;
  }
  if (claimed === undefined) {
    reasons.fail(problem.code, say('and nothing tells when the signature was made'));
    return false;
  }
  const [code, what] = comparison(claimed, since);
  reasons.fail(code, say(what));
  return false;
}

/**
 * Notes certificates of which nothing is known, where revocation was looked at
 * and no failure says so, and those that a newer CRL may have dropped.
 */
export function noteRevocation(path: CertificationPath | undefined, reasons: Reasons): void {
  for (const { certificate, status, problems, thisUpdate } of path?.revocation ?? []) {
    if (
      path?.problems.some(
        (each) => each.certificate.equals(certificate) && each.code === 'revocation-unknown',
      )
    )
      continue;
    if (status === 'unknown') {
      const why = problems[0]?.message ?? 'nothing about it is at hand';
      reasons.note('revocation-not-known', sentenceAbout(certificate, `may have been revoked: ${why}`));
    } else if (
      status === 'good' &&
      thisUpdate !== undefined &&
      quietly(() => thisUpdate > certificate.notAfter)
    ) {
      // RFC 5280 §5: entries may be dropped once the certificate has expired.
      reasons.note(
        'revocation-not-known',
        sentenceAbout(
          certificate,
          'may have been revoked before it expired: what is at hand is newer, and may leave it out',
        ),
      );
    }
  }
}

/** Times are compared to the second, as they are written. */
function comparison(claimed: Date, since: Date): readonly [SignerReasonCode, string] {
  const difference = Math.floor(claimed.getTime() / 1000) - Math.floor(since.getTime() / 1000);
  if (difference === 0) return ['revoked-at-signing', 'which is when the signer says that he signed'];
  return difference > 0
    ? ['revoked-before-signing', `before the signer says that he signed (${iso(claimed)})`]
    : [
        'revoked-after-signing',
        `after the time that the signer claims (${iso(claimed)}), for which nobody vouches`,
      ];
}

/**
 * Since when signatures are in doubt: the revocation, or the invalidity date
 * where that is earlier (RFC 5280 §5.3.2: since when the key is thought to be
 * known to others).
 */
function revokedSince({ revocationDate, invalidityDate }: CertificateRevocation): Date | undefined {
  if (revocationDate === undefined) return undefined;
  return invalidityDate !== undefined && invalidityDate < revocationDate ? invalidityDate : revocationDate;
}

function whenRevoked({ status, revocationDate, invalidityDate, reason }: CertificateRevocation): string {
  const why = reason === undefined || reason === 'unspecified' || status === 'on-hold' ? '' : ` (${reason})`;
  const since =
    invalidityDate !== undefined && revocationDate !== undefined && invalidityDate < revocationDate
      ? `, and is invalid since ${iso(invalidityDate)}`
      : '';
  const what = status === 'on-hold' ? 'is on hold since' : 'was revoked on';
  return `${what} ${revocationDate === undefined ? 'an unknown day' : iso(revocationDate)}${why}${since}`;
}
