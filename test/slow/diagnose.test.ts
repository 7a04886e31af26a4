import { expect, test } from 'vitest';
import { randomlyAltered } from '../support/alteration-trials.js';

const rounds = process.env['MAILSEAL_SLOW'] === 'sample' ? 100 : 2500;
/** One search in so many goes on to its end. */
const fullEvery = 10;

// Four times, so that each takes minutes.
test.each([2026, 2027, 2028, 2029])(
  `${rounds} random bodies with as many random edits, one in ${fullEvery} searched to the end and the others for 300 contents, seed %i: nothing is recovered that was not signed`,
  async (seed) => {
    const { meaning, octets, recovered, full } = await randomlyAltered(rounds, seed, fullEvery);
    console.log(
      `${meaning} changes of meaning, ${octets} of octets, of which ${recovered} could be undone; ${full} searched to the end`,
    );
    expect(full).toBeGreaterThanOrEqual((rounds / fullEvery) * 0.8);
    expect(meaning + octets).toBeGreaterThan(rounds * 0.9);
    expect(meaning).toBeGreaterThan(rounds * 0.4);
    expect(recovered).toBeGreaterThan(rounds * 0.02);
  },
);
