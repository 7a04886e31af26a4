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
   *
   * @throws MailsealError `sasl-malformed`, `sasl-refused`: the exchange is to be cancelled.
   */
  respond(challenge?: Uint8Array): Promise<Bytes>;
  /** Whether the mechanism is content: false until a server that has to prove itself has done so. */
  readonly isComplete: boolean;
}

/**
 * The server's side of one exchange. `undefined` as the answer to a response means
 * that the exchange is over, and `outcome` says how.
 */
export interface SaslServer {
  readonly mechanism: string;
  /** The challenge to send for what the client said; to nothing (`undefined`) the first one. */
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
