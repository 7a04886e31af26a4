import type { Bytes } from '../core/bytes.js';
import { type Cursor, decodeGroups } from './base64-groups.js';
import { sextets } from './base64-tables.js';

const CR = 0x0d;
const LF = 0x0a;
const PADDING = 0x3d;

/** The most octets that so many characters can give, and those that are written beyond the last before they are known to be none. */
export function plainBase64Room(characters: number): number {
  return (characters >> 2) * 3 + 8;
}

/**
 * Decodes MIME base64 that is written as programs write it: whole groups of
 * four characters, line ends between them, padding at the very end. It gives
 * up at all else, and what it gives is what `decodeMimeBase64` gives, without
 * defects. Nothing is allocated, which counts where bodies are short and many.
 *
 * @param characters the encoded octets, `[start, end)` of them
 * @param out memory with {@link plainBase64Room} from `at` on
 * @returns the place behind the last octet written, -1 where it gave up
 */
export function decodePlainBase64(
  characters: DataView,
  start: number,
  end: number,
  out: DataView,
  at: number,
): number {
  cursor.from = start;
  cursor.to = at;
  decodeGroups(characters, end, out, cursor);
  return lastGroups(characters, cursor.from, end, out, cursor.to);
}

/** It says nothing between two calls. */
const cursor: Cursor = { from: 0, to: 0 };

/** The same for the last characters, the padded group among them. */
function lastGroups(characters: DataView, start: number, end: number, out: DataView, at: number): number {
  let from = start;
  let to = at;
  while (from < end) {
    const first = characters.getUint8(from);
    if (first === LF || (first === CR && from + 1 < end && characters.getUint8(from + 1) === LF)) {
      from += first === LF ? 1 : 2;
      continue;
    }
    if (from + 4 > end) return -1;
    const third = characters.getUint8(from + 2);
    const fourth = characters.getUint8(from + 3);
    const left = (sextets[first]! << 6) | sextets[characters.getUint8(from + 1)]!;
    from += 4;
    if (fourth !== PADDING) {
      const group = (left << 12) | (sextets[third]! << 6) | sextets[fourth]!;
      if (group < 0) return -1;
      out.setInt32(to, group << 8);
      to += 3;
      continue;
    }
    // The bits that make no octet are zero, or something is wrong with them (RFC 4648 §3.5).
    if (third === PADDING) {
      if (left < 0 || (left & 0x0f) !== 0) return -1;
      out.setUint8(to++, left >> 4);
    } else {
      const bits = (left << 6) | sextets[third]!;
      if (bits < 0 || (bits & 0x03) !== 0) return -1;
      out.setUint16(to, bits >> 2);
      to += 2;
    }
    return onlyLineEnds(characters, from, end) ? to : -1;
  }
  return to;
}

function onlyLineEnds(characters: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const character = characters.getUint8(at);
    if (character !== LF && !(character === CR && at + 1 < end && characters.getUint8(at + 1) === LF))
      return false;
  }
  return true;
}

/**
 * The octets of base64 in a short string that has nothing but whole groups and
 * padding at its end, as encoded words are; `undefined` for all else. A short
 * array stays among the engine's own objects as long as nobody makes a view of it.
 */
export function decodeShortBase64(text: string): Bytes | undefined {
  const { length } = text;
  if (length === 0 || length > SHORT || length % 4 !== 0) return undefined;
  const pads = text.charCodeAt(length - 1) !== PADDING ? 0 : text.charCodeAt(length - 2) !== PADDING ? 1 : 2;
  const content = new Uint8Array((length / 4) * 3 - pads);
  const whole = pads === 0 ? length : length - 4;
  let to = 0;
  for (let at = 0; at < whole; at += 4) {
    const left = (sextetOf(text, at) << 6) | sextetOf(text, at + 1);
    const group = (left << 12) | (sextetOf(text, at + 2) << 6) | sextetOf(text, at + 3);
    if (group < 0) return undefined;
    content[to] = group >> 16;
    content[to + 1] = group >> 8;
    content[to + 2] = group;
    to += 3;
  }
  if (pads === 0) return content;
  const left = (sextetOf(text, whole) << 6) | sextetOf(text, whole + 1);
  const bits = pads === 2 ? left << 6 : (left << 6) | sextetOf(text, whole + 2);
  // The bits that make no octet are zero, or something is wrong with them (RFC 4648 §3.5).
  if (bits < 0 || (bits & (pads === 2 ? 0x3ff : 0x03)) !== 0) return undefined;
  content[to] = bits >> 10;
  if (pads === 1) content[to + 1] = bits >> 2;
  return content;
}

/** An encoded word has no more (RFC 2047 §2). */
const SHORT = 76;

function sextetOf(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 0x80 ? sextets[unit]! : -1;
}
