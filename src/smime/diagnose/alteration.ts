import type { SignerVerdict } from '../../cms/verify/verdict.js';
import type { Bytes } from '../../core/bytes.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import type { OctetRange } from '../../mime/part.js';

/** One thing that relays, servers, lists and scanners do to a message that was signed. */
export type AlterationKind =
  // the text
  | 'charset-converted'
  | 'charset-relabelled'
  | 'iso-2022-jp-escapes-changed'
  | 'iso-2022-jp-escapes-lost'
  | 'width-changed'
  // the header of the signed part, and of parts in it
  | 'encoded-words-rewritten'
  | 'field-refolded'
  | 'field-case-changed'
  | 'field-quoting-changed'
  | 'field-spacing-changed'
  | 'fields-reordered'
  | 'parameters-changed'
  | 'field-added'
  | 'field-removed'
  // the lines of the body
  | 'line-ends-changed'
  | 'line-ends-not-canonical'
  | 'trailing-blanks-removed'
  | 'trailing-blanks-added'
  | 'trailing-lines-removed'
  | 'trailing-lines-added'
  | 'from-line-quoted'
  | 'from-line-unquoted'
  | 'dots-doubled'
  | 'dots-removed'
  | 'tabs-changed'
  | 'lines-wrapped'
  | 'lines-joined'
  // encoding and structure
  | 'transfer-encoding-changed'
  | 'footer-added'
  | 'banner-added'
  | 'lines-added'
  | 'part-added'
  | 'container-changed';

/** A sentence for people. */
export interface Sentence {
  /** In English. */
  readonly en: string;
  /** In Japanese. */
  readonly ja: string;
}

/** One place that was changed. */
export interface ChangedRange extends OctetRange {
  /** What stood there, octet for octet; empty where octets were added. */
  readonly original: Bytes;
}

/** One change that was found, and is proved by the digest that the signer signed. */
export interface AlterationChange {
  readonly kind: AlterationKind;
  /** What it was before, where it has a name: a charset, a transfer encoding, a field. */
  readonly from: string | undefined;
  /** What it was turned into, where that has a name. */
  readonly to: string | undefined;
  /**
   * Where, in octets from the start of {@link Alteration.received}, in ascending order: what stands there now is this
   * range, `original` is what the signed content has there. Ranges of several changes stand apart, or are the very same
   * where several changes touched one place: each distinct range put back once gives the original.
   */
  readonly ranges: readonly ChangedRange[];
  readonly message: Sentence;
}

/** What can be said about an alteration beside the changes that were undone. */
export type AlterationRemarkCode =
  // the proof
  | 'weak-digest'
  | 'signature-not-checked'
  | 'signature-invalid'
  | 'signature-weak'
  | 'signature-valid'
  | 'signers-differ'
  // the attributes that were signed
  | 'attribute-missing'
  | 'digest-differs'
  | 'content-type-differs'
  // the content
  | 'content-fits-now'
  | 'embedded-content-fits'
  | 'other-part-fits'
  | 'file-signature'
  | 'line-ends-lf'
  | 'attachment-replaced'
  | 'footer-suspected'
  | 'text-damaged'
  // the search
  | 'budget-exhausted'
  | 'nothing-provable'
  | 'nothing-fits'
  // the message
  | 'not-signed'
  | 'encrypted'
  | 'signature-unreadable'
  | 'content-unknown';

/** One remark: a code for programs and a sentence for people. */
export interface AlterationRemark {
  readonly code: AlterationRemarkCode;
  /** The place of the part it is about, as in `Seal.part`; `undefined` where it is about no single part. */
  readonly part: string | undefined;
  /** The signer it is about; `undefined` where it is about none. */
  readonly signer: AlteredSigner | undefined;
  readonly message: Sentence;
}

/** A signer whose digest differs, as far as a diagnosis goes by him; those of `Seal.signers` are such. */
export type AlteredSigner = Pick<
  SignerVerdict,
  | 'signer'
  | 'content'
  | 'signature'
  | 'trust'
  | 'certificate'
  | 'signingTime'
  | 'digestAlgorithm'
  | 'signatureAlgorithm'
>;

/**
 * What happened to the content of one seal that its signers’ digests do not fit. Signers of one seal that signed
 * different contents, or of whom one’s was found and another’s not, have one each: anybody can add a signer of his own.
 */
export interface Alteration {
  /** The place of the seal, as in `Seal.part`. */
  readonly part: string;
  /** The place of what the signature is over, as in `Seal.covers`. */
  readonly covers: string;
  /** The signers that this is about: those whose content is `altered`, or whose signature the message no longer shows. */
  readonly signers: readonly AlteredSigner[];
  /** The octets that should have been signed as they came, with CRLF line ends: `Seal.content`. */
  readonly received: Bytes;
  /**
   * The octets that were signed, where undoing {@link changes} gave what the digest of each of {@link fitting} is of.
   * Evidence of what was sent, and no valid signature over what came. It says nothing of who signed: `trust` of
   * {@link fitting} does.
   */
  readonly original: Bytes | undefined;
  /**
   * Those of {@link signers} that signed the original, all of them; none where nothing was recovered. Only signers count
   * whose signature over their digest holds.
   */
  readonly fitting: readonly AlteredSigner[];
  /** What was done to the original, in the order in which it was done; empty where nothing was recovered. */
  readonly changes: readonly AlterationChange[];
  /** The digests that prove it. */
  readonly digests: readonly DigestName[];
  /** What else can be said. */
  readonly remarks: readonly AlterationRemark[];
  /** Everything above in one sentence. */
  readonly message: Sentence;
  readonly work: DiagnosisWork;
}

/** What a search took. */
export interface DiagnosisWork {
  /** Contents that were tried. */
  readonly candidates: number;
  /** Octets of them that were made and hashed, in all. */
  readonly octets: number;
  /** Whether it was ended by a limit. */
  readonly exhausted: boolean;
}

/** The outcome of {@link diagnoseAlteration}. */
export interface AlterationDiagnosis {
  /**
   * Whether the original of every altered seal was recovered, there is one, and every signer of the seal signed that
   * same content. It makes no signature valid, and says nothing of who signed.
   */
  readonly recovered: boolean;
  /** One for each altered seal and each content that its signers signed, in the order of the report. */
  readonly alterations: readonly Alteration[];
  /** What can be said about the message as a whole: that it is encrypted, or that a signature in it cannot be read. */
  readonly remarks: readonly AlterationRemark[];
}

/** Bounds on the search for what was changed. Where one is hit the search ends, and says so. */
export interface DiagnosisLimits {
  /** Contents tried for all seals of a message together, but for those that differ in their ends only; default 30,000. */
  readonly candidates?: number;
  /**
   * Octets of contents that are read and hashed, for all seals together, 1,024 for one that differs from another in its
   * end only; default 536,870,912 (512 MiB).
   */
  readonly octets?: number;
  /** Signature values checked for a signer that signed no digest (no signed attributes), of which eight are looked at; default 500. */
  readonly signatures?: number;
  /** Changes that follow one another; default 4. */
  readonly changes?: number;
}
