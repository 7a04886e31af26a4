import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { decodeBase64, encodeBase64 } from '../../encoding/base64.js';
import type { SaslClient } from '../../sasl/mechanism.js';
import type { ImapCommand } from '../command/command.js';
import { commandFacts, commandName } from '../command/command-facts.js';
import { encodeCommand } from '../command/encode-command.js';
import type { ResponseEvent, UnparsedEvent } from '../framing/events.js';
import { ResponseDecoder } from '../framing/response-decoder.js';
import type { ContinuationResponse, ImapResponse, StatusResponse } from '../response/response.js';
import { type ImapFragment, isTag } from '../syntax/writer.js';
import { decodeText } from '../text.js';
import { Attribution } from './attribution.js';
import type { ImapClientEvent } from './client-events.js';
import { checkClientOptions, type ImapClientOptions, type SentCommand } from './client-options.js';
import { ClientRecord, protocolError } from './client-record.js';
import {
  CommandPipeline,
  type Expectation,
  type RunningCommand,
  type WaitingCommand,
} from './command-pipeline.js';
import type { SelectedMailbox } from './selected-mailbox.js';
import { literalsFor, problemWith, stateError } from './send-rules.js';
import type { ImapState } from './states.js';

/** What an AUTHENTICATE goes on with. */
interface SaslExchange {
  /** Of the command; empty until it was given. */
  readonly tag: string;
  readonly sasl: SaslClient;
  /** Why the mechanism would not go on. */
  readonly cancelled?: MailsealError;
}

/** Commands behind whose OK octets travel in another way. */
const switching: readonly string[] = ['STARTTLS', 'COMPRESS'];

/** Tags are no longer than so many octets here. */
const LONGEST_TAG = 128;

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
  readonly #options: ImapClientOptions;
  #decoder: ResponseDecoder;
  readonly #pipeline: CommandPipeline;
  readonly #attribution = new Attribution();
  readonly #record = new ClientRecord();
  #isEncrypted: boolean;
  #isTlsAwaited = false;
  /** What was just completed, so that the stream behind it is another one. */
  #switching: ImapCommand | undefined;
  #isBroken = false;
  /** What AUTHENTICATE goes on with. */
  #exchange: SaslExchange | undefined;
  #tagsGiven = 0;

  /** @throws MailsealError `usage` for options that are none. */
  constructor(options: ImapClientOptions) {
    checkClientOptions(options);
    this.#options = options;
    this.#isEncrypted = options.transport === 'tls';
    this.#pipeline = new CommandPipeline(options.pipelining ?? true);
    this.#decoder = this.#newDecoder();
  }

  get state(): ImapState {
    return this.#record.state;
  }

  /** Whether the octets travel in TLS. */
  get isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /** In capital letters; `undefined` where the server has not told them since TLS began, or since authentication. */
  get capabilities(): ReadonlySet<string> | undefined {
    return this.#record.capabilities;
  }

  /** What ENABLE has turned on, in capital letters. */
  get enabled(): ReadonlySet<string> {
    return this.#record.enabled;
  }

  /** The mailbox that is selected; its properties change as the server tells more. */
  get mailbox(): SelectedMailbox | undefined {
    return this.#record.mailbox;
  }

  /** Whether no command is under way nor waits. */
  get isQuiet(): boolean {
    return this.#pipeline.isEmpty;
  }

  /** What may be shown of it; never anything of what was sent. */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      state: this.#record.state,
      isEncrypted: this.#isEncrypted,
      capabilities: this.#record.capabilities && [...this.#record.capabilities],
      enabled: [...this.#record.enabled],
      mailbox: this.#record.mailbox?.name,
      running: this.#pipeline.running.map(({ tag, name }) => ({ tag, name })),
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
    const [given, count] = tag === undefined ? this.#nextTag() : [tag, this.#tagsGiven];
    if (!isTag(given) || given.length >= LONGEST_TAG || this.#pipeline.hasTag(given)) {
      throw new MailsealError('usage', `"${given}" is no tag, or one of a command that is under way`);
    }
    if (this.#pipeline.idle?.isToStop === false) {
      throw stateError('IDLE is under way, or waits to be sent: end it with stopIdle first');
    }
    const waiting = asWaiting(given, command);
    // What waits is judged when its turn comes, in the state that there is then.
    const problem = this.#isOver() ?? (this.#pipeline.isUnsettled ? undefined : this.#problemWith(waiting));
    if (problem !== undefined) throw problem;
    const fragments = this.#encode(waiting);
    this.#tagsGiven = count;
    this.#pipeline.wait(waiting);
    const next = this.#isTlsAwaited ? undefined : this.#pipeline.next();
    return { tag: given, octets: next === undefined ? [] : this.#start(next, fragments) };
  }

  /**
   * Authenticates with a mechanism (RFC 9051 §6.2.2), with an initial response
   * where the server takes one (RFC 4959). Each `challenge` that comes goes to {@link answer}.
   *
   * @throws MailsealError as {@link send}, and as the mechanism.
   */
  async authenticate(sasl: SaslClient): Promise<SentCommand> {
    if (this.#exchange !== undefined) throw stateError('another exchange is not over');
    const command: ImapCommand = { name: 'AUTHENTICATE', mechanism: sasl.mechanism };
    // The state is judged before anything is computed from a password.
    const problem = this.#isOver() ?? this.#problemWith(asWaiting('', command));
    if (problem !== undefined && !this.#pipeline.isUnsettled) throw problem;
    const isInitial = sasl.isClientFirst && this.#record.capabilities?.has('SASL-IR') === true;
    this.#exchange = { tag: '', sasl };
    try {
      const initialResponse = isInitial ? await sasl.respond() : undefined;
      const sent = this.send({ ...command, ...(initialResponse && { initialResponse }) });
      this.#exchange = { tag: sent.tag, sasl };
      // What waits is wiped when it is sent.
      if (sent.octets.length > 0) initialResponse?.fill(0);
      return sent;
    } catch (error) {
      this.#exchange = undefined;
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
    const exchange = this.#exchange;
    if (exchange?.tag !== authenticate.tag) throw stateError('authenticate did not begin this exchange');
    let response: Bytes | undefined;
    try {
      response = await exchange.sasl.respond(asBytes(challenge));
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      if (this.#exchange === exchange) this.#exchange = { ...exchange, cancelled: error };
    }
    // The server may have ended the exchange in the meantime.
    if (authenticate !== this.#pipeline.exchanging || authenticate.expects !== 'answer') return [];
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
    if (response === undefined) return this.#cancel(authenticate);
    authenticate.expects = 'challenge';
    return [line(encodeBase64(asBytes(response)))];
  }

  #cancel(authenticate: RunningCommand): Bytes[] {
    authenticate.expects = undefined;
    authenticate.isCancelled = true;
    return [line('*')];
  }

  #challenged(): RunningCommand {
    const { exchanging } = this.#pipeline;
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
    const { idle } = this.#pipeline;
    if (idle === undefined) throw stateError('IDLE is not under way');
    idle.isToStop = true;
    return 'expects' in idle && idle.expects === 'idling' ? this.#done(idle) : [];
  }

  #done(idle: RunningCommand): Bytes[] {
    idle.expects = undefined;
    return [line('DONE')];
  }

  /**
   * Says that TLS stands. What the server told before may have been anybody's
   * (RFC 9051 §6.2.1), and is forgotten.
   *
   * @throws MailsealError `imap-state` unless the server has agreed to it.
   */
  tlsStarted(): readonly ImapClientEvent[] {
    if (!this.#isTlsAwaited) throw stateError('the server has not agreed to begin TLS');
    this.#isTlsAwaited = false;
    this.#isEncrypted = true;
    this.#record.forgetCapabilities();
    this.#record.enabled.clear();
    // Nothing that came in the clear is to be continued by what comes in TLS.
    this.#decoder = this.#newDecoder();
    this.#sendWaiting();
    return this.#record.takeEvents();
  }

  /**
   * Takes the next octets of the server. Octets of large literals in the events
   * are views of the chunk, valid until the next call.
   */
  push(chunk: Uint8Array): ImapClientEvent[] {
    const octets = asBytes(chunk);
    if (this.#isBroken || octets.length === 0) return [];
    if (this.#isTlsAwaited) {
      this.#refuseInjected();
      return this.#record.takeEvents();
    }
    this.#decoder.push(octets);
    while (this.#decoder.stopped && !this.#isBroken) {
      if (this.#switching === undefined) this.#decoder.resume();
      else this.#switchStream(this.#switching);
    }
    return this.#record.takeEvents();
  }

  /** Says that the connection is closed. Commands that were under way are dropped. */
  end(): ImapClientEvent[] {
    if (!this.#isBroken) for (const event of this.#decoder.end()) this.#take(event);
    if (this.#record.state !== 'logout') this.#record.change('ended');
    this.#drop(protocolError('the connection ended before the command was answered'));
    this.#isBroken = true;
    return this.#record.takeEvents();
  }

  /** The next tag of the count, and where the count is with it. */
  #nextTag(): readonly [tag: string, count: number] {
    for (let count = this.#tagsGiven + 1; ; count++) {
      const tag = `${this.#options.tagPrefix ?? 'A'}${count}`;
      if (!this.#pipeline.hasTag(tag)) return [tag, count];
    }
  }

  #isOver(): MailsealError | undefined {
    return this.#record.state === 'logout' || this.#isBroken ? stateError('the session is over') : undefined;
  }

  #problemWith(waiting: WaitingCommand): MailsealError | undefined {
    return problemWith(waiting, {
      state: this.#record.state,
      transport: this.#options.transport,
      isEncrypted: this.#isEncrypted,
      isTlsAwaited: this.#isTlsAwaited,
      capabilities: this.#record.capabilities,
      enabled: this.#record.enabled,
    });
  }

  #encode({ tag, name, command }: WaitingCommand): ImapFragment[] {
    try {
      return encodeCommand(
        { tag, command },
        { literals: literalsFor(this.#record.capabilities), utf8: this.#record.isUtf8 },
      );
    } catch (error) {
      // The words of such an error may be those of a password.
      if (name !== 'LOGIN' && name !== 'AUTHENTICATE') throw error;
      throw new MailsealError('usage', `${name} cannot be written with what it was given`);
    }
  }

  #start(waiting: WaitingCommand, fragments: ImapFragment[]): Bytes[] {
    const { command } = waiting;
    let expects: Expectation;
    if (command.name === 'AUTHENTICATE') expects = 'challenge';
    else if (command.name === 'IDLE') expects = 'idle';
    else if (command.name === 'SELECT' || command.name === 'EXAMINE') {
      this.#record.opening(command.mailbox, command.name === 'EXAMINE');
    }
    if (waiting.facts.alone) this.#record.alone();
    const octets = this.#pipeline.start(waiting, fragments, expects);
    if (command.name === 'AUTHENTICATE' && this.#exchange?.tag === waiting.tag)
      command.initialResponse?.fill(0);
    return octets;
  }

  /** Sends what waited and may be sent now. */
  #sendWaiting(): void {
    const octets: Bytes[] = [];
    while (this.#record.state !== 'greeting' && !this.#isTlsAwaited && !this.#isBroken) {
      const next = this.#pipeline.next();
      if (next === undefined) break;
      try {
        const problem = this.#problemWith(next);
        if (problem !== undefined) throw problem;
        octets.push(...this.#start(next, this.#encode(next)));
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        if (this.#exchange?.tag === next.tag) this.#exchange = undefined;
        this.#record.events.push({ type: 'command-dropped', tag: next.tag, name: next.name, error });
      }
    }
    if (octets.length > 0) this.#record.events.push({ type: 'send', octets });
  }

  #newDecoder(): ResponseDecoder {
    const { limits, quirks, eager, literals } = this.#options;
    return new ResponseDecoder({
      ...(limits && { limits }),
      ...(quirks !== undefined && { quirks }),
      ...(eager !== undefined && { eager }),
      ...(literals && { literals }),
      stopWhen: (event) => this.#take(event),
    });
  }

  /**
   * Takes what was decoded before anything behind it is: how that is to be read, if at all, may depend on it.
   * Says whether it does.
   */
  #take(event: ResponseEvent): boolean {
    if (event.type === 'unparsed') this.#missed(event);
    else if (event.type !== 'response') this.#record.events.push(event);
    else if (this.#record.state === 'greeting') this.#greeted(event.response);
    else if (event.response.type === '+') this.#continued(event.response);
    else if ('tag' in event.response && event.response.tag !== undefined)
      this.#answered(event.response, event.response.tag);
    else this.#told(event);
    if (this.#isBroken || this.#switching !== undefined) return true;
    if (this.#decoder.utf8 === this.#record.isUtf8) return false;
    this.#decoder.utf8 = this.#record.isUtf8;
    return true;
  }

  /** What could not be read may be what ended a command, which would wait for ever. */
  #missed(event: UnparsedEvent): void {
    this.#record.events.push(event);
    const [tag = ''] = latin1FromBytes(event.octets.subarray(0, LONGEST_TAG)).split(' ', 1);
    const command = this.#pipeline.withTag(tag);
    if (command === undefined) return;
    const { name, facts } = command;
    // Whether it changed the state is not known, and so nothing is any more.
    if (facts.alone) {
      this.#fail(`the answer to ${name} cannot be read`, event.error);
      return;
    }
    this.#pipeline.finish(command.tag);
    this.#record.events.push({ type: 'command-dropped', tag: command.tag, name, error: event.error });
    this.#sendWaiting();
  }

  #greeted(response: ImapResponse): void {
    // RFC 9051 §7.1: a greeting is an untagged OK, PREAUTH or BYE.
    const { type } = response;
    if ((type !== 'OK' && type !== 'PREAUTH' && type !== 'BYE') || response.tag !== undefined) {
      this.#fail('what the server sent first is no greeting');
      return;
    }
    this.#record.events.push({ type: 'greeting', response });
    // RFC 9051 §11.1: an attacker who answers PREAUTH before TLS keeps STARTTLS from being sent.
    if (type === 'PREAUTH' && this.#options.transport === 'starttls') {
      this.#fail('the server says PREAUTH before TLS, and TLS could not begin any more');
      return;
    }
    this.#record.change(type === 'BYE' ? 'ended' : type === 'PREAUTH' ? 'preauthenticated' : 'greeted');
    this.#record.takeCapabilities(response.code);
  }

  #continued(response: ContinuationResponse): void {
    const { exchanging } = this.#pipeline;
    switch (exchanging?.expects) {
      case 'literal':
        this.#record.events.push({ type: 'send', octets: this.#pipeline.write(exchanging) });
        this.#sendWaiting();
        break;
      case 'challenge':
        this.#challenge(exchanging, response);
        break;
      case 'idle':
        exchanging.expects = 'idling';
        this.#record.events.push({ type: 'idling', tag: exchanging.tag });
        if (exchanging.isToStop) this.#record.events.push({ type: 'send', octets: this.#done(exchanging) });
        break;
      default:
        this.#record.fault('the server asks to go on with something, and nothing waits for that');
    }
  }

  #challenge(authenticate: RunningCommand, { text }: ContinuationResponse): void {
    let octets: Bytes;
    try {
      octets = decodeBase64(decodeText(text).trim());
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      this.#record.fault('the challenge is not base64, and so the exchange is cancelled', error);
      if (this.#exchange?.tag === authenticate.tag) this.#exchange = { ...this.#exchange, cancelled: error };
      this.#record.events.push({ type: 'send', octets: this.#cancel(authenticate) });
      return;
    }
    authenticate.expects = 'answer';
    this.#record.events.push({ type: 'challenge', tag: authenticate.tag, octets });
  }

  #answered(response: StatusResponse, tag: string): void {
    const { type: outcome } = response;
    const isOutcome = outcome === 'OK' || outcome === 'NO' || outcome === 'BAD';
    const command = isOutcome ? this.#pipeline.finish(tag) : undefined;
    if (!isOutcome || command === undefined) {
      this.#record.fault(`"${tag}" is the tag of no command that is under way`);
      return;
    }
    const { name, expects } = command;
    if (outcome === 'OK' && expects !== undefined && expects !== 'challenge') {
      this.#record.fault(`the server completed ${name} without waiting for the rest of it`);
    }
    const exchange = this.#exchange?.tag === tag ? this.#exchange : undefined;
    if (exchange !== undefined) this.#exchange = undefined;
    // RFC 9051 §6.2.2: what was cancelled is rejected, and so nobody can have logged in.
    if (outcome === 'OK' && command.isCancelled) {
      this.#fail('the server says OK to an exchange that was cancelled');
      return;
    }
    // RFC 5802 §3: a server that did not prove to know the password is not the one to talk to.
    if (outcome === 'OK' && exchange?.sasl.isComplete === false) {
      this.#fail('the server says OK without having proved itself in the exchange');
      return;
    }
    this.#record.takeOutcome(name, response);
    this.#record.events.push({
      type: 'command-done',
      tag,
      name,
      outcome,
      response,
      ...(exchange?.cancelled && { cancelled: exchange.cancelled }),
    });
    if (outcome === 'OK' && switching.includes(name)) this.#switching = command.command;
    else this.#sendWaiting();
  }

  /** Goes over to another stream; the decoder has stopped behind the OK to the command. */
  #switchStream(command: ImapCommand): void {
    this.#switching = undefined;
    const octets = this.#decoder.takeRest();
    if (command.name === 'COMPRESS') {
      this.#record.events.push({ type: 'start-compression', mechanism: command.mechanism, octets });
      this.#sendWaiting();
      return;
    }
    this.#isTlsAwaited = true;
    // RFC 9051 §6.2.1: what came in the clear behind the OK is not the server's word under TLS.
    if (octets.length > 0) this.#refuseInjected();
    else this.#record.events.push({ type: 'start-tls' });
  }

  #refuseInjected(): void {
    this.#isTlsAwaited = false;
    this.#fail('octets in the clear follow the OK to STARTTLS: somebody may have put them there');
  }

  #told({ response, quirks }: Extract<ResponseEvent, { type: 'response' }>): void {
    const { running } = this.#pipeline;
    const tag = this.#attribution.ownerOf(response, running, this.#record.toldOf)?.tag;
    this.#record.events.push({ type: 'response', response, tag, quirks });
    const isLeaving = response.type === 'EXPUNGE' || (response.type === 'VANISHED' && !response.earlier);
    if (isLeaving && this.#pipeline.isSteady) {
      // RFC 9051 §7.5.1, RFC 7162 §3.2.10: those commands would be of other messages than the client meant.
      this.#record.fault(`${response.type} came while a command with sequence numbers was under way`);
    }
    this.#record.takeUntagged(response, tag);
  }

  /** Ends the session for a fault that nothing can be believed behind. */
  #fail(message: string, cause?: unknown): void {
    const error = protocolError(message, cause);
    this.#isBroken = true;
    this.#record.events.push({ type: 'protocol-error', error, isFatal: true });
    this.#record.change('ended');
    this.#drop(error);
  }

  #drop(error: MailsealError): void {
    this.#exchange = undefined;
    for (const { tag, name } of this.#pipeline.clear()) {
      this.#record.events.push({ type: 'command-dropped', tag, name, error });
    }
  }
}

function asWaiting(tag: string, command: ImapCommand): WaitingCommand {
  return { tag, name: commandName(command), command, facts: commandFacts(command), isToStop: false };
}

function line(text: string): Bytes {
  const octets = new Uint8Array(text.length + 2);
  for (let at = 0; at < text.length; at++) octets[at] = text.charCodeAt(at);
  octets[text.length] = 0x0d;
  octets[text.length + 1] = 0x0a;
  return octets;
}
