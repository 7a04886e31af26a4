import type { Bytes } from '../../core/bytes.js';

/** A block cipher in CBC mode with its key and its vector: works on whole blocks, one chunk after the other. */
export interface BlockRun {
  /** Always gives an array of its own. */
  (octets: Bytes): Bytes;
  /** Overwrites the key. */
  readonly wipe: () => void;
}

/** A function that becomes a {@link BlockRun}: `Object.assign` would take as long as a short message. */
export type MutableRun = ((octets: Bytes) => Bytes) & { wipe?: () => void };
