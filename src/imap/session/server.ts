import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { encodeBase64 } from '../../encoding/base64.js';
import type { SaslServer } from '../../sasl/mechanism.js';
import type { ImapResponse } from '../response/response.js';
import type { ResponseCode } from '../response/response-code.js';
import type { ImapServerEvent } from './server-events.js';
import { injected, stateError, tooMuchAhead } from './server-faults.js';
import { checkServerOptions, type ImapServerOptions, mostPipelined } from './server-options.js';
import { ServerReader } from './server-reader.js';
import { type Running, ServerRecord } from './server-record.js';
import { weightOf } from './server-unread.js';
import { changeOf, type ImapState } from './states.js';

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
  readonly #record: ServerRecord;
  readonly #reader: ServerReader;

  /** @throws MailsealError `usage` for options that are none. */
  constructor(options: ImapServerOptions) {
    checkServerOptions(options);
    this.#record = new ServerRecord(options);
    this.#reader = new ServerReader(this.#record);
  }

  get state(): ImapState {
    return this.#record.state;
  }

  /** Whether the octets travel in TLS. */
  get isEncrypted(): boolean {
    return this.#record.isEncrypted;
  }

  /** What ENABLE has turned on, in capital letters. */
  get enabled(): ReadonlySet<string> {
    return this.#record.enabled;
  }

  /** Whether strings and mailbox names are UTF-8 (RFC 9051 §6.3.1, RFC 9755 §3). */
  get isUtf8(): boolean {
    return this.#record.isUtf8;
  }

  /** Whether octets of the client are wanted: no command has to be answered first. */
  get isWaiting(): boolean {
    return this.#record.isWaiting;
  }

  /** The capabilities in this state, as CAPABILITY tells them. */
  get capabilities(): readonly string[] {
    return this.#record.capabilities;
  }

  /** What may be shown of it; never anything of what was received. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { state, isEncrypted, capabilities } = this;
    const running = this.#record.running && {
      tag: this.#record.running.tag,
      name: this.#record.running.name,
    };
    return { state, isEncrypted, capabilities, enabled: [...this.#record.enabled], running };
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
    if (this.#record.state !== 'greeting') throw stateError('the session has greeted already');
    // RFC 9051 §11.1: behind PREAUTH no TLS could begin.
    if (how === 'PREAUTH' && this.#record.options.transport === 'starttls') {
      throw stateError('PREAUTH cannot be said where TLS has to come first');
    }
    if (how === 'BYE') return this.bye(text);
    const isLoggedIn = how === 'PREAUTH';
    this.#record.send({ type: how, tag: undefined, code: this.#record.capabilityCode(isLoggedIn), text });
    this.#record.change(isLoggedIn ? 'preauthenticated' : 'greeted');
    if (isLoggedIn) this.#reader.begin();
    return this.#record.takeEvents();
  }

  /**
   * Takes the next octets of the client. Octets of messages in the events may be
   * views of the chunk, valid until the next call; what is kept longer is copied.
   *
   * @throws MailsealError `imap-state` before the greeting.
   */
  push(chunk: Uint8Array): ImapServerEvent[] {
    const octets = asBytes(chunk);
    if (this.#record.state === 'greeting') throw stateError('greet the client first');
    if (octets.length === 0 || this.#record.state === 'logout') return [];
    if (this.#record.isTlsAwaited) {
      // RFC 9051 §6.2.1: what comes in the clear behind the OK is nobody's word under TLS.
      this.#record.close(injected());
      return this.#record.takeEvents();
    }
    const most = mostPipelined(this.#record.options);
    if (!this.isWaiting && this.#record.unread.weight + weightOf(octets) > most) {
      this.#record.send({ type: 'BYE', tag: undefined, code: undefined, text: 'Too much was sent ahead' });
      this.#record.close(tooMuchAhead(most));
      return this.#record.takeEvents();
    }
    // What is read at once is not copied; the decoder copies what it stops before.
    this.#record.unread.add(this.isWaiting ? octets : octets.slice());
    this.#reader.goOn();
    return this.#record.takeEvents();
  }

  /** Says that the connection is closed. */
  end(): ImapServerEvent[] {
    this.#record.close();
    return this.#record.takeEvents();
  }

  /** Ends the session with BYE (RFC 9051 §7.1.5), whatever is under way. */
  bye(text: string, code?: ResponseCode): ImapServerEvent[] {
    if (this.#record.state === 'logout') return [];
    this.#record.send({ type: 'BYE', tag: undefined, code, text });
    this.#record.close();
    return this.#record.takeEvents();
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
    if (Object(response) !== response) throw usage(`a response is wanted, not ${shown(response)}`);
    if (response.type === '+' || ('tag' in response && response.tag !== undefined)) {
      throw usage('respond is for untagged responses; a command is answered with done');
    }
    const isGone = response.type === 'EXPUNGE' || (response.type === 'VANISHED' && !response.earlier);
    if (isGone && this.#record.running?.facts.allowsExpunge !== true) {
      throw stateError(
        `${response.type} cannot be told now: numbers of messages would change (RFC 9051 §7.5.1)`,
      );
    }
    return this.#record.encode(response);
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
    const running = this.#record.running;
    if (running?.tag !== tag || running.isAsked) {
      throw stateError(`no command with the tag ${shown(tag)} waits for an answer`);
    }
    const { name, command } = running;
    const isOk = outcome === 'OK';
    if (name === 'AUTHENTICATE' && isOk && running.isProved !== true) {
      throw stateError('the client has not proved who it is: see authenticate');
    }
    const logsIn = isOk && (name === 'LOGIN' || name === 'AUTHENTICATE');
    this.#record.send({
      type: outcome,
      tag,
      code: code ?? (logsIn ? this.#record.capabilityCode(true) : undefined),
      text,
    });
    this.#record.running = undefined;
    if (isOk && changeOf[name] !== undefined) this.#record.change(changeOf[name]);
    // RFC 9051 §6.3.2: where SELECT fails no mailbox is selected any more.
    const isSelect = name === 'SELECT' || name === 'EXAMINE';
    if (isSelect && outcome === 'NO' && this.#record.state === 'selected') this.#record.change('deselected');
    if (logsIn || (isOk && name === 'UNAUTHENTICATE')) this.#reader.begin();
    if ((name === 'LOGIN' || name === 'AUTHENTICATE') && !isOk) this.#record.countRefused();
    if (isOk && command.name === 'COMPRESS') {
      const octets = concatBytes([this.#reader.takeRest(), ...this.#record.unread.takeAll()]);
      this.#record.tell({ type: 'start-compression', octets });
    }
    this.#reader.goOn();
    return this.#record.takeEvents();
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
    return this.#record.takeEvents();
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
    return this.#record.takeEvents();
  }

  #authenticating(tag: string): Running {
    const running = this.#record.running;
    if (running?.tag !== tag || running.name !== 'AUTHENTICATE' || running.isProved === true) {
      throw stateError(`no AUTHENTICATE with the tag ${shown(tag)} is under way`);
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
      if (this.#record.running !== running) return;
      this.#record.refuse(running.tag, 'BAD', error, undefined, true);
      this.#reader.goOn();
      return;
    } finally {
      // It may be a password.
      response?.fill(0);
    }
    // The connection may have ended in the meantime.
    if (this.#record.running !== running) return;
    if (challenge !== undefined) {
      this.#reader.ask(running, encodeBase64(challenge));
      this.#reader.goOn();
    } else if (sasl.outcome === undefined) {
      const error = new MailsealError('sasl-refused', 'authentication failed', { fault: 'peer' });
      this.#record.refuse(running.tag, 'NO', error, { code: 'AUTHENTICATIONFAILED' }, true);
      this.#reader.goOn();
    } else {
      running.isProved = true;
      this.#record.tell({ type: 'authenticated', tag: running.tag, identity: sasl.outcome });
    }
  }

  /**
   * Says that TLS stands.
   *
   * @throws MailsealError `imap-state` unless the session has agreed to it.
   */
  tlsStarted(): void {
    if (!this.#record.isTlsAwaited) throw stateError('the session has not agreed to begin TLS');
    this.#record.isTlsAwaited = false;
    this.#record.isEncrypted = true;
    this.#reader.begin();
  }
}
