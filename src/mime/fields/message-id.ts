import { mimeDefect } from '../defects.js';
import { DEFAULT_MIME_LIMITS } from '../limits.js';
import { assertText, isBlank, Lexer, unfold } from './lexer.js';
import { type ValueList, valueList } from './value-list.js';
import { isLimit, limitsOf, ValueLimit, type ValueOptions } from './value-options.js';

/** Message-ids without their angle brackets, and what was wrong with them. */
export type MessageIdList = ValueList<string>;

/**
 * Reads the value of Message-ID, In-Reply-To, References, Resent-Message-ID or
 * Content-ID (RFC 5322 §3.6.4 and §4.5.4, RFC 2045 §7).
 *
 * An id is what stands between angle brackets, which are no part of it; blanks
 * and comments around its words go, quotes stay. Words between ids, as old
 * programs wrote into In-Reply-To, name nothing and are passed over. Where no
 * bracket stands there at all, the words that hold an @ are the ids, or the one
 * word that there is, with the defect `message-id-malformed`.
 *
 * Ids are for comparison, octet for octet: letters keep their case.
 *
 * @param value the field's value, with or without its line folds
 * @param options limits (`addresses` counts ids) and what happens where one is hit
 * @throws MailsealError `limit-addresses` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseMessageIds } from 'mailseal/mime';
 *
 * console.log([...parseMessageIds('<1234@host.example>\r\n <5678@host.example>')]); // [ '1234@host.example', '5678@host.example' ]
 * ```
 */
export function parseMessageIds(value: string, options: ValueOptions = {}): MessageIdList {
  assertText(value);
  const plain = plainIds(value, options);
  if (plain !== undefined) return valueList(plain, []);
  const lexer = new Lexer(value);
  const limit = new ValueLimit('addresses', options);
  const ids: string[] = [];
  let malformed = -1;
  const tell = (id: string | undefined, at: number): void => {
    if (id === undefined) malformed = malformed < 0 ? at : malformed;
    else if (id !== '' && limit.takes(at)) ids.push(id);
  };
  if (value.includes('<')) {
    while (limit.hit === undefined && passPhrase(lexer)) {
      const at = lexer.at;
      const { id, sound } = readBracketed(lexer);
      if (!sound) tell(undefined, at);
      tell(id, at);
    }
  } else {
    const words = bareWords(lexer);
    if (words.length > 0) malformed = 0;
    const wanted = words.length === 1 ? words : words.filter((word) => word.includes('@'));
    for (const word of wanted) tell(word, 0);
  }
  const defects = malformed < 0 ? [] : [mimeDefect('message-id-malformed', malformed)];
  return valueList(ids, limit.hit === undefined ? defects : [...defects, limit.hit]);
}

/** An id of atoms and dots, and blanks behind it. */
const PLAIN_ID = /<([\w!#$%&'*+\-/=?^`{|}~.]+@[\w!#$%&'*+\-/=?^`{|}~.]+)>[ \t\r\n]*/y;

/** The ids where all are written as nearly all mail has them; `undefined` where they are not, or more than the limit. */
function plainIds(value: string, options: ValueOptions): string[] | undefined {
  const most = limitsOf(options).addresses ?? DEFAULT_MIME_LIMITS.addresses;
  // What is no limit is refused where it is counted against.
  if (!isLimit(most)) return undefined;
  const ids: string[] = [];
  let at = 0;
  while (isBlank(value.charCodeAt(at))) at++;
  do {
    PLAIN_ID.lastIndex = at;
    const match = PLAIN_ID.exec(value);
    if (match === null) return undefined;
    at = PLAIN_ID.lastIndex;
    if (!(ids.push(match[1]!) <= most)) return undefined;
  } while (at < value.length);
  return ids;
}

/** Passes all up to the next `<`, and says whether there is one. */
function passPhrase(lexer: Lexer): boolean {
  for (;;) {
    lexer.skipClosedCfws();
    if (lexer.done) return false;
    const next = lexer.peek();
    if (next === '<') return true;
    if (next !== '"' || lexer.closedQuotedString() === undefined) lexer.at++;
  }
}

/** Reads from `<` to `>`. */
function readBracketed(lexer: Lexer): { readonly id: string; readonly sound: boolean } {
  let sound = true;
  lexer.at++;
  while (lexer.peek() === '<') {
    sound = false;
    lexer.at++;
  }
  let id = '';
  let last = '';
  for (;;) {
    const before = lexer.at;
    lexer.skipClosedCfws();
    const apart = lexer.at > before && last !== '';
    const next = lexer.peek();
    if (next === '>') lexer.at++;
    // Where another id begins the end of this one is missing.
    if (next === '>' || next === '<' || next === '') {
      const at = id.indexOf('@');
      return { id, sound: sound && next === '>' && at > 0 && at < id.length - 1 };
    }
    const word = readWord(lexer);
    // Blanks stand beside dots and the @ only (RFC 5322 §4.5.4). Elsewhere a long id was broken in two.
    if (apart && !isJoint(last) && !isJoint(word)) sound = false;
    id += word;
    last = word;
  }
}

function isJoint(text: string): boolean {
  return text === '.' || text === '@';
}

/** A word of an id as it stands there, quotes and brackets included; or one dot or @. */
function readWord(lexer: Lexer): string {
  const from = lexer.at;
  const next = lexer.peek();
  if (next === '[') {
    while (!lexer.done && !'<>]'.includes(lexer.peek())) lexer.at++;
    if (lexer.peek() === ']') lexer.at++;
  } else if (next !== '"' || lexer.closedQuotedString() === undefined) {
    // One character at least, whatever it is.
    lexer.at++;
    if (!isJoint(next)) lexer.until('<>"([.@');
  }
  return unfold(lexer.text.slice(from, lexer.at));
}

function bareWords(lexer: Lexer): string[] {
  const words: string[] = [];
  for (;;) {
    lexer.skipClosedCfws();
    if (lexer.done) return words;
    const word = lexer.until(',;(');
    if (word === '') lexer.at++;
    else words.push(word.replace(/>$/, ''));
  }
}
