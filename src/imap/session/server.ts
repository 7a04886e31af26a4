import { asBytes, type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { encodeBase64 } from '../../encoding/base64.js';
import type { SaslServer } from '../../sasl/mechanism.js';
import type { ImapCommand } from '../command/command.js';
import { type CommandFacts, commandFacts, commandName } from '../command/command-facts.js';
import { CommandDecoder } from '../framing/command-decoder.js';
import type { CommandEvent } from '../framing/events.js';
import type { ImapQuirk } from '../quirks.js';
import { encodeResponse } from '../response/encode-response.js';
import type { ImapResponse } from '../response/response.js';
import type { ResponseCode } from '../response/response-code.js';
import type { ImapServerEvent } from './server-events.js';
import { base64, injected, stateError, tooLarge, tooMuchAhead, withoutWords } from './server-faults.js';
import {
  capabilitiesOf,
  checkServerOptions,
  decoderOptions,
  type ImapServerOptions,
  mostPipelined,
} from './server-options.js';
import { changeOf, changesReading, problemWith } from './server-rules.js';
import { UnreadOctets, weightOf } from './server-unread.js';
import { type ImapState, type ImapStateChange, nextImapState } from './states.js';

/** A command that is being carried out. */
interface Running {
  readonly tag: string;
  readonly name: string;
  readonly command: ImapCommand;
  readonly facts: CommandFacts;
  /** AUTHENTICATE and IDLE: whether the client has to say the next line. */
  isAsked: boolean;
  sasl?: SaslServer;
  /** What the client said last in the exchange. */
  said?: Bytes;
  /** Whether the exchange has said who the client is. */
  isProved?: boolean;
}

/** Whoever is refused so often before he has said who he is, is sent away. */
const MOST_REFUSED = 20;

/**
 * The server's side of an IMAP connection (RFC 9051, RFC 3501) without input
 * or output: what the client sent is pushed, and comes back as events; commands
 * are answered with {@link respond} and {@link done}.
 *
 * The session itself sees to literals that have to be asked for, to commands
 * that cannot be read or are not for the state, to CAPABILITY, ENABLE, STARTTLS
 * and LOGOUT, and to what is said in AUTHENTICATE and IDLE. Commands come one
 * after the other, in their order, however many a client sends at once. As long
 * as {@link isWaiting} is false the connection need not be read on.
 *
 * @example
 * ```ts
 * import { ImapServer } from 'mailseal/imap';
 *
 * const octets = (text: string) => new TextEncoder().encode(text);
 * const server = new ImapServer({ transport: 'tls', capabilities: ['IDLE'] });
 * server.greet();
 * const [login] = server.push(octets('a LOGIN anna secret\r\nb SELECT INBOX\r\n'));
 * if (login?.type !== 'command') throw new Error('LOGIN has to come first');
 * const select = server.done(login.tag, 'OK', 'welcome').at(-1);
 * console.log(select?.type === 'command' && select.name, server.state); // SELECT authenticated
 * const exists = server.respond({ type: 'EXISTS', number: 172 });
 * console.log(new TextDecoder().decode(exists)); // * 172 EXISTS
 * ```
 */
export class ImapServer {
  readonly #options: ImapServerOptions;
  #decoder: CommandDecoder;
  #state: ImapState = 'greeting';
  #isEncrypted: boolean;
  #isTlsAwaited = false;
  readonly #enabled = new Set<string>();
  #running: Running | undefined;
  /** What was decoded and waits for its turn. */
  #queue: CommandEvent[] = [];
  /** What came while a command was carried out. */
  readonly #unread = new UnreadOctets();
  #refused = 0;
  #events: ImapServerEvent[] = [];
  /** The octets of the last event of type `send`, as long as more can be added to them. */
  #sending: Bytes[] | undefined;

  /** @throws MailsealError `usage` for options that are none. */
  constructor(options: ImapServerOptions) {
    checkServerOptions(options);
    this.#options = options;
    this.#isEncrypted = options.transport === 'tls';
    this.#decoder = this.#newDecoder();
  }

  get state(): ImapState {
    return this.#state;
  }

  /** Whether the octets travel in TLS. */
  get isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /** What ENABLE has turned on, in capital letters. */
  get enabled(): ReadonlySet<string> {
    return this.#enabled;
  }

  /** Whether strings and mailbox names are UTF-8 (RFC 9051 §6.3.1, RFC 9755 §3). */
  get isUtf8(): boolean {
    return this.#enabled.has('IMAP4REV2') || this.#enabled.has('UTF8=ACCEPT');
  }

  /** Whether octets of the client are wanted: no command has to be answered first. */
  get isWaiting(): boolean {
    return this.#running === undefined || this.#running.isAsked;
  }

  /** The capabilities in this state, as CAPABILITY tells them. */
  get capabilities(): readonly string[] {
    return capabilitiesOf(this.#options, this.#isEncrypted, this.#isLoggedIn);
  }

  get #isLoggedIn(): boolean {
    return this.#state === 'authenticated' || this.#state === 'selected';
  }

  /** What may be shown of it; never anything of what was received. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { state, isEncrypted, capabilities } = this;
    const running = this.#running && { tag: this.#running.tag, name: this.#running.name };
    return { state, isEncrypted, capabilities, enabled: [...this.#enabled], running };
  }

  /**
   * Greets (RFC 9051 §7.1): first of all.
   *
   * @param text - for people to read.
   * @param how - `PREAUTH` where the client needs not say who it is; `BYE` where it is not served.
   * @throws MailsealError `imap-state` where the session has greeted already, and for PREAUTH where
   *   TLS has to come first.
   */
  greet(text = 'ready', how: 'OK' | 'PREAUTH' | 'BYE' = 'OK'): ImapServerEvent[] {
    if (this.#state !== 'greeting') throw stateError('the session has greeted already');
    // RFC 9051 §11.1: behind PREAUTH no TLS could begin.
    if (how === 'PREAUTH' && this.#options.transport === 'starttls') {
      throw stateError('PREAUTH cannot be said where TLS has to come first');
    }
    if (how === 'BYE') return this.bye(text);
    const isLoggedIn = how === 'PREAUTH';
    this.#send({ type: how, tag: undefined, code: this.#capabilityCode(isLoggedIn), text });
    this.#change(isLoggedIn ? 'preauthenticated' : 'greeted');
    if (isLoggedIn) this.#decoder = this.#newDecoder();
    return this.#takeEvents();
  }

  /**
   * Takes the next octets of the client. Octets of messages in the events
   * are views of the chunk: it must not be used again before its commands are done.
   *
   * @throws MailsealError `imap-state` before the greeting.
   */
  push(chunk: Uint8Array): ImapServerEvent[] {
    const octets = asBytes(chunk);
    if (this.#state === 'greeting') throw stateError('greet the client first');
    if (octets.length === 0 || this.#state === 'logout') return [];
    if (this.#isTlsAwaited) {
      // RFC 9051 §6.2.1: what comes in the clear behind the OK is nobody's word under TLS.
      this.#close(injected());
      return this.#takeEvents();
    }
    const most = mostPipelined(this.#options);
    if (!this.isWaiting && this.#unread.weight + weightOf(octets) > most) {
      this.#send({ type: 'BYE', tag: undefined, code: undefined, text: 'Too much was sent ahead' });
      this.#close(tooMuchAhead(most));
      return this.#takeEvents();
    }
    this.#unread.add(octets);
    this.#goOn();
    return this.#takeEvents();
  }

  /** Says that the connection is closed. */
  end(): ImapServerEvent[] {
    this.#close();
    return this.#takeEvents();
  }

  /** Ends the session with BYE (RFC 9051 §7.1.5), whatever is under way. */
  bye(text: string, code?: ResponseCode): ImapServerEvent[] {
    if (this.#state === 'logout') return [];
    this.#send({ type: 'BYE', tag: undefined, code, text });
    this.#close();
    return this.#takeEvents();
  }

  /**
   * The octets of an untagged response, to write now: what a command is answered
   * with before {@link done}, or what the server has to tell of its own accord.
   *
   * @throws MailsealError `usage` for what cannot be written, and for tagged ones; `imap-state` for
   *   EXPUNGE and VANISHED where numbers of messages must not change (RFC 9051 §7.5.1): tell them
   *   with the next command.
   */
  respond(response: ImapResponse): Bytes {
    if (response.type === '+' || ('tag' in response && response.tag !== undefined)) {
      throw new MailsealError('usage', 'respond is for untagged responses; a command is answered with done');
    }
    const isGone = response.type === 'EXPUNGE' || (response.type === 'VANISHED' && !response.earlier);
    if (isGone && this.#running?.facts.allowsExpunge !== true) {
      throw stateError(
        `${response.type} cannot be told now: numbers of messages would change (RFC 9051 §7.5.1)`,
      );
    }
    return encodeResponse(response, { utf8: this.isUtf8 });
  }

  /**
   * Ends a command, and gives what comes next: the answer to write, and the
   * command behind it where the client has sent one.
   *
   * @param code - by default the capabilities where somebody has logged in (RFC 9051 §6.2.3).
   * @throws MailsealError `imap-state` where no command with that tag waits for an answer; `usage` for
   *   a text or code that cannot be written.
   */
  done(tag: string, outcome: 'OK' | 'NO' | 'BAD', text: string, code?: ResponseCode): ImapServerEvent[] {
    const running = this.#running;
    if (running?.tag !== tag || running.isAsked) {
      throw stateError(`no command with the tag ${JSON.stringify(tag)} waits for an answer`);
    }
    const { name, command } = running;
    const isOk = outcome === 'OK';
    if (name === 'AUTHENTICATE' && isOk && running.isProved !== true) {
      throw stateError('the client has not proved who it is: see authenticate');
    }
    const logsIn = isOk && (name === 'LOGIN' || name === 'AUTHENTICATE');
    this.#send({ type: outcome, tag, code: code ?? (logsIn ? this.#capabilityCode(true) : undefined), text });
    this.#running = undefined;
    if (isOk && changeOf[name] !== undefined) this.#change(changeOf[name]);
    // RFC 9051 §6.3.2: where SELECT fails no mailbox is selected any more.
    const isSelect = name === 'SELECT' || name === 'EXAMINE';
    if (isSelect && outcome === 'NO' && this.#state === 'selected') this.#change('deselected');
    if (logsIn || (isOk && name === 'UNAUTHENTICATE')) this.#begin();
    if ((name === 'LOGIN' || name === 'AUTHENTICATE') && !isOk) this.#countRefused();
    if (isOk && command.name === 'COMPRESS') {
      const octets = concatBytes([this.#decoder.takeRest(), ...this.#unread.takeAll()]);
      this.#events.push({ type: 'start-compression', octets });
    }
    this.#goOn();
    return this.#takeEvents();
  }

  /**
   * Answers `authenticate` with the mechanism's exchange, and gives what comes next.
   *
   * @throws MailsealError `imap-state` where no AUTHENTICATE waits for it; and as the mechanism, but
   *   for what the client said wrong.
   */
  async authenticate(tag: string, sasl: SaslServer): Promise<ImapServerEvent[]> {
    const running = this.#authenticating(tag);
    if (running.sasl !== undefined) throw stateError('the exchange has begun already');
    running.sasl = sasl;
    const { command } = running;
    const initial = command.name === 'AUTHENTICATE' ? command.initialResponse : undefined;
    await this.#exchange(running, sasl, initial);
    return this.#takeEvents();
  }

  /**
   * Has the mechanism read what `sasl-response` told of, and gives what comes next.
   *
   * @throws MailsealError `imap-state` where there is nothing to read.
   */
  async proceed(tag: string): Promise<ImapServerEvent[]> {
    const running = this.#authenticating(tag);
    const { said, sasl } = running;
    if (said === undefined || sasl === undefined) throw stateError('the client has said nothing since');
    delete running.said;
    await this.#exchange(running, sasl, said);
    return this.#takeEvents();
  }

  #authenticating(tag: string): Running {
    const running = this.#running;
    if (running?.tag !== tag || running.name !== 'AUTHENTICATE' || running.isProved === true) {
      throw stateError(`no AUTHENTICATE with the tag ${JSON.stringify(tag)} is under way`);
    }
    return running;
  }

  async #exchange(running: Running, sasl: SaslServer, response: Bytes | undefined): Promise<void> {
    let challenge: Bytes | undefined;
    try {
      challenge = await sasl.challenge(response);
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code !== 'sasl-malformed') throw error;
      // RFC 9051 §6.2.2: what the mechanism cannot read is rejected.
      if (this.#running !== running) return;
      this.#refuse(running.tag, 'BAD', error, undefined, true);
      this.#goOn();
      return;
    } finally {
      // It may be a password.
      response?.fill(0);
    }
    // The connection may have ended in the meantime.
    if (this.#running !== running) return;
    if (challenge !== undefined) {
      this.#ask(running, encodeBase64(challenge));
      this.#goOn();
    } else if (sasl.outcome === undefined) {
      const error = new MailsealError('sasl-refused', 'authentication failed', { fault: 'peer' });
      this.#refuse(running.tag, 'NO', error, { code: 'AUTHENTICATIONFAILED' }, true);
      this.#goOn();
    } else {
      running.isProved = true;
      this.#events.push({ type: 'authenticated', tag: running.tag, identity: sasl.outcome });
    }
  }

  /** Has the client say the next line (RFC 9051 §7.6). */
  #ask(running: Running, text: string): void {
    this.#send({ type: '+', code: undefined, text });
    this.#decoder.expectLine();
    running.isAsked = true;
  }

  /**
   * Says that TLS stands.
   *
   * @throws MailsealError `imap-state` unless the session has agreed to it.
   */
  tlsStarted(): void {
    if (!this.#isTlsAwaited) throw stateError('the session has not agreed to begin TLS');
    this.#isTlsAwaited = false;
    this.#isEncrypted = true;
    this.#begin();
  }

  #newDecoder(): CommandDecoder {
    return new CommandDecoder({
      ...decoderOptions(this.#options, this.#isLoggedIn),
      utf8: this.isUtf8,
      stopWhen: (event) =>
        event.type === 'command'
          ? changesReading.has(event.command.command.name)
          : event.type === 'literal-wanted' || event.type === 'line',
    });
  }

  /** Reads on with other limits; what came already is read anew. */
  #begin(): void {
    if (!this.#isLoggedIn) this.#enabled.clear();
    this.#unread.putBack(this.#decoder.takeRest());
    this.#decoder = this.#newDecoder();
    this.#refused = 0;
  }

  /** Takes what came, as far as no command has to be answered first. */
  #goOn(): void {
    while (this.#state !== 'logout' && !this.#isTlsAwaited && this.isWaiting) {
      const event = this.#queue.shift();
      if (event !== undefined) this.#take(event);
      else if (this.#decoder.stopped) this.#queue = this.#decoder.resume();
      else {
        const octets = this.#unread.take();
        if (octets === undefined) return;
        this.#queue = this.#decoder.push(octets);
      }
    }
  }

  #take(event: CommandEvent): void {
    switch (event.type) {
      case 'command':
        this.#begun(event.command.tag, event.command.command, event.quirks);
        break;
      case 'literal-wanted':
        // RFC 9051 §7.6. What is too large does not come as far as this.
        this.#send({ type: '+', code: undefined, text: 'OK' });
        break;
      case 'line':
        this.#said(event.octets);
        break;
      case 'unparsed':
        this.#refuse(event.tag, 'BAD', event.error, tooLarge(event.error));
        break;
      default:
        this.#events.push(event);
    }
  }

  #begun(tag: string, command: ImapCommand, quirks: readonly ImapQuirk[]): void {
    const facts = commandFacts(command);
    const name = commandName(command);
    const problem = problemWith(name, command, facts, this, this.#options);
    if (problem !== undefined) {
      this.#refuse(tag, problem.outcome, stateError(problem.text, 'peer'), problem.code);
      return;
    }
    const running: Running = { tag, name, command, facts, isAsked: false };
    switch (command.name) {
      case 'CAPABILITY':
        this.#send({ type: 'CAPABILITY', capabilities: this.capabilities });
        this.#complete(running);
        return;
      case 'LOGOUT':
        this.#send({ type: 'BYE', tag: undefined, code: undefined, text: 'Logging out' });
        this.#complete(running);
        this.#close();
        return;
      case 'STARTTLS':
        this.#startTls(running);
        return;
      case 'ENABLE':
        this.#enable(command.capabilities);
        this.#complete(running);
        return;
      case 'AUTHENTICATE':
        this.#running = running;
        this.#events.push({ type: 'authenticate', tag, mechanism: command.mechanism.toUpperCase() });
        return;
      case 'IDLE':
        this.#ask(running, 'idling');
        break;
      case 'SELECT':
      case 'EXAMINE':
        // RFC 9051 §7.1, RFC 7162 §3.2.11: what is told from here on is of the other mailbox.
        if (this.#state === 'selected' && (this.#enabled.has('QRESYNC') || this.#enabled.has('IMAP4REV2'))) {
          this.#send({ type: 'OK', tag: undefined, code: { code: 'CLOSED' }, text: 'Mailbox closed' });
        }
        break;
    }
    this.#running = running;
    this.#events.push({ type: 'command', tag, name, command, quirks });
  }

  #complete({ tag, name }: Running): void {
    this.#send({ type: 'OK', tag, code: undefined, text: `${name} completed` });
  }

  #startTls({ tag }: Running): void {
    if (this.#decoder.takeRest().length > 0 || this.#queue.length > 0 || !this.#unread.isEmpty) {
      this.#refuse(tag, 'BAD', injected());
      this.#close(injected());
      return;
    }
    this.#send({ type: 'OK', tag, code: undefined, text: 'Begin TLS now' });
    this.#isTlsAwaited = true;
    this.#events.push({ type: 'start-tls' });
  }

  #enable(wanted: readonly string[]): void {
    const offered = new Map((this.#options.enableable ?? []).map((name) => [name.toUpperCase(), name]));
    const told = [...new Set(wanted.map((name) => name.toUpperCase()))].filter((name) => offered.has(name));
    for (const name of told) this.#enabled.add(name);
    this.#decoder.utf8 = this.isUtf8;
    const capabilities = told.map((name) => offered.get(name)!);
    this.#send({ type: 'ENABLED', capabilities });
    if (capabilities.length > 0) this.#events.push({ type: 'enabled', capabilities });
  }

  /** A line that answers a challenge, or ends IDLE. */
  #said(octets: Bytes): void {
    const running = this.#running;
    if (running === undefined) return;
    running.isAsked = false;
    const text = latin1FromBytes(octets).replace(/\r?\n$/, '');
    if (running.name === 'IDLE') {
      this.#running = undefined;
      this.#events.push({ type: 'idle-ended', tag: running.tag });
      if (text.toUpperCase() === 'DONE') this.#complete(running);
      else this.#refuse(running.tag, 'BAD', stateError('IDLE is ended by DONE', 'peer'));
      return;
    }
    // RFC 9051 §6.2.2: "*" cancels, and is rejected with BAD as well.
    const said = text === '*' ? undefined : base64(text);
    if (said === undefined) {
      const what = text === '*' ? 'the client cancelled the exchange' : 'the response is not base64';
      const error = new MailsealError('sasl-malformed', what, { fault: 'peer' });
      this.#refuse(running.tag, 'BAD', error, undefined, true);
      return;
    }
    running.said = said;
    this.#events.push({ type: 'sasl-response', tag: running.tag });
  }

  /** Answers with NO or BAD, and tells. */
  #refuse(
    tag: string | undefined,
    outcome: 'NO' | 'BAD',
    error: MailsealError,
    code?: ResponseCode,
    isAuthentication = false,
  ): void {
    if (this.#running?.tag === tag) this.#running = undefined;
    // What could not be read may hold a password: its words are not said again.
    const isOurs =
      error.code === 'imap-state' || error.code === 'sasl-refused' || error.code === 'sasl-malformed';
    const text = isOurs ? error.message : 'The command cannot be read';
    this.#send({ type: outcome, tag, code, text });
    this.#events.push({
      type: 'refused',
      tag,
      outcome,
      error: isOurs ? error : withoutWords(error),
      isAuthentication,
    });
    this.#countRefused();
  }

  #countRefused(): void {
    if (this.#isLoggedIn || ++this.#refused < MOST_REFUSED || this.#state === 'logout') return;
    this.#send({ type: 'BYE', tag: undefined, code: undefined, text: 'Too much was refused' });
    this.#close(stateError('too much was refused before anybody logged in', 'peer'));
  }

  #capabilityCode(isLoggedIn: boolean): ResponseCode {
    const capabilities = capabilitiesOf(this.#options, this.#isEncrypted, isLoggedIn);
    return { code: 'CAPABILITY', capabilities };
  }

  #send(response: ImapResponse): void {
    const octets = encodeResponse(response, { utf8: this.isUtf8 });
    if (this.#sending !== undefined && this.#events.at(-1)?.type === 'send') {
      this.#sending.push(octets);
      return;
    }
    this.#sending = [octets];
    this.#events.push({ type: 'send', octets: this.#sending });
  }

  #change(change: ImapStateChange): void {
    const previous = this.#state;
    const state = nextImapState(previous, change);
    if (state === undefined || state === previous) return;
    this.#state = state;
    this.#events.push({ type: 'state', state, previous });
  }

  #close(error?: MailsealError): void {
    if (this.#state === 'logout') return;
    this.#running = undefined;
    this.#isTlsAwaited = false;
    this.#queue = [];
    this.#unread.takeAll();
    this.#change('ended');
    this.#events.push({ type: 'closed', ...(error && { error }) });
  }

  #takeEvents(): ImapServerEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#sending = undefined;
    return events;
  }
}
