import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { buildIfStale } from '../../tools/build-if-stale.mjs';

export const main = resolve('dist/cli/main.js');

/** How a run of the command ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run may be given beside its arguments. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Declares that this file's tests need dist. */
export function needsBuild(): void {
  beforeAll(async () => {
    await buildIfStale();
  }, 120_000);
}

/** Runs `mailseal` with arguments; 80 columns and no colours unless the environment given says otherwise. */
export function mailseal(args: readonly string[], { input = '', env = {} }: RunOptions = {}): Run {
  const run: SpawnSyncReturns<string> = spawnSync(process.execPath, [main, ...args], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', COLUMNS: '80', ...env },
    maxBuffer: 2 ** 28,
  });
  if (run.error !== undefined) throw run.error;
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** A folder of this test file's own, gone at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const demo = 'test/vectors/demo';
export const message = `${demo}/signed.eml`;
/** The options under which the demo's message is verified. */
export const trusting: readonly string[] = ['--roots', `${demo}/root.crt.pem`, '--at', '2027-01-01'];
