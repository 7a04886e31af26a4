import { asBytes, type Bytes } from '../core/bytes.js';
import { copyCanonical, countBareLf } from './line-end-words.js';

const CR = 0x0d;

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
  const { length } = input;
  const bare = countBareLf(input, 0, length, afterCr, length);
  if (bare === 0) return input;
  const out = new Uint8Array(length + bare + 8);
  copyCanonical(input, 0, length, afterCr, out);
  return out.subarray(0, length + bare);
}
