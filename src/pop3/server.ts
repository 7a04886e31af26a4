import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { fillLimits } from '../core/limits.js';
import type { WireText } from '../core/wire-text.js';
import { decodeBase64 } from '../encoding/base64.js';
import { apopTimestamp } from './apop.js';
import type { Pop3Command } from './command.js';
import { CommandQueue } from './command-queue.js';
import { DEFAULT_POP3_LIMITS } from './limits.js';
import type { Pop3Mailbox } from './mailbox.js';
import { fillPop3Quirks } from './quirks.js';
import { decodePop3Command } from './read-command.js';
import type { Pop3Status } from './reply.js';
import type { Pop3ServerEvent } from './server-events.js';
import type { Pop3ServerOptions } from './server-options.js';
import { replyTo } from './server-replies.js';
import { isPermitted, type Pop3State, stateError } from './states.js';
import { checkTransport } from './transport.js';
import { encodePop3Challenge, encodePop3Status } from './write-reply.js';

/** Whoever is refused so often before he has said who he is, is sent away. */
const MOST_REFUSED = 20;

/** What the server waits for the caller to do before it goes on. */
type Waiting = 'nothing' | 'decision' | 'auth-response' | 'update' | 'tls';

/**
 * The server's side of a session (RFC 1939), without a connection: what comes
 * from the client goes to {@link push}, the events say what to write and what to
 * decide. What a client sends ahead waits until that is decided.
 *
 * Messages are removed after QUIT alone: when the connection breaks, nothing is.
 *
 * @example
 * ```ts
 * import { Pop3Server } from 'mailseal/pop3';
 *
 * const octets = (text: string) => new TextEncoder().encode(text);
 * const server = new Pop3Server({ transport: 'tls' });
 * server.greet();
 * server.push(octets('USER kitarou\r\n'));
 * console.log(server.push(octets('PASS nazonazo\r\nSTAT\r\n'))); // [ { type: 'login', user: 'kitarou', password: 'nazonazo' } ]
 * const mailbox = { messages: [{ size: 6, uid: 'a' }], retrieve: () => [octets('a\r\n\r\nb')] };
 * const events = server.accept(mailbox);
 * const sent = events.flatMap((event) => (event.type === 'send' ? [...event.octets] : []));
 * console.log(sent.map((piece) => new TextDecoder().decode(piece)).join('')); // '+OK 1 message\r\n+OK 1 6\r\n'
 * ```
 */
export class Pop3Server {
  readonly #options: Pop3ServerOptions;
  readonly #queue: CommandQueue;
  #state: Pop3State = 'greeting';
  #isSecure: boolean;
  #waiting: Waiting = 'nothing';
  #user: WireText | undefined;
  #mailbox: Pop3Mailbox | undefined;
  readonly #deleted = new Set<number>();
  #usesUtf8 = false;
  readonly #greeting: Bytes;
  #refused = 0;
  #events: Pop3ServerEvent[] = [];

  /** @throws MailsealError `usage` for a transport, limit or quirk that is none, a greeting with line ends, and a timestamp that is no msg-id. */
  constructor(options: Pop3ServerOptions) {
    checkTransport(options?.transport);
    this.#options = options;
    this.#queue = new CommandQueue(
      fillLimits(DEFAULT_POP3_LIMITS, options.limits),
      fillPop3Quirks(options.quirks),
    );
    this.#isSecure = options.transport === 'tls';
    const { greeting = 'ready', timestamp } = options;
    this.#greeting = encodePop3Status({
      isOk: true,
      text: timestamp === undefined ? greeting : `${greeting} ${timestamp}`,
    });
    if (timestamp !== undefined && apopTimestamp(timestamp) !== timestamp) {
      throw usage('the timestamp of APOP is a msg-id such as <1@example.org>');
    }
  }

  get state(): Pop3State {
    return this.#state;
  }

  /** Whether the client asked for UTF8 (RFC 6856 §2): messages need not be made plain for it then. */
  get usesUtf8(): boolean {
    return this.#usesUtf8;
  }

  /** Messages that are to be removed; they count from 0. */
  get deleted(): readonly number[] {
    return [...this.#deleted].sort((a, b) => a - b);
  }

  /** The greeting. */
  greet(): Pop3ServerEvent[] {
    if (this.#state !== 'greeting') throw stateError('the session has begun');
    this.#state = 'authorization';
    this.#send(this.#greeting);
    return this.#take();
  }

  /**
   * Takes what the client sent.
   *
   * Octets behind STLS, which nobody may send before TLS, end the session.
   *
   * @throws MailsealError `limit-octets` when it sends too many commands ahead; `pop3-state` before `greet`.
   */
  push(chunk: Uint8Array): Pop3ServerEvent[] {
    if (this.#state === 'greeting') throw stateError('greet comes first');
    if (this.#state === 'closed') return [];
    if (this.#waiting === 'tls' && chunk.length > 0) {
      this.#injected();
      return this.#take();
    }
    this.#queue.add(asBytes(chunk));
    return this.#run();
  }

  /** Lets somebody in: the mailbox is his. */
  accept(mailbox: Pop3Mailbox, text?: string): Pop3ServerEvent[] {
    const count = mailbox.messages.length;
    const status = encodePop3Status({
      isOk: true,
      text: text ?? `${count} ${count === 1 ? 'message' : 'messages'}`,
    });
    this.#decide('accept');
    this.#mailbox = mailbox;
    this.#state = 'transaction';
    this.#send(status);
    return this.#run();
  }

  /**
   * Keeps somebody out.
   *
   * @param status - such as `{ code: 'AUTH', text: 'no' }` (RFC 3206) or `{ code: 'IN-USE', text: … }` (RFC 2449 §8.1.1).
   */
  refuse(
    status: Omit<Pop3Status, 'isOk'> = { code: 'AUTH', text: 'the name or the password is wrong' },
  ): Pop3ServerEvent[] {
    const octets = encodePop3Status({ isOk: false, ...status });
    this.#decide('refuse');
    this.#send(octets);
    this.#countRefused();
    return this.#run();
  }

  /** Goes on with an exchange of AUTH. */
  challenge(challenge: Uint8Array): Pop3ServerEvent[] {
    this.#decide('challenge');
    this.#waiting = 'auth-response';
    this.#send(encodePop3Challenge(challenge));
    return this.#run();
  }

  /** Tells that the handshake is done. What was said before it is forgotten (RFC 2595 §4). */
  tlsStarted(): Pop3ServerEvent[] {
    if (this.#waiting !== 'tls') throw stateError('TLS begins behind the event start-tls');
    this.#waiting = 'nothing';
    this.#isSecure = true;
    this.#user = undefined;
    return this.#run();
  }

  /** Tells whether the messages are removed: the session ends. */
  updated(isDone: boolean, text?: string): Pop3ServerEvent[] {
    const status = isDone
      ? { isOk: true, text: text ?? 'bye' }
      : { isOk: false, code: 'SYS/TEMP', text: text ?? 'some deleted messages were not removed' };
    const octets = encodePop3Status(status);
    if (this.#waiting !== 'update')
      throw stateError('nothing is to be removed: that is asked by the event update');
    this.#waiting = 'nothing';
    this.#send(octets);
    this.#close();
    return this.#take();
  }

  #decide(what: string): void {
    if (this.#waiting !== 'decision')
      throw stateError(`${what} answers the events login, apop, auth and auth-response`);
    this.#waiting = 'nothing';
  }

  #run(): Pop3ServerEvent[] {
    while (this.#waiting === 'nothing' || this.#waiting === 'auth-response') {
      if (this.#state === 'closed') break;
      const line = this.#queue.take();
      if (line === undefined) break;
      if (line.error !== undefined) {
        if (this.#waiting === 'auth-response') this.#endExchange();
        this.#unparsed(line.error);
      } else if (this.#waiting === 'auth-response') this.#authResponse(line.octets);
      else this.#line(line.octets);
    }
    return this.#take();
  }

  #authResponse(line: Bytes): void {
    // RFC 5034 §4: "*" cancels the exchange.
    if (line.length === 1 && line[0] === 0x2a) {
      this.#endExchange();
      this.#error('the exchange was cancelled');
      return;
    }
    try {
      const response = decodeBase64(line);
      this.#waiting = 'decision';
      this.#events.push({ type: 'auth-response', response });
    } catch (cause) {
      this.#endExchange();
      this.#unparsed(new MailsealError('pop3-malformed', 'a response of AUTH is no base64', { cause }));
    }
  }

  #endExchange(): void {
    this.#waiting = 'nothing';
    this.#events.push({ type: 'auth-cancelled' });
  }

  #line(octets: Bytes): void {
    let command: Pop3Command;
    try {
      command = decodePop3Command(octets);
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      this.#unparsed(error);
      return;
    }
    if (!isPermitted(command.name, this.#state)) this.#error(`${keywordOf(command)} is not for this state`);
    else if (this.#state === 'transaction') this.#transaction(command, this.#mailbox!);
    else this.#authorization(command);
  }

  #authorization(command: Pop3Command): void {
    const refusal = this.#identify(command);
    if (refusal === false) this.#reply(command);
    else if (refusal !== undefined) this.#error(refusal);
  }

  /** What comes before the mailbox: `false` where the command is for any state, why it cannot be where it cannot. */
  #identify(command: Pop3Command): string | false | undefined {
    const isPrivate = this.#isSecure || this.#options.transport === 'plain';
    switch (command.name) {
      case 'USER':
        if (!isPrivate) return 'passwords are taken under TLS only';
        // RFC 1939 §13: the answer does not tell whether there is such a user.
        this.#user = command.user;
        this.#ok('');
        return undefined;
      case 'PASS':
        return this.#login(command.password);
      case 'APOP': {
        const { timestamp } = this.#options;
        if (timestamp === undefined) return 'APOP is not offered';
        if (!isPrivate) return 'nobody logs in before TLS';
        const { user, digest } = command;
        return this.#ask({ type: 'apop', user, digest, timestamp });
      }
      case 'AUTH':
        if (command.mechanism === undefined) return false;
        if (!isPrivate) return 'AUTH is taken under TLS only';
        return this.#authenticate(command.mechanism.toUpperCase(), command.initialResponse);
      case 'STLS':
        return this.#startTls();
      case 'UTF8':
        if (!this.#options.offersUtf8) return 'UTF8 is not offered';
        this.#usesUtf8 = true;
        this.#ok('');
        return undefined;
      case 'QUIT':
        this.#ok('bye');
        this.#close();
        return undefined;
      default:
        return false;
    }
  }

  #login(password: WireText): string | undefined {
    const user = this.#user;
    this.#user = undefined;
    return user === undefined ? 'USER comes first' : this.#ask({ type: 'login', user, password });
  }

  #authenticate(mechanism: string, initialResponse: Bytes | undefined): string | undefined {
    const offered = this.#options.mechanisms ?? [];
    if (!offered.some((name) => name.toUpperCase() === mechanism)) return 'this mechanism is not offered';
    return this.#ask({ type: 'auth', mechanism, initialResponse });
  }

  #ask(event: Pop3ServerEvent): undefined {
    this.#waiting = 'decision';
    this.#events.push(event);
  }

  #startTls(): string | undefined {
    if (this.#options.transport !== 'stls' || this.#isSecure) return 'TLS cannot begin here';
    // RFC 6856 §2.
    if (this.#usesUtf8) return 'STLS does not come behind UTF8';
    // RFC 2595 §4: nothing that was sent before the handshake may be taken for sent under TLS.
    if (!this.#queue.isEmpty) {
      this.#error('nothing can stand behind STLS');
      this.#injected();
      return undefined;
    }
    this.#ok('begin TLS');
    this.#waiting = 'tls';
    this.#events.push({ type: 'start-tls' });
    return undefined;
  }

  #injected(): void {
    const what = 'octets stand behind STLS, which nobody may send before TLS';
    this.#events.push({
      type: 'unparsed',
      error: new MailsealError('pop3-protocol', what, { fault: 'peer' }),
    });
    this.#waiting = 'nothing';
    this.#close();
  }

  #transaction(command: Pop3Command, mailbox: Pop3Mailbox): void {
    if (command.name === 'QUIT') {
      this.#state = 'update';
      this.#waiting = 'update';
      this.#events.push({ type: 'update', deleted: this.deleted });
      return;
    }
    const refusal = this.#change(command, mailbox);
    if (refusal === undefined) this.#reply(command);
    else this.#error(refusal);
  }

  /** DELE and RSET; why it cannot be, where it cannot. */
  #change(command: Pop3Command, { messages }: Pop3Mailbox): string | undefined {
    if (command.name === 'RSET') this.#deleted.clear();
    if (command.name !== 'DELE') return undefined;
    const index = command.message - 1;
    if (index >= messages.length) return 'there is no such message';
    if (this.#deleted.has(index)) return 'this message is deleted already';
    this.#deleted.add(index);
    return undefined;
  }

  #reply(command: Pop3Command): void {
    const octets = replyTo(command, {
      options: this.#options,
      state: this.#state,
      isSecure: this.#isSecure,
      mailbox: this.#mailbox,
      deleted: this.#deleted,
    });
    this.#events.push({ type: 'send', octets });
  }

  #unparsed(error: MailsealError): void {
    this.#error(error.message);
    this.#events.push({ type: 'unparsed', error });
  }

  #ok(text: string): void {
    this.#send(encodePop3Status({ isOk: true, text }));
  }

  #error(text: string): void {
    this.#send(encodePop3Status({ isOk: false, text }));
    this.#countRefused();
  }

  #countRefused(): void {
    if (this.#state === 'authorization' && ++this.#refused === MOST_REFUSED) this.#close();
  }

  #send(octets: Bytes): void {
    this.#events.push({ type: 'send', octets: [octets] });
  }

  #close(): void {
    this.#state = 'closed';
    this.#events.push({ type: 'close' });
  }

  #take(): Pop3ServerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function keywordOf(command: Pop3Command): string {
  return command.name === 'other' ? 'this command' : command.name;
}
