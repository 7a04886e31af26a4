/**
 * What the private certification authority of a small group needs: requests,
 * certificates and CRLs.
 *
 * @module pki
 */
export { CertificateRequest, parseRequest, type RequestAttribute } from './issue/certificate-request.js';
export type { CertificateOptions } from './issue/certificate-writer.js';
export { type CreateRequestOptions, createRequest } from './issue/create-request.js';
export type { NameConstraintsInput, PolicyConstraintsInput, PolicyInput } from './issue/extension-writer.js';
export {
  type AuthorityOptions,
  type IssueIntermediateOptions,
  type IssueRootOptions,
  issueIntermediate,
  issueRoot,
} from './issue/issue-authority.js';
export { type IssueCrlOptions, issueCrl, type RevokedCertificate } from './issue/issue-crl.js';
export {
  type IssueMailCertificateOptions,
  issueMailCertificate,
  type MailUse,
} from './issue/issue-mail-certificate.js';
export type { Issuer, SigningKey, SigningOptions } from './issue/issuer.js';
export { createName, type NameFields, type NameInput } from './issue/name-writer.js';
