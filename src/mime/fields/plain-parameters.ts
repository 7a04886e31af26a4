import { DEFAULT_MIME_LIMITS } from '../limits.js';
import type { Parameter } from './parameter-map.js';
import type { ValueOptions } from './value-options.js';

// What a character may stand for in a value that is read here.
const NAME = 1;
const TOKEN = 2;
const BLANK = 4;
const QUOTED = 8;
const kinds: Uint8Array = /* @__PURE__ */ makeKinds();

function makeKinds(): Uint8Array {
  const table = new Uint8Array(128).fill(QUOTED, 0x20, 0x7f);
  for (let unit = 0x21; unit < 0x7f; unit++) {
    if (/[!#$&+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(unit))) table[unit]! |= NAME | TOKEN;
  }
  // RFC 2231 gives these a meaning in names; in values they mean nothing.
  for (const character of "%'*{}") table[character.charCodeAt(0)]! |= TOKEN;
  for (const character of '"\\') table[character.charCodeAt(0)] = 0;
  table[0x20]! |= BLANK;
  table[0x09] = BLANK | QUOTED;
  return table;
}

/**
 * Reads `*(";" parameter)` from `start` to the end of the text where it is
 * written as nearly all mail has it: names and tokens of RFC 2045, quoted
 * strings of ASCII without quoted pairs. It gives up (`undefined`) at all else:
 * comments, RFC 2231, encoded words, names that stand twice, more parameters
 * than the limit. What it does give is what `parseParameters` says, without defects.
 */
export function plainParameters(
  text: string,
  start: number,
  { limits }: ValueOptions,
): Parameter[] | undefined {
  const most = limits?.parameters ?? DEFAULT_MIME_LIMITS.parameters;
  // What is no limit is refused where it is counted against.
  if (!(most >= 0) || !((limits?.encodedWords ?? 0) >= 0)) return undefined;
  const parameters: Parameter[] = [];
  const { length } = text;
  let at = start;
  for (;;) {
    const before = at;
    let unit = text.charCodeAt(at);
    while (unit === 0x3b || unit === 0x20 || unit === 0x09) unit = text.charCodeAt(++at);
    if (at >= length) return parameters;
    // Between two parameters a semicolon has to stand.
    if (at === before && parameters.length > 0) return undefined;
    const nameStart = at;
    while (is(unit, NAME)) unit = text.charCodeAt(++at);
    if (unit !== 0x3d || at === nameStart) return undefined;
    const name = text.slice(nameStart, at).toLowerCase();
    unit = text.charCodeAt(++at);
    let valueStart = at;
    let valueEnd: number;
    if (unit === 0x22) {
      valueStart = ++at;
      unit = text.charCodeAt(at);
      while (is(unit, QUOTED)) unit = text.charCodeAt(++at);
      if (unit !== 0x22) return undefined;
      valueEnd = at++;
    } else {
      while (is(unit, TOKEN)) unit = text.charCodeAt(++at);
      valueEnd = at;
    }
    unit = text.charCodeAt(at);
    while (unit === 0x20 || unit === 0x09) unit = text.charCodeAt(++at);
    if (at < length && unit !== 0x3b) return undefined;
    const value = text.slice(valueStart, valueEnd);
    if (value.includes('=?') || parameters.length >= Math.min(most, MOST)) return undefined;
    for (const parameter of parameters) if (parameter.name === name) return undefined;
    parameters.push({ name, value, charset: undefined, language: undefined });
  }
}

/** With more, looking for a name that stands twice would cost more than the long way. */
const MOST = 16;

function is(unit: number, kind: number): boolean {
  // At the end of the text the unit is NaN, which is below nothing.
  return unit < 0x80 && (kinds[unit]! & kind) !== 0;
}
