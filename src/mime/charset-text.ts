import { decodeCharset } from '../charset/decoder.js';
import { MailsealError } from '../core/errors.js';
import { strictUtf8FromBytes } from '../core/utf8.js';

/** Octets made text by the charset that is said to be theirs. */
export interface CharsetText {
  readonly text: string;
  /** Whether the charset is one that can be undone; if not, `text` is a guess. */
  readonly known: boolean;
  /** Whether U+FFFD stands where the octets did not fit. */
  readonly damaged: boolean;
}

/** Undoes a charset. For an unknown one: as {@link guessText} does. */
export function textFromCharset(label: string, octets: Uint8Array): CharsetText {
  try {
    const { text, replacements } = decodeCharset(label, octets);
    return { text, known: true, damaged: replacements > 0 };
  } catch (error) {
    if (error instanceof MailsealError && error.code === 'charset-unknown') {
      return { text: guessText(octets), known: false, damaged: false };
    }
    throw error;
  }
}

/** Text of octets whose charset nobody tells: UTF-8 where they fit it, else windows-1252, which all octets fit. */
export function guessText(octets: Uint8Array): string {
  return strictUtf8FromBytes(octets) ?? decodeCharset('windows-1252', octets).text;
}

/** Whether all octets are below 128. */
export function isAscii(octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) if (octets[i]! > 0x7f) return false;
  return true;
}
