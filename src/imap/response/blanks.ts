import type { SyntaxReader } from '../syntax/reader.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Takes blanks that the grammar does not have here; unless that quirk is off. */
export function skipExtraBlanks(reader: SyntaxReader): void {
  if (reader.peek() === SPACE && reader.quirk('extra-blanks')) while (reader.skip(SPACE));
}

/** Takes the space between two words, and blanks beyond it. */
export function skipBlanks(reader: SyntaxReader): void {
  reader.space();
  if (reader.peek() === SPACE) skipExtraBlanks(reader);
}

/** Takes the space between two words, which some servers leave out before a parenthesis or a string. */
export function skipBlanksBetween(reader: SyntaxReader): void {
  const next = reader.peek();
  if ((next === OPEN || reader.isString()) && reader.quirk('missing-space')) return;
  skipBlanks(reader);
}

/** Goes through a list in parentheses, its items apart by blanks. */
export function eachInList(reader: SyntaxReader, readItem: (reader: SyntaxReader) => void): void {
  reader.open();
  skipExtraBlanks(reader);
  while (!reader.skip(CLOSE)) {
    readItem(reader);
    reader.count();
    if (reader.skip(SPACE)) {
      const next = reader.peek();
      if (next !== SPACE && next !== CLOSE) continue;
      if (!reader.quirk('extra-blanks')) reader.fail('an item of the list');
      while (reader.skip(SPACE));
    } else if (reader.peek() !== CLOSE) reader.fail('a space or ")"');
  }
  reader.close();
}

/** Goes through words up to the end of the line, each behind a space. */
export function eachToEnd(reader: SyntaxReader, readItem: (reader: SyntaxReader) => void): void {
  while (reader.skip(SPACE)) {
    if (reader.peek() === SPACE || reader.isAtEnd) {
      if (!reader.quirk('extra-blanks')) reader.fail('a word');
      while (reader.skip(SPACE));
      if (reader.isAtEnd) return;
    }
    readItem(reader);
    reader.count();
  }
}

/** Takes the space before a certain character, if that comes next. */
export function skipBlanksBefore(reader: SyntaxReader, code: number): boolean {
  const { text, end, at: from } = reader;
  let at = from;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  if (at === from || at === end || text.charCodeAt(at) !== code) return false;
  if (at > from + 1 && !reader.quirk('extra-blanks')) return false;
  reader.at = at;
  return true;
}
