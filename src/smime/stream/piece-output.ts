import { asBytes, type Bytes } from '../../core/bytes.js';
import { writable } from '../../encoding/output.js';

/** Where the next piece of a message is written. */
export interface PieceOutput {
  /**
   * Memory to write to, so that one piece of it serves for a whole message: what is given back is a view of its
   * beginning, or where it is too short memory of its own. Twice the chunk, or 4 MiB where bodies of up to 1 MiB were
   * gathered, is nearly always enough. It must not share memory with the chunk. Default: new memory each time.
   */
  readonly output?: Uint8Array;
}

/** @throws MailsealError `usage` for an `output` that cannot be written to. */
export function pieceOutput(options: PieceOutput | undefined, chunk: Uint8Array): Bytes | undefined {
  return options?.output === undefined ? undefined : writable(options.output, asBytes(chunk));
}
