import type { Bytes } from '../../core/bytes.js';
import { readBodyStructure } from '../structure/read-body-structure.js';
import { readCount } from '../structure/read-words.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { type ImapText, octetsOfText } from '../text.js';
import { readDateTime } from '../values/date-time.js';
import { readEnvelope } from '../values/envelope.js';
import { readFlagList } from '../values/flags.js';
import { readOrigin, readSection, readSectionPart } from '../values/section.js';
import { readValue, skipValue } from '../values/value.js';
import { eachInList, skipBlanks, skipBlanksBetween, skipExtraBlanks } from './blanks.js';
import { DecodedFetch, type DecodedFetchItem } from './decoded-fetch.js';
import type { FetchResponse } from './response.js';
import type { Writable } from './writable.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

type ArrayItem = 'sections' | 'rfc822' | 'binary' | 'binarySize' | 'other';

/** A FETCH while its items are put in. */
type Building = DecodedFetch &
  Writable<Omit<FetchResponse, 'type' | 'number' | DecodedFetchItem | ArrayItem>> & {
    [Item in ArrayItem]?: NonNullable<FetchResponse[Item]>[number][];
  };

type FetchedRfc822 = NonNullable<FetchResponse['rfc822']>[number];

/**
 * Reads FETCH and UIDFETCH behind their name (RFC 9051 §7.5.2 `msg-att`).
 * Envelopes and structures are only stepped over, unless `eager`.
 */
export function readFetch(
  reader: SyntaxReader,
  type: FetchResponse['type'],
  number: number,
  eager: boolean,
): FetchResponse {
  if (eager) return readItems(reader, type, number, true);
  // What cannot be stepped over, such as a string with quotation marks in it, may still be readable.
  return (
    reader.attempt(reader.end, () => readItems(reader, type, number, false)) ??
    readItems(reader, type, number, true)
  );
}

function readItems(
  reader: SyntaxReader,
  type: FetchResponse['type'],
  number: number,
  eager: boolean,
): FetchResponse {
  const fetch: Building = new DecodedFetch(type, number);
  skipBlanks(reader);
  eachInList(reader, () => readItem(reader, fetch, eager));
  skipExtraBlanks(reader);
  return fetch;
}

function readItem(reader: SyntaxReader, fetch: Building, eager: boolean): void {
  if (readCommonItem(reader, fetch)) return;
  const from = reader.at;
  const name = readItemName(reader);
  if (readKnownItem(reader, fetch, name, eager)) return;
  if (readKnownItem(reader, fetch, name.toUpperCase(), eager)) return;
  reader.at = from;
  const unknown = reader.run(CharacterBit.astring);
  if (unknown === '') reader.fail('the name of an item');
  skipBlanksBetween(reader);
  fetch.other ??= [];
  fetch.other.push({ name: unknown, value: readValue(reader) });
}

/** The items that nearly every FETCH has, as nearly every server writes them: told by their letters, without a string for their name. */
function readCommonItem(reader: SyntaxReader, fetch: Building): boolean {
  const { text, at } = reader;
  switch (text.charCodeAt(at)) {
    case 0x55:
      if (!isNext(reader, 'UID ') || text.charCodeAt(at + 4) === SPACE) return false;
      reader.at = at + 4;
      fetch.uid = reader.number();
      return true;
    case 0x46:
      if (!isNext(reader, 'FLAGS (')) return false;
      reader.at = at + 6;
      fetch.flags = readFlagList(reader);
      return true;
    case 0x4d:
      if (!isNext(reader, 'MODSEQ (')) return false;
      reader.at = at + 8;
      fetch.modseq = reader.bigint();
      reader.expect(CLOSE);
      return true;
    default:
      return false;
  }
}

function isNext({ text, at, end }: SyntaxReader, word: string): boolean {
  if (at + word.length > end) return false;
  for (let index = 1; index < word.length; index++) {
    if (text.charCodeAt(at + index) !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** The letters up to what can be no part of a name, or to the bracket of a section. */
function readItemName(reader: SyntaxReader): string {
  const { text, end, at: from } = reader;
  let at = from;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACKET || (characterClass[code]! & CharacterBit.atom) === 0) break;
  }
  reader.at = at;
  return text.substring(from, at);
}

function readKnownItem(reader: SyntaxReader, fetch: Building, name: string, eager: boolean): boolean {
  switch (name) {
    case 'UID':
      skipBlanksBetween(reader);
      fetch.uid = reader.number();
      return true;
    case 'FLAGS':
      skipBlanksBetween(reader);
      fetch.flags = readFlagList(reader);
      return true;
    case 'MODSEQ':
      skipBlanksBetween(reader);
      fetch.modseq = readInParentheses(reader, () => reader.bigint());
      return true;
    case 'INTERNALDATE':
      skipBlanksBetween(reader);
      if (!(reader.nil() && reader.quirk('internaldate-nil'))) fetch.internalDate = readDateTime(reader);
      return true;
    case 'RFC822.SIZE':
      skipBlanksBetween(reader);
      fetch.size = readCount(reader);
      return true;
    case 'ENVELOPE':
      skipBlanksBetween(reader);
      readEnvelopeItem(reader, fetch, eager);
      return true;
    case 'BODYSTRUCTURE':
      skipBlanksBetween(reader);
      readStructureItem(reader, fetch, 'bodyStructure', eager);
      return true;
    case 'BODY':
      if (reader.peek() === OPEN_BRACKET) readSectionItem(reader, fetch);
      else {
        skipBlanksBetween(reader);
        readStructureItem(reader, fetch, 'body', eager);
      }
      return true;
    case 'RFC822':
    case 'RFC822.HEADER':
    case 'RFC822.TEXT':
      readRfc822Item(reader, fetch, name);
      return true;
    case 'BINARY':
      readBinaryItem(reader, fetch);
      return true;
    case 'BINARY.SIZE':
      readBinarySizeItem(reader, fetch);
      return true;
    default:
      return readExtensionItem(reader, fetch, name);
  }
}

/** Items of extensions: RFC 8474, RFC 8514, RFC 8970, X-GM-EXT-1. */
function readExtensionItem(reader: SyntaxReader, fetch: Building, name: string): boolean {
  switch (name) {
    case 'EMAILID':
      skipBlanksBetween(reader);
      fetch.emailId = readInParentheses(reader, () => reader.atom());
      return true;
    case 'THREADID':
      skipBlanksBetween(reader);
      fetch.threadId = reader.nil() ? undefined : readInParentheses(reader, () => reader.atom());
      return true;
    case 'SAVEDATE':
      skipBlanksBetween(reader);
      fetch.saveDate = reader.nil() ? undefined : readDateTime(reader);
      return true;
    case 'PREVIEW':
      skipBlanksBetween(reader);
      fetch.preview = readPreview(reader);
      return true;
    case 'X-GM-MSGID':
      skipBlanksBetween(reader);
      fetch.gmailMessageId = reader.bigint();
      return true;
    case 'X-GM-THRID':
      skipBlanksBetween(reader);
      fetch.gmailThreadId = reader.bigint();
      return true;
    case 'X-GM-LABELS':
      skipBlanksBetween(reader);
      fetch.gmailLabels = readLabels(reader);
      return true;
    default:
      return false;
  }
}

function readInParentheses<Value>(reader: SyntaxReader, read: () => Value): Value {
  reader.expect(OPEN);
  const value = read();
  reader.expect(CLOSE);
  return value;
}

function readEnvelopeItem(reader: SyntaxReader, fetch: Building, eager: boolean): void {
  const from = reader.at;
  if (eager) fetch.setLate('envelope', { value: reader.nil() ? undefined : readEnvelope(reader) });
  else {
    skipValue(reader);
    fetch.setLate('envelope', { frame: reader.span(from, reader.at), options: reader.options });
  }
}

function readStructureItem(
  reader: SyntaxReader,
  fetch: Building,
  item: 'bodyStructure' | 'body',
  eager: boolean,
): void {
  const from = reader.at;
  if (eager) fetch.setLate(item, { value: reader.nil() ? undefined : readBodyStructure(reader) });
  else {
    skipValue(reader);
    fetch.setLate(item, { frame: reader.span(from, reader.at), options: reader.options });
  }
}

/** What stands where octets of a message are asked for. */
interface FetchedOctets {
  readonly octets: Bytes | undefined;
  readonly literal?: number;
}

function readOctets(reader: SyntaxReader): FetchedOctets {
  if (reader.nil()) return { octets: undefined };
  if (reader.peek() === QUOTE) return { octets: octetsOfText(reader.quoted()) };
  const { octets, id } = reader.takeLiteral();
  return octets === undefined && id !== undefined ? { octets, literal: id } : { octets };
}

function readSectionItem(reader: SyntaxReader, fetch: Building): void {
  const section = readSection(reader);
  const origin = readOrigin(reader);
  skipBlanksBetween(reader);
  const octets = readOctets(reader);
  fetch.sections ??= [];
  fetch.sections.push(origin === undefined ? { section, ...octets } : { section, origin, ...octets });
}

function readRfc822Item(reader: SyntaxReader, fetch: Building, item: FetchedRfc822['item']): void {
  if (reader.peek() === OPEN_BRACKET && reader.quirk('rfc822-brackets')) {
    reader.expect(OPEN_BRACKET);
    reader.expect(CLOSE_BRACKET);
  }
  skipBlanksBetween(reader);
  fetch.rfc822 ??= [];
  fetch.rfc822.push({ item, ...readOctets(reader) });
}

function readBinaryItem(reader: SyntaxReader, fetch: Building): void {
  const part = readSectionPart(reader);
  const origin = readOrigin(reader);
  skipBlanksBetween(reader);
  const octets = readOctets(reader);
  fetch.binary ??= [];
  fetch.binary.push(origin === undefined ? { part, ...octets } : { part, origin, ...octets });
}

function readBinarySizeItem(reader: SyntaxReader, fetch: Building): void {
  const part = readSectionPart(reader);
  skipBlanksBetween(reader);
  fetch.binarySize ??= [];
  fetch.binarySize.push({ part, octets: reader.number() });
}

function readPreview(reader: SyntaxReader): ImapText | undefined {
  if (reader.peek() !== OPEN || !reader.quirk('preview-algorithm')) return reader.nstring();
  reader.expect(OPEN);
  reader.atom();
  skipBlanks(reader);
  const preview = reader.nstring();
  reader.expect(CLOSE);
  return preview;
}

function readLabels(reader: SyntaxReader): ImapText[] {
  const labels: ImapText[] = [];
  eachInList(reader, () => {
    if (reader.peek() !== BACKSLASH) labels.push(reader.astring());
    else {
      reader.expect(BACKSLASH);
      labels.push(`\\${reader.atom()}`);
    }
  });
  return labels;
}
