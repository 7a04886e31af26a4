// One contender of one bench in a process of its own, started by harness.mjs,
// which asks for batches by message: first `warm`, then `batch` in its turn.
//
// CPU time and not the clock, since other programs run on the machine, too;
// native work that a runtime hands to its threads is counted with it.

import { loadBenches } from './bench.mjs';

/** A batch is long enough that the timer's grain and one collection of garbage do not show. */
const batchMicroseconds = 200_000;

const [name, contender = '', warmUpSeconds] = process.argv.slice(2);
/** By then the runtime has compiled what is called often; short jobs with many functions take it some 10,000 calls. */
const warmUpMicroseconds = Number(warmUpSeconds ?? 6) * 1e6;
let calls = 1;

/**
 * What a job gives that is done by another program, which measures itself.
 *
 * @typedef {{ microseconds: number }} OwnFigure
 */

/** @param {unknown} result @returns {result is OwnFigure} */
const isOwnFigure = (result) =>
  typeof result === 'object' && result !== null && typeof Reflect.get(result, 'microseconds') === 'number';

/**
 * The CPU time of one call, in microseconds, as the mean of a batch.
 *
 * @param {(state: any) => unknown} job
 * @param {unknown} state
 * @returns {Promise<number>}
 */
async function measure(job, state) {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) {
    const result = job(state);
    if (result instanceof Promise) await result;
    else if (isOwnFigure(result)) return result.microseconds;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** Doubling batches warm the contender up, and the last one tells how many calls a batch needs. */
async function warmUp(/** @type {(state: any) => unknown} */ job, /** @type {unknown} */ state) {
  let each = await measure(job, state);
  for (let spent = each; spent < warmUpMicroseconds; spent += each * calls) {
    if (each * calls < batchMicroseconds) calls *= 2;
    each = await measure(job, state);
  }
  calls = Math.max(1, Math.ceil(batchMicroseconds / each));
}

/** @param {{ sample?: number, failure?: string }} answer */
const reply = (answer) => process.send?.(answer);

try {
  const found = (await loadBenches(name)).find(({ bench }) => bench.name === name);
  const job = found?.bench.contenders[contender];
  if (found === undefined || job === undefined) throw new Error(`there is no ${contender} in bench ${name}`);
  const state = await found.bench.setup();
  process.on('message', async (wanted) => {
    try {
      if (wanted === 'warm') await warmUp(job, state);
      reply({ sample: wanted === 'warm' ? 0 : await measure(job, state) });
    } catch (error) {
      reply({ failure: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({});
} catch (error) {
  reply({ failure: error instanceof Error ? error.message : String(error) });
}
