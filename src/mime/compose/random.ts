import type { Bytes } from '../../core/bytes.js';
import { asBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';

/** A source of random octets: gives as many as it is asked for. */
export type RandomSource = (length: number) => Uint8Array;

/** What is used of WebCrypto, which every runtime has. */
interface PlatformRandom {
  readonly crypto?: { getRandomValues(octets: Bytes): Bytes };
}

/** Random octets of the platform. Ids and boundaries are no secrets, but nobody shall be able to guess a boundary before it is drawn. */
function platformRandom(length: number): Bytes {
  const { crypto } = globalThis as unknown as PlatformRandom;
  if (crypto === undefined) {
    throw usage('this runtime has no crypto.getRandomValues; pass `random`');
  }
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Draws octets from a source, or from the platform where there is none, and writes them in hexadecimal. */
export function randomHex(source: RandomSource | undefined, length: number): string {
  const draw = source ?? platformRandom;
  if (typeof draw !== 'function') throw usage('`random` has to be a function');
  const octets = asBytes(draw(length));
  if (octets.length !== length) {
    throw usage(`\`random\` gave ${octets.length} octets when asked for ${length}`);
  }
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
