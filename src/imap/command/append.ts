import { asBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isSome, type SyntaxWriter } from '../syntax/writer.js';
import { readDateTime, writeDateTime } from '../values/date-time.js';
import { readFlagList, writeFlagList } from '../values/flags.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import type {
  AppendCommand,
  AppendedMessage,
  AppendedOctets,
  CatenatedPart,
  ReplaceCommand,
} from './command.js';
import { readMessageNumber, writeMessageNumber } from './message-number.js';
import type { Mutable } from './mutable.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const TILDE = 0x7e;

/** Reads the arguments of APPEND (RFC 9051 §6.3.12; several messages: RFC 3502). */
export function readAppend(reader: SyntaxReader): AppendCommand {
  reader.space();
  const mailbox = readMailbox(reader);
  const messages: AppendedMessage[] = [];
  do {
    messages.push(readMessage(reader));
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'APPEND', mailbox, messages };
}

/** Reads the arguments of REPLACE (RFC 8508). */
export function readReplace(reader: SyntaxReader, isUid: boolean): ReplaceCommand {
  reader.space();
  const number = readMessageNumber(reader);
  reader.space();
  const mailbox = readMailbox(reader);
  const message = readMessage(reader);
  return { name: 'REPLACE', ...(isUid && { uid: true }), number, mailbox, message };
}

function readMessage(reader: SyntaxReader): AppendedMessage {
  reader.space();
  const appended: Mutable<Omit<AppendedMessage, 'message'>> = {};
  if (reader.peek() === OPEN) {
    appended.flags = readFlagList(reader);
    reader.space();
  }
  if (reader.peek() === QUOTE) {
    appended.date = readDateTime(reader);
    reader.space();
  }
  if (reader.skipWord('CATENATE ')) {
    const at = reader.at;
    const catenate = reader.list(readPart);
    if (catenate.length === 0) reader.fail('a part of CATENATE', at + 1);
    return { ...appended, message: { catenate } };
  }
  return { ...appended, message: readOctets(reader) };
}

/** RFC 4469 §5 `cat-part`. */
function readPart(reader: SyntaxReader): CatenatedPart {
  if (reader.skipWord('URL ')) return { url: reader.astring() };
  if (reader.skipWord('TEXT ')) return readLiteral(reader);
  if (!reader.startsWith('UTF8 ')) reader.fail('"URL", "TEXT" or "UTF8"');
  return readOctets(reader);
}

/** A literal, or (RFC 6855 §4) `UTF8 (~{n}…)`. */
function readOctets(reader: SyntaxReader): AppendedOctets {
  if (!reader.skipWord('UTF8 (')) return readLiteral(reader);
  const { octets, literal } = readLiteral(reader);
  reader.expect(CLOSE);
  return {
    ...(octets !== undefined && { octets }),
    ...(literal !== undefined && { literal }),
    utf8: true,
  };
}

function readLiteral(reader: SyntaxReader): AppendedOctets {
  const isBinary = reader.peek() === TILDE;
  const { octets, id } = reader.takeLiteral();
  return {
    ...(octets !== undefined && { octets }),
    ...(octets === undefined && id !== undefined && { literal: id }),
    ...(isBinary && { binary: true }),
  };
}

/**
 * Writes APPEND. The octets of messages are not copied.
 *
 * @throws MailsealError `usage` for no message, and for one whose octets are not there.
 */
export function writeAppend(writer: SyntaxWriter, { mailbox, messages }: AppendCommand): void {
  if (!isSome(messages)) throw usage('APPEND needs one message at least');
  writer.raw('APPEND ');
  writeMailbox(writer, mailbox);
  for (const message of messages) writeMessage(writer, message);
}

/** Writes REPLACE, without the UID before it. */
export function writeReplace(writer: SyntaxWriter, { number, mailbox, message }: ReplaceCommand): void {
  writer.raw('REPLACE ');
  writeMessageNumber(writer, number);
  writer.space();
  writeMailbox(writer, mailbox);
  writeMessage(writer, message);
}

function writeMessage(writer: SyntaxWriter, { flags, date, message }: AppendedMessage): void {
  writer.space();
  if (flags !== undefined) {
    writeFlagList(writer, flags);
    writer.space();
  }
  if (date !== undefined) {
    writeDateTime(writer, date);
    writer.space();
  }
  if ('catenate' in message) {
    if (!isSome(message.catenate)) throw usage('CATENATE needs one part at least');
    writer.raw('CATENATE ');
    writer.list(message.catenate, (part) => writePart(writer, part));
  } else writeOctets(writer, message);
}

function writePart(writer: SyntaxWriter, part: CatenatedPart): void {
  if ('url' in part) {
    writer.raw('URL ');
    writer.astring(part.url);
    return;
  }
  if (part.utf8 !== true) writer.raw('TEXT ');
  writeOctets(writer, part);
}

function writeOctets(writer: SyntaxWriter, { octets, binary = false, utf8 = false }: AppendedOctets): void {
  if (octets === undefined) {
    throw usage('the octets of a message to append are missing: they were handed out in pieces');
  }
  const isUtf8 = utf8 === true;
  if (isUtf8) writer.raw('UTF8 (');
  writer.literal(asBytes(octets), binary || isUtf8);
  if (isUtf8) writer.raw(')');
}
