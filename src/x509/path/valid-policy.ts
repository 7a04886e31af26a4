import type { PolicyQualifier } from '../certificate/policy-extensions.js';

/** A policy under which a path is valid. */
export interface ValidPolicy {
  /** Dotted OID, in the terms of the trust anchor's domain. */
  readonly policy: string;
  /** What the certificates of the path say about it and the policies that it was mapped to; gathered when asked for. */
  readonly qualifiers: readonly PolicyQualifier[];
}

/** A class, since a getter in an object literal is another kind of object for the engine each time. */
class GatheredPolicy implements ValidPolicy {
  readonly policy: string;
  readonly #gather: () => readonly PolicyQualifier[];
  #gathered: readonly PolicyQualifier[] | undefined;

  constructor(policy: string, gather: () => readonly PolicyQualifier[]) {
    this.policy = policy;
    this.#gather = gather;
  }

  get qualifiers(): readonly PolicyQualifier[] {
    this.#gathered ??= this.#gather();
    return this.#gathered;
  }
}

/** A policy whose qualifiers are gathered when somebody asks for them. */
export function withQualifiers(policy: string, gather: () => readonly PolicyQualifier[]): ValidPolicy {
  return new GatheredPolicy(policy, gather);
}
