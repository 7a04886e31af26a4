import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';

/** That two values are the same in everything: `undefined` is not a missing property, text is not octets. */
export function expectSame(actual: unknown, wanted: unknown): void {
  // The quick way first: the other one makes a difference that people can read.
  if (isDeepStrictEqual(actual, wanted)) return;
  expect(actual).toStrictEqual(wanted);
  throw new Error('the values differ, though no difference can be shown');
}

/** Where to cut so many octets: not at all, at some places, or everywhere. */
export const cutsOf: fc.Arbitrary<(length: number) => number[]> = fc.oneof(
  fc.constant(() => []),
  fc.constant((length: number) =>
    length > 3000 ? [] : Array.from({ length: Math.max(0, length - 1) }, (_, at) => at + 1),
  ),
  fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
    .map(
      (places) => (length: number) => places.map((place) => Math.floor(place * length)).sort((a, b) => a - b),
    ),
);
