// Builds dist: one JavaScript file per source file, then the declarations of
// every room but the command line, which nobody imports.

import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root, runNode } from './process.mjs';

const bin = join(root, 'dist/cli/main.js');

/**
 * @returns {Promise<void>}
 * @throws when a step fails, with what it printed
 */
export async function build() {
  await step('tsup', 'node_modules/tsup/dist/cli-default.js', ['--silent']);
  await step('tsc', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
  if (!existsSync(bin)) return;
  if (!readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')) {
    throw new Error(
      'src/cli/main.ts does not begin with "#!/usr/bin/env node", so that its bin would not start',
    );
  }
  chmodSync(bin, 0o755);
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
