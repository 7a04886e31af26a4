import type { Bytes } from '../../core/bytes.js';
import type { DetachedLiteral } from '../syntax/frame.js';

const NOTHING: Bytes = new Uint8Array(0);

/** The literals of one frame whose octets are not among those of its lines. */
export class DetachedLiterals {
  readonly #limit: number;
  #byPlace: Map<number, DetachedLiteral> | undefined;
  /** Places of those that are views of a chunk. */
  readonly #views: number[] = [];
  /** Octets of this frame that were gathered. */
  #gathered = 0;
  /** What is gathered. */
  #literal: Bytes = NOTHING;

  /** @param limit octets that are gathered for one frame at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** By their places among the octets of the frame; `undefined` where there are none. */
  get byPlace(): Map<number, DetachedLiteral> | undefined {
    return this.#byPlace;
  }

  /** Forgets those of a frame. */
  clear(): void {
    this.forget();
    this.#gathered = 0;
  }

  /** Forgets what is gathered of a frame that goes over a limit. */
  forget(): void {
    this.#byPlace = undefined;
    if (this.#views.length > 0) this.#views.length = 0;
  }

  /** Whether a literal may be gathered; if its octets are yet to come, an array is ready for them. */
  hasRoomFor(length: number, isAtHand: boolean): boolean {
    if (this.#gathered + length > this.#limit) return false;
    if (isAtHand) return true;
    try {
      this.#literal = new Uint8Array(length);
      return true;
    } catch {
      // No runtime has arrays of so many octets, or this one has no memory for it now.
      return false;
    }
  }

  /** Notes one whose octets are not gathered here. */
  pass(place: number, literal: DetachedLiteral): void {
    this.#byPlace ??= new Map();
    this.#byPlace.set(place, literal);
  }

  /** Notes one whose octets are all in the chunk from `from` on. */
  gatherAtOnce(place: number, chunk: Bytes, from: number, length: number, isView: boolean): void {
    this.#gathered += length;
    const end = from + length;
    this.pass(place, { length, octets: isView ? chunk.subarray(from, end) : chunk.slice(from, end) });
    if (isView) this.#views.push(place);
  }

  /** Notes one whose octets come in pieces, for which {@link hasRoomFor} made room. */
  beginGathering(place: number, length: number): void {
    this.#gathered += length;
    this.pass(place, { length, octets: this.#literal });
  }

  /** Takes a piece of what is gathered, with `remaining` octets to come before it. */
  take(piece: Bytes, remaining: number): void {
    this.#literal.set(piece, this.#literal.length - remaining);
    if (piece.length === remaining) this.#literal = NOTHING;
  }

  /** Copies those that are views of the chunk, which its owner may overwrite before the frame ends. */
  keepViews(): void {
    const { length } = this.#views;
    for (let index = 0; index < length; index++) {
      const place = this.#views[index]!;
      const literal = this.#byPlace?.get(place);
      if (literal?.octets !== undefined)
        this.#byPlace?.set(place, { length: literal.length, octets: literal.octets.slice() });
    }
    if (length > 0) this.#views.length = 0;
  }
}
