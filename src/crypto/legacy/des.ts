import type { Bytes } from '../../core/bytes.js';
import type { BlockRun, MutableRun } from '../ciphers/block-run.js';

// DES (FIPS 46-3) and its triple form, to read what others wrote long ago.
// Neither keeps a secret today: 56 bits are searched in a day, and blocks of
// 64 bits repeat within one mailbox.

/** The substitution boxes, four rows of sixteen each. */
const boxes = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];

const permutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22,
  11, 4, 25,
];

const firstKeyChoice = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];

const secondKeyChoice = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
  55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

/** By how many bits the halves of the key are turned up to each round. */
const turns = [1, 2, 4, 6, 8, 10, 12, 14, 15, 17, 19, 21, 23, 25, 27, 28];

let tables: Int32Array | undefined;

/** Substitution and permutation of each box in one step: 8 × 64 words, turned left by one bit as the halves are. */
function substitutions(): Int32Array {
  if (tables !== undefined) return tables;
  tables = new Int32Array(8 * 64);
  for (let box = 0; box < 8; box++) {
    for (let input = 0; input < 64; input++) {
      // FIPS 46-3: the outer bits choose the row, the four inner ones the column.
      const row = ((input >> 4) & 2) | (input & 1);
      const value = Number.parseInt(boxes[box]![16 * row + ((input >> 1) & 15)]!, 16) << (28 - 4 * box);
      let permuted = 0;
      for (let bit = 0; bit < 32; bit++) {
        if (((value >>> (32 - permutation[bit]!)) & 1) === 1) permuted |= 1 << (31 - bit);
      }
      tables[64 * box + input] = (permuted << 1) | (permuted >>> 31);
    }
  }
  return tables;
}

/** Words for seven bits of a half of the key, two for each value of them; and where those of the right half begin. */
const SEVEN = 2 * 128;
const RIGHT = 4 * SEVEN;

let choices: number[] | undefined;

/** What each seven bits of a half of the key bring to the two words of a round: eight pairs are put together, not 48 bits. */
function keyChoices(): number[] {
  if (choices !== undefined) return choices;
  choices = new Array<number>(2 * RIGHT).fill(0);
  for (let i = 0; i < 48; i++) {
    const n = secondKeyChoice[i]!;
    const isRight = n > 28;
    // Bits of a half are counted from its left, from 1 on.
    const shift = (isRight ? 56 : 28) - n;
    const from = (isRight ? RIGHT : 0) + SEVEN * Math.floor(shift / 7);
    const group = Math.floor(i / 6);
    const bit = 1 << (24 - 8 * (group >> 1) + 5 - (i % 6));
    for (let seven = 0; seven < 128; seven++) {
      if (((seven >> (shift % 7)) & 1) === 1) choices[from + 2 * seven + (group & 1)]! |= bit;
    }
  }
  return choices;
}

/** Two words a round: the odd groups of six bits, then the even ones, each in an octet of its own. */
function keySchedule(key: Bytes, backwards: boolean, words: number[], start: number): void {
  const table = keyChoices();
  const left = halfOfKey(key, 0);
  const right = halfOfKey(key, 28);
  for (let round = 0; round < 16; round++) {
    const turn = turns[round]!;
    const at = start + 2 * (backwards ? 15 - round : round);
    const turnedLeft = (left << turn) | (left >>> (28 - turn));
    const turnedRight = (right << turn) | (right >>> (28 - turn));
    words[at] = chosen(table, 0, turnedLeft) | chosen(table, RIGHT, turnedRight);
    words[at + 1] = chosen(table, 1, turnedLeft) | chosen(table, RIGHT + 1, turnedRight);
  }
}

/** What the four times seven bits of a half bring to a word; `from` is where that half's first word for it stands. */
function chosen(table: readonly number[], from: number, half: number): number {
  return (
    table[from + 2 * (half & 127)]! |
    table[from + SEVEN + 2 * ((half >>> 7) & 127)]! |
    table[from + 2 * SEVEN + 2 * ((half >>> 14) & 127)]! |
    table[from + 3 * SEVEN + 2 * ((half >>> 21) & 127)]!
  );
}

/** The 28 bits of a key that are chosen from one place on. */
function halfOfKey(key: Bytes, from: number): number {
  let half = 0;
  for (let i = from; i < from + 28; i++) {
    const n = firstKeyChoice[i]! - 1;
    half = (half << 1) | ((key[n >> 3]! >> (7 - (n & 7))) & 1);
  }
  return half;
}

/** The schedules of one or three keys in the order of their use: encrypt, decrypt, encrypt, or that undone. */
function schedulesOf(key: Bytes, forwards: boolean): number[] {
  const count = key.length / 8;
  const words = new Array<number>(32 * count).fill(0);
  for (let i = 0; i < count; i++) {
    const which = forwards ? i : count - 1 - i;
    const backwards = forwards === (which === 1);
    keySchedule(key.subarray(8 * which, 8 * which + 8), backwards, words, 32 * i);
  }
  return words;
}

/**
 * DES with a key of 8 octets, or triple DES (encrypt, decrypt, encrypt) with
 * one of 24, in CBC mode. Bits of parity are not looked at. What is read from
 * the tables depends on the key, and so does the time that it takes.
 */
export function desRun(key: Bytes, iv: Bytes, forwards: boolean): BlockRun {
  const schedules = schedulesOf(key, forwards);
  const boxTables = substitutions();
  const vector = iv.slice();
  const run: MutableRun = (octets) => {
    const output = new Uint8Array(octets.length);
    runBlocks(schedules, boxTables, vector, forwards, octets, output);
    return output;
  };
  run.wipe = () => void schedules.fill(0);
  return run as BlockRun;
}

/**
 * Whole blocks, with the words of a block and of the vector in variables all
 * the way: with an object for them, block by block, it takes 1.4 times as long.
 */
function runBlocks(
  schedules: readonly number[],
  boxTables: Int32Array,
  vector: Bytes,
  forwards: boolean,
  octets: Bytes,
  output: Bytes,
): void {
  let v0 = (vector[0]! << 24) | (vector[1]! << 16) | (vector[2]! << 8) | vector[3]!;
  let v1 = (vector[4]! << 24) | (vector[5]! << 16) | (vector[6]! << 8) | vector[7]!;
  for (let at = 0; at < octets.length; at += 8) {
    const x0 = (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
    const x1 = (octets[at + 4]! << 24) | (octets[at + 5]! << 16) | (octets[at + 6]! << 8) | octets[at + 7]!;
    let l = forwards ? x0 ^ v0 : x0;
    let r = forwards ? x1 ^ v1 : x1;

    // The initial permutation, by exchanges of bits between the halves.
    let t = ((l >>> 4) ^ r) & 0x0f0f0f0f;
    r ^= t;
    l ^= t << 4;
    t = ((l >>> 16) ^ r) & 0xffff;
    r ^= t;
    l ^= t << 16;
    t = ((r >>> 2) ^ l) & 0x33333333;
    l ^= t;
    r ^= t << 2;
    t = ((r >>> 8) ^ l) & 0xff00ff;
    l ^= t;
    r ^= t << 8;
    t = ((l >>> 1) ^ r) & 0x55555555;
    r ^= t;
    l ^= t << 1;
    // Turned by one bit, half of the groups of the expansion end where an octet does; a turn by four brings the others there.
    l = (l << 1) | (l >>> 31);
    r = (r << 1) | (r >>> 31);

    for (let k = 0; k < schedules.length; ) {
      const end = k + 32;
      // Two rounds at once, so that the halves need not be exchanged.
      for (; k < end; k += 4) {
        let even = ((r << 28) | (r >>> 4)) ^ schedules[k]!;
        let odd = r ^ schedules[k + 1]!;
        l ^=
          boxTables[(even >>> 24) & 63]! ^
          boxTables[64 + ((odd >>> 24) & 63)]! ^
          boxTables[128 + ((even >>> 16) & 63)]! ^
          boxTables[192 + ((odd >>> 16) & 63)]! ^
          boxTables[256 + ((even >>> 8) & 63)]! ^
          boxTables[320 + ((odd >>> 8) & 63)]! ^
          boxTables[384 + (even & 63)]! ^
          boxTables[448 + (odd & 63)]!;
        even = ((l << 28) | (l >>> 4)) ^ schedules[k + 2]!;
        odd = l ^ schedules[k + 3]!;
        r ^=
          boxTables[(even >>> 24) & 63]! ^
          boxTables[64 + ((odd >>> 24) & 63)]! ^
          boxTables[128 + ((even >>> 16) & 63)]! ^
          boxTables[192 + ((odd >>> 16) & 63)]! ^
          boxTables[256 + ((even >>> 8) & 63)]! ^
          boxTables[320 + ((odd >>> 8) & 63)]! ^
          boxTables[384 + (even & 63)]! ^
          boxTables[448 + (odd & 63)]!;
      }
      // The final permutation of one key and the initial one of the next undo each other, but for this exchange.
      t = l;
      l = r;
      r = t;
    }

    l = (l >>> 1) | (l << 31);
    r = (r >>> 1) | (r << 31);
    t = ((l >>> 1) ^ r) & 0x55555555;
    r ^= t;
    l ^= t << 1;
    t = ((r >>> 8) ^ l) & 0xff00ff;
    l ^= t;
    r ^= t << 8;
    t = ((r >>> 2) ^ l) & 0x33333333;
    l ^= t;
    r ^= t << 2;
    t = ((l >>> 16) ^ r) & 0xffff;
    r ^= t;
    l ^= t << 16;
    t = ((l >>> 4) ^ r) & 0x0f0f0f0f;
    r ^= t;
    l ^= t << 4;

    if (forwards) {
      v0 = l;
      v1 = r;
    } else {
      l ^= v0;
      r ^= v1;
      v0 = x0;
      v1 = x1;
    }
    output[at] = l >>> 24;
    output[at + 1] = l >>> 16;
    output[at + 2] = l >>> 8;
    output[at + 3] = l;
    output[at + 4] = r >>> 24;
    output[at + 5] = r >>> 16;
    output[at + 6] = r >>> 8;
    output[at + 7] = r;
  }
  if (octets.length > 0) vector.set((forwards ? output : octets).subarray(-8));
}
