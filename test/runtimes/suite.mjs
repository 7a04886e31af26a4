// Runs cases without a test runner, so that every runtime can.

/**
 * @typedef {{ name: string, run: () => void | Promise<void> }} Case
 * @typedef {{ passed: number, failures: { name: string, reason: string }[] }} Outcome
 */

/**
 * @param {readonly Case[]} cases
 * @returns {Promise<Outcome>}
 */
export async function runCases(cases) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failures: [] };
  for (const { name, run } of cases) {
    try {
      await run();
      outcome.passed++;
    } catch (error) {
      outcome.failures.push({ name, reason: String(error) });
    }
  }
  return outcome;
}

/**
 * @param {unknown} actual
 * @param {unknown} expected compared as JSON
 */
export function equal(actual, expected) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`got ${a}, wanted ${b}`);
}
