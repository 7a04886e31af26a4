// The benches' way to the packages that are installed here, beside this file.

import { readFileSync } from 'node:fs';

/**
 * @param {string} name a dependency of the package.json beside this file
 * @returns {Promise<any>} its namespace
 */
export function loadPeer(name) {
  return import(name);
}

/** @returns {Record<string, string>} each peer with its version */
export function peerVersions() {
  /** @param {string} path */
  const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  const names = Object.keys(read('./package.json').dependencies);
  return Object.fromEntries(names.map((name) => [name, read(`./node_modules/${name}/package.json`).version]));
}
