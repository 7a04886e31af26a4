import { asBytes, type Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { bytesFromUtf8, strictUtf8FromBytes } from '../core/utf8.js';
import { malformed } from './exchange.js';
import type { SaslChannelBinding } from './mechanism.js';

/** What a client can prove who it is with. Each mechanism takes what it needs of it. */
export interface SaslCredentials {
  /** authcid: who logs in. */
  readonly user?: string;
  /** As text; or as octets, which are taken as they are, without SASLprep. */
  readonly password?: string | Uint8Array;
  /** A bearer token of OAuth 2.0 (XOAUTH2, OAUTHBEARER). */
  readonly token?: string;
  /** authzid: as whom to act, where that is somebody else. */
  readonly actingAs?: string;
  /** The TLS channel below, for the mechanisms with `-PLUS`. */
  readonly channelBinding?: SaslChannelBinding;
  /** Whether the connection itself proves who the client is (a certificate in TLS): EXTERNAL. */
  readonly external?: boolean;
  /** ANONYMOUS: a trace to leave, such as an address; may be empty. */
  readonly anonymous?: string;
  /** OAUTHBEARER: the server's name and port that the client connected to (RFC 7628 §3.1). */
  readonly host?: string;
  readonly port?: number;
}

/** @throws MailsealError `usage` where it was not passed. */
export function wanted<Name extends keyof SaslCredentials>(
  credentials: SaslCredentials,
  name: Name,
  mechanism: string,
): NonNullable<SaslCredentials[Name]> {
  const value = credentials[name];
  if (value === undefined || value === null) {
    throw usage(`${mechanism} needs \`${name}\` among the credentials`);
  }
  return value;
}

/** The user of credentials, which is text without NUL. */
export function wantedUser(credentials: SaslCredentials, mechanism: string): string {
  return plainText(wanted(credentials, 'user', mechanism), 'user');
}

/**
 * The password of credentials, for mechanisms that send it or use it as it is.
 *
 * @throws MailsealError `usage` for text with half a surrogate pair: another password would be sent.
 */
export function wantedPassword(credentials: SaslCredentials, mechanism: string): string | Uint8Array {
  const password = wanted(credentials, 'password', mechanism);
  return typeof password === 'string' ? wellFormed(password, 'password') : asBytes(password);
}

/** The octets of a password: a copy, which whoever asked for it wipes. */
export function passwordOctets(password: string | Uint8Array, prepare?: (text: string) => string): Bytes {
  if (typeof password !== 'string') return asBytes(password).slice();
  return bytesFromUtf8(prepare === undefined ? password : prepare(password));
}

/**
 * @throws MailsealError `usage` for text with NUL, which ends a string for some servers and divides
 * them in PLAIN, and with half a surrogate pair, which has no UTF-8.
 */
export function plainText(text: string, name: string): string {
  if (typeof text !== 'string') throw usage(`\`${name}\` is a string`);
  if (text.includes('\0')) throw usage(`\`${name}\` may not have a NUL in it`);
  return wellFormed(text, name);
}

function wellFormed(text: string, name: string): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw usage(`\`${name}\` has half a surrogate pair in it, which has no UTF-8`);
}

/** The text of what the other side sent. */
export function textOf(octets: Bytes, mechanism: string): string {
  const text = strictUtf8FromBytes(octets);
  if (text === undefined) throw malformed(`a message of ${mechanism} is not UTF-8`);
  return text;
}

/** Wipes octets once something was made of them, whether that went well or not. */
export async function wiping<Value>(
  secrets: readonly Bytes[],
  make: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await make();
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}
