import { CharacterBit } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { readFlagList } from '../values/flags.js';
import { readSequenceSet } from '../values/sequence-set.js';
import { type ImapValue, readValue } from '../values/value.js';
import {
  readAcl,
  readGenUrlAuth,
  readId,
  readListRights,
  readMetadata,
  readMyRights,
  readQuota,
  readQuotaRoot,
  readUrlFetch,
} from './administration.js';
import { eachToEnd, skipBlanks, skipExtraBlanks } from './blanks.js';
import { readList, readNamespace } from './mailbox-list.js';
import { readStatusData } from './mailbox-status.js';
import { readFetch } from './read-fetch.js';
import { readResponseCode } from './read-response-code.js';
import type {
  CapabilityResponse,
  ContinuationResponse,
  ImapResponse,
  OtherResponse,
  StatusResponse,
  VanishedResponse,
} from './response.js';
import { readExtendedSearch, readSearch, readUidBatches } from './search-results.js';
import { readThreads } from './thread.js';

const SPACE = 0x20;
const ASTERISK = 0x2a;
const PLUS = 0x2b;
const OPEN = 0x28;
const OPEN_BRACKET = 0x5b;

type DataReader = (reader: SyntaxReader) => ImapResponse;

/** By name in capital letters: what reads the rest of an untagged response without a number. */
const dataReaders: ReadonlyMap<string, DataReader> = /* @__PURE__ */ new Map<string, DataReader>([
  ['OK', (reader) => readStatus(reader, undefined, 'OK')],
  ['NO', (reader) => readStatus(reader, undefined, 'NO')],
  ['BAD', (reader) => readStatus(reader, undefined, 'BAD')],
  ['PREAUTH', (reader) => readStatus(reader, undefined, 'PREAUTH')],
  ['BYE', (reader) => readStatus(reader, undefined, 'BYE')],
  ['CAPABILITY', (reader) => readCapabilities(reader, 'CAPABILITY')],
  ['ENABLED', (reader) => readCapabilities(reader, 'ENABLED')],
  ['LIST', (reader) => readList(reader, 'LIST')],
  ['LSUB', (reader) => readList(reader, 'LSUB')],
  ['XLIST', (reader) => readList(reader, 'XLIST')],
  ['NAMESPACE', readNamespace],
  ['STATUS', readStatusData],
  ['FLAGS', readFlags],
  ['SEARCH', (reader) => readSearch(reader, 'SEARCH')],
  ['SORT', (reader) => readSearch(reader, 'SORT')],
  ['ESEARCH', readExtendedSearch],
  ['THREAD', readThreads],
  ['VANISHED', readVanished],
  ['ID', readId],
  ['QUOTA', readQuota],
  ['QUOTAROOT', readQuotaRoot],
  ['ACL', readAcl],
  ['LISTRIGHTS', readListRights],
  ['MYRIGHTS', readMyRights],
  ['METADATA', readMetadata],
  ['GENURLAUTH', readGenUrlAuth],
  ['URLFETCH', readUrlFetch],
  ['JMAPACCESS', readJmapAccess],
  ['UIDBATCHES', readUidBatches],
]);

/**
 * Reads what a server sends (RFC 9051 §9 `response`), up to the line end.
 *
 * @param eager - whether envelopes and structures are read at once.
 */
export function readResponse(reader: SyntaxReader, eager = false): ImapResponse {
  const response = readAny(reader, eager);
  skipExtraBlanks(reader);
  reader.expectEnd();
  return response;
}

function readAny(reader: SyntaxReader, eager: boolean): ImapResponse {
  if (reader.skip(ASTERISK)) {
    skipBlanks(reader);
    return readUntagged(reader, eager);
  }
  if (reader.skip(PLUS)) return readContinuation(reader);
  if (reader.peek() !== OPEN_BRACKET) return readTagged(reader);
  // RFC 9051 §9: "[A1]" is a tag, and whatever has a tag and OK, NO or BAD is no code.
  return reader.attempt(reader.end, readTagged) ?? readLoneCode(reader) ?? readTagged(reader);
}

function readLoneCode(reader: SyntaxReader): StatusResponse | undefined {
  const from = reader.at;
  const code = readResponseCode(reader);
  if (code === undefined) return undefined;
  if (reader.quirk('code-without-status')) {
    reader.skip(SPACE);
    return { type: 'OK', tag: undefined, code, text: reader.rest() };
  }
  reader.at = from;
  return undefined;
}

function readTagged(reader: SyntaxReader): StatusResponse {
  const tag = reader.run(CharacterBit.tag);
  if (tag === '') reader.fail('"*", "+" or a tag');
  skipBlanks(reader);
  const at = reader.at;
  const type = reader.keyword();
  if (type !== 'OK' && type !== 'NO' && type !== 'BAD') return reader.fail('OK, NO or BAD', at);
  return readStatus(reader, tag, type);
}

function readStatus(
  reader: SyntaxReader,
  tag: string | undefined,
  type: StatusResponse['type'],
): StatusResponse {
  if (!reader.isAtEnd) reader.space();
  const code = readResponseCode(reader);
  if (code !== undefined) reader.skip(SPACE);
  return { type, tag, code, text: reader.rest() };
}

function readContinuation(reader: SyntaxReader): ContinuationResponse {
  if (!reader.isAtEnd && !(reader.peek() !== SPACE && reader.quirk('missing-space'))) reader.space();
  const code = readResponseCode(reader);
  if (code !== undefined) reader.skip(SPACE);
  return { type: '+', code, text: reader.rest() };
}

function readUntagged(reader: SyntaxReader, eager: boolean): ImapResponse {
  const first = reader.peek();
  if (first >= 0x30 && first <= 0x39) return readNumbered(reader, eager);
  const name = reader.atom();
  const read = dataReaders.get(name) ?? dataReaders.get(name.toUpperCase());
  return read === undefined ? readOther(reader, name, undefined) : read(reader);
}

function readNumbered(reader: SyntaxReader, eager: boolean): ImapResponse {
  const number = reader.number();
  skipBlanks(reader);
  const name = reader.atom();
  const type = name === 'FETCH' ? name : name.toUpperCase();
  switch (type) {
    case 'FETCH':
    case 'UIDFETCH':
      return readFetch(reader, type, number, eager);
    case 'EXISTS':
    case 'RECENT':
    case 'EXPUNGE':
      return { type, number };
    default:
      return readOther(reader, name, number);
  }
}

/** RFC 9051 §2.2.2: what a client does not know it must be able to take. */
function readOther(reader: SyntaxReader, name: string, number: number | undefined): OtherResponse {
  const values: ImapValue[] = [];
  eachToEnd(reader, () => values.push(readValue(reader)));
  return number === undefined ? { type: 'other', name, values } : { type: 'other', name, number, values };
}

function readCapabilities(reader: SyntaxReader, type: CapabilityResponse['type']): CapabilityResponse {
  const capabilities: string[] = [];
  eachToEnd(reader, () => capabilities.push(reader.atom()));
  return { type, capabilities };
}

function readFlags(reader: SyntaxReader): ImapResponse {
  skipBlanks(reader);
  return { type: 'FLAGS', flags: readFlagList(reader) };
}

function readVanished(reader: SyntaxReader): VanishedResponse {
  skipBlanks(reader);
  const earlier = reader.peek() === OPEN;
  if (earlier) {
    if (!reader.skipWord('(EARLIER)')) reader.fail('(EARLIER)');
    skipBlanks(reader);
  }
  return { type: 'VANISHED', earlier, uids: readSequenceSet(reader) };
}

function readJmapAccess(reader: SyntaxReader): ImapResponse {
  skipBlanks(reader);
  return { type: 'JMAPACCESS', url: reader.astring() };
}
