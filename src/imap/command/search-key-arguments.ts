import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SearchKey } from './search-key.js';

/** What stands behind the name of a key. */
export type Argument =
  | 'none'
  | 'text'
  | 'date'
  | 'octets'
  | 'seconds'
  | 'uid'
  | 'keyword'
  | 'object id'
  | 'Gmail id'
  | 'keys'
  | 'special';

const argumentOfKey: Readonly<Record<Exclude<SearchKey['key'], 'SEQUENCE' | 'AND'>, Argument>> = {
  ALL: 'none',
  ANSWERED: 'none',
  DELETED: 'none',
  DRAFT: 'none',
  FLAGGED: 'none',
  NEW: 'none',
  OLD: 'none',
  RECENT: 'none',
  SEEN: 'none',
  UNANSWERED: 'none',
  UNDELETED: 'none',
  UNDRAFT: 'none',
  UNFLAGGED: 'none',
  UNSEEN: 'none',
  SAVEDATESUPPORTED: 'none',
  BCC: 'text',
  BODY: 'text',
  CC: 'text',
  FROM: 'text',
  SUBJECT: 'text',
  TEXT: 'text',
  TO: 'text',
  'X-GM-RAW': 'text',
  BEFORE: 'date',
  ON: 'date',
  SINCE: 'date',
  SENTBEFORE: 'date',
  SENTON: 'date',
  SENTSINCE: 'date',
  SAVEDBEFORE: 'date',
  SAVEDON: 'date',
  SAVEDSINCE: 'date',
  LARGER: 'octets',
  SMALLER: 'octets',
  OLDER: 'seconds',
  YOUNGER: 'seconds',
  UIDAFTER: 'uid',
  UIDBEFORE: 'uid',
  KEYWORD: 'keyword',
  UNKEYWORD: 'keyword',
  EMAILID: 'object id',
  THREADID: 'object id',
  'X-GM-MSGID': 'Gmail id',
  'X-GM-THRID': 'Gmail id',
  NOT: 'keys',
  FUZZY: 'keys',
  OR: 'keys',
  UID: 'special',
  HEADER: 'special',
  MODSEQ: 'special',
  FILTER: 'special',
  'X-GM-LABELS': 'special',
};

/** What stands behind a name of the wire, if it is one of a key. */
export function argumentOf(key: string): Argument | undefined {
  return Object.hasOwn(argumentOfKey, key) ? argumentOfKey[key as keyof typeof argumentOfKey] : undefined;
}

const memberOfArgument: Readonly<Partial<Record<Argument, string>>> = {
  text: 'text',
  date: 'date',
  octets: 'octets',
  seconds: 'seconds',
  uid: 'uid',
  keyword: 'keyword',
  'object id': 'id',
  'Gmail id': 'id',
  keys: 'of',
};

const membersOfKey: Readonly<Record<string, readonly string[]>> = {
  SEQUENCE: ['set'],
  AND: ['of'],
  UID: ['set'],
  HEADER: ['field', 'text'],
  MODSEQ: ['modseq'],
  FILTER: ['filter'],
  'X-GM-LABELS': ['label'],
};

/**
 * What stands behind the name of a key that a caller gave.
 *
 * @throws MailsealError `usage` for what is no key, or lacks what it is about.
 */
export function expectKey(given: SearchKey): Argument {
  const key: unknown = typeof given === 'object' && given !== null ? given.key : undefined;
  if (typeof key !== 'string') throw usage('a search key is an object with its name as `key`');
  const isOwn = key === 'SEQUENCE' || key === 'AND';
  const argument = isOwn ? 'special' : argumentOf(key);
  if (argument === undefined) throw usage(`${shown(key)} is no search key`);
  const member = memberOfArgument[argument];
  for (const name of member === undefined ? (membersOfKey[key] ?? []) : [member]) {
    if ((given as unknown as Readonly<Record<string, unknown>>)[name] === undefined) {
      throw usage(`the search key ${key} needs its ${name}`);
    }
  }
  if ((given.key === 'AND' || given.key === 'OR') && !Array.isArray(given.of)) {
    throw usage(`the search key ${key} needs an array of keys`);
  }
  return argument;
}
