import { expect, test } from 'vitest';
import { randomlyAltered } from '../support/alteration-trials.js';

const rounds = process.env['MAILSEAL_SLOW'] === 'sample' ? 100 : 2500;

// Four times, so that each takes minutes.
test.each([2026, 2027, 2028, 2029])(
  `${rounds} random bodies with as many random edits, seed %i: nothing is recovered that was not signed`,
  async (seed) => {
    const { meaning, octets, recovered } = await randomlyAltered(rounds, seed);
    console.log(`${meaning} changes of meaning, ${octets} of octets, of which ${recovered} could be undone`);
    expect(meaning + octets).toBeGreaterThan(rounds * 0.9);
    expect(meaning).toBeGreaterThan(rounds * 0.4);
    expect(recovered).toBeGreaterThan(rounds * 0.02);
  },
);
