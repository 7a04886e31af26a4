import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type MimeDefect, mimeDefect } from '../defects.js';
import { decodeEncodedWords, decodeWords, readEncodedWord } from './encoded-words.js';
import { HeaderFields } from './header-fields.js';
import { Lexer } from './lexer.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

/** One URL of a List-* field. */
export interface ListUrl {
  /** Without angle brackets and blanks; of any scheme, `mailto:` and `https:` most often. */
  readonly url: string;
  /** The comments beside it, encoded words undone; for people. */
  readonly comment: string | undefined;
}

/** What List-Help, List-Unsubscribe, List-Post and their like say (RFC 2369). */
export interface ListCommand {
  /** The sender's first choice first. */
  readonly urls: readonly ListUrl[];
  /** Whether it says `NO`: of List-Post, that nobody may post (RFC 2369 §3.4). */
  readonly isNo: boolean;
  /** Offsets are characters from the start of the value. */
  readonly defects: readonly MimeDefect[];
}

/** What List-ID says (RFC 2919). */
export interface ListId {
  /** Without angle brackets; letters keep their case, which means nothing. */
  readonly id: string;
  /** The list's name for people, encoded words undone. */
  readonly name: string | undefined;
}

/** Everything that a message says of the list that it came by. */
export interface MailingList {
  readonly id: ListId | undefined;
  readonly help: ListCommand | undefined;
  readonly subscribe: ListCommand | undefined;
  readonly unsubscribe: ListCommand | undefined;
  readonly post: ListCommand | undefined;
  readonly owner: ListCommand | undefined;
  readonly archive: ListCommand | undefined;
  /**
   * The `https:` URL that a POST of `List-Unsubscribe=One-Click` unsubscribes
   * at (RFC 8058), where the message offers it by one sound field of each kind:
   * of two, a signature may be over the other. The caller must have verified a
   * DKIM signature over both fields before he uses it (RFC 8058 §4).
   */
  readonly oneClick: string | undefined;
}

/**
 * Reads the value of List-Help, List-Subscribe, List-Unsubscribe, List-Post,
 * List-Owner or List-Archive (RFC 2369): URLs in angle brackets, commas between
 * them. Blanks within brackets go (§2). What does not begin with a bracket should
 * be ignored (§2): a URL without brackets, behind a comma or behind `NO` is taken
 * with the defect `list-field-malformed`.
 *
 * @param value the field's value, with or without its line folds
 * @param options limits (`addresses` counts URLs) and what happens where one is hit
 * @throws MailsealError `limit-addresses`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseListCommand } from 'mailseal/mime';
 *
 * const { urls } = parseListCommand('<mailto:list@host.example?subject=help> (by mail), <https://host.example/>');
 * console.log(urls[0]?.comment, urls[1]?.url); // by mail https://host.example/
 * ```
 */
export function parseListCommand(value: string, options: ValueOptions = {}): ListCommand {
  const lexer = new Lexer(value);
  const limit = new ValueLimit('addresses', options);
  const words = new ValueLimit('encodedWords', options);
  const urls: ListUrl[] = [];
  const defects: MimeDefect[] = [];
  let isNo = false;
  let url: string | undefined;
  let comments: string[] = [];
  const malformed = (): void => {
    if (defects.length === 0) defects.push(mimeDefect('list-field-malformed', lexer.at));
  };
  const tell = (): void => {
    if (url !== undefined && limit.takes(lexer.at)) {
      const comment = comments.length === 0 ? undefined : decodeWords(comments.join(' '), [], words).text;
      urls.push({ url, comment });
    }
    url = undefined;
    comments = [];
  };
  while (limit.hit === undefined) {
    lexer.skipBlanks();
    if (lexer.done) break;
    const next = lexer.peek();
    const comment = next === '(' ? lexer.closedComment() : undefined;
    if (comment !== undefined) {
      if (comments.length === 0) words.base = Math.max(lexer.at - comment.length - 1, 0);
      comments.push(comment);
    } else if (next === ',') {
      if (urls.length === 0 && url === undefined) malformed();
      tell();
      lexer.at++;
    } else {
      if (url !== undefined) {
        malformed();
        tell();
      }
      if (next === '<') {
        url = bracketed(lexer, '<>');
        if (isNo || url === undefined || lexer.text[lexer.at - 1] !== '>') malformed();
      } else {
        const word = bareWord(lexer);
        if (/^no$/i.test(word)) {
          isNo = true;
          if (urls.length > 0) malformed();
        } else {
          malformed();
          if (/^[A-Za-z][A-Za-z0-9+.-]*:./.test(word)) url = word;
        }
      }
    }
  }
  tell();
  for (const { hit } of [limit, words]) if (hit !== undefined) defects.push(hit);
  return { urls, isNo: isNo && urls.length === 0, defects };
}

/**
 * What stands between `<` and `>` without its blanks; `undefined` where that is nothing. Without a `>` it goes to the
 * end, or to what else of `stops` comes first.
 */
function bracketed(lexer: Lexer, stops: '>' | '<>' = '>'): string | undefined {
  const { text } = lexer;
  const from = lexer.at + 1;
  let end = from;
  while (end < text.length && !stops.includes(text[end]!)) end++;
  lexer.at = text[end] === '>' ? end + 1 : end;
  return text.slice(from, end).replace(/[ \t\r\n]+/g, '') || undefined;
}

function bareWord(lexer: Lexer, stops = ',<('): string {
  const from = lexer.at++;
  lexer.until(stops);
  return lexer.text.slice(from, lexer.at);
}

/**
 * Reads the value of a List-ID field (RFC 2919 §3): the identifier in angle
 * brackets at the end, perhaps a name before it. Brackets in the name's quotes
 * and encoded words are the name's; what comes after the identifier is left
 * out. A value without brackets is taken for an identifier. `undefined` where
 * there is none.
 *
 * @param value the field's value, with or without its line folds
 * @throws MailsealError `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseListId } from 'mailseal/mime';
 *
 * console.log(parseListId('"A list" <a-list.example.net>')); // { id: 'a-list.example.net', name: 'A list' }
 * ```
 */
export function parseListId(value: string, options: ValueOptions = {}): ListId | undefined {
  const { words, written, id } = readListId(value);
  if (id !== undefined) {
    const name = decodeEncodedWords(words.join(' '), options).text;
    return id === '' ? undefined : { id, name: name === '' ? undefined : name };
  }
  // RFC 2047 §5 has encoded words before the brackets alone; some programs put the brackets in, too. Those in quotes
  // are the name's all the same.
  const text = written.join(' ');
  const decoded = decodeEncodedWords(text, options).text;
  const inside: Omit<ListIdWords, 'written'> = decoded === text ? { words } : readListId(decoded);
  const name = inside.id === undefined ? '' : inside.words.join(' ');
  const only = inside.id ?? inside.words.join('');
  return only === '' ? undefined : { id: only, name: name === '' ? undefined : name };
}

interface ListIdWords {
  /** Before the brackets, quotes undone; without brackets all of them. */
  readonly words: readonly string[];
  /** The same with their quotes. */
  readonly written: readonly string[];
  /** What stands in the brackets. */
  readonly id?: string;
}

function readListId(value: string): ListIdWords {
  const lexer = new Lexer(value);
  const words: string[] = [];
  const written: string[] = [];
  for (;;) {
    lexer.skipClosedCfws();
    if (lexer.done) return { words, written };
    const next = lexer.peek();
    if (next === '<') return { words, written, id: bracketed(lexer) ?? '' };
    const from = lexer.at;
    const whole =
      next === '"' ? lexer.closedQuotedString() : next === '=' ? readEncodedWord(lexer) : undefined;
    words.push(whole ?? bareWord(lexer, ',<("'));
    written.push(value.slice(from, lexer.at));
  }
}

/**
 * What the header fields of a message say of the mailing list that it came by
 * (RFC 2369, RFC 2919, RFC 8058). Of a field that stands there twice the first
 * counts. `undefined` where there is none of them.
 *
 * @param headers the fields of the message, `message.headers`
 * @throws MailsealError `limit-addresses`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { mailingListOf, parseMessage } from 'mailseal/mime';
 *
 * const { headers } = parseMessage(
 *   new TextEncoder().encode(
 *     'List-Unsubscribe: <https://host.example/u?id=1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n',
 *   ),
 * );
 * console.log(mailingListOf(headers)?.oneClick); // https://host.example/u?id=1
 * ```
 */
export function mailingListOf(headers: HeaderFields, options: ValueOptions = {}): MailingList | undefined {
  if (!(headers instanceof HeaderFields))
    throw usage(`the header fields of a part are wanted, not ${shown(headers)}`);
  const command = (name: string): ListCommand | undefined => {
    const field = headers.get(name);
    return field === undefined ? undefined : parseListCommand(field.value, options);
  };
  const idField = headers.get('list-id');
  const unsubscribe = command('list-unsubscribe');
  const isOnce = (name: string): boolean => headers.all(name).length === 1;
  const offersOneClick =
    unsubscribe?.defects.length === 0 &&
    isOnce('list-unsubscribe') &&
    isOnce('list-unsubscribe-post') &&
    /^list-unsubscribe=one-click$/i.test(headers.get('list-unsubscribe-post')!.value);
  const list: MailingList = {
    id: idField === undefined ? undefined : parseListId(idField.value, options),
    help: command('list-help'),
    subscribe: command('list-subscribe'),
    unsubscribe,
    post: command('list-post'),
    owner: command('list-owner'),
    archive: command('list-archive'),
    oneClick: offersOneClick ? unsubscribe.urls.find(({ url }) => /^https:/i.test(url))?.url : undefined,
  };
  return Object.values(list).every((each) => each === undefined) ? undefined : list;
}
