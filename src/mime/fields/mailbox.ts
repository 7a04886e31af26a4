import type { ValueList } from './value-list.js';

/** One mailbox of an address list (RFC 5322 §3.4). */
export interface Mailbox {
  /** The display name, encoded words undone; from a comment (`a@b (Name)`) where there is no other. For people only: anybody can write anything here. */
  readonly name: string | undefined;
  /**
   * `local@domain`, without quotes, comments, blanks and routes that mean
   * nothing; the local part is quoted only where it needs to be. Letters keep
   * their case. `''` where there is no `@`.
   */
  readonly address: string;
  /** The local part, quoting undone. */
  readonly localPart: string;
  /** The domain, or a domain literal with its brackets. */
  readonly domain: string;
  /** The texts of its comments. */
  readonly comments: readonly string[];
}

/** A named group of mailboxes (RFC 5322 §3.4), which may be empty. */
export interface Group {
  /** The name, encoded words undone. */
  readonly name: string;
  readonly members: readonly Mailbox[];
}

/** A mailbox or a group: groups have `members`. */
export type Address = Mailbox | Group;

/** The addresses of a field in their order, and what was wrong with them. */
export type AddressList = ValueList<Address>;

/** All mailboxes of a list, those in groups among them, in their order. */
export function mailboxesIn(list: readonly Address[]): Mailbox[] {
  return list.flatMap((each) => ('members' in each ? each.members : [each]));
}
