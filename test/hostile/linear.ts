import { expect } from 'vitest';
import { cheapestOf } from '../support/cpu-time.js';

/**
 * Expects reading four times the input to cost about four times as much.
 * Quadratic work would cost sixteen times; the line is drawn at ten, and one
 * good measurement of three is enough. What takes less than 40 ms even then, or
 * less than a microsecond for an octet, is fast enough whatever the ratio:
 * collecting garbage begins only with the large input.
 */
export async function expectLinearReading(
  make: (size: number) => Uint8Array,
  read: (octets: Uint8Array) => Promise<unknown>,
  size: number,
): Promise<void> {
  const small = make(size);
  const large = make(4 * size);
  await read(small);
  const ratios: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const after = await cheapestOf(() => read(large), 2);
    if (after < 40 || after < large.length / 1000) return;
    const ratio = after / (await cheapestOf(() => read(small), 4));
    if (ratio < 10) return;
    ratios.push(ratio);
  }
  expect(ratios, 'cost of four times the input').toEqual([]);
}
