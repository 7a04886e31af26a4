import type { FindOctet } from '../../core/find-octet.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';

const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** The line's colon is not at hand. */
export const UNDECIDED = -2;
/** The line is no header field. */
export const NO_COLON = -1;

/** 1 for the octets of a field's name: RFC 5322 §3.6.8, printable ASCII without colon. */
export const NAME_OCTET: Uint8Array = /* @__PURE__ */ makeNameOctets();

function makeNameOctets(): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0x21, 0x7f);
  table[COLON] = 0;
  return table;
}

/**
 * Where the colon of the field stands that begins at `line`, else
 * {@link NO_COLON} or {@link UNDECIDED}. RFC 5322 §3.6.8 and §4.5: a name, then blanks, then the colon.
 */
export function findColon(window: Uint8Array, line: number, lineEnd: number): number {
  // RFC 5322 §2.1.1 ends lines there; without a bound, octets that come singly would be looked at again and again.
  const bound = line + LONGEST_LINE;
  const end = lineEnd < bound ? lineEnd : bound;
  let i = line;
  while (i < end && NAME_OCTET[window[i]!] === 1) i++;
  if (i === line && i < end) return NO_COLON;
  for (; i < end; i++) {
    const octet = window[i]!;
    if (octet === COLON) return i;
    if (octet !== SPACE && octet !== TAB) return NO_COLON;
  }
  return lineEnd >= bound ? NO_COLON : UNDECIDED;
}

/** `From `, with which mailbox files and what quotes them begin the line before a message; mail programs write `>From `. */
export function isMailboxMarker(window: Uint8Array, line: number): boolean {
  const at = window[line] === 0x3e ? line + 1 : line;
  return (
    window[at] === 0x46 &&
    window[at + 1] === 0x72 &&
    window[at + 2] === 0x6f &&
    window[at + 3] === 0x6d &&
    window[at + 4] === SPACE
  );
}

/**
 * Whether a message whose first line is no field has a header block all the
 * same: the line may be junk, or the rest of a field whose beginning was lost,
 * where a field that every mail program knows stands on the next.
 *
 * @returns `undefined` where more octets are needed to tell
 */
export function hasKnownFieldNext(
  window: Uint8Array,
  line: number,
  final: boolean,
  find: FindOctet,
): boolean | undefined {
  const lf = find(window, LF, line);
  if (lf < 0) return final || window.length - line > LONGEST_LINE ? false : undefined;
  if (lf - line > LONGEST_LINE) return false;
  let name = '';
  for (let at = lf + 1; at < window.length && name.length <= LONGEST_KNOWN_NAME; at++) {
    const octet = window[at]!;
    if (octet === COLON) return KNOWN_NAME.test(name);
    if (NAME_OCTET[octet] !== 1) return false;
    name += String.fromCharCode(octet);
  }
  return final || name.length > LONGEST_KNOWN_NAME ? false : undefined;
}

const KNOWN_NAME =
  /^(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-[a-z-]+|cc|bcc|sender|reply-to|in-reply-to|references|resent-[a-z-]+|list-[a-z-]+|arc-[a-z-]+|dkim-signature|authentication-results|x-[a-z\d-]+)$/i;
const LONGEST_KNOWN_NAME = 40;
