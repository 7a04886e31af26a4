// node test/runtimes/run.mjs [node] [bun] [deno] [chromium]
//
// Runs cases.mjs in each runtime, against dist. Bun and Deno are installed from
// test/runtimes/programs; Chromium is used where the system has it, else skipped.
// Leaves its totals in .cache/runtimes.json.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from '../../tools/build-if-stale.mjs';
import { root, run } from '../../tools/process.mjs';
import { setup } from '../../tools/setup.mjs';

/** @typedef {import('./suite.mjs').Outcome} Outcome */

const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
const programs = fileURLToPath(new URL('./programs', import.meta.url));

/** @type {Record<string, () => Promise<Outcome | undefined>>} undefined where the runtime is not there */
const runtimes = {
  node: () => start(process.execPath, [main]),
  bun: () => start(join(programs, 'node_modules/.bin/bun'), [main]),
  deno: () => start(join(programs, 'node_modules/.bin/deno'), ['run', '--quiet', main]),
  chromium: inChromium,
};

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
async function start(program, args) {
  const { status, output } = await run(program, args);
  const found = /^\{"passed".*\}$/m.exec(output);
  if (status !== 0 || found === null) return crashed(output);
  return JSON.parse(found[0]);
}

/**
 * @param {string} output
 * @returns {Outcome}
 */
const crashed = (output) => ({
  passed: 0,
  failures: [{ name: 'the whole run', reason: output.trim() || 'no outcome' }],
});

/** @returns {Promise<Outcome | undefined>} */
async function inChromium() {
  const program = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (program === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
  try {
    await build({
      entryPoints: [main],
      absWorkingDir: root,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      outfile: join(folder, 'main.js'),
      logLevel: 'silent',
    });
    const page = join(folder, 'page.html');
    writeFileSync(
      page,
      '<!doctype html><meta charset="utf-8"><body><script type="module" src="main.js"></script>',
    );
    const { output } = await run(program, [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--allow-file-access-from-files',
      '--virtual-time-budget=600000000',
      '--dump-dom',
      pathToFileURL(page).href,
    ]);
    const found = /\{"passed".*\}/.exec(output);
    return found === null
      ? crashed(output)
      : JSON.parse(found[0].replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runtimes);
await buildIfStale();
if (wanted.includes('bun') || wanted.includes('deno')) setup(programs);
/** @type {{ passed: string[], failed: string[], skipped: string[] }} */
const totals = { passed: [], failed: [], skipped: [] };
for (const name of wanted) {
  const runtime = runtimes[name];
  if (runtime === undefined)
    throw new Error(`there is no runtime "${name}", but ${Object.keys(runtimes).join(', ')}`);
  const outcome = await runtime();
  if (outcome === undefined) {
    totals.skipped.push(name);
    console.log(`skip  ${name}: it is not installed`);
  } else if (outcome.failures.length === 0) {
    totals.passed.push(name);
    console.log(`ok    ${name}: ${outcome.passed} cases`);
  } else {
    totals.failed.push(name);
    console.log(`FAIL  ${name}: ${outcome.failures.length} cases failed, ${outcome.passed} passed`);
    for (const { name: failed, reason } of outcome.failures) console.log(`      ${failed}: ${reason}`);
  }
}
mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(join(root, '.cache/runtimes.json'), JSON.stringify(totals));
if (totals.failed.length > 0) process.exitCode = 1;
