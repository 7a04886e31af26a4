import { type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { SaslServer } from '../../sasl/mechanism.js';
import type { ImapCommand } from '../command/command.js';
import type { CommandFacts } from '../command/command-facts.js';
import type { CommandEvent } from '../framing/events.js';
import { encodeResponse } from '../response/encode-response.js';
import type { ImapResponse } from '../response/response.js';
import type { ResponseCode } from '../response/response-code.js';
import { type ImapText, octetsOfText, textFromOctets } from '../text.js';
import type { ImapServerEvent } from './server-events.js';
import { stateError, withoutWords } from './server-faults.js';
import { capabilitiesOf, type ImapServerOptions } from './server-options.js';
import { UnreadOctets } from './server-unread.js';
import { type ImapState, type ImapStateChange, nextImapState } from './states.js';

/** A command that is being carried out. */
export interface Running {
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

const SPACE = 0x20;
/** More octets than the count of a literal has. */
const LONGEST_COUNT = 100;

/** Whoever is refused so often before he has said who he is, is sent away. */
const MOST_REFUSED = 20;

/** Where a server's session stands, and the events that tell of it. */
export class ServerRecord {
  readonly options: ImapServerOptions;
  state: ImapState = 'greeting';
  isEncrypted: boolean;
  isTlsAwaited = false;
  readonly enabled: Set<string> = new Set();
  running: Running | undefined;
  /** What was decoded and waits for its turn. */
  queue: CommandEvent[] = [];
  /** What came while a command was carried out. */
  readonly unread: UnreadOctets = new UnreadOctets();
  /** How often something was refused since the stream began. */
  refused = 0;
  #events: ImapServerEvent[] = [];
  /** The octets of the last event of type `send`, as long as more can be added to them. */
  #sending: Bytes[] | undefined;

  constructor(options: ImapServerOptions) {
    this.options = options;
    this.isEncrypted = options.transport === 'tls';
  }

  get isUtf8(): boolean {
    return this.enabled.has('IMAP4REV2') || this.enabled.has('UTF8=ACCEPT');
  }

  get isLoggedIn(): boolean {
    return this.state === 'authenticated' || this.state === 'selected';
  }

  get isWaiting(): boolean {
    return this.running === undefined || this.running.isAsked;
  }

  get capabilities(): readonly string[] {
    return capabilitiesOf(this.options, this.isEncrypted, this.isLoggedIn);
  }

  /** Tells of something. */
  tell(event: ImapServerEvent): void {
    this.#events.push(event);
  }

  complete({ tag, name }: Running): void {
    this.send({ type: 'OK', tag, code: undefined, text: `${name} completed` });
  }

  /** Answers with NO or BAD, and tells. */
  refuse(
    tag: string | undefined,
    outcome: 'NO' | 'BAD',
    error: MailsealError,
    code?: ResponseCode,
    isAuthentication = false,
  ): void {
    if (this.running?.tag === tag) this.running = undefined;
    // What could not be read may hold a password: its words are not said again.
    const isOurs =
      error.code === 'imap-state' || error.code === 'sasl-refused' || error.code === 'sasl-malformed';
    const text = isOurs ? error.message : 'The command cannot be read';
    this.send({ type: outcome, tag, code, text });
    this.#events.push({
      type: 'refused',
      tag,
      outcome,
      error: isOurs ? error : withoutWords(error),
      isAuthentication,
    });
    this.countRefused();
  }

  countRefused(): void {
    if (this.isLoggedIn || ++this.refused < MOST_REFUSED || this.state === 'logout') return;
    this.send({ type: 'BYE', tag: undefined, code: undefined, text: 'Too much was refused' });
    this.close(stateError('too much was refused before anybody logged in', 'peer'));
  }

  capabilityCode(isLoggedIn: boolean): ResponseCode {
    const capabilities = capabilitiesOf(this.options, this.isEncrypted, isLoggedIn);
    return { code: 'CAPABILITY', capabilities };
  }

  /**
   * The octets of a response. Many clients take any line that ends in `{5}` for one that a literal follows, and wait for
   * it: a text that ends so, with the name of a mailbox in it say, gets a blank behind it.
   */
  encode(response: ImapResponse): Bytes {
    const closed =
      'text' in response && isOpen(response.text)
        ? {
            ...response,
            text: textFromOctets(concatBytes([octetsOfText(response.text), Uint8Array.of(SPACE)])),
          }
        : response;
    return encodeResponse(closed, { utf8: this.isUtf8 });
  }

  send(response: ImapResponse): void {
    const octets = this.encode(response);
    if (this.#sending !== undefined && this.#events.at(-1)?.type === 'send') {
      this.#sending.push(octets);
      return;
    }
    this.#sending = [octets];
    this.#events.push({ type: 'send', octets: this.#sending });
  }

  change(change: ImapStateChange): void {
    const previous = this.state;
    const state = nextImapState(previous, change);
    if (state === undefined || state === previous) return;
    this.state = state;
    this.#events.push({ type: 'state', state, previous });
  }

  close(error?: MailsealError): void {
    if (this.state === 'logout') return;
    this.running = undefined;
    this.isTlsAwaited = false;
    this.queue = [];
    this.unread.takeAll();
    this.change('ended');
    this.#events.push({ type: 'closed', ...(error && { error }) });
  }

  takeEvents(): ImapServerEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#sending = undefined;
    return events;
  }
}

/** Whether a text ends as what comes before a literal does. */
function isOpen(text: ImapText | undefined): boolean {
  const end = text instanceof Uint8Array ? latin1FromBytes(text.subarray(-LONGEST_COUNT)) : text;
  return typeof end === 'string' && /\{\d+[+-]?\}$/.test(end);
}
