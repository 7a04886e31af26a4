// Holds package.json's exports to what is built: every room's barrel is an
// export and every export a barrel, types come first, each can be imported and
// is documented with an example, and the root stays light.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { barrels, packageExports } from './exports.mjs';
import { isMain, root } from './process.mjs';

/** What the root export must not reach. */
const heavy = /^dist\/(asn1|crypto|x509|cms|smime|sasl|pop3|imap|pki|cli)\//;

/**
 * The entries against the barrels and the built files.
 *
 * @returns {string[]}
 */
function checkEntries() {
  const exports = packageExports();
  const sources = new Set(exports.map(({ source }) => source));
  const problems = barrels()
    .filter((barrel) => !sources.has(barrel))
    .map((barrel) => `${barrel} is no export of package.json`);
  for (const { subpath, source, entry } of exports) {
    if (!existsSync(join(root, source))) problems.push(`${subpath}: ${source} does not exist`);
    const built = source.replace(/^src\//, './dist/').replace(/\.ts$/, '');
    const expected = { types: `${built}.d.ts`, default: `${built}.js` };
    // As text, since the order of the conditions is the order in which they are tried.
    if (JSON.stringify(entry) !== JSON.stringify(expected)) {
      problems.push(`${subpath}: package.json should have ${JSON.stringify(expected)}`);
    }
    for (const path of Object.values(expected)) {
      if (!existsSync(join(root, path))) problems.push(`${subpath}: ${path} is not built`);
    }
  }
  return problems;
}

/**
 * Imports each export as an app would.
 *
 * @returns {Promise<string[]>}
 */
async function checkImports() {
  /** @type {string[]} */
  const problems = [];
  for (const { subpath, source } of packageExports()) {
    const built = join(root, source.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js'));
    try {
      const names = Object.keys(await import(pathToFileURL(built).href));
      if (names.length === 0) problems.push(`${subpath} exports nothing`);
    } catch (error) {
      problems.push(`${subpath} cannot be imported: ${String(error)}`);
    }
  }
  return problems;
}

/**
 * Every exported function and class has a purpose and an example.
 *
 * @returns {string[]}
 */
function checkDocs() {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
  const checker = program.getTypeChecker();
  /** @type {Set<string>} */
  const problems = new Set();
  for (const barrel of barrels()) {
    const file = program.getSourceFile(join(root, barrel));
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) {
      problems.add(`${barrel} exports nothing`);
      continue;
    }
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class))) continue;
      const [declaration] = symbol.declarations ?? [];
      if (declaration === undefined) continue;
      const tree = declaration.getSourceFile();
      const line = tree.getLineAndCharacterOfPosition(declaration.getStart(tree)).line + 1;
      const place = `${relative(root, tree.fileName)}:${line} ${symbol.name}`;
      if (symbol.getDocumentationComment(checker).length === 0) problems.add(`${place} has no docstring`);
      else if (!symbol.getJsDocTags(checker).some(({ name }) => name === 'example')) {
        problems.add(`${place} has no @example`);
      }
    }
  }
  return [...problems];
}

/**
 * What dist/index.js imports, directly or not, that it should not.
 *
 * @returns {string[]}
 */
function checkRoot() {
  /** @type {Map<string, string>} each file with the one that it was found in */
  const found = new Map([['dist/index.js', 'package.json']]);
  // A map may grow while it is walked; the new entries are visited, too.
  for (const path of found.keys()) {
    const full = join(root, path);
    if (!existsSync(full)) continue;
    for (const { fileName } of ts.preProcessFile(readFileSync(full, 'utf8')).importedFiles) {
      const target = fileName.startsWith('.') ? relative(root, resolve(dirname(full), fileName)) : fileName;
      if (!found.has(target)) found.set(target, path);
    }
  }
  return [...found]
    .filter(([path]) => heavy.test(path) || !path.startsWith('dist/'))
    .map(([path, from]) => `the root export reaches ${path}, from ${from}`);
}

if (isMain(import.meta.url)) {
  const problems = [...checkEntries(), ...(await checkImports()), ...checkDocs(), ...checkRoot()];
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
