import type { Engine } from '../../src/core/engine.js';
import type { DigestName } from '../../src/crypto/digest.js';

export const engines: readonly Engine[] = ['native', 'typescript', 'auto'];

export const digestNames: readonly DigestName[] = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha512-256',
  'sha3-224',
  'sha3-256',
  'sha3-384',
  'sha3-512',
  'shake128',
  'shake256',
];

/** That many octets, the same each time. */
export function octetsOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 151 + (i >> 8)) & 0xff);
}

/** A plain Uint8Array of what `node:crypto` gives. */
export function plain(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(octets);
}
