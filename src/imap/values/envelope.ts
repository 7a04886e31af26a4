import type { ImapText } from '../text.js';

/** An address of an ENVELOPE (RFC 9051 §2.3.5.3); all of it may be missing. */
export interface ImapAddress {
  /** addr-name: the display name, encoded words and all. */
  readonly name: ImapText | undefined;
  /** addr-adl: an obsolete source route. */
  readonly route: ImapText | undefined;
  /** addr-mailbox: the local part; in the entry that opens a group its name; `undefined` in the one that closes it. */
  readonly mailbox: ImapText | undefined;
  /** addr-host; `undefined` in the entries that open and close a group. */
  readonly host: ImapText | undefined;
}

/** The ENVELOPE of a message (RFC 9051 §7.5.2): what its header says, not decoded. */
export interface ImapEnvelope {
  readonly date: ImapText | undefined;
  readonly subject: ImapText | undefined;
  /** Empty where the server says NIL. */
  readonly from: readonly ImapAddress[];
  readonly sender: readonly ImapAddress[];
  readonly replyTo: readonly ImapAddress[];
  readonly to: readonly ImapAddress[];
  readonly cc: readonly ImapAddress[];
  readonly bcc: readonly ImapAddress[];
  readonly inReplyTo: ImapText | undefined;
  readonly messageId: ImapText | undefined;
}
