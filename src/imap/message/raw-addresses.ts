import type { ImapAddress } from '../values/envelope.js';
import { endOfComment, imapTextOf, isBlank, readQuotedString, trimBlanks } from './raw-text.js';

/** An address while it is read, each octet a character. */
interface Reading {
  /** Words before an angle bracket or a colon, or the local part where neither comes. */
  words: string[];
  /** Whether a blank stands before each word. */
  apart: boolean[];
  domain: string | undefined;
  comment: string | undefined;
}

/**
 * Reads an address field (RFC 5322 §3.4, §4.4) as ENVELOPE has it (RFC 9051
 * §7.5.2): nothing decoded, groups opened and closed by entries of their own.
 * What is not written as it has to be is read as far as it goes. A missing host
 * or mailbox is empty, since NIL would mean a group.
 *
 * @param value one line, each octet a character.
 * @param most so many entries at most; those behind are left out.
 */
export function readRawAddresses(value: string, most: number): ImapAddress[] {
  return new AddressReader(value, most).read();
}

class AddressReader {
  readonly #text: string;
  #at = 0;
  readonly #found: ImapAddress[] = [];
  #current: Reading = empty();
  #inGroup = false;
  #blankBefore = false;

  readonly #most: number;

  constructor(text: string, most: number) {
    this.#text = text;
    this.#most = most;
  }

  read(): ImapAddress[] {
    while (this.#at < this.#text.length && this.#found.length < this.#most) this.#step();
    this.#flush();
    if (this.#inGroup) this.#found.push(GROUP_END);
    return this.#found;
  }

  #step(): void {
    const text = this.#text;
    const code = text.charCodeAt(this.#at);
    if (isBlank(code)) {
      this.#blankBefore = true;
      this.#at++;
      return;
    }
    switch (text[this.#at]) {
      case '(': {
        const end = endOfComment(text, this.#at);
        this.#current.comment ??= trimBlanks(undoBackslashes(text.slice(this.#at + 1, end - 1)));
        this.#at = end;
        return;
      }
      case '"': {
        const { value, end } = readQuotedString(text, this.#at);
        this.#word(value);
        this.#at = end;
        return;
      }
      case ',':
        this.#at++;
        this.#flush();
        return;
      case '<':
        this.#angle();
        return;
      case ':':
        this.#at++;
        this.#openGroup();
        return;
      case ';':
        this.#at++;
        this.#flush();
        if (this.#inGroup) this.#found.push(GROUP_END);
        this.#inGroup = false;
        return;
      case '@':
        this.#at++;
        this.#current.domain = this.#domain(',;<:');
        return;
      default:
        this.#word(this.#run('(),;:<@"'));
    }
  }

  #word(word: string): void {
    this.#current.words.push(word);
    this.#current.apart.push(this.#blankBefore);
    this.#blankBefore = false;
  }

  /** Characters up to a blank or one of these. */
  #run(ends: string): string {
    const text = this.#text;
    const from = this.#at++;
    while (this.#at < text.length && !isBlank(text.charCodeAt(this.#at)) && !ends.includes(text[this.#at]!))
      this.#at++;
    return text.slice(from, this.#at);
  }

  #domain(ends: string): string {
    const text = this.#text;
    let domain = '';
    while (this.#at < text.length) {
      const character = text[this.#at]!;
      if (isBlank(character.charCodeAt(0))) this.#at++;
      else if (character === '(') {
        const end = endOfComment(text, this.#at);
        this.#current.comment ??= trimBlanks(undoBackslashes(text.slice(this.#at + 1, end - 1)));
        this.#at = end;
      } else if (character === '[') {
        const end = text.indexOf(']', this.#at);
        const to = end < 0 ? text.length : end + 1;
        domain += text.slice(this.#at, to);
        this.#at = to;
      } else if (ends.includes(character)) break;
      else domain += this.#run(`${ends}([`);
    }
    return domain;
  }

  #angle(): void {
    const text = this.#text;
    this.#at++;
    let route = '';
    let mailbox = '';
    let host = '';
    while (this.#at < text.length && text[this.#at] !== '>') {
      const character = text[this.#at]!;
      if (isBlank(character.charCodeAt(0))) this.#at++;
      else if (character === '(') this.#at = endOfComment(text, this.#at);
      else if (character === '"') {
        const { value, end } = readQuotedString(text, this.#at);
        mailbox += value;
        this.#at = end;
      } else if (character === '@') {
        this.#at++;
        if (mailbox === '' && host === '') {
          const close = text.indexOf('>', this.#at);
          const inside = text.slice(this.#at, close < 0 ? text.length : close);
          const colon = inside.indexOf(':');
          if (colon >= 0) {
            route = `@${trimBlanks(inside.slice(0, colon))}`;
            this.#at += colon + 1;
            continue;
          }
        }
        host = this.#domain('>');
      } else mailbox += this.#run('(>@"');
    }
    this.#at++;
    const { words, apart, comment } = this.#current;
    const name = phrase(words, apart) || comment || undefined;
    this.#push(name, route || undefined, mailbox, host);
    this.#current = empty();
    this.#blankBefore = false;
  }

  #openGroup(): void {
    const { words, apart } = this.#current;
    // A colon within a group, or before any name, opens none.
    if (this.#inGroup || words.length === 0) return;
    this.#found.push({ ...GROUP_END, mailbox: imapTextOf(phrase(words, apart)) });
    this.#inGroup = true;
    this.#current = empty();
    this.#blankBefore = false;
  }

  #flush(): void {
    const { words, apart, domain, comment } = this.#current;
    // Words alone are somebody's name; one alone is a mailbox here.
    if (domain === undefined && apart.lastIndexOf(true) > 0) {
      this.#push(phrase(words, apart), undefined, '', '');
    } else if (words.length > 0 || domain !== undefined) {
      this.#push(comment || undefined, undefined, words.join(''), domain ?? '');
    }
    this.#current = empty();
    this.#blankBefore = false;
  }

  #push(name: string | undefined, route: string | undefined, mailbox: string, host: string): void {
    this.#found.push({
      name: name === undefined ? undefined : imapTextOf(name),
      route: route === undefined ? undefined : imapTextOf(route),
      mailbox: imapTextOf(mailbox),
      host: imapTextOf(host),
    });
  }
}

const GROUP_END: ImapAddress = { name: undefined, route: undefined, mailbox: undefined, host: undefined };

function empty(): Reading {
  return { words: [], apart: [], domain: undefined, comment: undefined };
}

/** Words with one blank where blanks were. */
function phrase(words: readonly string[], apart: readonly boolean[]): string {
  return words.map((word, at) => (at > 0 && apart[at] === true ? ` ${word}` : word)).join('');
}

function undoBackslashes(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
