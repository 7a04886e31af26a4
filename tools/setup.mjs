// Installs what package-lock.json asks for, and only when node_modules holds
// something else. Every npm script that needs a dependency runs this first, so
// that each of them works in an empty clone. Quiet when there is nothing to do.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * The packages section of a lock file, or undefined when the file cannot be read.
 *
 * @param {string} path
 * @returns {LockedPackages | undefined}
 */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Why what is installed differs from what is locked, or undefined when it does not.
 * The root entry is npm's own business; optional packages that are not there
 * are for other platforms.
 *
 * @param {LockedPackages} locked
 * @param {LockedPackages | undefined} installed
 * @returns {string | undefined}
 */
export function difference(locked, installed) {
  if (installed === undefined) return 'nothing is installed';
  for (const [path, wanted] of Object.entries(locked)) {
    if (path === '') continue;
    const found = installed[path];
    if (found === undefined) {
      if (wanted.optional || wanted.devOptional) continue;
      return `${path} is not installed`;
    }
    if (found.version !== wanted.version) return `${path} is ${found.version}, wanted is ${wanted.version}`;
    if (found.integrity !== wanted.integrity) return `${path} has other contents`;
  }
  for (const path of Object.keys(installed)) {
    if (path !== '' && !(path in locked)) return `${path} is installed but not wanted`;
  }
  return undefined;
}

/**
 * Installs into a folder that holds a package.json and its lock file.
 *
 * @param {string} folder
 * @param {{ quiet?: boolean }} [options]
 * @returns {boolean} whether an installation was needed
 */
export function setup(folder, { quiet = false } = {}) {
  const locked = packagesOf(join(folder, 'package-lock.json'));
  if (locked === undefined) throw new Error(`${join(folder, 'package-lock.json')} cannot be read`);
  const why = difference(locked, packagesOf(join(folder, 'node_modules', '.package-lock.json')));
  if (why === undefined) return false;
  if (!quiet) console.error(`setup: ${why}; running npm ci`);
  // The npm that runs the script, where one does, rather than another on the PATH.
  const own = process.env.npm_execpath;
  const [command, ...first] = own?.endsWith('.js') ? [process.execPath, own] : ['npm'];
  const { status, error } = spawnSync(
    command,
    [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      // Standard output belongs to the script that asked for the installation.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && first.length === 0,
      env: { ...process.env, NODE_ENV: '' },
    },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ci failed in ${folder} with status ${status}`);
  return true;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    setup(fileURLToPath(new URL('..', import.meta.url)));
  } catch (error) {
    console.error(`setup: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
