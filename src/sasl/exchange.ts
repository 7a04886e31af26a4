import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import type { SaslClient, SaslIdentity, SaslServer } from './mechanism.js';

/** What a client's mechanism makes of a challenge. */
export interface ClientStep {
  readonly response: Bytes;
  /** Whether nothing more is wanted of the server. */
  readonly isComplete?: boolean;
  /** Whether the server may still say why it refuses. */
  readonly mayBeRefused?: boolean;
  /** Why the server refuses, in its words. */
  readonly refusal?: string;
}

/** What a server's mechanism makes of a response. */
export type ServerStep = { readonly challenge: Bytes } | { readonly outcome: SaslIdentity | undefined };

export const noOctets: Bytes = /* @__PURE__ */ new Uint8Array(0);

/**
 * The other side did not keep to the mechanism. What it sent is never in the
 * message: it may hold somebody's password.
 */
export function malformed(message: string): MailsealError {
  return new MailsealError('sasl-malformed', message, { fault: 'peer' });
}

/** A client: knows whose turn it is; the mechanism knows what to say. */
export class ClientExchange implements SaslClient {
  readonly mechanism: string;
  readonly isClientFirst: boolean;
  readonly #next: (challenge: Bytes) => ClientStep | Promise<ClientStep>;
  #isOver = false;
  #isFirst = true;
  #isBusy = false;
  #isComplete = false;
  #refusal: string | undefined;

  constructor(
    mechanism: string,
    isClientFirst: boolean,
    next: (challenge: Bytes) => ClientStep | Promise<ClientStep>,
  ) {
    this.mechanism = mechanism;
    this.isClientFirst = isClientFirst;
    this.#next = next;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get refusal(): string | undefined {
    return this.#refusal;
  }

  async respond(challenge?: Uint8Array): Promise<Bytes> {
    const isInitial = this.#isFirst && this.isClientFirst;
    if (challenge === undefined && !isInitial) {
      throw usage(`${this.mechanism} answers a challenge here; pass the server's`);
    }
    if (this.#isBusy) throw usage('the challenge before this one is not answered yet');
    const wasOver = this.#isOver;
    // Over unless the step says otherwise: whatever is thrown ends the exchange.
    this.#isOver = true;
    this.#isComplete = false;
    if (wasOver) throw malformed(`the server sent a challenge after the end of ${this.mechanism}`);
    // An empty challenge asks for the initial response where the protocol's command could not carry it.
    if (isInitial && challenge !== undefined && challenge.length > 0) {
      throw malformed(`the server spoke first, in ${this.mechanism} the client does`);
    }
    this.#isFirst = false;
    this.#isBusy = true;
    try {
      const step = await this.#next(challenge === undefined ? noOctets : asBytes(challenge).slice());
      this.#refusal = step.refusal;
      this.#isComplete = step.isComplete === true;
      this.#isOver = step.refusal !== undefined || (this.#isComplete && step.mayBeRefused !== true);
      return step.response;
    } finally {
      this.#isBusy = false;
    }
  }
}

/** A server: knows whose turn it is. */
export class ServerExchange implements SaslServer {
  readonly mechanism: string;
  readonly #isClientFirst: boolean;
  readonly #next: (response: Bytes | undefined) => ServerStep | Promise<ServerStep>;
  #isFirst = true;
  #isOver = false;
  #isBusy = false;
  #outcome: SaslIdentity | undefined;

  constructor(
    mechanism: string,
    isClientFirst: boolean,
    next: (response: Bytes | undefined) => ServerStep | Promise<ServerStep>,
  ) {
    this.mechanism = mechanism;
    this.#isClientFirst = isClientFirst;
    this.#next = next;
  }

  get outcome(): SaslIdentity | undefined {
    return this.#outcome;
  }

  async challenge(response?: Uint8Array): Promise<Bytes | undefined> {
    if (this.#isOver || this.#isBusy) {
      throw usage(`this exchange of ${this.mechanism} is over or busy; begin another`);
    }
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (response === undefined) {
      if (!isFirst) throw usage('pass what the client responded');
      // RFC 4422 §5, point 2a: where the client goes first, it is asked with an empty challenge.
      if (this.#isClientFirst) return noOctets;
    }
    this.#isBusy = true;
    this.#isOver = true;
    try {
      const step = await this.#next(response === undefined ? undefined : asBytes(response).slice());
      if ('challenge' in step) {
        this.#isOver = false;
        return step.challenge;
      }
      this.#outcome = step.outcome;
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }
}
