import { type MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { type MailboxName, readMailbox, writeMailbox } from '../values/mailbox-name.js';
import type { MailboxFilter } from './command.js';

const OPEN = 0x28;

/** Reads `filter-mailboxes` (RFC 5465 §8, RFC 7377 §2.2). */
export function readMailboxFilter(reader: SyntaxReader): MailboxFilter {
  const at = reader.at;
  const filter = reader.atom().toLowerCase();
  switch (filter) {
    case 'selected':
    case 'selected-delayed':
    case 'inboxes':
    case 'personal':
    case 'subscribed':
      return filter;
    case 'subtree':
    case 'subtree-one':
    case 'mailboxes':
      reader.space();
      return { filter, mailboxes: readMailboxes(reader) };
    default:
      return reader.fail('a mailbox filter', at);
  }
}

function readMailboxes(reader: SyntaxReader): MailboxName[] {
  if (reader.peek() !== OPEN) return [readMailbox(reader)];
  const at = reader.at;
  const mailboxes = reader.list(readMailbox);
  if (mailboxes.length === 0) reader.fail('a mailbox', at + 1);
  return mailboxes;
}

const plainFilters: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['selected', 'selected-delayed', 'inboxes', 'personal', 'subscribed'],
]);
const mailboxFilters: ReadonlySet<string> = /* @__PURE__ */ new Set(['subtree', 'subtree-one', 'mailboxes']);

function noFilter(filter: unknown): MailsealError {
  return usage(`${shown(filter)} is no filter of mailboxes (RFC 5465 §8, RFC 7377 §2.2)`);
}

/** Writes `filter-mailboxes`. */
export function writeMailboxFilter(writer: SyntaxWriter, filter: MailboxFilter): void {
  if (typeof filter === 'string') {
    if (!plainFilters.has(filter)) throw noFilter(filter);
    writer.raw(filter);
    return;
  }
  const { mailboxes } = filter;
  const [first] = mailboxes;
  if (first === undefined) throw usage(`${filter.filter} needs one mailbox at least`);
  if (!mailboxFilters.has(filter.filter)) throw noFilter(filter.filter);
  writer.raw(filter.filter);
  writer.space();
  if (mailboxes.length === 1) writeMailbox(writer, first);
  else writer.list(mailboxes, (mailbox) => writeMailbox(writer, mailbox));
}
