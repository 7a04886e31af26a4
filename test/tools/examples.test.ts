import { describe, expect, test } from 'vitest';
import { examplesInDocument, examplesInSource, withExpectations } from '../../tools/examples.mjs';

describe('examples: where they stand', () => {
  test('in docstrings, each with its line', () => {
    const text = [
      '/**',
      ' * Purpose.',
      ' *',
      ' * @example',
      ' * ```ts',
      ' * const a = 1;',
      ' *',
      ' * f(a);',
      ' * ```',
      ' */',
      'export const x = 1;',
    ].join('\n');
    expect(examplesInSource('a.ts', text)).toEqual([
      { file: 'a.ts', line: 4, code: 'const a = 1;\n\nf(a);' },
    ]);
  });

  test('an example without a fence is refused', () => {
    expect(() => examplesInSource('a.ts', '\n/**\n * @example f()\n */')).toThrow('a.ts:3');
  });

  test('in documents, blocks of ts only', () => {
    const text = 'Words.\n\n```ts\nf();\n```\n\n```sh\nnpm test\n```\n';
    expect(examplesInDocument('README.md', text)).toEqual([{ file: 'README.md', line: 3, code: 'f();\n' }]);
  });
});

describe('examples: what they promise', () => {
  test('a comment after console.log is what it prints', () => {
    expect(withExpectations('console.log(a, b); // 1 2')).toBe(
      'globalThis.expectPrinted("1 2", a, b); // 1 2',
    );
    expect(withExpectations('console.log(a);')).toBe('globalThis.expectPrinted(undefined, a);');
  });

  test('inside a loop or a function nothing is compared', () => {
    const loop = 'for (const a of all) console.log(a); // 1';
    expect(withExpectations(loop)).toBe('for (const a of all) globalThis.expectPrinted(undefined, a); // 1');
    expect(withExpectations('f(() => console.log(a)); // 1')).toContain('expectPrinted(undefined, a)');
  });
});
