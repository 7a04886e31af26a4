import type { Bytes } from '../core/bytes.js';

/**
 * The client's side of one exchange (RFC 4422 §3). A protocol hands each
 * challenge to {@link respond} and sends what comes back.
 */
export interface SaslClient {
  /** Name of the mechanism, in capital letters. */
  readonly mechanism: string;
  /** Whether the client speaks first: `respond` may then be called without a challenge, for the initial response. */
  readonly isClientFirst: boolean;
  /**
   * The answer to a challenge; to none (`undefined`) the initial response.
   * Whoever sends it may wipe it afterwards.
   *
   * @throws MailsealError `sasl-malformed`, `sasl-refused`, `sasl-unsupported`, `limit-iterations`:
   * the exchange is to be cancelled; `usage` for a call without a challenge where one is needed.
   */
  respond(challenge?: Uint8Array): Promise<Bytes>;
  /**
   * Whether the mechanism is content: false until a server that has to prove
   * itself has done so. A server's success counts for nothing while this is false.
   */
  readonly isComplete: boolean;
  /** What the server said on why it refuses, where the mechanism has words for that (OAUTHBEARER: JSON). */
  readonly refusal: string | undefined;
}

/**
 * The server's side of one exchange. `undefined` as the answer to a response means
 * that the exchange is over, and `outcome` says how.
 */
export interface SaslServer {
  /** Name of the mechanism, in capital letters. */
  readonly mechanism: string;
  /**
   * The challenge to send for what the client said; to nothing (`undefined`) the first one.
   *
   * @throws MailsealError `sasl-malformed`: the client said what the mechanism has no words for,
   * and the exchange is over.
   */
  challenge(response?: Uint8Array): Promise<Bytes | undefined>;
  /** Who was authenticated, and as whom he wants to act; `undefined` before the end, and where it failed. */
  readonly outcome: SaslIdentity | undefined;
}

/** Who a client has proved to be. */
export interface SaslIdentity {
  /** authcid. */
  readonly user: string;
  /** authzid: as whom to act; the same where the client did not say. */
  readonly actingAs: string;
}

/** Names of the mechanisms that there are, as protocols write them. */
export type SaslMechanism =
  | 'PLAIN'
  | 'LOGIN'
  | 'CRAM-MD5'
  | ScramMechanism
  | 'XOAUTH2'
  | 'OAUTHBEARER'
  | 'EXTERNAL'
  | 'ANONYMOUS';

/** RFC 5802, RFC 7677; with `-PLUS` bound to the TLS channel below. */
export type ScramMechanism =
  | 'SCRAM-SHA-1'
  | 'SCRAM-SHA-1-PLUS'
  | 'SCRAM-SHA-256'
  | 'SCRAM-SHA-256-PLUS'
  | 'SCRAM-SHA-512'
  | 'SCRAM-SHA-512-PLUS';

/** What ties an exchange to the TLS connection that it runs in (RFC 5056, RFC 5929, RFC 9266). */
export interface SaslChannelBinding {
  /** Such as `tls-exporter`, `tls-server-end-point` or `tls-unique`. */
  readonly type: string;
  /** What the TLS library gives for that type. */
  readonly data: Uint8Array;
}
