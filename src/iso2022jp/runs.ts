// A function for each kind of run. As loops within the decoders' loops they would
// leave optimised code at their every end; a flat loop that asks at every octet
// which kind it is takes twice the time.

/**
 * Reads single octets from `from` on, up to the first that the table has
 * nothing for, or `end`, and writes their units; gives the place after them.
 */
export function readSingles(
  input: Uint8Array,
  from: number,
  end: number,
  table: Uint16Array,
  units: Uint16Array,
  to: number,
): number {
  let at = from;
  let next = to;
  while (at < end) {
    const unit = table[input[at]!]!;
    if (unit === 0) break;
    units[next++] = unit;
    at++;
  }
  return at;
}

/** A view for the functions below, which read four octets at once; `undefined` for an input that is not worth it. */
export function viewOf(input: Uint8Array): DataView | undefined {
  return input.length < 128 ? undefined : new DataView(input.buffer, input.byteOffset, input.byteLength);
}

/**
 * {@link readSingles} for ASCII but ESC, SO and SI. It may stop up to three
 * octets before `end`, and writes up to three units too many, which the caller
 * overwrites with what follows.
 */
export function readAscii(view: DataView, from: number, end: number, units: Uint16Array, to: number): number {
  let at = from;
  let next = to;
  while (at + 4 <= end) {
    const word = view.getInt32(at, true);
    units[next] = word & 0xff;
    units[next + 1] = (word >> 8) & 0xff;
    units[next + 2] = (word >> 16) & 0xff;
    units[next + 3] = word >>> 24;
    // A zero octet where ESC was, or SO or SI; (n - 0x01…) & ~n has the high bit of the lowest such one.
    const lessEsc = word ^ 0x1b1b1b1b;
    const lessShift = (word & 0xfefefefe) ^ 0x0e0e0e0e;
    const zero = ((lessEsc - 0x01010101) & ~lessEsc) | ((lessShift - 0x01010101) & ~lessShift);
    const stop = (word | zero) & 0x80808080;
    // How many octets are before the lowest high bit.
    if (stop !== 0) return at + ((31 - Math.clz32(stop & -stop)) >> 3);
    next += 4;
    at += 4;
  }
  return at;
}

/** {@link readSingles} for characters of two octets, which begin before `end` and may end at it. Writes up to one unit too many. */
export function readPairs(
  input: Uint8Array,
  view: DataView | undefined,
  from: number,
  end: number,
  table: Uint16Array,
  units: Uint16Array,
  to: number,
): number {
  const last = Math.min(end, input.length - 1);
  let at = from;
  let next = to;
  if (view !== undefined) {
    while (at + 2 < last) {
      const word = view.getInt32(at);
      const first = table[word >>> 16]!;
      const second = table[word & 0xffff]!;
      units[next] = first;
      units[next + 1] = second;
      if (first === 0) return at;
      if (second === 0) return at + 2;
      next += 2;
      at += 4;
    }
  }
  while (at < last) {
    const unit = table[(input[at]! << 8) | input[at + 1]!]!;
    if (unit === 0) break;
    units[next++] = unit;
    at += 2;
  }
  return at;
}
