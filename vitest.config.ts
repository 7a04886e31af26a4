import { defineConfig } from 'vitest/config';
import { alias } from './vitest.alias.js';

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    // A process for each file, so that a test can measure its own CPU time on a busy machine.
    pool: 'forks',
    // One less is the default, which on two cores is half as quick.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
});
