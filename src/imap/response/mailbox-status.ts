import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import { type ImapValue, readValue, writeValue } from '../values/value.js';
import { eachInList, skipBlanks, skipBlanksBetween } from './blanks.js';
import type { MailboxStatus, StatusDataResponse } from './response.js';
import type { Writable } from './writable.js';

const OPEN = 0x28;
const CLOSE = 0x29;

/** What an item of STATUS is kept as. */
type StatusKind = 'number' | 'bigint' | 'limit' | 'id';

/** The items of STATUS (RFC 9051 §7.3.4, RFC 7162, 8438, 8474, 9208, 7889). */
const statusItems = {
  MESSAGES: ['messages', 'number'],
  RECENT: ['recent', 'number'],
  UIDNEXT: ['uidNext', 'number'],
  UIDVALIDITY: ['uidValidity', 'number'],
  UNSEEN: ['unseen', 'number'],
  DELETED: ['deleted', 'number'],
  SIZE: ['size', 'bigint'],
  HIGHESTMODSEQ: ['highestModSeq', 'bigint'],
  'DELETED-STORAGE': ['deletedStorage', 'bigint'],
  APPENDLIMIT: ['appendLimit', 'limit'],
  MAILBOXID: ['mailboxId', 'id'],
} as const satisfies Record<string, readonly [keyof MailboxStatus, StatusKind]>;

type StatusItem = keyof typeof statusItems;

/** Reads STATUS behind its name. */
export function readStatusData(reader: SyntaxReader): StatusDataResponse {
  skipBlanks(reader);
  const mailbox = readMailbox(reader);
  skipBlanksBetween(reader);
  const status: Writable<MailboxStatus> = {};
  const other: { name: string; value: ImapValue }[] = [];
  eachInList(reader, () => {
    const name = reader.atom();
    skipBlanks(reader);
    const item = name.toUpperCase();
    if (!Object.hasOwn(statusItems, item)) other.push({ name, value: readValue(reader) });
    else readItem(reader, status, item as StatusItem);
  });
  if (other.length > 0) status.other = other;
  return { type: 'STATUS', mailbox, status };
}

function readItem(reader: SyntaxReader, status: Writable<MailboxStatus>, item: StatusItem): void {
  const [property, kind] = statusItems[item];
  const values: Record<string, unknown> = status;
  if (kind === 'number') values[property] = reader.number();
  else if (kind === 'bigint') values[property] = reader.bigint();
  else if (kind === 'limit') values[property] = reader.nil() ? 'NIL' : reader.bigint();
  else {
    reader.expect(OPEN);
    values[property] = reader.atom();
    reader.expect(CLOSE);
  }
}

/** Writes STATUS with its name. */
export function writeStatusData(writer: SyntaxWriter, { mailbox, status }: StatusDataResponse): void {
  writer.raw('STATUS ');
  writeMailbox(writer, mailbox);
  writer.raw(' (');
  let count = 0;
  for (const [item, [property, kind]] of Object.entries(statusItems)) {
    const value = status[property];
    if (value === undefined) continue;
    writer.raw(`${count++ > 0 ? ' ' : ''}${item} `);
    if (kind === 'id') {
      writer.raw('(');
      writer.atom(value as string);
      writer.raw(')');
    } else if (value === 'NIL' && kind === 'limit') writer.raw('NIL');
    else writer.number(value as number | bigint);
  }
  for (const { name, value } of status.other ?? []) {
    if (count++ > 0) writer.space();
    writer.atom(name);
    writer.space();
    writeValue(writer, value);
  }
  writer.raw(')');
}
