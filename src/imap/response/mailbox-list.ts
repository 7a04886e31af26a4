import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';
import { readFlagList, writeFlagList } from '../values/flags.js';
import {
  type MailboxName,
  mailboxFromWire,
  mailboxToWire,
  readMailbox,
  writeMailbox,
} from '../values/mailbox-name.js';
import { readValue, writeValue } from '../values/value.js';
import { eachInList, skipBlanks, skipBlanksBefore, skipBlanksBetween, skipExtraBlanks } from './blanks.js';
import type { ListResponse, NamespaceEntry, NamespaceResponse } from './response.js';
import type { Writable } from './writable.js';

const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Reads LIST, LSUB and XLIST behind their name (RFC 9051 §9 `mailbox-list`). */
export function readList(reader: SyntaxReader, type: ListResponse['type']): ListResponse {
  skipBlanks(reader);
  const attributes = readFlagList(reader);
  skipBlanksBetween(reader);
  const delimiter = readDelimiter(reader);
  skipBlanksBetween(reader);
  const base = { type, attributes, delimiter };
  const from = reader.at;
  const list = reader.attempt(reader.end, () => readListed(reader, base));
  if (list !== undefined) return list;
  const oddName = readOddName(reader);
  if (oddName !== undefined && reader.quirk('mailbox-unquoted')) return { ...base, mailbox: oddName };
  reader.at = from;
  return readListed(reader, base);
}

/** The name of the mailbox, and what comes behind it. */
function readListed(
  reader: SyntaxReader,
  base: Pick<ListResponse, 'type' | 'attributes' | 'delimiter'>,
): ListResponse {
  const list: Writable<ListResponse> = { ...base, mailbox: readMailbox(reader) };
  if (skipBlanksBefore(reader, OPEN)) readExtended(reader, list);
  skipExtraBlanks(reader);
  return list;
}

/** All up to the end of the line, without the quotation marks around it; parentheses tell that it is no name. */
function readOddName(reader: SyntaxReader): MailboxName | undefined {
  const { text, at, end } = reader;
  // A line end is that of a literal: nobody knows what such a name was to be.
  if (text.substring(at, end).includes('\n')) return undefined;
  const isQuoted = text.charCodeAt(at) === QUOTE && text.charCodeAt(end - 1) === QUOTE && end > at + 1;
  const wire = isQuoted ? readBetween(reader, at + 1, end - 1) : readBetween(reader, at, end);
  if (wire === undefined || wire.length === 0) return undefined;
  if (!isQuoted && /["(){]/.test(text.substring(at, end))) return undefined;
  return mailboxFromWire(wire, reader.options.utf8);
}

function readBetween(reader: SyntaxReader, from: number, to: number): ImapText | undefined {
  const { end } = reader;
  reader.at = from;
  const text = reader.attempt(to, () => reader.rest());
  reader.at = end;
  return text;
}

function readDelimiter(reader: SyntaxReader): string | undefined {
  if (reader.nil()) return undefined;
  const at = reader.at;
  const delimiter = reader.string();
  if (typeof delimiter !== 'string' || delimiter.length > 1)
    reader.fail('one character in quotation marks', at);
  // Some servers say "" where there is no hierarchy.
  return delimiter === '' ? undefined : delimiter;
}

/** `mbox-list-extended` (RFC 5258 §6). */
function readExtended(reader: SyntaxReader, list: Writable<ListResponse>): void {
  const other: NonNullable<ListResponse['extended']>[number][] = [];
  eachInList(reader, () => {
    const name = reader.astring();
    skipBlanks(reader);
    const known = typeof name === 'string' ? name.toUpperCase() : '';
    if (known === 'CHILDINFO') {
      const childInfo: string[] = [];
      eachInList(reader, () => childInfo.push(readWord(reader)));
      list.childInfo = childInfo;
    } else if (known === 'OLDNAME') {
      reader.open();
      list.oldName = readMailbox(reader);
      reader.expect(CLOSE);
      reader.close();
    } else other.push({ name, value: readValue(reader) });
  });
  if (other.length > 0) list.extended = other;
}

function readWord(reader: SyntaxReader): string {
  const at = reader.at;
  const word = reader.astring();
  if (typeof word !== 'string') reader.fail('a word of ASCII characters', at);
  return word;
}

/** Writes LIST, LSUB or XLIST with its name. */
export function writeList(writer: SyntaxWriter, list: ListResponse): void {
  writer.raw(`${list.type} `);
  writeFlagList(writer, list.attributes);
  writer.space();
  writeDelimiter(writer, list.delimiter);
  writer.space();
  writeMailbox(writer, list.mailbox);
  const { childInfo, oldName, extended = [] } = list;
  const items: (() => void)[] = [];
  if (childInfo !== undefined)
    items.push(() => {
      writer.raw('"CHILDINFO" ');
      writer.list(childInfo, (selection) => {
        // RFC 5258 §6: names of selection options.
        if (typeof selection !== 'string')
          throw usage(`the name of a selection is wanted, not ${shown(selection)}`);
        writer.string(selection);
      });
    });
  if (oldName !== undefined)
    items.push(() => {
      writer.raw('"OLDNAME" (');
      writeMailbox(writer, oldName);
      writer.raw(')');
    });
  for (const { name, value } of extended)
    items.push(() => {
      writer.string(name);
      writer.space();
      writeValue(writer, value);
    });
  if (items.length === 0) return;
  writer.space();
  writer.list(items, (write) => write());
}

function writeDelimiter(writer: SyntaxWriter, delimiter: string | undefined): void {
  if (delimiter === undefined) {
    writer.raw('NIL');
    return;
  }
  // RFC 9051 §9: DQUOTE QUOTED-CHAR DQUOTE, never a literal; RFC 3501 has ASCII only.
  const isRight = typeof delimiter === 'string' && delimiter.length === 1;
  if (!isRight || '\r\n\0'.includes(delimiter) || (delimiter > '\x7f' && !writer.options.utf8))
    throw usage(`a delimiter is one character, of ASCII unless utf8 is set, not ${shown(delimiter)}`);
  writer.string(delimiter);
}

/** Reads NAMESPACE behind its name (RFC 9051 §7.3.6). */
export function readNamespace(reader: SyntaxReader): NamespaceResponse {
  skipBlanks(reader);
  const personal = readNamespaceEntries(reader);
  skipBlanks(reader);
  const otherUsers = readNamespaceEntries(reader);
  skipBlanks(reader);
  return { type: 'NAMESPACE', personal, otherUsers, shared: readNamespaceEntries(reader) };
}

function readNamespaceEntries(reader: SyntaxReader): NamespaceEntry[] {
  const entries: NamespaceEntry[] = [];
  if (reader.nil()) return entries;
  reader.open();
  while (!reader.skip(CLOSE)) {
    entries.push(readNamespaceEntry(reader));
    reader.count();
    skipExtraBlanks(reader);
  }
  reader.close();
  return entries;
}

function readNamespaceEntry(reader: SyntaxReader): NamespaceEntry {
  reader.open();
  const prefix = readMailbox(reader);
  skipBlanks(reader);
  const delimiter = readDelimiter(reader);
  const extensions: { name: ImapText; values: ImapText[] }[] = [];
  while (!reader.skip(CLOSE)) {
    skipBlanks(reader);
    const name = reader.string();
    skipBlanks(reader);
    const values: ImapText[] = [];
    eachInList(reader, () => values.push(reader.string()));
    extensions.push({ name, values });
  }
  reader.close();
  return { prefix, delimiter, ...(extensions.length > 0 && { extensions }) };
}

/** Writes NAMESPACE with its name. */
export function writeNamespace(writer: SyntaxWriter, namespace: NamespaceResponse): void {
  writer.raw('NAMESPACE');
  for (const entries of [namespace.personal, namespace.otherUsers, namespace.shared]) {
    if (!Array.isArray(entries)) throw usage('the namespaces of a kind are an array');
    writer.raw(entries.length === 0 ? ' NIL' : ' (');
    for (const entry of entries) writeNamespaceEntry(writer, entry);
    if (entries.length > 0) writer.raw(')');
  }
}

function writeNamespaceEntry(writer: SyntaxWriter, entry: NamespaceEntry): void {
  writer.raw('(');
  // RFC 9051 §9 namespace-descr: a string, never an atom.
  writer.string(mailboxToWire(entry.prefix, writer.options.utf8));
  writer.space();
  writeDelimiter(writer, entry.delimiter);
  for (const { name, values } of entry.extensions ?? []) {
    writer.space();
    writer.string(name);
    writer.space();
    writer.list(values, (value) => writer.string(value));
  }
  writer.raw(')');
}
