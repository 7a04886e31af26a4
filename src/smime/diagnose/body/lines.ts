import { type Bytes, concatBytes } from '../../../core/bytes.js';

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const noOctets: Bytes = /* @__PURE__ */ new Uint8Array(0);
export const crlf: Bytes = /* @__PURE__ */ Uint8Array.of(CR, LF);

/** Octets `[start, end)` that others take the place of. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly octets: Bytes;
}

/** The octets with everything replaced; replacements are in ascending order and do not overlap. */
export function replaced(octets: Bytes, replacements: readonly Replacement[]): Bytes {
  const pieces: Bytes[] = [];
  let at = 0;
  for (const { start, end, octets: instead } of replacements) {
    pieces.push(octets.subarray(at, start), instead);
    at = end;
  }
  pieces.push(octets.subarray(at));
  return concatBytes(pieces);
}

/** Where lines are, in octets: a line is `[starts[i], ends[i])`, and its line end goes up to `starts[i + 1]`. */
export interface Lines {
  /** One more than there are lines: the last is where the text ends. */
  readonly starts: readonly number[];
  /** Before the line end, or where the text ends. */
  readonly ends: readonly number[];
}

/** The lines of `[from, to)`; what stands after the last line end is a line if there is anything. */
export function linesOf(octets: Uint8Array, from = 0, to: number = octets.length): Lines {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = from;
  while (at < to) {
    const found = octets.indexOf(LF, at);
    const lf = found < 0 || found >= to ? to : found;
    starts.push(at);
    ends.push(lf < to && lf > at && octets[lf - 1] === CR ? lf - 1 : lf);
    at = lf < to ? lf + 1 : to;
  }
  starts.push(to);
  return { starts, ends };
}

/** Where the body of an entity begins: after its blank line; at the end where there is none. */
export function bodyStartOf(octets: Uint8Array): number {
  for (let at = 0; at < octets.length; ) {
    const lf = octets.indexOf(LF, at);
    if (lf < 0) return octets.length;
    if (lf === at || (lf === at + 1 && octets[at] === CR)) return lf + 1;
    at = lf + 1;
  }
  return octets.length;
}

/** Whether ASCII text stands at a place. */
export function standsAt(octets: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > octets.length) return false;
  for (let i = 0; i < text.length; i++) if (octets[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}

/** Where a line ends without the blanks at its end. */
export function endWithoutBlanks(octets: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(octets[at - 1])) at--;
  return at;
}

/** Where `[from, to)` ends without the line ends at its end. */
export function endWithoutLineEnds(octets: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && (octets[at - 1] === LF || octets[at - 1] === CR)) at--;
  return at;
}

/** So many CRLFs. */
export function blankLines(count: number): Bytes {
  const octets = new Uint8Array(2 * count);
  for (let at = 0; at < octets.length; at += 2) {
    octets[at] = CR;
    octets[at + 1] = LF;
  }
  return octets;
}

/**
 * All choices of some of `count` places, those with fewest first, up to `most` of them in all. The choice of none is
 * left out.
 */
export function* someOf(count: number, most: number): Generator<readonly number[]> {
  let given = 0;
  for (let size = 1; size <= count; size++) {
    const chosen = Array.from({ length: size }, (_, i) => i);
    while (true) {
      if (given++ >= most) return;
      yield chosen.slice();
      let at = size - 1;
      while (at >= 0 && chosen[at] === count - size + at) at--;
      if (at < 0) break;
      chosen[at]!++;
      for (let i = at + 1; i < size; i++) chosen[i] = chosen[i - 1]! + 1;
    }
  }
}
