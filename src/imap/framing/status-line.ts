const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const STAR = 0x2a;
const PLUS = 0x2b;

const UNTAGGED_STATUS: ReadonlySet<string> = /* @__PURE__ */ new Set(['OK', 'NO', 'BAD', 'BYE', 'PREAUTH']);

/**
 * Whether a response ends with text for people, which never ends in a literal
 * whatever it looks like (RFC 9051 §9 `text`): tagged ones, "+", and the
 * untagged OK, NO, BAD, BYE and PREAUTH.
 *
 * @param start - where the response begins; a dozen octets of it are enough.
 */
export function isStatusLine(octets: Uint8Array, start: number, end: number): boolean {
  if (octets[start] !== STAR || octets[start + 1] !== SPACE) return true;
  return UNTAGGED_STATUS.has(wordAt(octets, skipSpaces(octets, start + 1, end), end));
}

/**
 * Whether the first line of a status response ends within the brackets of its
 * code, where a literal is legal (RFC 9051 §9 `resp-text-code`).
 */
export function endsInCode(octets: Uint8Array, start: number, end: number): boolean {
  let code = skipSpaces(octets, skipWord(octets, start, end), end);
  // Behind "+" there is no word before the code.
  if (octets[start] !== PLUS) code = skipSpaces(octets, skipWord(octets, code, end), end);
  if (octets[code] !== OPEN_BRACKET) return false;
  const first = octets[code + 1]! | 0x20;
  // "[" that no word follows is text.
  return first >= 0x61 && first <= 0x7a && isCodeOpen(octets, code + 1, end);
}

/** Whether a code that is open at `from` is still open, and not within quotation marks, at `end`. */
export function isCodeOpen(octets: Uint8Array, from: number, end: number): boolean {
  let isQuoted = false;
  for (let at = from; at < end; at++) {
    const octet = octets[at];
    if (octet === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted) {
      if (octet === CLOSE_BRACKET) return false;
    } else if (octet === BACKSLASH) at++;
  }
  return !isQuoted;
}

function skipSpaces(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] === SPACE) at++;
  return at;
}

function skipWord(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] !== SPACE) at++;
  return at;
}

/** The word in capital letters, or as much of it as tells that it is none of those that are looked for. */
function wordAt(octets: Uint8Array, from: number, end: number): string {
  let word = '';
  for (let at = from; at < end && at < from + 8 && octets[at]! > 0x2f; at++)
    word += String.fromCharCode(octets[at]!);
  return word.toUpperCase();
}
