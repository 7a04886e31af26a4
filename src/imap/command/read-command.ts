import { CharacterBit } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { ImapValue } from '../values/value.js';
import { readValue } from '../values/value.js';
import { readAppend, readReplace } from './append.js';
import type { ImapCommand, PlainCommand, TaggedCommand, UidBatchesCommand } from './command.js';
import { readCopy, readFetch, readStore, readUidExpunge } from './fetch.js';
import { readCreate, readList, readMailboxCommand, readRename, readStatus } from './list.js';
import { readAuthenticate, readCompress, readEnable, readId, readLogin } from './login.js';
import { readPositive } from './message-number.js';
import { readGetMetadata, readSetMetadata } from './metadata.js';
import { readCancelUpdate, readNotify } from './notify.js';
import { readAcl, readQuota, readSetQuota } from './rights-and-quota.js';
import { readMultiSearch, readSearch, readSort, readThread } from './search.js';
import { readSelect } from './select.js';
import { failUntold, withoutWords } from './untold.js';
import { readGenUrlAuth, readResetKey, readUrlFetch } from './url-auth.js';

const SPACE = 0x20;

/**
 * Reads a command with its tag (RFC 9051 §9 `command`). A command whose name is
 * not known is kept with its arguments as values.
 */
export function readCommand(reader: SyntaxReader): TaggedCommand {
  if (reader.end > reader.at && reader.text.charCodeAt(reader.end - 1) === SPACE)
    return readBeforeBlanks(reader);
  return readWhole(reader);
}

/** A command at whose end a blank stands: that of a literal, or one too many. */
function readBeforeBlanks(reader: SyntaxReader): TaggedCommand {
  const { at: from, end: wholeEnd, text } = reader;
  const whole = reader.attempt(wholeEnd, readWhole);
  if (whole !== undefined) return whole;
  let end = wholeEnd;
  while (end > from && text.charCodeAt(end - 1) === SPACE) end--;
  const command = reader.attempt(end, readWhole);
  if (command !== undefined && reader.quirk('extra-blanks')) {
    reader.at = wholeEnd;
    return command;
  }
  // Neither is right: the first says what is wrong.
  reader.at = from;
  return readWhole(reader);
}

function readWhole(reader: SyntaxReader): TaggedCommand {
  const tag = readTag(reader);
  if (!reader.skip(SPACE)) failUntold(reader, 'one space behind the tag');
  const command = readUntagged(reader);
  if (!reader.isAtEnd) failUntold(reader, 'the end of the line');
  return { tag, command };
}

/** Reads the tag alone. */
function readTag(reader: SyntaxReader): string {
  const tag = reader.run(CharacterBit.tag);
  if (tag === '') failUntold(reader, 'a tag');
  return tag;
}

/** The name of a command, in capital letters. */
function readName(reader: SyntaxReader): string {
  const name = reader.run(CharacterBit.atom);
  if (name === '') failUntold(reader, 'the name of a command');
  return name.toUpperCase();
}

function readUntagged(reader: SyntaxReader): ImapCommand {
  const name = readName(reader);
  switch (name) {
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'STARTTLS':
    case 'CHECK':
    case 'CLOSE':
    case 'UNSELECT':
    case 'EXPUNGE':
    case 'IDLE':
    case 'NAMESPACE':
    case 'UNAUTHENTICATE':
    case 'GETJMAPACCESS':
      return { name } satisfies PlainCommand;
    case 'UID':
      if (!reader.skip(SPACE)) failUntold(reader, 'one space behind UID');
      return readUidCommand(reader);
    case 'LOGIN':
      return readLogin(reader);
    case 'AUTHENTICATE':
      return readAuthenticate(reader);
    case 'ENABLE':
      return readEnable(reader);
    case 'COMPRESS':
      return readCompress(reader);
    case 'ID':
      return readId(reader);
    case 'SELECT':
    case 'EXAMINE':
      return readSelect(reader, name);
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'GETQUOTAROOT':
    case 'GETACL':
    case 'MYRIGHTS':
      return readMailboxCommand(reader, name);
    case 'CREATE':
      return readCreate(reader);
    case 'RENAME':
      return readRename(reader);
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return readList(reader, name);
    case 'STATUS':
      return readStatus(reader);
    case 'APPEND':
      return readAppend(reader);
    case 'ESEARCH':
      return readMultiSearch(reader);
    case 'GETQUOTA':
      return readQuota(reader);
    case 'SETQUOTA':
      return readSetQuota(reader);
    case 'SETACL':
    case 'DELETEACL':
    case 'LISTRIGHTS':
      return readAcl(reader, name);
    case 'GETMETADATA':
      return readGetMetadata(reader);
    case 'SETMETADATA':
      return readSetMetadata(reader);
    case 'NOTIFY':
      return readNotify(reader);
    case 'CANCELUPDATE':
      return readCancelUpdate(reader);
    case 'URLFETCH':
      return readUrlFetch(reader);
    case 'GENURLAUTH':
      return readGenUrlAuth(reader);
    case 'RESETKEY':
      return readResetKey(reader);
    case 'UIDBATCHES':
      return readUidBatches(reader);
    default:
      return readMessageCommand(reader, name, false) ?? readOther(reader, name);
  }
}

function readUidCommand(reader: SyntaxReader): ImapCommand {
  const name = readName(reader);
  if (name === 'EXPUNGE') return readUidExpunge(reader);
  return readMessageCommand(reader, name, true) ?? readOther(reader, `UID ${name}`);
}

/** The commands on messages that can be said with UIDs, too. */
function readMessageCommand(reader: SyntaxReader, name: string, isUid: boolean): ImapCommand | undefined {
  switch (name) {
    case 'FETCH':
      return readFetch(reader, isUid);
    case 'STORE':
      return readStore(reader, isUid);
    case 'COPY':
    case 'MOVE':
      return readCopy(reader, name, isUid);
    case 'SEARCH':
      return readSearch(reader, isUid);
    case 'SORT':
      return readSort(reader, isUid);
    case 'THREAD':
      return readThread(reader, isUid);
    case 'REPLACE':
      return readReplace(reader, isUid);
    default:
      return undefined;
  }
}

/** Reads the arguments of UIDBATCHES (RFC 10022 §4). */
function readUidBatches(reader: SyntaxReader): UidBatchesCommand {
  reader.space();
  const size = readPositive(reader);
  if (!reader.skip(SPACE)) return { name: 'UIDBATCHES', size };
  const from = readPositive(reader);
  reader.expect(0x3a);
  return { name: 'UIDBATCHES', size, batches: { from, to: readPositive(reader) } };
}

function readOther(reader: SyntaxReader, command: string): ImapCommand {
  // It may be LOGIN, misspelt.
  return withoutWords('the command', () => {
    const values: ImapValue[] = [];
    while (reader.skip(SPACE)) {
      values.push(readValue(reader));
      reader.count();
    }
    return { name: 'other', command, values };
  });
}
