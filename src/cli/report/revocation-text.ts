import type { SealSigner } from '../../smime/verify/report.js';
import type { CertificateRevocation } from '../../x509/revocation/revocation-report.js';
import { day, shortName } from './words.js';

/** More places than these are not shown for one certificate. */
const mostPlaces = 3;

/**
 * What is known of the revocation of a signer's certificates, in plain words:
 * how old what says that none was revoked is, or where to look. Who was revoked
 * is told by the reasons.
 */
export function revocationOf({ path }: SealSigner): string[] {
  if (path === undefined || path.revocation.length === 0) return [];
  const unknown = path.revocation.filter(({ status }) => status === 'unknown');
  if (unknown.length > 0) return unknown.flatMap(whereToLook);
  if (path.revocation.some(({ status }) => status !== 'good')) return [];
  return [`not revoked, ${sources(path.revocation)}`];
}

function whereToLook({ certificate, references }: CertificateRevocation): string[] {
  const places = [...new Set(references.filter(({ kind }) => kind !== 'ca-issuers').map(({ url }) => url))];
  if (places.length === 0) return [];
  return [`revocation of ${shortName(certificate)} not known; ask ${places.slice(0, mostPlaces).join(', ')}`];
}

/** `by CRL of 2026-06-01 and OCSP of 2026-06-02`, each kind with its oldest. */
function sources(list: readonly CertificateRevocation[]): string {
  const oldest = new Map<string, Date>();
  for (const { source, thisUpdate } of list) {
    if (source === undefined || thisUpdate === undefined) continue;
    const known = oldest.get(source);
    if (known === undefined || thisUpdate < known) oldest.set(source, thisUpdate);
  }
  return `by ${[...oldest].map(([source, time]) => `${source.toUpperCase()} of ${day(time)}`).join(' and ')}`;
}
