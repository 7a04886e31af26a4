import { MailsealError } from '../../core/errors.js';
import type { ImapResponse, StatusResponse } from '../response/response.js';
import type { ResponseCode } from '../response/response-code.js';
import type { MailboxName } from '../values/mailbox-name.js';
import type { ImapClientEvent } from './client-events.js';
import { MailboxRecord } from './selected-mailbox.js';
import { changeOf, type ImapState, type ImapStateChange, nextImapState } from './states.js';

/** What a client knows of its connection, from what the server told; and the events that tell of changes. */
export class ClientRecord {
  events: ImapClientEvent[] = [];
  state: ImapState = 'greeting';
  capabilities: ReadonlySet<string> | undefined;
  readonly enabled: Set<string> = new Set();
  mailbox: MailboxRecord | undefined;
  /** The mailbox of a SELECT or EXAMINE that is under way. */
  #opening: MailboxRecord | undefined;
  /** Whether the capabilities were told while the command was under way that is so alone. */
  #areCapabilitiesNew = false;

  /** Whether strings and mailbox names are UTF-8 (RFC 9051 §6.3.1, RFC 9755 §3). */
  get isUtf8(): boolean {
    return this.enabled.has('IMAP4REV2') || this.enabled.has('UTF8=ACCEPT');
  }

  /** The mailbox that untagged responses tell of now. */
  get toldOf(): MailboxRecord | undefined {
    return this.#opening ?? this.mailbox;
  }

  takeEvents(): ImapClientEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  /** Notes that a command is sent with which no other is under way. */
  alone(): void {
    this.#areCapabilitiesNew = false;
  }

  opening(mailbox: MailboxName, isReadOnly: boolean): void {
    this.#opening = new MailboxRecord(mailbox, isReadOnly);
  }

  change(change: ImapStateChange): void {
    const previous = this.state;
    const state = nextImapState(previous, change);
    if (state === undefined) return;
    if (state !== 'selected') this.mailbox = undefined;
    if (state === 'logout') this.#opening = undefined;
    this.state = state;
    if (state !== previous) this.events.push({ type: 'state', state, previous });
  }

  /** Tells a fault that the session can go on behind. */
  fault(message: string, cause?: unknown): void {
    this.events.push({ type: 'protocol-error', error: protocolError(message, cause), isFatal: false });
  }

  forgetCapabilities(): void {
    if (this.capabilities === undefined) return;
    this.capabilities = undefined;
    this.events.push({ type: 'capabilities', capabilities: undefined });
  }

  takeCapabilities(code: ResponseCode | undefined): void {
    if (code?.code === 'CAPABILITY') this.#setCapabilities(code.capabilities);
  }

  #setCapabilities(capabilities: readonly string[]): void {
    this.capabilities = new Set(capabilities.map((capability) => capability.toUpperCase()));
    this.#areCapabilitiesNew = true;
    this.events.push({ type: 'capabilities', capabilities: this.capabilities });
  }

  /** Takes the answer that ends a command. */
  takeOutcome(name: string, { type, code }: StatusResponse): void {
    const isOk = type === 'OK';
    if (name === 'SELECT' || name === 'EXAMINE') {
      if (isOk) this.mailbox = this.#opening;
      this.#opening = undefined;
      // RFC 9051 §6.3.2: a SELECT that was attempted and failed leaves no mailbox selected.
      if (type === 'NO') this.change('deselected');
    }
    this.mailbox?.takeCode(code);
    const change = changeOf[name];
    if (isOk && change !== undefined) {
      this.change(change);
      if (change === 'unauthenticated') this.enabled.clear();
      // RFC 9051 §6.2.2, RFC 8437 §3: another user may be offered something else.
      const isOtherUser = change === 'authenticated' || change === 'unauthenticated';
      if (isOtherUser && !this.#areCapabilitiesNew) this.forgetCapabilities();
    }
    this.takeCapabilities(code);
  }

  /** Takes an untagged response, which answers the command with this tag. */
  takeUntagged(response: ImapResponse, tag: string | undefined): void {
    switch (response.type) {
      case 'CAPABILITY':
        this.#setCapabilities(response.capabilities);
        break;
      case 'ENABLED':
        // RFC 5161 §3.2: it answers ENABLE. What nobody asked for would change how names are read.
        if (tag === undefined) this.fault('ENABLED came without ENABLE');
        else for (const capability of response.capabilities) this.enabled.add(capability.toUpperCase());
        break;
      case 'BYE':
        this.change('ended');
        break;
      case 'OK':
        this.takeCapabilities(response.code);
        if (response.code?.code === 'CLOSED') this.#closed();
        break;
      default:
    }
    const change = this.toldOf?.take(response);
    if (change?.type === 'contradiction') this.fault(change.what);
    else if (change !== undefined) this.events.push({ ...change, tag });
  }

  /** RFC 9051 §7.1: CLOSED parts what is told of the mailbox that was selected from what is told of the new one. */
  #closed(): void {
    this.#opening = this.#opening?.renewed();
    if (this.state === 'selected') this.change('deselected');
  }
}

/** A fault of the server. */
export function protocolError(message: string, cause?: unknown): MailsealError {
  return new MailsealError('imap-protocol', message, {
    fault: 'peer',
    ...(cause !== undefined && { cause }),
  });
}
