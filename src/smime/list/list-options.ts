import type { MailListExpansionInput, MailListReceiptPolicy } from '../../cms/ess/mail-list.js';
import type { Bytes } from '../../core/bytes.js';
import type { RandomOptions } from '../../crypto/random.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { RecipientChecking } from '../encrypt/check-recipients.js';
import type { EnvelopeOptions } from '../encrypt/envelope.js';
import type { MessageRecipient, RecipientProblemCode } from '../encrypt/message-recipient.js';
import type { RecipientAcceptance } from '../encrypt/refuse-recipients.js';
import type { OpenMessageOptions } from '../open/open-message.js';
import type { OpenReport } from '../open/report.js';
import type { MessageSigning } from '../sign/sign-entity.js';
import type { ListHeader } from './list-header.js';

/** What {@link explodeMessage} takes beside the message. `roots` are for the senders' certificates and the members'. */
export interface ExplodeMessageOptions
  extends Omit<OpenMessageOptions, 'part' | 'address' | 'acceptSender'>,
    Pick<RecipientChecking, 'pool' | 'findIssuers' | 'maxSignatureChecks'>,
    RecipientAcceptance,
    EnvelopeOptions,
    RandomOptions {
  /** To whom the message goes on. */
  readonly members: readonly MessageRecipient[];
  /** How the list signs. Signers who bring no `signingTime` get `at`; their `signedAttributes` replace those carried on. */
  readonly sign: MessageSigning;
  /** The moment of the expansion: now. */
  readonly at: Date;
  /**
   * `re-key`: the content stays encrypted as it was, and members get its key, as RFC 2634 §4.2.3.1 has it.
   * `decrypt-and-encrypt`: it is encrypted anew, with a key and a cipher of the list’s. Default `re-key`.
   */
  readonly mode?: 're-key' | 'decrypt-and-encrypt';
  /**
   * What becomes of members who cannot read the cipher of a message that is re-keyed: the content is encrypted anew for
   * them, or they are refused. Default `decrypt-and-encrypt`.
   */
  readonly otherwise?: 'decrypt-and-encrypt' | 'refuse';
  /**
   * What becomes of a message that is not encrypted: it goes on as it is, as RFC 2634 §4.2 has it; it is encrypted for
   * the members; or it is refused. Default `pass`.
   */
  readonly unencrypted?: 'pass' | 'encrypt' | 'refuse';
  /**
   * Whether the signatures within stay, or are taken off, so that members see no author but the list. What is only
   * re-keyed cannot lose them. Their security label stays, in the signature of the list. Default `keep`.
   */
  readonly innerSignature?: 'keep' | 'strip';
  /**
   * Whether each member gets an envelope of his own, so that none learns who the others are. Where these are re-keyed,
   * the list’s key finds the message’s once for all of them, besides the use that `inspect` makes of it. Default `false`.
   */
  readonly separately?: boolean;
  /**
   * Whether the list decrypts what it only re-keys, to look for security labels and for loops, as RFC 2634 §4.2 wants
   * it. With `false` it never has the text, knows of neither inside, and refuses members who need another cipher.
   * Default `true`.
   */
  readonly inspect?: boolean;
  /**
   * Asked with what the list sees before anything is sent: moderation, membership of the sender, access by security
   * labels (RFC 2634 §4.2). Default: whatever has no label passes, and what has one is refused.
   */
  readonly allow?: (report: OpenReport) => boolean | Promise<boolean>;
  /** Who gets receipts for what the list passes on; united with what a list before it wanted (RFC 2634 §4.3). Default: as that has it. */
  readonly receipts?: MailListReceiptPolicy;
  /** The list’s name in the history. Default: the certificate of its first signer. */
  readonly listIdentifier?: MailListExpansionInput['list'];
  /** More certificates that are the list’s, or were: a history that names one of them is a loop. Default: those that sign. */
  readonly ownCertificates?: readonly Certificate[];
  /** What the list does to the header outside. Default: nothing. */
  readonly header?: ListHeader;
}

/** Why a member gets no copy. */
export interface MemberProblem {
  /**
   * What is wrong with his certificate; `no-cipher`: none that he reads is strong enough; `other-cipher`: he does not
   * read the one that the message is encrypted with.
   */
  readonly code: RecipientProblemCode | 'no-cipher' | 'other-cipher';
  /** A sentence for people. */
  readonly message: string;
}

/** A member who gets no copy. */
export interface RefusedMember {
  readonly member: MessageRecipient;
  readonly problems: readonly MemberProblem[];
}

/** One message to be sent on. */
export interface ListMessage {
  readonly message: Bytes;
  /** To whom. */
  readonly members: readonly MessageRecipient[];
  /** How the content came to them; `passed` where it is not encrypted. */
  readonly way: 're-keyed' | 'encrypted' | 'passed';
  /** What it is encrypted with. */
  readonly cipher: string | undefined;
}

/** What {@link explodeMessage} gives. */
export interface ExplodedMessage {
  /** One message for each group of members; none where all of them are refused. */
  readonly messages: readonly ListMessage[];
  readonly refused: readonly RefusedMember[];
  /** What the list saw of the message that it was sent. */
  readonly report: OpenReport;
}
