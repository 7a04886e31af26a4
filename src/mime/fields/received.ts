import { type MimeDefect, mimeDefect } from '../defects.js';
import { parseDate } from './date.js';
import { Lexer } from './lexer.js';
import { type FromDetails, hostDetails, plainHost, type ReceivedTls, tlsOf } from './received-host.js';

/** What a Received field says of the server that the message came from. All but `address` is what that server said of itself. */
export interface ReceivedFrom extends FromDetails {
  /** The word after `from`: by RFC 5321 what the client called itself, a name or an address without its brackets. */
  readonly name: string | undefined;
}

/** A Received field (RFC 5321 §4.4, RFC 5322 §3.6.7) in its pieces. */
export interface Received {
  readonly from: ReceivedFrom | undefined;
  /** The server that wrote the field; an address without its brackets. */
  readonly by: string | undefined;
  /** The link, such as `TCP` or `UUCP`. */
  readonly via: string | undefined;
  /** The words after `with`, such as `ESMTPS` or `Microsoft SMTP Server`. */
  readonly with: string | undefined;
  /** The protocol among the words of `with` in capitals (RFC 3848, RFC 6531 §4.3), such as `ESMTPSA`. */
  readonly protocol: string | undefined;
  /** The server's own name for the message, without angle brackets. */
  readonly id: string | undefined;
  /** The envelope recipient, without angle brackets. */
  readonly for: string | undefined;
  /** What the comments say of TLS. */
  readonly tls: ReceivedTls | undefined;
  readonly date: Date | undefined;
  /** Offsets are characters from the start of the value. */
  readonly defects: readonly MimeDefect[];
}

const KEYWORDS = ['from', 'by', 'via', 'with', 'id', 'for'] as const;
type Keyword = (typeof KEYWORDS)[number];

/** One clause: a keyword, the words after it, and the comments among them. */
interface Clause {
  readonly words: string[];
  readonly comments: string[];
}

/**
 * Reads the value of a Received field. Servers write what they like into
 * comments; what the well-known ones write is understood: the address and name
 * that they saw, the greeting, the account, TLS. Nothing in a Received field is
 * proved by anything: whoever passed the message on may have written those
 * below his own.
 *
 * A field without `by` or without a date has the defect `received-malformed`;
 * of a clause that stands there twice the first counts.
 *
 * @param value the field's value, with or without its line folds
 * @example
 * ```ts
 * import { parseReceived } from 'mailseal/mime';
 *
 * const { from, by, protocol, date } = parseReceived(
 *   'from a.example (a.example [192.0.2.1]) by b.example with ESMTPS id X1; Tue, 1 Jul 2003 10:52:37 +0200',
 * );
 * console.log(from?.name, from?.address, by, protocol); // a.example 192.0.2.1 b.example ESMTPS
 * console.log(date?.toISOString()); // 2003-07-01T08:52:37.000Z
 * ```
 */
export function parseReceived(value: string): Received {
  const { clauses, opening, dateStart } = readClauses(value);
  const first = (keyword: Keyword): string | undefined => clauses.get(keyword)?.words[0];
  const from = clauses.get('from') ?? fromInComment(opening.comments);
  const comments = [...clauses.values(), opening].flatMap((clause) => clause.comments);
  const date = dateStart < 0 ? undefined : parseDate(value.slice(dateStart));
  const by = first('by');
  const withWords = clauses.get('with')?.words;
  return {
    from: from === undefined ? undefined : readFrom(from),
    by: by === undefined ? undefined : plainHost(by),
    via: first('via'),
    with: withWords === undefined || withWords.length === 0 ? undefined : withWords.join(' '),
    protocol: protocolOf(withWords ?? []),
    id: unbracket(first('id')),
    for: unbracket(first('for')),
    tls: tlsOf([...(withWords ?? []), ...comments]),
    date,
    defects:
      by === undefined || date === undefined
        ? [mimeDefect('received-malformed', 0, by === undefined ? 'it names no server' : 'it has no date')]
        : [],
  };
}

function readClauses(value: string): {
  readonly clauses: ReadonlyMap<Keyword, Clause>;
  readonly opening: Clause;
  readonly dateStart: number;
} {
  const lexer = new Lexer(value);
  const clauses = new Map<Keyword, Clause>();
  const opening: Clause = { words: [], comments: [] };
  let clause = opening;
  let dateStart = -1;
  for (;;) {
    lexer.skipBlanks();
    if (lexer.done) return { clauses, opening, dateStart };
    const next = lexer.peek();
    const comment = next === '(' ? lexer.closedComment() : undefined;
    if (comment !== undefined) {
      if (dateStart < 0) clause.comments.push(comment);
      continue;
    }
    if (next === ';') {
      // The date follows the last one that stands outside of comments.
      dateStart = ++lexer.at;
      continue;
    }
    const word = readWord(lexer);
    if (dateStart >= 0) continue;
    const keyword = KEYWORDS.find((each) => each === word.toLowerCase());
    if (keyword === undefined) clause.words.push(word);
    else {
      clause = { words: [], comments: [] };
      if (!clauses.has(keyword)) clauses.set(keyword, clause);
    }
  }
}

function readWord(lexer: Lexer): string {
  const from = lexer.at;
  if (lexer.peek() === '"') {
    const text = lexer.closedQuotedString();
    if (text !== undefined) return text;
  }
  lexer.at++;
  lexer.until('(;');
  const word = lexer.text.slice(from, lexer.at);
  return word.endsWith(',') ? word.slice(0, -1) : word;
}

/** Sendmail and others put all of it into a comment: `(from user@localhost) by …`. */
function fromInComment(comments: readonly string[]): Clause | undefined {
  const comment = comments.find((each) => /^from\s/i.test(each));
  return comment === undefined ? undefined : readClauses(comment).clauses.get('from');
}

function readFrom({ words, comments }: Clause): ReceivedFrom {
  // The address may stand beside the name without a comment around it: `from a.example [192.0.2.1] by`.
  const [name, ...others] = words;
  const beside = others.filter((word) => word.startsWith('['));
  return {
    name: name === undefined || name === '[' ? undefined : plainHost(name),
    ...hostDetails([...beside, ...comments]),
  };
}

/** The protocols of the registry that RFC 3848 began, and those that old programs name. */
const PROTOCOL = /^(?:(?:UTF8)?(?:E?SMTPS?A?|LMTPS?A?)|HTTPS?|IMAP|POP3|MMS|LOCAL|UUCP|ASMTP|BSMTP)$/;

function protocolOf(words: readonly string[]): string | undefined {
  for (const word of words) {
    // Exim's `local-esmtp`, XMail's `[XMail 1.20 ESMTP Server]`, `ESMTP/TLS/…`.
    const slash = word.indexOf('/');
    const name = slash < 0 ? word : word.slice(0, slash);
    const plain = name.toUpperCase().replace(/^LOCAL-|[[\]]/g, '');
    if (PROTOCOL.test(plain)) return plain;
    if (plain === 'ESMTP-TLS') return 'ESMTPS';
    if (plain === 'SMTPSVC') return 'SMTP';
    if (plain === 'HTTPREST') return 'HTTP';
  }
  return undefined;
}

function unbracket(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  return word.replace(/^</, '').replace(/>$/, '') || undefined;
}
