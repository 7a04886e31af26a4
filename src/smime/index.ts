/**
 * S/MIME (RFC 8551): whole mail messages. Signing and encrypting them; opening
 * them, verifying what is signed in them, by whom, and how far it can be believed.
 *
 * @module smime
 */
export type { CompressMessageOptions } from './compress/compress-message.js';
export { compressMessage } from './compress/compress-message.js';
export type {
  Alteration,
  AlterationChange,
  AlterationDiagnosis,
  AlterationKind,
  AlterationRemark,
  AlterationRemarkCode,
  AlteredSigner,
  ChangedRange,
  DiagnosisLimits,
  DiagnosisWork,
  Sentence,
} from './diagnose/alteration.js';
export type { DiagnoseOptions } from './diagnose/diagnose-alteration.js';
export { diagnoseAlteration } from './diagnose/diagnose-alteration.js';
export type { RecipientCheck, RecipientChecking, RecipientProblem } from './encrypt/check-recipients.js';
export { checkRecipients } from './encrypt/check-recipients.js';
export type { CipherChoice } from './encrypt/choose-cipher.js';
export type { EncryptedMessage, EncryptMessageOptions } from './encrypt/encrypt-message.js';
export { encryptMessage } from './encrypt/encrypt-message.js';
export type { EnvelopeOptions, EnvelopeRole } from './encrypt/envelope.js';
export type {
  MessageRecipient,
  RecipientDetails,
  RecipientProblemCode,
} from './encrypt/message-recipient.js';
export type { RecipientAcceptance } from './encrypt/refuse-recipients.js';
export type {
  HeaderConfidentialityFunction,
  HeaderConfidentialityPolicy,
} from './header-protection/confidentiality-policy.js';
export { explodeMessage } from './list/explode-message.js';
export type { ListHeader } from './list/list-header.js';
export type {
  ExplodedMessage,
  ExplodeMessageOptions,
  ListMessage,
  MemberProblem,
  RefusedMember,
} from './list/list-options.js';
export type { DecryptedMessage } from './open/decrypt-message.js';
export { decryptMessage } from './open/decrypt-message.js';
export type { EnhancedServices } from './open/enhanced-services.js';
export type { HeaderFieldProtection, HeaderProtectionScheme } from './open/message-headers.js';
export { MessageHeaders } from './open/message-headers.js';
export type { OpenKeys } from './open/open-envelope.js';
export type { OpenLimits } from './open/open-limits.js';
export type { OpenMessageOptions } from './open/open-message.js';
export { openMessage } from './open/open-message.js';
export type { CmsEnvelope, Layer, OpenReport, ShownPiece } from './open/report.js';
export type { AddMessageSignersOptions } from './sign/add-message-signers.js';
export { addMessageSigners } from './sign/add-message-signers.js';
export type { CertsOnlyMessageOptions } from './sign/certs-only-message.js';
export { certsOnlyMessage } from './sign/certs-only-message.js';
export type { ReceiptMessageOptions } from './sign/receipt-message.js';
export { receiptMessage } from './sign/receipt-message.js';
export type { MessageSigning } from './sign/sign-entity.js';
export type { SignMessageOptions } from './sign/sign-message.js';
export { signMessage } from './sign/sign-message.js';
export type { MessageDecryptorOptions, PassedOpening } from './stream/message-decryptor.js';
export { MessageDecryptor } from './stream/message-decryptor.js';
export type { MessageEncryptorOptions } from './stream/message-encryptor.js';
export { MessageEncryptor } from './stream/message-encryptor.js';
export type { RekeyMessageOptions } from './stream/message-rekeyer.js';
export { MessageRekeyer, rekeyMessage } from './stream/message-rekeyer.js';
export { MessageSigner } from './stream/message-signer.js';
export type { MessageVerifierOptions, PassedVerification } from './stream/message-verifier.js';
export { MessageVerifier } from './stream/message-verifier.js';
export type { StreamLimits } from './stream/passed-limits.js';
export type { ContentEvent, SignedPartEvent, SignedPartSink } from './stream/passed-message.js';
export type { PieceOutput } from './stream/piece-output.js';
export type { SealLimits } from './verify/find-seals.js';
export type { EnvelopeType } from './verify/found-layer.js';
export type { IdentityAnswer } from './verify/identity.js';
export { sameAddress } from './verify/identity.js';
export type { SealReasonCode } from './verify/reason.js';
export type { OtherCmsPart, Seal, SealSigner, VerificationReport } from './verify/report.js';
export type { VerifyMessageOptions } from './verify/verify-message.js';
export { verifyMessage, verifyParsedMessage } from './verify/verify-message.js';
export type { VerificationPolicy } from './verify/verify-seal.js';
export type { VerifySignatureFileOptions } from './verify/verify-signature-file.js';
export { verifySignatureFile } from './verify/verify-signature-file.js';
