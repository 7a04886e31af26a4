import type { AbortSignalLike } from '../../core/abort.js';
import type { EngineOptions } from '../../core/engine.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { AlgorithmPolicy } from '../../x509/path/algorithm-policy.js';
import type { CertificationPath } from '../../x509/path/certification-path.js';
import type { PolicyOptions } from '../../x509/path/policy-graph.js';
import type { RevocationOptions } from '../../x509/revocation/revocation-options.js';
import type { SignedAttributesForm, SignerInfo } from '../signed/signer-info.js';
import type { TimestampInfo } from '../signed/timestamp-info.js';
import type { PassedContent } from './passed-content.js';
import type { Reason } from './reason.js';

/** Is the content what was signed? `missing` also where it cannot be hashed. */
export type ContentAnswer = 'intact' | 'altered' | 'missing';

/**
 * Is the signature value good? `weak`: it fits, but the algorithm policy
 * refuses what it was made with; `not-checked` where there is no certificate or no algorithm for it.
 */
export type SignatureAnswer = 'valid' | 'invalid' | 'weak' | 'not-checked';

/** Does the certificate lead to a root that the caller trusts? */
export type TrustAnswer = 'trusted' | 'untrusted' | 'not-checked';

/**
 * Is the path valid at the moment asked about? `valid-at-trusted-time`: it was
 * when the signature existed already, by a time stamp or by what the caller
 * says; `valid-at-signing-time`: it was when the signer says that he signed,
 * for which nobody vouches.
 */
export type TimeAnswer =
  | 'valid'
  | 'valid-at-trusted-time'
  | 'valid-at-signing-time'
  | 'expired'
  | 'not-yet-valid'
  | 'not-checked';

/** What decides whether a signer's certificate is trusted, beside the roots. */
export interface TrustOptions extends EngineOptions {
  /** Trust anchors. Without them `trust` is `not-checked`. */
  readonly roots?: readonly Certificate[];
  /** More certificates that may be signers' or intermediate ones. */
  readonly certificates?: readonly Certificate[];
  /**
   * What is to be checked about revocation, and with what, beside the CRLs and
   * OCSP responses that the message brings. Default: those are used where there
   * are any, and only a certificate that is known to be revoked is refused.
   */
  readonly revocation?: RevocationOptions;
  /** Which certificate policies are acceptable. Default: any, and none is required. */
  readonly policies?: PolicyOptions;
  /** Which algorithms and keys are refused, and which only noted. Default `algorithmPolicyNow`. */
  readonly algorithms?: AlgorithmPolicy;
  /**
   * A moment at which the signature existed already, as the caller knows from
   * a source that he trusts: when his archive took the message in. Certificates
   * that have expired or were revoked since then do no harm. Default: none but
   * the time stamps on the signature.
   */
  readonly trustedTime?: Date;
  /** Ends the work when it is aborted: what was begun throws `aborted` then. */
  readonly signal?: AbortSignalLike;
  /** Trust anchors of time-stamping authorities. Default: `roots`. */
  readonly timestampRoots?: readonly Certificate[];
}

/** What `verifySignedData` takes beside the SignedData. */
export interface VerifySignedDataOptions extends TrustOptions {
  /**
   * The time at which certificates must be valid, and CRLs and OCSP responses
   * the latest ones. There is no clock in here: give now.
   */
  readonly at: Date;
  /** The content of a detached signature, in the canonical form that was signed, or what was kept of it when it went by. */
  readonly content?: Uint8Array | PassedContent;
  /**
   * What was kept of content that the SignedData has in it, where it was read in pieces and `content` is given besides:
   * both have to be the same.
   */
  readonly embedded?: PassedContent;
}

/** A moment at which a signature existed already, and who vouches for it. */
export interface TrustedTime {
  readonly time: Date;
  readonly source: 'caller' | 'timestamp';
}

/** What a time stamp over a signature value is worth (RFC 3161 appendix A). */
export interface TimestampVerdict {
  /**
   * `trusted`: genuine, over this signature, and by an authority that leads to
   * a trusted root; `untrusted`: genuine, but nobody vouches for the authority;
   * `invalid`: damaged, forged, or over something else.
   */
  readonly status: 'trusted' | 'untrusted' | 'invalid';
  /** What it says, where it can be read. */
  readonly info: TimestampInfo | undefined;
  /** The latest moment at which the signature may have come into being: genTime and the accuracy. */
  readonly time: Date | undefined;
  /** The authority's certificate, where it was found. */
  readonly certificate: Certificate | undefined;
  /** The authority's certification path. */
  readonly path: CertificationPath | undefined;
  readonly reasons: readonly Reason[];
}

/** Four of the five answers about one signer; the fifth, identity, needs the message (`mailseal/smime`). */
export interface SignerVerdict {
  readonly signer: SignerInfo;
  readonly content: ContentAnswer;
  readonly signature: SignatureAnswer;
  readonly trust: TrustAnswer;
  readonly time: TimeAnswer;
  /** Why, failures before notes. */
  readonly reasons: readonly Reason[];
  /** The signer's certificate, where it was found. */
  readonly certificate: Certificate | undefined;
  /**
   * The certification path that the answers on trust and time are about, with
   * what is known of the revocation of each certificate in it.
   */
  readonly path: CertificationPath | undefined;
  /** What the signer claims; nobody vouches for it. */
  readonly signingTime: Date | undefined;
  /** The earliest moment at which the signature is known to have existed; `undefined` where nobody vouches for any. */
  readonly trustedTime: TrustedTime | undefined;
  /** The time stamps over the signature, in the order received. */
  readonly timestamps: readonly TimestampVerdict[];
  /**
   * The counter-signatures (RFC 5652 §11.4), in the order received: whether
   * others signed this signature. Four at most, and 16 in one SignedData; more
   * are not looked at. Their `content` is the signature value. They
   * are no part of what the signer says, and none makes his answers better or worse.
   */
  readonly counterSignatures: readonly SignerVerdict[];
  readonly digestAlgorithm: DigestName | undefined;
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** Which form of the signed attributes the signature fits. */
  readonly attributesForm: SignedAttributesForm['form'] | undefined;
}
