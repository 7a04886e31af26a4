import { type MimeDefect, mimeDefect } from '../defects.js';
import {
  type AddressToken,
  clings,
  indexOfAt,
  isJoined,
  lastIndexOfAt,
  quoteIfNeeded,
  spellAddress,
  spellPhrase,
} from './address-tokens.js';
import { decodeWords } from './encoded-words.js';
import { Lexer, unfold } from './lexer.js';
import type { Address, AddressList, Mailbox } from './mailbox.js';
import { valueList } from './value-list.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

const SPECIALS = '()<>[]:;@\\,."';
const ENCODED_WORD = /=\?[^?\s]{1,100}\?[bBqQ]\?[^?\s]*\?=/y;

/** A mailbox whose name may still come. */
type NamedMailbox = { -readonly [Key in keyof Mailbox]: Mailbox[Key] };

/** Reads the text of one address field; see `parseAddressList`. */
export class AddressParser {
  readonly #lexer: Lexer;
  readonly #addresses: Address[] = [];
  readonly #defects: MimeDefect[];
  /** The mailbox told last. */
  #last: NamedMailbox | undefined;
  #group: { name: string; members: Mailbox[] } | undefined;
  #tokens: AddressToken[] = [];
  #comments: string[] = [];
  /** Whether an address in angle brackets was told and no comma or the like came since. */
  #afterAngle = false;
  readonly #limit: ValueLimit;
  /** Counts the encoded words of the whole field, not of each name. */
  readonly #words: ValueLimit;

  constructor(text: string, defects: readonly MimeDefect[], options: ValueOptions) {
    this.#lexer = new Lexer(text);
    this.#defects = [...defects];
    this.#limit = new ValueLimit('addresses', options);
    this.#words = new ValueLimit('encodedWords', options);
  }

  parse(): AddressList {
    const lexer = this.#lexer;
    while (this.#limit.hit === undefined) {
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
          // Those of the group's name are no member's.
          this.#comments = [];
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
          return this.#end();
        default:
          this.#stray(stop);
      }
    }
    return this.#end();
  }

  #end(): AddressList {
    this.#endGroup();
    for (const { hit } of [this.#limit, this.#words]) if (hit !== undefined) this.#defects.push(hit);
    return valueList(this.#addresses, this.#defects);
  }

  #malformed(): void {
    if (this.#defects.some((defect) => defect.code === 'address-malformed')) return;
    this.#defects.push(mimeDefect('address-malformed', this.#lexer.at));
  }

  #tell(mailbox: NamedMailbox): void {
    if (!this.#limit.takes(this.#lexer.at)) return;
    this.#last = mailbox;
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
      let kind: AddressToken['kind'];
      let text: string | undefined = next;
      if (next === '"') {
        kind = 'quoted';
        text = lexer.closedQuotedString();
      } else if (next === '.' || next === '@') {
        kind = next === '.' ? 'dot' : 'at';
        lexer.at++;
      } else if (next === '[') {
        kind = 'literal';
        text = this.#literal();
      } else if (next === '(') {
        // A comment without its end: a character like any other.
        kind = 'word';
        lexer.at++;
      } else if (next === '' || SPECIALS.includes(next)) return next;
      else {
        kind = 'word';
        text = this.#word();
      }
      if (text === undefined) {
        this.#malformed();
        lexer.at++;
        continue;
      }
      this.#tokens.push({ kind, text, spaced });
      spaced = false;
    }
  }

  #blanksAndComments(): void {
    const lexer = this.#lexer;
    for (;;) {
      lexer.skipBlanks();
      if (lexer.peek() !== '(') return;
      const comment = lexer.closedComment();
      if (comment === undefined) {
        this.#malformed();
        return;
      }
      this.#comments.push(comment);
    }
  }

  /** A domain literal with its brackets. */
  #literal(): string {
    const lexer = this.#lexer;
    const from = lexer.at;
    while (!lexer.done && !']>,;'.includes(lexer.peek())) lexer.at++;
    if (lexer.peek() === ']') lexer.at++;
    else this.#malformed();
    return unfold(lexer.text.slice(from, lexer.at));
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
    const name = this.#phrase(tokens.slice(from));
    // Words alone are a name without an address. Those behind an address name it where nothing else does.
    if (!told) this.#tell(this.#mailbox(name, [], [], false));
    else if (this.#last !== undefined) this.#last.name ??= name;
  }

  #mailbox(
    name: string | undefined,
    local: readonly AddressToken[],
    domain: readonly AddressToken[],
    hasAt: boolean,
  ): NamedMailbox {
    const comments = this.#comments.map((comment) => this.#text(comment));
    this.#comments = [];
    const localPart = hasAt ? spellAddress(local) : '';
    const domainText = hasAt ? spellAddress(domain) : '';
    return {
      name: name ?? (comments.at(-1) || undefined),
      address: hasAt ? `${quoteIfNeeded(localPart)}@${domainText}` : '',
      localPart,
      domain: domainText,
      comments,
    };
  }

  /** The text of a phrase, `undefined` for none. */
  #phrase(tokens: readonly AddressToken[]): string | undefined {
    return tokens.length === 0 ? undefined : this.#text(spellPhrase(tokens));
  }

  /** Undoes the encoded words of a phrase or comment that ends about here. */
  #text(raw: string): string {
    this.#words.base = Math.max(this.#lexer.at - raw.length, 0);
    const { text, defects } = decodeWords(raw, [], this.#words);
    for (const { code, message } of defects) {
      if (this.#defects.some((each) => each.code === code)) continue;
      this.#defects.push({ code, offset: this.#words.base, message });
    }
    return text;
  }
}
