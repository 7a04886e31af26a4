import { fstatSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Turns } from './turns.js';

/** Octets that are read at once. */
const pieceLength = 256 << 10;

/** Gives how many octets it read into the memory; 0 at the end. */
type Read = (memory: Uint8Array) => number | Promise<number>;

/**
 * Reads a file in pieces. Each is a view of memory that is used again for the piece after the next: what is kept of one
 * longer than that has to be copied. A file that becomes shorter meanwhile is an error, or a part of it would be signed
 * as if it were the whole.
 */
export async function* piecesOfFile(name: string): AsyncGenerator<Uint8Array, undefined> {
  const file = await open(name);
  try {
    const read: Read = isAtHand(file.fd)
      ? (memory) => readSync(file.fd, memory)
      : async (memory) => (await file.read(memory)).bytesRead;
    const stats = fstatSync(file.fd);
    let length = 0;
    for await (const piece of pieces(read)) {
      length += piece.length;
      yield piece;
    }
    // Some files of the system are shorter than they say, all the time.
    if (stats.isFile() && length < stats.size && fstatSync(file.fd).size < stats.size) {
      throw new Error(`it became shorter while it was read: ${length} octets came of ${stats.size}`);
    }
  } finally {
    await file.close();
  }
}

/** As {@link piecesOfFile}, of the standard input. */
export async function* piecesOfStandardInput(): AsyncGenerator<Uint8Array, undefined> {
  if (isAtHand(0)) yield* pieces((memory) => readSync(0, memory));
  else yield* process.stdin;
}

async function* pieces(read: Read): AsyncGenerator<Uint8Array, undefined> {
  let [memory, other] = [new Uint8Array(pieceLength), new Uint8Array(pieceLength)];
  const turns = new Turns();
  for (;;) {
    const length = await read(memory);
    if (length === 0) return;
    yield memory.subarray(0, length);
    [memory, other] = [other, memory];
    await turns.after(length);
  }
}

/** Whether nothing of it is waited for, as the octets of a pipe or a terminal are. */
function isAtHand(file: number): boolean {
  const stats = fstatSync(file);
  // A standard input that is no file but one of these is an empty one to Node's own stream.
  return stats.isFile() || stats.isDirectory() || stats.isBlockDevice();
}
