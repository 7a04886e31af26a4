import type { Bytes } from './bytes.js';

/** The part of the platform's text codecs that is used here, so that no platform's types are needed. */
interface TextCodecs {
  readonly TextEncoder: new () => { encode(text: string): Bytes };
  readonly TextDecoder: new (
    label: string,
    options?: { fatal?: boolean; ignoreBOM?: boolean },
  ) => { decode(octets: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as TextCodecs;
const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** UTF-8 of a string; a lone surrogate becomes U+FFFD. */
export function bytesFromUtf8(text: string): Bytes {
  if (text.length <= SHORT) {
    // The call into the platform takes longer than this loop; most short texts are ASCII.
    const octets = new Uint8Array(text.length);
    let at = 0;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) break;
      octets[at] = unit;
    }
    if (at === text.length) return octets;
  }
  return encoder.encode(text);
}

/** Engines keep arrays of so many octets among their other objects, which makes them cheap. */
const SHORT = 64;

/** The string that UTF-8 octets stand for; what is not UTF-8 becomes U+FFFD. A BOM is kept. */
export function utf8FromBytes(octets: Bytes): string {
  return decoder.decode(octets);
}

/** Like {@link utf8FromBytes}, but `undefined` when the octets are not UTF-8 throughout. */
export function strictUtf8FromBytes(octets: Bytes): string | undefined {
  try {
    return strictDecoder.decode(octets);
  } catch {
    return undefined;
  }
}
