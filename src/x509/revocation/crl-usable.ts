import { equalBytes } from '../../core/bytes.js';
import type { Certificate } from '../certificate/certificate.js';
import { judgeSignatureAlgorithm } from '../path/algorithm-policy.js';
import type { KnownCrl } from './revocation-memory.js';
import type { RevocationContext } from './revocation-options.js';
import { crlProblem, type RevocationProblem } from './revocation-report.js';
import { clockSkew, iso } from './revocation-times.js';

// Why a CRL cannot be used, one rule each; `undefined` where it can.

/** RFC 5280 §5.2, §5.3: a critical extension that is not known makes a CRL unusable, wherever in it it stands. */
export function extensionFault({ crl }: KnownCrl): RevocationProblem | undefined {
  const [unknown] = crl.unknownCriticalExtensions;
  if (unknown === undefined) return undefined;
  return crlProblem(
    'unknown-critical-extension',
    `has the critical extension ${unknown}, which is not known`,
    'RFC 5280 §5.2',
  );
}

/** RFC 5280 §6.3.3 (a): neither later than the time asked about nor out of date. */
export function timeFault(
  { thisUpdate, nextUpdate }: KnownCrl,
  { at, options }: RevocationContext,
): RevocationProblem | undefined {
  const now = at.getTime();
  const issued = thisUpdate.getTime();
  if (issued > now + clockSkew)
    return crlProblem(
      'not-yet-valid',
      `is of ${iso(thisUpdate)}, later than the time asked about`,
      'RFC 5280 §5.1.2.4',
    );
  // After nextUpdate there is a newer one somewhere.
  if (nextUpdate !== undefined && nextUpdate.getTime() < now)
    return crlProblem('stale', `was the latest until ${iso(nextUpdate)}`, 'RFC 5280 §6.3.3 (a)');
  if (options.maxAge !== undefined && now - issued > options.maxAge)
    return crlProblem('stale', `is of ${iso(thisUpdate)}, which is too old`, 'RFC 5280 §6.3.3 (a)');
  // RFC 5280 §5.1.2.5: nextUpdate must be there. Without any bound an old CRL could be shown for ever.
  if (nextUpdate === undefined && options.maxAge === undefined && options.mode === 'require')
    return crlProblem(
      'stale',
      `is of ${iso(thisUpdate)} and does not say until when it is the latest; \`maxAge\` bounds it`,
      'RFC 5280 §5.1.2.5',
    );
  return undefined;
}

/** What the algorithm policy refuses may have been forged; it clears nobody. */
export function algorithmFault(
  { algorithm }: KnownCrl,
  { algorithms }: RevocationContext,
): RevocationProblem | undefined {
  // What is not known cannot be checked, and that is said elsewhere.
  if (algorithm === undefined || judgeSignatureAlgorithm(algorithms, algorithm) !== 'refused')
    return undefined;
  return crlProblem(
    'algorithm-weak',
    'is signed with a digest that is too weak to be relied on',
    'RFC 6194 §3',
  );
}

/**
 * RFC 5280 §3.3: an entry may go once its certificate has expired, so that a
 * later CRL does not say that it was not revoked, unless it says how far back it goes.
 */
export function expiryFault(
  { crl, thisUpdate }: KnownCrl,
  { notAfter }: Certificate,
): RevocationProblem | undefined {
  if (thisUpdate <= notAfter) return undefined;
  const since = crl.expiredCertsOnCrl;
  if (since !== undefined && since <= notAfter) return undefined;
  return crlProblem(
    'scope',
    'is of a time when the certificate had expired and may have gone',
    'RFC 5280 §3.3',
  );
}

/** RFC 5280 §5.3.3: certificateIssuer belongs into indirect CRLs; where else it stands it is not clear whom an entry means. */
export function issuersFault({ crl, scope }: KnownCrl): RevocationProblem | undefined {
  if (scope.indirect || !crl.namesIssuers) return undefined;
  return crlProblem(
    'malformed',
    'names issuers of certificates in its entries and is not indirect',
    'RFC 5280 §5.3.3',
  );
}

/** Whether a delta CRL fits upon a complete one (RFC 5280 §5.2.4, §6.3.3 c); what it lacks is told where that is worth knowing. */
export function fitsUpon(delta: KnownCrl, complete: KnownCrl): boolean | RevocationProblem {
  const { number, baseNumber } = delta;
  if (complete.number === undefined || number === undefined || baseNumber === undefined) return false;
  // The complete CRL has all that the base had, and the delta is the newer of the two.
  if (complete.number < baseNumber)
    return crlProblem(
      'delta-base',
      `is a delta CRL upon number ${baseNumber}, the complete one at hand is number ${complete.number}`,
      'RFC 5280 §5.2.4 (c)',
    );
  return complete.number < number && sameScope(delta, complete);
}

/** RFC 5280 §6.3.3 (c): issuer, scope and authority key of a delta CRL are those of the complete one. */
function sameScope(delta: KnownCrl, complete: KnownCrl): boolean {
  const own = delta.crl.authorityKeyIdentifier?.keyIdentifier;
  const other = complete.crl.authorityKeyIdentifier?.keyIdentifier;
  if (own !== undefined && other !== undefined && !equalBytes(own, other)) return false;
  const [a, b] = [delta.scope, complete.scope];
  if (a.reasons !== b.reasons || a.indirect !== b.indirect || a.only !== b.only) return false;
  if (a.names === undefined || b.names === undefined) return a.names === b.names;
  const names = b.names;
  return a.names.size === names.size && [...a.names].every((name) => names.has(name));
}
