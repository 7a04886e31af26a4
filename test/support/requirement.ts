import { describe, test } from 'vitest';

/**
 * Declares tests that need something from outside of the project. Where that
 * is absent they count as one skipped test, under `CI=true` as one failed test.
 *
 * @param what - names the tests, and what is needed.
 */
export function describeWith(what: string, isPresent: boolean, declare: () => void): void {
  describe(what, () => {
    if (isPresent) declare();
    else {
      test('is present', ({ skip }) => {
        if (process.env['CI'] === 'true') throw new Error(`${what} must be present in CI`);
        skip(`${what} is absent: none of these tests ran`);
      });
    }
  });
}
