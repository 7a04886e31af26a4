import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';
import { readFlag, writeFlag } from '../values/flags.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import { readSequenceSet, writeSequenceSet } from '../values/sequence-set.js';
import type { CopyCommand, FetchCommand, StoreCommand, UidExpungeCommand } from './command.js';
import { readFetchItems, writeFetchItems } from './fetch-item.js';
import { readPartialRange, writePartialRange } from './message-number.js';
import type { Mutable } from './mutable.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** Reads the arguments of FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4, RFC 9394). */
export function readFetch(reader: SyntaxReader, isUid: boolean): FetchCommand {
  reader.space();
  const set = readSequenceSet(reader);
  reader.space();
  const items = readFetchItems(reader);
  const command: Mutable<FetchCommand> = { name: 'FETCH', ...(isUid && { uid: true }), set, items };
  if (reader.isAtEnd) return command;
  reader.space();
  reader.open();
  do {
    const at = reader.at;
    const modifier = reader.keyword();
    if (modifier === 'VANISHED') command.vanished = true;
    else {
      if (modifier !== 'CHANGEDSINCE' && modifier !== 'PARTIAL') reader.fail('a FETCH modifier', at);
      reader.space();
      if (modifier === 'PARTIAL') command.partial = readPartialRange(reader);
      else command.changedSince = reader.bigint();
    }
  } while (reader.skip(SPACE));
  reader.expect(CLOSE);
  reader.close();
  return command;
}

/** Writes FETCH, without the UID before it. */
export function writeFetch(writer: SyntaxWriter, command: FetchCommand): void {
  const { changedSince, partial } = command;
  writer.raw('FETCH ');
  writeSequenceSet(writer, command.set);
  writer.space();
  const modifiers: (() => void)[] = [];
  if (changedSince !== undefined) {
    modifiers.push(() => {
      writer.raw('CHANGEDSINCE ');
      writer.number(changedSince);
    });
  }
  if (command.vanished === true) modifiers.push(() => writer.raw('VANISHED'));
  if (partial !== undefined) {
    modifiers.push(() => {
      writer.raw('PARTIAL ');
      writePartialRange(writer, partial);
    });
  }
  writeFetchItems(writer, command.items, modifiers.length > 0);
  if (modifiers.length === 0) return;
  writer.space();
  writer.list(modifiers, (write) => write());
}

/** Reads the arguments of STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
export function readStore(reader: SyntaxReader, isUid: boolean): StoreCommand {
  reader.space();
  const set = readSequenceSet(reader);
  reader.space();
  let unchangedSince: bigint | undefined;
  if (reader.peek() === OPEN) {
    reader.open();
    if (!reader.skipWord('UNCHANGEDSINCE ')) reader.fail('"UNCHANGEDSINCE"');
    unchangedSince = reader.bigint();
    reader.expect(CLOSE);
    reader.close();
    reader.space();
  }
  const action = reader.skip(PLUS) ? 'add' : reader.skip(MINUS) ? 'remove' : 'replace';
  const at = reader.at;
  const item = reader.keyword();
  const isSilent = item.endsWith('.SILENT');
  const base = isSilent ? item.slice(0, -'.SILENT'.length) : item;
  if (base !== 'FLAGS' && base !== 'X-GM-LABELS') reader.fail('"FLAGS"', at);
  const labels = base === 'X-GM-LABELS';
  reader.space();
  const flags = readFlagsOf(reader, labels ? readLabel : readFlag);
  return {
    name: 'STORE',
    ...(isUid && { uid: true }),
    set,
    action,
    ...(isSilent && { silent: true }),
    flags,
    ...(labels && { labels }),
    ...(unchangedSince !== undefined && { unchangedSince }),
  };
}

/** RFC 9051 §9 `store-att-flags`: with parentheses or without. */
function readFlagsOf(reader: SyntaxReader, read: (reader: SyntaxReader) => ImapText): ImapText[] {
  if (reader.peek() === OPEN) return reader.list(read);
  const flags: ImapText[] = [];
  do {
    flags.push(read(reader));
    reader.count();
  } while (reader.skip(SPACE));
  return flags;
}

/** A label of Gmail is an astring; those of the system are written as flags are. */
function readLabel(reader: SyntaxReader): ImapText {
  return reader.startsWith('\\') ? readFlag(reader) : reader.astring();
}

const signs: Readonly<Record<StoreCommand['action'], string>> = { add: '+', remove: '-', replace: '' };

/** Writes STORE, without the UID before it. */
export function writeStore(writer: SyntaxWriter, command: StoreCommand): void {
  const { set, action, silent = false, flags, labels = false, unchangedSince } = command;
  writer.raw('STORE ');
  writeSequenceSet(writer, set);
  if (unchangedSince !== undefined) {
    writer.raw(' (UNCHANGEDSINCE ');
    writer.number(unchangedSince);
    writer.raw(')');
  }
  // Of what is none, "replace" would take away all flags.
  if (!isKeyOf(signs, action)) {
    throw usage(
      `a STORE adds, removes or replaces: action is 'add', 'remove' or 'replace', not ${shown(action)}`,
    );
  }
  const sign = signs[action];
  writer.raw(` ${sign}${labels ? 'X-GM-LABELS' : 'FLAGS'}${silent ? '.SILENT' : ''} `);
  writer.list(flags, (flag) => {
    if (labels) writeLabel(writer, flag);
    else if (typeof flag === 'string') writeFlag(writer, flag);
    else throw usage('a flag is a string, not octets');
  });
}

function writeLabel(writer: SyntaxWriter, label: ImapText): void {
  if (typeof label === 'string' && isSystemLabel.test(label)) writer.raw(label);
  else writer.astring(label);
}

/** Such as `\Inbox` (Gmail's IMAP extensions). */
const isSystemLabel = /^\\[A-Za-z]+$/;

/** Reads the arguments of COPY and MOVE (RFC 9051 §6.4.7, §6.4.8). */
export function readCopy(reader: SyntaxReader, name: CopyCommand['name'], isUid: boolean): CopyCommand {
  reader.space();
  const set = readSequenceSet(reader);
  reader.space();
  return { name, ...(isUid && { uid: true }), set, mailbox: readMailbox(reader) };
}

/** Writes COPY and MOVE, without the UID before it. */
export function writeCopy(writer: SyntaxWriter, { name, set, mailbox }: CopyCommand): void {
  writer.raw(`${name} `);
  writeSequenceSet(writer, set);
  writer.space();
  writeMailbox(writer, mailbox);
}

/** Reads the arguments of UID EXPUNGE (RFC 9051 §6.4.9). */
export function readUidExpunge(reader: SyntaxReader): UidExpungeCommand {
  reader.space();
  return { name: 'UID EXPUNGE', set: readSequenceSet(reader) };
}

export function writeUidExpunge(writer: SyntaxWriter, { set }: UidExpungeCommand): void {
  writer.raw('UID EXPUNGE ');
  writeSequenceSet(writer, set);
}
