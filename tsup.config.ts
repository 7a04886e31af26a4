import { defineConfig } from 'tsup';

const common = { outDir: 'dist', format: 'esm', target: 'es2023', dts: false } as const;

export default defineConfig([
  {
    // One output file per source file: the import graph that a reader sees in
    // src/ is the one that a bundler sees in dist/, and every room shakes apart.
    ...common,
    entry: ['src/**/*.ts', '!src/cli/**'],
    bundle: false,
    splitting: false,
  },
  {
    // The command loads a few large files in place of hundreds of small ones
    // (docs/decisions/bundled-command.md). Nothing is minified: the names in a
    // stack trace are those of the source.
    ...common,
    entry: { 'cli/main': 'src/cli/main.ts' },
    platform: 'node',
    bundle: true,
    splitting: true,
    removeNodeProtocol: false,
    noExternal: [/^@noble\//], // a start takes an eighth less
    esbuildOptions: (options) => {
      options.chunkNames = 'cli/chunks/[name]-[hash]';
    },
  },
]);
