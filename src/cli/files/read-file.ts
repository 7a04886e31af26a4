import { open } from 'node:fs/promises';

/** Octets that are read at once. */
const pieceLength = 256 << 10;

/**
 * Reads a file in pieces. Each is a view of memory that is used again for the piece after the next: what is kept of one
 * longer than that has to be copied.
 */
export async function* piecesOfFile(name: string): AsyncGenerator<Uint8Array, undefined> {
  const file = await open(name);
  try {
    let [memory, other] = [new Uint8Array(pieceLength), new Uint8Array(pieceLength)];
    for (;;) {
      const { bytesRead } = await file.read(memory, 0, pieceLength);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
      [memory, other] = [other, memory];
    }
  } finally {
    await file.close();
  }
}
