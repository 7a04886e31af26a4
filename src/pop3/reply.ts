import type { Bytes } from '../core/bytes.js';
import type { WireText } from '../core/wire-text.js';

/** The first line of a reply: "+OK" or "-ERR" (RFC 1939 §3). */
export interface Pop3Status {
  readonly isOk: boolean;
  /** The response code in brackets, in capital letters (RFC 2449 §8), such as `IN-USE` or `SYS/TEMP`. */
  readonly code?: string;
  /** What follows; not for programs, but for the greeting and single-line replies with numbers. */
  readonly text: WireText;
}

/** A line of LIST, or the answer of LIST for one message. */
export interface Pop3Listing {
  readonly type: 'listing';
  readonly message: number;
  /** Octets. */
  readonly size: number;
}

/** A line of UIDL, or the answer of UIDL for one message. */
export interface Pop3UniqueId {
  readonly type: 'unique-id';
  readonly message: number;
  /** 1 to 70 characters of 0x21 to 0x7E. */
  readonly uid: string;
}

/** A line of CAPA (RFC 2449 §5). */
export interface Pop3Capability {
  readonly type: 'capability';
  /** In capital letters, such as `SASL`. */
  readonly name: string;
  readonly parameters: readonly string[];
}

/** A line of AUTH without a mechanism. */
export interface Pop3Mechanism {
  readonly type: 'mechanism';
  /** In capital letters. */
  readonly mechanism: string;
}

/** A language that a server knows (RFC 6856 §3). */
export interface Pop3Language {
  readonly type: 'language';
  readonly tag: string;
  readonly description: WireText;
}

/** What STAT tells. */
export interface Pop3MailboxState {
  readonly type: 'mailbox';
  readonly messages: number;
  /** Octets of all messages. */
  readonly size: number;
}

/** A line of a list whose meaning is not known, or that says something else than it should. */
export interface Pop3Line {
  readonly type: 'line';
  readonly octets: Bytes;
}

/** What a line of a list, or a single-line reply with a value, says: by the command that it answers. */
export type Pop3Data =
  | Pop3Listing
  | Pop3UniqueId
  | Pop3Capability
  | Pop3Mechanism
  | Pop3Language
  | Pop3MailboxState
  | Pop3Line;
