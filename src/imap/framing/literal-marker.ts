import type { Bytes } from '../../core/bytes.js';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** What the end of a line says of a literal that follows it. */
export interface LiteralMarker {
  readonly length: number;
  /** Whether the sender waits for "+" (RFC 7888: not with `{n+}`). */
  readonly isSynchronising: boolean;
  /** Where the marker begins: at its brace, or at the "~" of a literal8. */
  readonly start: number;
}

/**
 * The `{n}`, `{n+}`, `{n-}` or `~{n}` that a line ends with (RFC 9051 §4.3);
 * `undefined` where it has none, or one whose number nothing can hold.
 *
 * @param start - where the line begins.
 * @param end - where it ends, before CR LF.
 */
export function literalMarker(octets: Uint8Array, start: number, end: number): LiteralMarker | undefined {
  if (end - start < 3 || octets[end - 1] !== CLOSE_BRACE) return undefined;
  let at = end - 2;
  const isSynchronising = octets[at] !== PLUS && octets[at] !== MINUS;
  if (!isSynchronising) at--;
  let length = 0;
  let unit = 1;
  const lastDigit = at;
  for (; at >= start; at--) {
    const digit = octets[at]! - 0x30;
    if (digit < 0 || digit > 9) break;
    // Zeros in front are no reason to reckon with powers that no number holds.
    if (digit !== 0) length += digit * unit;
    unit *= 10;
  }
  if (at === lastDigit || at < start || octets[at] !== OPEN_BRACE) return undefined;
  if (!(length <= Number.MAX_SAFE_INTEGER)) return undefined;
  return { length, isSynchronising, start: at > start && octets[at - 1] === 0x7e ? at - 1 : at };
}

/**
 * Whether the octets of a literal are taken before the next chunk comes, as
 * those of sections and messages are, so that they need not be copied. What
 * ENVELOPE and BODYSTRUCTURE hold may be read later; it stands behind other
 * characters than the ends of `BODY[…]`, `BODY[…]<0>`, `RFC822` and `RFC822.TEXT`.
 */
export function mayBeView(octets: Bytes, line: number, marker: number): boolean {
  const before = marker - 2;
  if (before < line || octets[marker - 1] !== 0x20) return false;
  const last = octets[before]! & 0xdf;
  // "]" and ">" as they are; "T" of TEXT and "R" of HEADER in either case.
  if (octets[before] === 0x5d || octets[before] === 0x3e || last === 0x54 || last === 0x52) return true;
  // "822": a number of BODYSTRUCTURE may end so, but has no "C" before it.
  return octets[before] === 0x32 && before - 3 >= line && (octets[before - 3]! & 0xdf) === 0x43;
}
