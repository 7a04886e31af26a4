// Prints and keeps what the benches measured: bench/results.jsonl has a result
// a line, and bench/results.md is written from it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, type } from 'node:os';
import { loadBenches } from './bench.mjs';
import { digits, duration, markdown } from './format.mjs';

/**
 * @typedef {object} Line
 * @property {string} contender
 * @property {string} [version]
 * @property {boolean} [native] whether its goal is shown and not gated
 * @property {number} [microseconds] the time of one call, the median
 * @property {number} [ratio] a peer's time by ours, the median over same-round pairs
 * @property {[number, number]} [spread] the ratio's quartiles
 * @property {number} [goal]
 * @property {string} [failure] why there are no figures
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {string} family the name without the size
 * @property {string} [label] the size
 * @property {string} title
 * @property {number} [amount] what one call does
 * @property {string} [unit] of the amount
 * @property {boolean} [cold]
 * @property {boolean} [leadIn] whether each batch follows as much of the same unmeasured; not of earlier harnesses
 * @property {'wall'} [clock]
 * @property {string} date
 * @property {string} machine
 * @property {string} node
 * @property {number} processes
 * @property {number} rounds
 * @property {string} [earlier] how it was measured, where that was by earlier benches and of earlier code
 * @property {Line[]} lines
 *
 * @typedef {Pick<import('./bench.mjs').Case, 'name' | 'family' | 'label'>} Known
 *
 * @typedef {object} Note what is no comparison of times
 * @property {string} name
 * @property {string} text
 * @property {string} node
 * @property {string} conditions
 */

/** What is shorter than this is printed and not kept. */
const least = { processes: 3, samples: 15 };

/** @param {{ processes: number, rounds: number }} how @returns {boolean} */
export const isLongEnough = ({ processes, rounds }) =>
  processes >= least.processes && processes * rounds >= least.samples;

const path = new URL('./results.md', import.meta.url);
const dataPath = new URL('./results.jsonl', import.meta.url);

const head = `# Bench results

Written by \`npm run bench\`. A figure is the time of one call: CPU time (user and system, all threads) where
nothing else is said. The contenders of a bench have a process each. Each is warmed up until its time has
settled (2 s at least, and then until eight batches in a row have not beaten those before by 3 %; at most 3 s).
Then they take turns with a batch of calls of 60 ms or more, in an order that rotates from round to round; this is
done again with fresh processes. A batch follows as much of the same that is not measured, unless one call is as
long by itself, since the collector of garbage makes a process small that waits; figures of before there was this
lead-in say so. A ratio is the median over the pairs of one round: how many times our time the peer takes, so that
more than 1 is faster than the peer. Absolute figures are the machine's of that day; ratios travel better.

64B, 1KB, 64KB, 1MB and 25MB are 64 and so many times 1024 or 1024² octets; MB/s are 10⁶ octets a second. A
contender marked † is native code, or does less than the job and shows a limit: its goal is shown, and
\`npm run bench:gate\` does not hold us to it.
`;

/** The machine that this runs on, without its name. */
export function machine() {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores, ${type()} ${process.arch}`;
}

/**
 * @param {Result} result
 * @param {Line} line
 * @returns {string} how much is done in a second
 */
function rate({ amount, unit }, { microseconds }) {
  if (amount === undefined || microseconds === undefined) return '';
  if (unit === 'octets') return `${digits(amount / microseconds)} MB/s`;
  const each = (amount / microseconds) * 1e6;
  return `${each >= 1000 ? Math.round(each).toLocaleString('en') : digits(each)} ${unit}/s`;
}

/** @param {number} ratio */
export const figure = (ratio) => `${digits(ratio)}×`;

/** @param {Line} line */
const isMissed = ({ goal, ratio }) => goal !== undefined && !((ratio ?? 0) >= goal);

/** @param {Line} line */
const nameOf = ({ contender, version, native }) =>
  `${contender}${version === undefined ? '' : ` ${version}`}${native ? ' †' : ''}`;

/**
 * @param {Line} line
 * @returns {string}
 */
function goalOf(line) {
  if (line.goal === undefined) return '';
  return `≥ ${line.goal}×${isMissed(line) ? ' missed' : ''}`;
}

/**
 * A row for each contender.
 *
 * @param {Result} result
 * @returns {string[][]}
 */
function singleGrid(result) {
  const hasRate = result.amount !== undefined;
  const titles = ['contender', result.clock === 'wall' ? 'wall time of a call' : 'CPU time of a call'];
  if (hasRate) titles.push('rate');
  titles.push('ratio to ours (quartiles)', 'goal');
  const rows = result.lines.map((line) => {
    const { microseconds, failure, ratio, spread } = line;
    const cells = [
      nameOf(line),
      microseconds === undefined ? `not run: ${failure ?? ''}` : duration(microseconds),
    ];
    if (hasRate) cells.push(rate(result, line));
    const quartiles = spread === undefined ? '' : ` (${figure(spread[0])}–${figure(spread[1])})`;
    cells.push(ratio === undefined ? '' : `${figure(ratio)}${quartiles}`, goalOf(line));
    return cells;
  });
  return [titles, ...rows];
}

/**
 * A row for each size, a column for each contender.
 *
 * @param {readonly Result[]} results of one family
 * @returns {string[][]}
 */
function familyGrid(results) {
  const sorted = [...results].sort((a, b) => (a.amount ?? 0) - (b.amount ?? 0));
  const columns = new Map(sorted.flatMap(({ lines }) => lines.map((line) => [line.contender, nameOf(line)])));
  const unit = sorted[0]?.unit;
  const titles = [unit === undefined || unit === 'octets' ? 'size' : unit, ...columns.values()];
  const rows = sorted.map((result) => [
    result.label ?? '',
    ...[...columns.keys()].map((contender) => {
      const line = result.lines.find((each) => each.contender === contender);
      if (line === undefined) return '';
      if (line.microseconds === undefined) return `not run: ${line.failure ?? ''}`;
      const ratio = line.ratio === undefined ? '' : `: ${figure(line.ratio)}`;
      const goal = goalOf(line);
      return `${rate(result, line)}${ratio}${goal === '' ? '' : ` (${goal})`}`;
    }),
  ]);
  return [titles, ...rows];
}

/** @param {readonly Result[]} results of one family */
function grid(results) {
  const [first] = results;
  return first !== undefined && first.label === undefined ? singleGrid(first) : familyGrid(results);
}

/**
 * @param {readonly Result[]} results of one family, measured with one Node
 * @returns {string} for a terminal
 */
export function table(results) {
  const rows = grid(results);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [first] = results;
  return `${first?.family}: ${first?.title} Node ${first?.node}.\n  ${lines.join('\n  ')}\n`;
}

/** @param {Result} result */
const conditions = ({ date, machine: where, node, processes, rounds, cold, leadIn, clock, earlier }) =>
  `${date}; ${where}; Node ${node}; ${processes} processes × ${rounds} rounds` +
  `${cold ? ', each the first call of a fresh process' : ''}${clock === 'wall' ? ', wall clock' : ''}` +
  `${cold || leadIn ? '' : ', without lead-in'}` +
  `${earlier === undefined ? '' : `; of earlier code, by earlier benches (${earlier})`}.`;

/** @param {string} version @returns {number} */
const major = (version) => Number.parseInt(version, 10);

/** @template T @param {readonly T[]} values @param {(value: T) => string} key @returns {Map<string, T[]>} */
function grouped(values, key) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

/**
 * @param {readonly Result[]} results of one family, with all versions of Node
 * @returns {string}
 */
function section(results) {
  const [first] = results;
  const tables = [...grouped(results, ({ node }) => String(major(node)))]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, all]) => `${markdown(grid(all))}\n\n${[...new Set(all.map(conditions))].join('\n')}\n`);
  return `## ${first?.family}\n\n${first?.title}\n\n${tables.join('\n')}`;
}

/**
 * The benches of which no result is kept, by family, with the sizes where others of it are kept.
 *
 * @param {readonly Known[]} known
 * @param {readonly Result[]} results
 * @returns {string[]}
 */
function absentOf(known, results) {
  const measured = new Set(results.map(({ name }) => name));
  return [...grouped(known, ({ family }) => family)].flatMap(([family, all]) => {
    const absent = all.filter(({ name }) => !measured.has(name));
    if (absent.length === 0) return [];
    return absent.length === all.length
      ? [family]
      : [`${family} (${absent.map((each) => each.label).join(', ')})`];
  });
}

/**
 * How many goals over peers in JavaScript are reached, and which are not; what
 * was not measured, or not of late.
 *
 * @param {readonly Result[]} results
 * @param {readonly Known[]} known all that there are: those without a result are named
 * @returns {string}
 */
function summary(results, known) {
  const all = [...grouped(results, ({ node }) => String(major(node)))].sort(
    ([a], [b]) => Number(a) - Number(b),
  );
  return all
    .map(([node, own]) => {
      const held = own.flatMap(({ name, lines }) => lines.map((line) => ({ name, line })));
      const [gated, shown] = [false, true].map((native) =>
        held.filter(({ line }) => line.goal !== undefined && (line.native ?? false) === native),
      );
      const missed = [...(gated ?? []), ...(shown ?? [])].filter(({ line }) => isMissed(line));
      const list = missed.map(
        ({ name, line }) =>
          `- ${name}, ${nameOf(line)}: ${line.ratio === undefined ? 'not run' : figure(line.ratio)} (${goalOf(line)})`,
      );
      const count = (/** @type {typeof gated} */ lines = []) =>
        `${lines.filter(({ line }) => !isMissed(line)).length} of ${lines.length}`;
      const absent = absentOf(known, own);
      const earlier = own.filter((result) => result.earlier !== undefined).map(({ name }) => name);
      return [
        `Node ${node}: ${count(gated)} goals over peers in JavaScript are reached, and ${count(shown)} over native code and limits.\n`,
        ...(list.length === 0 ? [] : [`${list.join('\n')}\n`]),
        ...(earlier.length === 0
          ? []
          : [`Of earlier code, and not measured anew since: ${earlier.join(', ')}.\n`]),
        ...(absent.length === 0 ? [] : [`No result is kept of ${absent.join(', ')}.\n`]),
      ].join('\n');
    })
    .join('\n');
}

/**
 * The page.
 *
 * @param {readonly (Result | Note)[]} kept
 * @param {readonly Known[]} [known] all benches
 * @returns {string}
 */
export function page(kept, known = []) {
  const results = kept.filter((each) => 'lines' in each);
  const notes = kept.filter((each) => 'text' in each);
  const sections = [
    ...[...grouped(results, ({ family }) => family)].map(([name, all]) => ({ name, text: section(all) })),
    ...notes.map(({ name, text, conditions: how }) => ({ name, text: `## ${name}\n\n${text}\n${how}\n` })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [head, summary(results, known), ...sections.map(({ text }) => text)].join('\n');
}

/**
 * Puts results in the place of the last ones of the same bench and Node.
 *
 * @param {readonly (Result | Note)[]} old
 * @param {readonly (Result | Note)[]} found
 * @param {ReadonlySet<string>} known the names of all benches; what is of others goes, and what is too short
 * @returns {(Result | Note)[]} in order
 */
export function merge(old, found, known) {
  const key = (/** @type {Result | Note} */ { name, node }) => `${name} ${major(node)}`;
  const all = new Map([...old, ...found].map((each) => [key(each), each]));
  const amount = (/** @type {Result | Note} */ each) => ('lines' in each ? (each.amount ?? 0) : 0);
  const family = (/** @type {Result | Note} */ each) => ('lines' in each ? each.family : each.name);
  return [...all.values()]
    .filter((each) => 'text' in each || (known.has(each.name) && isLongEnough(each)))
    .sort(
      (a, b) =>
        (family(a) < family(b) ? -1 : family(a) > family(b) ? 1 : 0) ||
        major(a.node) - major(b.node) ||
        amount(a) - amount(b),
    );
}

/**
 * Puts results into bench/results.jsonl and writes bench/results.md anew.
 *
 * @param {readonly Result[]} results
 * @param {readonly { name: string, text: string }[]} [others]
 */
export async function keep(results, others = []) {
  const old = existsSync(dataPath) ? readFileSync(dataPath, 'utf8').split('\n').filter(Boolean) : [];
  const { node } = process.versions;
  const how = `${new Date().toISOString().slice(0, 10)}; ${machine()}; Node ${node}.`;
  const notes = others.map((each) => ({ ...each, node, conditions: how }));
  const benches = await loadBenches();
  const known = new Set(benches.map(({ name }) => name));
  const kept = merge(
    old.map((line) => JSON.parse(line)),
    [...results, ...notes],
    known,
  );
  writeFileSync(dataPath, kept.map((each) => `${JSON.stringify(each)}\n`).join(''));
  writeFileSync(path, page(kept, benches));
}
