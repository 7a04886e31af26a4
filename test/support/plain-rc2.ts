import { decodeHex } from '../../src/encoding/hex.js';

// RC2 as RFC 2268 writes it down, word by word in an array: slow, and what the fast one is compared with.

const pi = decodeHex(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
);

/** RFC 2268 §2. */
function expand(key: Uint8Array, effectiveBits: number): number[] {
  const l = [...key];
  const t8 = Math.ceil(effectiveBits / 8);
  const tm = 255 % 2 ** (8 + effectiveBits - 8 * t8);
  for (let i = key.length; i <= 127; i++) l[i] = pi[(l[i - 1]! + l[i - key.length]!) % 256]!;
  l[128 - t8] = pi[l[128 - t8]! & tm]!;
  for (let i = 127 - t8; i >= 0; i--) l[i] = pi[l[i + 1]! ^ l[i + t8]!]!;
  return Array.from({ length: 64 }, (_, i) => l[2 * i]! + 256 * l[2 * i + 1]!);
}

const turns = [1, 2, 3, 5];

/** RFC 2268 §3, of one block. */
export function plainRc2Block(key: Uint8Array, effectiveBits: number, block: Uint8Array): Uint8Array {
  const k = expand(key, effectiveBits);
  const r = Array.from({ length: 4 }, (_, i) => block[2 * i]! + 256 * block[2 * i + 1]!);
  let j = 0;
  const mix = (): void => {
    for (let i = 0; i < 4; i++) {
      const [a, b, c] = [r[(i + 3) % 4]!, r[(i + 2) % 4]!, r[(i + 1) % 4]!];
      const sum = (r[i]! + k[j++]! + (a & b) + (~a & 0xffff & c)) % 65_536;
      const turned = sum * 2 ** turns[i]!;
      r[i] = (turned % 65_536) + Math.floor(turned / 65_536);
    }
  };
  const mash = (): void => {
    for (let i = 0; i < 4; i++) r[i] = (r[i]! + k[r[(i + 3) % 4]! % 64]!) % 65_536;
  };
  for (let i = 0; i < 5; i++) mix();
  mash();
  for (let i = 0; i < 6; i++) mix();
  mash();
  for (let i = 0; i < 5; i++) mix();
  return Uint8Array.from(r.flatMap((word) => [word % 256, word >> 8]));
}
