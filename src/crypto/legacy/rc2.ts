import type { Bytes } from '../../core/bytes.js';
import { decodeHex } from '../../encoding/hex.js';
import type { BlockCipher } from '../block-cipher.js';

// RC2 (RFC 2268), to read what others wrote long ago, mostly with 40 bits.

/** PITABLE of RFC 2268 §2: a permutation of the octets from the digits of π. */
const piTableHex =
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
  '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
  '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
  '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
  '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
  'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
  '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
  '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad';

let piTable: Bytes | undefined;

/** RFC 2268 §2: 64 words of 16 bits from a key of 1 to 128 octets and how many of its bits count. */
function expandKey(key: Bytes, effectiveBits: number): Uint16Array {
  piTable ??= decodeHex(piTableHex);
  const pi = piTable;
  const octets = new Uint8Array(128);
  octets.set(key);
  for (let i = key.length; i < 128; i++) octets[i] = pi[(octets[i - 1]! + octets[i - key.length]!) & 255]!;
  const effective = Math.ceil(effectiveBits / 8);
  const mask = 255 >> (8 * effective - effectiveBits);
  octets[128 - effective] = pi[octets[128 - effective]! & mask]!;
  for (let i = 127 - effective; i >= 0; i--) octets[i] = pi[octets[i + 1]! ^ octets[i + effective]!]!;
  const words = new Uint16Array(64);
  for (let i = 0; i < 64; i++) words[i] = octets[2 * i]! | (octets[2 * i + 1]! << 8);
  octets.fill(0);
  return words;
}

/** How far each word is turned in a mixing round. */
const turns = [1, 2, 3, 5];

/** RC2 with a key of 1 to 128 octets, of which `effectiveBits` (1 to 1,024) count. */
export function rc2Cipher(key: Bytes, effectiveBits: number): BlockCipher {
  const words = expandKey(key, effectiveBits);
  const r = new Uint16Array(4);
  const load = (octets: Bytes, at: number): void => {
    for (let i = 0; i < 4; i++) r[i] = octets[at + 2 * i]! | (octets[at + 2 * i + 1]! << 8);
  };
  const store = (octets: Bytes, at: number): void => {
    for (let i = 0; i < 4; i++) {
      octets[at + 2 * i] = r[i]!;
      octets[at + 2 * i + 1] = r[i]! >> 8;
    }
  };
  return {
    blockLength: 8,
    encryptBlock(octets, at) {
      load(octets, at);
      for (let round = 0, j = 0; round < 16; round++) {
        for (let i = 0; i < 4; i++) {
          const [a, b, c] = [r[(i + 3) & 3]!, r[(i + 2) & 3]!, r[(i + 1) & 3]!];
          const sum = (r[i]! + words[j++]! + (a & b) + (~a & c)) & 0xffff;
          r[i] = (sum << turns[i]!) | (sum >> (16 - turns[i]!));
        }
        // RFC 2268 §3.1: mashing follows the fifth and the eleventh mixing round.
        if (round === 4 || round === 10) {
          for (let i = 0; i < 4; i++) r[i]! += words[r[(i + 3) & 3]! & 63]!;
        }
      }
      store(octets, at);
    },
    decryptBlock(octets, at) {
      load(octets, at);
      for (let round = 15, j = 63; round >= 0; round--) {
        if (round === 4 || round === 10) {
          for (let i = 3; i >= 0; i--) r[i]! -= words[r[(i + 3) & 3]! & 63]!;
        }
        for (let i = 3; i >= 0; i--) {
          const [a, b, c] = [r[(i + 3) & 3]!, r[(i + 2) & 3]!, r[(i + 1) & 3]!];
          const turned = (r[i]! >> turns[i]!) | (r[i]! << (16 - turns[i]!));
          r[i] = turned - words[j--]! - (a & b) - (~a & c);
        }
      }
      store(octets, at);
    },
    wipe() {
      words.fill(0);
      r.fill(0);
    },
  };
}
