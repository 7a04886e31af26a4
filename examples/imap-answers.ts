// What imap-server.ts answers for FETCH and SEARCH, out of parsed messages.

import {
  binarySectionOf,
  bodyStructureOf,
  createSearchMatcher,
  envelopeOf,
  type FetchCommand,
  type FetchItem,
  type FetchResponse,
  type ImapDate,
  type ImapResponse,
  type SearchCommand,
  type SearchFacts,
  sectionOf,
  sequenceSetOf,
} from 'mailseal/imap';
import { type Part, parseDateTime } from 'mailseal/mime';
import type { StoredMessage } from './mail-folder.js';

const macros = new Map<FetchItem, readonly FetchItem[]>([
  ['FAST', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE']],
  ['ALL', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE']],
  ['FULL', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY']],
]);
const served = new Set<string>([
  ...['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'BODY'],
  ...['RFC822', 'RFC822.HEADER', 'RFC822.TEXT', 'BINARY', 'BINARY.SIZE'],
]);

/** Whether the server has an item: those of extensions that it does not offer it has not. */
export function isServed(item: FetchItem): boolean {
  return served.has(typeof item === 'string' ? item : item.item);
}

/** The items of a command one by one. */
export function fetchItems({ items, uid }: FetchCommand): readonly FetchItem[] {
  const all = items.flatMap((item) => macros.get(item) ?? [item]);
  return uid === true && !all.includes('UID') ? ['UID', ...all] : all;
}

/** Whether a client that fetches an item has seen the message then (RFC 9051 §6.4.5). */
export function setsSeen(item: FetchItem): boolean {
  if (typeof item === 'string') return item === 'RFC822' || item === 'RFC822.TEXT';
  return (item.item === 'BODY' || item.item === 'BINARY') && item.peek !== true;
}

/** The answer for one message; `undefined` where a part of it is encoded in a way that is not known. */
export function fetchAnswer(
  message: StoredMessage,
  number: number,
  items: readonly FetchItem[],
): FetchResponse | undefined {
  const answer: { -readonly [Name in keyof FetchResponse]: FetchResponse[Name] } = { type: 'FETCH', number };
  const sections = [];
  const rfc822 = [];
  const binary = [];
  const binarySize = [];
  for (const item of items) {
    if (item === 'UID') answer.uid = message.uid;
    else if (item === 'FLAGS') answer.flags = message.flags;
    else if (item === 'INTERNALDATE') answer.internalDate = message.date;
    else if (item === 'RFC822.SIZE') answer.size = message.size;
    else if (item === 'ENVELOPE') answer.envelope = envelopeOf(message.part);
    else if (item === 'BODYSTRUCTURE') answer.bodyStructure = bodyStructureOf(message.part);
    else if (item === 'BODY') answer.body = bodyStructureOf(message.part);
    else if (item === 'RFC822') rfc822.push({ item, octets: message.part.bytes });
    else if (item === 'RFC822.HEADER') {
      rfc822.push({ item, octets: sectionOf(message.part, { part: [], text: 'HEADER' }) });
    } else if (item === 'RFC822.TEXT') {
      rfc822.push({ item, octets: sectionOf(message.part, { part: [], text: 'TEXT' }) });
    } else if (typeof item === 'string') {
      // Items of extensions that this server does not offer.
    } else if (item.item === 'BODY') {
      const octets = sectionOf(message.part, item.section, item.partial);
      const { section, partial } = item;
      sections.push({ section, octets, ...(partial && { origin: partial.offset }) });
    } else if (item.item === 'BINARY') {
      const octets = binarySectionOf(message.part, item.part, item.partial);
      if (octets === 'UNKNOWN-CTE') return undefined;
      binary.push({ part: item.part, octets, ...(item.partial && { origin: item.partial.offset }) });
    } else if (item.item === 'BINARY.SIZE') {
      const octets = binarySectionOf(message.part, item.part);
      if (octets === 'UNKNOWN-CTE') return undefined;
      binarySize.push({ part: item.part, octets: octets?.length ?? 0 });
    }
  }
  if (sections.length > 0) answer.sections = sections;
  if (rfc822.length > 0) answer.rfc822 = rfc822;
  if (binary.length > 0) answer.binary = binary;
  if (binarySize.length > 0) answer.binarySize = binarySize;
  return answer;
}

/** The answer to SEARCH over the messages that a client sees; throws as `createSearchMatcher` does. */
export function searchAnswer(
  { keys, charset, uid, return: wanted }: SearchCommand,
  messages: readonly StoredMessage[],
  tag: string,
  now: number,
): ImapResponse {
  const context = { messages: messages.length, largestUid: messages.at(-1)?.uid ?? 0, now };
  const isFound = createSearchMatcher(keys, { ...context, ...(charset !== undefined && { charset }) });
  const numbers = messages.flatMap((message, at) =>
    isFound(factsOf(message, at + 1)) ? [uid === true ? message.uid : at + 1] : [],
  );
  if (wanted === undefined) return { type: 'SEARCH', numbers };
  // RFC 4731 §3.1: an empty list asks for ALL; of nothing there is no MIN, MAX and ALL.
  const asks = (name: string) => wanted.includes(name as 'ALL') || (name === 'ALL' && wanted.length === 0);
  const [min] = numbers;
  return {
    type: 'ESEARCH',
    correlator: tag,
    isUid: uid === true,
    ...(min !== undefined && asks('MIN') && { min }),
    ...(min !== undefined && asks('MAX') && { max: numbers.at(-1)! }),
    ...(min !== undefined && asks('ALL') && { all: sequenceSetOf(numbers) }),
    ...(asks('COUNT') && { count: numbers.length }),
  };
}

function factsOf(message: StoredMessage, sequence: number): SearchFacts {
  return {
    sequence,
    uid: message.uid,
    flags: message.flags,
    internalDate: message.date,
    size: message.size,
    sentDate: () => sentDate(message.part),
    header: (name) => message.part.headers.all(name).map(({ text }) => text),
    headerText: () => [...message.part.headers].map(({ name, text }) => `${name}: ${text}`).join('\r\n'),
    bodyText: () => textsOf(message.part).join('\r\n'),
  };
}

function sentDate(message: Part): ImapDate | undefined {
  const field = message.headers.get('date');
  if (field === undefined) return undefined;
  const { date, zone = 0 } = parseDateTime(field.value);
  if (date === undefined) return undefined;
  const there = new Date(date.getTime() + zone * 60_000);
  return { year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate() };
}

function textsOf(part: Part): string[] {
  if (part.parts.length > 0) return part.parts.flatMap(textsOf);
  return part.contentType.type === 'text' ? [part.text()] : [];
}
