import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The place of the "]" that ends the response code which the reader stands in:
 * one in a quoted string or a literal does not. Where the quotation marks of
 * the code do not come in pairs, it is the first "]". -1 if there is none.
 */
export function findCodeEnd(reader: SyntaxReader): number {
  const from = reader.at;
  const end = scan(reader);
  reader.at = from;
  if (end >= 0) return end;
  const first = reader.text.indexOf(']', from);
  return first < reader.end ? first : -1;
}

function scan(reader: SyntaxReader): number {
  const { text, end } = reader;
  let at = reader.at;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_BRACKET) return at;
    if (code === QUOTE) {
      at = behindQuoted(text, at, end);
      if (at < 0) return -1;
    } else if (code === OPEN_BRACE && isLiteral(text, at, end)) {
      reader.at = at;
      reader.takeLiteral();
      at = reader.at;
    } else at++;
  }
  return -1;
}

function behindQuoted(text: string, quoteAt: number, end: number): number {
  for (let at = quoteAt + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** Whether "{" begins a literal: a length and a line end follow. */
function isLiteral(text: string, braceAt: number, end: number): boolean {
  let at = braceAt + 1;
  while (at < end && (characterClass[text.charCodeAt(at)]! & CharacterBit.digit) !== 0) at++;
  if (at === braceAt + 1) return false;
  const sign = text.charCodeAt(at);
  if (sign === PLUS || sign === MINUS) at++;
  if (at >= end || text.charCodeAt(at) !== CLOSE_BRACE) return false;
  at++;
  if (at < end && text.charCodeAt(at) === CARRIAGE_RETURN) at++;
  return at < end && text.charCodeAt(at) === LINE_FEED;
}
