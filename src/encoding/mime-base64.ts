import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { usage } from '../core/errors.js';
import { CRLF, encodeGroups, encodeLastGroup } from './base64-groups.js';
import { chooseNativeBase64, type NativeBase64, WORTH_NATIVE } from './native-base64.js';
import { type OutputOptions, outputOf, trim, viewOfOutput } from './output.js';

/** How {@link encodeMimeBase64} lays out its lines, and which implementation may be used. */
export interface MimeBase64Options extends OutputOptions, EngineOptions {
  /** Characters on a line without its CRLF: a multiple of 4 from 4 to 76 (RFC 2045 §6.8 allows no more). Default 76. */
  readonly lineLength?: number;
}

/**
 * Encodes a body as MIME base64 (RFC 2045 §6.8): lines of `lineLength`
 * characters, **each ended by CRLF, the last one too**. Empty input gives empty
 * output.
 *
 * @throws MailsealError `usage` for a line length that is not allowed, an unknown engine or an `output` that cannot be written to; `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no base64.
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
  const length = layout.room(Math.ceil(input.length / 3), true);
  const out = outputOf(length, options, input);
  const view = viewOfOutput(out);
  let at = layout.encode(input, whole, view, 0);
  if (whole < input.length) at = layout.encodeLast(input, whole, view, at);
  layout.endLine(view, at);
  return trim(out, length, options);
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

  /** @throws MailsealError `usage`, `crypto-engine-unavailable`, as {@link encodeMimeBase64} does. */
  constructor(options: Omit<MimeBase64Options, 'output'> = {}) {
    this.#layout = new LineLayout(options);
  }

  /**
   * Takes the next octets; gives the characters that are settled by them.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to; the octets are not taken then.
   */
  update(chunk: Uint8Array, options?: OutputOptions): Bytes {
    const octets = asBytes(chunk);
    const carried = this.#carry.length;
    const groups = Math.floor((carried + octets.length) / 3);
    const length = this.#layout.room(groups, false);
    const out = outputOf(length, options, octets);
    const view = viewOfOutput(out);
    // Octets carried over make one group with the first that come; all others are encoded where they are.
    const first = groups === 0 || carried === 0 ? 0 : 3 - carried;
    const last = groups === 0 ? 0 : first + 3 * (first === 0 ? groups : groups - 1);
    const group = first === 0 ? octets.subarray(0, 0) : concatBytes([this.#carry, octets.subarray(0, first)]);
    this.#carry = groups === 0 ? concatBytes([this.#carry, octets]) : octets.slice(last);
    const at = this.#layout.encode(group, group.length, view, 0);
    this.#layout.encode(octets.subarray(first), last - first, view, at);
    return trim(out, length, options);
  }

  /**
   * Gives the last characters with their line end.
   *
   * @throws MailsealError `usage` for an `output` that cannot be written to.
   */
  finish(options?: OutputOptions): Bytes {
    const carry = this.#carry;
    const length = this.#layout.room(carry.length === 0 ? 0 : 1, true);
    const out = outputOf(length, options, carry);
    const view = viewOfOutput(out);
    const at = carry.length === 0 ? 0 : this.#layout.encodeLast(carry, 0, view, 0);
    this.#layout.endLine(view, at);
    this.#carry = new Uint8Array(0);
    return trim(out, length, options);
  }
}

/** Where on its line the next character goes. */
class LineLayout {
  readonly #lineGroups: number;
  readonly #native: NativeBase64 | undefined;
  /** Groups already on the current line. */
  #groups = 0;

  constructor({ lineLength = 76, engine }: Omit<MimeBase64Options, 'output'>) {
    if (!Number.isInteger(lineLength) || lineLength % 4 !== 0 || lineLength < 4 || lineLength > 76) {
      throw usage(`a base64 line has a multiple of 4 characters up to 76, not ${lineLength}`);
    }
    this.#lineGroups = lineLength / 4;
    this.#native = chooseNativeBase64(engine);
  }

  /** How many characters so many more groups have with the line ends that they complete, and with that of the last line when it is `last`. */
  room(groups: number, last: boolean): number {
    const lines = (this.#groups + groups) / this.#lineGroups;
    return 4 * groups + 2 * (last ? Math.ceil(lines) : Math.floor(lines));
  }

  encode(octets: Bytes, end: number, out: DataView, at: number): number {
    if (end === 0) return at;
    const input = new DataView(octets.buffer, octets.byteOffset, end);
    const lineOctets = 3 * this.#lineGroups;
    let to = at;
    for (let from = 0; from < end; ) {
      if (this.#groups === 0 && this.#native !== undefined && end - from >= WORTH_NATIVE) {
        const linesEnd = end - ((end - from) % lineOctets);
        to = this.#native.encodeLines(octets.subarray(from, linesEnd), lineOctets, out, to);
        from = linesEnd;
        if (from === end) break;
      }
      const groups = Math.min(this.#lineGroups - this.#groups, (end - from) / 3);
      to = encodeGroups(input, from, from + 3 * groups, out, to);
      from += 3 * groups;
      this.#groups += groups;
      if (this.#groups === this.#lineGroups) to = this.endLine(out, to);
    }
    return to;
  }

  encodeLast(octets: Uint8Array, start: number, out: DataView, at: number): number {
    this.#groups++;
    return encodeLastGroup(octets, start, out, at);
  }

  /** Ends the line unless nothing is on it. */
  endLine(out: DataView, at: number): number {
    if (this.#groups === 0) return at;
    this.#groups = 0;
    out.setUint16(at, CRLF, true);
    return at + 2;
  }
}
