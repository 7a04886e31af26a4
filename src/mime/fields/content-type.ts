import { type MimeDefect, mimeDefect } from '../defects.js';
import { Lexer, trimBlanks } from './lexer.js';
import { Parameters } from './parameter-map.js';
import { parseParameters } from './parameters.js';
import { plainParameters } from './plain-parameters.js';
import type { ValueOptions } from './value-options.js';

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
  const plain = plainType(value, options);
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

/** `type/subtype` of letters that types have, in any case. */
const PLAIN = /^[A-Za-z0-9.+\-_]+\/[A-Za-z0-9.+\-_]+$/;

/** A value that is written as nearly all are; `undefined` for others. What it gives is what is said of the same value more slowly. */
function plainType(value: string, options: ValueOptions): ContentType | undefined {
  const semicolon = value.indexOf(';');
  const end = semicolon < 0 ? value.length : semicolon;
  const written = value.slice(0, end);
  if (!PLAIN.test(written)) return undefined;
  const parameters = plainParameters(value, end, options);
  if (parameters === undefined) return undefined;
  const mediaType = written.toLowerCase();
  const slash = mediaType.indexOf('/');
  return {
    type: mediaType.slice(0, slash),
    subtype: mediaType.slice(slash + 1),
    mediaType,
    parameters: new Parameters(parameters),
    defects: [],
  };
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
