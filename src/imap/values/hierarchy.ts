import { encodeModifiedUtf7, exactModifiedUtf7 } from '../../charset/modified-utf7.js';
import { equalBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { octetsOfText } from '../text.js';
import type { MailboxName } from './mailbox-name.js';

/**
 * The names of the levels that a mailbox stands in, its own last. A name that
 * was kept as it came is split where the delimiter stands on the wire; levels
 * of it that can be decoded are.
 *
 * @param delimiter - as LIST tells it; `undefined` where there is no hierarchy.
 *
 * @example
 * ```ts
 * import { splitMailbox } from 'mailseal/imap';
 *
 * console.log(splitMailbox('Archive/2024/May', '/')); // [ 'Archive', '2024', 'May' ]
 * ```
 */
export function splitMailbox(mailbox: MailboxName, delimiter: string | undefined): MailboxName[] {
  if (delimiter === undefined || delimiter === '') return [mailbox];
  if (typeof mailbox === 'string') return mailbox.split(delimiter);
  // Octets that are no UTF-8 are left whole: in another charset a delimiter may be half of a character.
  if (typeof mailbox.raw !== 'string') return [mailbox];
  return mailbox.raw.split(delimiter).map((level) => exactModifiedUtf7(level) ?? { raw: level });
}

/**
 * The name of the mailbox that stands in some levels, its own last.
 *
 * @throws MailsealError `usage` for a level with the delimiter in it, and for
 *   several levels where there is no hierarchy.
 *
 * @example
 * ```ts
 * import { joinMailbox } from 'mailseal/imap';
 *
 * console.log(joinMailbox(['Archive', '2024'], '.')); // Archive.2024
 * ```
 */
export function joinMailbox(levels: readonly MailboxName[], delimiter: string | undefined): MailboxName {
  if (levels.length === 1) return levels[0]!;
  if (delimiter === undefined || delimiter === '') {
    throw usage('several levels are given, but without a delimiter there is no hierarchy');
  }
  for (const level of levels) {
    const text = typeof level === 'string' ? level : level.raw;
    if (typeof text !== 'string') {
      throw usage('a level whose octets are no UTF-8 cannot be joined to others');
    }
    if (text.includes(delimiter)) {
      throw usage(`the level ${shown(text)} has the delimiter ${shown(delimiter)} in it`);
    }
  }
  if (levels.every((level) => typeof level === 'string')) return levels.join(delimiter);
  return {
    raw: levels
      .map((level) => (typeof level === 'string' ? encodeModifiedUtf7(level) : (level.raw as string)))
      .join(delimiter),
  };
}

/**
 * Whether two names are of the same mailbox: all letters count, but for those of INBOX (RFC 9051 §5.1).
 *
 * @example
 * ```ts
 * import { sameMailbox } from 'mailseal/imap';
 *
 * console.log(sameMailbox('Inbox', 'INBOX'), sameMailbox('Work', 'work')); // true false
 * ```
 */
export function sameMailbox(a: MailboxName, b: MailboxName): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b || (isInbox(a) && isInbox(b));
  if (typeof a === 'string' || typeof b === 'string') return false;
  return equalBytes(octetsOfText(a.raw), octetsOfText(b.raw));
}

function isInbox(name: string): boolean {
  return name.length === 5 && name.toUpperCase() === 'INBOX';
}

/**
 * Whether a mailbox stands below another one, at any depth.
 *
 * @example
 * ```ts
 * import { isBelowMailbox } from 'mailseal/imap';
 *
 * console.log(isBelowMailbox('inbox/lists/2024', 'INBOX', '/')); // true
 * ```
 */
export function isBelowMailbox(
  mailbox: MailboxName,
  above: MailboxName,
  delimiter: string | undefined,
): boolean {
  const levels = splitMailbox(mailbox, delimiter);
  const aboveLevels = splitMailbox(above, delimiter);
  return (
    levels.length > aboveLevels.length && aboveLevels.every((level, i) => sameMailbox(level, levels[i]!))
  );
}

/**
 * Whether LIST with this pattern tells a mailbox (RFC 9051 §6.3.9): `*` stands
 * for any characters, `%` for any but the delimiter. A pattern is what the
 * reference and the argument of LIST are together. Takes time with the length
 * of the pattern and, for each piece of it between wildcards, with that of the
 * name. Patterns with more letters than the name has are not looked at further.
 *
 * @example
 * ```ts
 * import { matchesListPattern } from 'mailseal/imap';
 *
 * console.log(matchesListPattern('Archive/2024', '%', '/'), matchesListPattern('Archive/2024', 'A*4', '/')); // false true
 * ```
 */
export function matchesListPattern(mailbox: string, pattern: string, delimiter: string | undefined): boolean {
  if (isInbox(mailbox) && pattern !== pattern.toUpperCase()) {
    return matchesListPattern('INBOX', pattern.toUpperCase(), delimiter);
  }
  const name = isInbox(mailbox) ? 'INBOX' : mailbox;
  const pieces = pattern.split(/([*%]+)/);
  let letters = 0;
  for (let at = 0; at < pieces.length; at += 2) letters += pieces[at]!.length;
  if (letters > name.length) return false;
  // reached[i]: the pattern up to where we are matches the first i characters of the name; none before `first`.
  let reached = new Uint8Array(name.length + 1);
  reached[0] = 1;
  let first = 0;
  for (const [at, piece] of pieces.entries()) {
    if (at % 2 === 0) reached = behindLetters(name, piece, reached, first);
    else passWildcard(name, piece.includes('*') ? undefined : delimiter, reached, first);
    first = reached.indexOf(1, first);
    if (first < 0) return false;
  }
  return reached[name.length] === 1;
}

/** Where letters of a pattern end that begin where it has reached. */
function behindLetters(
  name: string,
  letters: string,
  reached: Uint8Array<ArrayBuffer>,
  first: number,
): Uint8Array<ArrayBuffer> {
  const { length } = letters;
  if (length === 0) return reached;
  const next = new Uint8Array(name.length + 1);
  // Knuth, Morris and Pratt: letters that repeat themselves are found everywhere in one pass.
  const borders = bordersOf(letters);
  let matched = 0;
  for (let i = first; i < name.length; i++) {
    const code = name.charCodeAt(i);
    while (matched > 0 && (matched === length || letters.charCodeAt(matched) !== code)) {
      matched = borders[matched - 1]!;
    }
    if (letters.charCodeAt(matched) === code) matched++;
    if (matched === length && reached[i + 1 - length] === 1) next[i + 1] = 1;
  }
  return next;
}

/** For each place, how many characters up to it are also what the letters begin with. */
function bordersOf(letters: string): Uint32Array {
  const borders = new Uint32Array(letters.length);
  let border = 0;
  for (let at = 1; at < letters.length; at++) {
    const code = letters.charCodeAt(at);
    while (border > 0 && letters.charCodeAt(border) !== code) border = borders[border - 1]!;
    if (letters.charCodeAt(border) === code) border++;
    borders[at] = border;
  }
  return borders;
}

/** A wildcard goes on from where the pattern has reached: to the end, or the next delimiter that is given. */
function passWildcard(
  name: string,
  delimiter: string | undefined,
  reached: Uint8Array<ArrayBuffer>,
  first: number,
): void {
  let open = 0;
  for (let i = first; i <= name.length; i++) {
    if (open === 1 && delimiter && name.startsWith(delimiter, i - 1)) open = 0;
    open |= reached[i]!;
    reached[i] = open;
  }
}
