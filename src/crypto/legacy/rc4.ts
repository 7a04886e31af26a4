import type { Bytes } from '../../core/bytes.js';

/**
 * RC4, to read what others wrote long ago: a stream of octets that is joined
 * to the input by exclusive or, so that encrypting and decrypting are one.
 *
 * @param key 1 to 256 octets
 */
export function rc4(key: Bytes, octets: Bytes): Bytes {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number): void => {
    const before = state[i]!;
    state[i] = state[j]!;
    state[j] = before;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  const output = new Uint8Array(octets.length);
  for (let at = 0, i = 0, j = 0; at < octets.length; at++) {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    swap(i, j);
    output[at] = octets[at]! ^ state[(state[i]! + state[j]!) & 255]!;
  }
  state.fill(0);
  return output;
}
