import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** That two values are the same in everything: `undefined` is not a missing property, text is not octets. */
export function expectSame(actual: unknown, wanted: unknown): void {
  // The quick way first: the other one makes a difference that people can read.
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toStrictEqual(wanted);
}
