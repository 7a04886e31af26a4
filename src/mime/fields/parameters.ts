import { concatBytes } from '../../core/bytes.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { fieldTextFromCharset } from '../charset-text.js';
import { type MimeDefect, type MimeDefectCode, mimeDefect } from '../defects.js';
import { decodeWords, hexDigit } from './encoded-words.js';
import { isBlank, type Lexer, trimBlanks, unfold } from './lexer.js';
import { type Parameter, Parameters } from './parameter-map.js';
import { plainParameters } from './plain-parameters.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

/** A parameter as it stands there. */
interface RawParameter {
  readonly name: string;
  readonly value: string;
  /** Where the name begins, in characters of the field's value. */
  readonly at: number;
}

/** Reads `*(";" parameter)` to the end of the value. Defects carry `offset`. */
export function parseParameters(
  lexer: Lexer,
  offset: number,
  options: ValueOptions,
): { parameters: Parameters; defects: MimeDefect[] } {
  const plain = plainParameters(lexer.text, lexer.at, lexer.text.length, options);
  if (plain !== undefined) return { parameters: new Parameters(plain), defects: [] };
  const context: Context = {
    defects: new DefectSet(offset),
    names: new ValueLimit('parameters', options, offset),
    words: new ValueLimit('encodedWords', options, offset),
    options,
    offset,
  };
  const { defects } = context;
  const raw = readRaw(lexer, defects);
  if (lexer.unterminated) defects.add('parameter-malformed');
  const parameters = new Parameters(join(raw, context));
  for (const { hit } of [context.names, context.words]) if (hit !== undefined) defects.list.push(hit);
  return { parameters, defects: defects.list };
}

/** What the reading of one value shares. */
interface Context {
  readonly defects: DefectSet;
  readonly names: ValueLimit;
  readonly words: ValueLimit;
  readonly options: ValueOptions;
  readonly offset: number;
}

/** Each code once: a value with 20,000 bad parameters is one defect, not 20,000. */
class DefectSet {
  readonly list: MimeDefect[] = [];
  readonly #seen: Set<string> = new Set();
  readonly #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  add(code: MimeDefectCode, detail?: string): void {
    if (this.#seen.has(code)) return;
    this.#seen.add(code);
    this.list.push(mimeDefect(code, this.#offset, detail));
  }

  addHit(hit: MimeDefect | undefined): void {
    if (hit === undefined || this.#seen.has(hit.code)) return;
    this.#seen.add(hit.code);
    this.list.push(hit);
  }
}

function readRaw(lexer: Lexer, defects: DefectSet): RawParameter[] {
  const raw: RawParameter[] = [];
  const ends = new ValueEnds(lexer.text);
  for (;;) {
    lexer.skipCfws();
    while (lexer.peek() === ';') {
      lexer.at++;
      lexer.skipCfws();
    }
    if (lexer.done) return raw;
    const before = lexer.at;
    const name = lexer.until('=;"(').toLowerCase();
    lexer.skipCfws();
    if (lexer.peek() !== '=') {
      // A word without a value. Nothing else is known to be meant, so it is passed over.
      defects.add('parameter-malformed');
      if (lexer.peek() === '"') lexer.quotedString();
      if (lexer.at === before) lexer.at++;
      continue;
    }
    lexer.at++;
    if (name === '') defects.add('parameter-malformed');
    const value = readValue(lexer, ends, defects);
    if (name !== '') raw.push({ name, value, at: before });
  }
}

function readValue(lexer: Lexer, ends: ValueEnds, defects: DefectSet): string {
  lexer.skipCfws();
  if (lexer.peek() === '"') {
    let value = lexer.quotedString();
    lexer.skipCfws();
    if (lexer.done || lexer.peek() === ';') return value;
    // `"a" b` and `"a"b"c"`: what stands before the semicolon still belongs to the name that people see,
    // unless it looks like the next parameter whose semicolon was forgotten.
    const rest = lexer.text.slice(lexer.at, ends.after(lexer.at));
    defects.add('parameter-malformed');
    if (/^[!#$&+\-.^_`|~0-9A-Za-z*]+[ \t]*=/.test(rest.slice(0, 80))) return value;
    // A field that lost the line end before it is not part of any value.
    if (!/^Content-[A-Za-z-]+:/i.test(rest)) value += trimBlanks(unfold(rest));
    lexer.at += rest.length;
    return value;
  }
  // RFC 2045 wants a token here. Names with blanks and other specials are common, so all up to
  // the semicolon is taken; a comment ends it, and so does `name=` when a semicolon was forgotten.
  const end = ends.after(lexer.at);
  let value = lexer.text.slice(lexer.at, end);
  const next = /[\t\r\n ](?=[!#$&+\-.^_`|~0-9A-Za-z*]+=)/.exec(
    value.length > 4096 ? value.slice(0, 4096) : value,
  );
  if (next !== null && !value.startsWith('=?')) {
    value = value.slice(0, next.index);
    defects.add('parameter-malformed');
  }
  lexer.at += value.length;
  const trimmed = trimBlanks(unfold(value));
  if (/[\s"<>@,:\\/[\]?=]/.test(trimmed)) defects.add('parameter-malformed');
  return trimmed;
}

/**
 * Where values end that are not quoted: before the semicolon, or the comment
 * after a blank. The last answer is kept, else a value of many `name=word`
 * without semicolons would be searched to its end for each.
 */
class ValueEnds {
  readonly #text: string;
  #from = 0;
  #end = -1;

  constructor(text: string) {
    this.#text = text;
  }

  after(at: number): number {
    if (at >= this.#from && at <= this.#end) return this.#end;
    let end = at;
    for (; end < this.#text.length; end++) {
      const unit = this.#text.charCodeAt(end);
      if (unit === 0x3b) break;
      if (unit === 0x28 && end > at && isBlank(this.#text.charCodeAt(end - 1))) break;
    }
    this.#from = at;
    this.#end = end;
    return end;
  }
}

/** One section of a value (RFC 2231 §3). */
interface Section {
  readonly extended: boolean;
  readonly value: string;
}

/** Everything that stands there under one name. */
interface Collected {
  plain: string | undefined;
  extended: string | undefined;
  sections: Map<number, Section> | undefined;
  limit: ValueLimit | undefined;
}

function join(raw: readonly RawParameter[], context: Context): Parameter[] {
  const { defects } = context;
  const collected = new Map<string, Collected>();
  for (const { name, value, at } of raw) {
    const split = /^([^*]+)(?:\*(\d{1,9}))?(\*)?$/.exec(name);
    const base = split?.[1] ?? name;
    let entry = collected.get(base);
    if (entry === undefined) {
      if (!context.names.takes(at)) break;
      entry = { plain: undefined, extended: undefined, sections: undefined, limit: undefined };
      collected.set(base, entry);
    }
    if (split?.[2] !== undefined) {
      entry.limit ??= new ValueLimit('parameterSections', context.options, context.offset);
      if (!entry.limit.takes(at)) {
        defects.addHit(entry.limit.hit);
        continue;
      }
      const index = Number(split[2]);
      entry.sections ??= new Map();
      if (entry.sections.has(index)) defects.add('parameter-duplicate', base);
      else entry.sections.set(index, { extended: split[3] !== undefined, value });
    } else if (split?.[3] !== undefined) {
      if (entry.extended === undefined) entry.extended = value;
      else defects.add('parameter-duplicate', base);
    } else if (entry.plain === undefined) entry.plain = value;
    else defects.add('parameter-duplicate', base);
  }
  const parameters: Parameter[] = [];
  for (const [name, entry] of collected) {
    // Of sections that are beyond their limit there is nothing.
    if ((entry.plain ?? entry.extended ?? entry.sections) === undefined) continue;
    parameters.push(decode(name, entry, context));
  }
  return parameters;
}

function decode(name: string, entry: Collected, context: Context): Parameter {
  const { defects } = context;
  if (entry.extended !== undefined) {
    return decodeSections(name, [{ extended: true, value: entry.extended }], context);
  }
  if (entry.sections !== undefined) {
    const indexes = [...entry.sections.keys()].sort((a, b) => a - b);
    if (indexes.at(-1) !== indexes.length - 1)
      defects.add('parameter-malformed', `sections of ${name} are missing`);
    return decodeSections(
      name,
      indexes.map((index) => entry.sections!.get(index)!),
      context,
    );
  }
  return { name, value: undoEncodedWords(entry.plain!, context), charset: undefined, language: undefined };
}

/** RFC 2231 forbids encoded words here and RFC 2047 §5 too, yet names are widely written so. */
function undoEncodedWords(value: string, { defects, words }: Context): string {
  if (!value.includes('=?')) return value;
  const decoded = decodeWords(value, [], words).text;
  if (decoded !== value) defects.add('parameter-encoded-word');
  return decoded;
}

function decodeSections(name: string, sections: readonly Section[], context: Context): Parameter {
  const { defects } = context;
  let charset: string | undefined;
  let language: string | undefined;
  const octets: Uint8Array[] = [];
  sections.forEach(({ extended, value }, index) => {
    let rest = value;
    if (!extended) {
      octets.push(bytesFromUtf8(rest));
      return;
    }
    if (index === 0 && !rest.startsWith('=?')) {
      const first = rest.indexOf("'");
      const second = first < 0 ? -1 : rest.indexOf("'", first + 1);
      if (second < 0) defects.add('parameter-malformed', `${name} lacks its charset`);
      else {
        charset = rest.slice(0, first).toLowerCase() || undefined;
        language = rest.slice(first + 1, second) || undefined;
        rest = rest.slice(second + 1);
      }
    } else if (charset !== undefined && rest.toLowerCase().startsWith(`${charset}'`)) {
      // RFC 2231 §7 allows no apostrophe here, so this can be nothing but the charset once more, as some programs write it.
      defects.add('parameter-malformed', `${name} tells its charset again`);
      rest = rest.slice(charset.length + 1).replace(/^[A-Za-z0-9-]*'/, '');
    }
    octets.push(undoPercent(rest, name, defects));
  });
  // An encoded word where RFC 2231 wants a charset and octets: nobody means its characters.
  const isWord = sections[0]!.extended && sections[0]!.value.startsWith('=?');
  const whole = concatBytes(octets);
  if (charset === undefined && (isWord || !sections.some((section) => section.extended))) {
    const plain = sections.map((section) => section.value).join('');
    return { name, value: undoEncodedWords(plain, context), charset, language };
  }
  const { text, known, damaged } = fieldTextFromCharset(charset ?? 'utf-8', whole);
  if (!known) defects.add('charset-unknown', charset);
  else if (damaged) defects.add('parameter-malformed', `${name} does not fit its charset`);
  return { name, value: text, charset, language };
}

function undoPercent(text: string, name: string, defects: DefectSet): Uint8Array {
  const source = bytesFromUtf8(text);
  const octets = new Uint8Array(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const octet = source[i]!;
    if (octet === 0x25) {
      const high = hexDigit(source[i + 1]);
      const low = hexDigit(source[i + 2]);
      if (high >= 0 && low >= 0) {
        octets[length++] = high * 16 + low;
        i += 2;
        continue;
      }
      defects.add('parameter-malformed', `${name} has a % without two hexadecimal digits`);
    }
    octets[length++] = octet;
  }
  return octets.subarray(0, length);
}
