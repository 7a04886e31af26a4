import { asBytes, type Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';

/** Where what is made is written. */
export interface OutputOptions {
  /**
   * Memory to write to, so that one piece of it serves for many calls: what is
   * given back is a view of its beginning. How many octets it must have depends
   * on the length of the input alone, or for encoders of quoted-printable on
   * its octets, and is said in the error where they are too few. Octets behind
   * those given back may be changed. It must not share memory with the input.
   * Default: new memory for each call.
   */
  readonly output?: Uint8Array;
}

/**
 * Where short outputs are made before they are copied to memory of their own
 * length: memory that is too long first and a view of it cost twice as much,
 * ten times as much below 64 octets. It holds nothing between calls.
 */
const scratch: Bytes = /* @__PURE__ */ new Uint8Array(8192);
const scratchView: DataView = /* @__PURE__ */ new DataView(scratch.buffer);
/** How much of it was asked for, which nobody writes beyond: longer outputs have memory that ends there. */
let scratchAsked = 0;

/**
 * Memory for an output of at most so many octets, which {@link trim} is to
 * finish before the next is asked for.
 *
 * @throws MailsealError `usage` for an `output` that cannot be written to.
 */
export function outputOf(length: number, options: OutputOptions | undefined, input: Bytes): Bytes {
  const output = options?.output;
  if (output !== undefined) return given(output, length, input);
  if (length > scratch.length) return new Uint8Array(length);
  scratchAsked = length;
  return scratch;
}

/**
 * Memory for an output of just so many octets.
 *
 * @throws MailsealError `usage` for an `output` that cannot be written to.
 */
export function exactOutputOf(length: number, options: OutputOptions | undefined, input: Bytes): Bytes {
  const output = options?.output;
  return output === undefined ? new Uint8Array(length) : given(output, length, input).subarray(0, length);
}

function given(output: Uint8Array, length: number, input: Bytes): Bytes {
  const plain = writable(output, input);
  if (plain.length < length) {
    throw usage(`the output has ${plain.length} octets; for this input give one of ${length} or more`);
  }
  return plain;
}

/**
 * The memory of an output, of which it is not known yet whether it is enough.
 *
 * @throws MailsealError `usage` for an `output` that cannot be written to.
 */
export function writable(output: Uint8Array, input: Bytes): Bytes {
  // A view of shared memory would be copied here, and the copy filled.
  if (!(output instanceof Uint8Array) || !(output.buffer instanceof ArrayBuffer)) {
    throw usage('the output is a Uint8Array of memory that is not shared');
  }
  const plain = asBytes(output);
  const overlaps =
    plain.buffer === input.buffer &&
    plain.byteOffset < input.byteOffset + input.length &&
    input.byteOffset < plain.byteOffset + plain.length;
  if (overlaps) throw usage('the output shares memory with the input');
  return plain;
}

/** A view of what {@link outputOf} gave. */
export function viewOfOutput(out: Bytes): DataView {
  return out === scratch ? scratchView : new DataView(out.buffer, out.byteOffset, out.length);
}

/**
 * The first `length` octets of an output that was allocated for the worst case:
 * as a view, unless the view would keep far more memory alive than it shows.
 */
export function trim(out: Bytes, length: number, options: OutputOptions | undefined): Bytes {
  if (out === scratch) {
    const content = scratch.slice(0, length);
    // It may be a key, and what was written and taken back again may be part of one.
    scratch.fill(0, 0, scratchAsked);
    return content;
  }
  if (options?.output !== undefined) return out.subarray(0, length);
  if (length === out.length) return out;
  return out.length - length > 64 + (length >> 3) ? out.slice(0, length) : out.subarray(0, length);
}
