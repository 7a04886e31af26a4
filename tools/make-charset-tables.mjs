// Makes the tables of src/iso2022jp, each 94 × 94 characters:
//
//   node tools/make-charset-tables.mjs index-jis0208.txt index-jis0212.txt
//
// The two files are those of the Encoding Standard (https://encoding.spec.whatwg.org/).
// GB 2312 is what this node's TextDecoder('gbk') has in the cells that Python's codec
// knows, JIS X 0213 and KS X 1001 are Python's: python3 must be in the path.
//
// The cells are written in their order, each as the difference from the cell before
// plus one, so that runs of characters cost one digit each; kanji by radical two at
// most; kanji by reading three. The reader is src/iso2022jp/unpack.ts and must agree
// with `pack` below.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [source0208, source0212] = process.argv.slice(2);
if (source0208 === undefined || source0212 === undefined) {
  console.error('usage: node tools/make-charset-tables.mjs index-jis0208.txt index-jis0212.txt');
  process.exit(2);
}

const size = 94 * 94;
// Digits are the printable ASCII characters that need no escape in a quoted string.
const digits = [...Array(94).keys()]
  .map((i) => String.fromCharCode(0x21 + i))
  .filter((c) => !`'\\`.includes(c))
  .join('');
const base = digits.length;

/**
 * `one` first digits stand for differences of one digit, `twos` for those of two,
 * the others but the last for those of three; the last for a run of empty cells.
 *
 * @param {readonly number[]} cells
 * @param {number} one
 * @param {number} twos
 * @returns {string | undefined} `undefined` where a difference needs more than three digits
 */
function packWith(cells, one, twos) {
  const threes = base - 1 - one - twos;
  let out = '';
  let before = 0;
  for (let at = 0; at < cells.length; ) {
    const cell = cells[at] ?? 0;
    if (cell === 0) {
      let run = 1;
      while (at + run < cells.length && cells[at + run] === 0 && run < base) run++;
      out += `${digits[base - 1]}${digits[run - 1]}`;
      at += run;
      continue;
    }
    const difference = cell - before - 1;
    // Zigzag: 0, -1, 1, -2, 2, …
    const value = difference < 0 ? -2 * difference - 1 : 2 * difference;
    const two = value - one;
    const three = two - twos * base;
    if (two < 0) {
      out += digits[value];
    } else if (three < 0) {
      out += `${digits[one + Math.floor(two / base)]}${digits[two % base]}`;
    } else if (three < threes * base * base) {
      out += digits[one + twos + Math.floor(three / base / base)];
      out += `${digits[Math.floor(three / base) % base]}${digits[three % base]}`;
    } else {
      return undefined;
    }
    before = cell;
    at++;
  }
  return out;
}

/**
 * The shortest form: the two counts as digits, then the cells.
 *
 * @param {readonly number[]} cells
 * @returns {string}
 */
function pack(cells) {
  let best;
  for (let one = 1; one < base; one++) {
    for (let two = 1; one + two < base - 1; two++) {
      const packed = packWith(cells, one, two);
      if (packed !== undefined && packed.length < (best?.length ?? Infinity) - 2)
        best = `${digits[one]}${digits[two]}${packed}`;
    }
  }
  if (best === undefined) throw new Error('no form fits');
  return best;
}

/**
 * @param {string} name
 * @param {string} source comment lines on where it comes from
 * @param {Readonly<Record<string, readonly [comment: string, text: string]>>} constants
 */
function write(name, source, constants) {
  const file = new URL(`../src/iso2022jp/${name}.generated.ts`, import.meta.url);
  let text = `// Made by tools/make-charset-tables.mjs; do not edit.\n//\n${source.replace(/^(?=.)/gm, '// ')}`;
  for (const [identifier, [comment, value]] of Object.entries(constants)) {
    const lines = value.match(/.{1,100}/gu) ?? [];
    text += `\n/** ${comment} */\nexport const ${identifier}: string =\n`;
    text += `${lines.map((line) => `  '${line}'`).join(' +\n')};\n`;
  }
  writeFileSync(file, text);
  const all = Object.values(constants).reduce((length, [, value]) => length + value.length, 0);
  console.log(`${name}: ${all} digits`);
}

/**
 * @param {string} path
 * @returns {{ cells: number[], version: string }}
 */
function readIndex(path) {
  const text = readFileSync(path, 'utf8');
  const cells = new Array(size).fill(0);
  for (const [, pointer, codePoint] of text.matchAll(/^\s*(\d+)\t0x([0-9A-F]+)\t/gm)) {
    if (Number(pointer) < size) cells[Number(pointer)] = Number.parseInt(codePoint ?? '', 16);
  }
  const identifier = /# Identifier: (\w+)/.exec(text)?.[1];
  const date = /# Date: (\S+)/.exec(text)?.[1];
  return { cells, version: `of ${date},\nidentifier ${identifier}` };
}

/**
 * The cells of a set as Python's codec has them.
 *
 * @param {string} codec
 * @param {string} designation what switches to the set, without ESC
 * @returns {string[]}
 */
function readPython(codec, designation) {
  const program = `
import json, platform
def cell(at):
    try: return (b'\\x1b${designation}' + bytes([0x21 + at // 94, 0x21 + at % 94]) + b'\\x1b(B').decode('${codec}')
    except UnicodeDecodeError: return ''
print(json.dumps([cell(at) for at in range(94 * 94)]))`;
  return JSON.parse(execFileSync('python3', ['-'], { input: program, encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** @param {string} character */
const codePointOf = (character) => character.codePointAt(0) ?? 0;
const python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
const packedComment = 'The packed cells.';

const whatwg =
  'Copyright © WHATWG (Apple, Google, Mozilla, Microsoft). Licence of this portion: BSD 3-Clause, in full in\n';
const index0208 = readIndex(source0208);
write(
  'jis0208',
  `Source: index-jis0208.txt of the Encoding Standard (https://encoding.spec.whatwg.org/), ${index0208.version}, pointers below 8836.\n` +
    `${whatwg}src/iso2022jp/jis0208.ts.\n`,
  { packed: [packedComment, pack(index0208.cells)] },
);
const index0212 = readIndex(source0212);
write(
  'jisx0212',
  `Source: index-jis0212.txt of the Encoding Standard (https://encoding.spec.whatwg.org/), ${index0212.version}.\n` +
    `${whatwg}src/iso2022jp/jis0208.ts.\n`,
  { packed: [packedComment, pack(index0212.cells)] },
);

const psf = `read out of ${python}'s codec "CODEC" (Python Software\nFoundation License Version 2, which is for the codec; what it knows are the facts of the standard).\n`;

const gbk = new TextDecoder('gbk');
const gb2312 = readPython('iso2022_jp_2', '$A').map((character, at) => {
  if (character === '') return 0;
  return codePointOf(gbk.decode(Uint8Array.of(0xa1 + Math.floor(at / 94), 0xa1 + (at % 94))));
});
write(
  'gb2312',
  `Source: the cells of GB 2312-80 as the GBK decoder of Node ${process.version} has them (ICU ${process.versions.icu}, Unicode License v3;\n` +
    'so U+00B7 and U+2014 as in the Encoding Standard, where older tables have U+30FB and U+2015). Which cells are of\n' +
    `GB 2312 was ${psf.replace('CODEC', 'iso2022_jp_2')}`,
  { packed: [packedComment, pack(gb2312)] },
);
write('ksx1001', `Source: KS X 1001:1998, ${psf.replace('CODEC', 'iso2022_jp_2')}`, {
  packed: [
    packedComment,
    pack(readPython('iso2022_jp_2', '$(C').map((c) => (c === '' ? 0 : codePointOf(c)))),
  ],
});

// JIS X 0213 has characters beyond U+FFFF and such that Unicode writes as two. The
// former are packed apart, without their plane; the latter are so few that they stand as they are.
const planes = /** @type {const} */ ([
  [1, '$(Q'],
  [2, '$(P'],
]);
/** @type {Record<string, readonly [string, string]>} */
const constants = {};
for (const [plane, designation] of planes) {
  const cells = readPython('iso2022_jp_2004', designation);
  /** @param {(character: string) => number} map */
  const some = (map) => pack(cells.map((character) => (character === '' ? 0 : map(character))));
  const isPair = (/** @type {string} */ character) => [...character].length > 1;
  constants[`plane${plane}`] = [
    `The packed cells of plane ${plane} with characters up to U+FFFF.`,
    some((character) => (isPair(character) || codePointOf(character) > 0xffff ? 0 : codePointOf(character))),
  ];
  constants[`beyond${plane}`] = [
    `The packed cells of plane ${plane} with characters from U+20000 on, less 0x20000.`,
    some((character) => (codePointOf(character) < 0x20000 ? 0 : codePointOf(character) - 0x20000)),
  ];
  const pairs = cells.flatMap((character, at) => (isPair(character) ? [`${at} ${character}`] : []));
  if (pairs.length > 0)
    constants[`pairs${plane}`] = [
      `The cells of plane ${plane} that are two characters in Unicode, each after its number.`,
      pairs.join(' '),
    ];
}
write('jisx0213', `Source: JIS X 0213:2004, ${psf.replace('CODEC', 'iso2022_jp_2004')}`, constants);
