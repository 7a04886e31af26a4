// What a bench is: a file NAME.bench.mjs whose default export is one bench, or
// a list of them. A bench with sizes stands for one bench of each size.

import { readdirSync } from 'node:fs';

/**
 * A goal: how many times our time a peer must take, at every size or at those that are named.
 *
 * @typedef {number | Readonly<Record<string, number>>} Goal
 */

/**
 * @template State
 * @typedef {object} Bench
 * @property {string} name in lower case with dashes; what `npm run bench -- NAME` asks for
 * @property {string} title one line for the report: what one call does, on which input
 * @property {readonly number[]} [sizes] each is measured as a bench `NAME/SIZE`, and all are one table
 * @property {number} [amount] how much one call does, so that MB/s can be told; with sizes it is the size
 * @property {string} [unit] what sizes and amount count, in the plural; `octets` when absent
 * @property {(size: number) => State | Promise<State>} setup everything that is not measured, for one size
 *   (the amount, or 0, where there are no sizes)
 * @property {Record<string, (state: State) => unknown>} contenders `ours` and each peer; one call is
 *   one whole job, which throws when its answer is wrong. A returned promise is awaited; one that runs
 *   another program gives that program's CPU time as `{ microseconds }`.
 * @property {readonly string[]} [native] the contenders whose work is done in native code, or which do
 *   less than the job and mark a limit: their goals are shown and never gated
 * @property {Record<string, Goal>} [goals] for a peer, how many times our time it must take
 * @property {Record<string, string>} [upTo] the label of the largest size for a contender that would take minutes
 *   with more; the title says so
 * @property {boolean} [cold] each sample is the first call of a fresh process
 * @property {'cpu' | 'wall'} [clock] `cpu` when absent: the CPU time of all threads; `wall` for work that
 *   is spread over threads to be done sooner
 * @property {() => Record<string, string | undefined>} [versions] of peers that are no packages of bench/peers
 */

/**
 * A bench of one size, as it is measured.
 *
 * @typedef {object} Case
 * @property {string} file
 * @property {string} name `NAME`, or `NAME/SIZE`
 * @property {string} family NAME
 * @property {string} title
 * @property {string} [label] the size as a reader sees it
 * @property {number} size what setup is given
 * @property {number} [amount]
 * @property {string} unit
 * @property {string[]} contenders those of this size
 * @property {Record<string, number>} goals those of this size, of these contenders
 * @property {Bench<any>} bench
 */

/** The sizes of what a mail holds, from a short header to the largest attachment that is let through. */
export const mailSizes = /** @type {const} */ ([64, 1024, 65_536, 1_048_576, 26_214_400]);

const folder = new URL('./', import.meta.url);

/**
 * Keeps the state's type from setup to the contenders.
 *
 * @template State
 * @param {Bench<State>} bench
 * @returns {Bench<State>}
 */
export function defineBench(bench) {
  return bench;
}

/**
 * The octets that a label of a size stands for; K and M are powers of 1024.
 *
 * @param {string} label
 * @returns {number}
 */
function sizeOf(label) {
  const [, digits, prefix] = /^(\d+)([KMG]?)B?$/.exec(label) ?? [];
  if (digits === undefined) throw new Error(`${label} is no size`);
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(prefix ?? '');
}

/**
 * A goal for a size and all that are larger.
 *
 * @param {string} label
 * @param {number} goal
 * @returns {Goal}
 */
export function from(label, goal) {
  return { [`from ${label}`]: goal };
}

/**
 * A size as a reader sees it and a command line names it.
 *
 * @param {number} size
 * @param {string} [unit]
 * @returns {string}
 */
export function labelOf(size, unit = 'octets') {
  if (unit !== 'octets') return String(size);
  for (const [power, prefix] of /** @type {const} */ ([
    [3, 'G'],
    [2, 'M'],
    [1, 'K'],
  ])) {
    if (size >= 1024 ** power && size % 1024 ** power === 0) return `${size / 1024 ** power}${prefix}B`;
  }
  return `${size}B`;
}

/**
 * @param {Bench<any>} bench
 * @param {string} [label]
 * @param {number} [size]
 * @returns {Record<string, number>} the goals that hold at a size
 */
function goalsOf({ name, goals = {}, contenders }, label, size) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const [peer, goal] of Object.entries(goals)) {
    if (!(peer in contenders)) throw new Error(`${name} has a goal for ${peer}, which it does not measure`);
    if (typeof goal === 'number') {
      found[peer] = goal;
      continue;
    }
    for (const [where, least] of Object.entries(goal)) {
      const isFrom = where.startsWith('from ');
      const wanted = sizeOf(isFrom ? where.slice(5) : where);
      if (size !== undefined && (isFrom ? size >= wanted : label === where)) found[peer] = least;
    }
  }
  return found;
}

/**
 * The benches of one size that a declaration stands for.
 *
 * @param {string} file
 * @param {Bench<any>} bench
 * @returns {Case[]}
 */
export function casesOf(file, bench) {
  const { name, title, sizes, amount, unit = 'octets', contenders, native = [], upTo = {} } = bench;
  if (contenders['ours'] === undefined) throw new Error(`${name} measures nothing of ours`);
  for (const each of native) {
    if (!(each in contenders)) throw new Error(`${name} calls ${each} native, which it does not measure`);
  }
  for (const each of Object.keys(upTo)) {
    if (!(each in contenders)) throw new Error(`${name} has a size for ${each}, which it does not measure`);
  }
  const common = { file, family: name, title, unit, bench };
  if (sizes === undefined) {
    const measured = amount === undefined ? {} : { amount };
    const all = Object.keys(contenders);
    return [{ ...common, name, size: amount ?? 0, ...measured, contenders: all, goals: goalsOf(bench) }];
  }
  return sizes.map((size) => {
    const label = labelOf(size, unit);
    const present = Object.keys(contenders).filter((each) => size <= sizeOf(upTo[each] ?? `${size}`));
    const goals = Object.fromEntries(
      Object.entries(goalsOf(bench, label, size)).filter(([peer]) => present.includes(peer)),
    );
    return { ...common, name: `${name}/${label}`, label, size, amount: size, contenders: present, goals };
  });
}

/**
 * Every case, or those whose name or file begins so.
 *
 * @param {string} [wanted]
 * @param {string} [only] the one file that is looked into, from the folder of the benches
 * @returns {Promise<Case[]>}
 */
export async function loadBenches(wanted = '', only = undefined) {
  const files =
    only === undefined
      ? readdirSync(folder)
          .filter((file) => file.endsWith('.bench.mjs'))
          .sort()
      : [only];
  /** @type {Case[]} */
  const found = [];
  for (const file of files) {
    /** @type {Bench<any> | Bench<any>[]} */
    const declared = (await import(new URL(file, folder).href)).default;
    const cases = [declared].flat().flatMap((bench) => casesOf(file, bench));
    found.push(...cases.filter(({ name }) => file.startsWith(wanted) || name.startsWith(wanted)));
  }
  return found;
}
