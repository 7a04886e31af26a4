import type { PolicyQualifier } from '../certificate/policy-extensions.js';

/** A policy under which a path is valid. */
export interface ValidPolicy {
  /** Dotted OID, in the terms of the trust anchor's domain. */
  readonly policy: string;
  /** What the certificates of the path say about it and the policies that it was mapped to; gathered when asked for. */
  readonly qualifiers: readonly PolicyQualifier[];
}

/** A policy whose qualifiers are gathered when somebody asks for them. */
export function withQualifiers(policy: string, gather: () => readonly PolicyQualifier[]): ValidPolicy {
  let gathered: readonly PolicyQualifier[] | undefined;
  return {
    policy,
    get qualifiers(): readonly PolicyQualifier[] {
      gathered ??= gather();
      return gathered;
    },
  };
}
