const DASH = 0x2d;
const LF = 0x0a;

/** A shorter beginning gains nothing over going by lines. */
const SHORTEST = 10;

/**
 * Passes over octets of a body in which no delimiter line begins, by the
 * method of Boyer, Moore and Horspool: it looks at the octet where the
 * shortest delimiter would end, and what that octet is says how far the next
 * place is where one may end. Most octets are never looked at.
 */
export class DelimiterSkip {
  /** Octets of the beginning that all open delimiters are compared by. */
  readonly #length: number;
  /** By octet: how far to go on where it stands at the last place; 0 where a delimiter may end there. */
  readonly #shifts: Uint8Array = new Uint8Array(256);
  /** How far to go on where one did not. */
  readonly #again: Uint8Array = new Uint8Array(256);

  /** @param length of the shortest delimiter with its `--`, 255 at most */
  constructor(boundaries: readonly Uint8Array[], length: number) {
    this.#length = length;
    const last = length - 1;
    this.#shifts.fill(length);
    this.#again.fill(length);
    for (const boundary of boundaries) {
      for (let i = 0; i <= last; i++) {
        const octet = i < 2 ? DASH : boundary[i - 2]!;
        if (last - i < this.#shifts[octet]!) this.#shifts[octet] = last - i;
        if (i < last && last - i < this.#again[octet]!) this.#again[octet] = last - i;
      }
    }
  }

  /** A place at or after `from` before which no delimiter line begins: where one may begin, or where too few octets are left to tell. */
  next(octets: Uint8Array, from: number): number {
    const length = this.#length;
    const shifts = this.#shifts;
    const end = octets.length;
    let at = from + length - 1;
    while (at < end) {
      const shift = shifts[octets[at]!]!;
      if (shift !== 0) {
        at += shift;
        continue;
      }
      const start = at - length + 1;
      if (octets[start] === DASH && octets[start + 1] === DASH && (start === 0 || octets[start - 1] === LF)) {
        return start;
      }
      at += this.#again[octets[at]!]!;
    }
    return at - length + 1;
  }
}

/** A skip for delimiters of these boundaries, `null` where one is too short for it. */
export function makeSkip(boundaries: readonly Uint8Array[]): DelimiterSkip | null {
  let length = 255;
  for (const boundary of boundaries) length = Math.min(length, boundary.length + 2);
  return length < SHORTEST ? null : new DelimiterSkip(boundaries, length);
}
