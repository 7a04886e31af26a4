import { asBytes, type Bytes } from '../core/bytes.js';

const CR = 0x0d;
const LF = 0x0a;
const noWords: Int32Array = /* @__PURE__ */ new Int32Array(0);

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
  const { length } = input;
  const out = new Uint8Array(length + bare);
  let to = 0;
  let from = 0;
  let previous = afterCr ? CR : 0;
  while (from < length) {
    if (from + 4 <= length) {
      const a = input[from]!;
      const b = input[from + 1]!;
      const c = input[from + 2]!;
      const d = input[from + 3]!;
      if (a !== LF && b !== LF && c !== LF && d !== LF) {
        out[to] = a;
        out[to + 1] = b;
        out[to + 2] = c;
        out[to + 3] = d;
        to += 4;
        from += 4;
        previous = d;
        continue;
      }
    }
    const octet = input[from]!;
    if (octet === LF && previous !== CR) out[to++] = CR;
    out[to++] = octet;
    previous = octet;
    from++;
  }
  return out;
}

/** How many LFs have no CR before them. */
function countBareLf(input: Bytes, afterCr: boolean): number {
  const { length } = input;
  let bare = input[0] === LF && !afterCr ? 1 : 0;
  // Octets before the first and after the last whole pair of words are looked at one by one.
  const first = length < 16 ? length : -input.byteOffset & 3;
  const words =
    length < 16
      ? noWords
      : new Int32Array(input.buffer, input.byteOffset + first, ((length - first) >> 3) << 1);
  const last = first + 4 * words.length;
  for (let at = 1; at < first; at++) if (input[at] === LF && input[at - 1] !== CR) bare++;
  for (let word = 0; word < words.length; word += 2) {
    // An octet is 0 in x or y where it was LF; the expression then has the top bit set there, or above it.
    const x = words[word]! ^ 0x0a0a0a0a;
    const y = words[word + 1]! ^ 0x0a0a0a0a;
    if (((((x - 0x01010101) & ~x) | ((y - 0x01010101) & ~y)) & 0x80808080) === 0) continue;
    const start = first + 4 * word;
    for (let at = start === 0 ? 1 : start; at < start + 8; at++) {
      if (input[at] === LF && input[at - 1] !== CR) bare++;
    }
  }
  for (let at = Math.max(last, 1); at < length; at++) if (input[at] === LF && input[at - 1] !== CR) bare++;
  return bare;
}
