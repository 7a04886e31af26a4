import { constantTimeEqual } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { octetsOfWireText, type WireText } from '../core/wire-text.js';
import { digestBy } from '../crypto/digests/digest.js';
import { md5Implementation } from '../crypto/digests/digest-implementations.js';
import { encodeHex } from '../encoding/hex.js';

/**
 * The timestamp in a greeting (RFC 1939 §7 APOP), in its angle brackets;
 * `undefined` where the server does not offer APOP.
 *
 * Only a well-formed msg-id counts: who stands between client and server can
 * otherwise choose timestamps that make MD5 collide, and so learn a password
 * letter by letter.
 *
 * @param greeting - text of the greeting.
 *
 * @example
 * ```ts
 * import { apopTimestamp } from 'mailseal/pop3';
 *
 * console.log(apopTimestamp('POP3 server ready <1896.697170952@dbc.mtview.ca.us>')); // '<1896.697170952@dbc.mtview.ca.us>'
 * ```
 */
export function apopTimestamp(greeting: WireText): string | undefined {
  if (typeof greeting !== 'string') return undefined;
  return /<[!#-;=?A-Z^-~]{1,255}@[!#-;=?A-Z[\]^-~]{1,255}>/.exec(greeting)?.[0];
}

/**
 * The digest that APOP sends: MD5 of the timestamp and the password, in
 * hexadecimal (RFC 1939 §7).
 *
 * MD5 of a short password can be guessed from it at billions of tries a second,
 * and whoever stands between can ask for digests of his choice: on a connection
 * without TLS it is hardly better than the password itself.
 *
 * @param timestamp - with its angle brackets.
 *
 * @example
 * ```ts
 * import { apopDigest } from 'mailseal/pop3';
 *
 * console.log(apopDigest('<1896.697170952@dbc.mtview.ca.us>', 'tanstaaf')); // 'c4c9334bac560ecc979e58001b3e22fb'
 * ```
 */
export function apopDigest(timestamp: string, password: WireText, options?: EngineOptions): string {
  if (typeof timestamp !== 'string') throw usage(`the timestamp is wanted as text, not ${shown(timestamp)}`);
  const secret = octetsOfWireText(password);
  const stamp = bytesFromUtf8(timestamp);
  const both = new Uint8Array(stamp.length + secret.length);
  both.set(stamp);
  both.set(secret, stamp.length);
  const hex = encodeHex(digestBy(md5Implementation, both, options));
  both.fill(0);
  return hex;
}

/**
 * For servers: whether the digest is the one of that password, in time that
 * does not tell how much of it is right.
 *
 * @example
 * ```ts
 * import { isApopDigest } from 'mailseal/pop3';
 *
 * const sent = 'c4c9334bac560ecc979e58001b3e22fb';
 * console.log(isApopDigest(sent, '<1896.697170952@dbc.mtview.ca.us>', 'tanstaaf')); // true
 * ```
 */
export function isApopDigest(
  sent: string,
  timestamp: string,
  password: WireText,
  options?: EngineOptions,
): boolean {
  return constantTimeEqual(bytesFromUtf8(sent), bytesFromUtf8(apopDigest(timestamp, password, options)));
}
