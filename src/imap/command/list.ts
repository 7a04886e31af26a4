import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { readFlagList, writeFlagList } from '../values/flags.js';
import {
  type MailboxName,
  readListPattern,
  readMailbox,
  writeListPattern,
  writeMailbox,
} from '../values/mailbox-name.js';
import type {
  CreateCommand,
  ListCommand,
  ListReturn,
  MailboxCommand,
  RenameCommand,
  StatusCommand,
} from './command.js';
import type { Mutable } from './mutable.js';

const OPEN = 0x28;
const CLOSE = 0x29;

/** Reads the name of the one mailbox that a command is on. */
export function readMailboxCommand(reader: SyntaxReader, name: MailboxCommand['name']): MailboxCommand {
  reader.space();
  return { name, mailbox: readMailbox(reader) };
}

export function writeMailboxCommand(writer: SyntaxWriter, { name, mailbox }: MailboxCommand): void {
  writer.raw(`${name} `);
  writeMailbox(writer, mailbox);
}

/** Reads the arguments of CREATE (RFC 9051 §6.3.4, RFC 6154 §3). */
export function readCreate(reader: SyntaxReader): CreateCommand {
  reader.space();
  const mailbox = readMailbox(reader);
  if (reader.isAtEnd) return { name: 'CREATE', mailbox };
  reader.space();
  reader.open();
  if (!reader.skipWord('USE ')) reader.fail('"USE"');
  const use = readFlagList(reader);
  reader.expect(CLOSE);
  reader.close();
  return { name: 'CREATE', mailbox, use };
}

export function writeCreate(writer: SyntaxWriter, { mailbox, use }: CreateCommand): void {
  writer.raw('CREATE ');
  writeMailbox(writer, mailbox);
  if (use === undefined) return;
  writer.raw(' (USE ');
  writeFlagList(writer, use);
  writer.raw(')');
}

/** Reads the arguments of RENAME (RFC 9051 §6.3.6). */
export function readRename(reader: SyntaxReader): RenameCommand {
  reader.space();
  const from = readMailbox(reader);
  reader.space();
  return { name: 'RENAME', from, to: readMailbox(reader) };
}

export function writeRename(writer: SyntaxWriter, { from, to }: RenameCommand): void {
  writer.raw('RENAME ');
  writeMailbox(writer, from);
  writer.space();
  writeMailbox(writer, to);
}

/** Reads the arguments of STATUS (RFC 9051 §6.3.11). */
export function readStatus(reader: SyntaxReader): StatusCommand {
  reader.space();
  const mailbox = readMailbox(reader);
  reader.space();
  return { name: 'STATUS', mailbox, items: readWords(reader) };
}

export function writeStatus(writer: SyntaxWriter, { mailbox, items }: StatusCommand): void {
  writer.raw('STATUS ');
  writeMailbox(writer, mailbox);
  writer.space();
  writeWords(writer, items);
}

function readWords(reader: SyntaxReader): string[] {
  return reader.list(() => reader.keyword());
}

function writeWords(writer: SyntaxWriter, words: readonly string[]): void {
  writer.list(words, (word) => writer.atom(word));
}

/** Reads the arguments of LIST, LSUB and XLIST (RFC 9051 §6.3.9, RFC 5258). */
export function readList(reader: SyntaxReader, name: ListCommand['name']): ListCommand {
  reader.space();
  let select: string[] | undefined;
  if (name === 'LIST' && reader.peek() === OPEN) {
    select = readWords(reader);
    reader.space();
  }
  const reference = readMailbox(reader);
  reader.space();
  const patterns = readPatterns(reader);
  const command: Mutable<ListCommand> = { name, reference, patterns };
  if (select !== undefined) command.select = select;
  if (reader.skipWord(' RETURN ')) command.return = reader.list(readListReturn);
  return command;
}

function readPatterns(reader: SyntaxReader): MailboxName[] {
  if (reader.peek() !== OPEN) return [readListPattern(reader)];
  const at = reader.at;
  const patterns = reader.list(readListPattern);
  if (patterns.length === 0) reader.fail('a pattern', at + 1);
  return patterns;
}

function readListReturn(reader: SyntaxReader): ListReturn {
  const word = reader.keyword();
  switch (word) {
    case 'SUBSCRIBED':
    case 'CHILDREN':
    case 'SPECIAL-USE':
    case 'MYRIGHTS':
      return word;
    case 'STATUS':
      reader.space();
      return { status: readWords(reader) };
    case 'METADATA':
      reader.space();
      return { metadata: reader.list(() => reader.astring()) };
    default:
      return { other: word };
  }
}

/**
 * Writes LIST, LSUB and XLIST.
 *
 * @throws MailsealError `usage` for no pattern, and for what LSUB and XLIST cannot say.
 */
export function writeList(writer: SyntaxWriter, command: ListCommand): void {
  const { name, reference, patterns, select } = command;
  const [first] = patterns;
  if (first === undefined) throw usage(`${name} needs one pattern at least`);
  if (name !== 'LIST' && (select !== undefined || command.return !== undefined || patterns.length > 1)) {
    throw usage(`${name} takes one pattern and no options; LIST does (RFC 5258)`);
  }
  writer.raw(`${name} `);
  if (select !== undefined) {
    writeWords(writer, select);
    writer.space();
  }
  writeMailbox(writer, reference);
  writer.space();
  if (patterns.length === 1) writeListPattern(writer, first);
  else writer.list(patterns, (pattern) => writeListPattern(writer, pattern));
  if (command.return === undefined) return;
  writer.raw(' RETURN ');
  writer.list(command.return, (option) => writeListReturn(writer, option));
}

function writeListReturn(writer: SyntaxWriter, option: ListReturn): void {
  if (typeof option === 'string') writer.atom(option);
  else if ('status' in option) {
    writer.raw('STATUS ');
    writeWords(writer, option.status);
  } else if ('metadata' in option) {
    writer.raw('METADATA ');
    writer.list(option.metadata, (entry) => writer.astring(entry));
  } else writer.atom(option.other);
}
