import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { SaslIdentity } from '../../sasl/mechanism.js';
import type { ImapCommand } from '../command/command.js';
import type { LiteralBeginEvent, LiteralDataEvent, LiteralEndEvent } from '../framing/events.js';
import type { ImapQuirk } from '../quirks.js';
import type { ImapState } from './states.js';

/** Octets to write now, one array after the other. */
export interface ServerSendEvent {
  readonly type: 'send';
  readonly octets: readonly Bytes[];
}

/**
 * A command to carry out: answer it with `respond` as often as needed and
 * then with `done`. The next command comes after that. For IDLE, go on telling
 * changes until `idle-ended`, which needs no `done`.
 */
export interface ServerCommandEvent {
  readonly type: 'command';
  readonly tag: string;
  /** Such as `UID FETCH`. */
  readonly name: string;
  readonly command: ImapCommand;
  readonly quirks: readonly ImapQuirk[];
}

/** AUTHENTICATE: answer it with `authenticate`, or refuse it with `done`. */
export interface ServerAuthenticateEvent {
  readonly type: 'authenticate';
  readonly tag: string;
  /** In capital letters; one of the options' `mechanisms`. */
  readonly mechanism: string;
}

/** The client has answered the challenge before: call `proceed`. */
export interface ServerSaslResponseEvent {
  readonly type: 'sasl-response';
  readonly tag: string;
}

/** The exchange has proved who the client is: answer with `done` whether he may come in. */
export interface ServerAuthenticatedEvent {
  readonly type: 'authenticated';
  readonly tag: string;
  readonly identity: SaslIdentity;
}

/** The client has ended IDLE, which is answered already. */
export interface ServerIdleEndedEvent {
  readonly type: 'idle-ended';
  readonly tag: string;
}

/** ENABLE has turned something on, which is answered already. */
export interface ServerEnabledEvent {
  readonly type: 'enabled';
  readonly capabilities: readonly string[];
}

/** Something was refused, and is answered already: it could not be read, or could not be said here. */
export interface ServerRefusedEvent {
  readonly type: 'refused';
  /** `undefined` where not even the tag could be read. */
  readonly tag: string | undefined;
  readonly outcome: 'NO' | 'BAD';
  /** Why; nothing of what the client sent is in it. */
  readonly error: MailsealError;
  /** Whether somebody could not prove who he is: to count, and to answer ever later. */
  readonly isAuthentication: boolean;
}

export interface ServerStateEvent {
  readonly type: 'state';
  readonly state: ImapState;
  readonly previous: ImapState;
}

/** TLS begins behind what was sent last: call `tlsStarted` when it stands. */
export interface ServerStartTlsEvent {
  readonly type: 'start-tls';
}

/** Compression begins behind what was sent last (RFC 4978): what is pushed from now on has to be inflated. */
export interface ServerStartCompressionEvent {
  readonly type: 'start-compression';
  /** Octets that came behind already, compressed: the first to be inflated. */
  readonly octets: Bytes;
}

/** The session is over: write what there is to write, and close the connection. */
export interface ServerClosedEvent {
  readonly type: 'closed';
  /** What the client did against the protocol; `undefined` where it went as it should. */
  readonly error?: MailsealError;
}

/** What an `ImapServer` tells. */
export type ImapServerEvent =
  | ServerSendEvent
  | ServerCommandEvent
  | ServerAuthenticateEvent
  | ServerSaslResponseEvent
  | ServerAuthenticatedEvent
  | ServerIdleEndedEvent
  | ServerEnabledEvent
  | ServerRefusedEvent
  | ServerStateEvent
  | ServerStartTlsEvent
  | ServerStartCompressionEvent
  | ServerClosedEvent
  | LiteralBeginEvent
  | LiteralDataEvent
  | LiteralEndEvent;
