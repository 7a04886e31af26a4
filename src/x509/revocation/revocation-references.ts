import { AccessMethodOid } from '../certificate/access-descriptions.js';
import type { Certificate } from '../certificate/certificate.js';
import { type DistributionPoint, nameUnder } from '../certificate/distribution-points.js';
import type { GeneralName } from '../certificate/general-name.js';
import type { Name } from '../certificate/name.js';
import { quietly } from '../path/path-problem.js';
import { directoryNames } from './crl-scope.js';
import type { RevocationReference } from './revocation-report.js';

/** References that one certificate may give; those in use have two or three. */
const mostReferences = 32;

/**
 * Where the CRLs for a certificate are (RFC 5280 §4.2.1.13, §4.2.1.15): its
 * distribution points, then those of delta CRLs; and, where it names none,
 * the directory entry of its issuer.
 */
export function crlReferences(certificate: Certificate): RevocationReference[] {
  const found: RevocationReference[] = [];
  const points = quietly(() => certificate.crlDistributionPoints) ?? [];
  for (const point of points) addPoint(found, point, certificate, false);
  for (const point of quietly(() => certificate.freshestCrl) ?? []) addPoint(found, point, certificate, true);
  // RFC 4523 §2.2: without a distribution point the CRL is with the entry of the authority.
  if (points.length === 0) addDirectory(found, certificate.issuer, certificate, false);
  return found;
}

/** Where certificates of a certificate's issuer are (RFC 5280 §4.2.2.1): a signer of its CRLs may be among them. */
export function issuerReferences(certificate: Certificate): RevocationReference[] {
  const found: RevocationReference[] = [];
  for (const { method, location } of quietly(() => certificate.authorityInfoAccess) ?? []) {
    if (method === AccessMethodOid.caIssuers) addName(found, 'ca-issuers', location, certificate, false);
  }
  return found;
}

function addPoint(
  found: RevocationReference[],
  point: DistributionPoint,
  certificate: Certificate,
  delta: boolean,
): void {
  const { name } = point;
  if (name?.kind === 'fullName') {
    for (const each of name.names) addName(found, 'crl', each, certificate, delta);
    return;
  }
  const issuers = point.crlIssuer.length === 0 ? [certificate.issuer] : directoryNames(point.crlIssuer);
  for (const issuer of issuers) {
    const entry = name === undefined ? issuer : quietly(() => nameUnder(issuer, name.relativeName));
    if (entry !== undefined) addDirectory(found, entry, certificate, delta);
  }
}

function addName(
  found: RevocationReference[],
  kind: RevocationReference['kind'],
  name: GeneralName,
  certificate: Certificate,
  delta: boolean,
): void {
  if (name.kind === 'directoryName') addDirectory(found, name.value, certificate, delta, kind);
  if (name.kind === 'uniformResourceIdentifier') add(found, { kind, url: name.value, certificate, delta });
}

function addDirectory(
  found: RevocationReference[],
  name: Name,
  certificate: Certificate,
  delta: boolean,
  kind: RevocationReference['kind'] = 'crl',
): void {
  const url = quietly(() => `${name}`);
  if (url !== undefined && url !== '') add(found, { kind, url, directoryName: name, certificate, delta });
}

function add(
  found: RevocationReference[],
  { delta, ...reference }: RevocationReference & { readonly delta: boolean },
): void {
  if (found.length >= mostReferences) return;
  if (found.some(({ url, kind }) => url === reference.url && kind === reference.kind)) return;
  found.push(delta ? { ...reference, delta } : reference);
}
