import { expect } from 'vitest';
import { cheapest } from './cpu-time.js';

/** The slope of the straight line that fits the points best (least squares). */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const x = mean(points.map((point) => point[0]));
  const y = mean(points.map((point) => point[1]));
  const covariance = mean(points.map((point) => (point[0] - x) * (point[1] - y)));
  return covariance / mean(points.map((point) => (point[0] - x) ** 2));
}

/**
 * Measures work on N/8, N/4, N/2 and N things, fits T(N) = O(N^k), prints it,
 * and expects k below 1.65: linear work has 1, and up to 1.45 where the collector
 * has more to do for more; quadratic work has 2. Work that takes less
 * than 10 ms for N is quick enough whatever the fit. Since the machine may be
 * busy, one good measurement of three is enough.
 *
 * @param what - what is counted, for the line that is printed.
 * @param most - N.
 * @param make - makes the work for so many things.
 */
export function expectLinearFit(what: string, most: number, make: (count: number) => () => void): void {
  const sizes = [most / 8, most / 4, most / 2, most].map(Math.round);
  const runs = sizes.map(make);
  for (const run of runs.slice(0, 2)) for (let i = 0; i < 3; i++) run();
  const fits: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const times = runs.map((run) => Math.max(cheapest(run, 4), 0.001));
    const k = slope(times.map((time, i) => [Math.log(sizes[i]!), Math.log(time)] as const));
    fits.push(k);
    if (k < 1.65 || times.at(-1)! < 10) {
      console.log(`${most} ${what}: ${times.at(-1)!.toFixed(1)} ms, T(N) = O(N^${k.toFixed(2)})`);
      return;
    }
  }
  expect(fits, `the exponents of ${what}`).toEqual([]);
}
