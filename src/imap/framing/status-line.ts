import { CharacterBit, characterClass } from '../syntax/characters.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN = 0x28;
const STAR = 0x2a;
const PLUS = 0x2b;
/** One letter more than the longest of the words that are looked for. */
const LONGEST_WORD = 11;

const UNTAGGED_STATUS: ReadonlySet<string> = /* @__PURE__ */ new Set(['OK', 'NO', 'BAD', 'BYE', 'PREAUTH']);

/**
 * Whether a response ends with text for people, which never ends in a literal
 * whatever it looks like (RFC 9051 §9 `text`): tagged ones, "+", and the
 * untagged OK, NO, BAD, BYE and PREAUTH.
 *
 * @param start - where the response begins; a dozen octets of it are enough.
 */
export function isStatusLine(octets: Uint8Array, start: number, end: number): boolean {
  if (octets[start] !== STAR || octets[start + 1] !== SPACE) return true;
  return UNTAGGED_STATUS.has(wordAt(octets, skipSpaces(octets, start + 1, end), end));
}

/**
 * Whether the first line of a status response ends in a literal of its code.
 * Only the codes whose grammar has strings have one (RFC 9051 §9, RFC 9585):
 * every other is characters up to the first "]", so that a quotation mark or a
 * brace in it says nothing.
 *
 * @param marker - where what looks like the beginning of a literal stands.
 */
export function hasLiteralInCode(octets: Uint8Array, start: number, marker: number): boolean {
  let at = skipSpaces(octets, skipWord(octets, start, marker), marker);
  // Behind "+" there is no word before the code.
  if (octets[start] !== PLUS) at = skipSpaces(octets, skipWord(octets, at, marker), marker);
  if (octets[at] !== OPEN_BRACKET) return false;
  const nameEnd = skipWord(octets, at, marker);
  const name = wordAt(octets, at + 1, nameEnd);
  if (at + 1 + name.length < nameEnd) return false;
  at = skipSpaces(octets, nameEnd, marker);
  if (name === 'NOUPDATE') return at === marker && at > nameEnd;
  if (octets[at] !== OPEN) return false;
  if (name === 'INPROGRESS') return at + 1 === marker;
  return name === 'BADCHARSET' && isListOpen(octets, at, marker);
}

/**
 * Whether a list of strings goes on from `from`, its parenthesis or the space
 * behind a string, up to `marker`, where another string begins. What is no such
 * list is text.
 */
export function isListOpen(octets: Uint8Array, from: number, marker: number): boolean {
  let at = from;
  if (octets[at] !== OPEN && octets[at] !== SPACE) return false;
  do {
    at = skipSpaces(octets, at + 1, marker);
    if (at === marker) return true;
    at = octets[at] === QUOTE ? skipQuoted(octets, at, marker) : skipAtom(octets, at, marker);
  } while (at < marker && octets[at] === SPACE);
  return false;
}

/** The place behind a quoted string; that of the marker where it does not end before. */
function skipQuoted(octets: Uint8Array, from: number, marker: number): number {
  for (let at = from + 1; at < marker; at++) {
    if (octets[at] === QUOTE) return at + 1;
    if (octets[at] === BACKSLASH) at++;
  }
  return marker;
}

/** The place behind an atom without "]", which would end the code. */
function skipAtom(octets: Uint8Array, from: number, marker: number): number {
  let at = from;
  while (at < marker && (characterClass[octets[at]!]! & CharacterBit.atom) !== 0) at++;
  return at;
}

function skipSpaces(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] === SPACE) at++;
  return at;
}

function skipWord(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] !== SPACE) at++;
  return at;
}

/** The letters from a place on, in capitals, or as many of them as tell that it is none of the words that are looked for. */
function wordAt(octets: Uint8Array, from: number, end: number): string {
  let word = '';
  for (let at = from; at < end && at < from + LONGEST_WORD; at++) {
    // Bit 5 tells small letters from capital ones.
    const letter = octets[at]! & 0xdf;
    if (letter < 0x41 || letter > 0x5a) break;
    word += String.fromCharCode(letter);
  }
  return word;
}
