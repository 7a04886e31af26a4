// Types, in two parts. `source`: what stands in the repository, checked by the
// compiler that builds it. `consumers`: the emitted declarations as an app
// sees them that imports every export, on each TypeScript that we promise.

import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allExamples } from './examples.mjs';
import { isMain, root, runNode } from './process.mjs';
import { setup } from './setup.mjs';

const compilers = {
  5.9: 'tools/compilers/node_modules/typescript-5.9/bin/tsc',
  '6.0': 'node_modules/typescript/bin/tsc',
  '7.0': 'tools/compilers/node_modules/typescript-7.0/bin/tsc',
};

const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

const libraries = { plain: ['es2023'], dom: ['es2023', 'dom'] };

/** @typedef {{ name: string, script: string, args: string[], cwd?: string }} Compilation */

/** @returns {Compilation[]} */
function sourceCompilations() {
  return ['.', 'src/cli', 'test'].map((project) => ({
    name: project,
    script: compilers['6.0'],
    args: ['-p', project],
  }));
}

/**
 * Lays out an app that imports every export, and names its compilations.
 *
 * @returns {Compilation[]}
 */
function consumerCompilations() {
  setup(join(root, 'tools/compilers'));
  const folder = join(root, '.cache/consumer');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules/mailseal'), 'junction');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  /** @type {{ exports: Record<string, unknown> }} */
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lines = Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path, i) => `export * as export${i} from 'mailseal${path.slice(1)}';\n`);
  writeFileSync(join(folder, 'app.ts'), lines.join(''));
  /** @type {Compilation[]} */
  const compilations = [exampleCompilation(folder)];
  for (const [version, script] of Object.entries(compilers)) {
    for (const [resolution, modules] of Object.entries(resolutions)) {
      for (const [library, lib] of Object.entries(libraries)) {
        const name = `TypeScript ${version}, ${resolution}, ${library}`;
        const config = `tsconfig-${version}-${resolution}-${library}.json`;
        const compilerOptions = {
          ...modules,
          lib,
          target: 'es2022',
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
        };
        writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
        compilations.push({ name, script, args: ['-p', config], cwd: folder });
      }
    }
  }
  return compilations;
}

/**
 * Lays out the examples of docstrings and documents, as scripts that run on Node.
 *
 * @param {string} folder
 * @returns {Compilation}
 */
function exampleCompilation(folder) {
  const examples = join(folder, 'examples');
  mkdirSync(examples);
  for (const { file, line, code } of allExamples()) {
    writeFileSync(join(examples, `${file.replaceAll(/[/.]/g, '-')}-${line}.ts`), `${code}\nexport {};\n`);
  }
  const compilerOptions = {
    ...resolutions.nodenext,
    lib: libraries.plain,
    target: 'es2022',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noEmit: true,
  };
  writeFileSync(
    join(folder, 'tsconfig-examples.json'),
    JSON.stringify({ compilerOptions, include: ['examples'] }),
  );
  return { name: 'examples', script: compilers['6.0'], args: ['-p', 'tsconfig-examples.json'], cwd: folder };
}

/**
 * Two at a time, since most machines have two cores at least.
 *
 * @param {Compilation[]} compilations
 * @returns {Promise<string[]>} what went wrong
 */
async function compile(compilations) {
  /** @type {string[]} */
  const failures = [];
  const queue = [...compilations];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, script, args, cwd } = next;
      const { status, output } = await runNode(script, [...args, '--pretty', 'false'], { cwd: cwd ?? root });
      if (status !== 0) failures.push(`${name}:\n${output.trimEnd()}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return failures;
}

if (isMain(import.meta.url)) {
  const wanted = process.argv[2];
  const compilations = [
    ...(wanted === 'consumers' ? [] : sourceCompilations()),
    ...(wanted === 'source' ? [] : consumerCompilations()),
  ];
  const failures = await compile(compilations);
  for (const failure of failures) console.log(failure);
  if (failures.length > 0) process.exitCode = 1;
}
