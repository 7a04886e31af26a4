import { expect, test } from 'vitest';
import { bounds, measureMemory, tooMuch } from '../../tools/measure-cli-memory.mjs';
import { needsBuild } from '../cli/support.js';

needsBuild();

/** The sample is longer than what the command keeps anywhere. */
const sizes = process.env['MAILSEAL_SLOW'] === 'sample' ? [10, 40] : [100, 1000];

test(`the command takes at most ${bounds.peak} MB, for ${sizes.join(' and ')} MB alike`, async () => {
  const peaks = await measureMemory(sizes);
  for (const [job, each] of peaks) console.log(`${job}: ${each.map((found) => found.toFixed(1)).join(', ')}`);
  expect(tooMuch(peaks)).toEqual([]);
  expect(peaks.size).toBe(9);
}, 1_800_000);
