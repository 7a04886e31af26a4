import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';

/** Octets `[start, end)` that others take the place of. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly octets: Uint8Array;
}

/** Replacements in octets, each at its place in the octets as they were. */
export class Splices {
  readonly #splices: Splice[] = [];
  readonly #insertions: Set<number> = new Set();
  readonly #removalEnds: Set<number> = new Set();

  /** Whether there is something inserted directly at a place. */
  insertsAt(at: number): boolean {
    return this.#insertions.has(at);
  }

  /** Whether what stands directly before a place is removed. */
  removesBefore(at: number): boolean {
    return this.#removalEnds.has(at);
  }

  replace(start: number, end: number, octets: Uint8Array): void {
    this.#splices.push({ start, end, octets });
    if (start === end) this.#insertions.add(start);
    else if (octets.length === 0) this.#removalEnds.add(end);
  }

  /**
   * The octets with everything replaced. What is inserted at the start of a
   * range that goes stands before it, in the order in which it came.
   *
   * @throws MailsealError `usage` where two replacements overlap.
   */
  apply(source: Bytes): Bytes {
    const sorted = this.#splices
      .map((splice, order) => ({ ...splice, order, range: splice.end > splice.start ? 1 : 0 }))
      .sort((a, b) => a.start - b.start || a.range - b.range || a.order - b.order);
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (const { start, end, octets } of sorted) {
      if (start < at) {
        throw new MailsealError(
          'usage',
          `octets ${start} to ${end} are edited twice: something is edited inside a part that goes, or again`,
          { offset: start },
        );
      }
      pieces.push(source.subarray(at, start), octets);
      at = end;
    }
    pieces.push(source.subarray(at));
    return asBytes(concatBytes(pieces));
  }
}
