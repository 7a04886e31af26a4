import { bytesFromLatin1 } from '../core/bytes.js';
import type { Pop3Command } from './command.js';
import { type QuirkNote, readData } from './read-data.js';
import type { Pop3Data } from './reply.js';
import { COLUMNS, type UniqueIdRuns } from './unique-id-runs.js';

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
  readonly #runs: Int32Array | undefined;
  #length: number | undefined;

  /** @internal */
  constructor(text: string, command: Pop3Command, quirk: QuirkNote, found?: UniqueIdRuns) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
    this.#runs = found?.runs;
    this.#length = found?.count;
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
    return new LineIterator(this.#text, this.#command, this.#quirk, this.#runs);
  }
}

/** One class for all lists: a generator beside it, or in its place, takes twice the time. */
class LineIterator implements Iterator<Pop3Data, undefined> {
  readonly #text: string;
  readonly #command: Pop3Command;
  readonly #quirk: QuirkNote;
  readonly #runs: Int32Array | undefined;
  /** In the text: where the next line begins, or its unique-id where there are runs. */
  #at = 0;
  /** Where the next run stands among them. */
  #next = 0;
  /** Of the run that is gone through: how many lines are left, and what they are like. */
  #left = 0;
  #message = 0;
  #size = 0;
  #stride = 0;

  constructor(text: string, command: Pop3Command, quirk: QuirkNote, runs: Int32Array | undefined) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
    this.#runs = runs;
  }

  // One result for all ends of it, which an engine need not make at all where it inlines this.
  next(): IteratorResult<Pop3Data, undefined> {
    const runs = this.#runs;
    const value = runs === undefined ? this.#readLine() : this.#uniqueId(runs);
    return { value, done: value === undefined } as IteratorResult<Pop3Data, undefined>;
  }

  #uniqueId(runs: Int32Array): Pop3Data | undefined {
    if (this.#left === 0) {
      const run = this.#next;
      if (run >= runs.length) return undefined;
      this.#next = run + COLUMNS;
      this.#message = runs[run]!;
      this.#left = runs[run + 1]!;
      this.#at = runs[run + 2]!;
      this.#size = runs[run + 3]!;
      this.#stride = runs[run + 4]!;
    }
    this.#left--;
    const at = this.#at;
    this.#at = at + this.#stride;
    return { type: 'unique-id', message: this.#message++, uid: this.#text.substring(at, at + this.#size) };
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
