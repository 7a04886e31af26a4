// The benches' way to another Node than the one that runs the harness.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setup } from '../../tools/setup.mjs';

/**
 * The Node that measures.
 *
 * @param {string} [wanted] a major version that package.json has here, or a path; the Node that asks when absent
 * @returns {string} its path
 */
export function nodeProgram(wanted) {
  if (wanted === undefined) return process.execPath;
  if (existsSync(wanted)) return wanted;
  const name = `node-${wanted}-${process.platform}-${process.arch}`;
  setup(fileURLToPath(new URL('.', import.meta.url)));
  const program = fileURLToPath(new URL(`./node_modules/${name}/bin/node`, import.meta.url));
  if (!existsSync(program)) throw new Error(`bench/runtimes has no ${name}; give the path of a Node`);
  return program;
}
