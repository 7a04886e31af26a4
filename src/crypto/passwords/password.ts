import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { bytesFromUtf8, strictUtf8FromBytes } from '../../core/utf8.js';

/**
 * A password: a string, or its UTF-8 octets, which a caller can overwrite when
 * he is done. No Unicode normalisation takes place: what is typed on another
 * system as a different sequence of code points is another password.
 */
export type Password = string | Uint8Array;

/** The UTF-8 octets of a password, a copy that may be wiped. */
export function utf8Password(password: Password): Bytes {
  if (typeof password === 'string') return bytesFromUtf8(password);
  if (password instanceof Uint8Array) return asBytes(password).slice();
  throw usage('a password is a string or a Uint8Array of its UTF-8 octets');
}

/**
 * A password as PKCS#12 has it (RFC 7292 appendix B.1): UTF-16BE and two zero
 * octets; `undefined` for octets that are not UTF-8.
 */
export function bmpPassword(password: Password): Bytes | undefined {
  const text = typeof password === 'string' ? password : strictUtf8FromBytes(asBytes(password));
  if (text === undefined) return undefined;
  const octets = new Uint8Array(2 * text.length + 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    octets[2 * i] = unit >> 8;
    octets[2 * i + 1] = unit;
  }
  return octets;
}

/** Each octet of the UTF-8 as a character of its own, then two zero octets: what OpenSSL wrote before 1.1.0. */
export function widenedPassword(password: Password): Bytes {
  const utf8 = utf8Password(password);
  const octets = new Uint8Array(2 * utf8.length + 2);
  for (let i = 0; i < utf8.length; i++) octets[2 * i + 1] = utf8[i]!;
  utf8.fill(0);
  return octets;
}
