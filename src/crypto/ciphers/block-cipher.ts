import type { Bytes } from '../../core/bytes.js';

/** A block cipher with its key inside, that works on one block in place. */
export interface BlockCipher {
  /** Octets of a block. */
  readonly blockLength: number;
  encryptBlock(octets: Bytes, at: number): void;
  decryptBlock(octets: Bytes, at: number): void;
  /** Overwrites the key. */
  wipe(): void;
}
