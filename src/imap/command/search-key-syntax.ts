import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';
import { type ImapDate, readDate, writeDate } from '../values/date-time.js';
import { readFlag, writeFlag } from '../values/flags.js';
import { readSequenceSet, writeSequenceSet } from '../values/sequence-set.js';
import type { SearchKey } from './search-key.js';
import { argumentOf, expectKey } from './search-key-arguments.js';

type PlainKey = NameAlone<SearchKey>;
type NameAlone<Key extends SearchKey> = Key extends SearchKey
  ? keyof Key extends 'key'
    ? Key['key']
    : never
  : never;
type TextKey = Exclude<Extract<SearchKey, { readonly text: ImapText }>, { readonly field: ImapText }>['key'];
type DateKey = Extract<SearchKey, { readonly date: ImapDate }>['key'];

/** A key without keys within. */
type SimpleKey = Exclude<SearchKey, { readonly of: unknown }>;

/**
 * NOT and OR may stand inside each other so many times deeper than lists:
 * clients search for hundreds of identifiers with a chain of OR.
 */
const CHAIN = 10;

const OPEN = 0x28;
const CLOSE = 0x29;
const ASTERISK = 0x2a;
const DOLLAR = 0x24;
const SPACE = 0x20;
const BACKSLASH = 0x5c;

/** Reads search keys up to the end of the command. */
export function readSearchKeys(reader: SyntaxReader): SearchKey[] {
  const keys = [readSearchKey(reader)];
  while (reader.skip(SPACE)) {
    keys.push(readSearchKey(reader));
    reader.count();
  }
  return keys;
}

/** A key that has keys within, as many as were read. */
interface OpenKey {
  readonly key: 'AND' | 'OR' | 'NOT' | 'FUZZY';
  readonly of: SearchKey[];
}

/** Reads `search-key` (RFC 9051 §9). Keys inside each other do not deepen the stack. */
function readSearchKey(reader: SyntaxReader): SearchKey {
  const outer: OpenKey[] = [];
  // How many of them are none of parentheses.
  let chained = 0;
  for (;;) {
    const begun = beginKey(reader);
    if ('of' in begun) {
      if (begun.key !== 'AND') countChain(reader, ++chained);
      outer.push(begun);
      continue;
    }
    let key: SearchKey = begun;
    for (;;) {
      const open = outer.at(-1);
      if (open === undefined) return key;
      open.of.push(key);
      if (!isComplete(reader, open)) break;
      outer.pop();
      if (open.key !== 'AND') chained--;
      key = closed(open);
    }
    reader.space();
  }
}

/** Whether the last key of an open one was read; takes its parenthesis. */
function isComplete(reader: SyntaxReader, { key, of }: OpenKey): boolean {
  if (key !== 'AND') return of.length === (key === 'OR' ? 2 : 1);
  reader.count();
  if (!reader.skip(CLOSE)) return false;
  reader.close();
  return true;
}

function closed({ key, of }: OpenKey): SearchKey {
  if (key === 'AND') return { key, of };
  return key === 'OR' ? { key, of: [of[0]!, of[1]!] } : { key, of: of[0]! };
}

/** A key, or what of it stands before the first key within. */
function beginKey(reader: SyntaxReader): SimpleKey | OpenKey {
  const code = reader.peek();
  if (code === OPEN) {
    reader.open();
    return { key: 'AND', of: [] };
  }
  if (code === ASTERISK || code === DOLLAR || (code >= 0x30 && code <= 0x39)) {
    return { key: 'SEQUENCE', set: readSequenceSet(reader) };
  }
  const at = reader.at;
  const key = reader.keyword();
  const argument = argumentOf(key);
  if (argument === undefined) reader.fail('a search key', at);
  if (argument === 'none') return { key: key as PlainKey };
  reader.space();
  switch (argument) {
    case 'text':
      return { key: key as TextKey, text: reader.astring() };
    case 'date':
      return { key: key as DateKey, date: readDate(reader) };
    case 'octets':
      return { key: key as 'LARGER', octets: reader.number() };
    case 'seconds':
      return { key: key as 'OLDER', seconds: reader.number() };
    case 'uid':
      return { key: key as 'UIDAFTER', uid: reader.number() };
    case 'keyword':
      return { key: key as 'KEYWORD', keyword: readKeyword(reader) };
    case 'object id':
      return { key: key as 'EMAILID', id: reader.atom() };
    case 'Gmail id':
      return { key: key as 'X-GM-MSGID', id: reader.bigint() };
    case 'keys':
      return { key: key as OpenKey['key'], of: [] };
    default:
      return readSpecialKey(reader, key);
  }
}

/** A flag, as lists of flags have it, but none of the system's. */
function readKeyword(reader: SyntaxReader): string {
  if (reader.peek() === BACKSLASH) reader.fail('a keyword');
  return readFlag(reader);
}

function readSpecialKey(reader: SyntaxReader, key: string): SimpleKey {
  switch (key) {
    case 'UID':
      return { key, set: readSequenceSet(reader) };
    case 'HEADER': {
      const field = reader.astring();
      reader.space();
      return { key, field, text: reader.astring() };
    }
    case 'X-GM-LABELS':
      return { key, label: reader.astring() };
    case 'FILTER':
      return { key, filter: reader.atom() };
    default:
      return readModSeq(reader);
  }
}

/** RFC 7162 §3.1.5: `MODSEQ "/flags/\\draft" all 620162338`, or the number alone. */
function readModSeq(reader: SyntaxReader): SimpleKey {
  if (!reader.isString()) return { key: 'MODSEQ', modseq: reader.bigint() };
  const name = reader.string();
  reader.space();
  const at = reader.at;
  const type = reader.atom().toLowerCase();
  if (type !== 'priv' && type !== 'shared' && type !== 'all') reader.fail('"priv", "shared" or "all"', at);
  reader.space();
  return { key: 'MODSEQ', modseq: reader.bigint(), entry: { name, type } };
}

function countChain(reader: SyntaxReader, chained: number): void {
  const limit = reader.options.limits.depth * CHAIN;
  if (chained > limit) {
    throw new MailsealError(
      'limit-depth',
      `more than ${limit} search keys NOT and OR inside each other; raise limits.depth (a tenth of that) if it is meant`,
      { fault: 'input' },
    );
  }
}

/**
 * Writes search keys, apart by spaces.
 *
 * @throws MailsealError `usage` for none, and for what is none.
 */
export function writeSearchKeys(writer: SyntaxWriter, keys: readonly SearchKey[]): void {
  // What is still to be written, the next last: so keys inside each other do not deepen the stack.
  const rest: (SearchKey | ' ' | ')')[] = [];
  pushKeys(rest, keys);
  while (rest.length > 0) {
    const next = rest.pop()!;
    if (typeof next === 'string') {
      writer.raw(next);
      continue;
    }
    const argument = expectKey(next);
    if (next.key === 'SEQUENCE') writeSequenceSet(writer, next.set);
    else if (next.key === 'AND') {
      writer.raw('(');
      rest.push(')');
      pushKeys(rest, next.of);
    } else {
      writer.raw(next.key);
      if (argument === 'none') continue;
      writer.space();
      if (next.key === 'NOT' || next.key === 'FUZZY') pushKeys(rest, [next.of]);
      else if (next.key === 'OR') pushTwo(rest, next.of);
      else writeArgument(writer, next);
    }
  }
}

function pushTwo(rest: (SearchKey | ' ' | ')')[], keys: readonly SearchKey[]): void {
  if (!Array.isArray(keys) || keys.length !== 2) throw usage('OR has two search keys');
  pushKeys(rest, keys);
}

function pushKeys(rest: (SearchKey | ' ' | ')')[], keys: readonly SearchKey[]): void {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw usage('a search needs one key at least; ALL finds everything');
  }
  for (let at = keys.length - 1; at >= 0; at--) {
    const key = keys[at] as SearchKey | string;
    if (typeof key === 'string') {
      throw usage(`${shown(key)} is no search key; say { key: ${shown(key)} }`);
    }
    rest.push(key);
    if (at > 0) rest.push(' ');
  }
}

function writeArgument(
  writer: SyntaxWriter,
  key: Exclude<SearchKey, { key: 'SEQUENCE' | 'AND' | 'OR' | 'NOT' }>,
): void {
  switch (key.key) {
    case 'UID':
      writeSequenceSet(writer, key.set);
      return;
    case 'HEADER':
      writer.astring(key.field);
      writer.space();
      writer.astring(key.text);
      return;
    case 'KEYWORD':
    case 'UNKEYWORD':
      if (key.keyword.startsWith('\\')) {
        throw usage(`${key.keyword} has a key of its own, such as SEEN for \\Seen`);
      }
      writeFlag(writer, key.keyword);
      return;
    case 'EMAILID':
    case 'THREADID':
      writer.atom(key.id);
      return;
    case 'FILTER':
      writer.atom(key.filter);
      return;
    case 'X-GM-LABELS':
      writer.astring(key.label);
      return;
    case 'X-GM-MSGID':
    case 'X-GM-THRID':
      writer.number(key.id);
      return;
    case 'MODSEQ':
      if (key.entry !== undefined) {
        // RFC 7162 §7: the name of an entry is quoted.
        writer.string(key.entry.name);
        writer.space();
        const { type } = key.entry;
        if (type !== 'priv' && type !== 'shared' && type !== 'all')
          throw usage(`the type of an entry is "priv", "shared" or "all", not ${shown(type)}`);
        writer.raw(type);
        writer.space();
      }
      writer.number(key.modseq);
      return;
    case 'LARGER':
    case 'SMALLER':
      writer.number(key.octets);
      return;
    case 'OLDER':
    case 'YOUNGER':
      writer.number(key.seconds);
      return;
    case 'UIDAFTER':
    case 'UIDBEFORE':
      writer.number(key.uid);
      return;
    default:
      if ('date' in key) writeDate(writer, key.date);
      else if ('text' in key) writer.astring(key.text);
  }
}
