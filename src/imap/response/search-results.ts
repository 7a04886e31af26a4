import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { asList, type SyntaxWriter } from '../syntax/writer.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import { readSequenceSet, writeSequenceSet } from '../values/sequence-set.js';
import { readValue, writeValue } from '../values/value.js';
import { eachInList, eachToEnd, skipBlanks, skipBlanksBefore } from './blanks.js';
import type { ExtendedSearchResponse, SearchResponse, UidBatchesResponse } from './response.js';
import type { Writable } from './writable.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Reads SEARCH and SORT behind their name. */
export function readSearch(reader: SyntaxReader, type: SearchResponse['type']): SearchResponse {
  const search: Writable<SearchResponse> = { type, numbers: readNumbers(reader) };
  if (skipBlanksBefore(reader, OPEN)) search.modseq = readModSeqList(reader);
  return search;
}

/** `(MODSEQ 917162500)` */
function readModSeqList(reader: SyntaxReader): bigint {
  reader.expect(OPEN);
  if (!reader.skipWord('MODSEQ')) reader.fail('MODSEQ');
  skipBlanks(reader);
  const modseq = reader.bigint();
  reader.expect(CLOSE);
  return modseq;
}

/** Numbers, each behind a space; there may be a million. */
function readNumbers(reader: SyntaxReader): number[] {
  const numbers: number[] = [];
  const { text, end } = reader;
  let { at } = reader;
  while (at + 1 < end && text.charCodeAt(at) === SPACE) {
    let from = at + 1;
    if (text.charCodeAt(from) === SPACE) {
      if (!reader.quirk('extra-blanks')) break;
      while (from < end && text.charCodeAt(from) === SPACE) from++;
    }
    let number = 0;
    let next = from;
    for (; next < end; next++) {
      const digit = text.charCodeAt(next) - 0x30;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (next === from) break;
    if (number > Number.MAX_SAFE_INTEGER) reader.fail('a number below 2^53', from);
    numbers.push(number);
    reader.count();
    at = next;
  }
  reader.at = at;
  return numbers;
}

/** Writes SEARCH or SORT with its name. */
export function writeSearch(writer: SyntaxWriter, { type, numbers, modseq }: SearchResponse): void {
  writer.raw(type);
  for (const number of asList(numbers)) {
    writer.space();
    writer.number(number);
  }
  if (modseq === undefined) return;
  writer.raw(' (MODSEQ ');
  writer.number(modseq);
  writer.raw(')');
}

/** Reads ESEARCH behind its name (RFC 9051 §9 `esearch-response`). */
export function readExtendedSearch(reader: SyntaxReader): ExtendedSearchResponse {
  const search: Writable<ExtendedSearchResponse> = { type: 'ESEARCH', isUid: false };
  if (skipBlanksBefore(reader, OPEN)) readCorrelator(reader, search);
  const other: NonNullable<ExtendedSearchResponse['other']>[number][] = [];
  eachToEnd(reader, () => {
    if (reader.peek() === OPEN && reader.quirk('esearch-modseq-list')) {
      search.modseq = readModSeqList(reader);
      return;
    }
    const name = reader.atom();
    const item = name.toUpperCase();
    if (item === 'UID') {
      search.isUid = true;
      return;
    }
    skipBlanks(reader);
    if (!readResult(reader, search, item)) other.push({ name, value: readValue(reader) });
  });
  if (other.length > 0) search.other = other;
  return search;
}

/** `(TAG "a1" MAILBOX "b" UIDVALIDITY 3)` (RFC 9051 §9 `search-correlator`, RFC 7377 §2.1). */
function readCorrelator(reader: SyntaxReader, search: Writable<ExtendedSearchResponse>): void {
  eachInList(reader, () => {
    const at = reader.at;
    const name = reader.keyword();
    skipBlanks(reader);
    if (name === 'TAG') search.correlator = reader.astring();
    else if (name === 'MAILBOX') search.mailbox = readMailbox(reader);
    else if (name === 'UIDVALIDITY') search.uidValidity = reader.number();
    else reader.fail('TAG, MAILBOX or UIDVALIDITY', at);
  });
}

function readResult(reader: SyntaxReader, search: Writable<ExtendedSearchResponse>, item: string): boolean {
  switch (item) {
    case 'MIN':
      search.min = reader.number();
      return true;
    case 'MAX':
      search.max = reader.number();
      return true;
    case 'COUNT':
      search.count = reader.number();
      return true;
    case 'ALL':
      search.all = readSequenceSet(reader);
      return true;
    case 'MODSEQ':
      search.modseq = reader.bigint();
      return true;
    case 'ADDTO':
      search.addTo = readChanges(reader, search.addTo);
      return true;
    case 'REMOVEFROM':
      search.removeFrom = readChanges(reader, search.removeFrom);
      return true;
    case 'PARTIAL':
      search.partial = readPartialResult(reader);
      return true;
    default:
      return false;
  }
}

type SearchChange = NonNullable<ExtendedSearchResponse['addTo']>[number];

/** Positions and what is put in or taken out there (RFC 5267 §4.3). */
function readChanges(reader: SyntaxReader, before: readonly SearchChange[] | undefined): SearchChange[] {
  // Only what this reader made comes back here: it may grow.
  const changes = (before as SearchChange[] | undefined) ?? [];
  eachInList(reader, () => {
    const position = reader.number();
    skipBlanks(reader);
    changes.push({ position, set: readSequenceSet(reader) });
  });
  return changes;
}

function readPartialResult(reader: SyntaxReader): NonNullable<ExtendedSearchResponse['partial']> {
  reader.expect(OPEN);
  const at = reader.at;
  const range = reader.atom();
  if (!isPartialRange(range)) reader.fail('a range such as 1:100 or -1:-100', at);
  skipBlanks(reader);
  const set = reader.nil() ? undefined : readSequenceSet(reader);
  reader.expect(CLOSE);
  return { range, set };
}

/** RFC 9394 §4 partial-range: both numbers from the first, or both from the last. */
function isPartialRange(range: string): boolean {
  return /^(?:\d{1,10}:\d{1,10}|-\d{1,10}:-\d{1,10})$/.test(range);
}

/** Writes ESEARCH with its name. */
export function writeExtendedSearch(writer: SyntaxWriter, search: ExtendedSearchResponse): void {
  writer.raw('ESEARCH');
  writeCorrelator(writer, search);
  if (search.isUid) writer.raw(' UID');
  writeNumber(writer, 'MIN', search.min);
  writeNumber(writer, 'MAX', search.max);
  writeNumber(writer, 'COUNT', search.count);
  if (search.all !== undefined) {
    writer.raw(' ALL ');
    writeSequenceSet(writer, search.all);
  }
  writeChanges(writer, 'ADDTO', search.addTo);
  writeChanges(writer, 'REMOVEFROM', search.removeFrom);
  if (search.partial !== undefined) writePartialResult(writer, search.partial);
  writeNumber(writer, 'MODSEQ', search.modseq);
  for (const { name, value } of search.other ?? []) {
    writer.space();
    writer.atom(name);
    writer.space();
    writeValue(writer, value);
  }
}

function writeCorrelator(writer: SyntaxWriter, search: ExtendedSearchResponse): void {
  const { correlator, mailbox, uidValidity } = search;
  if (correlator === undefined && mailbox === undefined && uidValidity === undefined) return;
  let before = ' (';
  if (correlator !== undefined) {
    writer.raw(`${before}TAG `);
    writer.string(correlator);
    before = ' ';
  }
  if (mailbox !== undefined) {
    writer.raw(`${before}MAILBOX `);
    writeMailbox(writer, mailbox);
    before = ' ';
  }
  if (uidValidity !== undefined) {
    writer.raw(`${before}UIDVALIDITY `);
    writer.number(uidValidity);
  }
  writer.raw(')');
}

function writeNumber(writer: SyntaxWriter, name: string, number: number | bigint | undefined): void {
  if (number === undefined) return;
  writer.raw(` ${name} `);
  writer.number(number);
}

function writeChanges(
  writer: SyntaxWriter,
  name: string,
  changes: readonly SearchChange[] | undefined,
): void {
  if (changes === undefined) return;
  writer.raw(` ${name} `);
  writer.list(changes, ({ position, set }) => {
    writer.number(position);
    writer.space();
    writeSequenceSet(writer, set);
  });
}

function writePartialResult(
  writer: SyntaxWriter,
  { range, set }: NonNullable<ExtendedSearchResponse['partial']>,
): void {
  if (!isPartialRange(range)) throw usage(`a range such as 1:100 or -1:-100 is wanted, not ${shown(range)}`);
  writer.raw(` PARTIAL (${range} `);
  if (set === undefined) writer.raw('NIL');
  else writeSequenceSet(writer, set);
  writer.raw(')');
}

/** Reads UIDBATCHES behind its name (RFC 10022 §4). */
export function readUidBatches(reader: SyntaxReader): UidBatchesResponse {
  skipBlanks(reader);
  reader.expect(OPEN);
  if (!reader.skipWord('TAG')) reader.fail('TAG');
  skipBlanks(reader);
  const correlator = reader.astring();
  reader.expect(CLOSE);
  if (!reader.skip(SPACE)) return { type: 'UIDBATCHES', correlator, batches: [] };
  const at = reader.at;
  const batches = readSequenceSet(reader);
  if (batches === '$') reader.fail('ranges of UIDs', at);
  return { type: 'UIDBATCHES', correlator, batches };
}

/** Writes UIDBATCHES with its name. */
export function writeUidBatches(writer: SyntaxWriter, { correlator, batches }: UidBatchesResponse): void {
  writer.raw('UIDBATCHES (TAG ');
  writer.string(correlator);
  writer.raw(')');
  if (!Array.isArray(batches)) throw usage('the batches are ranges of UIDs, in an array');
  if (batches.length === 0) return;
  writer.space();
  writeSequenceSet(writer, batches);
}
