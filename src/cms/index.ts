/**
 * CMS (RFC 5652, RFC 5083, RFC 3274): contents that are signed, encrypted, compressed or digested, read and
 * made; and what RFC 2634 puts under signatures.
 *
 * @module cms
 */
export type {
  AlgorithmProtection,
  CmsAttribute,
  SigningCertificateId,
  SmimeCapability,
} from './attributes.js';
export {
  algorithmProtectionAttribute,
  contentTypeAttribute,
  messageDigestAttribute,
  signatureTimestamps,
  signingCertificateAttribute,
  signingTimeAttribute,
  smimeCapabilitiesAttribute,
} from './attributes.js';
export type { CertificateIdentifier } from './certificate-identifier.js';
export { CompressedData, parseCompressedData } from './compressed/compressed-data.js';
export {
  type CreateCompressedDataOptions,
  createCompressedData,
  type Deflate,
} from './compressed/create-compressed-data.js';
export {
  type DecompressedContent,
  type DecompressionLimits,
  type Inflate,
  type OpenCompressedOptions,
  openCompressed,
} from './compressed/open-compressed.js';
export type { CmsLimitOptions, CmsLimits, ContentInfo } from './content-info.js';
export { parseContentInfo } from './content-info.js';
export {
  type CheckDigestedDataOptions,
  checkDigestedData,
  DigestedData,
  parseDigestedData,
} from './digested/digested-data.js';
export {
  type CreateEncryptedDataOptions,
  type CreateEnvelopedDataOptions,
  createEncryptedData,
  createEnvelopedData,
  type EncryptOptions,
} from './enveloped/create.js';
export type { DecryptionKey } from './enveloped/decryption-key.js';
export type { EncryptedContent } from './enveloped/encrypted-content.js';
export { EncryptedData, parseEncryptedData } from './enveloped/encrypted-data.js';
export { AuthEnvelopedData, EnvelopedData, parseEnvelopedData } from './enveloped/enveloped-data.js';
export type {
  KeyAgreementOriginator,
  KeyAgreementRecipient,
  RecipientEncryptedKey,
} from './enveloped/key-agreement-recipient.js';
export { type OpenEnvelopedOptions, type OpenedContent, openEnveloped } from './enveloped/open.js';
export type { NewOriginatorInfo, OriginatorInfo } from './enveloped/originator-info.js';
export type {
  CertificateRecipient,
  ContentCipherName,
  KekRecipientInput,
  PasswordRecipientInput,
  Recipient,
  WrapJob,
  WrapKeys,
} from './enveloped/recipient.js';
export type {
  KekRecipient,
  KeyTransportRecipient,
  OtherRecipient,
  PasswordRecipient,
  RecipientInfo,
} from './enveloped/recipient-info.js';
export {
  type CheckReceiptOptions,
  checkReceipt,
  type ReceiptProblem,
  type ReceiptReport,
} from './ess/check-receipt.js';
export {
  type ContentHints,
  type ContentReference,
  contentHints,
  contentHintsAttribute,
  contentIdentifier,
  contentIdentifierAttribute,
  contentReference,
  contentReferenceAttribute,
} from './ess/content-attributes.js';
export type { GeneralNames } from './ess/general-names.js';
export {
  type MailListExpansion,
  type MailListExpansionInput,
  type MailListReceiptPolicy,
  mlExpansionHistory,
  mlExpansionHistoryAttribute,
} from './ess/mail-list.js';
export {
  type CreateReceiptOptions,
  createReceipt,
  type Receipt,
  type RequestedReceipt,
  receiptOf,
  requestedReceipt,
} from './ess/receipt.js';
export { type ReceiptRequest, receiptRequest, receiptRequestAttribute } from './ess/receipt-request.js';
export {
  equivalentLabels,
  equivalentLabelsAttribute,
  type SecurityCategory,
  type SecurityLabel,
  securityLabel,
  securityLabelAttribute,
} from './ess/security-label.js';
export { encryptionCertificateOf, encryptionKeyPreferenceAttribute } from './key-preference.js';
export { AttributeOid, ContentTypeOid, contentTypeName, RevocationInfoOid } from './oids.js';
export { type AddSignersOptions, addSigners } from './sign/add-signers.js';
export { type CounterSignOptions, counterSign } from './sign/counter-sign.js';
export {
  type CreateCertsOnlyOptions,
  type CreateSignedDataOptions,
  createCertsOnly,
  createSignedData,
} from './sign/create-signed-data.js';
export type { RevocationInfoInput } from './sign/signed-data-parts.js';
export type { AttributeInput, SigningKey, SignOptions } from './sign/signing-key.js';
export { counterSignatures } from './signed/counter-signatures.js';
export type { RevocationInfo } from './signed/revocation-info.js';
export { parseSignedData, SignedData } from './signed/signed-data.js';
export type { SignedAttributesForm, SignerIdentifier } from './signed/signer-info.js';
export { SignerInfo } from './signed/signer-info.js';
export type { TimestampInfo } from './signed/timestamp-info.js';
export { parseTimestampInfo } from './signed/timestamp-info.js';
export type { SmimeCapabilityName } from './smime-capabilities.js';
export {
  encodeSmimeCapabilities,
  oaepOfCapability,
  ownSmimeCapabilities,
  smimeCapability,
  smimeCapabilityName,
} from './smime-capabilities.js';
export type { CmsEvent, CmsReaderLimits, CmsStructure, EnvelopeLengths } from './stream/cms-events.js';
export type {
  CmsHead,
  CompressedDataHead,
  DigestedDataHead,
  EncryptedDataHead,
  SignedDataHead,
} from './stream/cms-head.js';
export { EnvelopedDataHead } from './stream/cms-head.js';
export type { CmsReaderOptions } from './stream/cms-reader.js';
export { CmsReader } from './stream/cms-reader.js';
export type {
  CiphertextSpool,
  ContentDecryptor,
  ContentDecryptorOptions,
} from './stream/content-decryptor.js';
export { createContentDecryptor } from './stream/content-decryptor.js';
export type { EnvelopedDataWriterOptions } from './stream/enveloped-data-writer.js';
export { EnvelopedDataWriter } from './stream/enveloped-data-writer.js';
export { Rekeyer } from './stream/rekeyer.js';
export type { RekeyOptions } from './stream/rekeying.js';
export type { SignedDataWriterOptions } from './stream/signed-data-writer.js';
export { SignedDataWriter } from './stream/signed-data-writer.js';
export type { ContentDigesterOptions, PassedContent } from './verify/passed-content.js';
export { ContentDigester } from './verify/passed-content.js';
export type { Reason, SignerReasonCode } from './verify/reason.js';
export type {
  ContentAnswer,
  SignatureAnswer,
  SignerVerdict,
  TimeAnswer,
  TimestampVerdict,
  TrustAnswer,
  TrustedTime,
  TrustOptions,
  VerifySignedDataOptions,
} from './verify/verdict.js';
export { verifySignedData } from './verify/verify.js';
