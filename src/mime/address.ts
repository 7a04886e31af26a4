import { type MimeDefect, mimeDefect } from './defects.js';
import { decodeEncodedWords } from './encoded-words.js';
import { textOfHeader } from './header-text.js';
import { isBlank, Lexer } from './lexer.js';

/** One mailbox of an address list (RFC 5322 §3.4). */
export interface Mailbox {
  /** The display name, encoded words undone; from a comment (`a@b (Name)`) where there is no other. For people only: anybody can write anything here. */
  readonly name: string | undefined;
  /**
   * `local@domain`, without quotes, comments, blanks and routes that mean
   * nothing; the local part is quoted only where it needs to be. Letters keep
   * their case. `''` where there is no `@`.
   */
  readonly address: string;
  /** The local part, quoting undone. */
  readonly localPart: string;
  /** The domain, or a domain literal with its brackets. */
  readonly domain: string;
  /** The texts of its comments. */
  readonly comments: readonly string[];
}

/** A named group of mailboxes (RFC 5322 §3.4), which may be empty. */
export interface Group {
  /** The name, encoded words undone. */
  readonly name: string;
  readonly members: readonly Mailbox[];
}

/** A mailbox or a group: groups have `members`. */
export type Address = Mailbox | Group;

/** The addresses of a field in their order, and what was wrong with them. */
export type AddressList = readonly Address[] & {
  /** At most one of each code; offsets are characters from the start of the value. */
  readonly defects: readonly MimeDefect[];
};

/**
 * Reads the value of an address field: From, Sender, Reply-To, To, Cc, Bcc
 * (RFC 5322 §3.4 and §4.4, RFC 6532 for raw UTF-8). It never throws; what is
 * not as it should be is read as far as it goes, with the defect
 * `address-malformed`.
 *
 * What stands in angle brackets is the address, whatever stands before them:
 * `"alice@example.jp" <mallory@example.net>` is mallory. Comments and encoded
 * words are never part of an address. Addresses without a comma between them
 * are all told.
 *
 * @param value the field's value without its name, as octets (`field.rawValue`) or as text (`field.value`)
 * @example
 * ```ts
 * import { parseAddressList } from 'mailseal/mime';
 *
 * const [address] = parseAddressList('"alice@example.jp" <mallory@example.net> (not Alice)');
 * if (address !== undefined && 'address' in address) console.log(address.address); // mallory@example.net
 * ```
 */
export function parseAddressList(value: string | Uint8Array): AddressList {
  if (typeof value === 'string') return new AddressParser(value, []).parse();
  const { text, defects } = textOfHeader(value, 0, value.length);
  const known = defects.map((code) => mimeDefect(code, 0));
  return new AddressParser(text, known).parse();
}

/** A piece of an address between the characters that divide addresses. */
interface Token {
  readonly kind: 'word' | 'quoted' | 'dot' | 'at' | 'literal';
  readonly text: string;
  /** Whether blanks or comments stand before it. */
  readonly spaced: boolean;
}

const SPECIALS = '()<>[]:;@\\,."';
const ENCODED_WORD = /=\?[^?\s]{1,100}\?[bBqQ]\?[^?\s]*\?=/y;

class AddressParser {
  readonly #lexer: Lexer;
  readonly #addresses: Address[] = [];
  readonly #defects: MimeDefect[];
  #group: { name: string; members: Mailbox[] } | undefined;
  #tokens: Token[] = [];
  #comments: string[] = [];
  /** Whether a quote or a parenthesis without its end was met: those that follow are characters like any other. */
  #openQuote = false;
  #openComment = false;
  /** Whether an address in angle brackets was told and no comma or the like came since. */
  #afterAngle = false;

  constructor(text: string, defects: readonly MimeDefect[]) {
    this.#lexer = new Lexer(text);
    this.#defects = [...defects];
  }

  parse(): AddressList {
    const lexer = this.#lexer;
    for (;;) {
      const stop = this.#collect();
      switch (stop) {
        case '<':
          this.#angle();
          break;
        case ':':
          lexer.at++;
          this.#afterAngle = false;
          if (this.#group !== undefined) this.#malformed();
          this.#endGroup();
          if (this.#tokens.some((token) => token.kind === 'at')) this.#malformed();
          this.#group = { name: this.#phrase(this.#tokens) ?? '', members: [] };
          this.#tokens = [];
          break;
        case ';':
          lexer.at++;
          this.#tellSpecs();
          if (this.#group === undefined) this.#malformed();
          this.#endGroup();
          break;
        case ',':
          lexer.at++;
          this.#tellSpecs();
          break;
        case '':
          this.#tellSpecs();
          if (this.#group !== undefined) this.#malformed();
          this.#endGroup();
          return withDefects(this.#addresses, this.#defects);
        default:
          this.#stray(stop);
      }
    }
  }

  #malformed(): void {
    if (this.#defects.some((defect) => defect.code === 'address-malformed')) return;
    this.#defects.push(mimeDefect('address-malformed', this.#lexer.at));
  }

  #tell(mailbox: Mailbox): void {
    if (this.#group === undefined) this.#addresses.push(mailbox);
    else this.#group.members.push(mailbox);
  }

  #endGroup(): void {
    if (this.#group !== undefined) this.#addresses.push(this.#group);
    this.#group = undefined;
  }

  /** Gathers tokens and comments up to a character that divides, which is given and left where it is. */
  #collect(): string {
    const lexer = this.#lexer;
    let spaced = false;
    for (;;) {
      const before = lexer.at;
      this.#blanksAndComments();
      spaced ||= lexer.at > before;
      const next = lexer.peek();
      const add = (kind: Token['kind'], text: string): void => {
        this.#tokens.push({ kind, text, spaced });
        spaced = false;
      };
      if (next === '"') {
        const text = this.#quoted();
        if (text === undefined) lexer.at++;
        else add('quoted', text);
      } else if (next === '.' || next === '@') {
        lexer.at++;
        add(next === '.' ? 'dot' : 'at', next);
      } else if (next === '[') add('literal', this.#literal());
      else if (next === '(') {
        // A comment without its end.
        spaced = true;
        lexer.at++;
      } else if (next === '' || SPECIALS.includes(next)) return next;
      else add('word', this.#word());
    }
  }

  #blanksAndComments(): void {
    const lexer = this.#lexer;
    for (;;) {
      lexer.skipBlanks();
      if (lexer.peek() !== '(' || this.#openComment) return;
      const at = lexer.at;
      const comment = lexer.comment();
      if (lexer.unterminated) {
        lexer.unterminated = false;
        lexer.at = at;
        this.#openComment = true;
        this.#malformed();
        return;
      }
      this.#comments.push(comment);
    }
  }

  #quoted(): string | undefined {
    const lexer = this.#lexer;
    if (this.#openQuote) return undefined;
    const at = lexer.at;
    const text = lexer.quotedString();
    if (!lexer.unterminated) return text;
    lexer.unterminated = false;
    lexer.at = at;
    this.#openQuote = true;
    this.#malformed();
    return undefined;
  }

  /** A domain literal with its brackets. */
  #literal(): string {
    const lexer = this.#lexer;
    const from = lexer.at;
    while (!lexer.done && !']>,;'.includes(lexer.peek())) lexer.at++;
    if (lexer.peek() === ']') lexer.at++;
    else this.#malformed();
    return lexer.text.slice(from, lexer.at);
  }

  #word(): string {
    const lexer = this.#lexer;
    if (lexer.text.startsWith('=?', lexer.at)) {
      // Encoded words hold characters here and there that must be encoded in a phrase (RFC 2047 §5).
      ENCODED_WORD.lastIndex = lexer.at;
      const match = ENCODED_WORD.exec(lexer.text);
      if (match !== null) {
        lexer.at += match[0].length;
        if (/[()<>[\]:;@\\,"]/.test(match[0])) this.#malformed();
        return match[0];
      }
    }
    return lexer.until(SPECIALS);
  }

  /** Reads from `<` to `>`. What was gathered before is the display name. */
  #angle(): void {
    const lexer = this.#lexer;
    lexer.at++;
    // Blanks before a bracket end what stands before it: `a@b <c@d>` has one address, c@d.
    if (this.#afterAngle || this.#tokens.some((token) => token.kind === 'at' || token.kind === 'literal')) {
      this.#malformed();
    }
    const name = this.#phrase(this.#tokens);
    this.#tokens = [];
    for (;;) {
      const stop = this.#collect();
      if (stop === ':' && this.#tokens[0]?.kind === 'at') {
        // RFC 5322 §4.4: a route, `@host,@host:`, which is to be ignored.
        lexer.at++;
        this.#tokens = [];
      } else if (stop === ',' && this.#isRoute()) lexer.at++;
      else if (stop === ',') {
        this.#malformed();
        lexer.at++;
        this.#tellAngle(name);
      } else if (stop === '>' || stop === '') {
        if (stop === '') this.#malformed();
        else lexer.at++;
        // RFC 822's way to name somebody, `<a@b> (Name)`, goes with the address before it.
        this.#blanksAndComments();
        this.#tellAngle(name);
        return;
      } else this.#stray(stop);
    }
  }

  /** Keeps a character that has no business where it stands, so that leaving it out does not make another address of it. */
  #stray(character: string): void {
    this.#malformed();
    this.#tokens.push({ kind: 'word', text: character, spaced: false });
    this.#lexer.at++;
  }

  /** Whether the tokens in angle brackets begin a route rather than an address. */
  #isRoute(): boolean {
    return this.#tokens.length === 0 || this.#tokens[0]!.kind === 'at';
  }

  #tellAngle(name: string | undefined): void {
    const tokens = this.#tokens;
    this.#tokens = [];
    this.#afterAngle = true;
    const at = lastIndexOfAt(tokens);
    if (at <= 0 || at === tokens.length - 1 || !isJoined(tokens)) this.#malformed();
    this.#tell(
      this.#mailbox(name, tokens.slice(0, Math.max(at, 0)), at < 0 ? tokens : tokens.slice(at + 1), at >= 0),
    );
  }

  /** Tells what stands without angle brackets: `local@domain`, perhaps several of them, or a mere name. */
  #tellSpecs(): void {
    const tokens = this.#tokens;
    this.#tokens = [];
    let told = this.#afterAngle;
    this.#afterAngle = false;
    if (tokens.length === 0) {
      this.#comments = [];
      return;
    }
    let from = 0;
    for (let at = indexOfAt(tokens, 0); at >= 0; at = indexOfAt(tokens, from)) {
      // The local part reaches back over what clings to it, the domain forward.
      let local = at;
      while (local > from && (local === at || clings(tokens, local))) local--;
      let end = at + 1;
      // `a@b@c` names nobody: it is kept whole, so that it is equal to no address.
      while (end < tokens.length && (end === at + 1 || clings(tokens, end) || tokens[end]!.kind === 'at'))
        end++;
      const whole = tokens.slice(local, end);
      if (told || local > from || local === at || end === at + 1 || !isJoined(whole)) this.#malformed();
      const last = lastIndexOfAt(tokens, end);
      const name = this.#phrase(tokens.slice(from, local));
      this.#tell(this.#mailbox(name, tokens.slice(local, last), tokens.slice(last + 1, end), true));
      told = true;
      from = end;
    }
    if (from === tokens.length) return;
    this.#malformed();
    // Words behind an address name nobody; words alone are a name without an address.
    if (!told) this.#tell(this.#mailbox(this.#phrase(tokens), [], [], false));
  }

  #mailbox(
    name: string | undefined,
    local: readonly Token[],
    domain: readonly Token[],
    hasAt: boolean,
  ): Mailbox {
    const comments = this.#comments;
    this.#comments = [];
    const localPart = hasAt ? spellAddress(local) : '';
    const domainText = hasAt ? spellAddress(domain) : '';
    const last = comments.at(-1);
    return {
      name: name ?? (last === undefined || last === '' ? undefined : decodeEncodedWords(last).text),
      address: hasAt ? `${quoteIfNeeded(localPart)}@${domainText}` : '',
      localPart,
      domain: domainText,
      comments: comments.map((comment) => decodeEncodedWords(comment).text),
    };
  }

  /** The text of a phrase, `undefined` for none. */
  #phrase(tokens: readonly Token[]): string | undefined {
    if (tokens.length === 0) return undefined;
    const { text, defects } = decodeEncodedWords(spellPhrase(tokens));
    for (const defect of defects) {
      if (!this.#defects.some((each) => each.code === defect.code)) this.#defects.push(defect);
    }
    return text;
  }
}

/** A list that looks like an array of addresses alone when it is compared or printed. */
function withDefects(addresses: readonly Address[], defects: readonly MimeDefect[]): AddressList {
  return Object.defineProperty(addresses, 'defects', { value: defects }) as AddressList;
}

/** Whether a token belongs to the one before it: a dot is between them, or no blank is. */
function clings(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]!;
  const before = tokens[index - 1]!;
  return (
    token.kind !== 'at' &&
    (token.kind === 'dot' || before.kind === 'dot' || before.kind === 'at' || !token.spaced)
  );
}

/** The text of a phrase, with one blank where there were blanks or comments. */
function spellPhrase(tokens: readonly Token[]): string {
  return tokens.map((token, i) => (token.spaced && i > 0 ? ` ${token.text}` : token.text)).join('');
}

/**
 * The text of a local part or domain, in which blanks around dots mean nothing
 * (RFC 5322 §4.4). Words that no dot joins are kept apart by a blank, so that
 * `"ali"ce@example.jp` is never alice.
 */
function spellAddress(tokens: readonly Token[]): string {
  return tokens
    .map((token, i) => {
      const joined = i === 0 || isJoint(token) || isJoint(tokens[i - 1]!);
      return joined ? token.text : ` ${token.text}`;
    })
    .join('');
}

function isJoint(token: Token): boolean {
  return token.kind === 'dot' || token.kind === 'at';
}

/** Whether nothing but dots and one @ stands between the words. */
function isJoined(tokens: readonly Token[]): boolean {
  let ats = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { kind } = tokens[i]!;
    if (kind === 'at') ats++;
    else if (i > 0 && kind !== 'dot' && tokens[i - 1]!.kind !== 'dot' && tokens[i - 1]!.kind !== 'at')
      return false;
  }
  return ats === 1;
}

function indexOfAt(tokens: readonly Token[], from: number): number {
  for (let i = from; i < tokens.length; i++) if (tokens[i]!.kind === 'at') return i;
  return -1;
}

function lastIndexOfAt(tokens: readonly Token[], end: number = tokens.length): number {
  for (let i = end - 1; i >= 0; i--) if (tokens[i]!.kind === 'at') return i;
  return -1;
}

/** RFC 5321 §4.1.2: a local part is quoted where it is not atoms and dots. Two dots in a row are common in Japan, so they pass. */
function quoteIfNeeded(localPart: string): string {
  let plain = localPart !== '';
  for (let i = 0; i < localPart.length && plain; i++) {
    const unit = localPart.charCodeAt(i);
    plain = unit > 0x20 && unit !== 0x7f && !isBlank(unit) && !'()<>[]:;@\\,"'.includes(localPart.charAt(i));
  }
  return plain ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`;
}
