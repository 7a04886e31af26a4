import { asBytes, type Bytes } from '../core/bytes.js';

const CR = 0x0d;
const LF = 0x0a;

/**
 * Brings text to the canonical form that is signed (RFC 8551 §3.1.1, RFC 2049
 * §4): every line ends in CRLF.
 *
 * An LF without CR before it becomes CRLF. A **CR without LF after it is left
 * as it is**: in the old convention that it might come from, nobody signs mail,
 * and it may be content that the signer hashed. So the only octets that are
 * ever added are CRs before LFs, and doing it twice changes nothing. (OpenSSL's
 * `smime` also leaves a CR inside a line, but drops every CR directly before a
 * line end: `a CR CR LF` becomes `a CR LF` there and stays here.)
 *
 * @returns a view of the very input when it is canonical already, else new octets.
 *
 * @example
 * ```ts
 * import { canonicalLineEnds } from 'mailseal/encoding';
 *
 * const text = canonicalLineEnds(new TextEncoder().encode('a\nb\r\n'));
 * console.log(new TextDecoder().decode(text) === 'a\r\nb\r\n'); // true
 * ```
 */
export function canonicalLineEnds(octets: Uint8Array): Bytes {
  return canonicalize(asBytes(octets), false);
}

/**
 * {@link canonicalLineEnds} for text that comes in pieces: any split gives the
 * same octets, also between CR and LF.
 *
 * @example
 * ```ts
 * import { LineEndCanonicalizer } from 'mailseal/encoding';
 *
 * const lines = new LineEndCanonicalizer();
 * console.log(lines.update(new Uint8Array([13])).length, lines.update(new Uint8Array([10, 10])).length); // 1 3
 * ```
 */
export class LineEndCanonicalizer {
  #afterCr = false;

  /** Takes the next piece; gives all of it in canonical form, as a view of the piece where that is the same. */
  update(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    if (input.length === 0) return input;
    const canonical = canonicalize(input, this.#afterCr);
    this.#afterCr = input[input.length - 1] === CR;
    return canonical;
  }

  /** Ends the text. Nothing is ever held back, so this gives no octets. */
  finish(): Bytes {
    this.#afterCr = false;
    return new Uint8Array(0);
  }
}

function canonicalize(input: Bytes, afterCr: boolean): Bytes {
  const bare = countBareLf(input, afterCr);
  if (bare === 0) return input;
  const out = new Uint8Array(input.length + bare);
  copyCanonical(input, 0, input.length, afterCr, out);
  return out;
}

// Eight octets at a time, as two words. An octet of a word is 0 in `x = word ^ 0x0a0a0a0a` where it was LF, and
// `(x - 0x01010101) & ~x` has its top bit set there (or above it, for a VT that follows an LF: one too many is looked
// at). What precedes each octet is in the word that is read one octet before: of `p = word ^ 0x0d0d0d0d` the top bit of
// `((p & 0x7f7f7f7f) + 0x7f7f7f7f) | p` is set exactly where that was no CR.

/** Where the first window of eight octets with an LF that has no CR before it begins, or at most eight octets before the end; `from` is at least 1. */
function skipCanonical(view: DataView, from: number, end: number): number {
  let at = from;
  for (; at + 8 <= end; at += 8) {
    const x = view.getInt32(at, true) ^ 0x0a0a0a0a;
    const y = view.getInt32(at + 4, true) ^ 0x0a0a0a0a;
    const inX = (x - 0x01010101) & ~x;
    const inY = (y - 0x01010101) & ~y;
    if (((inX | inY) & 0x80808080) === 0) continue;
    const p = view.getInt32(at - 1, true) ^ 0x0d0d0d0d;
    const q = view.getInt32(at + 3, true) ^ 0x0d0d0d0d;
    const bareX = inX & (((p & 0x7f7f7f7f) + 0x7f7f7f7f) | p);
    const bareY = inY & (((q & 0x7f7f7f7f) + 0x7f7f7f7f) | q);
    if (((bareX | bareY) & 0x80808080) !== 0) break;
  }
  return at;
}

/** How many LFs have no CR before them. */
function countBareLf(input: Bytes, afterCr: boolean): number {
  const { length } = input;
  const view = new DataView(input.buffer, input.byteOffset, length);
  let bare = input[0] === LF && !afterCr ? 1 : 0;
  for (let at = 1; at < length; ) {
    at = skipCanonical(view, at, length);
    for (const end = Math.min(at + 8, length); at < end; at++) {
      if (input[at] === LF && input[at - 1] !== CR) bare++;
    }
  }
  return bare;
}

/**
 * Whether the octets from one offset to another are canonical already.
 *
 * @param afterCr whether a CR stands before them
 */
export function isCanonical(input: Bytes, from: number, end: number, afterCr: boolean): boolean {
  if (from < end && input[from] === LF && !afterCr) return false;
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  for (let at = from + 1; at < end; ) {
    at = skipCanonical(view, at, end);
    for (const stop = Math.min(at + 8, end); at < stop; at++) {
      if (input[at] === LF && input[at - 1] !== CR) return false;
    }
  }
  return true;
}

/**
 * Writes the canonical form of the octets from one offset to another.
 *
 * @param afterCr whether a CR stands before them
 * @param out room for twice as many octets is always enough
 * @returns how many octets were written
 */
export function copyCanonical(input: Bytes, from: number, end: number, afterCr: boolean, out: Bytes): number {
  const source = new DataView(input.buffer, input.byteOffset, input.length);
  const target = new DataView(out.buffer, out.byteOffset, out.length);
  let to = 0;
  let at = from;
  if (from < end && input[from] === LF) {
    if (!afterCr) out[to++] = CR;
    out[to++] = LF;
    at++;
  }
  // Sixteen octets are copied whole. Where an LF is among them, only those before it count: what is copied from there
  // on is written again. There is always room, as what is still to come needs as much of it or more.
  for (const wide = end - 16; at <= wide; ) {
    const a = source.getInt32(at, true);
    const b = source.getInt32(at + 4, true);
    const c = source.getInt32(at + 8, true);
    const d = source.getInt32(at + 12, true);
    target.setInt32(to, a, true);
    target.setInt32(to + 4, b, true);
    target.setInt32(to + 8, c, true);
    target.setInt32(to + 12, d, true);
    const inA = feedsOf(a);
    const inB = feedsOf(b);
    const inC = feedsOf(c);
    const inD = feedsOf(d);
    at += 16;
    to += 16;
    if ((inA | inB | inC | inD) === 0) continue;
    let back: number;
    if (inA !== 0) back = 16 - lowestOctet(inA);
    else if (inB !== 0) back = 12 - lowestOctet(inB);
    else if (inC !== 0) back = 8 - lowestOctet(inC);
    else back = 4 - lowestOctet(inD);
    at -= back;
    to -= back;
    if (source.getUint8(at - 1) !== CR) target.setUint8(to++, CR);
    target.setUint8(to++, LF);
    at++;
  }
  for (; at < end; at++) {
    const octet = input[at]!;
    if (octet === LF && input[at - 1] !== CR) out[to++] = CR;
    out[to++] = octet;
  }
  return to;
}

/** The top bit of each octet of a word that is LF, and perhaps of a VT above one: the lowest bit is always an LF's. */
function feedsOf(word: number): number {
  const x = word ^ 0x0a0a0a0a;
  return (x - 0x01010101) & ~x & 0x80808080;
}

/** Which octet of a word, counted from the lowest, has the lowest bit that is set; the word is not 0. */
function lowestOctet(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3;
}
