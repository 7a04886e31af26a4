import { expect, test } from 'vitest';
import { randomlyAltered } from '../support/alteration-trials.js';

const rounds = process.env['MAILSEAL_SLOW'] === 'sample' ? 500 : 10_000;

test(`${rounds} random bodies with ${rounds} random edits: nothing is recovered that was not signed`, async () => {
  const { meaning, octets, recovered } = await randomlyAltered(rounds, 2026);
  console.log(`${meaning} changes of meaning, ${octets} of octets, of which ${recovered} could be undone`);
  expect(meaning + octets).toBeGreaterThan(rounds * 0.9);
  expect(meaning).toBeGreaterThan(rounds * 0.4);
  expect(recovered).toBeGreaterThan(rounds * 0.02);
});
