// Every check of the repository but the tests, a line each:
// `npm run check`, or `npm run check -- layers types` for some of them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root, runNode } from './process.mjs';

/**
 * What to run for each check, in order: what is quick and most often broken
 * first.
 *
 * @type {Readonly<Record<string, readonly [script: string, ...args: string[]]>>}
 */
const checks = {
  biome: ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', '--error-on-warnings', '.'],
  layers: ['tools/check-layers.mjs'],
  types: ['tools/check-types.mjs', 'source'],
  build: ['tools/build.mjs'],
  docs: ['node_modules/typedoc/bin/typedoc', '--emit', 'none'],
  exports: ['tools/check-exports.mjs'],
  bundles: ['tools/check-bundles.mjs'],
  consumers: ['tools/check-types.mjs', 'consumers'],
  publint: ['node_modules/publint/src/cli.js', 'run', '--strict'],
  attw: [
    'node_modules/@arethetypeswrong/cli/dist/index.js',
    '--profile',
    'esm-only',
    '--pack',
    '.',
    '--no-color',
  ],
};

/** What reads dist, and so waits for the build where that was asked for as well. */
const readDist = new Set(['exports', 'bundles', 'consumers', 'publint', 'attw']);

/**
 * Two checks at a time, since most machines have two cores at least.
 *
 * @param {readonly string[]} names
 * @returns {Promise<{ passed: string[], failed: string[] }>}
 */
async function check(names) {
  const unknown = names.find((name) => checks[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`there is no check "${unknown}", but ${Object.keys(checks).join(', ')}`);
  /** @type {{ passed: string[], failed: string[] }} */
  const result = { passed: [], failed: [] };
  /** @param {string} name */
  const runOne = async (name) => {
    const [script, ...args] = /** @type {readonly [string, ...string[]]} */ (checks[name]);
    const from = performance.now();
    const { status, output } = await runNode(script, args);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    if (status === 0) {
      result.passed.push(name);
      console.log(`ok    ${name} (${seconds} s)`);
    } else {
      result.failed.push(name);
      console.log(`FAIL  ${name} (${seconds} s)\n${output.trimEnd().replace(/^/gm, '      ')}`);
    }
  };
  /** @type {Promise<void> | undefined} */
  let building;
  const queue = [...new Set(names)];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (readDist.has(next)) await building;
      const run = runOne(next);
      if (next === 'build') building = run;
      await run;
    }
  };
  await Promise.all([worker(), worker()]);
  return result;
}

if (isMain(import.meta.url)) {
  try {
    const wanted = process.argv.slice(2);
    const result = await check(wanted.length > 0 ? wanted : Object.keys(checks));
    // .ci/run reads its totals here.
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(join(root, '.cache/check.json'), JSON.stringify(result));
    if (result.failed.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(`check: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
