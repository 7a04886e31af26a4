import type { Bytes } from '../../../core/bytes.js';

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const noOctets: Bytes = /* @__PURE__ */ new Uint8Array(0);
export const crlf: Bytes = /* @__PURE__ */ Uint8Array.of(CR, LF);
const lf: Bytes = /* @__PURE__ */ Uint8Array.of(LF);

/** Lines of a text that are told apart; what comes after is left as it is. */
export const mostLines = 262_144;
/** Places that one guess changes; what comes after is left as it is. */
export const mostPlaces = 131_072;
/** So many octets are copied faster one by one than as a view, which costs memory besides. */
const fewOctets = 48;

/** Octets `[start, end)` that others take the place of. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly octets: Bytes;
}

/** The octets with everything replaced; replacements are in ascending order, and one that overlaps the one before is left out. */
export function replaced(octets: Bytes, replacements: readonly Replacement[]): Bytes {
  let length = octets.length;
  let from = 0;
  for (const { start, end, octets: instead } of replacements) {
    if (start < from) continue;
    length += instead.length - (end - start);
    from = end;
  }
  const out = new Uint8Array(length);
  let to = 0;
  from = 0;
  for (const { start, end, octets: instead } of replacements) {
    if (start < from) continue;
    to = copy(octets, from, start, out, to);
    to = copy(instead, 0, instead.length, out, to);
    from = end;
  }
  copy(octets, from, octets.length, out, to);
  return out;
}

function copy(octets: Bytes, from: number, end: number, out: Bytes, to: number): number {
  if (end - from > fewOctets) {
    out.set(octets.subarray(from, end), to);
    return to + end - from;
  }
  for (let at = from; at < end; at++) out[to++] = octets[at]!;
  return to;
}

/** Where lines are, in octets: a line is `[starts[i], ends[i])`, and its line end goes up to `starts[i + 1]`. */
export interface Lines {
  /** One more than there are lines: the last is where they end. */
  readonly starts: readonly number[];
  /** Before the line end, or where the text ends. */
  readonly ends: readonly number[];
}

/** The first lines of `[from, to)`; what stands after the last line end is a line if there is anything. */
export function linesOf(octets: Uint8Array, from = 0, to: number = octets.length): Lines {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = from;
  while (at < to && ends.length < mostLines) {
    const found = octets.indexOf(LF, at);
    const end = found < 0 || found >= to ? to : found;
    starts.push(at);
    ends.push(end < to && end > at && octets[end - 1] === CR ? end - 1 : end);
    at = end < to ? end + 1 : to;
  }
  starts.push(at < to ? at : to);
  return { starts, ends };
}

/** The indexes of the lines of which something holds. */
export function linesWhere(
  { starts, ends }: Lines,
  holds: (start: number, end: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let i = 0; i < ends.length; i++) if (holds(starts[i]!, ends[i]!)) found.push(i);
  return found;
}

/** Where the last lines of `[from, to)` end, before their line ends, in ascending order. */
export function lastLineEnds(octets: Uint8Array, from: number, to: number, most: number): number[] {
  const ends: number[] = [];
  for (let at = to; at > from && ends.length < most; ) {
    const isLine = octets[at - 1] === LF;
    const end = !isLine ? at : at - 1 > from && octets[at - 2] === CR ? at - 2 : at - 1;
    ends.push(end);
    const before = end === from ? -1 : octets.lastIndexOf(LF, end - 1);
    at = before < from ? from : before + 1;
  }
  return ends.reverse();
}

/** Where the body of an entity begins: after its blank line; at the end where there is none. */
export function bodyStartOf(octets: Uint8Array): number {
  for (let at = 0; at < octets.length; ) {
    const end = octets.indexOf(LF, at);
    if (end < 0) return octets.length;
    if (end === at || (end === at + 1 && octets[at] === CR)) return end + 1;
    at = end + 1;
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

/** So many line ends. */
export function blankLines(count: number, lineEnd: Bytes = crlf): Bytes {
  const octets = new Uint8Array(count * lineEnd.length);
  for (let at = 0; at < octets.length; at += lineEnd.length) octets.set(lineEnd, at);
  return octets;
}

/** How the first line of the body ends, or that of the header where the body has none: with CRLF, or with LF. */
export function lineEndOf(octets: Bytes): Bytes {
  const inBody = octets.indexOf(LF, bodyStartOf(octets));
  const at = inBody < 0 ? octets.indexOf(LF) : inBody;
  return at < 0 || octets[at - 1] === CR ? crlf : lf;
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
