/**
 * X.509 certificates (RFC 5280): reading them, and finding and validating the
 * path from one to a trusted root.
 *
 * @module x509
 */
export { Certificate, parseCertificate, parseCertificates } from './certificate.js';
export type { AuthorityKeyIdentifier, BasicConstraints, Extension, KeyUsage } from './extensions.js';
export { anyExtendedKeyUsageOid, ExtensionOid, emailProtectionOid } from './extensions.js';
export type { GeneralName } from './general-name.js';
export type { NameAttribute } from './name.js';
export { Name, parseName } from './name.js';
export type { CertificationPath, FindPathOptions } from './path.js';
export { findPath } from './path.js';
export type { PathProblem, PathProblemCode } from './path-problem.js';
