import { mimeDefect } from '../defects.js';
import { decodeWords, readEncodedWord } from './encoded-words.js';
import { Lexer } from './lexer.js';
import { type ValueList, valueList } from './value-list.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

/**
 * Reads the value of Keywords (RFC 5322 §3.6.5) or another field of phrases
 * with commas between them. Quotes and encoded words are undone, comments and
 * empty phrases left out.
 *
 * @param value the field's value, with or without its line folds
 * @param options limits (`addresses` counts phrases) and what happens where one is hit
 * @throws MailsealError `limit-addresses`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parsePhraseList } from 'mailseal/mime';
 *
 * console.log([...parsePhraseList('minutes, "one, two", =?utf-8?Q?caf=C3=A9?=')]); // [ 'minutes', 'one, two', 'café' ]
 * ```
 */
export function parsePhraseList(value: string, options: ValueOptions = {}): ValueList<string> {
  const limit = new ValueLimit('addresses', options);
  const words = new ValueLimit('encodedWords', options);
  const phrases: string[] = [];
  for (const { text, at } of rawPhrases(value)) {
    if (!limit.takes(at)) break;
    words.base = at;
    phrases.push(decodeWords(text, [], words).text);
  }
  return valueList(
    phrases,
    [limit.hit, words.hit].filter((hit) => hit !== undefined),
  );
}

/**
 * Reads the value of Content-Language (RFC 3282): language tags (RFC 5646) with
 * commas between them, as they are written. What is no tag is left out with the
 * defect `language-malformed`.
 *
 * @param value the field's value, with or without its line folds
 * @param options limits (`addresses` counts tags) and what happens where one is hit
 * @throws MailsealError `limit-addresses` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseContentLanguage } from 'mailseal/mime';
 *
 * console.log([...parseContentLanguage('ja, en-GB (British)')]); // [ 'ja', 'en-GB' ]
 * ```
 */
export function parseContentLanguage(value: string, options: ValueOptions = {}): ValueList<string> {
  const limit = new ValueLimit('addresses', options);
  const tags: string[] = [];
  let malformed = -1;
  for (const { text, at } of rawPhrases(value)) {
    if (!/^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,20}$/.test(text)) malformed = malformed < 0 ? at : malformed;
    else if (limit.takes(at)) tags.push(text);
    else break;
  }
  const defects = malformed < 0 ? [] : [mimeDefect('language-malformed', malformed)];
  return valueList(tags, limit.hit === undefined ? defects : [...defects, limit.hit]);
}

/** What stands between commas: words with one blank where there were some, quotes undone, without comments. */
function* rawPhrases(value: string): Generator<{ readonly text: string; readonly at: number }> {
  const lexer = new Lexer(value);
  let text = '';
  let at = 0;
  for (;;) {
    const before = lexer.at;
    lexer.skipClosedCfws();
    const apart = lexer.at > before && text !== '';
    const next = lexer.peek();
    if (next === ',' || next === '') {
      if (text !== '') yield { text, at };
      if (next === '') return;
      text = '';
      lexer.at++;
      continue;
    }
    if (text === '') at = lexer.at;
    if (apart) text += ' ';
    text += readWord(lexer, next);
  }
}

function readWord(lexer: Lexer, next: string): string {
  const quoted = next === '"' ? lexer.closedQuotedString() : undefined;
  if (quoted !== undefined) return quoted;
  const encoded = next === '=' ? readEncodedWord(lexer) : undefined;
  if (encoded !== undefined) return encoded;
  const from = lexer.at++;
  lexer.until(',("');
  return lexer.text.slice(from, lexer.at);
}
