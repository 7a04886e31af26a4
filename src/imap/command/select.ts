import type { SyntaxReader } from '../syntax/reader.js';
import { asList, type SyntaxWriter } from '../syntax/writer.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import { readSequenceSet, writeSequenceSet } from '../values/sequence-set.js';
import { type ImapValue, readOptionValue, writeOptionValue } from '../values/value.js';
import type { SelectCommand } from './command.js';
import type { Mutable } from './mutable.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Reads the arguments of SELECT and EXAMINE (RFC 9051 §6.3.2, RFC 4466 §2.1). */
export function readSelect(reader: SyntaxReader, name: SelectCommand['name']): SelectCommand {
  reader.space();
  const command: Mutable<SelectCommand> = { name, mailbox: readMailbox(reader) };
  if (reader.isAtEnd) return command;
  reader.space();
  const other: { name: string; value?: ImapValue }[] = [];
  reader.open();
  do {
    const parameter = reader.keyword();
    reader.count();
    if (parameter === 'CONDSTORE') command.condStore = true;
    else if (parameter === 'QRESYNC') command.qresync = readQresync(reader);
    else other.push(readOther(reader, parameter));
  } while (reader.skip(SPACE));
  reader.expect(CLOSE);
  reader.close();
  if (other.length > 0) command.other = other;
  return command;
}

function readOther(reader: SyntaxReader, name: string): { name: string; value?: ImapValue } {
  const value = readOptionValue(reader);
  return value === undefined ? { name } : { name, value };
}

/** RFC 7162 §3.2.5: `(uidvalidity modseq [known-uids] [(sequence uids)])`. */
function readQresync(reader: SyntaxReader): NonNullable<SelectCommand['qresync']> {
  reader.space();
  reader.open();
  const uidValidity = reader.number();
  reader.space();
  const qresync: Mutable<NonNullable<SelectCommand['qresync']>> = { uidValidity, modseq: reader.bigint() };
  let isNext = reader.skip(SPACE);
  if (isNext && reader.peek() !== OPEN) {
    qresync.known = readSequenceSet(reader);
    isNext = reader.skip(SPACE);
  }
  if (isNext) {
    reader.open();
    const sequence = readSequenceSet(reader);
    reader.space();
    qresync.match = { sequence, uids: readSequenceSet(reader) };
    reader.expect(CLOSE);
    reader.close();
  }
  reader.expect(CLOSE);
  reader.close();
  return qresync;
}

/** Writes SELECT and EXAMINE. */
export function writeSelect(writer: SyntaxWriter, command: SelectCommand): void {
  const { name, mailbox, condStore, qresync, other = [] } = command;
  writer.raw(`${name} `);
  writeMailbox(writer, mailbox);
  const parameters: (() => void)[] = [];
  if (condStore === true) parameters.push(() => writer.raw('CONDSTORE'));
  if (qresync !== undefined) parameters.push(() => writeQresync(writer, qresync));
  for (const parameter of asList(other)) {
    parameters.push(() => {
      writer.atom(parameter.name);
      if (parameter.value !== undefined) writeOptionValue(writer, parameter.value);
    });
  }
  if (parameters.length === 0) return;
  writer.space();
  writer.list(parameters, (write) => write());
}

function writeQresync(writer: SyntaxWriter, qresync: NonNullable<SelectCommand['qresync']>): void {
  writer.raw('QRESYNC (');
  writer.number(qresync.uidValidity);
  writer.space();
  writer.number(qresync.modseq);
  if (qresync.known !== undefined) {
    writer.space();
    writeSequenceSet(writer, qresync.known);
  }
  if (qresync.match !== undefined) {
    writer.raw(' (');
    writeSequenceSet(writer, qresync.match.sequence);
    writer.space();
    writeSequenceSet(writer, qresync.match.uids);
    writer.raw(')');
  }
  writer.raw(')');
}
