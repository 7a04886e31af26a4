import { describe, expect, test } from 'vitest';
import { pairedRatios, quantile } from '../../bench/harness.mjs';

describe('bench harness: figures', () => {
  test('the median and quartiles, between two values where there is no middle one', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('ratios pair the samples of one round', () => {
    expect(pairedRatios([1, 2, 4], [10, 30, 20])).toEqual([10, 15, 5]);
    expect(pairedRatios([], [10])).toEqual([]);
  });
});
