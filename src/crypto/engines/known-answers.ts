import { derInteger, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';

/** The message of every known-answer test, `abc`. */
export const knownMessage: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x62, 0x63);

/** A message that no known answer is for, so that an engine which says yes to everything is found out. */
export const otherMessage: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x62, 0x64);

/** A Dss-Sig-Value. */
export function encodeDssSignature(r: bigint, s: bigint): Bytes {
  return derSequence(derInteger(r), derInteger(s));
}
