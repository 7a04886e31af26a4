import { expect, test } from 'vitest';
import { patterns } from './damage.js';
import { flipMessage, flipSignature } from './unsigned.js';

/** Ten seconds of work, on a machine that may be busy with other things. */
const timeout = 300_000;

// One pattern an octet; test/slow has all of them.
const one = (at: number): readonly number[] => [patterns[at % patterns.length]!];

test('a message with any one octet changed is not verified, but for what no signature is over', {
  timeout,
}, async () => {
  const { cases, verified } = await flipMessage(one);
  console.log(`${cases} octets`, verified);
  expect(cases).toBe(4322);
  expect(Object.keys(verified).sort()).toEqual([
    'CR before the first delimiter',
    'digestAlgorithms, a hint for those who read in one pass',
    'header fields of the message other than From',
    'header of the signature part',
    'line ends of the base64 of the signature',
    'parameters of rsaEncryption, which has none',
    'preamble',
    'the name in From beside its address',
    'version of SignerInfo',
    'what follows the signature part',
  ]);
});

test('a p7s with any one octet changed is not verified, but for what no signature is over', {
  timeout,
}, async () => {
  const { cases, verified } = await flipSignature(one);
  console.log(`${cases} octets`, verified);
  expect(cases).toBe(2500);
  expect(Object.keys(verified).length).toBeGreaterThan(0);
});
