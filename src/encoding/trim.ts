import type { Bytes } from '../core/bytes.js';

/**
 * Where short outputs are made before they are copied to memory of their own
 * length: memory that is too long first and a view of it cost twice as much,
 * ten times as much below 64 octets. It holds nothing between calls.
 */
const scratch: Bytes = /* @__PURE__ */ new Uint8Array(8192);
const scratchView: DataView = /* @__PURE__ */ new DataView(scratch.buffer);

/** Memory for an output of at most so many octets, which {@link trim} is to finish before the next is asked for. */
export function outputOf(length: number): Bytes {
  return length <= scratch.length ? scratch : new Uint8Array(length);
}

/** A view of what {@link outputOf} gave. */
export function viewOfOutput(out: Bytes): DataView {
  return out === scratch ? scratchView : new DataView(out.buffer, out.byteOffset, out.length);
}

/**
 * The first `length` octets of an output that was allocated for the worst case:
 * as a view, unless the view would keep far more memory alive than it shows.
 */
export function trim(out: Bytes, length: number): Bytes {
  if (out === scratch) {
    const content = scratch.slice(0, length);
    // It may be a key. Stores of several octets at once reach a little farther than the content.
    scratch.fill(0, 0, length <= 512 ? length + 64 : scratch.length);
    return content;
  }
  if (length === out.length) return out;
  return out.length - length > 64 + (length >> 3) ? out.slice(0, length) : out.subarray(0, length);
}
