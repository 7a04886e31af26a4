import { bytesFromLatin1 } from '../core/bytes.js';
import type { Pop3Command } from './command.js';
import { type QuirkNote, readData } from './read-data.js';
import type { Pop3Data } from './reply.js';
import { COLUMNS } from './unique-id-table.js';

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
  /** Where all is, of lines of UIDL as they should be. */
  readonly #table: Int32Array | undefined;
  #length: number | undefined;

  /** @internal */
  constructor(text: string, command: Pop3Command, quirk: QuirkNote, table: Int32Array | undefined) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
    this.#table = table;
    if (table !== undefined) this.#length = table.length / COLUMNS;
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
    return new LineIterator(this.#text, this.#command, this.#quirk, this.#table);
  }
}

/** One class for all lists: a generator beside it, or in its place, takes twice the time. */
class LineIterator implements Iterator<Pop3Data, undefined> {
  readonly #text: string;
  readonly #command: Pop3Command;
  readonly #quirk: QuirkNote;
  readonly #table: Int32Array | undefined;
  /** The next line: where it begins in the table, or without one in the text. */
  #at = 0;

  constructor(text: string, command: Pop3Command, quirk: QuirkNote, table: Int32Array | undefined) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
    this.#table = table;
  }

  // One result for all ends of it, which an engine need not make at all where it inlines this.
  next(): IteratorResult<Pop3Data, undefined> {
    const table = this.#table;
    const value = table === undefined ? this.#readLine() : this.#uniqueId(table);
    return { value, done: value === undefined } as IteratorResult<Pop3Data, undefined>;
  }

  #uniqueId(table: Int32Array): Pop3Data | undefined {
    const at = this.#at;
    if (at >= table.length) return undefined;
    this.#at = at + COLUMNS;
    const uid = this.#text.substring(table[at + 1]!, table[at + 2]!);
    return { type: 'unique-id', message: table[at]!, uid };
  }

  #readLine(): Pop3Data | undefined {
    const text = this.#text;
    const at = this.#at;
    if (at >= text.length) return undefined;
    const end = text.indexOf('\n', at);
    this.#at = end + 1;
    const hasCr = end > at && text.charCodeAt(end - 1) === 0x0d;
    const to = hasCr ? end - 1 : end;
    // RFC 1939 §3: each line ends with CRLF.
    return hasCr || this.#quirk('bare-lf-line')
      ? readData(text, at, to, this.#command, this.#quirk)
      : { type: 'line', octets: bytesFromLatin1(text.slice(at, to)) };
  }
}
