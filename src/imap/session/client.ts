import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { encodeBase64 } from '../../encoding/base64.js';
import type { SaslClient } from '../../sasl/mechanism.js';
import type { ImapCommand } from '../command/command.js';
import { commandFacts, commandName } from '../command/command-facts.js';
import { isTag } from '../syntax/writer.js';
import type { ImapClientEvent } from './client-events.js';
import { checkClientOptions, type ImapClientOptions, type SentCommand } from './client-options.js';
import { ClientReader, LONGEST_TAG } from './client-reader.js';
import { ClientSender, cancelExchange, endIdle, line } from './client-sender.js';
import type { RunningCommand, WaitingCommand } from './command-pipeline.js';
import type { SelectedMailbox } from './selected-mailbox.js';
import { stateError } from './send-rules.js';
import type { ImapState } from './states.js';

/**
 * The client's side of an IMAP connection (RFC 9051, RFC 3501) without input
 * or output: what the server sent is pushed, and comes back as events; what is
 * to be written comes from {@link send} and from events of type `send`.
 *
 * Commands may be given at any time once the server has greeted. Those that
 * must not be sent yet wait: behind a literal that the server has to ask for,
 * behind commands that change the state, and where RFC 9051 §5.5 sees an
 * ambiguity. Every command ends in one event, `command-done` or
 * `command-dropped`.
 *
 * @example
 * ```ts
 * import { ImapClient } from 'mailseal/imap';
 *
 * const octets = (text: string) => new TextEncoder().encode(text);
 * const client = new ImapClient({ transport: 'tls' });
 * client.push(octets('* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n'));
 * const sent = client.send({ name: 'SELECT', mailbox: 'INBOX' });
 * console.log(new TextDecoder().decode(sent.octets[0])); // A1 SELECT INBOX
 * client.push(octets('* 172 EXISTS\r\nA1 OK [READ-WRITE] SELECT completed\r\n'));
 * console.log(client.state, client.mailbox?.exists); // selected 172
 * ```
 */
export class ImapClient {
  readonly #tagPrefix: string;
  readonly #sender: ClientSender;
  readonly #reader: ClientReader;
  #tagsGiven = 0;

  /** @throws MailsealError `usage` for options that are none. */
  constructor(options: ImapClientOptions) {
    checkClientOptions(options);
    this.#tagPrefix = options.tagPrefix ?? 'A';
    this.#sender = new ClientSender(options);
    this.#reader = new ClientReader(this.#sender);
  }

  get state(): ImapState {
    return this.#sender.record.state;
  }

  /** Whether the octets travel in TLS. */
  get isEncrypted(): boolean {
    return this.#sender.isEncrypted;
  }

  /** In capital letters; `undefined` where the server has not told them since TLS began, or since authentication. */
  get capabilities(): ReadonlySet<string> | undefined {
    return this.#sender.record.capabilities;
  }

  /** What ENABLE has turned on, in capital letters. */
  get enabled(): ReadonlySet<string> {
    return this.#sender.record.enabled;
  }

  /** The mailbox that is selected; its properties change as the server tells more. */
  get mailbox(): SelectedMailbox | undefined {
    return this.#sender.record.mailbox;
  }

  /** Whether no command is under way nor waits. */
  get isQuiet(): boolean {
    return this.#sender.pipeline.isEmpty;
  }

  /** What may be shown of it; never anything of what was sent. */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      state: this.#sender.record.state,
      isEncrypted: this.#sender.isEncrypted,
      capabilities: this.#sender.record.capabilities && [...this.#sender.record.capabilities],
      enabled: [...this.#sender.record.enabled],
      mailbox: this.#sender.record.mailbox?.name,
      running: this.#sender.pipeline.running.map(({ tag, name }) => ({ tag, name })),
    };
  }

  /**
   * Gives a command. What is to be written now comes back; where it has to wait
   * for others or for the server, the rest comes in events of type `send`.
   *
   * @param tag - the tag to use; no command that is under way may have it.
   *   By default the next of a count.
   * @throws MailsealError `imap-state` where the command cannot be sent in
   *   this state of the connection; `usage` where it cannot be written.
   */
  send(command: ImapCommand, tag?: string): SentCommand {
    if (Object(command) !== command) throw usage(`a command is wanted, not ${shown(command)}`);
    const [given, count] = tag === undefined ? this.#nextTag() : [tag, this.#tagsGiven];
    if (!isTag(given) || given.length >= LONGEST_TAG || this.#sender.pipeline.hasTag(given)) {
      throw usage(`${shown(given)} is no tag, or one of a command that is under way`);
    }
    if (this.#sender.pipeline.idle?.isToStop === false) {
      throw stateError('IDLE is under way, or waits to be sent: end it with stopIdle first');
    }
    const waiting = asWaiting(given, command);
    // What waits is judged when its turn comes, in the state that there is then.
    const problem =
      this.#sender.isOver() ??
      (this.#sender.pipeline.isUnsettled ? undefined : this.#sender.problemWith(waiting));
    if (problem !== undefined) throw problem;
    const fragments = this.#sender.encode(waiting);
    this.#tagsGiven = count;
    this.#sender.pipeline.wait(waiting);
    const next = this.#sender.isTlsAwaited ? undefined : this.#sender.pipeline.next();
    return { tag: given, octets: next === undefined ? [] : this.#sender.start(next, fragments) };
  }

  /**
   * Authenticates with a mechanism (RFC 9051 §6.2.2), with an initial response
   * where the server takes one (RFC 4959). Each `challenge` that comes goes to {@link answer}.
   *
   * @throws MailsealError as {@link send}, and as the mechanism.
   */
  async authenticate(sasl: SaslClient): Promise<SentCommand> {
    if (this.#sender.exchange !== undefined) throw stateError('another exchange is not over');
    const command: ImapCommand = { name: 'AUTHENTICATE', mechanism: sasl.mechanism };
    // The state is judged before anything is computed from a password.
    const problem = this.#sender.isOver() ?? this.#sender.problemWith(asWaiting('', command));
    if (problem !== undefined && !this.#sender.pipeline.isUnsettled) throw problem;
    const isInitial = sasl.isClientFirst && this.#sender.record.capabilities?.has('SASL-IR') === true;
    this.#sender.exchange = { tag: '', sasl };
    try {
      const initialResponse = isInitial ? await sasl.respond() : undefined;
      const sent = this.send({ ...command, ...(initialResponse && { initialResponse }) });
      this.#sender.exchange = { tag: sent.tag, sasl };
      // What waits is wiped when it is sent.
      if (sent.octets.length > 0) initialResponse?.fill(0);
      return sent;
    } catch (error) {
      this.#sender.exchange = undefined;
      throw error;
    }
  }

  /**
   * Lets the mechanism of {@link authenticate} answer a challenge, and gives what to
   * write. Where the mechanism refuses (a server that cannot prove itself,
   * say) the exchange is cancelled: the server says NO or BAD to that, and
   * `command-done` tells why.
   *
   * @throws MailsealError `imap-state` where no challenge waits for an answer.
   */
  async answer(challenge: Uint8Array): Promise<readonly Bytes[]> {
    const authenticate = this.#challenged();
    const exchange = this.#sender.exchange;
    if (exchange?.tag !== authenticate.tag) throw stateError('authenticate did not begin this exchange');
    let response: Bytes | undefined;
    try {
      response = await exchange.sasl.respond(asBytes(challenge));
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      if (this.#sender.exchange === exchange) this.#sender.exchange = { ...exchange, cancelled: error };
    }
    // The server may have ended the exchange in the meantime.
    if (authenticate !== this.#sender.pipeline.exchanging || authenticate.expects !== 'answer') return [];
    const octets = this.respond(response);
    response?.fill(0);
    return octets;
  }

  /**
   * Answers a challenge of AUTHENTICATE with octets, or cancels the exchange
   * (`undefined`), and gives what to write. The server has to say NO or BAD to
   * an exchange that was cancelled: where it says OK, the session ends.
   *
   * @throws MailsealError `imap-state` where no challenge waits for an answer.
   */
  respond(response: Uint8Array | undefined): readonly Bytes[] {
    const authenticate = this.#challenged();
    if (response === undefined) return cancelExchange(authenticate);
    authenticate.expects = 'challenge';
    return [line(encodeBase64(asBytes(response)))];
  }

  #challenged(): RunningCommand {
    const { exchanging } = this.#sender.pipeline;
    if (exchanging?.expects !== 'answer') throw stateError('no challenge waits for an answer');
    return exchanging;
  }

  /**
   * Ends IDLE (RFC 9051 §6.3.13), and gives what to write: nothing where the
   * server does not idle yet, or IDLE still waits to be sent; DONE comes as an event then.
   *
   * @throws MailsealError `imap-state` where IDLE is not under way and does not wait.
   */
  stopIdle(): readonly Bytes[] {
    const { idle } = this.#sender.pipeline;
    if (idle === undefined) throw stateError('IDLE is not under way');
    idle.isToStop = true;
    return 'expects' in idle && idle.expects === 'idling' ? endIdle(idle) : [];
  }

  /**
   * Says that TLS stands. What the server told before may have been anybody's
   * (RFC 9051 §6.2.1), and is forgotten.
   *
   * @throws MailsealError `imap-state` unless the server has agreed to it.
   */
  tlsStarted(): readonly ImapClientEvent[] {
    if (!this.#sender.isTlsAwaited) throw stateError('the server has not agreed to begin TLS');
    this.#sender.isTlsAwaited = false;
    this.#sender.isEncrypted = true;
    this.#sender.record.forgetCapabilities();
    this.#sender.record.enabled.clear();
    // Nothing that came in the clear is to be continued by what comes in TLS.
    this.#reader.restart();
    this.#sender.sendWaiting();
    return this.#sender.record.takeEvents();
  }

  /**
   * Takes the next octets of the server. Octets of large literals in the events
   * are views of the chunk, valid until the next call.
   */
  push(chunk: Uint8Array): ImapClientEvent[] {
    const octets = asBytes(chunk);
    if (this.#sender.isBroken || octets.length === 0) return [];
    if (this.#sender.isTlsAwaited) {
      this.#reader.refuseInjected();
      return this.#sender.record.takeEvents();
    }
    this.#reader.push(octets);
    return this.#sender.record.takeEvents();
  }

  /** Says that the connection is closed. Commands that were under way are dropped. */
  end(): ImapClientEvent[] {
    this.#reader.end();
    return this.#sender.record.takeEvents();
  }

  /** The next tag of the count, and where the count is with it. */
  #nextTag(): readonly [tag: string, count: number] {
    for (let count = this.#tagsGiven + 1; ; count++) {
      const tag = `${this.#tagPrefix}${count}`;
      if (!this.#sender.pipeline.hasTag(tag)) return [tag, count];
    }
  }
}

function asWaiting(tag: string, command: ImapCommand): WaitingCommand {
  return { tag, name: commandName(command), command, facts: commandFacts(command), isToStop: false };
}
