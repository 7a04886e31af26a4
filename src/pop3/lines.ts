import { bytesFromLatin1 } from '../core/bytes.js';
import type { Pop3Command } from './command.js';
import { type QuirkNote, readData } from './read-data.js';
import type { Pop3Data } from './reply.js';

/**
 * Lines of a list, as many as came with a chunk. Each is read when it is asked
 * for, each time anew: who wants to go through them twice keeps `[...lines]`.
 *
 * @example
 * ```ts
 * import { Pop3ReplyDecoder } from 'mailseal/pop3';
 *
 * const decoder = new Pop3ReplyDecoder({ greeting: false });
 * decoder.expect({ name: 'UIDL' });
 * for (const event of decoder.push(new TextEncoder().encode('+OK\r\n1 a1\r\n2 b2\r\n.\r\n'))) {
 *   if (event.type === 'lines') console.log(event.lines.length, [...event.lines][1]); // 2 { type: 'unique-id', message: 2, uid: 'b2' }
 * }
 * ```
 */
export class Pop3Lines implements Iterable<Pop3Data> {
  readonly #text: string;
  readonly #command: Pop3Command;
  readonly #quirk: QuirkNote;
  /** Where the CR of each line is, if all are of printable ASCII and spaces and end in CRLF. */
  readonly #ends: readonly number[] | undefined;
  #length: number | undefined;

  /** @internal */
  constructor(text: string, command: Pop3Command, quirk: QuirkNote, ends: readonly number[] | undefined) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
    this.#ends = ends;
    this.#length = ends?.length;
  }

  /** How many lines there are. */
  get length(): number {
    if (this.#length === undefined) {
      let count = 0;
      for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) count++;
      this.#length = count;
    }
    return this.#length;
  }

  [Symbol.iterator](): Iterator<Pop3Data, undefined> {
    return this.#ends !== undefined && this.#command.name === 'UIDL'
      ? new UniqueIdIterator(this.#text, this.#ends, this.#command, this.#quirk)
      : linesOf(this.#text, 0, this.#command, this.#quirk);
  }
}

function* linesOf(
  text: string,
  start: number,
  command: Pop3Command,
  quirk: QuirkNote,
): Generator<Pop3Data, undefined> {
  for (let at = start; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const hasCr = end > at && text.charCodeAt(end - 1) === 0x0d;
    const to = hasCr ? end - 1 : end;
    // RFC 1939 §3: each line ends with CRLF.
    if (hasCr || quirk('bare-lf-line')) yield readData(text, at, to, command, quirk);
    else yield { type: 'line', octets: bytesFromLatin1(text.slice(at, to)) };
    at = end + 1;
  }
}

/**
 * Lines of UIDL in a regular text: mailboxes of ten thousand messages are read
 * at each visit. A generator, or a look at each character, takes twice the time.
 */
class UniqueIdIterator implements Iterator<Pop3Data, undefined> {
  readonly #text: string;
  readonly #command: Pop3Command;
  readonly #quirk: QuirkNote;
  readonly #ends: readonly number[];
  /** The next line, and where it begins. */
  #line = 0;
  #at = 0;
  /** The first space at or behind `#at`, -1 where there is none. */
  #space: number;
  /** Reads what is left once a line was not as RFC 1939 §7 has it. */
  #rest: Iterator<Pop3Data, undefined> | undefined;

  constructor(text: string, ends: readonly number[], command: Pop3Command, quirk: QuirkNote) {
    this.#text = text;
    this.#ends = ends;
    this.#command = command;
    this.#quirk = quirk;
    this.#space = text.indexOf(' ');
  }

  next(): IteratorResult<Pop3Data, undefined> {
    if (this.#rest !== undefined) return this.#rest.next();
    const text = this.#text;
    const start = this.#at;
    const end = this.#ends[this.#line];
    if (end === undefined) return { value: undefined, done: true };
    let message = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      message = message * 10 + digit;
    }
    const space = text.indexOf(' ', at + 1);
    const isPlain =
      at === this.#space && message > 0 && at - start <= 15 && end > at + 1 && (space < 0 || space > end);
    if (!isPlain) {
      this.#rest = linesOf(text, start, this.#command, this.#quirk);
      return this.#rest.next();
    }
    this.#line++;
    this.#at = end + 2;
    this.#space = space;
    return { value: { type: 'unique-id', message, uid: text.substring(at + 1, end) }, done: false };
  }
}
