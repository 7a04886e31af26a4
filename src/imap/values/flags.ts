import { bytesFromLatin1 } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { utf8FromBytes } from '../../core/utf8.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const ASTERISK = 0x2a;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/**
 * Reads a flag (RFC 9051 §9 `flag`, `flag-perm`): a system flag such as
 * `\Seen`, `\*`, or a keyword; also attributes of mailboxes, which look the same.
 */
export function readFlag(reader: SyntaxReader): string {
  const { text, end, at: from } = reader;
  let at = from;
  const isSystem = at < end && text.charCodeAt(at) === BACKSLASH;
  if (isSystem) at++;
  const wordAt = at;
  while (at < end && (characterClass[text.charCodeAt(at)]! & CharacterBit.atom) !== 0) at++;
  if (isSystem && at === wordAt && at < end && text.charCodeAt(at) === ASTERISK) at++;
  const next = at < end ? text.charCodeAt(at) : SPACE;
  if (at === wordAt || (next !== SPACE && next !== CLOSE)) return readOddFlag(reader, wordAt);
  reader.at = at;
  return text.substring(from, at);
}

/** A flag with characters that no atom has; 8-bit ones are UTF-8 where seen. */
function readOddFlag(reader: SyntaxReader, wordAt: number): string {
  const { text, end, at: from } = reader;
  let at = wordAt;
  let seen = 0;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === OPEN || code === CLOSE || code === QUOTE || code === BRACE) break;
    // Line ends belong to literals, of which flags have none.
    if (code === LF || code === CR || code === 0) break;
    seen |= code;
  }
  const next = at < end ? text.charCodeAt(at) : SPACE;
  if (at === wordAt || (next !== SPACE && next !== CLOSE) || !reader.quirk('flag-characters')) {
    reader.fail('a flag');
  }
  reader.at = at;
  const flag = text.substring(from, at);
  return seen < 0x80 ? flag : utf8FromBytes(bytesFromLatin1(flag));
}

/** A flag in quotation marks. */
function readQuotedFlag(reader: SyntaxReader): string {
  const at = reader.at;
  const flag = reader.quoted();
  if (typeof flag !== 'string' || !isFlag(flag) || !reader.quirk('flag-strings')) reader.fail('a flag', at);
  return flag;
}

/** Reads a list of flags in parentheses. */
export function readFlagList(reader: SyntaxReader): string[] {
  const flags: string[] = [];
  if (reader.peek() !== OPEN && reader.nil()) {
    if (!reader.quirk('flag-strings')) reader.fail('flags in parentheses', reader.at - 3);
    return flags;
  }
  reader.open();
  if (reader.peek() === SPACE) skipBlanks(reader);
  while (!reader.skip(CLOSE)) {
    flags.push(reader.peek() === QUOTE ? readQuotedFlag(reader) : readFlag(reader));
    reader.count();
    if (!reader.skip(SPACE)) {
      reader.expect(CLOSE);
      break;
    }
    const next = reader.peek();
    if (next === SPACE || next === CLOSE) skipBlanks(reader);
  }
  reader.close();
  return flags;
}

function skipBlanks(reader: SyntaxReader): void {
  if (!reader.quirk('extra-blanks')) reader.fail('a flag');
  while (reader.skip(SPACE));
}

/**
 * Writes a flag.
 *
 * @throws MailsealError `usage` unless it is an atom, a backslash and an atom, or `\*`.
 */
export function writeFlag(writer: SyntaxWriter, flag: string): void {
  if (!isFlag(flag)) {
    throw usage(`a flag such as \\Seen or $Junk is wanted, not ${shown(flag)}`);
  }
  writer.raw(flag);
}

/** Writes flags in parentheses. */
export function writeFlagList(writer: SyntaxWriter, flags: readonly string[]): void {
  writer.list(flags, (flag) => writeFlag(writer, flag));
}

/** "]" is no ATOM-CHAR; but servers give out such keywords, and take them back. */
function isFlag(flag: unknown): boolean {
  if (typeof flag !== 'string') return false;
  if (flag === '\\*') return true;
  const from = flag.startsWith('\\') ? 1 : 0;
  for (let at = from; at < flag.length; at++) {
    if (((characterClass[flag.charCodeAt(at)] ?? 0) & CharacterBit.astring) === 0) return false;
  }
  return flag.length > from;
}

/**
 * Whether two flags are the same: their letters may be of either case (RFC 9051 §2.3.2).
 *
 * @example
 * ```ts
 * import { sameFlag } from 'mailseal/imap';
 *
 * console.log(sameFlag('\\Seen', '\\SEEN')); // true
 * ```
 */
export function sameFlag(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
