import type { Bytes } from '../core/bytes.js';
import { octetFinder } from '../core/find-octet.js';

const LF = 0x0a;
const CR = 0x0d;

/** A line that was found, or why there is none. */
export type LineStep =
  /** The chunk ends within the line. */
  | { readonly state: 'partial' }
  /** Without its line end; `next` is where the octets behind it begin. */
  | { readonly state: 'line'; readonly octets: Bytes; readonly isBareLf: boolean; readonly next: number }
  /** It has more octets than a line may: those that it begins with; what is left of it was passed over. */
  | { readonly state: 'too-long'; readonly octets: Bytes; readonly next: number };

const PARTIAL: LineStep = { state: 'partial' };

/**
 * Divides chunks into lines. It keeps what is there of a line that has not
 * ended, up to the limit, and looks at each octet once.
 */
export class LineReader {
  readonly #limit: number;
  readonly #find = octetFinder('auto');
  #kept: Bytes = new Uint8Array(0);
  #length = 0;
  /** Whether the line that is read now is too long already. */
  #isOver = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets of a line that has not ended. */
  get pending(): number {
    return this.#length;
  }

  /** Goes on in the chunk at `from`. */
  read(chunk: Bytes, from: number): LineStep {
    const end = this.#find(chunk, LF, from);
    if (end < 0) {
      this.#keep(chunk, from, chunk.length);
      return PARTIAL;
    }
    const next = end + 1;
    if (this.#length === 0 && !this.#isOver) {
      const length = end - from;
      // A line end of two octets counts as the one that it may be.
      if (length > this.#limit + 1)
        return { state: 'too-long', octets: chunk.subarray(from, from + this.#limit), next };
      return this.#line(chunk.subarray(from, end), next);
    }
    this.#keep(chunk, from, end);
    const isOver = this.#isOver;
    const octets = this.#kept.slice(0, this.#length);
    this.#length = 0;
    this.#isOver = false;
    return isOver ? { state: 'too-long', octets, next } : this.#line(octets, next);
  }

  #line(octets: Bytes, next: number): LineStep {
    const isBareLf = octets.at(-1) !== CR;
    const line = isBareLf ? octets : octets.subarray(0, -1);
    if (line.length > this.#limit) return { state: 'too-long', octets: line.subarray(0, this.#limit), next };
    return { state: 'line', octets: line, isBareLf, next };
  }

  #keep(chunk: Bytes, from: number, to: number): void {
    if (this.#isOver) return;
    const room = this.#limit + 1 - this.#length;
    this.#isOver = to - from > room;
    const end = this.#isOver ? from + room - 1 : to;
    const length = this.#length + end - from;
    if (this.#kept.length < length) {
      const kept = new Uint8Array(Math.max(256, length * 2));
      kept.set(this.#kept.subarray(0, this.#length));
      this.#kept = kept;
    }
    this.#kept.set(chunk.subarray(from, end), this.#length);
    this.#length = length;
  }
}
