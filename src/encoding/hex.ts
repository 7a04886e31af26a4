import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';

const digits = '0123456789abcdef';

/**
 * Writes octets as lower-case hexadecimal digits, two each (RFC 4648 §8 in lower case).
 *
 * @example
 * ```ts
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(new Uint8Array([0, 171]))); // '00ab'
 * ```
 */
export function encodeHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of asBytes(octets)) text += digits[octet >> 4]! + digits[octet & 15]!;
  return text;
}

/**
 * Reads hexadecimal digits of either case, two for each octet, with nothing between them.
 *
 * @throws MailsealError `hex-malformed` with the position of what is no digit, or of the end when a digit is missing.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 *
 * console.log(decodeHex('00Ab')); // Uint8Array(2) [ 0, 171 ]
 * ```
 */
export function decodeHex(text: string): Bytes {
  const octets = new Uint8Array(text.length >> 1);
  for (let at = 0; at < text.length; at++) {
    const value = hexDigitValue(text.charCodeAt(at));
    if (value < 0) {
      throw new MailsealError('hex-malformed', `not a hexadecimal digit (offset ${at})`, { offset: at });
    }
    if (at >> 1 < octets.length) octets[at >> 1] = (octets[at >> 1]! << 4) | value;
  }
  if (text.length % 2 !== 0) {
    throw new MailsealError('hex-malformed', 'hexadecimal text has an odd number of digits: one is missing', {
      offset: text.length,
    });
  }
  return octets;
}

/** The value of an ASCII hexadecimal digit of either case, -1 for anything else. */
export function hexDigitValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 && unit < 0x80 ? lower - 0x57 : -1;
}
