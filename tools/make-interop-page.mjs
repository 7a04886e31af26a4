// Writes docs/interop.md from the table that the interop tests read:
//
//   node tools/make-interop-page.mjs

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './process.mjs';
import { setup } from './setup.mjs';

setup(root);
const outfile = join(root, '.cache/interop-page.mjs');
await build({
  entryPoints: [join(root, 'test/interop/sealing/page.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
});
const { interopPage } = await import(pathToFileURL(outfile).href);
writeFileSync(join(root, 'docs/interop.md'), interopPage());
