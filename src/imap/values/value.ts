import { bytesFromLatin1 } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';

/**
 * A value whose meaning is not known: what an unknown response, response code
 * or fetch item holds, kept so that it can be written again.
 */
export type ImapValue =
  | { readonly type: 'atom'; readonly text: string }
  | { readonly type: 'string'; readonly text: ImapText }
  | { readonly type: 'nil' }
  | { readonly type: 'list'; readonly items: readonly ImapValue[] };

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BRACE = 0x7b;
const DELETE = 0x7f;

/** Whether an octet may stand in an atom of a value: flags, wildcards and brackets are atoms here, too. */
function isValueCharacter(code: number): boolean {
  return code > SPACE && code < DELETE && code !== QUOTE && code !== OPEN && code !== CLOSE && code !== BRACE;
}

/** Reads a value of any kind. Lists inside each other do not deepen the stack. */
export function readValue(reader: SyntaxReader): ImapValue {
  const outer: ImapValue[][] = [];
  let items: ImapValue[] | undefined;
  for (;;) {
    let value: ImapValue;
    if (reader.peek() === OPEN) {
      reader.open();
      if (items !== undefined) outer.push(items);
      items = [];
      if (!reader.skip(CLOSE)) continue;
      reader.close();
      value = { type: 'list', items };
      items = outer.pop();
    } else value = readSimple(reader);
    for (;;) {
      if (items === undefined) return value;
      items.push(value);
      reader.count();
      if (!reader.skip(CLOSE)) break;
      reader.close();
      value = { type: 'list', items };
      items = outer.pop();
    }
    reader.space();
  }
}

function readSimple(reader: SyntaxReader): ImapValue {
  if (reader.isString()) return { type: 'string', text: reader.string() };
  const { text, end, at: from } = reader;
  let at = from;
  while (at < end && isValueCharacter(text.charCodeAt(at))) at++;
  if (at === from) reader.fail('a value');
  reader.at = at;
  const atom = text.substring(from, at);
  return atom.length === 3 && atom.toUpperCase() === 'NIL' ? { type: 'nil' } : { type: 'atom', text: atom };
}

/** Reads values, apart by spaces, up to the end of the frame. */
export function readValues(reader: SyntaxReader): ImapValue[] {
  const values: ImapValue[] = [];
  while (!reader.isAtEnd) {
    if (values.length > 0) reader.space();
    values.push(readValue(reader));
    reader.count();
  }
  return values;
}

/**
 * Goes behind a value without reading it: to the space or the parenthesis
 * behind, or to the end of the frame. Strings are stepped over; what they are
 * is not looked at.
 */
export function skipValue(reader: SyntaxReader): void {
  const { end, at: from } = reader;
  // An octet is looked at in a third of the time that a character takes.
  const octets = reader.octets.length >= end ? reader.octets : bytesFromLatin1(reader.text);
  let at = from;
  let depth = 0;
  while (at < end) {
    const octet = octets[at]!;
    // Everything that matters but "{" is at or below ")".
    if (octet > CLOSE) {
      if (octet === BRACE) {
        reader.at = at;
        reader.takeLiteral();
        at = reader.at;
      } else at++;
    } else if (octet === QUOTE) {
      at = octets[at + 1] === QUOTE ? at + 2 : reader.quoteEnd(at);
    } else if (octet === OPEN) {
      depth++;
      at++;
    } else if (octet === CLOSE) {
      if (depth === 0) break;
      depth--;
      at++;
    } else if (octet === SPACE && depth === 0) break;
    else at++;
  }
  if (at > end || depth > 0) reader.fail('a parenthesis that ends the list that begins here', from);
  if (at === from) reader.fail('a value');
  reader.at = at;
}

/**
 * Reads the value of an option that is not known, if it has one. RFC 4466 §2.1: it is a list, a number or a set of
 * numbers, and an option's name begins as none of them does.
 */
export function readOptionValue(reader: SyntaxReader): ImapValue | undefined {
  if (!/^ [(\d*$]/.test(reader.text.substring(reader.at, reader.at + 2))) return undefined;
  reader.space();
  return readValue(reader);
}

/**
 * Writes the value of an option that is not known, with the blank before it.
 *
 * @throws MailsealError as {@link writeValue}, and for what is neither a list nor numbers: it would be the next option.
 */
export function writeOptionValue(writer: SyntaxWriter, value: ImapValue): void {
  if (value.type !== 'list' && !(value.type === 'atom' && /^[\d*$][\d:,*$]*$/.test(value.text)))
    throw usage('the value of an option that is not known is wanted as a list, or as an atom of numbers');
  writer.space();
  writeValue(writer, value);
}

/**
 * Writes a value.
 *
 * @throws MailsealError `usage` for an atom that cannot be written, and for a type that is none.
 */
export function writeValue(writer: SyntaxWriter, value: ImapValue): void {
  const outer: { readonly items: readonly ImapValue[]; next: number }[] = [];
  let next = value;
  for (;;) {
    if (next.type === 'list') {
      writer.raw('(');
      outer.push({ items: next.items, next: 0 });
    } else writeSimple(writer, next);
    let list = outer.at(-1);
    for (; list !== undefined && list.next >= list.items.length; list = outer.at(-1)) {
      writer.raw(')');
      outer.pop();
    }
    if (list === undefined) return;
    if (list.next > 0) writer.space();
    next = list.items[list.next++]!;
  }
}

function writeSimple(writer: SyntaxWriter, value: Exclude<ImapValue, { type: 'list' }>): void {
  switch (value.type) {
    case 'nil':
      writer.raw('NIL');
      return;
    case 'string':
      writer.string8(value.text);
      return;
    case 'atom':
      writeAtom(writer, value.text);
      return;
    default:
      throw usage(`${shown((value as ImapValue).type)} is no type of value`);
  }
}

function writeAtom(writer: SyntaxWriter, text: string): void {
  if (!isValueAtom(text))
    throw usage(
      `an atom (no NIL, no blanks, quotation marks, parentheses, braces) is wanted, not ${shown(text)}`,
    );
  writer.raw(text);
}

function isValueAtom(text: unknown): text is string {
  if (typeof text !== 'string' || text === '' || text.toUpperCase() === 'NIL') return false;
  for (let at = 0; at < text.length; at++) if (!isValueCharacter(text.charCodeAt(at))) return false;
  return true;
}

/** Writes values apart by spaces. */
export function writeValues(writer: SyntaxWriter, values: readonly ImapValue[]): void {
  values.forEach((value, at) => {
    if (at > 0) writer.space();
    writeValue(writer, value);
  });
}
