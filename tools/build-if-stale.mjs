// Builds dist when a source file is newer than what was built from it, is new
// or is gone. Quiet when there is nothing to do.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { isMain, root } from './process.mjs';

const recipe = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsup.config.ts', 'tools/build.mjs'];

const ofCli = /^cli[\\/]/;

/**
 * The files below a folder with a name that ends so, without that ending.
 *
 * @param {string} folder
 * @param {string} ending
 * @returns {string[]}
 */
function stems(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => path.slice(0, -ending.length));
}

/**
 * Whether dist is older than what it is built from.
 *
 * @param {string} [folder] the folder of package.json
 * @returns {boolean}
 */
export function isStale(folder = root) {
  const sources = stems(join(folder, 'src'), '.ts');
  const library = sources.filter((stem) => !ofCli.test(stem));
  const built = new Set(stems(join(folder, 'dist'), '.js').filter((stem) => !ofCli.test(stem)));
  const declared = new Set(stems(join(folder, 'dist'), '.d.ts'));
  if (built.size !== library.length) return true;
  /** @param {string} path */
  const changed = (path) => (existsSync(join(folder, path)) ? statSync(join(folder, path)).mtimeMs : 0);
  const recipeChanged = Math.max(...recipe.map(changed));
  // The command is a bundle of files of every room: all of them must be older.
  const commandAt = changed('dist/cli/main.js');
  if (sources.some((stem) => commandAt < changed(`src/${stem}.ts`))) return true;
  return library.some((stem) => {
    if (!built.has(stem) || !declared.has(stem)) return true;
    const builtAt = changed(`dist/${stem}.js`);
    return builtAt < changed(`src/${stem}.ts`) || builtAt < recipeChanged;
  });
}

/** @returns {Promise<void>} */
export async function buildIfStale() {
  if (isStale()) await build();
}

if (isMain(import.meta.url)) {
  try {
    await buildIfStale();
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
