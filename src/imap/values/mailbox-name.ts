import type { ImapText } from '../text.js';

/**
 * The name of a mailbox, decoded. Where the octets of the wire are not what
 * encoding the decoded name would give (damaged modified UTF-7, 8-bit octets
 * where none may be), it is kept as it came, so that it still names the mailbox.
 */
export type MailboxName = string | RawMailboxName;

/** A mailbox name as it stands on the wire. */
export interface RawMailboxName {
  readonly raw: ImapText;
}
