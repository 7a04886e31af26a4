import { isKeyOf } from '../../core/is-key-of.js';
import type { ImapResponse } from '../response/response.js';
import type { ImapState } from '../session/states.js';
import type { ImapCommand } from './command.js';
import type { SearchKey } from './search-key.js';

/** What a session has to know of a command to send it, or to carry it out. */
export interface CommandFacts {
  /** The states in which it may be sent (RFC 9051 §6). */
  readonly states: readonly ImapState[];
  /** The untagged responses, beside OK and NO, that answer it; others come of the server's own accord. */
  readonly untagged: readonly ImapResponse['type'][];
  /**
   * Whether no other command may be under way beside it: it changes the state,
   * what may be said, or who reads the stream.
   */
  readonly alone: boolean;
  /**
   * Whether the server may send EXPUNGE or VANISHED while it carries it out
   * (RFC 9051 §7.5.1): numbers of messages change then.
   */
  readonly allowsExpunge: boolean;
}

const anyState = ['not-authenticated', 'authenticated', 'selected'] as const;
const beforeLogin = ['not-authenticated'] as const;
const afterLogin = ['authenticated', 'selected'] as const;
const selected = ['selected'] as const;

function facts(states: readonly ImapState[], ...untagged: ImapResponse['type'][]): CommandFacts {
  return { states, untagged, alone: false, allowsExpunge: true };
}

function alone(states: readonly ImapState[], ...untagged: ImapResponse['type'][]): CommandFacts {
  return { ...facts(states, ...untagged), alone: true };
}

/** RFC 9051 §7.5.1: no EXPUNGE while messages are told by their numbers. */
function steady(...untagged: ImapResponse['type'][]): CommandFacts {
  return { ...facts(selected, ...untagged), allowsExpunge: false };
}

type FactName = Exclude<ImapCommand['name'], 'other'>;

const table: Readonly<Record<FactName, CommandFacts>> = /* @__PURE__ */ makeTable();

function makeTable(): Readonly<Record<FactName, CommandFacts>> {
  return {
    CAPABILITY: facts(anyState, 'CAPABILITY'),
    NOOP: facts(anyState),
    ID: facts(anyState, 'ID'),
    LOGOUT: alone(anyState, 'BYE'),
    COMPRESS: alone(anyState),
    STARTTLS: alone(beforeLogin),
    AUTHENTICATE: alone(beforeLogin, 'CAPABILITY'),
    LOGIN: alone(beforeLogin, 'CAPABILITY'),
    UNAUTHENTICATE: alone(afterLogin),
    // RFC 9051 §6.3.1: only before a mailbox is selected.
    ENABLE: alone(['authenticated'], 'ENABLED'),
    SELECT: alone(afterLogin, 'FLAGS', 'EXISTS', 'RECENT', 'LIST', 'FETCH', 'UIDFETCH', 'VANISHED'),
    EXAMINE: alone(afterLogin, 'FLAGS', 'EXISTS', 'RECENT', 'LIST', 'FETCH', 'UIDFETCH', 'VANISHED'),
    IDLE: alone(afterLogin),
    CREATE: facts(afterLogin, 'LIST'),
    DELETE: facts(afterLogin),
    RENAME: facts(afterLogin, 'LIST'),
    SUBSCRIBE: facts(afterLogin),
    UNSUBSCRIBE: facts(afterLogin),
    LIST: facts(afterLogin, 'LIST', 'STATUS', 'MYRIGHTS', 'METADATA'),
    LSUB: facts(afterLogin, 'LSUB'),
    XLIST: facts(afterLogin, 'XLIST'),
    NAMESPACE: facts(afterLogin, 'NAMESPACE'),
    STATUS: facts(afterLogin, 'STATUS'),
    APPEND: facts(afterLogin),
    ESEARCH: facts(afterLogin, 'ESEARCH'),
    GETQUOTA: facts(afterLogin, 'QUOTA'),
    GETQUOTAROOT: facts(afterLogin, 'QUOTAROOT', 'QUOTA'),
    SETQUOTA: facts(afterLogin, 'QUOTA'),
    GETACL: facts(afterLogin, 'ACL'),
    SETACL: facts(afterLogin),
    DELETEACL: facts(afterLogin),
    LISTRIGHTS: facts(afterLogin, 'LISTRIGHTS'),
    MYRIGHTS: facts(afterLogin, 'MYRIGHTS'),
    GETMETADATA: facts(afterLogin, 'METADATA'),
    SETMETADATA: facts(afterLogin),
    NOTIFY: facts(afterLogin, 'STATUS', 'LIST'),
    URLFETCH: facts(afterLogin, 'URLFETCH'),
    GENURLAUTH: facts(afterLogin, 'GENURLAUTH'),
    RESETKEY: facts(afterLogin),
    GETJMAPACCESS: facts(afterLogin, 'JMAPACCESS'),
    CHECK: facts(selected),
    CLOSE: alone(selected),
    UNSELECT: alone(selected),
    EXPUNGE: facts(selected, 'EXPUNGE', 'VANISHED'),
    'UID EXPUNGE': facts(selected, 'EXPUNGE', 'VANISHED'),
    SEARCH: steady('SEARCH', 'ESEARCH'),
    SORT: steady('SORT', 'ESEARCH'),
    THREAD: steady('THREAD'),
    FETCH: steady('FETCH', 'UIDFETCH', 'VANISHED'),
    STORE: steady('FETCH', 'UIDFETCH'),
    COPY: facts(selected),
    MOVE: facts(selected, 'EXPUNGE', 'VANISHED'),
    REPLACE: facts(selected, 'EXPUNGE', 'VANISHED'),
    CANCELUPDATE: facts(selected),
    UIDBATCHES: facts(selected, 'UIDBATCHES'),
  };
}

/** The commands that can be said with UIDs. */
const uidNames: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['FETCH', 'STORE', 'COPY', 'MOVE', 'SEARCH', 'SORT', 'THREAD', 'REPLACE', 'EXPUNGE'],
]);

/** Whether a command that is sent by that name, such as `uid Fetch`, has a type of its own; `UID` alone is the half of many. */
export function isKnownCommand(sent: string): boolean {
  const name = sent.toUpperCase();
  if (name === 'UID') return true;
  return name.startsWith('UID ') ? uidNames.has(name.slice('UID '.length)) : Object.hasOwn(table, name);
}

/** What is known of a command that is not known: nothing, so it goes alone. */
const other: CommandFacts = /* @__PURE__ */ alone(anyState);

/**
 * The name of a command as it is sent, such as `UID FETCH`.
 *
 * @example
 * ```ts
 * import { commandName } from 'mailseal/imap';
 *
 * console.log(commandName({ name: 'FETCH', uid: true, set: '$', items: ['FLAGS'] })); // UID FETCH
 * ```
 */
export function commandName(command: ImapCommand): string {
  if (command.name === 'other') return command.command;
  return 'uid' in command && command.uid === true ? `UID ${command.name}` : command.name;
}

/**
 * What a session has to know of a command.
 *
 * @example
 * ```ts
 * import { commandFacts } from 'mailseal/imap';
 *
 * console.log(commandFacts({ name: 'CHECK' }).states); // [ 'selected' ]
 * ```
 */
export function commandFacts(command: ImapCommand): CommandFacts {
  if (command.name === 'other') return other;
  const known = isKeyOf(table, command.name) ? table[command.name] : other;
  // With UIDs messages may go meanwhile.
  if (known.allowsExpunge || !('uid' in command) || command.uid !== true) return known;
  return { ...known, allowsExpunge: true };
}

/**
 * Whether a command names messages by their sequence numbers, which must not
 * change before the server reads it (RFC 9051 §5.5).
 *
 * @example
 * ```ts
 * import { usesSequenceNumbers } from 'mailseal/imap';
 *
 * const set = [{ from: 1, to: 5 }];
 * console.log(usesSequenceNumbers({ name: 'COPY', set, mailbox: 'Old' })); // true
 * console.log(usesSequenceNumbers({ name: 'COPY', uid: true, set, mailbox: 'Old' })); // false
 * ```
 */
export function usesSequenceNumbers(command: ImapCommand): boolean {
  switch (command.name) {
    case 'FETCH':
    case 'STORE':
    case 'COPY':
    case 'MOVE':
      // RFC 5182: "$" is what the server has saved, whatever the numbers are by now.
      return command.uid !== true && command.set !== '$';
    case 'REPLACE':
      return command.uid !== true;
    case 'SEARCH':
    case 'SORT':
    case 'THREAD':
      return holdsSequenceNumbers(command.keys);
    default:
      return false;
  }
}

function holdsSequenceNumbers(keys: readonly SearchKey[]): boolean {
  // A stack of its own: keys may stand inside each other as deep as a caller likes.
  const open: SearchKey[] = Array.isArray(keys) ? [...keys] : [];
  while (open.length > 0) {
    const key = open.pop() as SearchKey | null;
    // What is none is refused where it is written.
    if (typeof key !== 'object' || key === null) continue;
    if (key.key === 'SEQUENCE') {
      if (key.set !== '$') return true;
    } else if (key.key === 'NOT' || key.key === 'FUZZY') open.push(key.of);
    else if ((key.key === 'OR' || key.key === 'AND') && Array.isArray(key.of)) {
      for (const inner of key.of) open.push(inner as SearchKey);
    }
  }
  return false;
}

/**
 * Whether a command may be sent once UIDONLY is enabled (RFC 9586 §3): it
 * neither names messages by their sequence numbers nor asks for such.
 *
 * @example
 * ```ts
 * import { fitsUidOnly } from 'mailseal/imap';
 *
 * const keys = [{ key: 'UNSEEN' }] as const;
 * console.log(fitsUidOnly({ name: 'SEARCH', uid: true, keys })); // true
 * console.log(fitsUidOnly({ name: 'SEARCH', keys })); // false
 * ```
 */
export function fitsUidOnly(command: ImapCommand): boolean {
  switch (command.name) {
    case 'FETCH':
    case 'STORE':
    case 'COPY':
    case 'MOVE':
    case 'REPLACE':
    case 'SEARCH':
    case 'SORT':
    case 'THREAD':
      return command.uid === true && !usesSequenceNumbers(command);
    default:
      return true;
  }
}

/**
 * Whether a command must wait until others that are under way are done
 * (RFC 9051 §5.5): it names messages by sequence numbers, and one of those may
 * make the server send EXPUNGE; or it, or one of them, goes alone.
 *
 * @param underWay - commands that were sent and have no tagged response yet.
 *
 * @example
 * ```ts
 * import { isAmbiguousBehind } from 'mailseal/imap';
 *
 * const fetch = { name: 'FETCH', set: [{ from: 1, to: 5 }], items: ['FLAGS'] } as const;
 * console.log(isAmbiguousBehind([fetch], fetch)); // false
 * console.log(isAmbiguousBehind([fetch, { name: 'NOOP' }], fetch)); // true
 * ```
 */
export function isAmbiguousBehind(underWay: readonly ImapCommand[], next: ImapCommand): boolean {
  if (underWay.length === 0) return false;
  if (commandFacts(next).alone || underWay.some((command) => commandFacts(command).alone)) return true;
  return usesSequenceNumbers(next) && underWay.some(mayExpunge);
}

/** RFC 5256 does not say that SORT and THREAD are as SEARCH is: a client must not rely on it. */
function mayExpunge(command: ImapCommand): boolean {
  return commandFacts(command).allowsExpunge || command.name === 'SORT' || command.name === 'THREAD';
}
