// npm run bench [-- NAME] [--json] [--processes N] [--rounds N] [--warm-up SECONDS]
// npm run bench:gate [-- NAME]
//
// Measures the benches side by side with their peers; see results.md for how.
// The gate fails when a ratio stays under its goal in two of three tries.

import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { isMain } from '../tools/process.mjs';
import { setup as install } from '../tools/setup.mjs';
import { loadBenches } from './bench.mjs';
import { mimeMemory } from './mime-memory.mjs';
import { peerVersions } from './peers/load.mjs';
import { keep, machine, table } from './report.mjs';

/** @typedef {{ processes: number, rounds: number, warmUp: number }} Size warm-up in seconds of each process */

/**
 * @param {number[]} values
 * @param {number} part 0.5 for the median
 * @returns {number}
 */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/**
 * The ratios of a peer to ours, round by round.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} peer
 * @returns {number[]}
 */
export function pairedRatios(ours, peer) {
  return peer.flatMap((time, round) => {
    const own = ours[round];
    return own === undefined ? [] : [time / own];
  });
}

/**
 * A contender in a process of its own: what one leaves for the collector of
 * garbage, or makes the compiler undo, is not counted with another.
 *
 * @param {string} bench
 * @param {string} contender
 * @param {number} warmUp seconds
 * @returns {Promise<{ ask(wanted: 'warm' | 'batch'): Promise<number>, end(): void }>}
 */
async function start(bench, contender, warmUp) {
  const child = fork(new URL('./contender.mjs', import.meta.url), [bench, contender, String(warmUp)]);
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once('message', (/** @type {{ sample?: number, failure?: string }} */ { sample, failure }) => {
        child.removeAllListeners('exit');
        if (failure === undefined) resolve(sample ?? 0);
        else reject(new Error(failure));
      });
      child.once('exit', (code) => reject(new Error(`its process ended with ${code}`)));
    });
  await answer();
  return {
    ask(wanted) {
      child.send(wanted);
      return /** @type {Promise<number>} */ (answer());
    },
    end() {
      child.kill();
    },
  };
}

/**
 * Fresh processes, one for each contender, take turns round after round in an
 * order that rotates; one works at a time.
 *
 * @param {import('./bench.mjs').Bench<any>} bench
 * @param {Size} size
 * @param {Record<string, number[]>} samples the times of each contender, added to
 * @param {Record<string, string>} failures why a contender has none, added to
 */
async function takeTurns(bench, { rounds, warmUp }, samples, failures) {
  /** @type {{ name: string, running: Awaited<ReturnType<typeof start>> }[]} */
  const contenders = [];
  try {
    for (const name of Object.keys(bench.contenders)) {
      try {
        const running = await start(bench.name, name, warmUp);
        contenders.push({ name, running });
        await running.ask('warm');
      } catch (error) {
        failures[name] = error instanceof Error ? error.message : String(error);
      }
    }
    const ready = contenders.filter(({ name }) => failures[name] === undefined);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < ready.length; turn++) {
        const next = ready[(round + turn) % ready.length];
        if (next === undefined) continue;
        const own = samples[next.name] ?? [];
        samples[next.name] = own;
        own.push(await next.running.ask('batch'));
      }
    }
  } finally {
    for (const { running } of contenders) running.end();
  }
}

/**
 * @param {import('./bench.mjs').Bench<any>} bench
 * @param {Size} size
 * @returns {Promise<import('./report.mjs').Result>}
 */
async function measure(bench, size) {
  const { processes, rounds } = size;
  /** @type {Record<string, number[]>} */
  const samples = {};
  /** @type {Record<string, string>} */
  const failures = {};
  for (let i = 0; i < processes; i++) await takeTurns(bench, size, samples, failures);
  /** @type {Record<string, string | undefined>} */
  const versions = { ...peerVersions(), ...bench.versions?.() };
  const lines = Object.keys(bench.contenders).map((contender) => {
    /** @type {import('./report.mjs').Line} */
    const line = { contender };
    const version = versions[contender];
    if (version !== undefined) line.version = version;
    const failure = failures[contender];
    const own = samples[contender];
    if (failure !== undefined || own === undefined) return { ...line, failure: failure ?? 'no samples' };
    line.microseconds = quantile(own, 0.5);
    if (contender === 'ours') return line;
    const goal = bench.goals?.[contender];
    if (goal !== undefined) line.goal = goal;
    const ratios = pairedRatios(samples.ours ?? [], own);
    if (ratios.length === 0) return line;
    line.ratio = quantile(ratios, 0.5);
    line.spread = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
    return line;
  });
  return {
    name: bench.name,
    title: bench.title,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    node: process.versions.node,
    processes,
    rounds,
    lines,
  };
}

/**
 * Tries until two of at most three tries agree.
 *
 * @param {import('./bench.mjs').Bench<any>} bench
 * @param {Size} size
 * @returns {Promise<boolean>} whether the goals are reached
 */
async function gate(bench, size) {
  let reached = 0;
  let missed = 0;
  while (reached < 2 && missed < 2) {
    const { lines } = await measure(bench, size);
    const ours = lines.find(({ contender }) => contender === 'ours');
    const short = Object.entries(bench.goals ?? {}).filter(([peer, goal]) => {
      const line = lines.find(({ contender }) => contender === peer);
      return !((line?.ratio ?? 0) >= goal);
    });
    const figures = lines
      .filter(({ goal }) => goal !== undefined)
      .map(({ contender, ratio, goal, failure }) => {
        const why =
          failure ??
          (ratio === undefined
            ? (ours?.failure ?? 'no figure')
            : `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)}×`);
        return `${contender} ${why} (goal ${goal}×)`;
      });
    console.log(`${short.length === 0 ? 'ok    ' : 'missed'} ${bench.name}: ${figures.join(', ')}`);
    if (short.length === 0) reached++;
    else missed++;
  }
  return reached === 2;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
      processes: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '7' },
      'warm-up': { type: 'string', default: '6' },
    },
  });
  install(new URL('./peers', import.meta.url).pathname);
  const size = {
    processes: Number(values.processes),
    rounds: Number(values.rounds),
    warmUp: Number(values['warm-up']),
  };
  const benches = await loadBenches(positionals[0]);
  const memory = 'mime-memory'.startsWith(positionals[0] ?? '') ? mimeMemory() : undefined;
  if (benches.length === 0 && memory === undefined)
    throw new Error(`there is no bench ${positionals[0] ?? ''}`);
  if (values.gate) {
    for (const { bench } of benches) {
      if (bench.goals !== undefined && !(await gate(bench, size))) process.exitCode = 1;
    }
    if (memory !== undefined) {
      console.log(
        `${memory.missed.length === 0 ? 'ok    ' : 'missed'} ${memory.name} ${memory.missed.join(', ')}`,
      );
      if (memory.missed.length > 0) process.exitCode = 1;
    }
    return;
  }
  /** @type {import('./report.mjs').Result[]} */
  const results = [];
  for (const { bench } of benches) {
    const result = await measure(bench, size);
    if (!values.json) console.log(table(result));
    results.push(result);
    // A run that is broken off keeps what it has measured.
    keep([result]);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
  if (memory !== undefined && !values.json) console.log(`${memory.name}: ${memory.text}`);
  if (memory !== undefined) keep([], [memory]);
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
