import { encodeCharset } from '../../charset/encoder.js';
import { isAscii } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { type ImapText, octetsOfText } from '../text.js';
import type { SearchKey } from './search-key.js';
import { expectKey } from './search-key-arguments.js';

/** What is known of the server that is to search. */
export interface SearchCharsetOptions {
  /**
   * Whether UTF-8 was enabled (RFC 9051 or UTF8=ACCEPT): then texts are sent as
   * they are, and CHARSET may not be named (RFC 9755 §3). Default false.
   */
  readonly utf8?: boolean;
  /**
   * Labels of charsets to try, the best first; those of a BADCHARSET response
   * can be given as they are. Default UTF-8.
   */
  readonly charsets?: readonly ImapText[];
}

/** Keys with the charset that their texts are in. */
export interface KeysInCharset {
  /** Missing where none is to be named. */
  readonly charset?: string;
  readonly keys: readonly SearchKey[];
}

/**
 * Chooses the CHARSET of a search (RFC 9051 §6.4.4) and encodes its texts: none
 * where they are all US-ASCII, else the first one that has all characters of
 * theirs. Texts that are octets stay as they are.
 *
 * @throws MailsealError `charset-unencodable` where no charset has all
 *   characters; `usage` where keys are more than 1,000 deep, or lack what they
 *   are about.
 *
 * @example
 * ```ts
 * // A server without UTF-8, which said NO [BADCHARSET (US-ASCII ISO-2022-JP)].
 * import { search, searchCharset } from 'mailseal/imap';
 *
 * const { charset, keys } = searchCharset([search.subject('会議')], { charsets: ['US-ASCII', 'ISO-2022-JP'] });
 * console.log(charset, keys[0]?.key === 'SUBJECT' && keys[0].text.length); // ISO-2022-JP 10
 * ```
 */
export function searchCharset(keys: readonly SearchKey[], options: SearchCharsetOptions = {}): KeysInCharset {
  if (options.utf8 === true) return { keys };
  let isAsciiSoFar = true;
  const look = (text: string): string => {
    isAsciiSoFar &&= isAscii(octetsOfText(text));
    return text;
  };
  for (const key of keys) withTexts(key, look);
  if (isAsciiSoFar) return { keys };
  for (const label of options.charsets ?? ['UTF-8']) {
    if (typeof label !== 'string') continue;
    try {
      return {
        charset: label,
        keys: keys.map((key) => withTexts(key, (text) => encodeCharset(label, text))),
      };
    } catch (error) {
      const isOfCharset =
        error instanceof MailsealError &&
        (error.code === 'charset-unknown' || error.code === 'charset-unencodable');
      if (!isOfCharset) throw error;
    }
  }
  throw new MailsealError('charset-unencodable', 'none of the charsets has all characters to search for');
}

const DEEPEST = 1000;

/** A key whose texts have gone through a function. Names of fields and mailboxes are no texts to search for. */
function withTexts(key: SearchKey, change: (text: string) => ImapText, depth = 0): SearchKey {
  if (depth > DEEPEST) throw usage(`search keys are more than ${DEEPEST} deep`);
  expectKey(key);
  const changed = (text: ImapText): ImapText => (typeof text === 'string' ? change(text) : text);
  switch (key.key) {
    case 'BCC':
    case 'BODY':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TEXT':
    case 'TO':
    case 'HEADER':
    case 'X-GM-RAW':
      return { ...key, text: changed(key.text) };
    case 'NOT':
    case 'FUZZY':
      return { key: key.key, of: withTexts(key.of, change, depth + 1) };
    case 'OR':
      return {
        key: 'OR',
        of: [withTexts(key.of[0], change, depth + 1), withTexts(key.of[1], change, depth + 1)],
      };
    case 'AND':
      return { key: 'AND', of: key.of.map((of) => withTexts(of, change, depth + 1)) };
    default:
      return key;
  }
}
