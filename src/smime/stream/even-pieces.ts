import type { Bytes } from '../../core/bytes.js';

/** Octets of a piece of the CMS objects that are written here; a multiple of 3, so that base64 carries nothing over. */
export const PIECE_OCTETS: number = 48 << 10;

/**
 * Divides octets anew, so that what is written of them does not depend on the chunks in which they came: pieces of CMS
 * content get a header each.
 */
export class EvenPieces {
  readonly #gathered: Bytes = new Uint8Array(PIECE_OCTETS);
  #length = 0;

  /** How many pieces are whole with so many octets more. */
  whole(octets: number): number {
    return Math.floor((this.#length + octets) / PIECE_OCTETS);
  }

  /** The pieces that are whole with these octets; each is a view, valid until the next is asked for. */
  *push(octets: Bytes): Generator<Bytes, undefined> {
    let from = 0;
    if (this.#length > 0) {
      from = Math.min(octets.length, PIECE_OCTETS - this.#length);
      this.#gathered.set(octets.subarray(0, from), this.#length);
      this.#length += from;
      if (this.#length < PIECE_OCTETS) return;
      this.#length = 0;
      yield this.#gathered;
    }
    for (; from + PIECE_OCTETS <= octets.length; from += PIECE_OCTETS) {
      yield octets.subarray(from, from + PIECE_OCTETS);
    }
    this.#gathered.set(octets.subarray(from));
    this.#length = octets.length - from;
  }

  /** What is left, less than a piece. */
  end(): Bytes {
    const rest = this.#gathered.slice(0, this.#length);
    this.#length = 0;
    return rest;
  }
}
