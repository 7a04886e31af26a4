import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as Runs from '../../src/iso2022jp/runs.js';
import type * as Units from '../../src/iso2022jp/units.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The module as it is on a platform without these. */
async function without(...globals: string[]): Promise<typeof Units & Pick<typeof Runs, 'units'>> {
  for (const name of globals) vi.stubGlobal(name, undefined);
  vi.resetModules();
  const { units } = await import('../../src/iso2022jp/runs.js');
  return { units, ...(await import('../../src/iso2022jp/units.js')) };
}

describe.each([
  ['the platform as it is', []],
  ['a platform without Buffer', ['Buffer']],
  ['a platform without Buffer and TextDecoder', ['Buffer', 'TextDecoder']],
])('strings of UTF-16 units on %s', (_, missing) => {
  const unitAt = (at: number) => 0x3041 + (at % 80);

  test.each([0, 1, 2, 31, 32, 4096, 4097, 100_000])('%i of them', async (length) => {
    const { stringFromUnits } = await without(...missing);
    const units = Uint16Array.from({ length: length + 3 }, (_, at) => unitAt(at));
    let expected = '';
    for (const unit of units.subarray(0, length)) expected += String.fromCharCode(unit);
    expect(stringFromUnits(units, length)).toBe(expected);
  });

  test.each([0, 1, 2, 31, 32, 4096, 4097, 16_400])('%i of them from the scratch array', async (length) => {
    const { units, stringFromScratch } = await without(...missing);
    let expected = '';
    for (let at = 0; at < length; at++) {
      units[at] = unitAt(at);
      expected += String.fromCharCode(unitAt(at));
    }
    expect(stringFromScratch(length)).toBe(expected);
  });

  test('a byte order mark and a surrogate pair are content', async () => {
    const { units, stringFromScratch } = await without(...missing);
    const text = `\ufeff𠮟${'a'.repeat(40)}`;
    units.set([...Array(text.length).keys()].map((at) => text.charCodeAt(at)));
    expect(stringFromScratch(text.length)).toBe(text);
  });
});
