// node bench/cli-bare.mjs STEPS INPUT [OUTPUT]
//
// What bench/cli-throughput.mjs holds the command to: a process that loads nothing but what it calls.

import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { openSync, readSync, writeSync } from 'node:fs';

/**
 * The native calls of a job and nothing else, on the octets of a file.
 *
 * @param {string} steps
 * @param {string} input
 * @param {string} output none where it is empty
 */
function bare(steps, input, output) {
  const [secret, iv] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2)];
  const hash = createHash('sha256');
  const makers = {
    cbc: () => createCipheriv('aes-256-cbc', secret, iv),
    gcm: () => createCipheriv('aes-256-gcm', secret, iv.subarray(4)),
    uncbc: () => createDecipheriv('aes-256-cbc', secret, iv),
    ungcm: () => createDecipheriv('aes-256-gcm', secret, iv.subarray(4)),
  };
  const passes = steps.split(',').map((step) => {
    if (step === 'digest') {
      return (/** @type {Buffer} */ octets) => {
        hash.update(octets);
        return octets;
      };
    }
    if (step === 'base64') return (/** @type {Buffer} */ octets) => Buffer.from(octets.toString('base64'));
    if (step === 'unbase64')
      return (/** @type {Buffer} */ octets) => Buffer.from(octets.toString('latin1'), 'base64');
    const cipher = makers[/** @type {keyof typeof makers} */ (step)]();
    return (/** @type {Buffer} */ octets) => cipher.update(octets);
  });
  const [from, to] = [openSync(input, 'r'), output === '' ? undefined : openSync(output, 'w')];
  const block = Buffer.alloc(57 * 4096);
  for (;;) {
    const length = readSync(from, block);
    if (length === 0) break;
    /** @type {Buffer} */
    let octets = block.subarray(0, length);
    for (const pass of passes) octets = pass(octets);
    if (to !== undefined) writeSync(to, octets);
  }
}

const [steps = '', input = '', output = ''] = process.argv.slice(2);
bare(steps, input, output);
