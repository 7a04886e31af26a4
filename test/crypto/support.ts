import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import type { DigestName } from '../../src/crypto/digests/digest.js';

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

/** The code of the error that a call throws; `undefined` where it throws none. */
export function errorCode(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof MailsealError ? error.code : String(error);
  }
}

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<MailsealError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MailsealError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
