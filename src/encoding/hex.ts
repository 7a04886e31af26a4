import { asBytes, type Bytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError, usage } from '../core/errors.js';
import { utf8FromBytes } from '../core/utf8.js';
import { chooseNativeHex } from './native-hex.js';

const digits = /* @__PURE__ */ Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** From so many octets on the runtime's encoder is worth its call. */
const WORTH_ENCODING = 16;
/** From so many digits on the runtime's decoder is worth its calls. */
const WORTH_DECODING = 512;

/**
 * Writes octets as lower-case hexadecimal digits, two each (RFC 4648 §8 in lower case).
 *
 * @param octets - what to write; none give the empty string.
 * @param options - which implementation may be used.
 * @throws MailsealError `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no such digits; `usage` for an unknown engine.
 *
 * @example
 * ```ts
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(new Uint8Array([0, 171]))); // '00ab'
 * ```
 */
export function encodeHex(octets: Uint8Array, options: EngineOptions = {}): string {
  const input = asBytes(octets);
  const native = chooseNativeHex(options.engine);
  if (native !== undefined && (input.length >= WORTH_ENCODING || options.engine === 'native'))
    return native.encode(input);
  const text = new Uint8Array(2 * input.length);
  for (let at = 0; at < input.length; at++) {
    const octet = input[at]!;
    text[2 * at] = digits[octet >> 4]!;
    text[2 * at + 1] = digits[octet & 15]!;
  }
  return utf8FromBytes(text);
}

/**
 * Reads hexadecimal digits of either case, two for each octet, with nothing between them.
 *
 * @param text - the digits; none give no octets.
 * @param options - which implementation may be used.
 * @throws MailsealError `hex-malformed` with the position of what is no digit, or of the end when a digit is missing; `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no such digits; `usage` for an unknown engine or what is no string.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 *
 * console.log(decodeHex('00Ab')); // Uint8Array(2) [ 0, 171 ]
 * ```
 */
export function decodeHex(text: string, options: EngineOptions = {}): Bytes {
  if (typeof text !== 'string') {
    throw usage(`hexadecimal digits are wanted as a string, not as ${typeof text}`);
  }
  const native = chooseNativeHex(options.engine);
  if (native !== undefined && (text.length >= WORTH_DECODING || options.engine === 'native')) {
    const octets = native.decode(text);
    if (octets !== undefined) return octets;
    // What it did not take is refused below, with its place.
  }
  const octets = new Uint8Array(text.length >> 1);
  for (let at = 0; at < octets.length; at++) {
    const value = (hexDigitValue(text.charCodeAt(2 * at)) << 4) | hexDigitValue(text.charCodeAt(2 * at + 1));
    if (value < 0) throw malformed(text, 2 * at);
    octets[at] = value;
  }
  if (text.length % 2 !== 0) throw malformed(text, text.length - 1);
  return octets;
}

/** The error at the first character from `start` on that is no digit, or at the end when all are. */
function malformed(text: string, start: number): MailsealError {
  for (let at = start; at < text.length; at++) {
    if (hexDigitValue(text.charCodeAt(at)) >= 0) continue;
    return new MailsealError('hex-malformed', `not a hexadecimal digit (offset ${at})`, { offset: at });
  }
  return new MailsealError('hex-malformed', 'hexadecimal text has an odd number of digits: one is missing', {
    offset: text.length,
  });
}

/** The value of an ASCII hexadecimal digit of either case, -1 for anything else. */
export function hexDigitValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 && unit < 0x80 ? lower - 0x57 : -1;
}
