import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';

const CR = 0x0d;
const LF = 0x0a;

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
   * @throws MailsealError `usage` where two replacements overlap, or a CR comes before an LF without having been
   *   part of its line end.
   */
  apply(source: Bytes): Bytes {
    const sorted = this.#splices
      .map((splice, order) => ({ ...splice, order, range: splice.end > splice.start ? 1 : 0 }))
      .sort((a, b) => a.start - b.start || a.range - b.range || a.order - b.order);
    const pieces: Uint8Array[] = [];
    let at = 0;
    // Where the source would go on that was taken last.
    let next = 0;
    const add = (octets: Uint8Array, from?: number): void => {
      if (octets.length === 0) return;
      if (octets[0] === LF && from !== next && pieces.at(-1)?.at(-1) === CR) throw madeLineEnd(at);
      pieces.push(octets);
      next = from === undefined ? -1 : from + octets.length;
    };
    for (const { start, end, octets } of sorted) {
      if (start < at) {
        throw new MailsealError(
          'usage',
          `octets ${start} to ${end} are edited twice: something is edited inside a part that goes, or again`,
          { offset: start },
        );
      }
      add(source.subarray(at, start), at);
      at = start;
      add(octets);
      at = end;
    }
    add(source.subarray(at), at);
    return asBytes(concatBytes(pieces));
  }
}

function madeLineEnd(offset: number): MailsealError {
  return new MailsealError(
    'usage',
    `a CR that stands alone at octet ${offset} would become a line end: an edit puts an LF behind it, or takes away what was between`,
    { offset },
  );
}
