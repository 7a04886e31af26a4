import type { Certificate } from '../certificate/certificate.js';
import type { GeneralName } from '../certificate/general-name.js';
import { quietly } from '../path/path-problem.js';
import type { CrlEntry } from './crl-entry.js';
import { directoryNames } from './crl-scope.js';
import type { Finding } from './revocation-findings.js';
import type { KnownCrl } from './revocation-memory.js';

/** What the entries of one CRL say of a certificate. */
export interface CrlFindings {
  /** That it is revoked or on hold: one for each entry that says so. */
  readonly findings: readonly Finding[];
  /** Whether it was taken off hold, or expired: removeFromCRL, and no other entry says more. */
  readonly isReleased: boolean;
}

const nothing: CrlFindings = { findings: [], isReleased: false };

/** What a CRL says of a certificate in all its entries, of which a usual CRL has one at most. */
export function findingsIn(known: KnownCrl, certificate: Certificate, at: Date): CrlFindings {
  const entries = known.crl.entriesOf(certificate.serialNumber);
  if (entries.length === 0) return nothing;
  const isMeant = issuerTest(known, certificate);
  const findings: Finding[] = [];
  let isReleased = false;
  for (const entry of entries) {
    if (!isMeant(entry)) continue;
    // RFC 5280 §5.3.1: no reason is the same as `unspecified`; one that cannot be read does not make it less revoked.
    const reason = quietly(() => entry.reason) ?? 'unspecified';
    if (reason === 'removeFromCRL') isReleased = true;
    else findings.push(findingOf(entry, reason, known, certificate, at));
  }
  return { findings, isReleased: isReleased && findings.length === 0 };
}

/** RFC 5280 §5.3.3: whether an entry is about a certificate of that issuer. */
function issuerTest({ crl, scope }: KnownCrl, { issuer }: Certificate): (entry: CrlEntry) => boolean {
  let last: { readonly names: readonly GeneralName[] | undefined; readonly isMeant: boolean } | undefined;
  return ({ certificateIssuer: names }) => {
    // A CRL that is not indirect is about its issuer's certificates, whatever its entries add.
    if (!scope.indirect) return true;
    // Entries share the names of the last one above that has some.
    if (last === undefined || last.names !== names) {
      const said = names === undefined ? [crl.issuer] : directoryNames(names);
      // Names that are none of a directory cannot tell that it is about somebody else.
      last = { names, isMeant: said.length === 0 || said.some((name) => name.equals(issuer)) };
    }
    return last.isMeant;
  };
}

function findingOf(
  entry: CrlEntry,
  reason: NonNullable<Finding['reason']>,
  { thisUpdate, nextUpdate }: KnownCrl,
  certificate: Certificate,
  at: Date,
): Finding {
  const invalidityDate = quietly(() => entry.invalidityDate);
  const revocationDate = quietly(() => entry.revocationDate);
  return {
    certificate,
    status: reason === 'certificateHold' ? 'on-hold' : 'revoked',
    source: 'crl',
    thisUpdate,
    age: at.getTime() - thisUpdate.getTime(),
    reason,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...(revocationDate === undefined ? {} : { revocationDate }),
    ...(invalidityDate === undefined ? {} : { invalidityDate }),
  };
}
