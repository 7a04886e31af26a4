// One contender of one bench in a process of its own, started by measure.mjs,
// which asks by message: first `warm`, then `batch` in each of its turns. A cold
// bench asks for a `batch` at once, which is then the first call alone.
//
// CPU time and not the clock, unless the bench is about the clock, since other
// programs run on the machine, too; native work that a runtime hands to its
// threads is counted with it.

import { loadBenches } from './bench.mjs';
import { hasSettled } from './figures.mjs';
import { peerVersion } from './peers/load.mjs';

/** A batch is long enough that the timer's grain and one collection of garbage do not show. */
const batchMicroseconds = 60_000;

const [file = '', name = '', contender = '', warmUpSeconds] = process.argv.slice(2);
const most = Number(warmUpSeconds ?? 3) * 1e6;
let calls = 1;

/**
 * What a job gives that is done by another program, which measures itself.
 *
 * @typedef {{ microseconds: number }} OwnFigure
 */

/** @param {unknown} result @returns {result is OwnFigure} */
const isOwnFigure = (result) =>
  typeof result === 'object' && result !== null && typeof Reflect.get(result, 'microseconds') === 'number';

/** @returns {number} microseconds of CPU time */
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** @returns {number} microseconds */
const wall = () => Number(process.hrtime.bigint()) / 1e3;

/**
 * The time of one call, in microseconds, as the mean of a batch.
 *
 * @param {(state: any) => unknown} job
 * @param {unknown} state
 * @param {() => number} clock
 * @returns {Promise<number>}
 */
async function measure(job, state, clock) {
  const before = clock();
  for (let i = 0; i < calls; i++) {
    const result = job(state);
    if (result instanceof Promise) await result;
    else if (isOwnFigure(result)) return result.microseconds;
  }
  return (clock() - before) / calls;
}

/**
 * Batches are doubled until they are long enough, and go on until the time of
 * a call has settled; the last tells how many calls a batch needs.
 *
 * @param {(state: any) => unknown} job
 * @param {unknown} state
 * @param {() => number} clock
 */
async function warmUp(job, state, clock) {
  let each = await measure(job, state, clock);
  let spent = each;
  /** @type {number[]} */
  const settled = [];
  while (spent < most && !hasSettled(settled, spent)) {
    if (each * calls < batchMicroseconds / 2) calls *= 2;
    each = await measure(job, state, clock);
    spent += each * calls;
    if (each * calls >= batchMicroseconds / 2) settled.push(each);
  }
  calls = Math.max(1, Math.ceil(batchMicroseconds / each));
}

/**
 * As much of the same as a batch, unmeasured: while others had their turn, the
 * collector of garbage made the process small, and caches were filled with
 * other things. What is measured is a process at work.
 *
 * @param {(state: any) => unknown} job
 * @param {unknown} state
 */
async function leadIn(job, state) {
  for (const end = wall() + batchMicroseconds; wall() < end; ) {
    const result = job(state);
    if (result instanceof Promise) await result;
  }
}

/** @param {{ sample?: number, failure?: string, node?: string, version?: string }} answer */
const reply = (answer) => process.send?.(answer);

/** @param {unknown} error */
const fail = (error) => reply({ failure: error instanceof Error ? error.message : String(error) });

try {
  const found = (await loadBenches(name, file)).find((each) => each.name === name);
  const job = found?.bench.contenders[contender];
  if (found === undefined || job === undefined) throw new Error(`there is no ${contender} in bench ${name}`);
  const { bench, size } = found;
  const clock = bench.clock === 'wall' ? wall : cpu;
  const state = await bench.setup(size);
  process.on('message', async (wanted) => {
    try {
      if (wanted === 'warm') await warmUp(job, state, clock);
      // A job that is as long as a batch by itself has found its pace before its end.
      else if (!bench.cold && calls > 1) await leadIn(job, state);
      reply({ sample: wanted === 'warm' ? 0 : await measure(job, state, clock) });
    } catch (error) {
      fail(error);
    }
  });
  const version = bench.versions?.()[contender] ?? peerVersion(contender);
  reply({ node: process.versions.node, ...(version === undefined ? {} : { version }) });
} catch (error) {
  fail(error);
}
