import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { alias } from './vitest.alias.js';

const root = new URL('.', import.meta.url);

const files = readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/slow/'));

/** Whether a file puts something else in the place of a module or of what every module sees. */
function replacesWhatIsShared(path: string): boolean {
  return /\bvi\.|Object\.assign\((globalThis|\w+\.prototype)|\.prototype\.\w+ = /.test(
    readFileSync(new URL(path, root), 'utf8'),
  );
}

/** What wants a process of its own: those, what starts programs and servers, and what is about time and memory. */
const alone = files.filter(
  (path) => /^test\/(cli|docs|examples|hostile|interop|tools)\//.test(path) || replacesWhatIsShared(path),
);

export default defineConfig({
  resolve: { alias },
  test: {
    // Processes, not threads, so that a test can measure its own CPU time on a busy machine.
    pool: 'forks',
    setupFiles: ['test/support/octets-equal.ts'],
    // One less is the default, which on two cores is half as quick.
    maxWorkers: '100%',
    testTimeout: 60_000,
    projects: [
      {
        // One file after the other in a process for each core, which loads the modules under test once:
        // a process for each file spends a third of its time on that.
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ['test/slow/**', ...alone],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
