import { asBytes, type Bytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { usage } from '../core/errors.js';
import { isKeyOf } from '../core/is-key-of.js';
import { shown } from '../core/shown.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { digest } from '../crypto/digests/digest.js';
import { hmacOf } from '../crypto/digests/hmac.js';
import { pbkdf2 } from '../crypto/passwords/pbkdf2.js';
import { passwordOctets } from './credentials.js';
import { saslprep } from './saslprep.js';

/** The hashes that SCRAM is used with. */
export type ScramHash = 'SHA-1' | 'SHA-256' | 'SHA-512';

/** What a server keeps in a password's place (RFC 5802 §3): enough to check a client, not to be one. */
export interface ScramKeys {
  readonly salt: Bytes;
  readonly iterations: number;
  readonly storedKey: Bytes;
  readonly serverKey: Bytes;
}

/** What {@link deriveScramKeys} stretches the password with. */
export interface ScramSalt {
  /** Random octets, others for each user. */
  readonly salt: Uint8Array;
  /** RFC 7677 §4 wants at least 4,096; more is better. */
  readonly iterations: number;
}

const digestNames = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const;

/** Octets of a key. */
export const scramKeyLength: Readonly<Record<ScramHash, number>> = {
  'SHA-1': 20,
  'SHA-256': 32,
  'SHA-512': 64,
};

export function scramHmac(
  hash: ScramHash,
  key: Bytes,
  message: Bytes,
  { engine = 'auto' }: EngineOptions,
): Bytes {
  return hmacOf(digestNames[hash], key, message, { engine });
}

export function scramDigest(hash: ScramHash, octets: Bytes, { engine = 'auto' }: EngineOptions): Bytes {
  return digest(digestNames[hash], octets, { engine });
}

/** `SaltedPassword` (RFC 5802 §3): PBKDF2 of the password as SASLprep leaves it. Whoever asks wipes it. */
export async function saltedPassword(
  hash: ScramHash,
  password: string | Uint8Array,
  { salt, iterations }: ScramSalt,
  { engine = 'auto' }: EngineOptions,
): Promise<Bytes> {
  const octets = passwordOctets(password, saslprep);
  try {
    return await pbkdf2(octets, {
      digest: digestNames[hash],
      salt,
      iterations,
      length: scramKeyLength[hash],
      engine,
    });
  } finally {
    octets.fill(0);
  }
}

/** ServerKey, and StoredKey of a salted password (RFC 5802 §3). */
export function keysOfSalted(
  hash: ScramHash,
  salted: Bytes,
  options: EngineOptions,
): { readonly storedKey: Bytes; readonly serverKey: Bytes; readonly clientKey: Bytes } {
  const clientKey = scramHmac(hash, salted, bytesFromUtf8('Client Key'), options);
  return {
    clientKey,
    storedKey: scramDigest(hash, clientKey, options),
    serverKey: scramHmac(hash, salted, bytesFromUtf8('Server Key'), options),
  };
}

/**
 * What a server keeps in the place of a password (RFC 5802 §3, RFC 7677).
 *
 * @param hash - that of the mechanism: `SHA-256` for SCRAM-SHA-256.
 * @param password - as text, which goes through SASLprep, or as octets.
 * @param salt - the salt and the number of iterations to keep with it.
 * @throws MailsealError `sasl-malformed` for a password that SASLprep refuses,
 * `usage` for an unknown hash, an empty salt, and iterations that are no whole number of at least 1.
 * @example
 * ```ts
 * import { deriveScramKeys } from 'mailseal/sasl';
 *
 * const salt = crypto.getRandomValues(new Uint8Array(16));
 * const keys = await deriveScramKeys('SHA-256', 'pencil', { salt, iterations: 4096 });
 * console.log(keys.storedKey.length); // 32
 * ```
 */
export async function deriveScramKeys(
  hash: ScramHash,
  password: string | Uint8Array,
  { salt, iterations }: ScramSalt,
  options: EngineOptions = {},
): Promise<ScramKeys> {
  if (!isKeyOf(digestNames, hash)) {
    throw usage(`${shown(hash)} is no hash of SCRAM; give SHA-1, SHA-256 or SHA-512`);
  }
  const octets = asBytes(salt).slice();
  if (octets.length === 0) throw usage('the salt of SCRAM has at least one octet');
  const salted = await saltedPassword(hash, password, { salt: octets, iterations }, options);
  const { storedKey, serverKey, clientKey } = keysOfSalted(hash, salted, options);
  salted.fill(0);
  clientKey.fill(0);
  return { salt: octets, iterations, storedKey, serverKey };
}
