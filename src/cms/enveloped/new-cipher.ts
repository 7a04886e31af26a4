import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import type { ContentCipher } from '../../crypto/ciphers/content-cipher.js';
import { type RandomSource, randomOctets } from '../../crypto/random.js';
import type { ContentCipherName } from './recipient.js';

/** Octets of the key, and of the vector or nonce. */
const lengths: Readonly<Record<ContentCipherName, { readonly key: number; readonly start: number }>> = {
  'aes128-cbc': { key: 16, start: 16 },
  'aes192-cbc': { key: 24, start: 16 },
  'aes256-cbc': { key: 32, start: 16 },
  'des-ede3-cbc': { key: 24, start: 8 },
  // RFC 5084 §3.2: 12 octets are recommended; RFC 8103 §2: 12.
  'aes128-gcm': { key: 16, start: 12 },
  'aes192-gcm': { key: 24, start: 12 },
  'aes256-gcm': { key: 32, start: 12 },
  'chacha20-poly1305': { key: 32, start: 12 },
};

function lengthsOf(name: ContentCipherName): { readonly key: number; readonly start: number } {
  assertCipherName(name);
  return lengths[name];
}

/**
 * Refuses what is the name of no cipher that is written.
 *
 * @throws MailsealError `usage`
 */
export function assertCipherName(name: unknown): void {
  if (isKeyOf(lengths, name)) return;
  const known = Object.keys(lengths).join(', ');
  throw usage(`${shown(name)} is no cipher that is written; those are ${known}`);
}

/** What is drawn for a message. */
export interface Drawn {
  readonly key: Bytes;
  readonly cipher: ContentCipher;
  /** Random octets for whoever else needs some; none where the caller has a source. */
  readonly spare: Bytes;
}

/**
 * A key for a cipher, and the cipher with a fresh vector or nonce. Each message
 * has its own (RFC 5652 §6.3). Asking the platform for few octets takes as long
 * as for many, so it is asked once; a caller's source is asked for each by itself.
 */
export function newKeyAndCipher(
  name: ContentCipherName,
  random: RandomSource | undefined,
  spareLength: number,
): Drawn {
  const { key: keyLength, start } = lengthsOf(name);
  const end = keyLength + start;
  const drawn = random === undefined ? randomOctets(random, end + spareLength) : undefined;
  const key = drawn?.subarray(0, keyLength) ?? randomOctets(random, keyLength);
  // FIPS 46-3: the octets of DES keys are of odd parity, on which some readers insist.
  if (name === 'des-ede3-cbc') for (let i = 0; i < key.length; i++) key[i] = withOddParity(key[i]!);
  const cipher = cipherFrom(name, drawn?.subarray(keyLength, end) ?? randomOctets(random, start));
  return { key, cipher, spare: drawn?.subarray(end) ?? new Uint8Array(0) };
}

function withOddParity(octet: number): number {
  let ones = 0;
  for (let bits = octet >> 1; bits > 0; bits >>= 1) ones += bits & 1;
  return (octet & 0xfe) | (ones % 2 === 0 ? 1 : 0);
}

/** A cipher with a fresh vector or nonce, and the whole tag. */
export function newCipher(name: ContentCipherName, random: RandomSource | undefined): ContentCipher {
  return cipherFrom(name, randomOctets(random, lengthsOf(name).start));
}

function cipherFrom(name: ContentCipherName, start: Bytes): ContentCipher {
  if (name.endsWith('-cbc')) return { name: name as 'aes256-cbc', iv: start };
  if (name === 'chacha20-poly1305') return { name, nonce: start };
  return { name: name as 'aes256-gcm', nonce: start, tagLength: 16 };
}
