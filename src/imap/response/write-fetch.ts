import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { writeBodyStructure } from '../structure/write-body-structure.js';
import { isAstringAtom, type SyntaxWriter } from '../syntax/writer.js';
import { writeDateTime } from '../values/date-time.js';
import { writeEnvelope } from '../values/envelope.js';
import { writeFlagList } from '../values/flags.js';
import { writeOrigin, writeSection, writeSectionPart } from '../values/section.js';
import { writeValue } from '../values/value.js';
import type { FetchResponse } from './response.js';

/** Writes FETCH or UIDFETCH with its number and name (RFC 9051 §7.5.2). */
export function writeFetch(writer: SyntaxWriter, fetch: FetchResponse): void {
  writer.number(fetch.number);
  writer.raw(` ${fetch.type} (`);
  const items = new ItemWriter(writer);
  writeAttributes(items, fetch);
  writeBodies(items, fetch);
  writeExtensions(items, fetch);
  writer.raw(')');
}

/** Writes items with a space between each two. */
class ItemWriter {
  readonly writer: SyntaxWriter;
  #count = 0;

  constructor(writer: SyntaxWriter) {
    this.writer = writer;
  }

  begin(name: string): void {
    if (this.#count++ > 0) this.writer.space();
    this.writer.raw(name);
  }

  /** An item that is there if its value is. */
  item<Value>(
    name: string,
    value: Value | undefined,
    write: (writer: SyntaxWriter, value: Value) => void,
  ): void {
    if (value === undefined) return;
    this.begin(name);
    this.writer.space();
    write(this.writer, value);
  }

  /** An item that is there if its property is; NIL where that is `undefined`. */
  nullable<Value>(
    name: string,
    holder: FetchResponse,
    property: keyof FetchResponse,
    write: (writer: SyntaxWriter, value: Value) => void,
  ): void {
    if (!Object.hasOwn(holder, property)) return;
    this.begin(name);
    this.writer.space();
    const value = holder[property] as Value | undefined;
    if (value === undefined) this.writer.raw('NIL');
    else write(this.writer, value);
  }
}

function writeAttributes(items: ItemWriter, fetch: FetchResponse): void {
  items.item('UID', fetch.uid, writeNumber);
  items.item('FLAGS', fetch.flags, writeFlagList);
  items.item('MODSEQ', fetch.modseq, (writer, modseq) => {
    writer.raw('(');
    writer.number(modseq);
    writer.raw(')');
  });
  items.item('INTERNALDATE', fetch.internalDate, writeDateTime);
  items.item('RFC822.SIZE', fetch.size, writeNumber);
  items.item('ENVELOPE', fetch.envelope, writeEnvelope);
  items.item('BODYSTRUCTURE', fetch.bodyStructure, (writer, body) => writeBodyStructure(writer, body));
  items.item('BODY', fetch.body, (writer, body) => writeBodyStructure(writer, body, { extended: false }));
}

function writeBodies(items: ItemWriter, fetch: FetchResponse): void {
  const { writer } = items;
  for (const { section, origin, octets, literal } of fetch.sections ?? []) {
    items.begin('BODY');
    writeSection(writer, section);
    writeOrigin(writer, origin);
    writeOctets(writer, octets, literal, false);
  }
  for (const { item, octets, literal } of fetch.rfc822 ?? []) {
    if (item !== 'RFC822' && item !== 'RFC822.HEADER' && item !== 'RFC822.TEXT')
      throw usage(`${shown(item)} is none of RFC822, RFC822.HEADER and RFC822.TEXT`);
    items.begin(item);
    writeOctets(writer, octets, literal, false);
  }
  for (const { part, origin, octets, literal } of fetch.binary ?? []) {
    items.begin('BINARY');
    writeSectionPart(writer, part);
    writeOrigin(writer, origin);
    writeOctets(writer, octets, literal, true);
  }
  for (const { part, octets } of fetch.binarySize ?? []) {
    items.begin('BINARY.SIZE');
    writeSectionPart(writer, part);
    writer.space();
    writer.number(octets);
  }
}

function writeOctets(
  writer: SyntaxWriter,
  octets: Bytes | undefined,
  literal: number | undefined,
  mayBeBinary: boolean,
): void {
  if (literal !== undefined)
    throw usage(`the octets of literal ${literal} were handed out in pieces; put them in to write them`);
  writer.space();
  if (octets === undefined) writer.raw('NIL');
  // RFC 3516 §4.4: a literal8 where there is NUL.
  else writer.literal(octets, mayBeBinary && asBytes(octets).includes(0));
}

/** Items that are read into properties of their own. */
const knownItems: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['UID', 'FLAGS', 'MODSEQ', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'BODY'],
  ...['RFC822', 'RFC822.HEADER', 'RFC822.TEXT', 'BINARY', 'BINARY.SIZE'],
  ...['EMAILID', 'THREADID', 'SAVEDATE', 'PREVIEW', 'X-GM-MSGID', 'X-GM-THRID', 'X-GM-LABELS'],
]);

function writeExtensions(items: ItemWriter, fetch: FetchResponse): void {
  items.item('EMAILID', fetch.emailId, writeObjectId);
  items.nullable('THREADID', fetch, 'threadId', writeObjectId);
  items.nullable('SAVEDATE', fetch, 'saveDate', writeDateTime);
  items.nullable('PREVIEW', fetch, 'preview', (writer, preview: string | Bytes) => writer.string(preview));
  items.item('X-GM-MSGID', fetch.gmailMessageId, writeNumber);
  items.item('X-GM-THRID', fetch.gmailThreadId, writeNumber);
  items.item('X-GM-LABELS', fetch.gmailLabels, (writer, labels) =>
    writer.list(labels, (label) => writer.astring(label)),
  );
  for (const { name, value } of fetch.other ?? []) {
    // What stands before a bracket is the name of the item, behind it its section.
    if (!isAstringAtom(name) || knownItems.has(name.toUpperCase().split('[', 1)[0]!))
      throw usage(`the name of an unknown item is wanted, not ${shown(name)}`);
    items.begin(name);
    items.writer.space();
    writeValue(items.writer, value);
  }
}

function writeNumber(writer: SyntaxWriter, value: number | bigint): void {
  writer.number(value);
}

/** RFC 8474 §7 objectid in its parentheses. */
function writeObjectId(writer: SyntaxWriter, id: string): void {
  writer.raw('(');
  writer.atom(id);
  writer.raw(')');
}
