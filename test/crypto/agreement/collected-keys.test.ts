import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'mailseal-collected-'));
const program = join(folder, 'agreements.mjs');

beforeAll(async () => {
  const source = fileURLToPath(new URL('../../../src/crypto', import.meta.url));
  await build({
    stdin: {
      contents: `
        import { agreeEphemerally } from './agreement/ephemeral-agreement.js';
        import { generateKeyPair } from './keys/generate-key-pair.js';
        for (const [kind, times] of [['x25519', 25_000], ['x448', 1000]]) {
          const { publicKey } = await generateKeyPair({ kind });
          let octets = 0;
          for (let i = 0; i < times; i++) octets += (await agreeEphemerally(publicKey, {})).secret.length;
          console.log(kind, octets);
        }`,
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: program,
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

// A process that exported a key right after making it waited for itself forever where garbage was collected in between:
// here that is often.
test('agreements with keys made for them go on while garbage is collected', () => {
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    ['--min-semi-space-size=1', '--max-semi-space-size=1', program],
    { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
  );
  expect({ stdout, stderr, signal }).toEqual({
    stdout: 'x25519 800000\nx448 56000\n',
    stderr: '',
    signal: null,
  });
}, 90_000);
