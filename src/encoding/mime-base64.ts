import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { crlfPair, encodeGroups, encodeLastGroup } from './base64-tables.js';

/** How {@link encodeMimeBase64} lays out its lines. */
export interface MimeBase64Options {
  /** Characters on a line without its CRLF: a multiple of 4 from 4 to 76 (RFC 2045 §6.8 allows no more). Default 76. */
  readonly lineLength?: number;
}

/**
 * Encodes a body as MIME base64 (RFC 2045 §6.8): lines of `lineLength`
 * characters, **each ended by CRLF, the last one too**. Empty input gives empty
 * output.
 *
 * @throws MailsealError `usage` for a line length that is not allowed.
 *
 * @example
 * ```ts
 * import { encodeMimeBase64 } from 'mailseal/encoding';
 *
 * const lines = encodeMimeBase64(new Uint8Array(60));
 * console.log(lines.length); // 84: 76 characters, CRLF, 4 characters, CRLF
 * ```
 */
export function encodeMimeBase64(octets: Uint8Array, options: MimeBase64Options = {}): Bytes {
  const input = asBytes(octets);
  const layout = new LineLayout(options);
  const whole = input.length - (input.length % 3);
  const out = layout.allocate(Math.ceil(input.length / 3), true);
  let at = layout.encode(input, whole, out, 0);
  if (whole < input.length) at = layout.encodeLast(input, whole, out, at);
  layout.endLine(out, at);
  return new Uint8Array(out.buffer);
}

/**
 * {@link encodeMimeBase64} for octets that come in pieces: any split gives the
 * same characters.
 *
 * @example
 * ```ts
 * import { MimeBase64Encoder } from 'mailseal/encoding';
 *
 * const encoder = new MimeBase64Encoder();
 * const pieces = [encoder.update(new Uint8Array([77, 97])), encoder.update(new Uint8Array([105])), encoder.finish()];
 * console.log(pieces.map((piece) => piece.length)); // [ 0, 4, 2 ]
 * ```
 */
export class MimeBase64Encoder {
  readonly #layout: LineLayout;
  #carry: Bytes = new Uint8Array(0);

  /** @throws MailsealError `usage` for a line length that is not allowed. */
  constructor(options: MimeBase64Options = {}) {
    this.#layout = new LineLayout(options);
  }

  /** Takes the next octets; gives the characters that are settled by them. */
  update(chunk: Uint8Array): Bytes {
    const input = this.#carry.length === 0 ? asBytes(chunk) : concatBytes([this.#carry, asBytes(chunk)]);
    const whole = input.length - (input.length % 3);
    this.#carry = input.slice(whole);
    const out = this.#layout.allocate(whole / 3, false);
    this.#layout.encode(input, whole, out, 0);
    return new Uint8Array(out.buffer);
  }

  /** Gives the last characters with their line end. */
  finish(): Bytes {
    const out = this.#layout.allocate(this.#carry.length === 0 ? 0 : 1, true);
    const at = this.#carry.length === 0 ? 0 : this.#layout.encodeLast(this.#carry, 0, out, 0);
    this.#layout.endLine(out, at);
    this.#carry = new Uint8Array(0);
    return new Uint8Array(out.buffer);
  }
}

/** Where on its line the next character goes. All lengths are even, so everything is counted in pairs of characters. */
class LineLayout {
  readonly #lineGroups: number;
  /** Groups already on the current line. */
  #groups = 0;

  constructor({ lineLength = 76 }: MimeBase64Options) {
    if (!Number.isInteger(lineLength) || lineLength % 4 !== 0 || lineLength < 4 || lineLength > 76) {
      throw new MailsealError(
        'usage',
        `a base64 line has a multiple of 4 characters up to 76, not ${lineLength}`,
      );
    }
    this.#lineGroups = lineLength / 4;
  }

  /** Room for so many more groups and the line ends that they complete, and for that of the last line when it is `last`. */
  allocate(groups: number, last: boolean): Uint16Array<ArrayBuffer> {
    const lines = (this.#groups + groups) / this.#lineGroups;
    return new Uint16Array(2 * groups + (last ? Math.ceil(lines) : Math.floor(lines)));
  }

  encode(octets: Uint8Array, end: number, out: Uint16Array, at: number): number {
    let to = at;
    for (let from = 0; from < end; ) {
      const groups = Math.min(this.#lineGroups - this.#groups, (end - from) / 3);
      to = encodeGroups(octets, from, from + 3 * groups, out, to);
      from += 3 * groups;
      this.#groups += groups;
      if (this.#groups === this.#lineGroups) to = this.endLine(out, to);
    }
    return to;
  }

  encodeLast(octets: Uint8Array, start: number, out: Uint16Array, at: number): number {
    this.#groups++;
    return encodeLastGroup(octets, start, out, at);
  }

  /** Ends the line unless nothing is on it. */
  endLine(out: Uint16Array, at: number): number {
    if (this.#groups === 0) return at;
    this.#groups = 0;
    out[at] = crlfPair;
    return at + 1;
  }
}
