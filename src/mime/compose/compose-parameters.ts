import { latin1FromBytes } from '../../core/bytes.js';
import { type ChosenCharset, chooseCharset, type WriteOptions } from './compose-charset.js';
import { encodeWords, LIKE_ENCODED_WORD } from './encode-words.js';
import { checkFieldText } from './field-check.js';
import { FOLD_WIDTH, type Piece } from './fold.js';

/** A parameter to write. */
export interface ParameterToWrite {
  readonly name: string;
  readonly value: string;
  /** Whether it is written as old mailers read it, against RFC 2231: encoded words in a quoted string. */
  readonly plain?: boolean;
}

/** Values that are longer are divided into sections (RFC 2231 §3). */
const LONGEST_PLAIN = 60;
/** RFC 2045 §5.1 */
const TOKEN = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/;
/** RFC 2231 §7, with what it forbids in an attribute's value: `*`, `'`, `%`. */
const ATTRIBUTE_CHARACTER = /[!#$&+\-.^_`{|}~0-9A-Za-z]/;

/**
 * The pieces of a structured value with parameters: `value; name=value; …`.
 * Tokens and short ASCII stand as they are, the rest as RFC 2231 has it:
 * charset, percent escapes, and sections where a line would get too long.
 * Encoded words have no place in parameters; only `plain` ones have them.
 */
export function parameterPieces(
  field: string,
  value: string,
  parameters: readonly ParameterToWrite[],
  options: WriteOptions,
): Piece[] {
  const groups: string[][] = [[value]];
  for (const parameter of parameters) {
    checkFieldText(field, parameter.value);
    if (parameter.plain === true) groups.push(plainWords(field, parameter, options));
    else for (const text of parameterTexts(field, parameter, options)) groups.push([text]);
  }
  return groups.flatMap((words, index) =>
    words.map((text, at) => ({
      blanks: ' ',
      text: at === words.length - 1 && index < groups.length - 1 ? `${text};` : text,
    })),
  );
}

/** Whether a value can stand between quotes: a reader must not take part of it for an encoded word. */
function isQuotable(value: string): boolean {
  return value.length <= LONGEST_PLAIN && /^[ -~]*$/.test(value) && !LIKE_ENCODED_WORD.test(value);
}

/** `"…"` with quoted pairs (RFC 5322 §3.2.4). */
export function quotedString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function parameterTexts(field: string, { name, value }: ParameterToWrite, options: WriteOptions): string[] {
  if (value.length <= LONGEST_PLAIN && TOKEN.test(value)) return [`${name}=${value}`];
  if (isQuotable(value)) return [`${name}=${quotedString(value)}`];
  const charset = chooseCharset(field, value, options);
  const prefix = `${charset.label}''`;
  const whole = toPercent(charset.encode(value));
  // The blank before and the semicolon after count too.
  if (`${name}*=${prefix}${whole}`.length <= FOLD_WIDTH - 2) return [`${name}*=${prefix}${whole}`];
  const room = FOLD_WIDTH - 2 - `${name}*9999*=${prefix}`.length;
  return sections(charset, value, Math.max(room, 27)).map(
    (section, index) => `${name}*${index}*=${index === 0 ? prefix : ''}${section}`,
  );
}

/** The value in percent escapes, in pieces of at most `room` characters that hold whole characters of the text. */
function sections(charset: ChosenCharset, value: string, room: number): string[] {
  const chunks = charset.chunks(value, Math.floor(room / 3)).map(toPercent);
  const joined: string[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + chunk.length <= room) joined[joined.length - 1] = last + chunk;
    else joined.push(chunk);
  }
  return joined;
}

function toPercent(octets: Uint8Array): string {
  let text = '';
  for (const character of latin1FromBytes(octets)) {
    text += ATTRIBUTE_CHARACTER.test(character)
      ? character
      : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** `name="=?…?= =?…?="`, each encoded word on a line of its own where they are many. */
function plainWords(field: string, { name, value }: ParameterToWrite, options: WriteOptions): string[] {
  if (isQuotable(value)) return [`${name}=${quotedString(value)}`];
  const words = encodeWords(field, value, FOLD_WIDTH - `${name}="";`.length - 1, options);
  // All of it may have been unmappable, and nothing wanted in its place.
  if (words.length === 0) return [`${name}=""`];
  words[0] = `${name}="${words[0]!}`;
  words[words.length - 1] += '"';
  return words;
}
