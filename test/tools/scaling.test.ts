import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scalingJobs } from '../../bench/scaling-jobs.mjs';
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
