import { decodeCharset } from '../charset/decoder.js';
import type { Bytes } from '../core/bytes.js';
import { utf8FromBytes } from '../core/utf8.js';
import { octetsOfWireText, wireTextOf } from '../core/wire-text.js';

/**
 * A string of IMAP. It comes as text where its octets are UTF-8 (ASCII nearly
 * always), and as octets where they are not: so nothing is lost, whatever
 * charset a server put between quotation marks. {@link octetsOfText} gives the
 * octets back in either case, {@link decodeText} text in either case.
 */
export type ImapText = string | Bytes;

/**
 * Octets as {@link ImapText}: text if they are UTF-8, else a copy of them.
 *
 * @example
 * ```ts
 * import { textFromOctets } from 'mailseal/imap';
 *
 * console.log(textFromOctets(Uint8Array.of(0xc3, 0xa9))); // 'é'
 * console.log(textFromOctets(Uint8Array.of(0xe9))); // Uint8Array(1) [ 233 ]
 * ```
 */
export function textFromOctets(octets: Uint8Array): ImapText {
  return wireTextOf(octets);
}

/**
 * The octets that stand, or stood, on the wire for a text.
 *
 * @example
 * ```ts
 * import { octetsOfText } from 'mailseal/imap';
 *
 * console.log(octetsOfText('é').length); // 2
 * ```
 */
export function octetsOfText(text: string | Uint8Array): Bytes {
  return octetsOfWireText(text);
}

/**
 * The characters of a text, in whatever charset its octets are.
 *
 * @param text - as a response has it.
 * @param charset - label of the charset to take the octets for; without one,
 *   UTF-8 with U+FFFD where octets are not.
 * @throws MailsealError `charset-unknown` for a label that is not known.
 *
 * @example
 * ```ts
 * import { decodeText } from 'mailseal/imap';
 *
 * console.log(decodeText(Uint8Array.of(0x83, 0x65), 'shift_jis')); // テ
 * ```
 */
export function decodeText(text: ImapText, charset?: string): string {
  if (charset === undefined) return typeof text === 'string' ? text : utf8FromBytes(octetsOfText(text));
  return decodeCharset(charset, octetsOfText(text)).text;
}
