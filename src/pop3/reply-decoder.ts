import { asBytes, type Bytes } from '../core/bytes.js';
import type { Engine, EngineOptions } from '../core/engine.js';
import { MailsealError, type MailsealErrorCode } from '../core/errors.js';
import { decodeBase64 } from '../encoding/base64.js';
import { type Pop3Command, replyKindOf } from './command.js';
import { DotUnstuffer } from './dot-stuffing.js';
import { type FilledPop3Limits, fillPop3Limits, type Pop3Limits } from './limits.js';
import { LineReader } from './line-reader.js';
import { fillPop3Quirks, type Pop3Quirk, type Pop3QuirkOptions } from './quirks.js';
import { readContinuation, readListLine, readSingleData, readStatus } from './read-reply.js';
import type { Pop3Data, Pop3Status } from './reply.js';

/**
 * What a server says. The replies come in the order of the commands; each is a
 * `status`, then its `data` or, of RETR and TOP, `message-data` as the octets
 * come, then `end`.
 */
export type Pop3ReplyEvent =
  /** `command` is `undefined` for the greeting. */
  | { readonly type: 'status'; readonly command: Pop3Command | undefined; readonly status: Pop3Status }
  | { readonly type: 'data'; readonly command: Pop3Command; readonly data: Pop3Data }
  /** Octets of a message without the dots of the wire: a view, valid until the next `push`. */
  | { readonly type: 'message-data'; readonly command: Pop3Command; readonly octets: Bytes }
  | { readonly type: 'end'; readonly command: Pop3Command | undefined }
  /** "+": the exchange of AUTH goes on. */
  | { readonly type: 'continuation'; readonly command: Pop3Command; readonly challenge: Bytes }
  /** A line that is no reply, or too long; the stream goes on behind it. `command` stays the one that waits. */
  | { readonly type: 'unparsed'; readonly octets: Bytes; readonly error: MailsealError };

/** How replies are read. */
export interface Pop3ReplyOptions extends EngineOptions {
  readonly limits?: Pop3Limits;
  readonly quirks?: Pop3QuirkOptions;
  /** Whether the server speaks first. Default true: the first line is its greeting. */
  readonly greeting?: boolean;
}

/**
 * Reads what a server sends, in chunks of any size. Whether lines follow a
 * status line depends on the command alone (RFC 1939 §3), so each is told by
 * {@link expect} as it is sent, in their order.
 *
 * @example
 * ```ts
 * import { Pop3ReplyDecoder } from 'mailseal/pop3';
 *
 * const decoder = new Pop3ReplyDecoder({ greeting: false });
 * decoder.expect({ name: 'RETR', message: 1 });
 * const octets = new TextEncoder().encode('+OK\r\n..\r\n.\r\n');
 * console.log(decoder.push(octets).map((event) => event.type)); // [ 'status', 'message-data', 'end' ]
 * ```
 */
export class Pop3ReplyDecoder {
  readonly #limits: FilledPop3Limits;
  readonly #quirks: ReadonlySet<Pop3Quirk>;
  readonly #engine: Engine;
  readonly #lines: LineReader;
  readonly #met = new Set<Pop3Quirk>();
  readonly #pending: Pop3Command[] = [];
  /** How many of `#pending` were answered: an array's front is dear to take away. */
  #answered = 0;
  #awaitsGreeting: boolean;
  /** The command whose lines are read now. */
  #current: Pop3Command | undefined;
  /** Of RETR and TOP. */
  #message: DotUnstuffer | undefined;
  /** Octets of the message, or lines of the list, so far. */
  #count = 0;
  /** Whether what is left of the reply is passed over, since it hit a limit. */
  #isOver = false;
  /** Whether the line before ended in LF alone. */
  #wasBareLf = false;
  #events: Pop3ReplyEvent[] = [];
  #isEnded = false;

  /** @throws MailsealError `usage` for a limit or a quirk that is none. */
  constructor(options: Pop3ReplyOptions = {}) {
    this.#limits = fillPop3Limits(options.limits);
    this.#quirks = fillPop3Quirks(options.quirks);
    this.#engine = options.engine ?? 'auto';
    this.#lines = new LineReader(this.#limits.lineOctets);
    this.#awaitsGreeting = options.greeting ?? true;
  }

  /** The quirks that were met so far. */
  get quirks(): readonly Pop3Quirk[] {
    return [...this.#met];
  }

  /** Whether nothing is waited for. */
  get isIdle(): boolean {
    return !this.#awaitsGreeting && this.#current === undefined && this.#answered === this.#pending.length;
  }

  /** Octets of a line that has not ended. */
  get buffered(): number {
    return this.#lines.pending;
  }

  /** Tells that a command is sent. */
  expect(command: Pop3Command): void {
    this.#pending.push(command);
  }

  /**
   * Takes the next octets, which must not be changed before the next call.
   *
   * @throws MailsealError `usage` after `end`.
   */
  push(chunk: Uint8Array): Pop3ReplyEvent[] {
    if (this.#isEnded)
      throw new MailsealError('usage', 'the stream was ended: a new one needs a new Pop3ReplyDecoder');
    const octets = asBytes(chunk);
    let at = 0;
    while (at < octets.length)
      at = this.#message === undefined ? this.#line(octets, at) : this.#body(octets, at);
    return this.#take();
  }

  /** Ends the stream: a reply that is not complete gives `unparsed`. */
  end(): Pop3ReplyEvent[] {
    if (this.#isEnded) return [];
    this.#isEnded = true;
    if (this.#lines.pending > 0 || this.#current !== undefined) {
      this.#unparsed(new Uint8Array(0), 'pop3-malformed', 'the stream ends within a reply');
    } else if (!this.isIdle) {
      this.#unparsed(
        new Uint8Array(0),
        'pop3-malformed',
        'the stream ends before all commands were answered',
      );
    }
    return this.#take();
  }

  #take(): Pop3ReplyEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #body(octets: Bytes, from: number): number {
    const message = this.#message!;
    const command = this.#current!;
    for (const piece of message.update(from === 0 ? octets : octets.subarray(from))) {
      this.#count += piece.length;
      if (this.#count > this.#limits.replyOctets) this.#overLimit('limit-octets', 'octets', 'replyOctets');
      else this.#events.push({ type: 'message-data', command, octets: piece });
    }
    if (message.isEnded) this.#endReply();
    return from + message.consumed;
  }

  #line(octets: Bytes, from: number): number {
    const step = this.#lines.read(octets, from);
    if (step.state === 'partial') return octets.length;
    if (step.state === 'too-long') {
      this.#tooLong(step.octets);
      return step.next;
    }
    if (step.isBareLf && !this.#quirk('bare-lf-line')) {
      this.#unparsed(step.octets, 'pop3-malformed', 'a line ends in LF without CR');
      return step.next;
    }
    if (this.#current === undefined) this.#status(step.octets);
    else this.#listLine(this.#current, step.octets, step.isBareLf || this.#wasBareLf);
    this.#wasBareLf = step.isBareLf;
    return step.next;
  }

  /** What a status line that is too long begins with still tells what follows it, so that the stream stays in step. */
  #tooLong(octets: Bytes): void {
    const { lineOctets } = this.#limits;
    const what = `a line of more than ${lineOctets} octets; raise limits.lineOctets if that is meant`;
    this.#unparsed(octets, 'limit-line', what);
    if (this.#current === undefined && readStatus(octets, this.#quirk) !== undefined) this.#status(octets);
    this.#wasBareLf = false;
  }

  #status(line: Bytes): void {
    const command = this.#awaitsGreeting ? undefined : this.#pending[this.#answered];
    const status = readStatus(line, this.#quirk);
    if (status === undefined) {
      if (command?.name === 'AUTH' && this.#continuation(command, line)) return;
      this.#unparsed(line, 'pop3-malformed', 'a reply begins with "+OK" or "-ERR"');
      return;
    }
    if (command === undefined && !this.#awaitsGreeting) {
      this.#unparsed(line, 'pop3-protocol', 'a reply that no command waits for');
      return;
    }
    if (command === undefined) this.#awaitsGreeting = false;
    else this.#shift();
    this.#events.push({ type: 'status', command, status });
    const kind = command === undefined || !status.isOk ? 'single' : replyKindOf(command);
    if (kind === 'single') {
      if (command !== undefined && status.isOk) this.#single(command, line);
      this.#events.push({ type: 'end', command });
      return;
    }
    this.#current = command;
    this.#count = 0;
    this.#isOver = false;
    if (kind === 'message') {
      const bareLf = this.#quirks.has('bare-lf-terminator');
      this.#message = new DotUnstuffer({ engine: this.#engine, bareLf });
    }
  }

  #shift(): void {
    this.#answered++;
    if (this.#answered * 2 < this.#pending.length) return;
    this.#pending.splice(0, this.#answered);
    this.#answered = 0;
  }

  #single(command: Pop3Command, line: Bytes): void {
    const data = readSingleData(line.subarray(4), command, this.#quirk);
    if (data !== undefined) this.#events.push({ type: 'data', command, data });
  }

  #continuation(command: Pop3Command, line: Bytes): boolean {
    const base64 = readContinuation(line);
    if (base64 === undefined) return false;
    let challenge: Bytes;
    try {
      challenge = decodeBase64(base64);
    } catch {
      return false;
    }
    this.#events.push({ type: 'continuation', command, challenge });
    return true;
  }

  #listLine(command: Pop3Command, line: Bytes, isBareLf: boolean): void {
    // RFC 1939 §3: CRLF, dot, CRLF ends it; a dot before other octets is taken away.
    const hasDot = line[0] === 0x2e;
    if (hasDot && line.length === 1 && (!isBareLf || this.#quirk('bare-lf-terminator'))) {
      this.#endReply();
    } else if (++this.#count > this.#limits.listLength) {
      this.#overLimit('limit-list', 'lines', 'listLength');
    } else {
      const data = readListLine(hasDot ? line.subarray(1) : line, command, this.#quirk);
      this.#events.push({ type: 'data', command, data });
    }
  }

  #endReply(): void {
    this.#events.push({ type: 'end', command: this.#current });
    this.#current = undefined;
    this.#message = undefined;
  }

  #overLimit(code: MailsealErrorCode, what: string, name: keyof Pop3Limits): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const limit = `a reply of more than ${this.#limits[name]} ${what}: the rest is passed over; raise limits.${name} if that is meant`;
    this.#unparsed(new Uint8Array(0), code, limit);
  }

  #unparsed(octets: Bytes, code: MailsealErrorCode, message: string): void {
    this.#events.push({
      type: 'unparsed',
      octets,
      error: new MailsealError(code, message, { fault: 'peer' }),
    });
  }

  readonly #quirk = (quirk: Pop3Quirk): boolean => {
    if (!this.#quirks.has(quirk)) return false;
    this.#met.add(quirk);
    return true;
  };
}
