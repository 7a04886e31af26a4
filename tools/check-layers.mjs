// Holds src to the table of tools/layers.mjs: imported rooms and packages, no
// cycles, no barrels, no ambient state. Reads syntax only, so that it answers
// in a tree whose types are broken, too.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { layers, longestFile, nativePicker, roomWithIo, rootRooms, tableFile } from './layers.mjs';
import { isMain, root } from './process.mjs';

/**
 * @typedef {{ file: string, line: number, rule: string, message: string }} Finding
 * @typedef {{ path: string, room: string, name: string, tree: ts.SourceFile, imports: Import[] }} SourceFile
 * @typedef {{ specifier: string, line: number, target: string | undefined }} Import
 */

const timers = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
]);

/**
 * Every breach of the rules below a folder that holds package.json and src.
 *
 * @param {string} folder
 * @returns {Finding[]}
 */
export function checkLayers(folder) {
  const files = readSources(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [
    ...files.flatMap((file) => checkImports(file, byPath, Object.keys(dependencies))),
    ...checkSingleFiles(files),
    ...checkCycles(files, byPath),
    ...files.flatMap(checkAmbientState),
    ...files.flatMap(checkLength),
  ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/**
 * @param {string} folder
 * @returns {SourceFile[]}
 */
function readSources(folder) {
  const source = join(folder, 'src');
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
      const room = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
      return { path, room, name: posix.basename(path), tree, imports: importsOf(path, tree) };
    });
}

/**
 * Calls back for every node of a tree.
 *
 * @param {ts.Node} node
 * @param {(node: ts.Node) => void} visit
 */
function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/**
 * @param {ts.SourceFile} tree
 * @param {ts.Node} node
 */
function lineOf(tree, node) {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/**
 * Static, dynamic and type imports, and exports from elsewhere.
 *
 * @param {string} path
 * @param {ts.SourceFile} tree
 * @returns {Import[]}
 */
function importsOf(path, tree) {
  /** @type {Import[]} */
  const found = [];
  walk(tree, (node) => {
    /** @type {ts.Node | undefined} */
    let specifier;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      specifier = node.argument.literal;
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      specifier = node.arguments[0];
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const { text } = specifier;
    const target = text.startsWith('.')
      ? posix.join(dirname(path).replaceAll('\\', '/'), text).replace(/\.js$/, '.ts')
      : undefined;
    found.push({ specifier: text, line: lineOf(tree, specifier), target });
  });
  return found;
}

/**
 * @param {SourceFile} file
 * @param {Map<string, SourceFile>} byPath
 * @param {string[]} declared the dependencies of package.json
 * @returns {Finding[]}
 */
function checkImports(file, byPath, declared) {
  const layer = file.room === '' ? { rooms: rootRooms } : layers[file.room];
  if (layer === undefined) {
    return [finding(file, 1, 'room', `the room "${file.room}" is not in tools/layers.mjs`)];
  }
  /** @type {Finding[]} */
  const findings = [];
  for (const { specifier, line, target } of file.imports) {
    /** @type {(rule: string, message: string) => void} */
    const report = (rule, message) => void findings.push(finding(file, line, rule, message));
    if (target !== undefined) {
      const imported = byPath.get(target);
      if (imported === undefined) report('missing', `"${specifier}" is no file of src`);
      else if (imported.name === 'index.ts' && !(file.path === 'index.ts' && imported.room !== '')) {
        report('barrel', `"${specifier}" is a barrel; import the file that has what is needed`);
      } else if (
        imported.room !== file.room &&
        !layer.rooms.includes(imported.room) &&
        !layer.inOneFile?.includes(imported.room)
      ) {
        report(
          'layer',
          `${file.room || 'the root'} may not import ${imported.room || 'the root'} ("${specifier}")`,
        );
      }
    } else if (specifier.startsWith('node:')) {
      if (file.room !== roomWithIo) report('node', `"${specifier}" belongs in src/${roomWithIo} only`);
    } else {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      if (!declared.includes(name)) report('undeclared', `package.json does not depend on "${name}"`);
      if (!layer.packages?.includes(name)) {
        report('package', `${file.room || 'the root'} may not import the package "${name}"`);
      }
    }
  }
  return findings;
}

/**
 * Rooms that one file only may import.
 *
 * @param {SourceFile[]} files
 * @returns {Finding[]}
 */
function checkSingleFiles(files) {
  return Object.entries(layers).flatMap(([room, { inOneFile = [] }]) =>
    inOneFile.flatMap((wanted) =>
      files
        .filter((file) => file.room === room)
        .flatMap((file) => {
          const found = file.imports.find(({ target }) => target?.startsWith(`${wanted}/`));
          return found === undefined ? [] : [{ file, line: found.line }];
        })
        .slice(1)
        .map(({ file, line }) =>
          finding(
            file,
            line,
            'one-file',
            `one file of ${room} may import ${wanted}, and another does already`,
          ),
        ),
    ),
  );
}

/**
 * One finding for each import that closes a cycle; imports of types count, too.
 *
 * @param {SourceFile[]} files
 * @param {Map<string, SourceFile>} byPath
 * @returns {Finding[]}
 */
function checkCycles(files, byPath) {
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const trail = [];
  /** @param {SourceFile} file */
  const visit = (file) => {
    trail.push(file.path);
    for (const { target, line } of file.imports) {
      const next = target === undefined ? undefined : byPath.get(target);
      if (next === undefined || done.has(next.path)) continue;
      const at = trail.indexOf(next.path);
      if (at < 0) visit(next);
      else findings.push(finding(file, line, 'cycle', [...trail.slice(at), next.path].join(' → ')));
    }
    trail.pop();
    done.add(file.path);
  };
  for (const file of files) if (!done.has(file.path)) visit(file);
  return findings;
}

/**
 * Clock, timers, console, chance, and the runtime's own modules.
 *
 * @param {SourceFile} file
 * @returns {Finding[]}
 */
function checkAmbientState(file) {
  if (file.room === roomWithIo) return [];
  const picks = nativePicker.test(file.name);
  /** @type {Finding[]} */
  const findings = [];
  walk(file.tree, (node) => {
    /** @type {(rule: string, message: string) => void} */
    const report = (rule, message) =>
      void findings.push(finding(file, lineOf(file.tree, node), rule, message));
    if (ts.isIdentifier(node)) {
      if (timers.has(node.text)) report('timer', `${node.text}: the rooms have no timers`);
      else if (node.text === 'console') report('console', 'the rooms print nothing');
      else if (node.text === 'performance' || node.text === 'hrtime')
        report('clock', `${node.text}: time is passed in`);
      else if (node.text === 'getBuiltinModule' && !picks) {
        report('native', 'getBuiltinModule is asked for in a file named native*.ts only');
      }
    } else if (ts.isStringLiteralLike(node) && node.text.startsWith('node:')) {
      // Import specifiers are checkImports' business.
      const imported = ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);
      if (!imported && !picks)
        report('native', `'${node.text}' is asked for in a file named native*.ts only`);
    } else if (ts.isNewExpression(node) && isNamed(node.expression, 'Date')) {
      if ((node.arguments?.length ?? 0) === 0)
        report('clock', 'new Date() reads the clock: time is passed in');
    } else if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) {
      report('clock', 'Date() reads the clock: time is passed in');
    } else if (isMember(node, 'Date', 'now')) {
      report('clock', 'Date.now reads the clock: time is passed in');
    } else if (isMember(node, 'Math', 'random')) {
      report('random', 'Math.random: randomness comes from crypto.getRandomValues');
    }
  });
  return findings;
}

/**
 * Whether an expression is a global, by itself or as a member of globalThis.
 *
 * @param {ts.Node} node
 * @param {string} name
 * @returns {boolean}
 */
function isNamed(node, name) {
  if (ts.isIdentifier(node)) return node.text === name;
  return ts.isPropertyAccessExpression(node) && node.name.text === name;
}

/**
 * Whether a node is `object.member`, `object['member']` or takes the member apart in a pattern.
 *
 * @param {ts.Node} node
 * @param {string} object
 * @param {string} member
 * @returns {boolean}
 */
function isMember(node, object, member) {
  if (ts.isPropertyAccessExpression(node))
    return node.name.text === member && isNamed(node.expression, object);
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: key } = node;
    return ts.isStringLiteralLike(key) && key.text === member && isNamed(node.expression, object);
  }
  if (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer !== undefined
  ) {
    return (
      isNamed(node.initializer, object) &&
      node.name.elements.some(({ propertyName, name }) => isNamed(propertyName ?? name, member))
    );
  }
  return false;
}

/**
 * @param {SourceFile} file
 * @returns {Finding[]}
 */
function checkLength(file) {
  if (tableFile.test(file.path)) return [];
  const lines = file.tree.text.trimEnd().split('\n').length;
  if (lines <= longestFile) return [];
  return [
    finding(file, lines, 'length', `${lines} lines; past ${longestFile} something wants a file of its own`),
  ];
}

/**
 * @param {SourceFile} file
 * @param {number} line
 * @param {string} rule
 * @param {string} message
 * @returns {Finding}
 */
function finding(file, line, rule, message) {
  return { file: `src/${file.path}`, line, rule, message };
}

if (isMain(import.meta.url)) {
  const findings = checkLayers(root);
  for (const { file, line, rule, message } of findings) console.log(`${file}:${line} ${rule}: ${message}`);
  if (findings.length > 0) process.exitCode = 1;
}
