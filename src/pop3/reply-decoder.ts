import { asBytes, type Bytes } from '../core/bytes.js';
import type { Engine, EngineOptions } from '../core/engine.js';
import { MailsealError, type MailsealErrorCode, usage } from '../core/errors.js';
import { assertObject, fillLimits } from '../core/limits.js';
import { latin1Reader, type ReadLatin1 } from '../core/native-latin1.js';
import { decodeBase64 } from '../encoding/base64.js';
import { type Pop3Command, type Pop3ReplyKind, replyKindOf, withoutSecrets } from './command.js';
import { DotUnstuffer } from './dot-stuffing.js';
import { DEFAULT_POP3_LIMITS, type FilledPop3Limits, type Pop3Limits } from './limits.js';
import { LineReader } from './line-reader.js';
import type { Pop3Lines } from './lines.js';
import { ListReader } from './list-reader.js';
import { fillPop3Quirks, type Pop3Quirk, type Pop3QuirkOptions } from './quirks.js';
import { readData } from './read-data.js';
import { readContinuation, readStatus } from './read-reply.js';
import type { Pop3Data, Pop3Status } from './reply.js';

/**
 * What a server says. The replies come in the order of the commands; each is a
 * `status`, then what it holds (`data`, `lines`, or of RETR and TOP
 * `message-data` as the octets come), then `end`. A `command` in them has its password and digest empty, and no
 * initial response.
 */
export type Pop3ReplyEvent =
  /** `command` is `undefined` for the greeting. */
  | { readonly type: 'status'; readonly command: Pop3Command | undefined; readonly status: Pop3Status }
  /** What a single-line reply says beside its status. */
  | { readonly type: 'data'; readonly command: Pop3Command; readonly data: Pop3Data }
  /** Lines of a list; how many come in one event depends on the chunks. */
  | { readonly type: 'lines'; readonly command: Pop3Command; readonly lines: Pop3Lines }
  /** Octets of a message without the dots of the wire: a view, valid until the next `push`. */
  | { readonly type: 'message-data'; readonly command: Pop3Command; readonly octets: Bytes }
  | { readonly type: 'end'; readonly command: Pop3Command | undefined }
  /** "+": the exchange of AUTH goes on. */
  | { readonly type: 'continuation'; readonly command: Pop3Command; readonly challenge: Bytes }
  /** A line that is no reply, or too long; the stream goes on behind it. `command` stays the one that waits. */
  | { readonly type: 'unparsed'; readonly octets: Bytes; readonly error: MailsealError };

const LF = 0x0a;

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
  readonly #reader: LineReader;
  readonly #latin1: ReadLatin1;
  readonly #met = new Set<Pop3Quirk>();
  readonly #pending: Pop3Command[] = [];
  /** How many of `#pending` were answered: an array's front is dear to take away. */
  #answered = 0;
  #awaitsGreeting: boolean;
  /** The command whose lines are read now. */
  #current: Pop3Command | undefined;
  /** Of a reply with lines: finds its end. */
  #body: DotUnstuffer | undefined;
  /** Of a list, and not of a message: its lines. */
  #list: ListReader | undefined;
  /** Octets of the message or list, so far. */
  #count = 0;
  /** Whether what is left of the reply is passed over, since it hit a limit. */
  #isOver = false;
  #events: Pop3ReplyEvent[] = [];
  #isEnded = false;

  /** @throws MailsealError `usage` for a limit or a quirk that is none. */
  constructor(options: Pop3ReplyOptions = {}) {
    assertObject(options, 'the options');
    this.#limits = fillLimits(DEFAULT_POP3_LIMITS, options.limits);
    this.#quirks = fillPop3Quirks(options.quirks);
    this.#engine = options.engine ?? 'auto';
    this.#reader = new LineReader(this.#limits.lineOctets);
    this.#latin1 = latin1Reader(this.#engine);
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
    return this.#reader.pending;
  }

  /** Tells that a command is sent. Its password, digest or initial response is not kept. */
  expect(command: Pop3Command): void {
    this.#pending.push(withoutSecrets(command));
  }

  /**
   * Takes the next octets, which must not be changed before the next call.
   *
   * @throws MailsealError `usage` after `end`.
   */
  push(chunk: Uint8Array): Pop3ReplyEvent[] {
    if (this.#isEnded) throw usage('the stream was ended; make another Pop3ReplyDecoder');
    const octets = asBytes(chunk);
    let at = 0;
    while (at < octets.length)
      at = this.#body === undefined ? this.#status(octets, at) : this.#lines(octets, at);
    return this.#take();
  }

  /** Ends the stream: a reply that is not complete gives `unparsed`. */
  end(): Pop3ReplyEvent[] {
    if (this.#isEnded) return [];
    this.#isEnded = true;
    if (this.#reader.pending > 0 || this.#current !== undefined) {
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

  #lines(octets: Bytes, from: number): number {
    const next = this.#uniqueIds(octets, from);
    return next < octets.length && this.#body !== undefined ? this.#read(octets, next, octets.length) : next;
  }

  /** Reads lines of UIDL that are as they should be; gives where others begin. */
  #uniqueIds(octets: Bytes, from: number): number {
    const list = this.#list;
    if (list === undefined || this.#current!.name !== 'UIDL' || this.#isOver) return from;
    const lineEnd = this.#body!.isAtLineStart ? from : octets.indexOf(LF, from) + 1;
    const next = lineEnd > from ? this.#read(octets, from, lineEnd) : from;
    if (this.#body?.isAtLineStart !== true) return next;
    const found = list.readUniqueIds(octets, next, this.#limits.listOctets - this.#count);
    if (found === undefined) return next;
    this.#count += found.end - next;
    this.#events.push({ type: 'lines', command: this.#current!, lines: found.lines });
    return found.end;
  }

  #read(octets: Bytes, from: number, end: number): number {
    const body = this.#body!;
    const command = this.#current!;
    const limit = this.#list === undefined ? 'replyOctets' : 'listOctets';
    const chunk = from === 0 && end === octets.length ? octets : octets.subarray(from, end);
    for (const piece of body.update(chunk)) {
      const room = this.#limits[limit] - this.#count;
      this.#count += piece.length;
      if (room > 0) this.#giveOctets(command, piece.length > room ? piece.subarray(0, room) : piece);
      if (piece.length > room && !this.#isOver) this.#overLimit(limit);
    }
    if (body.isEnded) this.#endReply();
    return from + body.consumed;
  }

  #giveOctets(command: Pop3Command, octets: Bytes): void {
    if (this.#list === undefined) this.#events.push({ type: 'message-data', command, octets });
    else for (const lines of this.#list.read(octets)) this.#events.push({ type: 'lines', command, lines });
  }

  #status(octets: Bytes, from: number): number {
    const step = this.#reader.read(octets, from);
    if (step.state === 'partial') return octets.length;
    const { lineOctets } = this.#limits;
    if (step.state === 'too-long') {
      const what = `a line of more than ${lineOctets} octets; raise limits.lineOctets if that is meant`;
      this.#unparsed(step.octets, 'limit-line', what);
      // What it begins with still tells what follows it, so that the stream stays in step.
      if (readStatus(step.octets, this.#quirk) !== undefined) this.#statusLine(step.octets);
    } else if (step.isBareLf && !this.#quirk('bare-lf-line')) {
      this.#unparsed(step.octets, 'pop3-malformed', 'a line ends in LF without CR');
    } else this.#statusLine(step.octets);
    return step.next;
  }

  #statusLine(line: Bytes): void {
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
    } else this.#beginBody(command, kind);
  }

  #beginBody(command: Pop3Command | undefined, kind: Pop3ReplyKind): void {
    this.#current = command;
    this.#count = 0;
    this.#isOver = false;
    const isList = kind === 'lines' && command !== undefined;
    this.#list = isList ? new ListReader(command, this.#latin1, this.#quirk) : undefined;
    const bareLf = this.#quirks.has('bare-lf-terminator');
    this.#body = new DotUnstuffer({ engine: this.#engine, bareLf });
  }

  #shift(): void {
    this.#answered++;
    if (this.#answered * 2 < this.#pending.length) return;
    this.#pending.splice(0, this.#answered);
    this.#answered = 0;
  }

  #single(command: Pop3Command, line: Bytes): void {
    if (command.name !== 'STAT' && command.name !== 'LIST' && command.name !== 'UIDL') return;
    const text = this.#latin1(line, 4, line.length);
    const data = readData(text, 0, text.length, command, this.#quirk);
    if (data.type !== 'line') this.#events.push({ type: 'data', command, data });
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

  #endReply(): void {
    this.#events.push({ type: 'end', command: this.#current });
    this.#current = undefined;
    this.#body = undefined;
    this.#list = undefined;
  }

  #overLimit(limit: 'listOctets' | 'replyOctets'): void {
    this.#isOver = true;
    const what = `a reply of more than ${this.#limits[limit]} octets: the rest is passed over; raise limits.${limit} if that is meant`;
    this.#unparsed(new Uint8Array(0), 'limit-octets', what);
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
