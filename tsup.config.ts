import { defineConfig } from 'tsup';

// One output file per source file: the import graph that a reader sees in
// src/ is the one that a bundler sees in dist/, and every room shakes apart.
export default defineConfig({
  entry: ['src/**/*.ts'],
  outDir: 'dist',
  format: 'esm',
  target: 'es2023',
  bundle: false,
  splitting: false,
  dts: false,
});
