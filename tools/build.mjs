// Builds dist: one JavaScript file per source file and the command line as a
// bundle, then the declarations of every room but the command line, which
// nobody imports.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isMain, root, runNode } from './process.mjs';

/**
 * Builds beside dist and puts the result in its place at the end: a build that
 * fails leaves the last one as it was, and nobody imports half of one.
 *
 * @returns {Promise<void>}
 * @throws when a step fails, with what it printed
 */
export async function build() {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'build-'));
  const built = join(work, 'dist');
  try {
    await step('tsup', 'node_modules/tsup/dist/cli-default.js', ['--silent', '--out-dir', built]);
    await step('tsc', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', built]);
    const bin = join(built, 'cli/main.js');
    if (existsSync(bin)) {
      if (!readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')) {
        throw new Error(
          'src/cli/main.ts does not begin with "#!/usr/bin/env node", so its bin would not start',
        );
      }
      chmodSync(bin, 0o755);
      writeFileSync(join(built, 'cli/LICENSES.md'), licences());
    }
    const dist = join(root, 'dist');
    if (existsSync(dist)) renameSync(dist, join(work, 'last'));
    renameSync(built, dist);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The licences of the packages whose code stands in the command. */
function licences() {
  const names = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);
  const texts = names.map((name) => {
    const text = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
    return `## ${name}\n\n${text.trim()}\n`;
  });
  return `# Packages in the command\n\n${texts.join('\n')}`;
}

/**
 * @param {string} name
 * @param {string} script
 * @param {readonly string[]} args
 */
async function step(name, script, args) {
  const { status, output } = await runNode(script, args);
  if (status !== 0) throw new Error(`${name} failed:\n${output.trimEnd()}`);
}

if (isMain(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
