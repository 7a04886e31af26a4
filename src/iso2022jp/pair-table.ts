/** Puts the units of a set of 94 × 94 cells where lead × 256 + trail finds them. */
export function fillPairs(table: Uint16Array, units: Uint16Array): void {
  for (let lead = 0; lead < 94; lead++) {
    table.set(units.subarray(lead * 94, lead * 94 + 94), ((lead + 0x21) << 8) | 0x21);
  }
}
