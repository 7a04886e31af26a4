import { DEFAULT_MIME_LIMITS } from '../limits.js';
import type { Parameter } from './parameter-map.js';
import { isLimit, type ValueOptions } from './value-options.js';

// What a character may stand for in a value that is read here, and what has to be looked at again.
const NAME = 1;
const TOKEN = 2;
const BLANK = 4;
const QUOTED = 8;
const CAPITAL = 16;
const QUESTION = 32;
const kinds: Uint8Array = /* @__PURE__ */ makeKinds();

function makeKinds(): Uint8Array {
  const table = new Uint8Array(128).fill(QUOTED, 0x20, 0x7f);
  for (let unit = 0x21; unit < 0x7f; unit++) {
    const character = String.fromCharCode(unit);
    if (/[!#$&+\-.^_`|~0-9A-Za-z]/.test(character)) table[unit]! |= NAME | TOKEN;
    if (/[A-Z]/.test(character)) table[unit]! |= CAPITAL;
  }
  // RFC 2231 gives these a meaning in names; in values they mean nothing.
  for (const character of "%'*{}") table[character.charCodeAt(0)]! |= TOKEN;
  for (const character of '"\\') table[character.charCodeAt(0)] = 0;
  table[0x3f]! |= QUESTION;
  table[0x20]! |= BLANK;
  table[0x09] = BLANK | QUOTED;
  return table;
}

/**
 * Reads `*(";" parameter)` from `start` to `end` of the text where it is
 * written as nearly all mail has it: names and tokens of RFC 2045, quoted
 * strings of ASCII without quoted pairs, with or without the folds between
 * them. It gives up (`undefined`) at all else: comments, RFC 2231, encoded
 * words, names that stand twice, more parameters than the limit. What it does
 * give is what `parseParameters` says of the unfolded text, without defects.
 */
export function plainParameters(
  text: string,
  start: number,
  end: number,
  { limits }: ValueOptions,
): Parameter[] | undefined {
  const most = limits?.parameters ?? DEFAULT_MIME_LIMITS.parameters;
  // What is no limit is refused where it is counted against.
  if (!isLimit(most) || !isLimit(limits?.encodedWords ?? 0)) return undefined;
  const parameters: Parameter[] = [];
  let at = start;
  for (;;) {
    const before = at;
    at = skipBlanks(text, at, end);
    while (at < end && text.charCodeAt(at) === SEMICOLON) at = skipBlanks(text, at + 1, end);
    if (at >= end) return parameters;
    // Between two parameters a semicolon has to stand.
    if (at === before && parameters.length > 0) return undefined;
    const nameStart = at;
    let seen = 0;
    for (; at < end; at++) {
      const kind = kindOf(text, at);
      if ((kind & NAME) === 0) break;
      seen |= kind;
    }
    if (at === end || at === nameStart || text.charCodeAt(at) !== EQUALS) return undefined;
    const written = text.slice(nameStart, at);
    const name = seen & CAPITAL ? written.toLowerCase() : written;
    seen = 0;
    let valueStart = ++at;
    let valueEnd: number;
    if (at < end && text.charCodeAt(at) === QUOTE) {
      valueStart = ++at;
      for (; at < end; at++) {
        const kind = kindOf(text, at);
        if ((kind & QUOTED) === 0) break;
        seen |= kind;
      }
      if (at === end || text.charCodeAt(at) !== QUOTE) return undefined;
      valueEnd = at++;
    } else {
      for (; at < end; at++) {
        const kind = kindOf(text, at);
        if ((kind & TOKEN) === 0) break;
        seen |= kind;
      }
      valueEnd = at;
    }
    at = skipBlanks(text, at, end);
    if (at < end && text.charCodeAt(at) !== SEMICOLON) return undefined;
    const value = text.slice(valueStart, valueEnd);
    if ((seen & QUESTION && value.includes('=?')) || parameters.length >= Math.min(most, MOST)) {
      return undefined;
    }
    for (const parameter of parameters) if (parameter.name === name) return undefined;
    parameters.push({ name, value, charset: undefined, language: undefined });
  }
}

/** With more, looking for a name that stands twice would cost more than the long way. */
const MOST = 16;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;

function kindOf(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 0x80 ? kinds[unit]! : 0;
}

/** The next place that is no blank and no line end. A CR that ends no line is neither. */
export function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x20 || unit === 0x09 || unit === 0x0a) continue;
    if (unit !== 0x0d || at + 1 >= end || text.charCodeAt(at + 1) !== 0x0a) break;
  }
  return at;
}
