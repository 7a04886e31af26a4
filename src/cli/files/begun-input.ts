import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { progressOf } from '../report/progress.js';
import { inputLength, readChunks } from './input.js';

/** Input of which the begin was read to see what it is. */
export interface BegunInput {
  readonly begun: Bytes;
  /** Whether that is everything. */
  readonly isAll: boolean;
  /** What comes after it, once. */
  readonly rest: AsyncIterable<Uint8Array>;
}

/**
 * Reads the begin of a file, or of the standard input for `-`, and gives it to work that reads the rest.
 *
 * @param octets as many are read, and one more, to see whether that is everything
 */
export async function withBegunInput<T>(
  file: string,
  octets: number,
  work: (input: BegunInput) => Promise<T>,
): Promise<T> {
  const chunks = readChunks(file, progressOf(inputLength(file)));
  try {
    const gathered: Uint8Array[] = [];
    let isAll = false;
    for (let length = 0; !isAll && length <= octets; ) {
      const { done, value } = await chunks.next();
      if (done === true) isAll = true;
      else {
        gathered.push(value.slice());
        length += value.length;
      }
    }
    return await work({ begun: concatBytes(gathered), isAll, rest: chunks });
  } finally {
    // Where the work failed, nobody waits for the end of the input.
    await chunks.return(undefined);
  }
}

/** A reader may keep what it made of one chunk until the next, so the begin must not be one of some megabytes. */
const pieceLength = 65_536;

/** Octets, and those that come after them. */
export async function* piecesOf(
  begun: Bytes,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Bytes, undefined> {
  for (let at = 0; at < begun.length; at += pieceLength) yield begun.subarray(at, at + pieceLength);
  for await (const octets of rest) yield asBytes(octets);
}
