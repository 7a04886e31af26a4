import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isSome, type SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import type { GetMetadataCommand, SetMetadataCommand } from './command.js';
import type { Mutable } from './mutable.js';

type MetadataOptions = Mutable<Pick<GetMetadataCommand, 'maxSize' | 'depth'>>;

const OPEN = 0x28;

/**
 * Reads the arguments of GETMETADATA (RFC 5464 §4.2). The options stand before
 * the mailbox in its grammar and behind it in its examples: both are read.
 */
export function readGetMetadata(reader: SyntaxReader): GetMetadataCommand {
  reader.space();
  let options: MetadataOptions | undefined;
  if (reader.peek() === OPEN) {
    options = readOptions(reader);
    reader.space();
  }
  const mailbox = readMailbox(reader);
  reader.space();
  if (options === undefined && reader.peek() === OPEN) {
    const behind = reader.attempt(reader.end, readOptionsAndEntries);
    if (behind !== undefined) return { name: 'GETMETADATA', mailbox, ...behind };
  }
  return { name: 'GETMETADATA', mailbox, ...options, entries: readEntries(reader) };
}

function readOptionsAndEntries(reader: SyntaxReader): Omit<GetMetadataCommand, 'name' | 'mailbox'> {
  const options = readOptions(reader);
  reader.space();
  return { ...options, entries: readEntries(reader) };
}

function readOptions(reader: SyntaxReader): MetadataOptions {
  const options: MetadataOptions = {};
  reader.list(() => {
    const at = reader.at;
    const option = reader.keyword();
    reader.space();
    if (option === 'MAXSIZE') options.maxSize = reader.number();
    else if (option === 'DEPTH') options.depth = readDepth(reader);
    else reader.fail('"MAXSIZE" or "DEPTH"', at);
  });
  return options;
}

function readDepth(reader: SyntaxReader): '0' | '1' | 'infinity' {
  const at = reader.at;
  const depth = reader.atom().toLowerCase();
  if (depth !== '0' && depth !== '1' && depth !== 'infinity') reader.fail('"0", "1" or "infinity"', at);
  return depth;
}

function readEntries(reader: SyntaxReader): ImapText[] {
  if (reader.peek() !== OPEN) return [reader.astring()];
  const at = reader.at;
  const entries = reader.list(() => reader.astring());
  if (entries.length === 0) reader.fail('an entry', at + 1);
  return entries;
}

/** Writes GETMETADATA. */
export function writeGetMetadata(writer: SyntaxWriter, command: GetMetadataCommand): void {
  const { maxSize, depth, entries } = command;
  const [first] = entries;
  if (first === undefined) throw usage('GETMETADATA needs one entry at least');
  writer.raw('GETMETADATA ');
  const options: (() => void)[] = [];
  if (maxSize !== undefined) {
    options.push(() => {
      writer.raw('MAXSIZE ');
      writer.number(maxSize);
    });
  }
  if (depth !== undefined) {
    if (depth !== '0' && depth !== '1' && depth !== 'infinity')
      throw usage(`a depth is "0", "1" or "infinity", not ${shown(depth)}`);
    options.push(() => {
      writer.raw('DEPTH ');
      writer.atom(depth);
    });
  }
  if (options.length > 0) {
    writer.list(options, (write) => write());
    writer.space();
  }
  writeMailbox(writer, command.mailbox);
  writer.space();
  if (entries.length === 1) writer.astring(first);
  else writer.list(entries, (entry) => writer.astring(entry));
}

/** Reads the arguments of SETMETADATA (RFC 5464 §4.3). */
export function readSetMetadata(reader: SyntaxReader): SetMetadataCommand {
  reader.space();
  const mailbox = readMailbox(reader);
  reader.space();
  const at = reader.at;
  const entries = reader.list(() => {
    const name = reader.astring();
    reader.space();
    return { name, value: reader.nstring() };
  });
  if (entries.length === 0) reader.fail('an entry', at + 1);
  return { name: 'SETMETADATA', mailbox, entries };
}

/** Writes SETMETADATA. */
export function writeSetMetadata(writer: SyntaxWriter, { mailbox, entries }: SetMetadataCommand): void {
  if (!isSome(entries)) throw usage('SETMETADATA needs one entry at least');
  writer.raw('SETMETADATA ');
  writeMailbox(writer, mailbox);
  writer.space();
  writer.list(entries, ({ name, value }) => {
    writer.astring(name);
    writer.space();
    // RFC 5464 §5: a value that holds NUL has to be a literal8.
    if (value === undefined) writer.nstring(value);
    else writer.string8(value);
  });
}
