/**
 * Keys and certificates as files, and what the private certification authority
 * of a small group needs: PKCS#12 (RFC 7292) read and written, requests,
 * certificates and CRLs.
 *
 * @module pki
 */
export { CertificateRequest, parseRequest, type RequestAttribute } from './issue/certificate-request.js';
export type { CertificateOptions } from './issue/certificate-writer.js';
export { type CreateRequestOptions, createRequest } from './issue/create-request.js';
export type { RevokedCertificate } from './issue/crl-entry-writer.js';
export type { NameConstraintsInput, PolicyConstraintsInput, PolicyInput } from './issue/extension-writer.js';
export {
  type AuthorityOptions,
  type IssueIntermediateOptions,
  type IssueRootOptions,
  issueIntermediate,
  issueRoot,
} from './issue/issue-authority.js';
export { type IssueCrlOptions, issueCrl } from './issue/issue-crl.js';
export {
  type IssueMailCertificateOptions,
  issueMailCertificate,
  type MailUse,
} from './issue/issue-mail-certificate.js';
export type { Issuer, SigningKey, SigningOptions } from './issue/issuer.js';
export { createName, type NameFields, type NameInput } from './issue/name-writer.js';
export { type CreatePkcs12Options, createPkcs12 } from './pkcs12/create-pkcs12.js';
export { type ParsePkcs12Options, type Pkcs12Limits, parsePkcs12 } from './pkcs12/parse-pkcs12.js';
export type {
  Pkcs12,
  Pkcs12Attribute,
  Pkcs12Certificate,
  Pkcs12Contents,
  Pkcs12Crl,
  Pkcs12Integrity,
  Pkcs12Key,
  Pkcs12Labels,
  Pkcs12Other,
  Pkcs12Secret,
} from './pkcs12/pkcs12.js';
export type { WrittenDigest } from './pkcs12/pkcs12-mac.js';
export {
  certificateFromPkijs,
  envelopedDataFromPkijs,
  type PkijsClass,
  type PkijsObject,
  signedDataFromPkijs,
  toPkijs,
} from './pkijs.js';
