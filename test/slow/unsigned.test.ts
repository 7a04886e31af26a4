import { expect, test } from 'vitest';
import { patterns } from '../hostile/damage.js';
import { flipMessage, flipSignature } from '../hostile/unsigned.js';

/** Every bit alone, and all of them. */
const all = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];
const sampled = process.env['MAILSEAL_SLOW'] === 'sample';
const chosen = (at: number): readonly number[] => (sampled ? [patterns[at % patterns.length]!] : all);

test('a message with any one bit changed is not verified, but for what no signature is over', async () => {
  const { cases, verified } = await flipMessage(chosen);
  console.log(`${cases} flips`, verified);
  expect(cases).toBe(4322 * (sampled ? 1 : all.length));
});

test('a p7s with any one bit changed is not verified, but for what no signature is over', async () => {
  const { cases, verified } = await flipSignature(chosen);
  console.log(`${cases} flips`, verified);
  expect(cases).toBe(2500 * (sampled ? 1 : all.length));
});
