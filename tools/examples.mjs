// Finds the examples in the docstrings and in the documents, for the tests that
// run them and for the check of their types.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './process.mjs';

/** @typedef {{ file: string, line: number, code: string }} Example */

const documents = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md'];

/**
 * @param {string} text
 * @param {number} offset
 */
const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;

/**
 * The examples of one source file.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Example[]}
 * @throws when an `@example` is not followed by a fenced block of `ts`
 */
export function examplesInSource(file, text) {
  /** @type {Example[]} */
  const examples = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    // Without the stars, each line stays where it is.
    const plain = comment[0].replace(/^[ \t]*\*(?!\/) ?/gm, '');
    for (const tag of plain.matchAll(/^[ \t]*@example\b/gm)) {
      const line = lineAt(text, comment.index) + lineAt(plain, tag.index) - 1;
      const fence = /^[ \t]*@example\b[^\n]*\n(?:(?!```)[^\n]*\n)*?```ts\n([\s\S]*?)\n?```/.exec(
        plain.slice(tag.index),
      );
      if (fence?.[1] === undefined)
        throw new Error(`${file}:${line}: after @example comes a block fenced as \`\`\`ts`);
      examples.push({ file, line, code: fence[1] });
    }
  }
  return examples;
}

/**
 * The blocks of TypeScript in a document.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Example[]}
 */
export function examplesInDocument(file, text) {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((fence) => ({
    file,
    line: lineAt(text, fence.index),
    code: fence[1] ?? '',
  }));
}

/**
 * Every example of the package.
 *
 * @returns {Example[]}
 */
export function allExamples() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();
  /** @param {string} path */
  const read = (path) => readFileSync(join(root, path), 'utf8');
  return [
    ...sources.flatMap((path) => examplesInSource(path, read(path))),
    ...documents
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) => examplesInDocument(path, read(path))),
  ];
}

/**
 * The code of an example with `console.log(x); // text` turned into
 * `expectPrinted('text', x)`, so that what an example promises is what it
 * prints. Inside a loop or a function one comment stands for many values, and
 * nothing is compared.
 *
 * @param {string} code
 * @returns {string}
 */
export function withExpectations(code) {
  const tree = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2023, true);
  /** @type {{ start: number, end: number, text: string }[]} */
  const edits = [];
  /**
   * @param {ts.Node} node
   * @param {boolean} once
   */
  const visit = (node, once) => {
    if (ts.isCallExpression(node) && node.expression.getText(tree) === 'console.log') {
      const comment = once ? trailingComment(code, node.parent.end) : undefined;
      const { pos } = node.arguments;
      const separator = node.arguments.length > 0 ? ', ' : '';
      edits.push({
        start: node.getStart(tree),
        end: pos,
        text: `globalThis.expectPrinted(${JSON.stringify(comment) ?? 'undefined'}${separator}`,
      });
    }
    const still = once && !ts.isIterationStatement(node, false) && !ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, still));
  };
  visit(tree, true);
  let result = code;
  for (const { start, end, text } of edits.reverse())
    result = result.slice(0, start) + text + result.slice(end);
  return result;
}

/**
 * @param {string} code
 * @param {number} end
 * @returns {string | undefined}
 */
function trailingComment(code, end) {
  const [range] = ts.getTrailingCommentRanges(code, end) ?? [];
  return range === undefined
    ? undefined
    : code
        .slice(range.pos, range.end)
        .replace(/^\/\/\s*/, '')
        .trim();
}
