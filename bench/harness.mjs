// npm run bench [-- NAME] [--json] [--processes N] [--rounds N] [--warm-up SECONDS] [--node 24]
// npm run bench:gate [-- NAME]
//
// Measures the benches side by side with their peers; see results.md for how.
// The gate fails when a ratio to a peer in JavaScript stays under its goal in
// two of three tries.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMain } from '../tools/process.mjs';
import { setup as install } from '../tools/setup.mjs';
import { loadBenches } from './bench.mjs';
import { judge, measure, twoOfThree } from './measure.mjs';
import { mimeMemory } from './mime-memory.mjs';
import { figure, keep, table } from './report.mjs';
import { nodeProgram } from './runtimes/load.mjs';

/** What is shorter than this is printed and not kept. */
const least = { processes: 3, samples: 15 };

/**
 * @param {import('./bench.mjs').Case} bench
 * @param {import('./measure.mjs').Options} options
 * @returns {Promise<boolean>} whether the goals are reached
 */
function gate(bench, options) {
  return twoOfThree(async () => {
    const result = await measure(bench, options);
    const { held, missed } = judge(result);
    const ours = result.lines.find(({ contender }) => contender === 'ours');
    const figures = held.map((line) => {
      const why = line.failure ?? (line.ratio === undefined ? ours?.failure : figure(line.ratio));
      return `${line.contender} ${why ?? 'no figure'} (goal ${line.goal}×)`;
    });
    console.log(`${missed.length === 0 ? 'ok    ' : 'missed'} ${bench.name}: ${figures.join(', ')}`);
    return missed.length === 0;
  });
}

/**
 * Measures the benches and prints each family when it is done.
 *
 * @param {readonly import('./bench.mjs').Case[]} benches
 * @param {import('./measure.mjs').Options} options
 * @param {{ json: boolean, isKept: boolean }} how
 */
async function run(benches, options, { json, isKept }) {
  /** @type {import('./report.mjs').Result[]} */
  const results = [];
  for (const [i, bench] of benches.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`${bench.name}\r`);
    const result = await measure(bench, options);
    results.push(result);
    // A run that is broken off keeps what it has measured.
    if (isKept) await keep([result]);
    if (!json && benches[i + 1]?.family !== bench.family) {
      console.log(table(results.filter(({ family }) => family === bench.family)));
    }
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  else if (!isKept) console.error('This was too short for bench/results.md.');
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
      processes: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '6' },
      node: { type: 'string' },
    },
  });
  install(fileURLToPath(new URL('./peers', import.meta.url)));
  const options = {
    processes: Number(values.processes),
    rounds: Number(values.rounds),
    warmUp: Number(values['warm-up']),
    program: nodeProgram(values.node),
  };
  const benches = await loadBenches(positionals[0]);
  const withMemory = values.node === undefined && 'mime-memory'.startsWith(positionals[0] ?? '');
  if (benches.length === 0 && !withMemory) throw new Error(`there is no bench ${positionals[0] ?? ''}`);
  if (values.gate) {
    for (const bench of benches) {
      const isHeld = Object.keys(bench.goals).some((peer) => !bench.bench.native?.includes(peer));
      if (isHeld && !(await gate(bench, options))) process.exitCode = 1;
    }
  } else {
    const { processes, rounds } = options;
    const isKept = processes >= least.processes && processes * rounds >= least.samples;
    await run(benches, options, { json: values.json, isKept });
  }
  if (!withMemory) return;
  const memory = mimeMemory();
  if (values.gate) {
    const isReached = memory.missed.length === 0;
    console.log(`${isReached ? 'ok    ' : 'missed'} ${memory.name} ${memory.missed.join(', ')}`);
    if (!isReached) process.exitCode = 1;
  } else if (!values.json) {
    console.log(`${memory.name}: ${memory.text}`);
    await keep([], [memory]);
  }
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
