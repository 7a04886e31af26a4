import { spawnSync } from 'node:child_process';
import { describeWith } from './requirement.js';

/** A program to call: its name, and the arguments to it. */
export type Command = readonly [program: string, ...args: string[]];

/** What a program gives on its standard output for octets on its standard input. Its status is not looked at. */
export function outputOf([program, ...args]: Command, input: Uint8Array): Buffer {
  const { stdout, error } = spawnSync(program, args, { input, maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  return stdout;
}

const found = new Map<string, boolean>();

/** Whether a program can be called. */
export function isInstalled(program: string): boolean {
  let installed = found.get(program);
  if (installed === undefined) {
    installed = spawnSync(program, ['--version'], { input: '' }).error === undefined;
    found.set(program, installed);
  }
  return installed;
}

/**
 * Declares tests that talk to a program. Where it is not installed they count
 * as one skipped test, under `CI=true` as one failed test.
 */
export function describeProgram(program: string, declare: () => void): void {
  describeWith(program, isInstalled(program), declare);
}
