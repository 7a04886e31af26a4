import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
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
  if (Object.hasOwn(lengths, name)) return lengths[name];
  const known = Object.keys(lengths).join(', ');
  throw new MailsealError('usage', `"${String(name)}" is no cipher that is written; those are ${known}`);
}

/** A key for a cipher. Each message has its own (RFC 5652 §6.3). */
export function newContentKey(name: ContentCipherName, random: RandomSource | undefined): Bytes {
  const key = randomOctets(random, lengthsOf(name).key);
  // FIPS 46-3: the octets of DES keys are of odd parity, on which some readers insist.
  if (name === 'des-ede3-cbc') for (let i = 0; i < key.length; i++) key[i] = withOddParity(key[i]!);
  return key;
}

function withOddParity(octet: number): number {
  let ones = 0;
  for (let bits = octet >> 1; bits > 0; bits >>= 1) ones += bits & 1;
  return (octet & 0xfe) | (ones % 2 === 0 ? 1 : 0);
}

/** A cipher with a fresh vector or nonce, and the whole tag. */
export function newCipher(name: ContentCipherName, random: RandomSource | undefined): ContentCipher {
  const start = randomOctets(random, lengthsOf(name).start);
  if (name.endsWith('-cbc')) return { name: name as 'aes256-cbc', iv: start };
  if (name === 'chacha20-poly1305') return { name, nonce: start };
  return { name: name as 'aes256-gcm', nonce: start, tagLength: 16 };
}
