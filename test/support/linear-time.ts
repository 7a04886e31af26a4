import { expect } from 'vitest';
import { cheapest, cheapestOf } from './cpu-time.js';

/**
 * Expects work on four times the input to cost about four times as much:
 * quadratic work would cost sixteen times, and the line is drawn at ten. What
 * takes less than 20 ms even then is fast enough whatever the ratio. Since the
 * machine may be busy with something else, one good measurement of three is enough.
 *
 * @param make - makes the work for an input of so many octets.
 * @param size - octets of the smaller input; such that quadratic work takes well over 20 ms for four times as many.
 */
export function expectLinear(make: (size: number) => () => void, size: number): void {
  const small = make(size);
  const large = make(4 * size);
  small();
  const ratios: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const after = cheapest(large, 2);
    if (after < 20) return;
    const ratio = after / cheapest(small, 5);
    if (ratio < 10) return;
    ratios.push(ratio);
  }
  // Where more survives than the young generation holds, each octet costs some times as much, once: the next
  // size tells that step from quadratic work, which goes on growing.
  ratios.push(cheapest(make(16 * size), 2) / cheapest(large, 3));
  if (ratios.at(-1)! < 8) return;
  expect(ratios, 'cost of four times the input').toEqual([]);
}

/**
 * {@link expectLinear} for work that is waited for, a whole verification say:
 * what takes less than 200 ms is fast enough whatever the ratio.
 */
export async function expectLinearAsync(
  make: (size: number) => () => Promise<unknown>,
  size: number,
): Promise<void> {
  const small = make(size);
  const large = make(4 * size);
  await small();
  const ratios: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const after = await cheapestOf(large, 2);
    if (after < 200) return;
    const ratio = after / (await cheapestOf(small, 3));
    if (ratio < 10) return;
    ratios.push(ratio);
  }
  // As above: a step is taken once.
  ratios.push((await cheapestOf(make(16 * size), 2)) / (await cheapestOf(large, 3)));
  if (ratios.at(-1)! < 8) return;
  expect(ratios, 'cost of four times the input').toEqual([]);
}
