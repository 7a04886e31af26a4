import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { FilledPop3Limits } from './limits.js';
import { LineReader } from './line-reader.js';
import type { Pop3Quirk } from './quirks.js';

/** A line that a client sent, or what was wrong with it. */
export type QueuedLine = { readonly octets: Bytes; readonly error?: MailsealError };

/** The lines that a client sent and the server has not come to yet. */
export class CommandQueue {
  readonly #limits: FilledPop3Limits;
  readonly #quirks: ReadonlySet<Pop3Quirk>;
  readonly #lines: LineReader;
  #queue: QueuedLine[] = [];
  #next = 0;
  #octets = 0;

  constructor(limits: FilledPop3Limits, quirks: ReadonlySet<Pop3Quirk>) {
    this.#limits = limits;
    this.#quirks = quirks;
    this.#lines = new LineReader(limits.lineOctets);
  }

  /** Whether nothing came that was not taken. */
  get isEmpty(): boolean {
    return this.#next === this.#queue.length && this.#lines.pending === 0;
  }

  /** @throws MailsealError `limit-octets` when the client sent too much ahead. */
  add(chunk: Bytes): void {
    let at = 0;
    while (at < chunk.length) {
      const step = this.#lines.read(chunk, at);
      if (step.state === 'partial') break;
      at = step.next;
      if (step.state === 'too-long')
        this.#push({ octets: new Uint8Array(0), error: tooLong(this.#limits.lineOctets) });
      else if (step.isBareLf && !this.#quirks.has('bare-lf-line')) {
        this.#push({
          octets: new Uint8Array(0),
          error: new MailsealError('pop3-malformed', 'a line ends in LF without CR'),
        });
      } else this.#push({ octets: step.octets.slice() });
    }
  }

  #push(line: QueuedLine): void {
    this.#octets += line.octets.length + 2;
    if (this.#octets > this.#limits.pipelinedOctets) {
      throw new MailsealError(
        'limit-octets',
        `more than ${this.#limits.pipelinedOctets} octets of commands were sent ahead; raise limits.pipelinedOctets if that is meant`,
        { fault: 'peer' },
      );
    }
    this.#queue.push(line);
  }

  /** The next line; `undefined` where none is complete. */
  take(): QueuedLine | undefined {
    const line = this.#queue[this.#next];
    if (line === undefined) return undefined;
    this.#next++;
    this.#octets -= line.octets.length + 2;
    // An array's front is dear to take away: it is done when half of it is behind.
    if (this.#next * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#next);
      this.#next = 0;
    }
    return line;
  }
}

function tooLong(limit: number): MailsealError {
  return new MailsealError(
    'limit-line',
    `a line of more than ${limit} octets; raise limits.lineOctets if that is meant`,
    {
      fault: 'peer',
    },
  );
}
