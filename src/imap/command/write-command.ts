import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { asList, isTag, type SyntaxWriter } from '../syntax/writer.js';
import { writeValue } from '../values/value.js';
import { writeAppend, writeReplace } from './append.js';
import type { ImapCommand, OtherCommand, TaggedCommand, UidBatchesCommand } from './command.js';
import { isKnownCommand } from './command-facts.js';
import { writeCopy, writeFetch, writeStore, writeUidExpunge } from './fetch.js';
import { writeCreate, writeList, writeMailboxCommand, writeRename, writeStatus } from './list.js';
import { writeAuthenticate, writeCompress, writeEnable, writeId, writeLogin } from './login.js';
import { writePositive } from './message-number.js';
import { writeGetMetadata, writeSetMetadata } from './metadata.js';
import { writeCancelUpdate, writeNotify } from './notify.js';
import { writeAcl, writeQuota, writeSetQuota } from './rights-and-quota.js';
import { writeMultiSearch, writeSearch, writeSort, writeThread } from './search.js';
import { writeSelect } from './select.js';
import { writeGenUrlAuth, writeResetKey, writeUrlFetch } from './url-auth.js';

/**
 * Writes a command with its tag, without the line end.
 *
 * @throws MailsealError `usage` for what cannot be written.
 */
export function writeCommand(writer: SyntaxWriter, { tag, command }: TaggedCommand): void {
  if (!isTag(tag)) throw usage(`a tag such as A1 is wanted, not ${shown(tag)}`);
  writer.raw(`${tag} `);
  if ('uid' in command && command.uid === true) writer.raw('UID ');
  writeUntagged(writer, command);
}

function writeUntagged(writer: SyntaxWriter, command: ImapCommand): void {
  switch (command.name) {
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
      writer.raw(command.name);
      break;
    case 'LOGIN':
      writeLogin(writer, command);
      break;
    case 'AUTHENTICATE':
      writeAuthenticate(writer, command);
      break;
    case 'ENABLE':
      writeEnable(writer, command);
      break;
    case 'COMPRESS':
      writeCompress(writer, command);
      break;
    case 'ID':
      writeId(writer, command);
      break;
    case 'SELECT':
    case 'EXAMINE':
      writeSelect(writer, command);
      break;
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'GETQUOTAROOT':
    case 'GETACL':
    case 'MYRIGHTS':
      writeMailboxCommand(writer, command);
      break;
    case 'CREATE':
      writeCreate(writer, command);
      break;
    case 'RENAME':
      writeRename(writer, command);
      break;
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      writeList(writer, command);
      break;
    case 'STATUS':
      writeStatus(writer, command);
      break;
    case 'APPEND':
      writeAppend(writer, command);
      break;
    case 'ESEARCH':
      writeMultiSearch(writer, command);
      break;
    case 'GETQUOTA':
      writeQuota(writer, command);
      break;
    case 'SETQUOTA':
      writeSetQuota(writer, command);
      break;
    case 'SETACL':
    case 'DELETEACL':
    case 'LISTRIGHTS':
      writeAcl(writer, command);
      break;
    case 'GETMETADATA':
      writeGetMetadata(writer, command);
      break;
    case 'SETMETADATA':
      writeSetMetadata(writer, command);
      break;
    case 'NOTIFY':
      writeNotify(writer, command);
      break;
    case 'CANCELUPDATE':
      writeCancelUpdate(writer, command);
      break;
    case 'URLFETCH':
      writeUrlFetch(writer, command);
      break;
    case 'GENURLAUTH':
      writeGenUrlAuth(writer, command);
      break;
    case 'RESETKEY':
      writeResetKey(writer, command);
      break;
    case 'UIDBATCHES':
      writeUidBatches(writer, command);
      break;
    case 'FETCH':
      writeFetch(writer, command);
      break;
    case 'STORE':
      writeStore(writer, command);
      break;
    case 'COPY':
    case 'MOVE':
      writeCopy(writer, command);
      break;
    case 'SEARCH':
      writeSearch(writer, command);
      break;
    case 'SORT':
      writeSort(writer, command);
      break;
    case 'THREAD':
      writeThread(writer, command);
      break;
    case 'REPLACE':
      writeReplace(writer, command);
      break;
    case 'UID EXPUNGE':
      writeUidExpunge(writer, command);
      break;
    case 'other':
      writeOther(writer, command);
      break;
    default:
      throw usage(`${shown((command as ImapCommand).name)} is no command that is known; its name is "other"`);
  }
}

function writeUidBatches(writer: SyntaxWriter, { size, batches }: UidBatchesCommand): void {
  writer.raw('UIDBATCHES ');
  writePositive(writer, size);
  if (batches === undefined) return;
  writer.space();
  writePositive(writer, batches.from);
  writer.raw(':');
  writePositive(writer, batches.to);
}

function writeOther(writer: SyntaxWriter, { command, values }: OtherCommand): void {
  // A session has to know what it sends: it would take another part in what follows.
  if (isKnownCommand(command))
    throw usage(`${shown(command)} is a command that is known: give it by its own name`);
  if (command.startsWith('UID ')) {
    writer.raw('UID ');
    writer.atom(command.slice('UID '.length));
  } else writer.atom(command);
  for (const value of asList(values)) {
    writer.space();
    writeValue(writer, value);
  }
}
