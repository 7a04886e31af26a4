// One process of one bench, started by harness.mjs: all contenders take turns,
// round after round, in an order that rotates. Prints its samples as JSON.
//
// CPU time and not the clock, since other programs run on the machine, too;
// native work that a runtime hands to its threads is counted with it.

import { loadBenches } from './bench.mjs';

/** A batch is long enough that the timer's grain and one collection of garbage do not show. */
const batchMicroseconds = 200_000;

/** By then the runtime has compiled what is called often; an app that reads a mailbox is past it soon. */
const warmUpMicroseconds = 4_000_000;

const [name, first = '0', rounds = '7'] = process.argv.slice(2);
const [found] = (await loadBenches(name)).filter(({ bench }) => bench.name === name);
if (found === undefined) throw new Error(`there is no bench ${name}`);
const { bench } = found;
const state = await bench.setup();

/**
 * The CPU time of one call, in microseconds, as the mean of a batch.
 *
 * @param {(state: any) => unknown} job
 * @param {number} calls
 * @returns {Promise<number>}
 */
async function measure(job, calls) {
  const before = process.cpuUsage();
  await repeat(job, calls);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/**
 * @param {(state: any) => unknown} job
 * @param {number} calls
 */
async function repeat(job, calls) {
  for (let i = 0; i < calls; i++) {
    const result = job(state);
    if (result instanceof Promise) await result;
  }
}

/** @type {{ name: string, job: (state: any) => unknown, calls: number, samples: number[] }[]} */
const contenders = [];
/** @type {Record<string, string>} */
const failures = {};

for (const [contender, job] of Object.entries(bench.contenders)) {
  try {
    // Doubling batches warm the contender up, and the last one tells how many calls a batch needs.
    let calls = 1;
    let each = await measure(job, calls);
    for (let spent = each; spent < warmUpMicroseconds; spent += each * calls) {
      if (each * calls < batchMicroseconds) calls *= 2;
      each = await measure(job, calls);
    }
    contenders.push({
      name: contender,
      job,
      calls: Math.max(1, Math.ceil(batchMicroseconds / each)),
      samples: [],
    });
  } catch (error) {
    failures[contender] = error instanceof Error ? error.message : String(error);
  }
}

for (let round = 0; round < Number(rounds); round++) {
  for (let turn = 0; turn < contenders.length; turn++) {
    const contender = contenders[(Number(first) + round + turn) % contenders.length];
    if (contender === undefined) continue;
    const { job, calls, samples } = contender;
    // Time for the last contender's garbage to be collected. To force that would be worse: a full collection
    // makes the next hundred milliseconds several times slower, whoever has them.
    await repeat(job, Math.ceil(calls / 4));
    samples.push(await measure(job, calls));
  }
}

const samples = Object.fromEntries(contenders.map((contender) => [contender.name, contender.samples]));
// The runtime may have threads of a peer still open; the answer is all that is wanted.
process.stdout.write(`${JSON.stringify({ samples, failures })}\n`, () => process.exit(0));
