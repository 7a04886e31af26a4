import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isSome, type SyntaxWriter } from '../syntax/writer.js';
import type { CancelUpdateCommand, NotifyCommand, NotifyGroup } from './command.js';
import { readFetchItem, writeFetchItem } from './fetch-item.js';
import { readMailboxFilter, writeMailboxFilter } from './mailbox-filter.js';

type NotifyEvent = NonNullable<NotifyGroup['events']>[number];

const SPACE = 0x20;
const CLOSE = 0x29;

/** Reads the arguments of NOTIFY (RFC 5465 §3). */
export function readNotify(reader: SyntaxReader): NotifyCommand {
  reader.space();
  const at = reader.at;
  const word = reader.keyword();
  if (word === 'NONE') return { name: 'NOTIFY', set: undefined };
  if (word !== 'SET') reader.fail('"SET" or "NONE"', at);
  const status = reader.skipWord(' STATUS');
  const groups: NotifyGroup[] = [];
  do {
    reader.space();
    groups.push(readGroup(reader));
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'NOTIFY', set: { status, groups } };
}

function readGroup(reader: SyntaxReader): NotifyGroup {
  reader.open();
  const mailboxes = readMailboxFilter(reader);
  reader.space();
  const events = reader.skipWord('NONE') ? undefined : readEvents(reader);
  reader.expect(CLOSE);
  reader.close();
  return { mailboxes, events };
}

function readEvents(reader: SyntaxReader): NotifyEvent[] {
  const at = reader.at;
  const events = reader.list((): NotifyEvent => {
    const event = reader.atom();
    if (!reader.startsWith(' (')) return { event };
    reader.space();
    return { event, items: reader.list(readFetchItem) };
  });
  if (events.length === 0) reader.fail('an event', at + 1);
  return events;
}

/** Writes NOTIFY. */
export function writeNotify(writer: SyntaxWriter, { set }: NotifyCommand): void {
  if (set === undefined) {
    writer.raw('NOTIFY NONE');
    return;
  }
  if (!isSome(set.groups)) throw usage('NOTIFY SET needs one group at least');
  writer.raw(set.status ? 'NOTIFY SET STATUS' : 'NOTIFY SET');
  for (const { mailboxes, events } of set.groups) {
    writer.raw(' (');
    writeMailboxFilter(writer, mailboxes);
    writer.space();
    if (events === undefined) writer.raw('NONE');
    else writeEvents(writer, events);
    writer.raw(')');
  }
}

function writeEvents(writer: SyntaxWriter, events: readonly NotifyEvent[]): void {
  if (!isSome(events)) throw usage('a group of NOTIFY needs one event at least, or undefined for NONE');
  writer.list(events, ({ event, items }) => {
    writer.atom(event);
    if (items === undefined) return;
    writer.space();
    writer.list(items, (item) => writeFetchItem(writer, item));
  });
}

/** Reads the arguments of CANCELUPDATE (RFC 5267 §4.3). */
export function readCancelUpdate(reader: SyntaxReader): CancelUpdateCommand {
  const tags: CancelUpdateCommand['tags'][number][] = [];
  do {
    reader.space();
    tags.push(reader.string());
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'CANCELUPDATE', tags };
}

export function writeCancelUpdate(writer: SyntaxWriter, { tags }: CancelUpdateCommand): void {
  if (!isSome(tags)) throw usage('CANCELUPDATE needs one tag at least');
  writer.raw('CANCELUPDATE');
  for (const tag of tags) {
    writer.space();
    writer.string(tag);
  }
}
