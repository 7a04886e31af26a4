import type { SealLimits } from '../verify/find-seals.js';

/** Bounds on opening a message, beside those on looking for seals. */
export interface OpenLimits extends SealLimits {
  /**
   * Octets of all encrypted and compressed parts, and of what is decompressed, together; default 268,435,456
   * (256 MiB). An envelope beyond it is not opened: `limit-octets`.
   */
  readonly octets?: number;
  /** How many times what is compressed its content may be, beyond the first MiB; default 200. More is `limit-ratio`. */
  readonly ratio?: number;
  /** What deriving keys from a password may cost for one envelope, as `openEnveloped` has it; default 10,000,000. */
  readonly iterations?: number;
}

/** What a message may ask for in all. */
export const defaultOctets = 268_435_456;

/** Envelopes that are tried with passwords in one message: honest mail has one. */
export const passwordEnvelopes = 8;
