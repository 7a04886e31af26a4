import type { EngineOptions } from '../core/engine.js';
import type { Pop3Limits } from './limits.js';
import type { Pop3QuirkOptions } from './quirks.js';
import type { Pop3Capability, Pop3Language } from './reply.js';
import type { Pop3Transport } from './transport.js';

/** What a server offers. */
export interface Pop3ServerOptions extends EngineOptions {
  /** Text of the greeting. Default `ready`. */
  readonly greeting?: string;
  /**
   * A msg-id that no other session has, such as `<1896.697170952@example.org>`:
   * APOP is offered then.
   */
  readonly timestamp?: string;
  /**
   * `tls`: the octets come out of TLS already. `stls`: STLS is offered, and
   * nobody can log in before it. `plain`: people log in without TLS, for
   * connections that nobody can listen to or change.
   */
  readonly transport: Pop3Transport;
  /** Names of SASL mechanisms for AUTH. Default none. */
  readonly mechanisms?: readonly string[];
  /** Languages of LANG (RFC 6856 §3); the server's texts are the caller's. Default none: LANG is unknown. */
  readonly languages?: readonly Omit<Pop3Language, 'type'>[];
  /** Whether UTF8 is offered (RFC 6856 §2). Default false. */
  readonly offersUtf8?: boolean;
  /** Further capabilities, such as EXPIRE, LOGIN-DELAY and IMPLEMENTATION. */
  readonly capabilities?: readonly Omit<Pop3Capability, 'type'>[];
  readonly limits?: Pop3Limits;
  readonly quirks?: Pop3QuirkOptions;
}
