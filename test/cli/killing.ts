import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Draw } from '../support/seeded.js';
import { main } from './support.js';

/** What was found under the final name after runs that were killed. */
export interface Found {
  /** Runs that were killed while they wrote: a part was there, under a name of its own. */
  readonly cut: number;
  /** Runs that were done before. */
  readonly whole: number;
}

const old = 'what was there before';

/** Starts `mailseal`, and waits until it begins to write into a folder. */
async function writing(args: readonly string[], folder: string): Promise<ChildProcess> {
  // SIGQUIT would leave its memory in a file.
  const script = 'ulimit -c 0; exec "$@"';
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, main, ...args], { stdio: 'ignore' });
  while (parts(folder).length === 0 && child.exitCode === null) await pause(1);
  return child;
}

function parts(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^\.mailseal-.*\.tmp$/.test(name));
}

/** Starts `mailseal`, stops it by a signal when it has begun to write, and tells how it ended and what it left behind. */
export async function stoppedBy(
  signal: NodeJS.Signals,
  args: readonly string[],
  folder: string,
): Promise<{ readonly endedBy: NodeJS.Signals | null; readonly left: readonly string[] }> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const child = await writing([...args.slice(0, 1), '--out', join(folder, 'out'), ...args.slice(1)], folder);
  child.kill(signal);
  const [, endedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { endedBy, left: readdirSync(folder) };
}

/**
 * Kills runs of a command that writes a file, each at a random moment between the first octet and the last, half of them
 * where a file of the name is there already.
 *
 * @param args of `mailseal`, without `--out`
 * @param isWhole whether a file is what the command makes
 * @throws Error where anything else than nothing, the old file or a whole one was found under the name.
 */
export async function killWhileWriting(
  args: readonly string[],
  folder: string,
  kills: number,
  draw: Draw,
  isWhole: (file: string) => boolean,
): Promise<Found> {
  const out = join(folder, 'out');
  const withOut = [...args.slice(0, 1), '--out', out, ...args.slice(1)];
  const begin = (hasOld: boolean): Promise<ChildProcess> => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    if (hasOld) writeFileSync(out, old);
    return writing(withOut, folder);
  };
  const child = await begin(false);
  const since = performance.now();
  if (child.exitCode === null) await once(child, 'exit');
  let duration = performance.now() - since;
  if (child.exitCode !== 0 || !isWhole(out))
    throw new Error(`mailseal ${args.join(' ')} did not write a file`);
  let cut = 0;
  let whole = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const hasOld = kill % 2 === 1;
    const killed = await begin(hasOld);
    // One in each of as many stretches of the time that it takes, the first at once.
    await pause(kill === 0 ? 0 : (duration * (kill + draw(1000) / 1000)) / kills);
    // The machine may have become faster since that was measured.
    if (killed.exitCode !== null) duration *= 0.8;
    const ended = killed.exitCode === null ? once(killed, 'exit') : undefined;
    killed.kill('SIGKILL');
    await ended;
    if (hasOld && !existsSync(out)) throw new Error('the old file is gone, and there is no new one');
    if (existsSync(out) && !(hasOld && statSync(out).size === old.length)) {
      if (!isWhole(out)) throw new Error(`a part of ${statSync(out).size} octets has the final name`);
      whole += 1;
    } else if (parts(folder).length > 0) cut += 1;
  }
  return { cut, whole };
}
