import { encodeModifiedUtf7, exactModifiedUtf7, ModifiedUtf7Decoder } from '../../charset/modified-utf7.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { decodeText, type ImapText } from '../text.js';

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

/** Reads `mailbox`. */
export function readMailbox(reader: SyntaxReader): MailboxName {
  return mailboxFromWire(reader.astring(), reader.options.utf8);
}

/**
 * The name that stands on the wire as this string.
 *
 * @param utf8 - whether names are UTF-8 there (RFC 9051, or UTF8=ACCEPT
 *   enabled), or modified UTF-7.
 *
 * @example
 * ```ts
 * import { mailboxFromWire } from 'mailseal/imap';
 *
 * console.log(mailboxFromWire('Entw&APw-rfe', false)); // 'Entwürfe'
 * console.log(mailboxFromWire('&ZeVn', false)); // { raw: '&ZeVn' }
 * ```
 */
export function mailboxFromWire(wire: ImapText, utf8: boolean): MailboxName {
  if (typeof wire !== 'string') return { raw: wire };
  // RFC 9051 §5.1: INBOX is the one name whose letters may be of either case.
  if (wire.length === 5 && wire.toUpperCase() === 'INBOX') return 'INBOX';
  if (utf8) return wire;
  return exactModifiedUtf7(wire) ?? { raw: wire };
}

/**
 * The string that stands on the wire for a name.
 *
 * @throws MailsealError `charset-unencodable` for half a surrogate pair.
 *
 * @example
 * ```ts
 * import { mailboxToWire } from 'mailseal/imap';
 *
 * console.log(mailboxToWire('Entwürfe', false)); // 'Entw&APw-rfe'
 * ```
 */
export function mailboxToWire(mailbox: MailboxName, utf8: boolean): ImapText {
  if (typeof mailbox !== 'string') return mailbox.raw;
  return utf8 ? mailbox : encodeModifiedUtf7(mailbox);
}

/** Writes `mailbox`. */
export function writeMailbox(writer: SyntaxWriter, mailbox: MailboxName): void {
  writer.astring(mailboxToWire(mailbox, writer.options.utf8));
}

/** Reads `list-mailbox`: a name in which `%` and `*` are wildcards, and need no quotation marks. */
export function readListPattern(reader: SyntaxReader): MailboxName {
  if (reader.isString()) return readMailbox(reader);
  const pattern = reader.run(CharacterBit.list);
  if (pattern === '') reader.fail('the pattern of a mailbox name');
  return mailboxFromWire(pattern, reader.options.utf8);
}

/** Writes `list-mailbox`. */
export function writeListPattern(writer: SyntaxWriter, pattern: MailboxName): void {
  const wire = mailboxToWire(pattern, writer.options.utf8);
  if (typeof wire === 'string' && isListAtom(wire)) writer.raw(wire);
  else writer.string(wire);
}

function isListAtom(text: string): boolean {
  if (text === '') return false;
  for (let at = 0; at < text.length; at++) {
    if (((characterClass[text.charCodeAt(at)] ?? 0) & CharacterBit.list) === 0) return false;
  }
  return text.toUpperCase() !== 'NIL';
}

/**
 * A mailbox name as people read it. For a name that was kept as it came this
 * is a guess that does not name the mailbox.
 *
 * @example
 * ```ts
 * import { mailboxText } from 'mailseal/imap';
 *
 * console.log(mailboxText('Entwürfe'), mailboxText({ raw: 'R&AOk-sum&AOk' })); // Entwürfe R&AOk-sum&AOk
 * ```
 */
export function mailboxText(mailbox: MailboxName): string {
  if (typeof mailbox === 'string') return mailbox;
  const text = decodeText(mailbox.raw);
  const decoder = new ModifiedUtf7Decoder();
  const decoded = decoder.update(text) + decoder.finish();
  // What is no modified UTF-7 is the name itself of servers that know none.
  return decoder.replacements === 0 ? decoded : text;
}
