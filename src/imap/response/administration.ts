import type { SyntaxReader } from '../syntax/reader.js';
import { asList, type SyntaxWriter } from '../syntax/writer.js';
import { type ImapText, octetsOfText } from '../text.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import { eachInList, eachToEnd, skipBlanks, skipBlanksBefore } from './blanks.js';
import type {
  AclResponse,
  GenUrlAuthResponse,
  IdResponse,
  ListRightsResponse,
  MetadataResponse,
  MyRightsResponse,
  QuotaResource,
  QuotaResponse,
  QuotaRootResponse,
  UrlFetchResponse,
} from './response.js';

const OPEN = 0x28;

/** Reads ID behind its name (RFC 2971 §4). */
export function readId(reader: SyntaxReader): IdResponse {
  skipBlanks(reader);
  if (reader.nil()) return { type: 'ID', fields: undefined };
  const fields: { name: ImapText; value: ImapText | undefined }[] = [];
  eachInList(reader, () => {
    const name = reader.string();
    skipBlanks(reader);
    fields.push({ name, value: reader.nstring() });
  });
  return { type: 'ID', fields };
}

/** Writes ID with its name. */
export function writeId(writer: SyntaxWriter, { fields }: IdResponse): void {
  writer.raw('ID ');
  if (fields === undefined) writer.raw('NIL');
  else
    writer.list(fields, ({ name, value }) => {
      writer.string(name);
      writer.space();
      writer.nstring(value);
    });
}

/** Reads QUOTA behind its name (RFC 9208 §5). */
export function readQuota(reader: SyntaxReader): QuotaResponse {
  skipBlanks(reader);
  const root = reader.astring();
  const resources: QuotaResource[] = [];
  if (reader.isAtEnd && reader.quirk('quota-without-list')) return { type: 'QUOTA', root, resources };
  skipBlanks(reader);
  eachInList(reader, () => {
    const name = reader.atom();
    skipBlanks(reader);
    const usage = reader.bigint();
    skipBlanks(reader);
    resources.push({ name, usage, limit: reader.bigint() });
  });
  return { type: 'QUOTA', root, resources };
}

/** Writes QUOTA with its name. */
export function writeQuota(writer: SyntaxWriter, { root, resources }: QuotaResponse): void {
  writer.raw('QUOTA ');
  writer.astring(root);
  writer.space();
  writer.list(resources, ({ name, usage, limit }) => {
    writer.atom(name);
    writer.space();
    writer.number(usage);
    writer.space();
    writer.number(limit);
  });
}

/** Reads QUOTAROOT behind its name. */
export function readQuotaRoot(reader: SyntaxReader): QuotaRootResponse {
  skipBlanks(reader);
  return { type: 'QUOTAROOT', mailbox: readMailbox(reader), roots: readAstrings(reader) };
}

/** Writes QUOTAROOT with its name. */
export function writeQuotaRoot(writer: SyntaxWriter, { mailbox, roots }: QuotaRootResponse): void {
  writer.raw('QUOTAROOT ');
  writeMailbox(writer, mailbox);
  writeAstrings(writer, roots);
}

/** Reads ACL behind its name (RFC 4314 §3.6). */
export function readAcl(reader: SyntaxReader): AclResponse {
  skipBlanks(reader);
  const mailbox = readMailbox(reader);
  const entries: { identifier: ImapText; rights: ImapText }[] = [];
  eachToEnd(reader, () => {
    const identifier = reader.astring();
    skipBlanks(reader);
    entries.push({ identifier, rights: reader.astring() });
  });
  return { type: 'ACL', mailbox, entries };
}

/** Writes ACL with its name. */
export function writeAcl(writer: SyntaxWriter, { mailbox, entries }: AclResponse): void {
  writer.raw('ACL ');
  writeMailbox(writer, mailbox);
  for (const { identifier, rights } of asList(entries)) writeAstrings(writer, [identifier, rights]);
}

/** Reads LISTRIGHTS behind its name. */
export function readListRights(reader: SyntaxReader): ListRightsResponse {
  skipBlanks(reader);
  const mailbox = readMailbox(reader);
  skipBlanks(reader);
  const identifier = reader.astring();
  skipBlanks(reader);
  const required = reader.astring();
  return { type: 'LISTRIGHTS', mailbox, identifier, required, optional: readAstrings(reader) };
}

/** Writes LISTRIGHTS with its name. */
export function writeListRights(writer: SyntaxWriter, response: ListRightsResponse): void {
  writer.raw('LISTRIGHTS ');
  writeMailbox(writer, response.mailbox);
  writeAstrings(writer, [response.identifier, response.required, ...response.optional]);
}

/** Reads MYRIGHTS behind its name. */
export function readMyRights(reader: SyntaxReader): MyRightsResponse {
  skipBlanks(reader);
  const mailbox = readMailbox(reader);
  skipBlanks(reader);
  return { type: 'MYRIGHTS', mailbox, rights: reader.astring() };
}

/** Writes MYRIGHTS with its name. */
export function writeMyRights(writer: SyntaxWriter, { mailbox, rights }: MyRightsResponse): void {
  writer.raw('MYRIGHTS ');
  writeMailbox(writer, mailbox);
  writeAstrings(writer, [rights]);
}

/** Reads METADATA behind its name (RFC 5464 §4.4). */
export function readMetadata(reader: SyntaxReader): MetadataResponse {
  skipBlanks(reader);
  const mailbox = readMailbox(reader);
  if (!skipBlanksBefore(reader, OPEN)) return { type: 'METADATA', mailbox, changed: readAstrings(reader) };
  const entries: { name: ImapText; value: ImapText | undefined }[] = [];
  eachInList(reader, () => {
    const name = reader.astring();
    skipBlanks(reader);
    entries.push({ name, value: reader.nstring() });
  });
  return { type: 'METADATA', mailbox, entries };
}

/** Writes METADATA with its name. */
export function writeMetadata(writer: SyntaxWriter, { mailbox, entries, changed }: MetadataResponse): void {
  writer.raw('METADATA ');
  writeMailbox(writer, mailbox);
  if (entries === undefined) {
    writeAstrings(writer, changed ?? []);
    return;
  }
  writer.space();
  writer.list(entries, ({ name, value }) => {
    writer.astring(name);
    writer.space();
    writeNilOrOctets(writer, value);
  });
}

/** A string, as literal8 where it has NUL, which no other string may (RFC 9051 §9). */
function writeNilOrOctets(writer: SyntaxWriter, value: ImapText | undefined): void {
  const octets = value === undefined ? undefined : octetsOfText(value);
  if (octets?.includes(0)) writer.literal(octets, true);
  else writer.nstring(value);
}

/** Reads GENURLAUTH behind its name (RFC 4467 §8). */
export function readGenUrlAuth(reader: SyntaxReader): GenUrlAuthResponse {
  return { type: 'GENURLAUTH', urls: readAstrings(reader) };
}

/** Writes GENURLAUTH with its name. */
export function writeGenUrlAuth(writer: SyntaxWriter, { urls }: GenUrlAuthResponse): void {
  writer.raw('GENURLAUTH');
  writeAstrings(writer, urls);
}

/** Reads URLFETCH behind its name. */
export function readUrlFetch(reader: SyntaxReader): UrlFetchResponse {
  const urls: UrlFetchResponse['urls'][number][] = [];
  eachToEnd(reader, () => {
    const url = reader.astring();
    skipBlanks(reader);
    const text = reader.nstring();
    urls.push({ url, octets: text === undefined ? undefined : octetsOfText(text) });
  });
  return { type: 'URLFETCH', urls };
}

/** Writes URLFETCH with its name. */
export function writeUrlFetch(writer: SyntaxWriter, { urls }: UrlFetchResponse): void {
  writer.raw('URLFETCH');
  for (const { url, octets } of asList(urls)) {
    writeAstrings(writer, [url]);
    writer.space();
    writeNilOrOctets(writer, octets);
  }
}

function readAstrings(reader: SyntaxReader): ImapText[] {
  const strings: ImapText[] = [];
  eachToEnd(reader, () => strings.push(reader.astring()));
  return strings;
}

function writeAstrings(writer: SyntaxWriter, strings: readonly ImapText[]): void {
  for (const string of asList(strings)) {
    writer.space();
    writer.astring(string);
  }
}
