// Packs the package as it would be published, installs the tarball into an
// empty project, imports every export from there and starts the bin.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExports } from './exports.mjs';
import { root, run } from './process.mjs';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} what it printed
 */
async function must(command, args, cwd) {
  const { status, output } = await run(command, args, { cwd });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.trimEnd()}`);
  return output;
}

const folder = mkdtempSync(join(tmpdir(), 'mailseal-pack-'));
try {
  await must('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const project = mkdtempSync(join(folder, 'project-'));
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  await must('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball)], project);
  const specifiers = packageExports().map(({ specifier }) => specifier);
  const lines = specifiers.map(
    (specifier) =>
      `if (Object.keys(await import('${specifier}')).length === 0) throw new Error('${specifier} exports nothing');\n`,
  );
  writeFileSync(join(project, 'app.mjs'), lines.join(''));
  await must(process.execPath, ['app.mjs'], project);
  console.log(`${tarball}: imported ${specifiers.join(', ')}`);
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys(bin)) {
    const program = join(project, 'node_modules/.bin', name);
    if (!existsSync(program)) throw new Error(`the bin ${name} is not in the tarball`);
    const output = await must(program, ['--version'], project);
    if (!output.includes(version))
      throw new Error(`${name} --version printed ${JSON.stringify(output)}, not ${version}`);
    console.log(`${name} --version: ${output.trim()}`);
    const demo = join(root, 'test/vectors/demo');
    const trusting = ['--roots', join(demo, 'root.crt.pem'), '--at', '2027-01-01'];
    await must(program, ['verify', join(demo, 'signed.eml'), ...trusting], project);
    console.log(`${name} verify: ok`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
