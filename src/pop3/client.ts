import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { octetFinder } from '../core/find-octet.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { apopTimestamp } from './apop.js';
import type { Pop3Command } from './command.js';
import type { Pop3Lines } from './lines.js';
import type { Pop3Capability, Pop3Status } from './reply.js';
import { Pop3ReplyDecoder, type Pop3ReplyEvent, type Pop3ReplyOptions } from './reply-decoder.js';
import { assertCommand, isLastInFlight, isPermitted, type Pop3State, stateError } from './states.js';
import { checkTransport, type Pop3Transport } from './transport.js';
import { encodePop3Command, encodePop3Continuation } from './write-command.js';

/** How a {@link Pop3Client} works. */
export interface Pop3ClientOptions extends Omit<Pop3ReplyOptions, 'greeting'> {
  readonly transport: Pop3Transport;
  /** Whether the greeting already stands for the mailbox: where a tunnel or a parent process has logged in. Default false. */
  readonly isLoggedIn?: boolean;
  /** Whether APOP may be used, whose MD5 is hardly better than the password itself. Default false. */
  readonly allowApop?: boolean;
}

/** What a {@link Pop3Client} gives: replies, and changes of its state. */
export type Pop3ClientEvent =
  | Pop3ReplyEvent
  | { readonly type: 'state'; readonly from: Pop3State; readonly to: Pop3State };

const LF = 0x0a;

/** No server announces more; RFC 2449 knows thirteen. */
const MOST_CAPABILITIES = 1000;

/**
 * The client's side of a session (RFC 1939), without a connection: what
 * {@link send} gives goes to the server, what comes from it goes to
 * {@link push}.
 *
 * Several commands may be under way where the server announced PIPELINING (RFC
 * 2449 §6.6). What it announced is forgotten after STLS and after logging in,
 * when it may announce something else.
 *
 * @example
 * ```ts
 * import { Pop3Client } from 'mailseal/pop3';
 *
 * const client = new Pop3Client({ transport: 'tls' });
 * const fromServer = (text: string) => client.push(new TextEncoder().encode(text));
 * fromServer('+OK ready\r\n');
 * console.log(new TextDecoder().decode(client.send({ name: 'USER', user: 'kitarou' }))); // 'USER kitarou\r\n'
 * fromServer('+OK\r\n');
 * client.send({ name: 'PASS', password: 'nazonazo' });
 * fromServer('+OK 3 messages\r\n');
 * console.log(client.state); // 'transaction'
 * ```
 */
export class Pop3Client {
  readonly #decoder: Pop3ReplyDecoder;
  readonly #requireTls: boolean;
  readonly #allowApop: boolean;
  readonly #isLoggedIn: boolean;
  readonly #find = octetFinder('auto');
  /** How many commands were not answered yet, and the last of them. */
  #underWay = 0;
  #last: Pop3Command | undefined;
  #state: Pop3State = 'greeting';
  #isSecure: boolean;
  #greeting: Pop3Status | undefined;
  #capabilities: readonly Pop3Capability[] | undefined;
  /** What CAPA has listed so far. */
  #listed: Pop3Capability[] = [];
  #utf8 = false;
  /** AUTH, while the server waits for what goes on with it. */
  #challenged = false;

  /** @throws MailsealError `usage` for a transport, a limit or a quirk that is none. */
  constructor(options: Pop3ClientOptions) {
    checkTransport(options?.transport);
    this.#decoder = new Pop3ReplyDecoder(options);
    this.#requireTls = options.transport === 'stls';
    this.#allowApop = options.allowApop ?? false;
    this.#isLoggedIn = options.isLoggedIn ?? false;
    this.#isSecure = options.transport === 'tls';
  }

  get state(): Pop3State {
    return this.#state;
  }

  /** Whether the connection is under TLS. */
  get isSecure(): boolean {
    return this.#isSecure;
  }

  /** `undefined` until it came. */
  get greeting(): Pop3Status | undefined {
    return this.#greeting;
  }

  /** What the last CAPA listed; `undefined` where none did, or what it listed does not hold any more. */
  get capabilities(): readonly Pop3Capability[] | undefined {
    return this.#capabilities;
  }

  /** The timestamp of the greeting, where the server offers APOP. */
  get timestamp(): string | undefined {
    return this.#greeting === undefined ? undefined : apopTimestamp(this.#greeting.text);
  }

  /** Whether a capability was listed. */
  has(name: string): boolean {
    return this.#capabilities?.some((capability) => capability.name === name.toUpperCase()) ?? false;
  }

  /**
   * A command, as octets to write.
   *
   * @throws MailsealError `pop3-state` where it may not be sent now, with what is to be done first; `usage` for
   *   arguments that cannot be sent.
   */
  send(command: Pop3Command): Bytes {
    this.#assertPermitted(command);
    const octets = encodePop3Command(command);
    this.#underWay++;
    this.#last = command;
    this.#decoder.expect(command);
    return octets;
  }

  /**
   * The answer to a challenge of AUTH, as octets to write; `undefined` cancels
   * the exchange (RFC 5034 §4).
   *
   * The session does not know the mechanism: where the server has to prove
   * itself (SCRAM), its "+OK" counts only when the `SaslClient` is complete.
   *
   * @throws MailsealError `pop3-state` where the server did not ask for one.
   */
  respond(response: Uint8Array | undefined): Bytes {
    if (!this.#challenged) throw stateError('the server waits for no response');
    this.#challenged = false;
    return response === undefined ? bytesFromUtf8('*\r\n') : encodePop3Continuation(response);
  }

  #assertPermitted(command: Pop3Command): void {
    assertCommand(command);
    const { name } = command;
    if (!isPermitted(name, this.#state))
      throw stateError(`${name} cannot be sent in the state ${this.#state}`);
    if (this.#requireTls && !this.#isSecure && tellsWhoIsThere(command)) {
      throw stateError(`${name} is not sent before TLS: send STLS first, or say that the transport is plain`);
    }
    if (name === 'APOP' && !this.#allowApop) {
      throw stateError(
        'APOP protects a password with MD5 alone; set allowApop if the server knows nothing better',
      );
    }
    // RFC 6856 §2: STLS does not come behind UTF8.
    if (name === 'STLS' && this.#utf8) throw stateError('STLS cannot be sent behind UTF8');
    if (name === 'STLS' && this.#isSecure) throw stateError('the connection is under TLS already');
    if (this.#last === undefined) return;
    if (isLastInFlight(this.#last))
      throw stateError(`nothing can be sent before ${this.#last.name} is answered`);
    if (!this.has('PIPELINING')) {
      throw stateError(
        'a command is not answered yet, and the server did not announce PIPELINING (or CAPA was not sent)',
      );
    }
  }

  /**
   * Takes what the server sent, which must not be changed before the next call.
   *
   * Octets behind the answer to STLS that come before {@link tlsStarted} were
   * put there by somebody who wants them taken for words under TLS (RFC 2595
   * §4), if they are not those of the handshake, which are not for the session:
   * they give `unparsed` with `pop3-protocol`, and the session is over.
   */
  push(chunk: Uint8Array): Pop3ClientEvent[] {
    const octets = asBytes(chunk);
    const events: Pop3ClientEvent[] = [];
    let at = 0;
    while (at < octets.length && this.#state !== 'closed') {
      if (this.#state === 'tls') {
        events.push({ type: 'unparsed', octets: octets.subarray(at), error: injected(at) });
        this.#enter('closed', events);
        break;
      }
      // While STLS waits for its answer, what stands behind a line must not be read as a reply.
      const to =
        this.#last?.name === 'STLS' ? this.#find(octets, LF, at) + 1 || octets.length : octets.length;
      this.#taken(this.#decoder.push(octets.subarray(at, to)), events);
      at = to;
    }
    return events;
  }

  /** Ends the session: what is not answered gives `unparsed`. */
  end(): Pop3ClientEvent[] {
    const events: Pop3ClientEvent[] = [];
    this.#taken(this.#decoder.end(), events);
    this.#enter('closed', events);
    return events;
  }

  /**
   * Tells that the handshake is done. What the server had said of itself is forgotten.
   *
   * @throws MailsealError `pop3-state` where STLS was not answered with "+OK".
   */
  tlsStarted(): Pop3ClientEvent[] {
    if (this.#state !== 'tls') throw stateError('TLS begins when STLS was answered with "+OK"');
    const events: Pop3ClientEvent[] = [];
    this.#isSecure = true;
    this.#capabilities = undefined;
    this.#enter('authorization', events);
    return events;
  }

  #taken(replies: readonly Pop3ReplyEvent[], events: Pop3ClientEvent[]): void {
    for (const event of replies) {
      events.push(event);
      if (event.type === 'status') this.#status(event.command, event.status, events);
      else if (event.type === 'lines' && event.command.name === 'CAPA') this.#list(event.lines, events);
      else if (event.type === 'continuation') this.#challenged = true;
      else if (event.type === 'end') this.#answered(event.command);
    }
  }

  #status(command: Pop3Command | undefined, status: Pop3Status, events: Pop3ClientEvent[]): void {
    if (command === undefined) {
      this.#greeting = status;
      const to = this.#isLoggedIn ? 'transaction' : 'authorization';
      this.#enter(status.isOk ? to : 'closed', events);
      return;
    }
    if (command.name === 'CAPA') this.#listed = [];
    this.#challenged = false;
    if (!status.isOk) {
      // RFC 1939 §6: the session is over, whether all messages could be removed or not.
      if (command.name === 'QUIT') this.#enter('closed', events);
      return;
    }
    switch (command.name) {
      case 'PASS':
      case 'APOP':
        this.#enterTransaction(events);
        break;
      case 'AUTH':
        if (command.mechanism !== undefined) this.#enterTransaction(events);
        break;
      case 'STLS':
        this.#enter('tls', events);
        break;
      case 'UTF8':
        this.#utf8 = true;
        break;
      case 'QUIT':
        this.#enter('closed', events);
        break;
    }
  }

  /** RFC 2449 §5: what is announced may change with the state. */
  #enterTransaction(events: Pop3ClientEvent[]): void {
    this.#capabilities = undefined;
    this.#enter('transaction', events);
  }

  #answered(command: Pop3Command | undefined): void {
    if (command === undefined) return;
    if (command.name === 'CAPA') this.#capabilities = this.#listed;
    if (--this.#underWay === 0) this.#last = undefined;
  }

  /** Keeps capabilities, up to a number that no server has. */
  #list(lines: Pop3Lines, events: Pop3ClientEvent[]): void {
    for (const data of lines) {
      if (data.type !== 'capability') continue;
      if (this.#listed.length === MOST_CAPABILITIES) {
        const what = `more than ${MOST_CAPABILITIES} capabilities: the others are passed over`;
        const error = new MailsealError('limit-list', what, { fault: 'peer' });
        events.push({ type: 'unparsed', octets: new Uint8Array(0), error });
        return;
      }
      this.#listed.push(data);
    }
  }

  #enter(to: Pop3State, events: Pop3ClientEvent[]): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    events.push({ type: 'state', from, to });
  }
}

/** Whether a command shows the user's name, password or what stands for it. */
function tellsWhoIsThere(command: Pop3Command): boolean {
  const { name } = command;
  if (name === 'AUTH') return command.mechanism !== undefined;
  return name === 'USER' || name === 'PASS' || name === 'APOP';
}

function injected(offset: number): MailsealError {
  const what = 'octets stand behind STLS, which nobody may send before TLS: close the connection';
  return new MailsealError('pop3-protocol', what, { fault: 'peer', offset });
}
