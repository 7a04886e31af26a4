// What package.json exports, as the checks need it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';

/**
 * @typedef {object} Export
 * @property {string} subpath as in package.json: `.` or `./mime`
 * @property {string} specifier as an app writes it: `mailseal` or `mailseal/mime`
 * @property {string} source the barrel in src, from the package's root
 * @property {unknown} entry what package.json has for it
 */

/**
 * Every export that is code.
 *
 * @returns {Export[]}
 */
export function packageExports() {
  /** @type {{ exports: Record<string, unknown> }} */
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, entry]) => ({
      subpath,
      specifier: `mailseal${subpath.slice(1)}`,
      source: subpath === '.' ? 'src/index.ts' : `src/${subpath.slice(2)}/index.ts`,
      entry,
    }));
}

/**
 * The barrels that stand in src, from the package's root.
 *
 * @returns {string[]}
 */
export function barrels() {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('/index.ts') && !path.startsWith('src/cli/'))
    .sort();
}
