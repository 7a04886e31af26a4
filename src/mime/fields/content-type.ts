import { type MimeDefect, mimeDefect } from '../defects.js';
import { assertText, Lexer, trimBlanks } from './lexer.js';
import { Parameters } from './parameter-map.js';
import { parseParameters } from './parameters.js';
import { plainParameters, skipBlanks } from './plain-parameters.js';
import { limitsOf, type ValueOptions } from './value-options.js';

/** What a Content-Type field says (RFC 2045 §5), or what holds where there is none. */
export interface ContentType {
  /** Lower case, such as `multipart`. */
  readonly type: string;
  /** Lower case, such as `signed`. */
  readonly subtype: string;
  /** `type/subtype`, lower case. */
  readonly mediaType: string;
  readonly parameters: Parameters;
  /** Offsets are those of the value's first octet. */
  readonly defects: readonly MimeDefect[];
}

const NONE: Parameters = /* @__PURE__ */ new Parameters([]);

/** What holds for an entity without Content-Type: text/plain (RFC 2045 §5.2), message/rfc822 within a digest (RFC 2046 §5.1.5). */
export function defaultContentType(inDigest: boolean): ContentType {
  return inDigest ? make('message', 'rfc822', NONE, []) : make('text', 'plain', NONE, []);
}

/**
 * Reads the value of a Content-Type field.
 *
 * Comments may stand anywhere; a missing semicolon and unquoted values with
 * blanks are understood, each with a defect. A value without `type/subtype` is
 * taken for text/plain, as RFC 2045 §5.2 has it, with the defect
 * `content-type-malformed`.
 *
 * @param value the value, with or without its line folds
 * @param offset what the defects carry as their offset, default 0
 * @param options limits and what happens where one is hit
 * @throws MailsealError `limit-parameters`, `limit-parameter-sections`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseContentType } from 'mailseal/mime';
 *
 * const type = parseContentType('Text/Plain; (a comment) Charset="ISO-2022-JP"');
 * console.log(type.mediaType, type.parameters.get('charset')); // text/plain ISO-2022-JP
 * ```
 */
export function parseContentType(value: string, offset = 0, options: ValueOptions = {}): ContentType {
  assertText(value);
  limitsOf(options);
  const plain = plainContentType(value, 0, value.length, options);
  if (plain !== undefined) return plain;
  const lexer = new Lexer(value);
  lexer.skipCfws();
  const type = lexer.until('/;(').toLowerCase();
  lexer.skipCfws();
  const slash = lexer.peek() === '/';
  let subtype = '';
  if (slash) {
    lexer.at++;
    lexer.skipCfws();
    subtype = lexer.until(';(').toLowerCase();
  }
  // `multipart/multipart/mixed`: some programs put the type before a whole one.
  const twice = subtype.startsWith(`${type}/`);
  if (twice) subtype = subtype.slice(type.length + 1);
  const malformed = !isToken(type) || !isToken(subtype);
  lexer.skipCfws();
  const apart = !malformed && !lexer.done && lexer.peek() !== ';';
  if (!slash && !lexer.done && lexer.peek() !== ';') lexer.at = 0;
  const { parameters, defects } = parseParameters(lexer, offset, options);
  if (apart && !defects.some(({ code }) => code === 'parameter-malformed')) {
    // `text/html charset=utf-8`: its semicolon was forgotten.
    defects.push(mimeDefect('parameter-malformed', offset));
  }
  if (malformed || twice) {
    defects.unshift(mimeDefect('content-type-malformed', offset, trimBlanks(value).slice(0, 40)));
  }
  return malformed ? make('text', 'plain', parameters, defects) : make(type, subtype, parameters, defects);
}

/**
 * Reads the value at `[start, end)` of a text, folds and all, where it is
 * written as nearly all are; `undefined` for others. What it gives is what
 * {@link parseContentType} says of it more slowly.
 */
export function plainContentType(
  text: string,
  start: number,
  end: number,
  options: ValueOptions,
): ContentType | undefined {
  const from = skipBlanks(text, start, end);
  const slash = endOfWord(text, from, end);
  if (slash === from || slash === end || text.charCodeAt(slash) !== 0x2f) return undefined;
  const typeEnd = endOfWord(text, slash + 1, end);
  const next = skipBlanks(text, typeEnd, end);
  if (typeEnd === slash + 1 || (next < end && (next !== typeEnd || text.charCodeAt(next) !== 0x3b)))
    return undefined;
  const parameters = plainParameters(text, next, end, options);
  if (parameters === undefined) return undefined;
  const mediaType = text.slice(from, typeEnd).toLowerCase();
  return {
    type: mediaType.slice(0, slash - from),
    subtype: mediaType.slice(slash - from + 1),
    mediaType,
    parameters: parameters.length === 0 ? NONE : new Parameters(parameters),
    defects: NO_DEFECTS,
  };
}

const NO_DEFECTS: readonly MimeDefect[] = /* @__PURE__ */ Object.freeze([]);

/** Where the letters, digits and signs end that types have, from a place on. */
function endOfWord(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    const letter = unit | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) continue;
    if (unit >= 0x30 && unit <= 0x39) continue;
    if (unit !== 0x2e && unit !== 0x2b && unit !== 0x2d && unit !== 0x5f) break;
  }
  return at;
}

function make(
  type: string,
  subtype: string,
  parameters: Parameters,
  defects: readonly MimeDefect[],
): ContentType {
  return { type, subtype, mediaType: `${type}/${subtype}`, parameters, defects };
}

/** RFC 2045 §5.1: printable ASCII without blanks and tspecials. */
function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/.test(text);
}
