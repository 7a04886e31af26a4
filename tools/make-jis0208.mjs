// Makes src/iso2022jp/jis0208.generated.ts from the Encoding Standard's index file:
//
//   node tools/make-jis0208.mjs index-jis0208.txt
//
// (https://encoding.spec.whatwg.org/index-jis0208.txt). ISO-2022-JP reaches the
// pointers below 94 × 94 only. The cells are written in their order, each as the
// difference from the cell before plus one, so that runs of characters cost one
// digit each; kanji by radical two at most; kanji by reading three. The reader is
// src/iso2022jp/jis0208.ts and must agree with `pack` below.
import { readFileSync, writeFileSync } from 'node:fs';

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node tools/make-jis0208.mjs index-jis0208.txt');
  process.exit(2);
}
const text = readFileSync(source, 'utf8');
const cells = new Array(94 * 94).fill(0);
for (const line of text.split('\n')) {
  const match = /^\s*(\d+)\t0x([0-9A-F]+)\t/.exec(line);
  if (match === null) continue;
  const pointer = Number(match[1]);
  if (pointer < cells.length) cells[pointer] = Number.parseInt(match[2], 16);
}

// Digits are the printable ASCII characters that need no escape in a quoted string.
const digits = [...Array(94).keys()]
  .map((i) => String.fromCharCode(0x21 + i))
  .filter((c) => !`'\\`.includes(c))
  .join('');
const base = digits.length;

/**
 * `one` first digits stand for differences of one digit, `twos` for those of two,
 * the others but the last for those of three; the last for a run of empty cells.
 */
function pack(one, twos) {
  const threes = base - 1 - one - twos;
  let out = '';
  let before = 0;
  for (let at = 0; at < cells.length; ) {
    if (cells[at] === 0) {
      let run = 1;
      while (at + run < cells.length && cells[at + run] === 0 && run < base) run++;
      out += digits[base - 1] + digits[run - 1];
      at += run;
      continue;
    }
    const difference = cells[at] - before - 1;
    // Zigzag: 0, -1, 1, -2, 2, …
    const value = difference < 0 ? -2 * difference - 1 : 2 * difference;
    const two = value - one;
    const three = two - twos * base;
    if (two < 0) {
      out += digits[value];
    } else if (three < 0) {
      out += digits[one + Math.floor(two / base)] + digits[two % base];
    } else if (three < threes * base * base) {
      out += digits[one + twos + Math.floor(three / base / base)];
      out += digits[Math.floor(three / base) % base] + digits[three % base];
    } else {
      return undefined;
    }
    before = cells[at];
    at++;
  }
  return out;
}

let best;
for (let one = 1; one < base; one++) {
  for (let two = 1; one + two < base - 1; two++) {
    const packed = pack(one, two);
    if (packed !== undefined && packed.length < (best?.packed.length ?? Infinity))
      best = { one, two, packed };
  }
}

const lines = best.packed.match(/.{1,100}/g).map((line) => `  '${line}'`);
const identifier = /# Identifier: (\w+)/.exec(text)?.[1];
const date = /# Date: (\S+)/.exec(text)?.[1];
writeFileSync(
  new URL('../src/iso2022jp/jis0208.generated.ts', import.meta.url),
  `// Made by tools/make-jis0208.mjs; do not edit.
//
// Source: index-jis0208.txt of the Encoding Standard (https://encoding.spec.whatwg.org/), of ${date},
// identifier ${identifier}, pointers below 8836.
// Copyright © WHATWG (Apple, Google, Mozilla, Microsoft). Licence of this portion: BSD 3-Clause, in full in
// src/iso2022jp/jis0208.ts.

/** The digits of the packed form, lowest first. */
export const digits =
  '${digits}';

/** How many first digits begin a difference of one digit, and how many one of two. */
export const oneDigit = ${best.one};
export const twoDigits = ${best.two};

/** The packed cells. */
export const packed: string =
${lines.join(' +\n')};
`,
);
console.log(
  `${cells.filter((cell) => cell !== 0).length} characters in ${best.packed.length} digits (${best.one}, ${best.two})`,
);
