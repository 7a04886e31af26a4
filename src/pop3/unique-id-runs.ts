import type { Bytes } from '../core/bytes.js';

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** CR LF as a little-endian load gives it. */
const CRLF = 0x0a0d;

/**
 * Of each run five numbers. A run is lines that follow one another and are alike: each has the number after that of the
 * line before, in as many digits, and a unique-id of the same length.
 *
 * The number of its first message; how many lines; where the first unique-id begins; how long each is; and from where
 * one begins to where the next does.
 */
export const COLUMNS = 5;

/** Where all is in lines of UIDL. */
export interface UniqueIdRuns {
  /** Offsets count from where the lines begin. */
  readonly runs: Int32Array;
  /** How many lines there are. */
  readonly count: number;
  /** Where they end. */
  readonly end: number;
}

const FEW = COLUMNS * 256;
/** What grew beyond a quarter of a megabyte is let go. */
const KEPT = 65_536;

/** Room for the runs of a chunk, which get memory of their own length; it grows. */
let scratch: Int32Array = /* @__PURE__ */ new Int32Array(FEW);

/**
 * Finds where all is in octets as far as they are lines of UIDL as RFC 1939 §7 has them: a number of up to nine digits,
 * a space, printable ASCII, CRLF. Such a line begins with no dot, so it is what it is on the wire, too. `undefined`
 * where the first is another. Mailboxes of ten thousand messages are read at each visit, so it expects each line to be
 * like the one before.
 */
export function uniqueIdRuns(octets: Bytes, start: number, end: number): UniqueIdRuns | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let runs = scratch;
  let filled = 0;
  let count = 0;
  let length = 0;
  let next = start;
  // No octet is read from `end` on: reading what is not there makes each such place in the loop slow.
  while (next < end) {
    let at = next;
    let message = 0;
    let digit = octets[at]! - ZERO;
    while (digit >= 0 && digit <= 9 && ++at < end) {
      message = message * 10 + digit;
      digit = octets[at]! - ZERO;
    }
    const digits = at - next;
    if (message === 0 || digits > 9 || at >= end || octets[at] !== SPACE) break;
    at++;
    if (length < 8 || !endsAt(view, at + length, end) || !isPrintable(view, at, at + length)) {
      length = printableAt(octets, at, end);
      if (length === 0 || !endsAt(view, at + length, end)) break;
    }
    const lines = digits < 3 || digits > 7 || length < 8 ? 1 : alike(view, next, end, digits, length);
    const stride = digits + length + 3;
    if (filled + COLUMNS > runs.length) runs = largerScratch();
    runs[filled++] = message;
    runs[filled++] = lines;
    runs[filled++] = at - start;
    runs[filled++] = length;
    runs[filled++] = stride;
    count += lines;
    next += lines * stride;
  }
  if (scratch.length > KEPT) scratch = new Int32Array(FEW);
  return count === 0 ? undefined : { runs: runs.slice(0, filled), count, end: next };
}

function largerScratch(): Int32Array {
  const larger = new Int32Array(scratch.length * 2);
  larger.set(scratch);
  scratch = larger;
  return larger;
}

/**
 * How many lines are alike, from one on that is read already, of three to seven digits and a unique-id of eight octets
 * or more. A thousand at most: what stands before the last three digits is the same in all.
 */
function alike(view: DataView, first: number, end: number, digits: number, length: number): number {
  const stride = digits + length + 3;
  const before = digits - 3;
  const mask = before === 4 ? -1 : (1 << (before * 8)) - 1;
  const beginning = view.getInt32(first, true);
  let tail = view.getInt32(first + before, true);
  let lines = 1;
  for (let line = first + stride; line + stride <= end; line += stride) {
    tail = following(tail);
    if (tail === 0 || view.getInt32(line + before, true) !== tail) break;
    if (((view.getInt32(line, true) ^ beginning) & mask) !== 0) break;
    const to = line + stride - 2;
    if (view.getUint16(to, true) !== CRLF || !isPrintable(view, to - length, to)) break;
    lines++;
  }
  return lines;
}

/** The number after that of three digits and a space, as a little-endian load gives them; 0 after 999. */
function following(tail: number): number {
  const units = (tail >>> 16) & 0xff;
  if (units !== NINE) return tail + 0x10000;
  const tens = (tail >>> 8) & 0xff;
  const hundreds = tail & 0xff;
  if (tens !== NINE) return (SPACE << 24) | (ZERO << 16) | ((tens + 1) << 8) | hundreds;
  if (hundreds !== NINE) return (SPACE << 24) | (ZERO << 16) | (ZERO << 8) | (hundreds + 1);
  return 0;
}

function endsAt(view: DataView, at: number, end: number): boolean {
  return at + 1 < end && view.getUint16(at, true) === CRLF;
}

/** Whether octets, eight at least, are from 33 to 126. */
function isPrintable(view: DataView, from: number, to: number): boolean {
  let marks = marksOfEight(view, to - 8);
  for (let at = from; at + 8 <= to; at += 8) marks |= marksOfEight(view, at);
  return (marks & 0x80808080) === 0;
}

/**
 * The highest bit of an octet where one of eight is not from 33 to 126: subtracting 33 makes each below it one above
 * 127, adding 1 makes 127 so, and one of the two leaves any above 127 there. What they borrow from and carry to the next
 * octet comes from one that is marked itself.
 */
function marksOfEight(view: DataView, at: number): number {
  const word = view.getInt32(at, true);
  const next = view.getInt32(at + 4, true);
  return (word - 0x21212121) | (word + 0x01010101) | (next - 0x21212121) | (next + 0x01010101);
}

function printableAt(octets: Bytes, start: number, end: number): number {
  let at = start;
  while (at < end && octets[at]! > SPACE && octets[at]! < 0x7f) at++;
  return at - start;
}
