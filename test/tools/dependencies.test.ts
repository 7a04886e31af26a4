import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { layers } from '../../tools/layers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('what is installed with the package is what its source imports, and what rooms may import', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const imported = new Set<string>();
  for (const file of readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    // Without comments, whose examples import the package itself.
    const code = readFileSync(`${root}/src/${file}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
    for (const [, name] of code.matchAll(/^(?:import|export)\s[^;']*?from '((?:@[^/']+\/)?[^./'][^/']*)/gm)) {
      if (!name!.startsWith('node:')) imported.add(name!);
    }
  }
  const declared = Object.keys(dependencies).sort();
  expect([...imported].sort()).toEqual(declared);
  const allowed = new Set(Object.values(layers).flatMap(({ packages = [] }) => packages));
  expect([...allowed].sort()).toEqual(declared);
});
