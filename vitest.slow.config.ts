import { defineConfig } from 'vitest/config';

// The suites that take minutes. MAILSEAL_SLOW=sample asks each of them for a
// seeded sample of its cases, which is what CI runs.
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    // A process for each file, so that a test can measure its own CPU time on a busy machine.
    pool: 'forks',
    setupFiles: ['test/support/octets-equal.ts'],
    // One less is the default, which on two cores is half as quick.
    maxWorkers: '100%',
    testTimeout: 30 * 60_000,
    passWithNoTests: true,
  },
});
