import { asBytes, type Bytes, bytesFromLatin1 } from './bytes.js';
import { bytesFromUtf8, strictUtf8FromBytes } from './utf8.js';

/**
 * A string of a protocol: text where its octets are UTF-8 (ASCII nearly
 * always), the octets where they are not. Nothing is lost either way.
 */
export type WireText = string | Bytes;

/** Octets as text if they are UTF-8, else a copy of them. */
export function wireTextOf(octets: Uint8Array): WireText {
  const plain = asBytes(octets);
  return strictUtf8FromBytes(plain) ?? plain.slice();
}

/** The octets that stand, or stood, on the wire for a text. */
export function octetsOfWireText(text: string | Uint8Array): Bytes {
  return typeof text === 'string' ? bytesFromUtf8(text) : asBytes(text);
}

/** The text, or the octets, that characters U+0000–U+00FF stand for, one each. */
export function wireTextOfLatin1(characters: string): WireText {
  let seen = 0;
  for (let at = 0; at < characters.length; at++) seen |= characters.charCodeAt(at);
  if (seen < 0x80) return characters;
  const octets = bytesFromLatin1(characters);
  return strictUtf8FromBytes(octets) ?? octets;
}
