import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inputOf, scalingJobs } from '../../bench/scaling-jobs.mjs';
import { rendered } from '../../bench/scaling-page.mjs';
import { plotted, powersOfTen, spread } from '../../bench/scaling-plot.mjs';

/** @returns what the project holds, from its folder */
const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const points = file('bench/scaling.jsonl')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

describe('scaling page', () => {
  test(`is what its ${points.length} points give`, () => {
    const { page, figure } = rendered(points);
    expect(file('docs/scaling.md')).toBe(page);
    expect(file('docs/scaling.svg')).toBe(figure);
  });

  test('has a point for each size of each job', () => {
    const wanted = scalingJobs.flatMap(({ name, sizes }) => sizes.map((size) => `${name} ${size}`));
    expect(points.map(({ name, size }) => `${name} ${size}`)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(100);
  });

  test('tells neither what is not a number nor an empty cell', () => {
    const { page, figure } = rendered(points);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(figure).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('scaling input', () => {
  const abc = { line: 3, fill: (lines: number) => letters(3 * lines), rest: letters };

  /** @returns abcabc… */
  function letters(octets: number): Uint8Array {
    return Uint8Array.from({ length: octets }, (_, i) => 97 + (i % 3));
  }

  test.each([
    [1, 1],
    [65_536, 2],
    [65_537, 2],
    [200_000, 5],
    [1_000_003, 16],
  ])('has exactly %j octets, gone through again where few are held, in %j pieces', (size, least) => {
    for (const held of [100_000, 1e9]) {
      const pieces = [...inputOf(size, abc, held)()];
      expect(pieces.every(({ length }) => length > 0 && length <= 65_536)).toBe(true);
      expect(pieces.length).toBeGreaterThanOrEqual(least);
      expect(Buffer.concat(pieces).equals(letters(size))).toBe(true);
    }
  });

  test('comes again for the next call', () => {
    const input = inputOf(10, abc);
    expect(Buffer.concat([...input()]).equals(Buffer.concat([...input()]))).toBe(true);
  });

  test.each(scalingJobs.filter(({ streamed }) => streamed).map(({ name }) => name))(
    'of %s is read to its end, and the answer is right',
    async (name) => {
      const job = scalingJobs.find((each) => each.name === name)!;
      for (const size of [1024, 65_537, 300_001]) {
        const call = await job.prepare(size);
        await call();
      }
      expect(job.sizes.length).toBe(6);
    },
  );
});

describe('scaling figure', () => {
  test('ticks take in what is drawn', () => {
    expect(powersOfTen(1, 1000)).toEqual([1, 10, 100, 1000]);
    expect(powersOfTen(2, 999)).toEqual([1, 10, 100, 1000]);
    expect(powersOfTen(5, 5)).toEqual([1, 10]);
  });

  test('labels keep apart, in the order of their curves', () => {
    expect(spread([100, 10, 50], 14, 0, 200)).toEqual([100, 10, 50]);
    expect(spread([50, 50, 50], 14, 0, 200)).toEqual([50, 64, 78]);
    expect(spread([195, 199, 198], 14, 0, 200)).toEqual([172, 200, 186]);
  });

  test('a name that looks like markup is text', () => {
    const figure = plotted(
      [
        {
          title: 'a < b',
          xTitle: 'x',
          yTitle: 'y',
          xLabel: String,
          yLabel: String,
          xTicks: [1, 10],
          curves: [
            {
              label: 'R & D',
              points: [
                [1, 1],
                [10, 10],
              ],
            },
          ],
        },
      ],
      'one',
    );
    expect(figure).toContain('a &lt; b');
    expect(figure).toContain('R &amp; D');
    expect(figure.match(/<polyline /g)?.length).toBe(2);
  });
});
