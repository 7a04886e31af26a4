import { rmSync } from 'node:fs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const files = new Set<string>();

/** Notes a file that is removed where the program is stopped before its work is done. */
export function removeWhenStopped(file: string): void {
  if (files.size === 0) {
    process.on('exit', removeAll);
    for (const signal of signals) process.on(signal, stop);
  }
  files.add(file);
}

/** The file has got its name, or is gone. */
export function keepWhenStopped(file: string): void {
  if (!files.delete(file) || files.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, stop);
}

function removeAll(): void {
  for (const file of files) rmSync(file, { force: true });
}

/** Who sent the signal sees that the program ended by it. */
function stop(signal: NodeJS.Signals): void {
  removeAll();
  for (const each of signals) process.off(each, stop);
  process.kill(process.pid, signal);
}
