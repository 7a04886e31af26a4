import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type {
  LiteralBeginEvent,
  LiteralDataEvent,
  LiteralEndEvent,
  UnparsedEvent,
} from '../framing/events.js';
import type { ImapQuirk } from '../quirks.js';
import type { ImapResponse, StatusResponse } from '../response/response.js';
import type { SequenceSet } from '../values/sequence-set.js';
import type { GoneMessage } from './message-numbers.js';
import type { ImapState } from './states.js';

/** The server has greeted: OK, PREAUTH or BYE. */
export interface GreetingEvent {
  readonly type: 'greeting';
  readonly response: StatusResponse;
}

/** Octets to write now, one array after the other. */
export interface SendEvent {
  readonly type: 'send';
  readonly octets: readonly Bytes[];
}

/** An untagged response. */
export interface ClientResponseEvent {
  readonly type: 'response';
  readonly response: ImapResponse;
  /** Tag of the command that it answers; `undefined` for what the server tells of its own accord. */
  readonly tag: string | undefined;
  readonly quirks: readonly ImapQuirk[];
}

/** A command is over. */
export interface CommandDoneEvent {
  readonly type: 'command-done';
  readonly tag: string;
  /** Such as `UID FETCH`. */
  readonly name: string;
  readonly outcome: 'OK' | 'NO' | 'BAD';
  readonly response: StatusResponse;
  /** AUTHENTICATE: why the mechanism cancelled the exchange. */
  readonly cancelled?: MailsealError;
}

/** A command will have no answer: it could not be sent any more, or the connection ended before. */
export interface CommandDroppedEvent {
  readonly type: 'command-dropped';
  readonly tag: string;
  readonly name: string;
  readonly error: MailsealError;
}

/** The server has sent a challenge of the SASL exchange: answer it with `answer` or `respond`. */
export interface ChallengeEvent {
  readonly type: 'challenge';
  readonly tag: string;
  /** Decoded. */
  readonly octets: Bytes;
}

/** The server idles: it tells changes until `stopIdle` (RFC 9051 §6.3.13). */
export interface IdlingEvent {
  readonly type: 'idling';
  readonly tag: string;
}

export interface StateEvent {
  readonly type: 'state';
  readonly state: ImapState;
  readonly previous: ImapState;
}

/** The server has told its capabilities; or they are to be asked for anew. */
export interface CapabilitiesEvent {
  readonly type: 'capabilities';
  /** In capital letters; `undefined` where those told before do not count any more. */
  readonly capabilities: ReadonlySet<string> | undefined;
}

/** A message went; the numbers of those behind it are one less from now on. */
export interface ExpungedEvent {
  readonly type: 'expunged';
  readonly sequence: number;
  /** As far as it was told. */
  readonly uid: number | undefined;
  readonly tag: string | undefined;
}

/** Messages went (RFC 7162 §3.2.10). */
export interface VanishedEvent {
  readonly type: 'vanished';
  readonly uids: SequenceSet;
  /** Those whose UIDs were known, with the sequence numbers that they had before this response. */
  readonly messages: readonly GoneMessage[];
  readonly tag: string | undefined;
}

/** TLS begins: nothing but its handshake is to be written, and `tlsStarted` called when it stands. */
export interface StartTlsEvent {
  readonly type: 'start-tls';
}

/** Compression begins (RFC 4978): what is pushed from now on has to be inflated, what is written to be deflated. */
export interface StartCompressionEvent {
  readonly type: 'start-compression';
  readonly mechanism: string;
  /** Octets that came behind already, compressed: the first to be inflated. */
  readonly octets: Bytes;
}

/** The server broke the protocol. */
export interface ProtocolErrorEvent {
  readonly type: 'protocol-error';
  readonly error: MailsealError;
  /** Whether the session is over with it: close the connection. */
  readonly isFatal: boolean;
}

/** What an `ImapClient` tells. */
export type ImapClientEvent =
  | GreetingEvent
  | SendEvent
  | ClientResponseEvent
  | CommandDoneEvent
  | CommandDroppedEvent
  | ChallengeEvent
  | IdlingEvent
  | StateEvent
  | CapabilitiesEvent
  | ExpungedEvent
  | VanishedEvent
  | StartTlsEvent
  | StartCompressionEvent
  | ProtocolErrorEvent
  | LiteralBeginEvent
  | LiteralDataEvent
  | LiteralEndEvent
  | UnparsedEvent;
