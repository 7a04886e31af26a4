import type { Bytes } from '../core/bytes.js';

/**
 * The first `length` octets of an output that was allocated for the worst case:
 * as a view, unless the view would keep far more memory alive than it shows.
 */
export function trim(out: Bytes, length: number): Bytes {
  if (length === out.length) return out;
  return out.length - length > 64 + (length >> 3) ? out.slice(0, length) : out.subarray(0, length);
}
