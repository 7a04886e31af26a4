import { type MimeDefect, mimeDefect } from '../defects.js';
import { Lexer } from './lexer.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

/** A property of a result, such as `header.from=example.net` (RFC 8601 §2.3). */
export interface AuthenticationProperty {
  /** Lower case: `smtp`, `header`, `body`, `policy`, `dns`, … */
  readonly type: string;
  /** Lower case, such as `mailfrom`, `d`, `i`. */
  readonly name: string;
  /** Quotes undone. */
  readonly value: string;
}

/** What one method found (RFC 8601 §2.2). */
export interface AuthenticationResult {
  /** Lower case: `dkim`, `spf`, `dmarc`, `iprev`, `auth`, … */
  readonly method: string;
  /** The method's version, 1 where none is told. */
  readonly version: number;
  /** Lower case: `pass`, `fail`, `softfail`, `neutral`, `none`, `policy`, `temperror`, `permerror`, … */
  readonly result: string;
  /** What `reason=` says. */
  readonly reason: string | undefined;
  readonly properties: readonly AuthenticationProperty[];
  /** The comments in it; for people. */
  readonly comments: readonly string[];
}

/** An Authentication-Results field (RFC 8601). */
export interface AuthenticationResults {
  /** Who says so (authserv-id), quotes undone; `''` where the field does not tell, as some large servers write. */
  readonly authservId: string;
  /** The version of the field's syntax, 1 where none is told. */
  readonly version: number;
  /** Empty where the server says `none`. */
  readonly results: readonly AuthenticationResult[];
  /** Offsets are characters from the start of the value. */
  readonly defects: readonly MimeDefect[];
}

/**
 * Reads the value of an Authentication-Results field (RFC 8601 §2.2), also of
 * ARC-Authentication-Results without its instance tag.
 *
 * Anybody may write such a field. It means something only where the reader's
 * own server wrote it: `authservId` is that server's, and that server removes
 * those that came in with its name (§5). No function of mailseal believes it.
 *
 * A result that is not `method=result` is left out with the defect
 * `authentication-results-malformed`.
 *
 * @param value the field's value, with or without its line folds
 * @param options limits (`parameters` counts results and properties) and what happens where one is hit
 * @throws MailsealError `limit-parameters` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseAuthenticationResults } from 'mailseal/mime';
 *
 * const { authservId, results } = parseAuthenticationResults(
 *   'mx.example.net; dkim=pass (2048 bits) header.d=example.org; spf=fail smtp.mailfrom=example.org',
 * );
 * console.log(authservId, results.map(({ method, result }) => `${method} ${result}`)); // mx.example.net [ 'dkim pass', 'spf fail' ]
 * ```
 */
export function parseAuthenticationResults(value: string, options: ValueOptions = {}): AuthenticationResults {
  return new ResultsParser(value, options).parse();
}

class ResultsParser {
  readonly #lexer: Lexer;
  readonly #limit: ValueLimit;
  readonly #defects: MimeDefect[] = [];
  #comments: string[] = [];

  constructor(value: string, options: ValueOptions) {
    this.#lexer = new Lexer(value);
    this.#limit = new ValueLimit('parameters', options);
  }

  parse(): AuthenticationResults {
    const lexer = this.#lexer;
    let authservId = '';
    let version = 1;
    this.#skip();
    // `dkim=pass; …`: a server that does not say who it is.
    const start = lexer.at;
    authservId = this.#value(';=');
    this.#skip();
    if (lexer.peek() === '=') {
      this.#malformed();
      authservId = '';
      lexer.at = start;
    } else {
      if (authservId === '') this.#malformed();
      const digits = this.#value(';');
      if (/^\d{1,9}$/.test(digits)) version = Number(digits);
      else if (digits !== '') this.#malformed();
    }
    const results: AuthenticationResult[] = [];
    this.#comments = [];
    while (this.#limit.hit === undefined) {
      this.#skip();
      if (lexer.done) break;
      if (lexer.peek() === ';') {
        lexer.at++;
        continue;
      }
      const result = this.#result();
      if (result !== undefined) results.push(result);
      this.#comments = [];
    }
    if (this.#limit.hit !== undefined) this.#defects.push(this.#limit.hit);
    return { authservId, version, results, defects: this.#defects };
  }

  /** Reads up to the next semicolon. */
  #result(): AuthenticationResult | undefined {
    const lexer = this.#lexer;
    const at = lexer.at;
    const method = this.#value(';=/').toLowerCase();
    let version = 1;
    this.#skip();
    if (lexer.peek() === '/') {
      lexer.at++;
      this.#skip();
      const digits = lexer.until(';=(');
      if (/^\d{1,9}$/.test(digits)) version = Number(digits);
      else this.#malformed();
    }
    const result = this.#assigned()?.toLowerCase();
    if (result === undefined || method === '') {
      this.#skip();
      if (method !== 'none' || (!lexer.done && lexer.peek() !== ';')) this.#malformed();
      this.#passRest();
      return undefined;
    }
    if (!this.#limit.takes(at)) return undefined;
    let reason: string | undefined;
    const properties: AuthenticationProperty[] = [];
    for (;;) {
      this.#skip();
      if (lexer.done || lexer.peek() === ';') break;
      const before = lexer.at;
      const name = this.#propertyName();
      const assigned = this.#assigned();
      const dot = name.indexOf('.');
      if (assigned === undefined) {
        this.#malformed();
        if (lexer.at === before) lexer.at++;
      } else if (name === 'reason') reason ??= assigned;
      else if (dot <= 0) this.#malformed();
      else if (!this.#limit.takes(before)) break;
      else {
        const type = name.slice(0, dot);
        properties.push({ type, name: name.slice(dot + 1), value: assigned });
      }
    }
    return { method, version, result, reason, properties, comments: this.#comments };
  }

  /** Lower case; blanks and comments may stand beside its dot. */
  #propertyName(): string {
    const lexer = this.#lexer;
    const pieces = [this.#value(';=')];
    for (;;) {
      this.#skip();
      const joined = pieces[pieces.length - 1]!.endsWith('.') || lexer.peek() === '.';
      const more = joined ? lexer.until(';=(') : '';
      if (more === '') return pieces.join('').toLowerCase();
      pieces.push(more);
    }
  }

  #passRest(): void {
    const lexer = this.#lexer;
    for (;;) {
      this.#skip();
      if (lexer.done || lexer.peek() === ';') return;
      if (this.#value(';') === '') lexer.at++;
    }
  }

  /** What stands after an equals sign; `undefined` where there is no such sign. */
  #assigned(): string | undefined {
    const lexer = this.#lexer;
    this.#skip();
    if (lexer.peek() !== '=') return undefined;
    lexer.at++;
    const value = this.#value(';');
    // `"a b"@example.net`: a quoted local part goes with what clings to it.
    return value + lexer.until(';(');
  }

  /** A quoted string or a run of characters up to a blank, a comment, or one of `stops`. */
  #value(stops: string): string {
    const lexer = this.#lexer;
    this.#skip();
    const quoted = lexer.peek() === '"' ? lexer.closedQuotedString() : undefined;
    return quoted ?? lexer.until(`${stops}(`);
  }

  #skip(): void {
    const lexer = this.#lexer;
    for (;;) {
      lexer.skipBlanks();
      if (lexer.peek() !== '(') return;
      const comment = lexer.closedComment();
      if (comment === undefined) {
        // A parenthesis without its end is passed, or nothing after it could be read.
        this.#malformed();
        lexer.at++;
      } else this.#comments.push(comment);
    }
  }

  #malformed(): void {
    if (this.#defects.length === 0) {
      this.#defects.push(mimeDefect('authentication-results-malformed', this.#lexer.at));
    }
  }
}
