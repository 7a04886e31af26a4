import { type MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import {
  type ImapPartial,
  type ImapSection,
  readPartial,
  readSection,
  readSectionPart,
  writePartial,
  writeSection,
  writeSectionPart,
} from '../values/section.js';

/** What FETCH asks for (RFC 9051 §6.4.5 and the extensions). */
export type FetchItem =
  | 'UID'
  | 'FLAGS'
  | 'INTERNALDATE'
  | 'RFC822.SIZE'
  | 'ENVELOPE'
  | 'BODYSTRUCTURE'
  | 'BODY'
  | 'MODSEQ'
  | 'RFC822'
  | 'RFC822.HEADER'
  | 'RFC822.TEXT'
  | 'EMAILID'
  | 'THREADID'
  | 'SAVEDATE'
  | 'PREVIEW'
  | 'X-GM-MSGID'
  | 'X-GM-THRID'
  | 'X-GM-LABELS'
  /** Only alone: what they stand for is in RFC 9051 §6.4.5. */
  | 'ALL'
  | 'FAST'
  | 'FULL'
  | {
      readonly item: 'BODY';
      readonly section: ImapSection;
      readonly peek?: boolean;
      readonly partial?: ImapPartial;
    }
  | {
      readonly item: 'BINARY';
      readonly part: readonly number[];
      readonly peek?: boolean;
      readonly partial?: ImapPartial;
    }
  | { readonly item: 'BINARY.SIZE'; readonly part: readonly number[] }
  /** RFC 8970: only what is there without work. */
  | { readonly item: 'PREVIEW'; readonly lazy: true }
  /** One that is not known: an atom. */
  | { readonly item: 'other'; readonly name: string };

/** The items whose name says it all. */
const plainItems: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'UID',
  'FLAGS',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'BODY',
  'MODSEQ',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
  'PREVIEW',
  'X-GM-MSGID',
  'X-GM-THRID',
  'X-GM-LABELS',
  'ALL',
  'FAST',
  'FULL',
]);

const macros: ReadonlySet<FetchItem> = /* @__PURE__ */ new Set<FetchItem>(['ALL', 'FAST', 'FULL']);

const OPEN = 0x28;
const BRACKET = 0x5b;

/** Reads `fetch-att` (RFC 9051 §9). */
export function readFetchItem(reader: SyntaxReader): FetchItem {
  const name = readName(reader);
  if (reader.peek() === BRACKET) return readSectionItem(reader, name);
  if (name === 'PREVIEW' && reader.skipWord(' (LAZY)')) return { item: 'PREVIEW', lazy: true };
  if (plainItems.has(name)) return name as FetchItem;
  return { item: 'other', name };
}

/** The name of an item, in capital letters: an atom up to the "[", which is an ATOM-CHAR. */
function readName(reader: SyntaxReader): string {
  const { text, end, at: from } = reader;
  let at = from;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === BRACKET || (characterClass[code]! & CharacterBit.atom) === 0) break;
  }
  if (at === from) reader.fail('a FETCH item');
  reader.at = at;
  return text.substring(from, at).toUpperCase();
}

function readSectionItem(reader: SyntaxReader, name: string): FetchItem {
  if (name === 'BODY' || name === 'BODY.PEEK') {
    const section = readSection(reader);
    const partial = readPartial(reader);
    return {
      item: 'BODY',
      section,
      ...(name === 'BODY.PEEK' && { peek: true }),
      ...(partial !== undefined && { partial }),
    };
  }
  if (name === 'BINARY.SIZE') return { item: 'BINARY.SIZE', part: readSectionPart(reader) };
  if (name !== 'BINARY' && name !== 'BINARY.PEEK') reader.fail(`no section behind ${name}`);
  const part = readSectionPart(reader);
  const partial = readPartial(reader);
  return {
    item: 'BINARY',
    part,
    ...(name === 'BINARY.PEEK' && { peek: true }),
    ...(partial !== undefined && { partial }),
  };
}

/** Reads what FETCH asks for: one item, or several in parentheses. */
export function readFetchItems(reader: SyntaxReader): FetchItem[] {
  if (reader.peek() !== OPEN) return [readFetchItem(reader)];
  const at = reader.at;
  const items = reader.list(readFetchItem);
  if (items.length === 0) reader.fail('a FETCH item', at + 1);
  if (items.length > 1 && items.some((item) => macros.has(item))) reader.fail('items that are no macros', at);
  return items;
}

/** Writes `fetch-att`. */
export function writeFetchItem(writer: SyntaxWriter, item: FetchItem): void {
  if (typeof item === 'string') {
    if (!plainItems.has(item)) throw noItem(item);
    writer.raw(item);
    return;
  }
  switch (item.item) {
    case 'BODY':
      writer.raw(item.peek === true ? 'BODY.PEEK' : 'BODY');
      writeSection(writer, item.section);
      if (item.partial !== undefined) writePartial(writer, item.partial);
      return;
    case 'BINARY':
      writer.raw(item.peek === true ? 'BINARY.PEEK' : 'BINARY');
      writeSectionPart(writer, item.part);
      if (item.partial !== undefined) writePartial(writer, item.partial);
      return;
    case 'BINARY.SIZE':
      writer.raw('BINARY.SIZE');
      writeSectionPart(writer, item.part);
      return;
    case 'PREVIEW':
      writer.raw('PREVIEW (LAZY)');
      return;
    case 'other':
      // What is known stands by its own name, and a macro only alone.
      if (item.name.includes('[') || plainItems.has(item.name.toUpperCase())) throw noItem(item.name);
      writer.atom(item.name);
      return;
    default:
      throw noItem(item);
  }
}

/**
 * Writes what FETCH asks for.
 *
 * @param isFollowed - whether modifiers come behind: Dovecot takes them for a
 *   part of an item that has no parentheses.
 * @throws MailsealError `usage` for none, and for ALL, FAST or FULL beside others.
 */
export function writeFetchItems(
  writer: SyntaxWriter,
  items: readonly FetchItem[],
  isFollowed: boolean,
): void {
  const [first] = items;
  if (first === undefined) throw usage('FETCH needs one item at least');
  if (items.length === 1 && (!isFollowed || macros.has(first))) {
    writeFetchItem(writer, first);
    return;
  }
  const macro = items.find((item) => macros.has(item));
  if (macro !== undefined) {
    throw usage(`${shown(macro)} stands for several items, and cannot stand beside others`);
  }
  writer.list(items, (item) => writeFetchItem(writer, item));
}

function noItem(item: unknown): MailsealError {
  return usage(`${shown(item)} is nothing that FETCH can ask for`);
}
