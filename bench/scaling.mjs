// node bench/scaling.mjs [JOB] [--page]
//
// Measures how CPU time and memory grow with the size of the input, with
// recipients and with messages, and writes docs/scaling.md and docs/scaling.svg.
// --page writes them anew from bench/scaling.jsonl and measures nothing. A JOB is
// measured where its name begins so.
//
// Each point is a process of its own, and one more for its memory, warmed up with the third size of the job, whatever
// its own, until the time of a call has settled. It says what one call takes: CPU time
// of all threads, the least of up to three turns, and by how much its resident memory
// rose at most (Linux tells and resets that peak).

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMain } from '../tools/process.mjs';
import { hasSettled } from './figures.mjs';
import { machine } from './report.mjs';
import { scalingJobs } from './scaling-jobs.mjs';
import { writePage } from './scaling-page.mjs';

const dataPath = new URL('./scaling.jsonl', import.meta.url);
const self = fileURLToPath(import.meta.url);

/**
 * @typedef {object} Point
 * @property {string} name of the job
 * @property {number} size
 * @property {number} microseconds of one call
 * @property {number} [peak] octets by which memory rose
 * @property {string} date
 * @property {string} node
 * @property {string} machine
 */

/** @returns {number} microseconds of CPU time */
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** @param {string} name a line of /proc/self/status, in octets; 0 where there is none */
function status(name) {
  if (!existsSync('/proc/self/status')) return 0;
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1] ?? 0) * 1024;
}

/** A turn lasts at least so long, in microseconds. */
const turn = 100_000;
/** Microseconds that are spent before anything is measured; a seal goes through most of the package. */
const leastWarmUp = { octets: 1_000_000, recipients: 1_000_000, messages: 4_000_000 };
const mostWarmUp = 15_000_000;
/** What has taken so long once is not measured again. */
const long = 2_000_000;

/**
 * The time of one call in a turn.
 *
 * @param {() => unknown} call
 */
async function timed(call) {
  const before = cpu();
  let calls = 0;
  do {
    const result = call();
    if (result instanceof Promise) await result;
    calls++;
  } while (cpu() - before < turn);
  return (cpu() - before) / calls;
}

/**
 * All sizes are warmed up with the same, or those of one and ten would be measured while
 * the compiler works, and cost would seem to fall with size.
 *
 * @param {import('./scaling-jobs.mjs').Job} job
 */
async function warmUp({ sizes, unit, prepare }) {
  const call = await prepare(sizes[2] ?? 1);
  const least = leastWarmUp[unit];
  const began = cpu();
  /** @type {number[]} */
  const turns = [];
  while (cpu() - began < mostWarmUp && !hasSettled(turns, cpu() - began, least))
    turns.push(await timed(call));
}

/**
 * @param {string} name
 * @param {number} size
 * @param {boolean} isMemory whether memory is measured and not time: a collection that is asked for, as memory needs,
 *   makes code slow for long
 * @returns {Promise<number>} octets or microseconds
 */
async function measure(name, size, isMemory) {
  const job = scalingJobs.find((each) => each.name === name);
  if (job === undefined) throw new Error(`there is no job ${name}`);
  await warmUp(job);
  const call = await job.prepare(size);
  const before = cpu();
  if (isMemory) {
    // What making the input left behind is given back, so that what the call takes is seen; buffers are freed by
    // another thread, a moment later.
    for (let i = 0; i < 2; i++) {
      Reflect.get(globalThis, 'gc')?.();
      await setTimeout(200);
    }
    if (existsSync('/proc/self/clear_refs')) writeFileSync('/proc/self/clear_refs', '5');
    const held = status('VmRSS');
    await call();
    return Math.max(0, status('VmHWM') - held);
  }
  await call();
  let microseconds = cpu() - before;
  if (microseconds < long) {
    for (let i = 0; i < 3; i++) microseconds = Math.min(microseconds, await timed(call));
  }
  return microseconds;
}

/** @returns {Point[]} */
function read() {
  if (!existsSync(dataPath)) return [];
  const lines = readFileSync(dataPath, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** @param {readonly Point[]} points those of jobs and sizes that are none any more go */
function write(points) {
  const order = new Map(
    scalingJobs
      .flatMap(({ name, sizes }) => sizes.map((size) => `${name} ${size}`))
      .map((key, i) => [key, i]),
  );
  const place = (/** @type {Point} */ { name, size }) => order.get(`${name} ${size}`) ?? -1;
  const kept = points.filter((point) => place(point) >= 0).sort((a, b) => place(a) - place(b));
  writeFileSync(dataPath, kept.map((point) => `${JSON.stringify(point)}\n`).join(''));
  return kept;
}

/** @param {string} name @param {number} size @param {readonly string[]} options @returns {number} */
function pointOf(name, size, options) {
  const args = ['--expose-gc', '--max-old-space-size=8192', self, name, '--point', String(size), ...options];
  const { status: code, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (code !== 0) throw new Error(`${name} ${size}: ${stderr.slice(0, 500)}`);
  return Number(stdout);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      page: { type: 'boolean', default: false },
      point: { type: 'string' },
      memory: { type: 'boolean', default: false },
    },
  });
  const [wanted = ''] = positionals;
  if (values.point !== undefined) {
    console.log(await measure(wanted, Number(values.point), values.memory));
    return;
  }
  if (!values.page) {
    for (const { name, sizes } of scalingJobs.filter((job) => job.name.startsWith(wanted))) {
      for (const size of sizes) {
        const microseconds = pointOf(name, size, []);
        const peak = pointOf(name, size, ['--memory']);
        console.log(
          `${name} ${size}: ${(microseconds / 1000).toPrecision(4)} ms, ${(peak / 1e6).toFixed(1)} MB`,
        );
        /** @type {Point} */
        const point = {
          name,
          size,
          microseconds: Number(microseconds.toPrecision(4)),
          ...(existsSync('/proc/self/clear_refs') ? { peak } : {}),
          date: new Date().toISOString().slice(0, 10),
          node: process.versions.node,
          machine: machine(),
        };
        write([...read().filter((each) => each.name !== name || each.size !== size), point]);
      }
    }
  }
  writePage(write(read()));
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`scaling: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
