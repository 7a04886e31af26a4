// The benches' way to the packages that are installed here, beside this file.

import { readFileSync } from 'node:fs';

/**
 * @param {string} name a dependency of the package.json beside this file
 * @returns {Promise<any>} its namespace
 */
export function loadPeer(name) {
  return import(name);
}

/**
 * @param {string} name
 * @returns {string | undefined} the version of a peer; `undefined` for what is none of the packages here
 */
export function peerVersion(name) {
  /** @param {string} path */
  const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  if (!Object.hasOwn(read('./package.json').dependencies, name)) return undefined;
  return read(`./node_modules/${name}/package.json`).version;
}
