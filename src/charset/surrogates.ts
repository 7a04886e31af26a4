const REPLACEMENT = 0xfffd;

/** Passes UTF-16 units on, surrogates in whole pairs only; what is no pair becomes U+FFFD and is counted. */
export class SurrogatePairs {
  /** A high surrogate that waits for its low one, or 0. */
  #high = 0;
  #replacements = 0;

  /** How many U+FFFD were put in the place of something else. */
  get replacements(): number {
    return this.#replacements;
  }

  /** Writes a unit at `at`, up to two in all; gives the next place. */
  add(unit: number, units: Uint16Array, at: number): number {
    let to = at;
    const high = this.#high;
    this.#high = 0;
    if ((unit & 0xfc00) === 0xdc00) {
      if (high === 0) return this.replace(units, to);
      units[to++] = high;
      units[to++] = unit;
      return to;
    }
    if (high !== 0) to = this.replace(units, to);
    if ((unit & 0xfc00) === 0xd800) this.#high = unit;
    else units[to++] = unit;
    return to;
  }

  /** Writes U+FFFD in the place of a high surrogate that still waits, or, if `cut`, of anything else that was cut off with it. */
  end(cut: boolean, units: Uint16Array, at: number): number {
    if (this.#high === 0 && !cut) return at;
    this.#high = 0;
    return this.replace(units, at);
  }

  /** Writes U+FFFD for something that is no unit at all. */
  replace(units: Uint16Array, at: number): number {
    this.#replacements++;
    units[at] = REPLACEMENT;
    return at + 1;
  }
}
