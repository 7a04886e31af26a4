/**
 * S/MIME (RFC 8551): whole mail messages, so far verifying what is signed in
 * them, by whom, and how far it can be believed.
 *
 * @module smime
 */
export type { SealLimits } from './find-seals.js';
export type { IdentityAnswer } from './identity.js';
export { sameAddress } from './identity.js';
export type { SealReasonCode } from './reason.js';
export type { OtherCmsPart, Seal, SealSigner, VerificationReport } from './report.js';
export type { VerifyMessageOptions } from './verify-message.js';
export { verifyMessage, verifyParsedMessage } from './verify-message.js';
export type { VerificationPolicy } from './verify-seal.js';
export type { VerifySignatureFileOptions } from './verify-signature-file.js';
export { verifySignatureFile } from './verify-signature-file.js';
