// What a bench is: a file NAME.bench.mjs whose default export is one bench, or
// a list of them.

import { readdirSync } from 'node:fs';

/**
 * @template State
 * @typedef {object} Bench
 * @property {string} name in lower case with dashes; what `npm run bench -- NAME` asks for
 * @property {string} title one line for the report: what one call does, on which input
 * @property {() => State | Promise<State>} setup everything that is not measured
 * @property {Record<string, (state: State) => unknown>} contenders `ours` and each peer; one call is
 *   one whole job, which throws when its answer is wrong. A returned promise is awaited; one that runs
 *   another program gives that program's CPU time as `{ microseconds }`.
 * @property {Record<string, number>} [goals] for a peer, how many times its time ours must be beaten by
 * @property {() => Record<string, string | undefined>} [versions] of peers that are no packages of bench/peers
 */

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
 * Every bench, or those whose name or file begins so.
 *
 * @param {string} [wanted]
 * @returns {Promise<{ file: string, bench: Bench<any> }[]>}
 */
export async function loadBenches(wanted = '') {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.bench.mjs'))
    .sort();
  const found = [];
  for (const file of files) {
    /** @type {Bench<any> | Bench<any>[]} */
    const declared = (await import(new URL(file, folder).href)).default;
    for (const bench of Array.isArray(declared) ? declared : [declared]) {
      if (bench.name.startsWith(wanted) || file.startsWith(wanted)) found.push({ file, bench });
    }
  }
  return found;
}
