import { type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { wireTextOfLatin1 } from '../../core/wire-text.js';
import type { ImapText } from '../text.js';
import { CharacterBit, characterClass } from './characters.js';
import { FrameCursor, type SyntaxOptions } from './cursor.js';
import type { DetachedLiteral, Frame } from './frame.js';

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const TILDE = 0x7e;

/**
 * Goes through one frame from left to right and reads the words that the
 * grammar of RFC 9051 §9 is made of. Methods that read throw `imap-malformed`
 * with the place where the word is not what it has to be.
 */
export class SyntaxReader extends FrameCursor {
  readonly #isAscii: boolean;
  /** From the first to the second place there is neither a backslash nor a line end. */
  #clearFrom = 0;
  #clearTo = 0;
  #nextBackslash = -1;
  #nextLf = -1;
  /** Whether the literal that was taken last was not among the lines. */
  #detached = false;

  constructor(frame: Frame, options: SyntaxOptions) {
    super(frame, options);
    this.#isAscii = frame.isAscii === true;
  }

  /** All that is left, as text where its octets are UTF-8. */
  rest(): ImapText {
    const rest = this.text.substring(this.at, this.end);
    this.at = this.end;
    return wireTextOfLatin1(rest);
  }

  /** An atom, in the letters that it has. */
  atom(): string {
    const atom = this.run(CharacterBit.atom);
    if (atom === '') this.fail('an atom');
    return atom;
  }

  /** An atom in capital letters. */
  keyword(): string {
    return this.atom().toUpperCase();
  }

  /** A number of 0 to 2^53 − 1 in decimal digits. */
  number(): number {
    const from = this.at;
    const { text, end } = this;
    let value = 0;
    let at = from;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === from || value > Number.MAX_SAFE_INTEGER) this.fail('a number below 2^53', from);
    this.at = at;
    return value;
  }

  /** A number of any size up to 2^64 − 1. */
  bigint(): bigint {
    const from = this.at;
    const { text, end } = this;
    let value = 0;
    let at = from;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const length = at - from;
    if (length === 0 || length > 20) this.fail('a number', from);
    this.at = at;
    if (length < 16) return BigInt(value);
    const large = BigInt(text.substring(from, at));
    if (large > 0xffff_ffff_ffff_ffffn) this.fail('a number below 2^64', from);
    return large;
  }

  /** Whether the next thing is a quoted string or a literal. */
  isString(): boolean {
    const code = this.peek();
    return (
      code === QUOTE || code === BRACE || (code === TILDE && this.text.charCodeAt(this.at + 1) === BRACE)
    );
  }

  /** A quoted string or a literal. */
  string(): ImapText {
    if (this.peek() === QUOTE) return this.quoted();
    const { octets, length } = this.takeLiteral();
    if (octets === undefined) this.fail('a literal that was not handed out in pieces already');
    // From the text, since what is read late outlives the octets; see Frame.
    if (this.#detached) return strictUtf8FromBytes(octets) ?? octets.slice();
    return wireTextOfLatin1(this.text.substring(this.at - length, this.at));
  }

  /** NIL as `undefined`, or a string. */
  nstring(): ImapText | undefined {
    if (this.peek() === QUOTE) return this.quoted();
    return this.nil() ? undefined : this.string();
  }

  /** An atom (that may have "]"), a quoted string or a literal. */
  astring(): ImapText {
    if (this.isString()) return this.string();
    const atom = this.run(CharacterBit.astring);
    if (atom === '') this.fail('a string or an atom');
    return atom;
  }

  /** Takes NIL if it comes next and no longer atom begins with it. */
  nil(): boolean {
    const { at, text } = this;
    if ((text.charCodeAt(at) | 0x20) !== 0x6e || at + 3 > this.end) return false;
    // "NIL" in either case: bit 5 tells small letters from capital ones.
    if ((text.charCodeAt(at + 1) | 0x20) !== 0x69 || (text.charCodeAt(at + 2) | 0x20) !== 0x6c) return false;
    if (at + 3 < this.end && (characterClass[text.charCodeAt(at + 3)]! & CharacterBit.atom) !== 0)
      return false;
    this.at = at + 3;
    return true;
  }

  /** The place behind the quotation mark that ends the quoted string that begins at `start`. */
  quoteEnd(start: number): number {
    const { text, end } = this;
    let at = start + 1;
    let quote = text.indexOf('"', at);
    for (;;) {
      if (quote < 0 || quote >= end) return this.#unended(start);
      if (at < this.#clearFrom || quote >= this.#clearTo) this.#findNextSpecial(at);
      if (quote < this.#clearTo) return quote + 1;
      at = this.#clearTo;
      // A line end within quotation marks (RFC 9051 §4.3 forbids it) is that of a literal that was none.
      if (text.charCodeAt(at) !== BACKSLASH) return this.#unended(start);
      // What stands behind a backslash stands for itself, whatever it is.
      at += 2;
      if (quote < at) quote = text.indexOf('"', at);
    }
  }

  /** Finds the next backslash or line end: up to there quoted strings need no second look. */
  #findNextSpecial(from: number): void {
    const { text } = this;
    if (from < this.#clearFrom || this.#nextBackslash < from) {
      const backslash = text.indexOf('\\', from);
      this.#nextBackslash = backslash < 0 ? text.length : backslash;
    }
    if (from < this.#clearFrom || this.#nextLf < from) {
      const lf = text.indexOf('\n', from);
      this.#nextLf = lf < 0 ? text.length : lf;
    }
    this.#clearFrom = from;
    this.#clearTo = Math.min(this.#nextBackslash, this.#nextLf);
  }

  #unended(start: number): never {
    return this.fail('a quotation mark that ends the string that begins here', start);
  }

  /** A quoted string, with its backslashes undone (RFC 9051 §4.3). */
  quoted(): ImapText {
    if (this.peek() !== QUOTE) this.fail('a quotation mark');
    const { text, end } = this;
    const from = this.at + 1;
    if (this.#isAscii) {
      const to = this.quoteEnd(from - 1);
      this.at = to;
      // Where a backslash was passed over, what is clear begins behind the string's first character.
      if (this.#clearFrom <= from) return text.substring(from, to - 1);
      return withoutBackslashes(text.substring(from, to - 1));
    }
    let seen = 0;
    let at = from;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code < 0x23) {
        if (code === QUOTE) {
          this.at = at + 1;
          const plain = text.substring(from, at);
          return seen < 0x80 ? plain : wireTextOfLatin1(plain);
        }
        // A line end within quotation marks (RFC 9051 §4.3 forbids it) is that of a literal that was none.
        if (code === LF) break;
      } else if (code === BACKSLASH) break;
      seen |= code;
    }
    return this.#escaped(from, at);
  }

  #escaped(from: number, firstBackslash: number): ImapText {
    const { text, end } = this;
    let unescaped = '';
    let pieceAt = from;
    for (let at = firstBackslash; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return wireTextOfLatin1(unescaped + text.substring(pieceAt, at));
      }
      if (code === LF) break;
      if (code === BACKSLASH) {
        unescaped += text.substring(pieceAt, at);
        // What stands behind a backslash stands for itself, whatever it is.
        at++;
        pieceAt = at;
      }
    }
    return this.#unended(from - 1);
  }

  /**
   * A literal (RFC 9051 §4.3, `{n}`, `{n+}`, `~{n}`): its octets, a view where
   * it was kept among the lines.
   */
  literal(): Bytes {
    const { octets } = this.takeLiteral();
    if (octets === undefined) this.fail('a literal that was not handed out in pieces already');
    return octets;
  }

  /** As {@link literal}, for who can do with a literal that was handed out in pieces. */
  takeLiteral(): DetachedLiteral {
    const from = this.at;
    this.skip(TILDE);
    this.expect(BRACE);
    const length = this.number();
    if (!this.skip(0x2b)) this.skip(0x2d);
    this.expect(0x7d);
    if (this.skip(0x0d) ? !this.skip(0x0a) : !this.skip(0x0a))
      this.fail('a line end behind the length of a literal');
    const detached = this.frame.literals?.get(this.at);
    this.#detached = detached !== undefined;
    if (detached !== undefined) return detached;
    const to = this.at + length;
    if (to > this.end) this.fail(`a literal of ${length} octets`, from);
    const octets =
      to <= this.octets.length
        ? this.octets.subarray(this.at, to)
        : bytesFromLatin1(this.text.substring(this.at, to));
    this.at = to;
    return { length, octets };
  }
}

/** What stands behind a backslash stands for itself, whatever it is. */
function withoutBackslashes(escaped: string): string {
  let text = '';
  let from = 0;
  for (let at = escaped.indexOf('\\'); at >= 0; at = escaped.indexOf('\\', from + 1)) {
    text += escaped.substring(from, at);
    from = at + 1;
  }
  return text + escaped.substring(from);
}
