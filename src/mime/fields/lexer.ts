import { usage } from '../../core/errors.js';

/**
 * Reads a structured header value from left to right: blanks and comments
 * (RFC 5322 §3.2.2), quoted strings (§3.2.4), and runs of other characters.
 * Comments may be nested to any depth; nothing here recurses or looks back, so
 * the work is linear in the value.
 */
export class Lexer {
  readonly text: string;
  at: number;
  /** Whether a comment or quoted string lacked its end. */
  unterminated = false;
  #openComment = false;
  #openQuote = false;

  /** @throws MailsealError `usage` */
  constructor(text: string, at = 0) {
    assertText(text);
    this.text = text;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The character at the place, '' at the end. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Passes blanks and line ends. */
  skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
  }

  /** Passes blanks, line ends and comments. */
  skipCfws(): void {
    for (;;) {
      this.skipBlanks();
      if (this.text.charCodeAt(this.at) !== 0x28) return;
      this.comment();
    }
  }

  /** Reads the comment that begins here; its text, nested parentheses kept, quoted pairs undone, line ends dropped. */
  comment(): string {
    let depth = 0;
    let comment = '';
    let from = this.at + 1;
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === 0x5c) {
        comment += this.text.slice(from, this.at);
        this.at++;
        from = this.at;
      } else if (unit === 0x28) depth++;
      else if (unit === 0x29 && --depth === 0) {
        comment += this.text.slice(from, this.at);
        this.at++;
        return unfold(comment);
      }
    }
    this.at = this.text.length;
    this.unterminated = true;
    return unfold(comment + this.text.slice(from));
  }

  /** Reads the quoted string that begins here, without its quotes, quoted pairs undone, line ends dropped. */
  quotedString(): string {
    let value = '';
    let from = ++this.at;
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === 0x22) {
        value += this.text.slice(from, this.at);
        this.at++;
        return value;
      }
      if (unit === 0x5c) {
        value += this.text.slice(from, this.at);
        this.at++;
        // A line end is one behind a backslash, too.
        from = this.text.charCodeAt(this.at) === 0x0a ? this.at + 1 : this.at;
      } else if (unit === 0x0a) {
        // A CR goes with the LF after it; one that stands alone is a character that makes names differ.
        const hasCr = this.at > from && this.text.charCodeAt(this.at - 1) === 0x0d;
        value += this.text.slice(from, hasCr ? this.at - 1 : this.at);
        from = this.at + 1;
      }
    }
    this.at = this.text.length;
    this.unterminated = true;
    return value + this.text.slice(from);
  }

  /**
   * Like {@link comment}, but `undefined` and nothing passed where the comment
   * has no end. Parentheses after such a one are characters like any other,
   * else each of them would be searched to the end.
   */
  closedComment(): string | undefined {
    if (this.#openComment) return undefined;
    const at = this.at;
    const comment = this.comment();
    if (!this.unterminated) return comment;
    this.unterminated = false;
    this.#openComment = true;
    this.at = at;
    return undefined;
  }

  /** Like {@link quotedString}, but `undefined` and nothing passed where the quotes have no end, as in {@link closedComment}. */
  closedQuotedString(): string | undefined {
    if (this.#openQuote) return undefined;
    const at = this.at;
    const text = this.quotedString();
    if (!this.unterminated) return text;
    this.unterminated = false;
    this.#openQuote = true;
    this.at = at;
    return undefined;
  }

  /** Passes blanks and comments up to a character that is neither, which may be a parenthesis that has no end. */
  skipClosedCfws(): void {
    for (;;) {
      this.skipBlanks();
      if (this.text.charCodeAt(this.at) !== 0x28 || this.closedComment() === undefined) return;
    }
  }

  /** Reads up to the first character that is in `stops`, a blank, or a line end. */
  until(stops: string): string {
    const { text } = this;
    const table = stopTable(stops);
    const from = this.at;
    let at = from;
    while (at < text.length) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80 && table[unit] === 1) break;
      at++;
    }
    this.at = at;
    return text.slice(from, at);
  }
}

const stopTables = /* @__PURE__ */ new Map<string, Uint8Array>();

/** For each ASCII character whether it stops {@link Lexer.until}. There are as many tables as kinds of fields. */
function stopTable(stops: string): Uint8Array {
  let table = stopTables.get(stops);
  if (table === undefined) {
    table = new Uint8Array(0x80);
    for (const stop of `${stops} \t\r\n`) table[stop.charCodeAt(0)] = 1;
    stopTables.set(stops, table);
  }
  return table;
}

/** Space, tab, CR, LF. */
export function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0d || unit === 0x0a;
}

/** The text without blanks at either end. (`trim` takes away more kinds of blanks, which are part of a value.) */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The text without its line folds: line ends go, the blanks after them stay (RFC 5322 §2.2.3). */
export function unfold(text: string): string {
  return text.includes('\n') ? text.replace(/\r?\n/g, '') : text;
}

/**
 * Refuses a value that is none: what a header does not have is `undefined`.
 *
 * @throws MailsealError `usage`
 */
export function assertText(value: unknown): asserts value is string {
  if (typeof value === 'string') return;
  throw usage(`the value of a header field is wanted as text, not ${typeof value}`);
}
