import type { Bytes } from '../core/bytes.js';

const SPACE = 0x20;
/** CR LF as a little-endian load gives it. */
const CRLF = 0x0a0d;

/** Of each line three numbers: the message's, and where its unique-id begins and ends. */
export const COLUMNS = 3;

/** Where all is in lines of UIDL. */
export interface UniqueIdTable {
  /** Offsets count from where the lines begin. */
  readonly table: Int32Array;
  /** Where they end. */
  readonly end: number;
}

/** Room for the table of a chunk, which gets memory of its own length; it grows. */
let scratch: Int32Array = /* @__PURE__ */ new Int32Array(COLUMNS * 1024);

/**
 * Finds where all is in octets as far as they are lines of UIDL as RFC 1939 §7 has them: a number of up to nine digits,
 * a space, printable ASCII, CRLF. Such a line begins with no dot, so it is what it is on the wire, too. `undefined`
 * where the first is another. Mailboxes of ten thousand messages are read at each visit, so it expects each line to be
 * like the one before.
 */
export function uniqueIdTable(octets: Bytes, start: number, end: number): UniqueIdTable | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let table = scratch;
  let filled = 0;
  let digits = 0;
  let length = 0;
  let next = start;
  // No octet is read from `end` on: reading what is not there makes each such place in the loop slow.
  while (next < end) {
    let at = next + digits;
    if (at >= end || octets[at] !== SPACE) {
      digits = digitsAt(octets, next, end);
      at = next + digits;
      if (at >= end || octets[at] !== SPACE) break;
    }
    const message = digits < 4 ? numberAt(octets, next, digits) : longNumberAt(view, octets, next, digits);
    if (message <= 0 || digits > 9) break;
    at++;
    if (length < 8 || !endsAt(view, at + length, end) || !isPrintable(view, at, at + length)) {
      length = printableAt(octets, at, end);
      if (length === 0 || !endsAt(view, at + length, end)) break;
    }
    if (filled + COLUMNS > table.length) table = largerScratch();
    table[filled] = message;
    table[filled + 1] = at - start;
    table[filled + 2] = at + length - start;
    filled += COLUMNS;
    next = at + length + 2;
  }
  return filled === 0 ? undefined : { table: table.slice(0, filled), end: next };
}

function largerScratch(): Int32Array {
  const larger = new Int32Array(scratch.length * 2);
  larger.set(scratch);
  scratch = larger;
  return larger;
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

function digitsAt(octets: Bytes, start: number, end: number): number {
  let at = start;
  while (at < end && octets[at]! >= 0x30 && octets[at]! <= 0x39) at++;
  return at - start;
}

/** What digits stand for; -1 where there are others. */
function numberAt(octets: Bytes, at: number, digits: number): number {
  let number = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = octets[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The same of four digits or more: the last four at once. */
function longNumberAt(view: DataView, octets: Bytes, at: number, digits: number): number {
  const before = numberAt(octets, at, digits - 4);
  const last = view.getInt32(at + digits - 4, true) ^ 0x30303030;
  // Adding 118 makes an octet above 9 one above 127.
  if (before < 0 || (((last + 0x76767676) | last) & 0x80808080) !== 0) return -1;
  const pairs = last * 10 + (last >>> 8);
  return before * 10_000 + (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}
