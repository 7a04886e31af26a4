import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStale } from '../../tools/build-if-stale.mjs';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stale-'));
  put('package.json', 1);
  put('src/a.ts', 2);
  put('src/cli/main.ts', 2);
  put('dist/a.js', 3);
  put('dist/a.d.ts', 3);
  put('dist/cli/main.js', 3);
  put('dist/cli/chunks/verify-ABC.js', 3);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file that was changed so many seconds after 1970. */
function put(path: string, seconds: number): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '');
  utimesSync(full, seconds, seconds);
}

describe('build-if-stale: whether dist is older than src', () => {
  test('a finished build, without declarations of the command line', () => {
    expect(isStale(folder)).toBe(false);
  });

  test('a changed source file', () => {
    put('src/a.ts', 4);
    expect(isStale(folder)).toBe(true);
  });

  test.each(['src/cli/main.ts', 'src/cli/verify.ts'])('a changed file of the command line: %s', (path) => {
    put(path, 4);
    expect(isStale(folder)).toBe(true);
  });

  test('a command that was built before a file of the library', () => {
    put('dist/cli/main.js', 1);
    expect(isStale(folder)).toBe(true);
  });

  test('a new source file, however old', () => {
    put('src/b.ts', 1);
    expect(isStale(folder)).toBe(true);
  });

  test('a source file that is gone', () => {
    rmSync(join(folder, 'src/a.ts'));
    expect(isStale(folder)).toBe(true);
  });

  test('a changed recipe', () => {
    put('package.json', 4);
    expect(isStale(folder)).toBe(true);
  });

  test('declarations that are missing', () => {
    rmSync(join(folder, 'dist/a.d.ts'));
    expect(isStale(folder)).toBe(true);
  });

  test('a command that is missing', () => {
    rmSync(join(folder, 'dist/cli'), { recursive: true });
    expect(isStale(folder)).toBe(true);
  });

  test('no build at all', () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(isStale(folder)).toBe(true);
  });
});
