// Prints and keeps what harness.mjs measured.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, type } from 'node:os';

/**
 * @typedef {object} Line
 * @property {string} contender
 * @property {string} [version]
 * @property {number} [microseconds] CPU time of one call, the median
 * @property {number} [ratio] a peer's time by ours, the median over same-round pairs
 * @property {[number, number]} [spread] the ratio's quartiles
 * @property {number} [goal]
 * @property {string} [failure] why there are no figures
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {string} title
 * @property {string} date
 * @property {string} machine
 * @property {string} node
 * @property {number} processes
 * @property {number} rounds
 * @property {Line[]} lines
 */

const resultsPath = new URL('./results.md', import.meta.url);

const head = `# Bench results

Written by \`npm run bench\`. Each figure is CPU time (user and system, all threads) of one call. The contenders
of a bench have a process each, warmed up first, and take turns with a batch of calls, in an order that rotates
from round to round; this is done again with fresh processes. A ratio is the median over the pairs of one
round: how many times our time the peer takes. Absolute times are the machine's of that day; ratios travel better.
`;

/** The machine that this runs on, without its name. */
export function machine() {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores, ${type()} ${process.arch}`;
}

/** @param {number} microseconds */
function duration(microseconds) {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toPrecision(3)} s`;
  if (microseconds >= 1e3) return `${(microseconds / 1e3).toPrecision(3)} ms`;
  return `${microseconds.toPrecision(3)} µs`;
}

/** @param {number} ratio */
const times = (ratio) => `${ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3)}×`;

/**
 * @param {Line} line
 * @returns {string[]} the cells
 */
function cells({ contender, version, microseconds, ratio, spread, goal, failure }) {
  const name = version === undefined ? contender : `${contender} ${version}`;
  if (failure !== undefined || microseconds === undefined) return [name, `not run: ${failure ?? ''}`, '', ''];
  const quartiles = spread === undefined ? '' : ` (${times(spread[0])}–${times(spread[1])})`;
  const reached =
    goal === undefined ? '' : `≥ ${goal}×${ratio !== undefined && ratio < goal ? ' missed' : ''}`;
  return [name, duration(microseconds), ratio === undefined ? '' : `${times(ratio)}${quartiles}`, reached];
}

const titles = ['contender', 'CPU time of a call', 'ratio to ours (quartiles)', 'goal'];

/**
 * @param {Result} result
 * @returns {string} for a terminal
 */
export function table(result) {
  const rows = [titles, ...result.lines.map(cells)];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${result.name}: ${result.title}\n  ${lines.join('\n  ')}\n`;
}

function conditions() {
  return `${new Date().toISOString().slice(0, 10)}; ${machine()}; Node ${process.versions.node}.`;
}

/**
 * @param {Result} result
 * @returns {string}
 */
function section({ name, title, date, machine: where, node, processes, rounds, lines }) {
  const rows = [titles, titles.map(() => '---'), ...lines.map(cells)].map((row) => `| ${row.join(' | ')} |`);
  const how = `${date}; ${where}; Node ${node}; ${processes} processes × ${rounds} rounds.`;
  return `## ${name}\n\n${title}\n\n${rows.join('\n')}\n\n${how}\n`;
}

/**
 * Puts the results into bench/results.md, each in the place of its last ones.
 *
 * @param {Result[]} results
 * @param {{ name: string, text: string }[]} [others] what is no comparison of times
 */
export function keep(results, others = []) {
  const old = existsSync(resultsPath) ? readFileSync(resultsPath, 'utf8') : '';
  const sections = new Map(
    old
      .split(/^(?=## )/m)
      .filter((text) => text.startsWith('## '))
      .map((text) => [text.slice(3, text.indexOf('\n')), `${text.trimEnd()}\n`]),
  );
  for (const result of results) sections.set(result.name, section(result));
  for (const { name, text } of others) sections.set(name, `## ${name}\n\n${text}\n${conditions()}\n`);
  const ordered = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  writeFileSync(resultsPath, [head, ...ordered].join('\n'));
}
