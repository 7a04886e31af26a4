// What an app pays for each export: bundled alone, minified and gzipped, held
// to tools/bundle-budgets.json. `--update` sets every budget 15 % above what is
// measured now. Proves on the way that no package comes along but those that
// package.json has installed with ours.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { packageExports } from './exports.mjs';
import { isMain, root } from './process.mjs';

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const budgetsPath = join(root, 'tools/bundle-budgets.json');

/**
 * @param {string} source the barrel in src
 * @returns {Promise<{ octets: number, packages: string[] }>}
 */
async function bundle(source) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, source.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js'))],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    // No platform: an import of a module of node fails here.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild gave nothing for ${source}`);
  const packages = Object.keys(metafile.inputs).flatMap((input) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    return name === undefined ? [] : [name];
  });
  return { octets: gzipSync(output.contents, { level: 9 }).length, packages: [...new Set(packages)].sort() };
}

if (isMain(import.meta.url)) {
  const update = process.argv.includes('--update');
  /** @type {Record<string, number>} */
  const budgets = existsSync(budgetsPath) ? JSON.parse(readFileSync(budgetsPath, 'utf8')) : {};
  /** @type {Record<string, number>} */
  const updated = {};
  let failed = false;
  for (const { subpath, source } of packageExports()) {
    /** @type {{ octets: number, packages: string[] }} */
    let bundled;
    try {
      bundled = await bundle(source);
    } catch (error) {
      console.log(`${subpath}: cannot be bundled: ${error instanceof Error ? error.message : String(error)}`);
      failed = true;
      continue;
    }
    const { octets, packages } = bundled;
    const budget = update ? Math.ceil((octets * 1.15) / 100) * 100 : (budgets[subpath] ?? 0);
    updated[subpath] = budget;
    const unwanted = packages.filter((name) => !Object.hasOwn(dependencies, name));
    const reasons = [];
    if (octets > budget) reasons.push(budget === 0 ? 'has no budget' : `is over its budget of ${budget}`);
    if (unwanted.length > 0) reasons.push(`reaches ${unwanted.join(' and ')}`);
    const also = packages.length > 0 ? ` with ${packages.join(', ')}` : '';
    console.log(
      `${subpath}: ${octets} octets gzipped${also}${reasons.length > 0 ? `; ${reasons.join(', ')}` : ''}`,
    );
    if (reasons.length > 0) failed = true;
  }
  if (update) writeFileSync(budgetsPath, `${JSON.stringify(updated, null, 2)}\n`);
  if (failed) process.exitCode = 1;
}
