import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { type CertificationPath, type FindPathOptions, findPath } from '../../src/x509/find-path.js';
import type { Holder } from '../support/chains.js';

/** A moment within the default validity of test certificates. */
export const at = new Date('2026-06-01T12:00:00Z');

type Some = readonly Holder[];

/** The path that is found for a certificate at {@link at}. */
export function pathOf(
  leaf: Holder,
  roots: Some,
  pool: Some = [],
  more: Partial<FindPathOptions> = {},
): Promise<CertificationPath> {
  const certificates = (holders: Some): Certificate[] => holders.map(({ certificate }) => certificate);
  return findPath(leaf.certificate, { roots: certificates(roots), pool: certificates(pool), at, ...more });
}

/** The codes of a path's problems, each with the commonName of the certificate at fault. */
export function complaints(path: CertificationPath): string[] {
  return path.problems.map(({ code, certificate }) => `${code}: ${certificate.subject.commonName ?? '-'}`);
}

/** The commonNames of a path from the end entity up, then the anchor's after an arrow. */
export function route(path: CertificationPath): string {
  const names = path.certificates.map(({ subject }) => subject.commonName ?? '-').join(' < ');
  return path.anchor === undefined ? `${names} <- ?` : `${names} <- ${path.anchor.subject.commonName ?? '-'}`;
}
