import type { Bytes } from '../core/bytes.js';
import { encodeWhole } from './encode-text.js';
import { EncoderMachine } from './encoder-machine.js';
import { webRepertoire } from './repertoire.js';
import { checkOnUnmappable, type OnUnmappable } from './unmappable.js';

/**
 * Encodes ISO-2022-JP exactly as the Encoding Standard does: what {@link encode}
 * does with `mode: 'web'`, for those who want no tables but that of JIS X 0208
 * in their bundle. Half-width katakana become full-width one by one, − becomes
 * －, a line may end in JIS X 0201 Roman.
 *
 * @param options - `onUnmappable`, default `error`. A function is told of ESC, SO and SI as U+FFFD.
 * @throws MailsealError `charset-unencodable` with the position of a character that cannot be written;
 *   `usage` when what `onUnmappable` gave cannot be encoded either.
 *
 * @example
 * ```ts
 * import { encodeHex } from 'mailseal/encoding';
 * import { encodeWeb } from 'mailseal/iso2022jp';
 *
 * console.log(encodeHex(encodeWeb('¥ｶ'))); // '1b284a5c1b2442252b1b2842'
 * ```
 */
export function encodeWeb(text: string, options: { readonly onUnmappable?: OnUnmappable } = {}): Bytes {
  const { onUnmappable = 'error' } = options;
  checkOnUnmappable(onUnmappable);
  const machine = new EncoderMachine(webRepertoire(), false);
  return encodeWhole(text, { machine, onUnmappable, web: true });
}
