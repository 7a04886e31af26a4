import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkLayers } from '../../tools/check-layers.mjs';
import { layers } from '../../tools/layers.mjs';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What is found in a package of these files, as `file:line rule`. */
function findingsIn(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  folders.push(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ dependencies: { pkijs: '1', '@noble/hashes': '1' } }),
  );
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, 'src', path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
  return checkLayers(folder).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

const core = { 'core/a.ts': 'export const a = 1;' };

describe('check-layers: what a file imports', () => {
  test('a lower room is fine', () => {
    expect(
      findingsIn({ ...core, 'mime/b.ts': `import { a } from '../core/a.js';\nexport const b = a;` }),
    ).toEqual([]);
  });

  test('a higher room is not, however it is imported', () => {
    const forms = [
      `import { b } from '../mime/b.js';`,
      `import type { b } from '../mime/b.js';`,
      `export { b } from '../mime/b.js';`,
      `export * from '../mime/b.js';`,
      `export const b = await import('../mime/b.js');`,
      `export type B = import('../mime/b.js').B;`,
    ];
    for (const form of forms) {
      const files = { 'mime/b.ts': 'export const b = 1;', 'core/a.ts': `\n${form}` };
      expect(findingsIn(files), form).toEqual(['src/core/a.ts:2 layer']);
    }
  });

  test('a room that the table does not have', () => {
    expect(findingsIn({ 'attic/a.ts': '' })).toEqual(['src/attic/a.ts:1 room']);
  });

  test('one file of imap may import mime', () => {
    const mime = { 'mime/b.ts': 'export const b = 1;' };
    const line = `import '../mime/b.js';`;
    expect(findingsIn({ ...mime, 'imap/one.ts': line })).toEqual([]);
    expect(findingsIn({ ...mime, 'imap/one.ts': line, 'imap/two.ts': line })).toEqual([
      'src/imap/two.ts:1 one-file',
    ]);
  });

  test('a file that is not there', () => {
    expect(findingsIn({ 'core/b.ts': `import './gone.js';` })).toEqual(['src/core/b.ts:1 missing']);
  });

  test('a barrel, except from the root', () => {
    const index = { ...core, 'core/index.ts': `export * from './a.js';` };
    expect(findingsIn({ ...index, 'index.ts': `export * from './core/index.js';` })).toEqual([]);
    expect(findingsIn({ ...index, 'mime/b.ts': `import '../core/index.js';` })).toEqual([
      'src/mime/b.ts:1 barrel',
    ]);
    expect(findingsIn({ ...index, 'core/b.ts': `import './index.js';` })).toEqual(['src/core/b.ts:1 barrel']);
  });

  test('the root exports light rooms only', () => {
    expect(findingsIn({ 'cms/a.ts': '', 'index.ts': `export * from './cms/a.js';` })).toEqual([
      'src/index.ts:1 layer',
    ]);
  });

  test('packages: the room’s own, and declared', () => {
    expect(findingsIn({ 'crypto/a.ts': `import '@noble/hashes/sha2.js';` })).toEqual([]);
    // Also where package.json has it: the table of rooms decides.
    expect(findingsIn({ 'pki/a.ts': `import 'pkijs';` })).toEqual(['src/pki/a.ts:1 package']);
    expect(findingsIn({ 'cms/a.ts': `import '@noble/hashes/sha2.js';` })).toEqual(['src/cms/a.ts:1 package']);
    expect(findingsIn({ 'crypto/a.ts': `import '@noble/curves/p256.js';` })).toEqual([
      'src/crypto/a.ts:1 undeclared',
    ]);
  });

  test('modules of node: in cli only', () => {
    expect(findingsIn({ 'cli/a.ts': `import 'node:fs';` })).toEqual([]);
    expect(findingsIn({ 'mime/a.ts': `import 'node:fs';` })).toEqual(['src/mime/a.ts:1 node']);
  });
});

test('check-layers: the command line may import every room', () => {
  const rooms = Object.keys(layers).filter((room) => room !== 'cli');
  const files = Object.fromEntries(rooms.map((room) => [`${room}/a.ts`, '']));
  const all = rooms.map((room) => `import '../${room}/a.js';`).join('\n');
  expect(findingsIn({ ...files, 'cli/a.ts': all })).toEqual([]);
});

describe('check-layers: cycles', () => {
  test('through three files, types included', () => {
    const files = {
      'core/a.ts': `import './b.js';`,
      'core/b.ts': `import type { C } from './c.js';`,
      'core/c.ts': `\nimport './a.js';`,
    };
    expect(findingsIn(files)).toEqual(['src/core/c.ts:2 cycle']);
  });

  test('a file that imports itself', () => {
    expect(findingsIn({ 'core/a.ts': `import './a.js';` })).toEqual(['src/core/a.ts:1 cycle']);
  });

  test('two ways to one file are no cycle', () => {
    const files = {
      'core/a.ts': `import './b.js';\nimport './c.js';`,
      'core/b.ts': `import './c.js';`,
      'core/c.ts': '',
    };
    expect(findingsIn(files)).toEqual([]);
  });
});

describe('check-layers: ambient state', () => {
  const cases: [rule: string, text: string][] = [
    ['timer', 'setTimeout(f, 1);'],
    ['timer', 'const { setInterval } = globalThis as never;'],
    ['timer', 'globalThis.queueMicrotask(f);'],
    ['console', `console.log('x');`],
    ['clock', 'const t = Date.now();'],
    ['clock', `const t = Date['now']();`],
    ['clock', 'const { now } = Date;'],
    ['clock', 'const t = new Date();'],
    ['clock', 'const t = new Date;'],
    ['clock', 'const t = new globalThis.Date();'],
    ['clock', 'const t = Date();'],
    ['clock', 'const t = performance.now();'],
    ['random', 'const r = Math.random();'],
    ['random', 'const { random: r } = Math;'],
    ['native', `const c = load('node:crypto');`],
    ['native', 'const c = process.getBuiltinModule;'],
  ];
  for (const [rule, text] of cases) {
    test(`${rule}: ${text}`, () => {
      expect(findingsIn({ 'mime/a.ts': text })).toEqual([`src/mime/a.ts:1 ${rule}`]);
      expect(findingsIn({ 'cli/a.ts': text })).toEqual([]);
    });
  }

  test('a date from its parts, and the words in comments and strings', () => {
    const text = `const a = new Date(0); // Date.now()\nconst b = 'console setTimeout'; const { PI } = Math;`;
    expect(findingsIn({ 'mime/a.ts': text })).toEqual([]);
  });

  test('a native-picking file may ask for a module, and nothing else', () => {
    const text = `const c = globalThis.process?.getBuiltinModule?.('node:crypto');`;
    expect(findingsIn({ 'crypto/native-digest.ts': text })).toEqual([]);
    expect(findingsIn({ 'crypto/native-digest.ts': 'const t = Date.now();' })).toEqual([
      'src/crypto/native-digest.ts:1 clock',
    ]);
    expect(findingsIn({ 'crypto/native-digest.ts': `import 'node:crypto';` })).toEqual([
      'src/crypto/native-digest.ts:1 node',
    ]);
  });
});

describe('check-layers: length', () => {
  const long = '// line\n'.repeat(601);

  test('past 600 lines, tables aside', () => {
    expect(findingsIn({ 'core/a.ts': long })).toEqual(['src/core/a.ts:601 length']);
    expect(findingsIn({ 'core/a.ts': '// line\n'.repeat(600) })).toEqual([]);
    expect(findingsIn({ 'core/a-table.ts': long, 'core/a.generated.ts': long })).toEqual([]);
  });
});
