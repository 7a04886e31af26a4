import { asBytes } from '../../core/bytes.js';
import { mimeDefect } from '../defects.js';
import { DEFAULT_MIME_LIMITS } from '../limits.js';
import { AddressParser } from './address-parser.js';
import { textOfHeader } from './header-text.js';
import type { AddressList } from './mailbox.js';
import { plainAddresses } from './plain-addresses.js';
import { valueList } from './value-list.js';
import { isLimit, limitsOf, type ValueOptions } from './value-options.js';

/**
 * Reads the value of an address field: From, Sender, Reply-To, To, Cc, Bcc
 * (RFC 5322 §3.4 and §4.4, RFC 6532 for raw UTF-8). What is not as it
 * should be is read as far as it goes, with the defect `address-malformed`.
 *
 * What stands in angle brackets is the address, whatever stands before them:
 * `"alice@example.jp" <mallory@example.net>` is mallory. Comments and encoded
 * words are never part of an address. Addresses without a comma between them
 * are all told.
 *
 * @param value the field's value without its name, as octets (`field.rawValue`) or as text (`field.value`)
 * @param options limits and what happens where one is hit
 * @throws MailsealError `limit-addresses`, `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { parseAddressList } from 'mailseal/mime';
 *
 * const [address] = parseAddressList('"alice@example.jp" <mallory@example.net> (not Alice)');
 * if (address !== undefined && 'address' in address) console.log(address.address); // mallory@example.net
 * ```
 */
export function parseAddressList(value: string | Uint8Array, options: ValueOptions = {}): AddressList {
  if (typeof value === 'string') {
    const { addresses = DEFAULT_MIME_LIMITS.addresses, encodedWords = 0 } = limitsOf(options);
    // What is no limit is refused where it is counted against.
    const isPlain = isLimit(addresses) && isLimit(encodedWords);
    const plain = isPlain ? plainAddresses(value, addresses, options) : undefined;
    return plain === undefined ? new AddressParser(value, [], options).parse() : valueList(plain, []);
  }
  const { text, defects } = textOfHeader(asBytes(value), 0, value.length);
  const known = defects.map((code) => mimeDefect(code, 0));
  return new AddressParser(text, known, options).parse();
}
