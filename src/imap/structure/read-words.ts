import { wireTextOfLatin1 } from '../../core/wire-text.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { ImapText } from '../text.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/** Goes to the next field of a body; `false` where there is none more. */
export function nextField(reader: SyntaxReader): boolean {
  const { text, at } = reader;
  if (text.charCodeAt(at) === SPACE) {
    const code = text.charCodeAt(at + 1);
    if (code !== SPACE && code !== CLOSE) {
      reader.at = at + 1;
      return true;
    }
    skipSpaces(reader);
    return reader.peek() !== CLOSE;
  }
  if (reader.peek() === CLOSE) return false;
  if (reader.isAtEnd || !reader.quirk('missing-space')) reader.fail('a space');
  return true;
}

/** Takes blanks that ought not to be there. */
export function skipSpaces(reader: SyntaxReader): void {
  if (reader.peek() !== SPACE) return;
  if (!reader.quirk('extra-blanks')) reader.fail('no further space');
  while (reader.peek() === SPACE) reader.at++;
}

/** Goes to a field that the grammar wants. */
export function wantField(reader: SyntaxReader, what: string): void {
  if (!nextField(reader)) reader.fail(what);
}

/** A string that no server may leave out, `otherwise` where one does. */
export function readWantedString(reader: SyntaxReader, otherwise: ImapText): ImapText {
  if (reader.peek() === QUOTE) return readQuoted(reader, false);
  if (reader.nil()) {
    if (!reader.quirk('body-nil')) reader.fail('a string', reader.at - 3);
    return otherwise;
  }
  return reader.string();
}

/** A string or NIL. */
export function readNilString(reader: SyntaxReader): ImapText | undefined {
  if (reader.peek() === QUOTE) return readQuoted(reader, false);
  return reader.nstring();
}

/**
 * A quoted string. Where a quotation mark in it lacks its backslash, something
 * stands behind it that cannot stand behind a string.
 *
 * @param inList whether only strings and the end of the list can follow
 */
export function readQuoted(reader: SyntaxReader, inList: boolean): ImapText {
  const from = reader.at;
  const value = reader.quoted();
  if (isStringEnd(reader, reader.at, inList) || !reader.options.quirks.has('body-quotes')) return value;
  return readUnescaped(reader, from, inList);
}

/** Whether what stands at a place can stand behind a string. */
function isStringEnd({ text, end }: SyntaxReader, at: number, inList: boolean): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  if (code === CLOSE || code === OPEN) return true;
  if (code !== SPACE) return false;
  if (!inList) return true;
  const next = text.charCodeAt(at + 1);
  return next === QUOTE || next === CLOSE || next === SPACE || next === BRACE || isNil(text, at + 1);
}

/** Whether what stands behind the blank at a place is the next field of a body. */
function isFieldAhead({ text, end }: SyntaxReader, at: number): boolean {
  if (at + 1 >= end) return true;
  const next = text.charCodeAt(at + 1);
  return (
    next === QUOTE ||
    next === OPEN ||
    next === CLOSE ||
    next === BRACE ||
    (next >= 0x30 && next <= 0x39) ||
    isNil(text, at + 1)
  );
}

function isNil(text: string, at: number): boolean {
  return /^NIL[ )]/i.test(text.substring(at, at + 4));
}

/** Reads on to a quotation mark that can be the end. */
function readUnescaped(reader: SyntaxReader, from: number, inList: boolean): ImapText {
  const { text, end } = reader;
  const start = reader.at;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (
      code === QUOTE &&
      isStringEnd(reader, at + 1, inList) &&
      (text.charCodeAt(at + 1) !== SPACE || isFieldAhead(reader, at + 1))
    ) {
      reader.quirk('body-quotes');
      reader.at = at + 1;
      return wireTextOfLatin1(text.substring(from + 1, at).replaceAll(/\\(["\\])/g, '$1'));
    }
  }
  // Nor is there one for any string behind, so that nobody has to look again.
  return reader.fail('a quotation mark that can be the end of the string that begins here', from);
}

/**
 * A number of octets or lines. Servers that do not know it say −1 or −2 or
 * NIL, which is 0 here; one writes large ones as floating-point numbers.
 */
export function readCount(reader: SyntaxReader): number {
  const from = reader.at;
  const code = reader.peek();
  if (code >= 0x30 && code <= 0x39) {
    const value = reader.number();
    const next = reader.peek();
    if (next === SPACE || next === CLOSE) return value;
    reader.at = from;
  }
  if (code === QUOTE || code === BRACE) {
    const digits = reader.string();
    if (typeof digits === 'string' && isCount(digits) && reader.quirk('body-numbers'))
      return Math.max(0, Math.round(Number(digits)));
    reader.fail('a number', from);
  }
  if (reader.nil()) {
    if (!reader.quirk('body-numbers')) reader.fail('a number', from);
    return 0;
  }
  // A longer run of digits is cut here, and refused by what is read behind it.
  const [found] = /^-?[0-9.]{0,30}(?:e\+?\d{1,2})?/i.exec(reader.text.substring(from, from + 40))!;
  if (!isCount(found) || !reader.quirk('body-numbers')) reader.fail('a number', from);
  reader.at = from + found.length;
  return Math.max(0, Math.round(Number(found)));
}

function isCount(text: string): boolean {
  return /^-?\d{1,20}(?:\.\d{1,20})?(?:e\+?\d{1,2})?$/i.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER;
}

/** Whether a number comes next, or what some servers have in its place. */
export function isCountAhead(reader: SyntaxReader): boolean {
  const code = reader.peek();
  return (code >= 0x30 && code <= 0x39) || code === MINUS;
}
