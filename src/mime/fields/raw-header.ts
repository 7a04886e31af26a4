import { decodeCharset } from '../../charset/decoder.js';
import { detectCharset } from '../../iso2022jp/detect.js';
import { looksJapanese } from '../looks-japanese.js';

/** How sure detection has to be; what it finds has to look like Japanese besides, since short Latin text passes for it. */
const SURE = 0.8;

/**
 * The text of a header value of raw octets above 127 that are not UTF-8: Shift_JIS or EUC-JP where it looks like
 * that and fits it, else windows-1252, which all octets fit.
 */
export function textOfRawHeader(octets: Uint8Array): string {
  const { charset, confidence } = detectCharset(octets);
  if ((charset === 'shift_jis' || charset === 'euc-jp') && confidence >= SURE) {
    const { text, replacements } = decodeCharset(charset, octets);
    if (replacements === 0 && looksJapanese(text)) return text;
  }
  return decodeCharset('windows-1252', octets).text;
}

/** The characters of windows-1252 that are not those of ISO-8859-1, with their octets. */
let special: ReadonlyMap<string, number> | undefined;

/** The octets that {@link textOfRawHeader} gives that text for, where windows-1252 holds all of it. */
export function octetsOfRawHeader(text: string): Uint8Array | undefined {
  special ??= new Map(
    Array.from(
      decodeCharset(
        'windows-1252',
        Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i),
      ).text,
      (character, i) => [character, 0x80 + i],
    ),
  );
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const octet = special.get(text.charAt(i)) ?? unit;
    if (octet > 0xff) return undefined;
    octets[i] = octet;
  }
  return octets;
}
