import type { Certificate } from '../certificate/certificate.js';
import {
  type DistributionPoint,
  type DistributionPointName,
  nameUnder,
  type ReasonFlag,
  reasonFlags,
} from '../certificate/distribution-points.js';
import type { GeneralName } from '../certificate/general-name.js';
import type { Name } from '../certificate/name.js';
import { comparableGeneralName } from '../certificate/same-general-name.js';
import type { CertificateList } from './crl.js';

/** Reasons as bits: that of ReasonFlags n is 1 << n. */
export type ReasonMask = number;

/** All reasons there are; bit 0 is not used (RFC 5280 §4.2.1.13). */
export const allReasons: ReasonMask = 0x1fe;

/** The bits of a set of reasons; `undefined` stands for all of them. */
export function reasonMask(reasons: ReadonlySet<ReasonFlag> | undefined): ReasonMask {
  if (reasons === undefined) return allReasons;
  let mask = 0;
  reasonFlags.forEach((flag, n) => {
    if (reasons.has(flag)) mask |= 1 << n;
  });
  return mask & allReasons;
}

/** Where CRLs about a certificate may come from: one of its distribution points, or its issuer as such. */
export interface CrlSource {
  /** The name that the CRL's issuer has. */
  readonly issuer: Name;
  /** Whether somebody else than the certificate's issuer signs the CRL (cRLIssuer), which must then be indirect. */
  readonly indirect: boolean;
  /** Keys ({@link comparableGeneralName}) of the names that a CRL with a distribution point must have one of. */
  readonly names: () => ReadonlySet<string>;
  readonly reasons: ReasonMask;
}

/** What a CRL says that it covers, made comparable. */
export interface CrlScope {
  /** Keys of the names of its distribution point; `undefined` where it has none. */
  readonly names: ReadonlySet<string> | undefined;
  readonly reasons: ReasonMask;
  readonly indirect: boolean;
  readonly only: 'users' | 'authorities' | 'attributes' | 'nothing' | undefined;
}

/** The scope of a CRL (RFC 5280 §5.2.5); one without issuingDistributionPoint covers whatever its issuer issued. */
export function scopeOf(crl: CertificateList): CrlScope {
  const point = crl.issuingDistributionPoint;
  if (point === undefined) return { names: undefined, reasons: allReasons, indirect: false, only: undefined };
  const { onlyContainsUserCerts, onlyContainsCACerts, onlyContainsAttributeCerts } = point;
  const kinds = [onlyContainsUserCerts, onlyContainsCACerts, onlyContainsAttributeCerts];
  // RFC 5280 §5.2.5: no more than one of them may be set; with two, nothing is both.
  const several = kinds.filter(Boolean).length > 1;
  return {
    names: point.name && pointNames(point.name, crl.issuer),
    reasons: reasonMask(point.onlySomeReasons),
    indirect: point.indirectCrl,
    only: several
      ? 'nothing'
      : onlyContainsUserCerts
        ? 'users'
        : onlyContainsCACerts
          ? 'authorities'
          : onlyContainsAttributeCerts
            ? 'attributes'
            : undefined,
  };
}

/** Why a complete CRL does not cover a certificate by way of a source (RFC 5280 §6.3.3 b); `undefined` when it does. */
export function scopeFault(
  scope: CrlScope,
  source: CrlSource,
  certificate: Certificate,
): { readonly message: string; readonly section: string } | undefined {
  // §6.3.3 (b)(1): a CRL of another than the certificate's issuer must be indirect.
  if (source.indirect && !scope.indirect)
    return { message: 'is of another issuer and not indirect', section: 'RFC 5280 §6.3.3 (b)(1)' };
  // §6.3.3 (b)(2)(i): one of the names of the CRL's distribution point is one of the certificate's.
  if (scope.names !== undefined && !intersects(scope.names, source.names()))
    return { message: 'is of another distribution point', section: 'RFC 5280 §6.3.3 (b)(2)(i)' };
  const isAuthority = scope.only !== undefined && certificate.basicConstraints?.ca === true;
  if (scope.only === 'users' && isAuthority)
    return { message: 'covers no certificates of authorities', section: 'RFC 5280 §6.3.3 (b)(2)(ii)' };
  if (scope.only === 'authorities' && !isAuthority)
    return { message: 'covers certificates of authorities only', section: 'RFC 5280 §6.3.3 (b)(2)(iii)' };
  if (scope.only === 'attributes')
    return { message: 'covers attribute certificates only', section: 'RFC 5280 §6.3.3 (b)(2)(iv)' };
  if (scope.only === 'nothing')
    return { message: 'is limited to two kinds of certificates at once', section: 'RFC 5280 §5.2.5' };
  return undefined;
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const each of few) if (many.has(each)) return true;
  return false;
}

/** The sources that a distribution point of a certificate names (RFC 5280 §4.2.1.13): one for each name of its cRLIssuer. */
export function sourcesOfPoint(point: DistributionPoint, issuer: Name): CrlSource[] {
  const reasons = reasonMask(point.reasons);
  const isNamed = point.crlIssuer.length > 0;
  return (isNamed ? directoryNames(point.crlIssuer) : [issuer]).map((name) => ({
    issuer: name,
    // RFC 5280 §6.3.3 (b)(1). Some name the issuer itself as cRLIssuer, which changes nothing; each name counts for itself.
    indirect: isNamed && !name.equals(issuer),
    // RFC 5280 §6.3.3 (b)(2)(i): where the point has no name, those of the cRLIssuer stand for it.
    names: () => (point.name === undefined ? keysOf(point.crlIssuer) : pointNames(point.name, name)),
    reasons,
  }));
}

/** RFC 5280 §6.3.3, last paragraph: CRLs of the certificate's issuer that no distribution point names. */
export function sourceOfIssuer(certificate: Certificate, issuer: Certificate): CrlSource {
  const names = (): ReadonlySet<string> =>
    keysOf([
      { kind: 'directoryName', value: certificate.issuer },
      ...certificate.issuerAltName,
      ...issuer.subjectAltName,
    ]);
  return { issuer: certificate.issuer, indirect: false, names, reasons: allReasons };
}

/** The directory names in a list. */
export function directoryNames(names: readonly GeneralName[]): Name[] {
  return names.flatMap((name) => (name.kind === 'directoryName' ? [name.value] : []));
}

function pointNames(name: DistributionPointName, issuer: Name): ReadonlySet<string> {
  if (name.kind === 'fullName') return keysOf(name.names);
  // RFC 5280 §4.2.1.13: relative to the name of who signs the CRL.
  return new Set([directoryKey(nameUnder(issuer, name.relativeName))]);
}

function keysOf(names: readonly GeneralName[]): ReadonlySet<string> {
  return new Set(names.map(comparableGeneralName));
}

function directoryKey(name: Name): string {
  return comparableGeneralName({ kind: 'directoryName', value: name });
}
