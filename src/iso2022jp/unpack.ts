/** The digits of the packed tables, lowest first: printable ASCII but "'" and "\". */
const digits = /* @__PURE__ */ makeDigits();

function makeDigits(): Uint8Array {
  const values = new Uint8Array(128);
  let value = 0;
  for (let character = 0x21; character < 0x7f; character++) {
    if (character !== 0x27 && character !== 0x5c) values[character] = value++;
  }
  return values;
}

const base = 92;

/**
 * Unpacks a table of tools/make-charset-tables.mjs, which says how it is
 * packed: a number of 16 bits for each of the 94 × 94 cells, 0 where the cell is
 * empty.
 */
export function unpack(packed: string): Uint16Array {
  const oneDigit = digits[packed.charCodeAt(0)]!;
  const twoDigits = oneDigit + digits[packed.charCodeAt(1)]!;
  const twoValues = (twoDigits - oneDigit) * base;
  const cells = new Uint16Array(94 * 94);
  let cell = 0;
  let before = 0;
  for (let at = 2; at < packed.length; ) {
    const first = digits[packed.charCodeAt(at++)]!;
    if (first === base - 1) {
      cell += digits[packed.charCodeAt(at++)]! + 1;
      continue;
    }
    let value = first;
    if (first >= oneDigit) {
      value = (first - oneDigit) * base + digits[packed.charCodeAt(at++)]!;
      if (first >= twoDigits)
        value = (value - twoValues) * base + digits[packed.charCodeAt(at++)]! + twoValues;
      value += oneDigit;
    }
    // Undoes the zigzag: 0, -1, 1, -2, 2, …
    before += 1 + (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    cells[cell++] = before;
  }
  return cells;
}
