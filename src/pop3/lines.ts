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
  #length: number | undefined;

  /** @internal */
  constructor(text: string, command: Pop3Command, quirk: QuirkNote) {
    this.#text = text;
    this.#command = command;
    this.#quirk = quirk;
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

  *[Symbol.iterator](): Generator<Pop3Data> {
    const text = this.#text;
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      const hasCr = end > at && text.charCodeAt(end - 1) === 0x0d;
      const to = hasCr ? end - 1 : end;
      // RFC 1939 §3: each line ends with CRLF.
      if (hasCr || this.#quirk('bare-lf-line')) yield readData(text, at, to, this.#command, this.#quirk);
      else yield { type: 'line', octets: bytesFromLatin1(text.slice(at, to)) };
      at = end + 1;
    }
  }
}
