import { asBytes, type Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { integerFromBytes } from './big-integer.js';

/** A source of random octets that nobody can guess: gives as many as it is asked for. */
export type RandomSource = (length: number) => Uint8Array;

/** The option that every function takes which needs randomness. */
export interface RandomOptions {
  /** Default: the platform's `crypto.getRandomValues`. Whoever can guess what it gives can find private keys. */
  readonly random?: RandomSource;
}

/** What is used of WebCrypto, which every runtime has. */
interface PlatformRandom {
  readonly crypto?: { getRandomValues(octets: Bytes): Bytes };
}

/** W3C Web Cryptography §10.1.1 gives no more at once. */
const mostAtOnce = 65_536;

/** Random octets of the platform. */
function platformRandom(length: number): Bytes {
  const { crypto } = globalThis as unknown as PlatformRandom;
  if (crypto === undefined) {
    throw usage('this runtime has no crypto.getRandomValues; pass `random`');
  }
  const octets = new Uint8Array(length);
  if (length <= mostAtOnce) return crypto.getRandomValues(octets);
  for (let at = 0; at < length; at += mostAtOnce) {
    crypto.getRandomValues(octets.subarray(at, Math.min(at + mostAtOnce, length)));
  }
  return octets;
}

/**
 * Draws octets from a source, or from the platform where there is none.
 *
 * @throws MailsealError `usage` when the source is no function, or gives no octets or another number of them.
 */
export function randomOctets(source: RandomSource | undefined, length: number): Bytes {
  if (source === undefined) return platformRandom(length);
  if (typeof source !== 'function') throw usage('`random` has to be a function');
  // A copy: the source may use its buffer again, and what is drawn for a secret is wiped.
  const octets = asBytes(source(length)).slice();
  if (octets.length !== length) {
    throw usage(`\`random\` gave ${octets.length} octets when asked for ${length}`);
  }
  return octets;
}

/**
 * A number from `least` to `most`: 64 bits more than needed are drawn and
 * reduced, so that none is likelier than another by more than 2^−64
 * (FIPS 186-5 §A.2.1).
 */
export function randomInteger(source: RandomSource | undefined, least: bigint, most: bigint): bigint {
  const count = most - least + 1n;
  const length = Math.ceil(count.toString(16).length / 2) + 8;
  const octets = randomOctets(source, length);
  const number = integerFromBytes(octets);
  octets.fill(0);
  return least + (number % count);
}
