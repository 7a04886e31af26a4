// Measures one bench: its contenders in processes of their own, by turns.

import { fork } from 'node:child_process';
import { pairedRatios, quantile } from './figures.mjs';
import { machine } from './report.mjs';

/**
 * @typedef {object} Options
 * @property {number} processes fresh ones for each contender
 * @property {number} rounds in each of them
 * @property {number} warmUp seconds of each process at most
 * @property {string} program the Node that runs the contenders
 *
 * @typedef {import('./bench.mjs').Case} Case
 * @typedef {{ sample?: number, failure?: string, node?: string, version?: string }} Answer
 */

/** What is gathered of all contenders. */
class Samples {
  /** @type {Record<string, number[]>} */
  times = {};
  /** @type {Record<string, string>} */
  failures = {};
  /** @type {Record<string, string>} */
  versions = {};
  node = process.versions.node;

  /** @param {string} contender @param {number} time */
  add(contender, time) {
    const own = this.times[contender] ?? [];
    this.times[contender] = own;
    own.push(time);
  }

  /** @param {string} contender @param {unknown} error */
  fail(contender, error) {
    this.failures[contender] ??= error instanceof Error ? error.message : String(error);
  }
}

/**
 * A contender in a process of its own: what one leaves for the collector of
 * garbage, or makes the compiler undo, is not counted with another.
 *
 * @param {Case} bench
 * @param {string} contender
 * @param {Options} options
 * @param {Samples} samples
 * @returns {Promise<{ ask(wanted: 'warm' | 'batch'): Promise<number>, end(): void }>}
 */
async function start({ file, name }, contender, { warmUp, program }, samples) {
  const child = fork(new URL('./contender.mjs', import.meta.url), [file, name, contender, String(warmUp)], {
    execPath: program,
  });
  /** @type {Promise<never>} rejected when there is nobody to answer any more, which may be between two turns */
  const ended = new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`its process ended with ${code ?? signal}`)));
    // What cannot be sent to a process that is ending is told by its end; one that never began has none.
    child.on('error', (error) => (child.pid === undefined ? reject(error) : child.kill()));
  });
  ended.catch(() => undefined);
  /** @returns {Promise<Answer>} */
  const answer = () =>
    Promise.race([
      ended,
      new Promise((resolve, reject) => {
        child.once('message', (/** @type {Answer} */ message) => {
          if (message.failure === undefined) resolve(message);
          else reject(new Error(message.failure));
        });
      }),
    ]);
  try {
    const { node, version } = await answer();
    if (node !== undefined) samples.node = node;
    if (version !== undefined) samples.versions[contender] = version;
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    async ask(wanted) {
      // A process that has ended tells so by its answer, and not here.
      if (child.connected) child.send(wanted, () => undefined);
      return (await answer()).sample ?? 0;
    },
    end() {
      child.kill();
    },
  };
}

/**
 * Those that have not failed, in an order that is another in each round.
 *
 * @template {{ name: string }} T
 * @param {readonly T[]} contenders
 * @param {number} round
 * @param {Samples} samples
 * @returns {T[]}
 */
function inTurn(contenders, round, { failures }) {
  const ready = contenders.filter(({ name }) => failures[name] === undefined);
  return ready.map((_, turn) => /** @type {T} */ (ready[(round + turn) % ready.length]));
}

/** @param {Case} bench */
const named = ({ contenders }) => contenders.map((name) => ({ name }));

/**
 * Fresh processes, one for each contender, take turns round after round; one
 * works at a time.
 *
 * @param {Case} bench
 * @param {Options} options
 * @param {Samples} samples
 */
async function takeTurns(bench, options, samples) {
  /** @type {{ name: string, running: Awaited<ReturnType<typeof start>> }[]} */
  const contenders = [];
  try {
    for (const { name } of inTurn(named(bench), 0, samples)) {
      try {
        const running = await start(bench, name, options, samples);
        contenders.push({ name, running });
        await running.ask('warm');
      } catch (error) {
        samples.fail(name, error);
      }
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const { name, running } of inTurn(contenders, round, samples)) {
        try {
          samples.add(name, await running.ask('batch'));
        } catch (error) {
          // The others go on: a run of an hour does not end with one of them.
          samples.fail(name, error);
        }
      }
    }
  } finally {
    for (const { running } of contenders) running.end();
  }
}

/**
 * The first call of fresh processes, by turns.
 *
 * @param {Case} bench
 * @param {Options} options
 * @param {Samples} samples
 */
async function takeColdTurns(bench, options, samples) {
  const contenders = named(bench);
  for (let round = 0; round < options.rounds; round++) {
    for (const { name } of inTurn(contenders, round, samples)) {
      try {
        const running = await start(bench, name, options, samples);
        try {
          samples.add(name, await running.ask('batch'));
        } finally {
          running.end();
        }
      } catch (error) {
        samples.fail(name, error);
      }
    }
  }
}

/**
 * @param {Case} bench
 * @param {string} contender
 * @param {Samples} samples
 * @returns {import('./report.mjs').Line}
 */
function lineOf({ bench, goals }, contender, { times, failures, versions }) {
  /** @type {import('./report.mjs').Line} */
  const line = { contender };
  const version = versions[contender];
  if (version !== undefined) line.version = version;
  if (bench.native?.includes(contender)) line.native = true;
  const goal = goals[contender];
  if (goal !== undefined) line.goal = goal;
  const own = times[contender];
  const failure = failures[contender] ?? (own === undefined ? 'no samples' : undefined);
  if (failure !== undefined || own === undefined) return { ...line, failure: failure ?? '' };
  line.microseconds = quantile(own, 0.5);
  if (contender === 'ours') return line;
  const ratios = pairedRatios(times['ours'] ?? [], own);
  if (ratios.length === 0) return line;
  line.ratio = quantile(ratios, 0.5);
  line.spread = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  return line;
}

/**
 * @param {Case} bench
 * @param {Options} options
 * @returns {Promise<import('./report.mjs').Result>}
 */
export async function measure(bench, options) {
  const { processes, rounds } = options;
  const samples = new Samples();
  const turns = bench.bench.cold ? takeColdTurns : takeTurns;
  for (let i = 0; i < processes; i++) await turns(bench, options, samples);
  const { name, family, label, title, amount, unit } = bench;
  return {
    name,
    family,
    title,
    ...(label === undefined ? {} : { label }),
    ...(amount === undefined ? {} : { amount, unit }),
    ...(bench.bench.cold ? { cold: true } : { leadIn: true }),
    ...(bench.bench.clock === 'wall' ? { clock: /** @type {const} */ ('wall') } : {}),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    node: samples.node,
    processes,
    rounds,
    lines: bench.contenders.map((contender) => lineOf(bench, contender, samples)),
  };
}

/**
 * A bench with ours and the peers that a gate holds us to; `undefined` where there are none. The others would take
 * two thirds of its time.
 *
 * @param {Case} bench
 * @returns {Case | undefined}
 */
export function gated(bench) {
  const { native } = bench.bench;
  const held = bench.contenders.filter((name) => bench.goals[name] !== undefined && !native?.includes(name));
  return held.length === 0 ? undefined : { ...bench, contenders: ['ours', ...held] };
}

/**
 * What a gate makes of a result: the lines with a goal over a peer in
 * JavaScript, and those that do not reach it.
 *
 * @param {import('./report.mjs').Result} result
 * @returns {{ held: import('./report.mjs').Line[], missed: import('./report.mjs').Line[] }}
 */
export function judge({ lines }) {
  const held = lines.filter(({ goal, native }) => goal !== undefined && native !== true);
  return { held, missed: held.filter(({ ratio, goal }) => !((ratio ?? 0) >= (goal ?? 0))) };
}

/**
 * Tries until two of at most three tries agree.
 *
 * @param {() => Promise<boolean>} attempt whether the goals are reached
 * @returns {Promise<boolean>}
 */
export async function twoOfThree(attempt) {
  let reached = 0;
  let missed = 0;
  while (reached < 2 && missed < 2) {
    if (await attempt()) reached++;
    else missed++;
  }
  return reached === 2;
}
