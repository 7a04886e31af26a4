import type { Bytes } from '../../core/bytes.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';

/** What the scanner has to know of a Content-Type that is written as nearly all are. */
export interface PlainType {
  readonly kind: 'leaf' | 'multipart' | 'message';
  readonly isDigest: boolean;
  readonly boundary: Bytes | undefined;
}

const PLAIN_LEAF: PlainType = { kind: 'leaf', isDigest: false, boundary: undefined };
const PLAIN_MESSAGE: PlainType = { kind: 'message', isDigest: false, boundary: undefined };

const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUESTION = 0x3f;
const BACKSLASH = 0x5c;

/** Octets by what they may stand for in a value that is read here. */
const IN_NAME = 1;
const IN_TOKEN = 2;
const BLANK = 4;
const KINDS: Uint8Array = /* @__PURE__ */ makeKinds();

function makeKinds(): Uint8Array {
  const kinds = new Uint8Array(256);
  for (let octet = 0x30; octet < 0x7b; octet++) {
    if (/[\dA-Za-z]/.test(String.fromCharCode(octet))) kinds[octet] = IN_NAME | IN_TOKEN;
  }
  for (const char of '-_.+') kinds[char.charCodeAt(0)] = IN_NAME | IN_TOKEN;
  for (const char of '=/:!#$&^~{}|`') kinds[char.charCodeAt(0)] = IN_TOKEN;
  for (const char of ' \t\r\n') kinds[char.charCodeAt(0)] = BLANK;
  return kinds;
}

/**
 * Reads the Content-Type at `[start, end)` from its octets. It gives up
 * (`undefined`) on all that is not written plainly: comments, RFC 2231,
 * quoted pairs, octets above 127, a boundary that stands twice, more than 16
 * parameters or `mostParameters`. What it does give is what
 * `parseContentType` says of the same value.
 */
export function readPlainType(
  octets: Bytes,
  start: number,
  end: number,
  mostParameters: number,
): PlainType | undefined {
  let at = start;
  while (at < end && KINDS[octets[at]!] === BLANK) at++;
  if (at === end) return undefined;
  const first = octets[at]! | 0x20;
  if (first !== 0x6d) {
    // What the value begins with tells it from multipart and message, whatever follows.
    return KINDS[octets[at]!]! & IN_NAME ? PLAIN_LEAF : undefined;
  }
  const multipart = begins(octets, at, end, 'multipart/');
  if (!multipart && !begins(octets, at, end, 'message/')) return undefined;
  at += multipart ? 10 : 8;
  const subtype = at;
  while (at < end && KINDS[octets[at]!]! & IN_NAME) at++;
  const subtypeEnd = at;
  if (subtypeEnd === subtype) return undefined;
  const boundary = readBoundary(octets, at, end, mostParameters);
  if (boundary === undefined) return undefined;
  if (multipart) {
    if (boundary === NO_BOUNDARY) return undefined;
    return { kind: 'multipart', isDigest: isSpelled(octets, subtype, subtypeEnd, 'digest'), boundary };
  }
  const holdsMessage =
    isSpelled(octets, subtype, subtypeEnd, 'rfc822') ||
    isSpelled(octets, subtype, subtypeEnd, 'global') ||
    isSpelled(octets, subtype, subtypeEnd, 'news');
  return holdsMessage ? PLAIN_MESSAGE : PLAIN_LEAF;
}

const NO_BOUNDARY: Bytes = /* @__PURE__ */ new Uint8Array(0);

/** Reads parameters to the end; the boundary among them, {@link NO_BOUNDARY} where there is none, `undefined` to give up. */
function readBoundary(octets: Bytes, start: number, end: number, most: number): Bytes | undefined {
  let boundary = NO_BOUNDARY;
  let at = start;
  for (let count = 0; count <= most && count <= MOST_PARAMETERS; count++) {
    while (at < end && KINDS[octets[at]!] === BLANK) at++;
    if (at === end) return boundary;
    if (octets[at++] !== SEMICOLON) return undefined;
    while (at < end && KINDS[octets[at]!] === BLANK) at++;
    if (at === end) return boundary;
    if (count === most) return undefined;
    const name = at;
    while (at < end && KINDS[octets[at]!]! & IN_NAME) at++;
    const nameEnd = at;
    if (nameEnd === name || at === end || octets[at++] !== EQUALS) return undefined;
    let value = at;
    let valueEnd: number;
    if (octets[at] === QUOTE) {
      value = ++at;
      while (at < end && isQuotable(octets[at]!) && !beginsWord(octets, at)) at++;
      if (at === end || octets[at] !== QUOTE) return undefined;
      valueEnd = at++;
    } else {
      while (at < end && KINDS[octets[at]!]! & IN_TOKEN) at++;
      valueEnd = at;
      if (at < end && octets[at] !== SEMICOLON && KINDS[octets[at]!] !== BLANK) return undefined;
    }
    if (valueEnd === value) return undefined;
    if (!isSpelled(octets, name, nameEnd, 'boundary')) continue;
    if (boundary !== NO_BOUNDARY || valueEnd - value > LONGEST_LINE) return undefined;
    if (KINDS[octets[value]!] === BLANK || KINDS[octets[valueEnd - 1]!] === BLANK) return undefined;
    boundary = octets.slice(value, valueEnd);
  }
  return undefined;
}

const MOST_PARAMETERS = 16;

/** Printable ASCII and blanks, without quote and backslash. */
function isQuotable(octet: number): boolean {
  return octet >= 0x20 && octet < 0x7f && octet !== QUOTE && octet !== BACKSLASH;
}

/** `=?`, with which an encoded word begins. */
function beginsWord(octets: Uint8Array, at: number): boolean {
  return octets[at] === EQUALS && octets[at + 1] === QUESTION;
}

function begins(octets: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start >= text.length && isSpelled(octets, start, start + text.length, text);
}

/** Whether the octets are that text, which is in lower case here and may be in any there. */
export function isSpelled(octets: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const octet = octets[start + i]!;
    if (octet !== unit && (unit < 0x61 || (octet | 0x20) !== unit)) return false;
  }
  return true;
}
