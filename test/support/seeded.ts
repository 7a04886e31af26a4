/** Numbers below a bound, the same ones for each seed. */
export type Draw = (below: number) => number;

/** Draws from a generator with 32 bits of state (mulberry32): for tests that are to be the same in each run. */
export function seededDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A source of octets for functions that take `random`. */
export function seededOctets(seed: number): (length: number) => Uint8Array<ArrayBuffer> {
  const draw = seededDraw(seed);
  return (length) => Uint8Array.from({ length }, () => draw(256));
}
