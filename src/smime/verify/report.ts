import type { SignedData } from '../../cms/signed/signed-data.js';
import type { Reason } from '../../cms/verify/reason.js';
import type { SignerVerdict } from '../../cms/verify/verdict.js';
import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';
import type { IdentityAnswer } from './identity.js';
import type { SealReasonCode } from './reason.js';

/** One signer of a seal: the five answers, and whether all that the policy asks for are good. */
export interface SealSigner extends Omit<SignerVerdict, 'reasons'> {
  readonly identity: IdentityAnswer;
  readonly verified: boolean;
  readonly reasons: readonly Reason<SealReasonCode>[];
}

/** One signature over something: a multipart/signed, or a signed-data part. */
export interface Seal {
  /**
   * The place of the part that is sealed: `''` for the message itself, `1.2`
   * as IMAP counts parts; after a `/` the place inside the content of an
   * opaque seal or an envelope.
   */
  readonly part: string;
  /** The place of what the signature is over; for an opaque seal the place of its content. */
  readonly covers: string;
  /** Whether everything that the message shows is under this seal, or only a part of it. */
  readonly coverage: 'message' | 'part';
  /** `detached`: the signature stands beside what it is over; `opaque`: around it. */
  readonly form: 'detached' | 'opaque';
  /**
   * Whether something in what it covers is encrypted. The signature tells who sent that then, and nothing of who
   * wrote it: whoever takes the ciphertext of another can sign it.
   */
  readonly aroundEncryption: boolean;
  /** The entity that was signed, as far as it is one. For an opaque seal its ranges are those of {@link content}. */
  readonly entity: Part | undefined;
  /** The octets that were checked, in canonical form. */
  readonly content: Bytes | undefined;
  /** The CMS structure; `undefined` where it cannot be read. */
  readonly signedData: SignedData | undefined;
  /** Why it cannot be read, a limit that was hit among the reasons. */
  readonly error: MailsealError | undefined;
  readonly signers: readonly SealSigner[];
  /** Whether every signer is verified. */
  readonly verified: boolean;
  readonly reasons: readonly Reason<SealReasonCode>[];
}

/** A CMS part that is no signature: what it is, or why it cannot be read. */
export interface OtherCmsPart {
  /** Place, as in {@link Seal}. */
  readonly part: string;
  /** The field's name of its content type (`envelopedData`, …), `certs-only`, or `unreadable`. */
  readonly kind: string;
  /** The certificates and CRLs of a certs-only part. */
  readonly signedData: SignedData | undefined;
  /** Why it cannot be read. */
  readonly error: MailsealError | undefined;
}

/** The outcome of verifying a message. */
export interface VerificationReport {
  /** Whether the message is what its sender signed, by all that the policy asks for. */
  readonly verified: boolean;
  /** Outermost first, then in the order of the message. */
  readonly seals: readonly Seal[];
  /** CMS parts that are no signatures: encrypted, compressed, certificates only, unreadable. */
  readonly others: readonly OtherCmsPart[];
  /** Why it is not verified, as far as the seals themselves do not say. */
  readonly reasons: readonly Reason<SealReasonCode>[];
  /** The message as parsed. */
  readonly message: Part;
}
