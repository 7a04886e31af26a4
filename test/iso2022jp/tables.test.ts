import { describe, expect, test } from 'vitest';
import type { CharacterSet } from '../../src/iso2022jp/character-set.js';
import { gb2312 } from '../../src/iso2022jp/gb2312.js';
import { jisx0208 } from '../../src/iso2022jp/jisx0208.js';
import { jisx0212 } from '../../src/iso2022jp/jisx0212.js';
import { jisx0213Plane1, jisx0213Plane2 } from '../../src/iso2022jp/jisx0213.js';
import { ksx1001 } from '../../src/iso2022jp/ksx1001.js';

/** Every cell that is not empty: its two octets and what it holds. */
function* cellsOf(set: CharacterSet): Generator<readonly [octets: number, text: string]> {
  for (let lead = 0x21; lead <= 0x7e; lead++) {
    for (let trail = 0x21; trail <= 0x7e; trail++) {
      const text = set.decode(lead, trail);
      if (text !== undefined) yield [lead * 256 + trail, text];
    }
  }
}

const encode = (set: CharacterSet, text: string): number =>
  [...text].length > 1 ? set.encodeDouble(text) : set.encode(text.codePointAt(0)!);

/** The label of the platform's decoder that has the set, with the high bits set, in all cells but these. */
const native: [string, () => CharacterSet, number, string, Record<number, string>][] = [
  ['jisx0208', jisx0208, 7336, 'euc-jp', {}],
  ['gb2312', gb2312, 7445, 'gbk', {}],
  ['ksx1001', ksx1001, 8226, 'euc-kr', { 8806: '€', 8807: '®' }],
];

describe('the tables of 94 × 94 cells', () => {
  test.each(native)('%s agrees with the platform in every cell', (_, make, count, label, others) => {
    const decoder = new TextDecoder(label);
    const cells = [...cellsOf(make())];
    expect(cells.length).toBe(count);
    for (const [octets, text] of cells) {
      const expected =
        others[octets] ?? decoder.decode(Uint8Array.of((octets >> 8) | 0x80, (octets & 0xff) | 0x80));
      expect([octets, text]).toEqual([octets, expected]);
    }
  });

  test.each([
    ['jisx0208', jisx0208, 7336],
    ['jisx0212', jisx0212, 6067],
    ['jisx0213-1', jisx0213Plane1, 8797],
    ['jisx0213-2', jisx0213Plane2, 2436],
    ['gb2312', gb2312, 7445],
    ['ksx1001', ksx1001, 8226],
  ])('%s: every character has the first of its cells', (name, make, count) => {
    const set = make();
    expect(set.name).toBe(name);
    const firsts = new Map<string, number>();
    let cells = 0;
    for (const [octets, text] of cellsOf(set)) {
      cells++;
      if (!firsts.has(text)) firsts.set(text, octets);
    }
    expect(cells).toBe(count);
    // Only JIS X 0208 with its extensions has characters twice.
    expect(count - firsts.size).toBe(name === 'jisx0208' ? 10 : 0);
    for (const [text, octets] of firsts) expect(encode(set, text), text).toBe(octets);
    expect([...set.cells].filter((octets) => octets !== 0).length).toBe(
      [...firsts.keys()].filter((text) => text.length === 1).length,
    );
  });

  test('JIS X 0213 has characters beyond U+FFFF, and such that are two in Unicode', () => {
    const [first, second] = [jisx0213Plane1(), jisx0213Plane2()];
    const doubles = (set: CharacterSet) => set.doubles.length / 2;
    expect([doubles(first), doubles(second)]).toEqual([51, 277]);
    expect(first.decode(0x24, 0x77)).toBe('か\u309a');
    expect(first.encodeDouble('か\u309a')).toBe(0x2477);
    expect(first.encodeDouble('か\u3099')).toBe(0);
    expect(first.decode(0x4f, 0x54)).toBe('𠮟'.normalize());
    expect(first.encode(0x20b9f)).toBe(0x4f54);
    expect(first.encode(0x1f600)).toBe(0);
    expect(second.decode(0x21, 0x21)).toBe('𠂉');
    expect(jisx0208().encode(0x20b9f)).toBe(0);
  });

  test('nothing outside the cells, and nothing for surrogates', () => {
    const set = jisx0213Plane1();
    for (const [lead, trail] of [
      [0x20, 0x21],
      [0x7f, 0x21],
      [0x21, 0x20],
      [0x21, 0x7f],
      [-1, 0x21],
      [0x21, 0xa1],
    ])
      expect(set.decode(lead!, trail!)).toBeUndefined();
    for (let unit = 0xd800; unit < 0xe000; unit++) expect(set.encode(unit)).toBe(0);
    expect(set.encode(0)).toBe(0);
  });
});
