import { type MimeDefect, mimeDefect } from '../defects.js';
import { assertText, Lexer, trimBlanks } from './lexer.js';
import { Parameters } from './parameter-map.js';
import { parseParameters } from './parameters.js';
import { plainParameters, skipBlanks } from './plain-parameters.js';
import { limitsOf, type ValueOptions } from './value-options.js';

/** What a Content-Disposition field says (RFC 2183). */
export interface ContentDisposition {
  /** `inline`, `attachment`, or what else stands there, lower case. */
  readonly type: string;
  readonly parameters: Parameters;
  /** The `filename` parameter, decoded. It is what the sender wrote: no path to write to. */
  readonly filename: string | undefined;
  /** Offsets are those of the value's first octet. */
  readonly defects: readonly MimeDefect[];
}

/**
 * Reads the value of a Content-Disposition field. A missing or malformed type
 * is `attachment` (RFC 2183 §2.8 says so for unknown ones), with a defect.
 *
 * @param value the value, with or without its line folds
 * @param offset what the defects carry as their offset, default 0
 * @param options limits and what happens where one is hit
 * @throws MailsealError `limit-parameters`, `limit-parameter-sections`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseContentDisposition } from 'mailseal/mime';
 *
 * const disposition = parseContentDisposition("attachment; filename*=utf-8''%E8%A6%8B%E7%A9%8D.pdf");
 * console.log(disposition.type, disposition.filename); // attachment 見積.pdf
 * ```
 */
export function parseContentDisposition(
  value: string,
  offset = 0,
  options: ValueOptions = {},
): ContentDisposition {
  assertText(value);
  limitsOf(options);
  const plain = plainDisposition(value, 0, value.length, options);
  if (plain !== undefined) return plain;
  const lexer = new Lexer(value);
  lexer.skipCfws();
  let type = lexer.until(';(=').toLowerCase();
  lexer.skipCfws();
  if (lexer.peek() === '=') {
    // `Content-Disposition: filename=a.txt`: the type was forgotten.
    lexer.at = 0;
    type = '';
  }
  const { parameters, defects } = parseParameters(lexer, offset, options);
  const malformed = !/^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/.test(type);
  return {
    type: malformed ? 'attachment' : type,
    parameters,
    filename: parameters.get('filename'),
    defects: malformed
      ? [mimeDefect('content-disposition-malformed', offset, trimBlanks(value).slice(0, 40)), ...defects]
      : defects,
  };
}

/**
 * Reads the value at `[start, end)` of a text, folds and all, where it is
 * written as nearly all are; `undefined` for others. What it gives is what
 * {@link parseContentDisposition} says of it more slowly.
 */
export function plainDisposition(
  text: string,
  start: number,
  end: number,
  options: ValueOptions,
): ContentDisposition | undefined {
  const from = skipBlanks(text, start, end);
  let to = from;
  while (to < end && (text.charCodeAt(to) | 0x20) >= 0x61 && (text.charCodeAt(to) | 0x20) <= 0x7a) to++;
  const next = skipBlanks(text, to, end);
  if (next < end && (next !== to || text.charCodeAt(next) !== 0x3b)) return undefined;
  const written = text.slice(from, to);
  const type = written === 'attachment' || written === 'inline' ? written : written.toLowerCase();
  if (type !== 'attachment' && type !== 'inline') return undefined;
  const found = plainParameters(text, next, end, options);
  if (found === undefined) return undefined;
  const parameters = new Parameters(found);
  return { type, parameters, filename: parameters.get('filename'), defects: NO_DEFECTS };
}

const NO_DEFECTS: readonly MimeDefect[] = /* @__PURE__ */ Object.freeze([]);
