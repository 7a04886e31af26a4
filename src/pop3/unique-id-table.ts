import type { Bytes } from '../core/bytes.js';

const SPACE = 0x20;
const CR = 0x0d;
const LF = 0x0a;

/** Of each line three numbers: the message's, and where its unique-id begins and ends. */
export const COLUMNS = 3;

/**
 * Where all is in octets that are lines of UIDL as RFC 1939 §7 has them and nothing else: a number of up to nine
 * digits, a space, printable ASCII, CRLF; counted from `start`. `undefined` for other octets. Mailboxes of ten
 * thousand messages are read at each visit, so it goes over the octets once, many at a time, and then looks only at
 * numbers and line ends.
 */
export function uniqueIdTable(octets: Bytes, start: number, end: number): Int32Array | undefined {
  // Each line has three octets that are not printable: its space, CR and LF. With as many in all there are no others.
  const gaps = gapsOf(octets, start, end);
  if (gaps === undefined || gaps % COLUMNS !== 0) return undefined;
  const table = new Int32Array(gaps);
  let filled = 0;
  let length = 0;
  for (let at = start; at < end; ) {
    const first = at;
    let message = 0;
    let digit = octets[at]! - 0x30;
    while (digit >= 0 && digit <= 9) {
      message = message * 10 + digit;
      at++;
      digit = octets[at]! - 0x30;
    }
    if (filled === gaps || message === 0 || at - first > 9 || octets[at] !== SPACE) return undefined;
    at++;
    // A server's unique-ids are often all of one length.
    if (octets[at + length] !== CR) {
      length = 0;
      while (octets[at + length]! > SPACE) length++;
    }
    const to = at + length;
    if (length === 0 || to + 1 >= end || octets[to] !== CR || octets[to + 1] !== LF) return undefined;
    table[filled] = message;
    table[filled + 1] = at - start;
    table[filled + 2] = to - start;
    filled += COLUMNS;
    at = to + 2;
  }
  return filled === gaps ? table : undefined;
}

/** How many octets are a space or control character; `undefined` where DEL is among them, or what is not ASCII. */
function gapsOf(octets: Bytes, start: number, end: number): number | undefined {
  const aligned = start + (-(octets.byteOffset + start) & 3);
  if (end - aligned < 16) return gapsOneByOne(octets, start, end);
  const words = new Int32Array(octets.buffer, octets.byteOffset + aligned, ((end - aligned) >> 4) << 2);
  const before = gapsOneByOne(octets, start, aligned);
  const behind = gapsOneByOne(octets, aligned + words.length * 4, end);
  if (before === undefined || behind === undefined) return undefined;
  let gaps = before + behind;
  let marks = 0;
  for (let i = 0; i < words.length; i += 4) {
    const a = words[i]!;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    // Adding 1 makes DEL an octet above 127; adding 95 makes each printable one so.
    const del = (a + 0x01010101) | (b + 0x01010101) | (c + 0x01010101) | (d + 0x01010101);
    marks |= a | b | c | d | del;
    const printable =
      (((a + 0x5f5f5f5f) & 0x80808080) >>> 7) +
      (((b + 0x5f5f5f5f) & 0x80808080) >>> 7) +
      (((c + 0x5f5f5f5f) & 0x80808080) >>> 7) +
      (((d + 0x5f5f5f5f) & 0x80808080) >>> 7);
    gaps += 16 - (Math.imul(printable, 0x01010101) >>> 24);
  }
  return (marks & 0x80808080) === 0 ? gaps : undefined;
}

function gapsOneByOne(octets: Bytes, start: number, end: number): number | undefined {
  let gaps = 0;
  for (let at = start; at < end; at++) {
    const octet = octets[at]!;
    if (octet > 0x7e) return undefined;
    if (octet <= SPACE) gaps++;
  }
  return gaps;
}
