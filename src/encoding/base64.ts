import { asBytes, type Bytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import { bytesFromUtf8, utf8FromBytes } from '../core/utf8.js';
import { type Cursor, decodeGroups, encodeGroups, encodeLastGroup } from './base64-groups.js';
import { PAD, sextets } from './base64-tables.js';
import { chooseNativeBase64 } from './native-base64.js';
import { exactOutputOf, type OutputOptions, outputOf, viewOfOutput } from './output.js';

/** From so many octets on the runtime's encoder is worth its call. */
const WORTH_ENCODING = 48;
/** From so many characters on the runtime's decoder is worth its calls. */
const WORTH_DECODING = 64;

/**
 * Encodes octets as base64 (RFC 4648 §4): one string, padded, without line ends.
 * For a body of mail with its lines use {@link encodeMimeBase64}.
 *
 * @param octets - what to encode; may be empty, which gives the empty string.
 * @param options - which implementation may be used.
 * @throws MailsealError `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no base64; `usage` for an unknown engine.
 *
 * @example
 * ```ts
 * import { encodeBase64 } from 'mailseal/encoding';
 *
 * console.log(encodeBase64(new Uint8Array([77, 97, 105, 108]))); // 'TWFpbA=='
 * ```
 */
export function encodeBase64(octets: Uint8Array, options: EngineOptions = {}): string {
  const input = asBytes(octets);
  const native = chooseNativeBase64(options.engine);
  if (native !== undefined && (input.length >= WORTH_ENCODING || options.engine === 'native')) {
    return native.encode(input);
  }
  const whole = input.length - (input.length % 3);
  const length = 4 * Math.ceil(input.length / 3);
  const out = outputOf(length, undefined, input);
  const view = viewOfOutput(out);
  const groups = new DataView(input.buffer, input.byteOffset, input.length);
  const at = encodeGroups(groups, 0, whole, view, 0);
  if (whole < input.length) encodeLastGroup(input, whole, view, at);
  const text = utf8FromBytes(out.subarray(0, length));
  // It may stand for a key.
  out.fill(0, 0, length);
  return text;
}

/**
 * Decodes base64 strictly (RFC 4648 §3, §4): only the one canonical form of
 * each value is taken. Refused are characters outside the alphabet (also white
 * space, and `-` and `_`), missing or superfluous padding, and bits after the
 * last octet that are not zero. For bodies of mail use {@link decodeMimeBase64},
 * which is lenient.
 *
 * @param text - base64 as a string or as ASCII octets.
 * @param options - which implementation may be used, and memory for what is decoded,
 *   which holds zeros where a text is refused.
 * @throws MailsealError `base64-malformed` with the offset of what was refused; `crypto-engine-unavailable` for `engine: 'native'` where the runtime has no base64; `usage` for an unknown engine or an `output` that cannot be written to.
 *
 * @example
 * ```ts
 * import { decodeBase64 } from 'mailseal/encoding';
 *
 * console.log(decodeBase64('TWFpbA==')); // Uint8Array(4) [ 77, 97, 105, 108 ]
 * ```
 */
export function decodeBase64(text: string | Uint8Array, options: EngineOptions & OutputOptions = {}): Bytes {
  const native = chooseNativeBase64(options.engine);
  const octets = typeof text === 'string' ? undefined : asBytes(text);
  const { length } = octets ?? text;
  const pads = length % 4 === 0 ? padsOf(octets ?? text) : 0;
  const content = exactOutputOf(length % 4 === 0 ? (length / 4) * 3 - pads : 0, options, octets ?? nothing);
  if (length === 0) return content;
  if (length % 4 === 0 && native !== undefined && (length >= WORTH_DECODING || options.engine === 'native')) {
    if (native.decode(octets ?? (text as string), content)) return content;
    // What it did not take is refused below, with its place.
  }
  try {
    decodeInto(content, octets ?? charactersOf(text as string), pads);
  } catch (error) {
    // It may be a key up to there, and the memory the caller's.
    content.fill(0);
    throw error;
  }
  return content;
}

const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);
/** Below so many characters the views for wide loads cost more than they save. */
const WIDE = 64;

function padsOf(text: string | Uint8Array): number {
  const { length } = text;
  const at = (place: number) => (typeof text === 'string' ? text.charCodeAt(place) : text[place]);
  if (length === 0 || at(length - 1) !== 0x3d) return 0;
  return at(length - 2) === 0x3d ? 2 : 1;
}

function decodeInto(content: Bytes, input: Bytes, pads: number): void {
  const { length } = input;
  const table = sextets;
  const lastGroup = length - (length % 4 === 0 ? 4 : length % 4);
  let to = 0;
  let from = 0;
  if (length >= WIDE && length % 4 === 0) {
    const cursor: Cursor = { from: 0, to: 0 };
    const characters = new DataView(input.buffer, input.byteOffset, lastGroup);
    decodeGroups(characters, lastGroup, viewOfOutput(content), cursor);
    // It passes over line ends, which stand for nothing here; those come to light in the loop below.
    if (cursor.from * 3 === cursor.to * 4) ({ from, to } = cursor);
  }
  // What the last group holds is known only after the others are found good,
  // so that the offset of an error is that of the first one.
  for (; from < lastGroup; from += 4) {
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
  for (let at = lastGroup; at < length - pads; at++) group = (group << 6) | table[input[at]!]!;
  group <<= 6 * pads;
  // RFC 4648 §3.5: decoders may refuse pad bits that are not zero; two texts for one value are refused here.
  if (pads > 0 && (group & (pads === 1 ? 0xff : 0xffff)) !== 0) {
    throw malformed('base64 ends in bits that stand for nothing and are not zero', length - pads - 1);
  }
  content[to] = group >> 16;
  if (pads < 2) content[to + 1] = group >> 8;
  if (pads < 1) content[to + 2] = group;
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
