import { decodeCharset, decodeUtf8 } from '../charset/decoder.js';
import { lookupCharset } from '../charset/label.js';
import { type Bytes, isAscii, latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { strictUtf8FromBytes, utf8FromBytes } from '../core/utf8.js';

/** Octets made text by the charset that is said to be theirs. */
export interface CharsetText {
  readonly text: string;
  /** Whether the charset is one that can be undone; if not, `text` is a guess. */
  readonly known: boolean;
  /** Whether U+FFFD stands where the octets did not fit. */
  readonly damaged: boolean;
}

/** The charsets, besides UTF-8, in which octets below 128 are ASCII whatever stands before them. */
const ASCII_ALWAYS =
  /^(?:us-ascii|windows-\d+|iso-8859-\d+|koi8-[ru]|euc-(?:jp|kr)|shift_jis|gbk|gb18030|big5)$/;

/** Undoes a charset. For an unknown one: as {@link guessText} does. */
export function textFromCharset(label: string, octets: Bytes): CharsetText {
  const name = lookupCharset(label)?.name ?? '';
  if (name === 'utf-8') {
    const { text, replacements } = decodeUtf8(octets);
    return { text, known: true, damaged: replacements > 0 };
  }
  // Most encoded words and many bodies are ASCII in a larger charset, and need no decoder.
  if (ASCII_ALWAYS.test(name) && isAscii(octets)) {
    // The platform's decoder takes long to start and is quick then.
    const text = octets.length < 64 ? latin1FromBytes(octets) : utf8FromBytes(octets);
    return { text, known: true, damaged: false };
  }
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

/**
 * {@link textFromCharset} for a piece of a field. RFC 3629 §6: where UTF-8 is always named, U+FEFF at the beginning is
 * no mark but a character of the text.
 */
export function fieldTextFromCharset(label: string, octets: Bytes): CharsetText {
  const decoded = textFromCharset(label, octets);
  const isCharacter =
    octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf && lookupCharset(label)?.name === 'utf-8';
  return isCharacter ? { ...decoded, text: `\ufeff${decoded.text}` } : decoded;
}

/** Text of octets whose charset nobody tells: UTF-8 where they fit it, else windows-1252, which all octets fit. */
export function guessText(octets: Bytes): string {
  return strictUtf8FromBytes(octets) ?? decodeCharset('windows-1252', octets).text;
}
