import type { Bytes } from '../../core/bytes.js';
import { encodeMimeBase64 } from '../../encoding/mime-base64.js';
import { encodeQuotedPrintable } from '../../encoding/quoted-printable-encoder.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';

/** A body as it goes into a message. */
export interface EncodedBody {
  readonly encoding: '7bit' | '8bit' | 'quoted-printable' | 'base64';
  readonly octets: Bytes;
}

/** RFC 5322 §2.1.1: lines should not be longer. */
export const GOOD_LINE = 78;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;
const GREATER = 0x3e;

/** What stands in the way of octets that go as they are. */
export interface OctetFacts {
  /** How many are above 127. */
  readonly eightBit: number;
  /** NUL, or a CR or LF that is not part of CRLF: never allowed in 7bit and 8bit (RFC 2045 §2.7). */
  readonly forbidden: boolean;
  /**
   * Whether a server on the way might change a line (RFC 2049 §3): blanks at
   * its end are stripped, `From ` at its start gets a `>` before it (and so may
   * `>From `), and a dot at its start is doubled or lost.
   */
  readonly fragile: boolean;
  /** The octets of the longest line, without its line end. */
  readonly longestLine: number;
  /** The octets that quoted-printable has to escape. */
  readonly escapes: number;
}

/** 1 for what {@link octetFacts} has to look at: controls, `=`, DEL and all above. */
const isSpecial: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, octet) =>
  octet > 0x7e || octet < SPACE || octet === 0x3d ? 1 : 0,
);

/** Looks at octets as lines. */
export function octetFacts(octets: Uint8Array): OctetFacts {
  let eightBit = 0;
  let forbidden = false;
  let fragile = false;
  let longestLine = 0;
  let escapes = 0;
  let lineStart = 0;
  const { length } = octets;
  fragile = isFragileStart(octets, 0);
  for (let at = 0; at < length; ) {
    // Most octets are plain, and looked at four at once.
    while (
      at + 4 <= length &&
      (isSpecial[octets[at]!]! |
        isSpecial[octets[at + 1]!]! |
        isSpecial[octets[at + 2]!]! |
        isSpecial[octets[at + 3]!]!) ===
        0
    ) {
      at += 4;
    }
    // Up to four are left, or the first of four that are not all plain.
    const end = Math.min(at + 4, length);
    while (at < end && isSpecial[octets[at]!] === 0) at++;
    if (at >= end) continue;
    const octet = octets[at]!;
    if (octet > 0x7f) eightBit++;
    if (octet === CR && octets[at + 1] === LF) {
      longestLine = Math.max(longestLine, at - lineStart);
      fragile ||= at > lineStart && isBlank(octets[at - 1]!);
      at += 2;
      lineStart = at;
      fragile ||= isFragileStart(octets, at);
      continue;
    }
    if (octet !== TAB) escapes++;
    forbidden ||= octet === 0 || octet === CR || octet === LF;
    at++;
  }
  longestLine = Math.max(longestLine, length - lineStart);
  fragile ||= length > lineStart && isBlank(octets[length - 1]!);
  return { eightBit, forbidden, fragile, longestLine, escapes };
}

function isFragileStart(octets: Uint8Array, start: number): boolean {
  return octets[start] === DOT || isFromLine(octets, start);
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB;
}

/** `From ` with any number of `>` before it, as mailboxes in the mboxrd form quote it. */
function isFromLine(octets: Uint8Array, start: number): boolean {
  let at = start;
  while (octets[at] === GREATER) at++;
  return (
    octets[at] === 0x46 &&
    octets[at + 1] === 0x72 &&
    octets[at + 2] === 0x6f &&
    octets[at + 3] === 0x6d &&
    octets[at + 4] === SPACE
  );
}

/** Whether octets can go as they are, be signed, and come through any way of mail unchanged. */
export function goesAsItIs(facts: OctetFacts, longest: number, transport: '7bit' | '8bit'): boolean {
  return (
    !facts.forbidden &&
    !facts.fragile &&
    facts.longestLine <= longest &&
    (facts.eightBit === 0 || transport === '8bit')
  );
}

/** Octets in base64. */
export function inBase64(octets: Uint8Array): EncodedBody {
  return { encoding: 'base64', octets: encodeMimeBase64(octets) };
}

/**
 * Text in the cheapest transfer encoding that is safe to sign: as it is, else
 * quoted-printable or base64, whichever is shorter.
 *
 * @param longestAsIs - the longest line with which it goes as it is.
 */
export function encodeTextBody(octets: Bytes, transport: '7bit' | '8bit', longestAsIs: number): EncodedBody {
  const facts = octetFacts(octets);
  if (goesAsItIs(facts, longestAsIs, transport)) {
    return { encoding: facts.eightBit === 0 ? '7bit' : '8bit', octets };
  }
  const inBase64Length = Math.ceil(octets.length / 3) * 4 + Math.ceil(octets.length / 57) * 2;
  // Before it is encoded: soft line breaks are estimated.
  const inQuotedPrintable = (octets.length + 2 * facts.escapes) * (facts.longestLine > 76 ? 1.04 : 1);
  if (inQuotedPrintable > inBase64Length) return inBase64(octets);
  const quoted = encodeQuotedPrintable(octets);
  // The encoder escapes `From `, but not the `>` of a `>From ` that mboxrd would quote again.
  return octetFacts(quoted).fragile ? inBase64(octets) : { encoding: 'quoted-printable', octets: quoted };
}

/**
 * A message as it is, which RFC 2046 §5.2.1 wants; `undefined` where that is
 * not safe.
 */
export function plainMessageBody(octets: Bytes, transport: '7bit' | '8bit'): EncodedBody | undefined {
  const facts = octetFacts(octets);
  if (!goesAsItIs(facts, LONGEST_LINE, transport)) return undefined;
  return { encoding: facts.eightBit === 0 ? '7bit' : '8bit', octets };
}
