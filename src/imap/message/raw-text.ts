import { bytesFromLatin1, latin1FromBytes } from '../../core/bytes.js';
import { type ImapText, textFromOctets } from '../text.js';

/**
 * The value of a header field as one line, each octet a character: without the
 * line ends of its folds (RFC 5322 §2.2.3) and the blanks around it.
 */
export function unfoldedValue(octets: Uint8Array): string {
  const text = latin1FromBytes(octets);
  return trimBlanks(/[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, '') : text);
}

/** Without blanks at either end; by steps, since patterns anchored at the end take quadratic time. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/**
 * Characters that are octets as a string of IMAP. RFC 9051 §9 has no NUL in
 * any string (`CHAR8`), so 0x80 stands for it, which is no character of UTF-8.
 */
export function imapTextOf(characters: string): ImapText {
  if (isPlain(characters)) return characters;
  return textFromOctets(bytesFromLatin1(characters.replaceAll('\0', '\x80')));
}

/** Whether all of it is ASCII without NUL, as nearly all is. */
function isPlain(characters: string): boolean {
  for (let at = 0; at < characters.length; at++) {
    const code = characters.charCodeAt(at);
    if (code === 0 || code > 0x7f) return false;
  }
  return true;
}

/** Where the comment ends that begins at a place (RFC 5322 §3.2.2), behind its parenthesis. */
export function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x28) depth++;
    else if (code === 0x29 && --depth === 0) return at + 1;
  }
  return text.length;
}

/** A quoted string that begins at a place: what is in it, backslashes undone, and where it ends. */
export function readQuotedString(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } {
  let value = '';
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { value: value + text.slice(from, at), end: at + 1 };
    if (code === 0x5c) {
      value += text.slice(from, at);
      from = ++at;
    }
  }
  return { value: value + text.slice(from), end: text.length };
}
