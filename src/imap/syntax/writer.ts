import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { type ImapText, octetsOfText } from '../text.js';
import { CharacterBit, characterClass } from './characters.js';

/** A stretch of octets to write: views of what the caller gave, where that is large. */
export interface ImapFragment {
  readonly octets: Bytes;
  /** Whether to write the next fragment only after the server has sent a continuation request ("+"). */
  readonly wait: boolean;
}

/** How strings are written. */
export interface SyntaxWriterOptions {
  /**
   * What may be done with literals: `synchronising` waits for the server before
   * each (RFC 9051 §4.3), `LITERAL+` never, `LITERAL-` with more than 4,096
   * octets (RFC 7888). What a server writes never waits: `server`.
   */
  readonly literals: 'synchronising' | 'LITERAL+' | 'LITERAL-' | 'server';
  /** Whether quoted strings may hold UTF-8, and mailbox names are UTF-8 (RFC 9051; RFC 9755 where enabled). */
  readonly utf8: boolean;
}

/** RFC 7888 §4: LITERAL- is for literals of up to so many octets. */
const LITERAL_MINUS = 4096;

/** Literals of more octets are fragments by themselves, so that they need not be copied. */
const LARGE = 4096;

/** RFC 9051 §9 number64 (RFC 7162 mod-sequence-value is below that). */
const LARGEST = 0xffff_ffff_ffff_ffffn;

/** Longer strings become literals: servers bound the length of lines. */
const LONGEST_QUOTED = 1000;

/**
 * Writes the words of RFC 9051 §9 one after the other. Nothing that is passed
 * as a string can end a line or begin another word.
 */
export class SyntaxWriter {
  readonly options: SyntaxWriterOptions;
  readonly #fragments: ImapFragment[] = [];
  #pieces: Bytes[] = [];
  #text = '';
  #mayBeLiteral = true;

  constructor(options: SyntaxWriterOptions) {
    this.options = options;
  }

  /** Words that are known to be right: ASCII without line ends. */
  raw(text: string): void {
    this.#text += text;
  }

  /** Octets that are known to be right: without line ends. They are not copied before {@link finish}. */
  rawOctets(octets: Bytes): void {
    this.#flushText();
    this.#pieces.push(octets);
  }

  space(): void {
    this.#text += ' ';
  }

  /**
   * Where the line may not end, every string that `write` writes is a quoted
   * one: in UTF-8, as the text of a status response is.
   */
  withoutLiterals(write: () => void): void {
    this.#mayBeLiteral = false;
    write();
    this.#mayBeLiteral = true;
  }

  /** @throws MailsealError `usage` unless it is an atom. */
  atom(atom: string): void {
    if (!isAtom(atom)) throw notWritable('an atom', atom);
    this.#text += atom;
  }

  number(value: number | bigint): void {
    const isRight =
      typeof value === 'bigint' ? value >= 0n && value <= LARGEST : Number.isSafeInteger(value) && value >= 0;
    if (!isRight) {
      throw usage(
        `a whole number from 0 to 2^53 − 1, or to 2^64 − 1 as a bigint, is wanted, not ${shown(value)}`,
      );
    }
    this.#text += String(value);
  }

  /**
   * A quoted string where that can be, else a literal.
   *
   * @throws MailsealError `charset-unencodable` for half a surrogate pair;
   *   `usage` for NUL, which no string but a literal8 may have (RFC 9051 §9
   *   `CHAR8`), and for line ends where no literal may stand.
   */
  string(value: ImapText | Uint8Array): void {
    if (typeof value === 'string') {
      refuseHalves(value);
      if (isQuotable(value, this.options.utf8)) {
        this.#quoted(value);
        return;
      }
    }
    const octets = octetsOfText(value);
    // The string may be a secret: only the place is told.
    const nul = octets.indexOf(0);
    if (nul >= 0) throw usage(`NUL stands at octet ${nul} of a string, which has none`);
    if (this.#mayBeLiteral) this.literal(octets);
    else this.#quotedOctets(octets);
  }

  /** {@link string}, or a literal8 where it holds NUL (RFC 3516, RFC 5464 §5). */
  string8(value: ImapText | Uint8Array): void {
    if (typeof value === 'string') refuseHalves(value);
    const octets = octetsOfText(value);
    if (octets.includes(0) && this.#mayBeLiteral) this.literal(octets, true);
    else this.string(value);
  }

  nstring(value: ImapText | undefined): void {
    if (value === undefined) this.#text += 'NIL';
    else this.string(value);
  }

  /** An atom where that can be, else a string. */
  astring(value: ImapText | Uint8Array): void {
    // "NIL" as an atom would be read as no string at all by some.
    if (typeof value === 'string' && isAstringAtom(value) && value.toUpperCase() !== 'NIL')
      this.#text += value;
    else this.string(value);
  }

  #quoted(value: string): void {
    const content = escaped(value);
    if (isAsciiText(content)) this.#text += `"${content}"`;
    else {
      this.#text += '"';
      this.#flushText();
      this.#pieces.push(bytesFromUtf8(content));
      this.#text += '"';
    }
  }

  #quotedOctets(octets: Bytes): void {
    if (octets.includes(0x0a) || octets.includes(0x0d))
      throw usage('a string has line ends where no literal may stand');
    this.rawOctets(bytesFromLatin1(`"${escaped(latin1FromBytes(octets))}"`));
  }

  /** A literal; `binary` for one that may hold NUL (RFC 3516, `~{n}`). The octets are not copied. */
  literal(given: Uint8Array, binary = false): void {
    const octets = asBytes(given);
    const { literals } = this.options;
    const { length } = octets;
    const nonSynchronising = literals === 'LITERAL+' || (literals === 'LITERAL-' && length <= LITERAL_MINUS);
    if (binary) this.#text += '~';
    this.#text += `{${length}${nonSynchronising ? '+' : ''}}\r\n`;
    const isWaiting = literals !== 'server' && !nonSynchronising;
    const isLarge = length > LARGE;
    if (isWaiting || isLarge) this.#endFragment(isWaiting);
    else this.#flushText();
    if (isLarge) this.#fragments.push({ octets, wait: false });
    else this.#pieces.push(octets);
  }

  /** Elements in parentheses, apart by spaces. */
  list<Element>(elements: readonly Element[], write: (element: Element) => void): void {
    this.#text += '(';
    asList(elements).forEach((element, at) => {
      if (at > 0) this.#text += ' ';
      write(element);
    });
    this.#text += ')';
  }

  #flushText(): void {
    if (this.#text === '') return;
    this.#pieces.push(bytesFromUtf8(this.#text));
    this.#text = '';
  }

  #endFragment(wait: boolean): void {
    this.#flushText();
    const octets = this.#pieces.length === 1 ? this.#pieces[0]! : concatBytes(this.#pieces);
    this.#fragments.push({ octets, wait });
    this.#pieces = [];
  }

  /** Ends the line and gives what is to be written. */
  finish(): ImapFragment[] {
    this.#text += '\r\n';
    this.#endFragment(false);
    return this.#fragments;
  }
}

/**
 * What else can be gone through, such as a set or text, would be written as something nobody meant.
 *
 * @throws MailsealError `usage` for what is no array.
 */
export function asList<Element>(elements: readonly Element[]): readonly Element[] {
  if (Array.isArray(elements)) return elements;
  throw usage(`an array is wanted, not ${shown(elements)}`);
}

/** Whether it is an array that is not empty. */
export function isSome(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Whether it can be written without quotation marks where an atom is wanted. */
export function isAtom(text: string): boolean {
  return isAllOf(text, CharacterBit.atom);
}

/** Whether it can be written without quotation marks where a string is wanted. */
export function isAstringAtom(text: string): boolean {
  return isAllOf(text, CharacterBit.astring);
}

/** Whether it can be the tag of a command. */
export function isTag(text: string): boolean {
  return isAllOf(text, CharacterBit.tag);
}

function isAllOf(text: unknown, bits: number): boolean {
  if (typeof text !== 'string' || text === '') return false;
  for (let at = 0; at < text.length; at++) {
    if (((characterClass[text.charCodeAt(at)] ?? 0) & bits) === 0) return false;
  }
  return true;
}

/** Whether a text may stand between quotation marks (RFC 9051 §4.3: no CR, LF, NUL). */
function isQuotable(text: string, utf8: boolean): boolean {
  if (text.length > LONGEST_QUOTED) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0 || unit === 0x0a || unit === 0x0d || (unit > 0x7f && !utf8)) return false;
  }
  return true;
}

/** Half of a surrogate pair has no octets: another character in its place would be another password. */
export function refuseHalves(text: string): void {
  const offset = text.search(/[\uD800-\uDFFF]/u);
  if (offset < 0) return;
  // The text may be a secret: only the place is told.
  throw new MailsealError('charset-unencodable', `half a surrogate pair stands at ${offset} of a text`, {
    offset,
  });
}

function escaped(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}

function isAsciiText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function notWritable(what: string, value: unknown): MailsealError {
  return usage(`${what} is wanted, not ${shown(value)}`);
}
