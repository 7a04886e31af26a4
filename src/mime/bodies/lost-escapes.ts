import { type Bytes, concatBytes } from '../../core/bytes.js';

const ESC = 0x1b;
const DOLLAR = 0x24;
const PARENTHESIS = 0x28;
const oneEscape: Bytes = /* @__PURE__ */ Uint8Array.of(ESC);

/**
 * Puts back the ESC before every `$B` and `$@` that is followed by pairs of
 * graphic characters and `(B` or `(J`, and before that: what is left of the
 * escape sequences of ISO-2022-JP where controls were stripped. `undefined`
 * where nothing of it is there. Linear in the octets.
 */
export function withEscapes(octets: Bytes): Bytes | undefined {
  const pieces: Bytes[] = [];
  let from = 0;
  // Up to where a search for the return to ASCII is known to fail, for starts at even and at odd places.
  const hopeless: [number, number] = [0, 0];
  for (let at = octets.indexOf(DOLLAR); at >= 0; at = octets.indexOf(DOLLAR, at + 1)) {
    const parity = (at & 1) as 0 | 1;
    const isStart = octets[at + 1] === 0x40 || octets[at + 1] === 0x42;
    if (!isStart || at < hopeless[parity]) continue;
    const end = endOfPairs(octets, at + 2);
    if (octets[end] !== PARENTHESIS || (octets[end + 1] !== 0x42 && octets[end + 1] !== 0x4a)) {
      hopeless[parity] = end;
      continue;
    }
    pieces.push(octets.subarray(from, at), oneEscape, octets.subarray(at, end), oneEscape);
    from = end;
    at = end;
  }
  return pieces.length === 0 ? undefined : concatBytes([...pieces, octets.subarray(from)]);
}

/** Where pairs of graphic characters end: at `(B` or `(J` in the place of a pair, or at anything else. */
function endOfPairs(octets: Bytes, start: number): number {
  for (let at = start; ; at += 2) {
    const first = octets[at] ?? 0;
    const second = octets[at + 1] ?? 0;
    if (first === PARENTHESIS && (second === 0x42 || second === 0x4a)) return at;
    if (first < 0x21 || first > 0x7e || second < 0x21 || second > 0x7e) return at;
  }
}
