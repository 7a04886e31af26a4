// What many benches need: the built package, an input, and a check of the answer.

/**
 * @param {string} room
 * @returns {Promise<any>} what the built package exports for it
 */
export function load(room) {
  return import(new URL(`../dist/${room}/index.js`, import.meta.url).href);
}

/**
 * Octets of all values, the same in every run.
 *
 * @param {number} size
 */
export function noise(size) {
  const octets = new Uint8Array(size);
  for (let at = 0, state = 1; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    octets[at] = state >>> 16;
  }
  return octets;
}

/** @param {unknown} actual @param {unknown} expected */
export function expect(actual, expected) {
  if (actual !== expected) throw new Error(`the answer is ${String(actual)}, not ${String(expected)}`);
}
