import type { ImapResponse } from '../response/response.js';
import type { ResponseCode } from '../response/response-code.js';
import type { MailboxName } from '../values/mailbox-name.js';
import type { SequenceSet } from '../values/sequence-set.js';
import { type GoneMessage, MessageNumbers } from './message-numbers.js';

/** What is known of the mailbox that is selected; what the server did not tell is `undefined`. */
export interface SelectedMailbox {
  readonly name: MailboxName;
  /** EXAMINE, or READ-ONLY: nothing can be changed. */
  readonly isReadOnly: boolean;
  /** How many messages there are: EXISTS, less what went since. */
  readonly exists: number;
  /** RECENT (RFC 3501). */
  readonly recent: number | undefined;
  readonly flags: readonly string[] | undefined;
  readonly permanentFlags: readonly string[] | undefined;
  readonly uidValidity: number | undefined;
  readonly uidNext: number | undefined;
  /** Sequence number of the first unseen message (RFC 3501). */
  readonly firstUnseen: number | undefined;
  readonly highestModSeq: bigint | undefined;
  /** RFC 7162 §3.1.2.2: the mailbox has no modification sequences. */
  readonly hasNoModSeq: boolean;
  /** UIDNOTSTICKY: UIDs are others in the next session. */
  readonly hasPassingUids: boolean;
  /** RFC 8474. */
  readonly mailboxId: string | undefined;
  /** The UID of a message, as far as it was told. */
  uidOf(sequence: number): number | undefined;
  /** The sequence number of a message, as far as its UID was told. */
  sequenceOf(uid: number): number | undefined;
}

/** What a response did to the mailbox, beyond what it says itself. */
export type MailboxChange =
  | { readonly type: 'expunged'; readonly sequence: number; readonly uid: number | undefined }
  | { readonly type: 'vanished'; readonly uids: SequenceSet; readonly messages: readonly GoneMessage[] }
  /** The response cannot be true beside those before it. */
  | { readonly type: 'contradiction'; readonly what: string };

/** Keeps up with what the server tells of a mailbox. */
export class MailboxRecord implements SelectedMailbox {
  readonly name: MailboxName;
  isReadOnly: boolean;
  recent: number | undefined;
  flags: readonly string[] | undefined;
  permanentFlags: readonly string[] | undefined;
  uidValidity: number | undefined;
  uidNext: number | undefined;
  firstUnseen: number | undefined;
  highestModSeq: bigint | undefined;
  hasNoModSeq = false;
  hasPassingUids = false;
  mailboxId: string | undefined;
  readonly #numbers = new MessageNumbers();
  readonly #isExamined: boolean;

  constructor(name: MailboxName, isExamined: boolean) {
    this.name = name;
    this.#isExamined = isExamined;
    this.isReadOnly = isExamined;
  }

  /** The same mailbox, of which nothing was told yet. */
  renewed(): MailboxRecord {
    return new MailboxRecord(this.name, this.#isExamined);
  }

  get exists(): number {
    return this.#numbers.count;
  }

  uidOf(sequence: number): number | undefined {
    return this.#numbers.uidOf(sequence);
  }

  sequenceOf(uid: number): number | undefined {
    return this.#numbers.sequenceOf(uid);
  }

  /** Takes an untagged response, and what its text's brackets say. */
  take(response: ImapResponse): MailboxChange | undefined {
    switch (response.type) {
      case 'EXISTS':
        if (this.#numbers.setCount(response.number)) return undefined;
        // RFC 9051 §7.4.1: only EXPUNGE and VANISHED tell that messages went.
        return { type: 'contradiction', what: 'EXISTS tells fewer messages than there were' };
      case 'RECENT':
        this.recent = response.number;
        return undefined;
      case 'FLAGS':
        this.flags = response.flags;
        return undefined;
      case 'EXPUNGE':
        return this.#expunge(response.number);
      case 'VANISHED':
        // RFC 7162 §3.2.10: with EARLIER, messages that this session never had.
        if (response.earlier) return undefined;
        return { type: 'vanished', uids: response.uids, messages: this.#numbers.vanish(response.uids) };
      case 'FETCH':
        if (response.uid === undefined || this.#numbers.setUid(response.number, response.uid))
          return undefined;
        return { type: 'contradiction', what: `message ${response.number} cannot have UID ${response.uid}` };
      case 'OK':
        this.takeCode(response.code);
        return undefined;
      default:
        return undefined;
    }
  }

  #expunge(sequence: number): MailboxChange {
    if (sequence < 1 || sequence > this.exists) {
      return { type: 'contradiction', what: `message ${sequence} goes, of ${this.exists}` };
    }
    return { type: 'expunged', sequence, uid: this.#numbers.expunge(sequence) };
  }

  /** Takes a response code, of a tagged response too. */
  takeCode(code: ResponseCode | undefined): void {
    switch (code?.code) {
      case 'READ-ONLY':
        this.isReadOnly = true;
        break;
      case 'READ-WRITE':
        this.isReadOnly = this.#isExamined;
        break;
      case 'UIDNOTSTICKY':
        this.hasPassingUids = true;
        break;
      case 'NOMODSEQ':
        this.hasNoModSeq = true;
        break;
      case 'PERMANENTFLAGS':
        this.permanentFlags = code.flags;
        break;
      case 'UIDNEXT':
        this.uidNext = code.number;
        break;
      case 'UIDVALIDITY':
        // RFC 9051 §2.3.1.1: with another UIDVALIDITY the UIDs told before are worth nothing.
        if (this.uidValidity !== undefined && this.uidValidity !== code.number) this.#numbers.forgetUids();
        this.uidValidity = code.number;
        break;
      case 'UNSEEN':
        this.firstUnseen = code.number;
        break;
      case 'HIGHESTMODSEQ':
        this.highestModSeq = code.modseq;
        break;
      case 'MAILBOXID':
        this.mailboxId = code.id;
        break;
      default:
    }
  }
}
