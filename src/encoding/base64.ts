import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { bytesFromUtf8, utf8FromBytes } from '../core/utf8.js';
import { encodeGroups, encodeLastGroup, PAD, sextets } from './base64-tables.js';

/**
 * Encodes octets as base64 (RFC 4648 §4): one string, padded, without line ends.
 * For a body of mail with its lines use {@link encodeMimeBase64}.
 *
 * @param octets - what to encode; may be empty, which gives the empty string.
 *
 * @example
 * ```ts
 * import { encodeBase64 } from 'mailseal/encoding';
 *
 * console.log(encodeBase64(new Uint8Array([77, 97, 105, 108]))); // 'TWFpbA=='
 * ```
 */
export function encodeBase64(octets: Uint8Array): string {
  const input = asBytes(octets);
  const whole = input.length - (input.length % 3);
  const out = new Uint16Array(2 * Math.ceil(input.length / 3));
  const at = encodeGroups(input, 0, whole, out, 0);
  if (whole < input.length) encodeLastGroup(input, whole, out, at);
  return utf8FromBytes(new Uint8Array(out.buffer));
}

/**
 * Decodes base64 strictly (RFC 4648 §3, §4): only the one canonical form of
 * each value is taken. Refused are characters outside the alphabet (also white
 * space, and `-` and `_`), missing or superfluous padding, and bits after the
 * last octet that are not zero. For bodies of mail use {@link decodeMimeBase64},
 * which is lenient.
 *
 * @param text - base64 as a string or as ASCII octets.
 * @throws MailsealError `base64-malformed` with the offset of what was refused.
 *
 * @example
 * ```ts
 * import { decodeBase64 } from 'mailseal/encoding';
 *
 * console.log(decodeBase64('TWFpbA==')); // Uint8Array(4) [ 77, 97, 105, 108 ]
 * ```
 */
export function decodeBase64(text: string | Uint8Array): Bytes {
  const input = typeof text === 'string' ? charactersOf(text) : asBytes(text);
  const { length } = input;
  if (length === 0) return new Uint8Array(0);
  const table = sextets;
  const lastGroup = length - (length % 4 === 0 ? 4 : length % 4);
  // What the last group holds is known only after the others are found good,
  // so that the offset of an error is that of the first one.
  const pads = length % 4 !== 0 ? 0 : input[length - 1] !== 0x3d ? 0 : input[length - 2] !== 0x3d ? 1 : 2;
  const content = new Uint8Array(length % 4 === 0 ? (length / 4) * 3 - pads : 0);
  let to = 0;
  for (let from = 0; from < lastGroup; from += 4) {
    const group =
      (table[input[from]!]! << 18) |
      (table[input[from + 1]!]! << 12) |
      (table[input[from + 2]!]! << 6) |
      table[input[from + 3]!]!;
    if (group < 0) refuse(input, from, from + 4);
    content[to] = group >> 16;
    content[to + 1] = group >> 8;
    content[to + 2] = group;
    to += 3;
  }
  refuse(input, lastGroup, length - pads);
  if (length % 4 !== 0) {
    throw malformed('base64 ends inside a group of four characters: padding or text is missing', length);
  }
  let group = 0;
  for (let from = lastGroup; from < length - pads; from++) group = (group << 6) | table[input[from]!]!;
  group <<= 6 * pads;
  // RFC 4648 §3.5: decoders may refuse pad bits that are not zero; two texts for one value are refused here.
  if (pads > 0 && (group & (pads === 1 ? 0xff : 0xffff)) !== 0) {
    throw malformed('base64 ends in bits that stand for nothing and are not zero', length - pads - 1);
  }
  content[to] = group >> 16;
  if (pads < 2) content[to + 1] = group >> 8;
  if (pads < 1) content[to + 2] = group;
  return content;
}

/** Throws at the first octet from `start` to `end` that stands for no value; returns when there is none. */
function refuse(input: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const value = sextets[input[at]!]!;
    if (value >= 0) continue;
    throw value === PAD
      ? malformed('base64 has padding where none can be', at)
      : malformed('base64 has a character outside its alphabet', at);
  }
}

/** One octet for each character; the first that is not ASCII is an error, with its place in the string. */
function charactersOf(text: string): Bytes {
  const octets = bytesFromUtf8(text);
  if (octets.length === text.length) return octets;
  let at = 0;
  while (text.charCodeAt(at) < 0x80) at++;
  throw malformed('base64 has a character outside its alphabet', at);
}

function malformed(what: string, offset: number): MailsealError {
  return new MailsealError('base64-malformed', `${what} (offset ${offset})`, { offset });
}
