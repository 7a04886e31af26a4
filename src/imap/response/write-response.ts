import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import { asList, isAtom, isTag, type SyntaxWriter } from '../syntax/writer.js';
import { writeFlagList } from '../values/flags.js';
import { writeSequenceSet } from '../values/sequence-set.js';
import { writeValues } from '../values/value.js';
import {
  writeAcl,
  writeGenUrlAuth,
  writeId,
  writeListRights,
  writeMetadata,
  writeMyRights,
  writeQuota,
  writeQuotaRoot,
  writeUrlFetch,
} from './administration.js';
import { writeList, writeNamespace } from './mailbox-list.js';
import { writeStatusData } from './mailbox-status.js';
import type { CapabilityResponse, ImapResponse, NumberResponse, OtherResponse } from './response.js';
import { writeExtendedSearch, writeSearch, writeUidBatches } from './search-results.js';
import { writeThreads } from './thread.js';
import { writeFetch } from './write-fetch.js';
import { writeStatusText } from './write-response-code.js';

/** Writes what a server sends, without its line end (RFC 9051 §9 `response`). */
export function writeResponse(writer: SyntaxWriter, response: ImapResponse): void {
  switch (response.type) {
    case 'OK':
    case 'NO':
    case 'BAD':
    case 'PREAUTH':
    case 'BYE':
      writeTag(writer, response.tag, response.type);
      writer.raw(`${response.type} `);
      writeStatusText(writer, response);
      return;
    case '+':
      writer.raw('+ ');
      writeStatusText(writer, response);
      return;
    default:
      writer.raw('* ');
      writeData(writer, response);
  }
}

function writeTag(writer: SyntaxWriter, tag: string | undefined, type: string): void {
  if (tag === undefined) {
    writer.raw('* ');
    return;
  }
  // RFC 9051 §9: greeting and response-fatal have no tag.
  if (type === 'PREAUTH' || type === 'BYE') throw usage(`${type} has no tag`);
  if (!isTag(tag)) throw usage(`${shown(tag)} is no tag`);
  writer.raw(`${tag} `);
}

type DataType = Exclude<ImapResponse['type'], 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE' | '+'>;

type DataWriters = {
  readonly [Type in DataType]: (writer: SyntaxWriter, response: ResponseOfType<Type>) => void;
};

/** The member of {@link ImapResponse} that has the type, which it may share with others. */
type ResponseOfType<Type, Response = ImapResponse> = Response extends { readonly type: infer Types }
  ? [Type & Types] extends [never]
    ? never
    : Response
  : never;

/** What writes each response behind its "*". */
const dataWriters: DataWriters = {
  CAPABILITY: writeCapabilities,
  ENABLED: writeCapabilities,
  LIST: writeList,
  LSUB: writeList,
  XLIST: writeList,
  NAMESPACE: writeNamespace,
  STATUS: writeStatusData,
  FLAGS: (writer, { flags }) => {
    writer.raw('FLAGS ');
    writeFlagList(writer, flags);
  },
  EXISTS: writeNumber,
  RECENT: writeNumber,
  EXPUNGE: writeNumber,
  SEARCH: writeSearch,
  SORT: writeSearch,
  ESEARCH: writeExtendedSearch,
  THREAD: writeThreads,
  FETCH: writeFetch,
  UIDFETCH: writeFetch,
  VANISHED: (writer, { earlier, uids }) => {
    writer.raw(earlier ? 'VANISHED (EARLIER) ' : 'VANISHED ');
    writeSequenceSet(writer, uids);
  },
  ID: writeId,
  QUOTA: writeQuota,
  QUOTAROOT: writeQuotaRoot,
  ACL: writeAcl,
  LISTRIGHTS: writeListRights,
  MYRIGHTS: writeMyRights,
  METADATA: writeMetadata,
  GENURLAUTH: writeGenUrlAuth,
  URLFETCH: writeUrlFetch,
  JMAPACCESS: (writer, { url }) => {
    writer.raw('JMAPACCESS ');
    writer.string(url);
  },
  UIDBATCHES: writeUidBatches,
  other: writeOther,
};

const statusNames: ReadonlySet<string> = /* @__PURE__ */ new Set(['OK', 'NO', 'BAD', 'PREAUTH', 'BYE']);
const numberedNames: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'FETCH',
  'UIDFETCH',
  'EXISTS',
  'RECENT',
  'EXPUNGE',
]);

/** Whether a response of that name would be read as one of a type of its own, or as a number. */
function isKnownName(name: string, hasNumber: boolean): boolean {
  const known = name.toUpperCase();
  if (hasNumber || numberedNames.has(known)) return hasNumber && numberedNames.has(known);
  return statusNames.has(known) || Object.hasOwn(dataWriters, known) || /^[0-9]/.test(name);
}

function writeData(writer: SyntaxWriter, response: ResponseOfType<DataType>): void {
  if (!isKeyOf(dataWriters, response.type)) throw usage(`${shown(response.type)} is no type of response`);
  const write = dataWriters[response.type] as (writer: SyntaxWriter, response: ImapResponse) => void;
  write(writer, response);
}

function writeCapabilities(writer: SyntaxWriter, { type, capabilities }: CapabilityResponse): void {
  writer.raw(type);
  for (const capability of asList(capabilities)) {
    writer.space();
    writer.atom(capability);
  }
}

function writeNumber(writer: SyntaxWriter, { type, number }: NumberResponse): void {
  writer.number(number);
  writer.raw(` ${type}`);
}

function writeOther(writer: SyntaxWriter, { name, number, values }: OtherResponse): void {
  if (!isAtom(name) || isKnownName(name, number !== undefined))
    throw usage(`the name of an unknown response is wanted, not ${shown(name)}`);
  if (number !== undefined) {
    writer.number(number);
    writer.space();
  }
  writer.raw(name);
  if (values.length === 0) return;
  writer.space();
  writeValues(writer, values);
}
