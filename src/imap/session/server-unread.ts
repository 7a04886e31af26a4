import type { Bytes } from '../../core/bytes.js';

/** Beside its octets a chunk that is kept takes some memory of its own. */
const LEAST_OF_PIECE = 256;

/** What a client sent and nobody has read yet. */
export class UnreadOctets {
  #pieces: Bytes[] = [];
  #weight = 0;

  /** Octets that are kept; those of a small chunk count as 256. */
  get weight(): number {
    return this.#weight;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  add(chunk: Bytes): void {
    this.#pieces.push(chunk);
    this.#weight += weightOf(chunk);
  }

  /** Puts octets back that were taken and not read. */
  putBack(octets: Bytes): void {
    if (octets.length === 0) return;
    this.#pieces.unshift(octets);
    this.#weight += weightOf(octets);
  }

  /** The next piece, if there is one. */
  take(): Bytes | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.#weight -= weightOf(piece);
    return piece;
  }

  takeAll(): Bytes[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#weight = 0;
    return pieces;
  }
}

/** What a chunk counts as. */
export function weightOf(chunk: Uint8Array): number {
  return Math.max(chunk.length, LEAST_OF_PIECE);
}
