import { defineConfig } from 'vitest/config';
import { alias } from './vitest.alias.js';

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    pool: 'threads',
    testTimeout: 60_000,
  },
});
