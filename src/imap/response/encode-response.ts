import { type Bytes, concatBytes } from '../../core/bytes.js';
import { SyntaxWriter } from '../syntax/writer.js';
import { written } from '../syntax/written.js';
import type { ImapResponse } from './response.js';
import { writeResponse } from './write-response.js';

/** How responses are written. */
export interface EncodeResponseOptions {
  /** Whether strings and mailbox names are UTF-8 on the wire (IMAP4rev2, or UTF8=ACCEPT enabled). Default `false`. */
  readonly utf8?: boolean;
}

/**
 * The octets of a response, as a server sends it: literals and all, with the
 * line end (RFC 9051 §7).
 *
 * @throws MailsealError `usage` for what cannot be written, or would be read as
 *   something else: atoms, flags and tags that are none, a text with line ends,
 *   strings with NUL, numbers below 0 or above 2^64 − 1, unknown responses with
 *   the name of a known one; `charset-unencodable` for half a surrogate pair.
 *
 * @example
 * ```ts
 * import { encodeResponse } from 'mailseal/imap';
 *
 * const octets = encodeResponse({ type: 'FETCH', number: 3, uid: 17, flags: ['\\Seen'] });
 * console.log(new TextDecoder().decode(octets)); // * 3 FETCH (UID 17 FLAGS (\Seen))
 * ```
 */
export function encodeResponse(response: ImapResponse, options: EncodeResponseOptions = {}): Bytes {
  const writer = written('the response', () => {
    const begun = new SyntaxWriter({ literals: 'server', utf8: options.utf8 ?? false });
    writeResponse(begun, response);
    return begun;
  });
  const [first, ...more] = writer.finish();
  return more.length === 0 ? first!.octets : concatBytes([first!, ...more].map(({ octets }) => octets));
}
