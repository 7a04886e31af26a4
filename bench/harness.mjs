// npm run bench [-- NAME ...] [--json] [--processes N] [--rounds N] [--warm-up SECONDS] [--node 24]
// npm run bench -- --page
// npm run bench:gate [-- NAME ...]
//
// --page writes results.md anew from results.jsonl and measures nothing.
// Measures the benches side by side with their peers; see results.md for how.
// The gate fails when a ratio to a peer in JavaScript stays under its goal in
// two of three tries.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMain } from '../tools/process.mjs';
import { setup as install } from '../tools/setup.mjs';
import { loadBenches } from './bench.mjs';
import { gated, judge, measure, twoOfThree } from './measure.mjs';
import { mimeMemory } from './mime-memory.mjs';
import { figure, isLongEnough, keep, table } from './report.mjs';
import { nodeProgram } from './runtimes/load.mjs';

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
  let began = performance.now();
  for (const [i, bench] of benches.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`${bench.name}\r`);
    const result = await measure(bench, options);
    results.push(result);
    // A run that is broken off keeps what it has measured.
    if (isKept) await keep([result]);
    if (!json && benches[i + 1]?.family !== bench.family) {
      console.log(table(results.filter(({ family }) => family === bench.family)));
      const now = performance.now();
      console.log(`  measured in ${Math.round((now - began) / 1000)} s\n`);
      began = now;
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
      'warm-up': { type: 'string', default: '3' },
      page: { type: 'boolean', default: false },
      node: { type: 'string' },
    },
  });
  if (values.page) {
    await keep([]);
    return;
  }
  install(fileURLToPath(new URL('./peers', import.meta.url)));
  const options = {
    processes: Number(values.processes),
    rounds: Number(values.rounds),
    warmUp: Number(values['warm-up']),
    program: nodeProgram(values.node),
  };
  const wanted = positionals.length === 0 ? [''] : positionals;
  /** @type {import('./bench.mjs').Case[]} */
  const benches = [];
  let withMemory = false;
  for (const each of new Set(wanted)) {
    const found = await loadBenches(each);
    const isMemory = values.node === undefined && 'mime-memory'.startsWith(each);
    if (found.length === 0 && !isMemory) throw new Error(`there is no bench ${each}`);
    withMemory ||= isMemory;
    benches.push(...found.filter(({ name }) => !benches.some((bench) => bench.name === name)));
  }
  if (values.gate) {
    for (const bench of benches.flatMap((each) => gated(each) ?? [])) {
      if (!(await gate(bench, options))) process.exitCode = 1;
    }
  } else {
    await run(benches, options, { json: values.json, isKept: isLongEnough(options) });
  }
  // It is no result of JSON.
  if (!withMemory || (values.json && !values.gate)) return;
  const memory = mimeMemory();
  if (values.gate) {
    const isReached = memory.missed.length === 0;
    console.log(`${isReached ? 'ok    ' : 'missed'} ${memory.name} ${memory.missed.join(', ')}`);
    if (!isReached) process.exitCode = 1;
  } else {
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
