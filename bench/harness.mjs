// npm run bench [-- NAME] [--json] [--processes N] [--rounds N]
// npm run bench:gate [-- NAME]
//
// Measures the benches side by side with their peers; see results.md for how.
// The gate fails when a ratio stays under its goal in two of three tries.

import { parseArgs } from 'node:util';
import { isMain, run } from '../tools/process.mjs';
import { setup as install } from '../tools/setup.mjs';
import { loadBenches } from './bench.mjs';
import { peerVersions } from './peers/load.mjs';
import { keep, machine, table } from './report.mjs';

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
 * @param {import('./bench.mjs').Bench<any>} bench
 * @param {{ processes: number, rounds: number }} size
 * @returns {Promise<import('./report.mjs').Result>}
 */
async function measure(bench, { processes, rounds }) {
  /** @type {Record<string, number[]>} */
  const samples = {};
  /** @type {Record<string, string>} */
  const failures = {};
  const script = new URL('./rounds.mjs', import.meta.url).pathname;
  for (let first = 0; first < processes; first++) {
    const args = [script, bench.name, String(first), String(rounds)];
    const { status, output } = await run(process.execPath, args);
    const answer = output.trimEnd().split('\n').at(-1) ?? '';
    if (status !== 0 || !answer.startsWith('{'))
      throw new Error(`bench ${bench.name} failed:\n${output.trimEnd()}`);
    const part = JSON.parse(answer);
    Object.assign(failures, part.failures);
    for (const [name, times] of Object.entries(part.samples)) {
      const all = samples[name] ?? [];
      samples[name] = all;
      all.push(...times);
    }
  }
  /** @type {Record<string, string>} */
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
 * @param {{ processes: number, rounds: number }} size
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
          failure ?? (ratio === undefined ? (ours?.failure ?? 'no figure') : `${ratio.toFixed(1)}×`);
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
    },
  });
  install(new URL('./peers', import.meta.url).pathname);
  const size = { processes: Number(values.processes), rounds: Number(values.rounds) };
  const benches = await loadBenches(positionals[0]);
  if (benches.length === 0) throw new Error(`there is no bench ${positionals[0] ?? ''}`);
  if (values.gate) {
    for (const { bench } of benches) {
      if (bench.goals !== undefined && !(await gate(bench, size))) process.exitCode = 1;
    }
    return;
  }
  /** @type {import('./report.mjs').Result[]} */
  const results = [];
  for (const { bench } of benches) {
    const result = await measure(bench, size);
    if (!values.json) console.log(table(result));
    results.push(result);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
  keep(results);
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
