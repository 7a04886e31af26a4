import type { SignerReasonCode } from '../../cms/verify/reason.js';

/** Why an answer about a seal, a signer in it or the whole message is what it is. */
export type SealReasonCode =
  | SignerReasonCode
  // identity
  | 'sender-unknown'
  | 'several-from-fields'
  | 'several-from-mailboxes'
  | 'certificate-without-address'
  | 'address-differs'
  | 'sender-matches'
  | 'from-malformed'
  | 'display-name-misleading'
  | 'protected-from-differs'
  // seal
  | 'signature-unreadable'
  | 'fits-without-canonical-line-ends'
  | 'trailing-octets'
  | 'container-ambiguous'
  | 'content-not-mime'
  | 'signed-outside-encryption'
  // envelope
  | 'envelope-not-opened'
  | 'not-authenticated'
  | 'weak-cipher'
  // header protection
  | 'from-not-bound'
  | 'outer-from-differs'
  // message
  | 'unsigned'
  | 'covers-part-only'
  | 'part-not-signed'
  | 'signer-not-verified'
  | 'seal-broken';
