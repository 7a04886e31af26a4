import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isAtom, isSome, type SyntaxWriter } from '../syntax/writer.js';
import { readOptionValue, writeOptionValue } from '../values/value.js';
import type { MultiSearchCommand, SearchCommand, SortCommand, ThreadCommand } from './command.js';
import { readMailboxFilter, writeMailboxFilter } from './mailbox-filter.js';
import { readPartialRange, writePartialRange } from './message-number.js';
import type { Mutable } from './mutable.js';
import type { SearchReturn } from './search-key.js';
import { readSearchKeys, writeSearchKeys } from './search-key-syntax.js';

/** Reads the arguments of SEARCH (RFC 9051 §6.4.4). */
export function readSearch(reader: SyntaxReader, isUid: boolean): SearchCommand {
  reader.space();
  const options = readReturn(reader);
  const charset = readCharsetOption(reader);
  return {
    name: 'SEARCH',
    ...(isUid && { uid: true }),
    ...(options !== undefined && { return: options }),
    ...(charset !== undefined && { charset }),
    keys: readSearchKeys(reader),
  };
}

/** Reads the arguments of ESEARCH, the search in several mailboxes (RFC 7377). */
export function readMultiSearch(reader: SyntaxReader): MultiSearchCommand {
  reader.space();
  const command: Mutable<Omit<MultiSearchCommand, 'keys'>> = { name: 'ESEARCH' };
  if (reader.skipWord('IN (')) {
    reader.at--;
    command.in = reader.list(readMailboxFilter);
    reader.space();
  }
  const options = readReturn(reader);
  if (options !== undefined) command.return = options;
  const charset = readCharsetOption(reader);
  if (charset !== undefined) command.charset = charset;
  return { ...command, keys: readSearchKeys(reader) };
}

/** Reads the arguments of SORT (RFC 5256 §3, RFC 5267). */
export function readSort(reader: SyntaxReader, isUid: boolean): SortCommand {
  reader.space();
  const options = readReturn(reader);
  const at = reader.at;
  const criteria = reader.list(readCriterion);
  if (criteria.length === 0) reader.fail('what to sort by', at + 1);
  reader.space();
  const charset = readCharset(reader);
  reader.space();
  return {
    name: 'SORT',
    ...(isUid && { uid: true }),
    ...(options !== undefined && { return: options }),
    criteria,
    charset,
    keys: readSearchKeys(reader),
  };
}

function readCriterion(reader: SyntaxReader): SortCommand['criteria'][number] {
  const word = reader.keyword();
  if (word !== 'REVERSE') return { by: word };
  reader.space();
  return { by: reader.keyword(), reverse: true };
}

/** Reads the arguments of THREAD (RFC 5256 §3). */
export function readThread(reader: SyntaxReader, isUid: boolean): ThreadCommand {
  reader.space();
  const algorithm = reader.keyword();
  reader.space();
  const charset = readCharset(reader);
  reader.space();
  return { name: 'THREAD', ...(isUid && { uid: true }), algorithm, charset, keys: readSearchKeys(reader) };
}

function readCharsetOption(reader: SyntaxReader): string | undefined {
  if (!reader.skipWord('CHARSET ')) return undefined;
  const charset = readCharset(reader);
  reader.space();
  return charset;
}

function readCharset(reader: SyntaxReader): string {
  const at = reader.at;
  const charset = reader.astring();
  if (typeof charset !== 'string') reader.fail('the name of a charset', at);
  return charset;
}

/** `RETURN (…)` and the space behind it; `undefined` where it is not there. */
function readReturn(reader: SyntaxReader): SearchReturn[] | undefined {
  if (!reader.skipWord('RETURN ')) return undefined;
  const options = reader.list(readReturnOption);
  reader.space();
  return options;
}

function readReturnOption(reader: SyntaxReader): SearchReturn {
  const word = reader.keyword();
  switch (word) {
    case 'MIN':
    case 'MAX':
    case 'ALL':
    case 'COUNT':
    case 'SAVE':
    case 'CONTEXT':
    case 'UPDATE':
      return word;
    case 'PARTIAL':
      reader.space();
      return { partial: readPartialRange(reader) };
    default: {
      const value = readOptionValue(reader);
      return value === undefined ? { other: word } : { other: word, value };
    }
  }
}

/** Writes SEARCH, without the UID before it. */
export function writeSearch(writer: SyntaxWriter, command: SearchCommand): void {
  writer.raw('SEARCH ');
  writeReturn(writer, command.return);
  writeCharsetOption(writer, command.charset);
  writeSearchKeys(writer, command.keys);
}

/** Writes ESEARCH. */
export function writeMultiSearch(writer: SyntaxWriter, command: MultiSearchCommand): void {
  writer.raw('ESEARCH ');
  if (command.in !== undefined) {
    if (!isSome(command.in)) throw usage('ESEARCH IN needs one mailbox filter at least');
    writer.raw('IN ');
    writer.list(command.in, (filter) => writeMailboxFilter(writer, filter));
    writer.space();
  }
  writeReturn(writer, command.return);
  writeCharsetOption(writer, command.charset);
  writeSearchKeys(writer, command.keys);
}

/** Writes SORT, without the UID before it. */
export function writeSort(writer: SyntaxWriter, command: SortCommand): void {
  const { criteria } = command;
  if (!isSome(criteria)) throw usage('SORT needs one criterion at least, such as ARRIVAL');
  writer.raw('SORT ');
  writeReturn(writer, command.return);
  writer.list(criteria, ({ by, reverse }) => {
    if (reverse === true) writer.raw('REVERSE ');
    writer.atom(by);
  });
  writer.space();
  writeCharset(writer, command.charset);
  writer.space();
  writeSearchKeys(writer, command.keys);
}

/** Writes THREAD, without the UID before it. */
export function writeThread(writer: SyntaxWriter, { algorithm, charset, keys }: ThreadCommand): void {
  writer.raw('THREAD ');
  writer.atom(algorithm);
  writer.space();
  writeCharset(writer, charset);
  writer.space();
  writeSearchKeys(writer, keys);
}

function writeCharsetOption(writer: SyntaxWriter, charset: string | undefined): void {
  if (charset === undefined) return;
  writer.raw('CHARSET ');
  writeCharset(writer, charset);
  writer.space();
}

function writeCharset(writer: SyntaxWriter, charset: string): void {
  if (typeof charset !== 'string') throw usage(`the name of a charset is wanted, not ${shown(charset)}`);
  if (isAtom(charset)) writer.raw(charset);
  else writer.string(charset);
}

function writeReturn(writer: SyntaxWriter, options: readonly SearchReturn[] | undefined): void {
  if (options === undefined) return;
  writer.raw('RETURN ');
  writer.list(options, (option) => {
    if (typeof option === 'string') writer.atom(option);
    else if ('partial' in option) {
      writer.raw('PARTIAL ');
      writePartialRange(writer, option.partial);
    } else {
      writer.atom(option.other);
      if (option.value !== undefined) writeOptionValue(writer, option.value);
    }
  });
  writer.space();
}
