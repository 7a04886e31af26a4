import { decodeText, type ImapText } from '../text.js';
import type { ImapAddress } from './envelope.js';

/** An address of an envelope, or a group of them. */
export type EnvelopeMailbox =
  | { readonly type: 'mailbox'; readonly address: ImapAddress }
  | { readonly type: 'group'; readonly name: ImapText; readonly members: readonly ImapAddress[] };

/**
 * Brings the addresses of an envelope into their groups (RFC 9051 §7.5.2: an
 * entry without a host begins one, or ends it where it has no mailbox either).
 * A group that is not ended ends with the list.
 *
 * @example
 * ```ts
 * import { groupAddresses } from 'mailseal/imap';
 *
 * const nothing = { name: undefined, route: undefined, mailbox: undefined, host: undefined };
 * const ann = { ...nothing, mailbox: 'ann', host: 'example.org' };
 * const [team] = groupAddresses([{ ...nothing, mailbox: 'Team' }, ann, nothing]);
 * console.log(team?.type === 'group' && team.members.length); // 1
 * ```
 */
export function groupAddresses(addresses: readonly ImapAddress[]): EnvelopeMailbox[] {
  const grouped: EnvelopeMailbox[] = [];
  let members: ImapAddress[] | undefined;
  for (const address of addresses) {
    if (address.host !== undefined) {
      if (members === undefined) grouped.push({ type: 'mailbox', address });
      else members.push(address);
    } else if (address.mailbox === undefined) members = undefined;
    else {
      members = [];
      grouped.push({ type: 'group', name: address.mailbox, members });
    }
  }
  return grouped;
}

const PLAIN_LOCAL_PART = /^[^\s"(),:;<>@[\\\]]+$/;

/**
 * The address itself, `local-part@domain`, with the local part quoted where
 * that is needed (RFC 5322 §3.4.1); `undefined` for an entry that begins or
 * ends a group.
 *
 * @example
 * ```ts
 * // Names are as the header has them: their encoded words are for mailseal/mime.
 * import { addressText } from 'mailseal/imap';
 * import { decodeEncodedWords } from 'mailseal/mime';
 *
 * const address = { name: '=?UTF-8?Q?=C3=85sa?=', route: undefined, mailbox: 'asa', host: 'example.org' };
 * console.log(decodeEncodedWords(address.name).text, addressText(address)); // Åsa asa@example.org
 * ```
 *
 * @example
 * ```ts
 * import { addressText } from 'mailseal/imap';
 *
 * console.log(addressText({ name: 'Ann', route: undefined, mailbox: 'ann', host: 'example.org' })); // ann@example.org
 * ```
 */
export function addressText(address: ImapAddress): string | undefined {
  if (address.mailbox === undefined || address.host === undefined) return undefined;
  const local = decodeText(address.mailbox);
  const isPlain = PLAIN_LOCAL_PART.test(local);
  return `${isPlain ? local : `"${local.replaceAll(/["\\]/g, '\\$&')}"`}@${decodeText(address.host)}`;
}
