/**
 * CMS (RFC 5652), so far SignedData: reading it, and verifying its signers.
 *
 * @module cms
 */
export type { CmsAttribute, SigningCertificateId, SmimeCapability } from './attributes.js';
export {
  contentTypeAttribute,
  messageDigestAttribute,
  signingCertificateAttribute,
  signingTimeAttribute,
  smimeCapabilitiesAttribute,
} from './attributes.js';
export type { CmsLimitOptions, CmsLimits, ContentInfo } from './content-info.js';
export { parseContentInfo } from './content-info.js';
export { AttributeOid, ContentTypeOid, contentTypeName } from './oids.js';
export type { Reason, SignerReasonCode } from './reason.js';
export { parseSignedData, SignedData } from './signed-data.js';
export type { TimeAnswer, TrustAnswer } from './signer-candidates.js';
export type { SignedAttributesForm, SignerIdentifier } from './signer-info.js';
export { SignerInfo } from './signer-info.js';
export type { SignerVerdict, VerifySignedDataOptions } from './verify.js';
export { verifySignedData } from './verify.js';
export type { ContentAnswer, SignatureAnswer } from './verify-signature.js';
