// Makes src/crypto/digests/{md5,sha1,sha256}-blocks.generated.ts: the block
// functions with their rounds written out and every word in a variable of its
// own. Run as: node tools/generate-digests.mjs
//
// How they are written was measured, not guessed: that SHA-256 is fastest by
// sixteen rounds a turn (all 64 written out are slower, and take four times as
// long to compile), and the order of the terms. A round waits for what the one
// before made, so that is added last, and rotations are taken beside one another
// rather than of one another.

import { writeFileSync } from 'node:fs';
import { isMain } from './process.mjs';

const header = '// Made by tools/generate-digests.mjs; do not edit.\n';

/** @param {string} x @param {number} n */
const right = (x, n) => `((${x} >>> ${n}) | (${x} << ${32 - n}))`;
/** @param {string} x @param {number} n */
const left = (x, n) => `((${x} << ${n}) | (${x} >>> ${32 - n}))`;

/** @param {number} word */
function hexadecimal(word) {
  const signed = word | 0;
  return `${signed < 0 ? '-' : '+'} 0x${Math.abs(signed).toString(16)}`;
}

/** @param {string} x @param {readonly number[]} places */
const rotations = (x, ...places) => `(${places.map((n) => right(x, n)).join(' ^ ')})`;

/**
 * The variables by the letters of the standard after so many rounds: instead
 * of moving words, each round calls them by other names.
 *
 * @param {string} letters
 * @param {number} round
 * @returns {string[]}
 */
function namesAt(letters, round) {
  const { length } = letters;
  return Array.from({ length }, (_, i) => letters[(((i - round) % length) + length) % length] ?? '');
}

/**
 * @param {string} name
 * @param {string} doc
 * @param {string} letters
 * @param {boolean} littleEndian
 * @param {readonly string[]} body
 * @param {{ schedule: 'let' | 'const', before?: readonly string[] }} options
 */
function blockFunction(name, doc, letters, littleEndian, body, { schedule, before = [] }) {
  const words = [...letters];
  const lines = [
    ...before,
    `/** ${doc} */`,
    `export function ${name}(state: Int32Array, input: DataView, from: number, to: number): void {`,
    '  for (let at = from; at < to; at += 64) {',
    ...words.map((letter, i) => `    let ${letter} = state[${i}]!;`),
    ...Array.from({ length: 16 }, (_, i) => {
      const place = i === 0 ? 'at' : `at + ${4 * i}`;
      return `    ${schedule} w${i} = input.getInt32(${place}${littleEndian ? ', true' : ''});`;
    }),
    ...body.map((line) => `    ${line}`),
    // An Int32Array keeps the sum modulo 2 to the 32.
    ...words.map((letter, i) => `    state[${i}] = state[${i}]! + ${letter};`),
    '  }',
    '}',
  ];
  return `${header}\n${lines.join('\n')}\n`;
}

/** The integer parts of 2 to the 32 times the fractions of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
function cubeRootWords() {
  /** @type {number[]} */
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map((prime) => {
    const wanted = BigInt(prime) << 96n;
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** 3n <= wanted) low = middle;
      else high = middle;
    }
    return Number(BigInt.asUintN(32, low));
  });
}

function sha256() {
  const letters = 'abcdefgh';
  const rounds = [];
  for (let t = 0; t < 16; t++) {
    const [a, b, , d, e, f, g, h] = namesAt(letters, t);
    // Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and the b ^ c of a round is the a ^ b of the one before.
    const [now, last] = t % 2 === 0 ? ['x', 'y'] : ['y', 'x'];
    rounds.push(
      `${h} = (${h} + w${t} + k[t${t === 0 ? '' : ` + ${t}`}]! + (${g} ^ (${e} & (${f} ^ ${g}))) + ${rotations(`${e}`, 6, 11, 25)}) | 0;`,
      `${d} = (${d} + ${h}) | 0;`,
      `${now} = ${a} ^ ${b};`,
      `${h} = (${h} + ${rotations(`${a}`, 2, 13, 22)} + (${b} ^ (${now} & ${last}))) | 0;`,
    );
  }
  const expansion = Array.from({ length: 16 }, (_, i) => {
    /** @param {number} k */
    const w = (k) => `w${(i + k) % 16}`;
    const s0 = `(${right(w(1), 7)} ^ ${right(w(1), 18)} ^ (${w(1)} >>> 3))`;
    const s1 = `(${right(w(14), 17)} ^ ${right(w(14), 19)} ^ (${w(14)} >>> 10))`;
    return `w${i} = (w${i} + ${s0} + ${w(9)} + ${s1}) | 0;`;
  });
  const constants = cubeRootWords().map((word) => `0x${word.toString(16).padStart(8, '0')}`);
  const rows = Array.from(
    { length: 8 },
    (_, row) => `  ${constants.slice(8 * row, 8 * row + 8).join(', ')},`,
  );
  return blockFunction(
    'sha256Blocks',
    'SHA-256 (FIPS 180-4 §6.2.2) of the whole blocks from one offset to another, sixteen rounds a turn.',
    letters,
    false,
    [
      'const k = sha256Constants;',
      'let x = 0;',
      'let y = b ^ c;',
      'for (let t = 0; ; t += 16) {',
      ...rounds.map((line) => `  ${line}`),
      '  if (t === 48) break;',
      ...expansion.map((line) => `  ${line}`),
      '}',
    ],
    {
      schedule: 'let',
      before: [
        '/** The constants of FIPS 180-4 §4.2.2. */',
        'export const sha256Constants: Int32Array = /* @__PURE__ */ Int32Array.of(',
        ...rows,
        ');',
        '',
      ],
    },
  );
}

function sha1() {
  const letters = 'abcde';
  const body = ['let x = 0;'];
  for (let t = 0; t < 80; t++) {
    const [a, b, c, d, e] = namesAt(letters, t);
    const i = t % 16;
    /** @param {number} k */
    const w = (k) => `w${(i + k) % 16}`;
    if (t >= 16)
      body.push(`x = (${w(8)} ^ ${w(13)}) ^ (w${i} ^ ${w(2)});`, `w${i} = ${left('x', 1).slice(1, -1)};`);
    const [f, constant] = /** @type {readonly (readonly [string, number])[]} */ ([
      [`(${d} ^ (${b} & (${c} ^ ${d})))`, 0x5a827999],
      [`(${c} ^ ${d} ^ ${b})`, 0x6ed9eba1],
      [`((${c} & ${d}) | (${b} & (${c} | ${d})))`, 0x8f1bbcdc],
      [`(${c} ^ ${d} ^ ${b})`, 0xca62c1d6],
    ])[Math.floor(t / 20)] ?? ['', 0];
    body.push(`${e} = (${e} + w${i} ${hexadecimal(constant)} + ${f} + ${left(`${a}`, 5)}) | 0;`);
    body.push(`${b} = ${left(`${b}`, 30).slice(1, -1)};`);
  }
  return blockFunction(
    'sha1Blocks',
    'SHA-1 (FIPS 180-4 §6.1.2) of the whole blocks from one offset to another.',
    letters,
    false,
    body,
    { schedule: 'let' },
  );
}

function md5() {
  const letters = 'abcd';
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const body = [];
  for (let t = 0; t < 64; t++) {
    const [a, b, c, d] = namesAt(letters, t);
    const round = t >> 4;
    const [f, i] = /** @type {readonly (readonly [string, number])[]} */ ([
      [`(${d} ^ (${b} & (${c} ^ ${d})))`, t],
      [`(${c} ^ (${d} & (${b} ^ ${c})))`, 5 * t + 1],
      [`(${b} ^ ${c} ^ ${d})`, 3 * t + 5],
      [`(${c} ^ (${b} | ~${d}))`, 7 * t],
    ])[round] ?? ['', 0];
    // RFC 1321 §3.4: T[i] is the integer part of 2^32 times abs(sin(i)).
    const sine = Math.floor(2 ** 32 * Math.abs(Math.sin(t + 1)));
    body.push(`${a} = (${a} + ${f} + w${i % 16} ${hexadecimal(sine)}) | 0;`);
    body.push(`${a} = (${left(`${a}`, shifts[4 * round + (t & 3)] ?? 0)} + ${b}) | 0;`);
  }
  return blockFunction(
    'md5Blocks',
    'MD5 (RFC 1321 §3.4) of the whole blocks from one offset to another.',
    letters,
    true,
    body,
    { schedule: 'const' },
  );
}

/**
 * Every file that is made here, by its path from the root of the repository.
 *
 * @returns {Record<string, string>}
 */
export function generatedDigests() {
  return {
    'src/crypto/digests/md5-blocks.generated.ts': md5(),
    'src/crypto/digests/sha1-blocks.generated.ts': sha1(),
    'src/crypto/digests/sha256-blocks.generated.ts': sha256(),
  };
}

if (isMain(import.meta.url)) {
  for (const [path, text] of Object.entries(generatedDigests())) {
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
  }
}
