import type { RecipientInfo } from '../../cms/enveloped/recipient-info.js';
import type { Reason } from '../../cms/verify/reason.js';
import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { ContentCipher } from '../../crypto/ciphers/content-cipher.js';
import type { ReadableContent } from '../../mime/bodies/readable-content.js';
import type { Part } from '../../mime/part.js';
import type { EnvelopeType } from '../verify/found-layer.js';
import type { SealReasonCode } from '../verify/reason.js';
import type { OtherCmsPart, Seal, VerificationReport } from '../verify/report.js';
import type { EnhancedServices } from './enhanced-services.js';
import type { MessageHeaders } from './message-headers.js';

/** A CMS part with other content within: encrypted, or compressed. */
export interface CmsEnvelope {
  /** The field's name of its content type. */
  readonly type: EnvelopeType;
  /** The place of the part, as in {@link Seal}. */
  readonly part: string;
  /** The place of its content: the same and a `/`. */
  readonly covers: string;
  /** Whether everything that the message shows is in it, or only a part of it. */
  readonly coverage: 'message' | 'part';
  /** Whether its content was got out. */
  readonly opened: boolean;
  /**
   * Whether a tag was checked that shows that nobody changed the content since it was encrypted (RFC 5083). It says
   * nothing about who did that. `false` for CBC, and for compressed-data, which protects nothing.
   */
  readonly authenticated: boolean;
  /** The cipher of the content; `undefined` for compressed-data, and where it is not opened. */
  readonly cipher: ContentCipher | undefined;
  /** All recipients that it names, as far as it could be read. */
  readonly recipients: readonly RecipientInfo[];
  /** As whom it was opened. */
  readonly recipient: RecipientInfo | undefined;
  /** Which of `keys` opened it. */
  readonly keyIndex: number | undefined;
  /** Whether the content key was bound to the cipher (RFC 9709). */
  readonly isKeyBound: boolean;
  /** The content, octet for octet. */
  readonly content: Bytes | undefined;
  /** The content as a MIME entity, whose ranges are those of {@link content}; `undefined` where it is CMS itself. */
  readonly entity: Part | undefined;
  /** Why it is not opened: `cms-no-recipient`, `crypto-decryption-failed`, a limit (in its content, too), damage. */
  readonly error: MailsealError | undefined;
  readonly reasons: readonly Reason<SealReasonCode>[];
}

/** One layer of a message, and what it lies in. */
export type Layer = (
  | { readonly kind: 'seal'; readonly seal: Seal }
  | { readonly kind: 'envelope'; readonly envelope: CmsEnvelope }
  | { readonly kind: 'other'; readonly other: OtherCmsPart }
) & {
  /** The layer next outside; `undefined` where there is none. */
  readonly around: Layer | undefined;
};

/** What lies under the same layers, and may be shown together; never what lies under others. */
export interface ShownPiece {
  /** The place of {@link root}, as in {@link Seal}. */
  readonly part: string;
  /** The entity that holds it. */
  readonly root: Part;
  /** The layers around it, outermost first; none where nothing seals it. */
  readonly layers: readonly Layer[];
  /** Whether it was decrypted. */
  readonly encrypted: boolean;
  /**
   * Whether it was decrypted without anything that shows whether somebody changed it on the way (EFAIL): no tag, and
   * no signature inside the encryption. Fetch nothing that it refers to.
   */
  readonly unauthenticated: boolean;
  /** Its text, HTML and files. Where it is unauthenticated, texts of several parts are not joined. */
  readonly content: ReadableContent;
}

/** The outcome of opening a message. */
export interface OpenReport extends VerificationReport {
  /**
   * Whether what is shown is what its sender signed, by all that the policy asks for. A signature around encryption
   * does not vouch for what is encrypted, so where anything is, a seal inside of it is wanted.
   */
  readonly verified: boolean;
  /** Seals, envelopes and other CMS parts, outermost first, then in the order of the message. */
  readonly layers: readonly Layer[];
  /** The envelopes among the layers, opened or not. */
  readonly envelopes: readonly CmsEnvelope[];
  /** CMS parts that are neither: certificates only, unreadable. */
  readonly others: readonly OtherCmsPart[];
  /** Whether all that is shown was decrypted. */
  readonly encrypted: boolean;
  /** The header to show: the protected one where there is one. */
  readonly headers: MessageHeaders;
  /** Receipts, labels and mailing lists (RFC 2634), as signers ask for and tell them; outermost seal first. */
  readonly services: readonly EnhancedServices[];
  /** What the message shows, in pieces that must not be mixed: outermost first, then in the order of the message. */
  readonly pieces: readonly ShownPiece[];
}
