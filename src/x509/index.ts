/**
 * X.509 certificates (RFC 5280): reading them, and finding and validating the
 * path from one to a trusted root.
 *
 * @module x509
 */
export { Certificate, parseCertificate, parseCertificates } from './certificate/certificate.js';
export type {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  KeyUsage,
} from './certificate/extensions.js';
export { anyExtendedKeyUsageOid, ExtensionOid, emailProtectionOid } from './certificate/extensions.js';
export type { GeneralName } from './certificate/general-name.js';
export type { NameAttribute } from './certificate/name.js';
export { Name, parseName } from './certificate/name.js';
export type { CertificationPath, FindPathOptions } from './find-path.js';
export { findPath } from './find-path.js';
export type { PathProblem, PathProblemCode } from './path/path-problem.js';
