import type { BodyParameter } from '../structure/body-structure.js';
import { endOfComment, imapTextOf, isBlank, readQuotedString } from './raw-text.js';

/** A value with parameters as BODYSTRUCTURE has it: nothing decoded. Each octet is a character. */
export interface RawStructured {
  /** What stands before the first semicolon, without comments and blanks. */
  readonly value: string;
  readonly parameters: readonly BodyParameter[];
}

/** More are left out, as is what follows: the octets of the header have them. */
const MOST_PARAMETERS = 1000;

/** Reads the value of Content-Type or Content-Disposition (RFC 2045 §5.1, RFC 2183 §2), one line, each octet a character. */
export function readRawStructured(text: string): RawStructured {
  const reader = new Reader(text);
  const value = reader.word(';');
  const raw: { name: string; value: string }[] = [];
  while (!reader.isAtEnd && raw.length < MOST_PARAMETERS) {
    reader.skip(';');
    const name = reader.word(';=');
    if (!reader.skip('=')) continue;
    const parameter = reader.word(';', true);
    if (name !== '') raw.push({ name, value: parameter });
  }
  const parameters = joinContinuations(raw).map(({ name, value: each }) => ({
    name: imapTextOf(name),
    value: imapTextOf(each),
  }));
  return { value, parameters };
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** All up to one of these characters, without comments, quotation marks and blanks around; blanks inside are kept as one. */
  word(ends: string, mayMiss = false): string {
    const text = this.#text;
    let word = '';
    let blank = false;
    while (this.#at < text.length) {
      const character = text[this.#at]!;
      if (isBlank(character.charCodeAt(0))) {
        blank = word !== '';
        this.#at++;
        continue;
      }
      if (character === '(') {
        this.#at = endOfComment(text, this.#at);
        continue;
      }
      if (ends.includes(character)) break;
      if (blank) {
        // The semicolon before the next parameter was forgotten.
        if (mayMiss && /^[^\s;"=]{1,100}=/.test(text.slice(this.#at, this.#at + 101))) break;
        word += ' ';
      }
      blank = false;
      if (character === '"') {
        const { value, end } = readQuotedString(text, this.#at);
        word += value;
        this.#at = end;
      } else {
        const from = this.#at;
        while (
          this.#at < text.length &&
          !isBlank(text.charCodeAt(this.#at)) &&
          !ends.includes(text[this.#at]!) &&
          text[this.#at] !== '"' &&
          text[this.#at] !== '('
        )
          this.#at++;
        word += text.slice(from, this.#at);
      }
    }
    return word;
  }
}

interface RawParameter {
  readonly name: string;
  readonly value: string;
}

/** One section of a value (RFC 2231 §3). */
interface Section {
  readonly value: string;
  readonly isExtended: boolean;
}

/**
 * RFC 2231 §6: servers join the sections of a value; charsets stay encoded. A
 * value of which a section is missing stays in its sections.
 */
function joinContinuations(raw: readonly RawParameter[]): readonly RawParameter[] {
  const sections = new Map<string, Map<number, Section>>();
  for (const { name, value } of raw) {
    const split = splitName(name);
    if (split === undefined) continue;
    let known = sections.get(split.base);
    if (known === undefined) {
      known = new Map();
      sections.set(split.base, known);
    }
    if (!known.has(split.number)) known.set(split.number, { value, isExtended: split.isExtended });
  }
  if (sections.size === 0) return raw;
  const whole = new Map<string, RawParameter | undefined>();
  for (const [base, known] of sections) {
    const ordered = Array.from({ length: known.size }, (_, at) => known.get(at));
    if (ordered.every((section) => section !== undefined)) whole.set(base, joined(base, ordered));
  }
  const parameters: RawParameter[] = [];
  for (const parameter of raw) {
    const base = splitName(parameter.name)?.base;
    if (base === undefined || !whole.has(base)) parameters.push(parameter);
    else {
      const value = whole.get(base);
      if (value !== undefined) parameters.push(value);
      // Its other sections are told with the first.
      whole.set(base, undefined);
    }
  }
  return parameters;
}

function joined(base: string, sections: readonly Section[]): RawParameter {
  if (!sections.some(({ isExtended }) => isExtended))
    return { name: base, value: sections.map(({ value }) => value).join('') };
  const value = sections.map((section) => (section.isExtended ? section.value : percent(section.value)));
  return { name: `${base}*`, value: value.join('') };
}

function splitName(name: string): { base: string; number: number; isExtended: boolean } | undefined {
  const found = /^([^*]{1,200})\*(\d{1,4})(\*?)$/.exec(name);
  if (found === null) return undefined;
  return { base: found[1]!, number: Number(found[2]), isExtended: found[3] === '*' };
}

/** A plain section within an extended value: octets that RFC 2231 has a meaning for. */
function percent(value: string): string {
  return value.replaceAll(
    /[^A-Za-z0-9._-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
