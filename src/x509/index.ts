/**
 * X.509 certificates (RFC 5280): reading them, and finding and validating the
 * path from one to a trusted root.
 *
 * @module x509
 */
export type { AbortSignalLike } from '../core/abort.js';
export type { AccessDescription } from './certificate/access-descriptions.js';
export { AccessMethodOid } from './certificate/access-descriptions.js';
export { Certificate, parseCertificate, parseCertificates } from './certificate/certificate.js';
export type {
  DistributionPoint,
  DistributionPointName,
  IssuingDistributionPoint,
  ReasonFlag,
} from './certificate/distribution-points.js';
export { nameUnder } from './certificate/distribution-points.js';
export type {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  KeyUsage,
} from './certificate/extensions.js';
export { anyExtendedKeyUsageOid, ExtensionOid, emailProtectionOid } from './certificate/extensions.js';
export type { GeneralName } from './certificate/general-name.js';
export { printGeneralName } from './certificate/general-name-text.js';
export type { GeneralSubtree, NameConstraints } from './certificate/general-subtrees.js';
export { sameMailbox } from './certificate/internet-names.js';
export type { NameAttribute } from './certificate/name.js';
export { Name, parseName } from './certificate/name.js';
export type {
  CertificateTemplate,
  DirectoryAttribute,
  NetscapeCertType,
  PrivateKeyUsagePeriod,
  QcStatement,
  SmimeCapability,
} from './certificate/other-extensions.js';
export type {
  PolicyConstraints,
  PolicyInformation,
  PolicyMapping,
  PolicyQualifier,
} from './certificate/policy-extensions.js';
export { anyPolicyOid } from './certificate/policy-extensions.js';
export { sameGeneralName } from './certificate/same-general-name.js';
export type { LdapCertificates, LdapContents } from './directory/ldap-certificates.js';
export { ldapAttributes, readLdapCertificates } from './directory/ldap-certificates.js';
export type { LdapReference } from './directory/ldap-names.js';
export { escapeLdapFilter, LdapAttribute, ldapMailFilter, parseLdapUrl } from './directory/ldap-names.js';
export type { LdifOptions } from './directory/ldif.js';
export { parseLdif } from './directory/ldif.js';
export type {
  LdifAttribute,
  LdifChange,
  LdifControl,
  LdifModification,
  LdifRecord,
  LdifValue,
} from './directory/ldif-record.js';
export type { EncodeLdifOptions } from './directory/ldif-writer.js';
export { encodeLdif } from './directory/ldif-writer.js';
export type { SmimeaKind, SmimeaMatch, SmimeaRecord } from './directory/smimea.js';
export {
  encodeSmimea,
  matchSmimea,
  parseSmimea,
  printSmimea,
  SmimeaMatching,
  SmimeaSelector,
  SmimeaUsage,
  smimeaCertificate,
  smimeaRecord,
} from './directory/smimea.js';
export { smimeaOwnerName } from './directory/smimea-owner.js';
export type { CertificationPath, FindPathOptions } from './find-path.js';
export { findPath } from './find-path.js';
export type { AlgorithmJudgement, AlgorithmPolicy, AlgorithmRule } from './path/algorithm-policy.js';
export {
  algorithmPolicyNow,
  algorithmPolicyOldMail,
  judgeKey,
  judgeSignatureAlgorithm,
} from './path/algorithm-policy.js';
export type { PathNote, PathProblem, PathProblemCode } from './path/path-problem.js';
export type { PolicyOptions } from './path/policy-graph.js';
export type { PathPurpose } from './path/purpose.js';
export type { ValidPolicy } from './path/valid-policy.js';
export { CertificateList, parseCrl, parseCrls } from './revocation/crl.js';
export type { CrlEntry } from './revocation/crl-entry.js';
export type { OcspRequestEntry, OcspRequestOptions } from './revocation/ocsp-request.js';
export { buildOcspRequest } from './revocation/ocsp-request.js';
export type { OcspResponderId, OcspResponseStatus } from './revocation/ocsp-response.js';
export { OcspExtensionOid, OcspResponse, parseOcspResponse } from './revocation/ocsp-response.js';
export type { OcspCertId, OcspSingleResponse } from './revocation/ocsp-single-response.js';
export type { RevocationOptions } from './revocation/revocation-options.js';
export type {
  CertificateRevocation,
  RevocationProblem,
  RevocationProblemCode,
  RevocationReason,
  RevocationReference,
} from './revocation/revocation-report.js';
