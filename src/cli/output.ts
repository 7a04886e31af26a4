import { randomUUID } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandLine, fileFault, UsageError } from './input.js';

/**
 * Writes a file whole or not at all: under another name in the same folder,
 * which takes the wanted name at the end. What is no regular file (a device, a
 * pipe) is written to as it is, since it must not be replaced.
 *
 * @param isSecret whether a new file is for its owner alone
 */
export function writeWhole(file: string, content: Uint8Array, isSecret = false): void {
  try {
    const place = resolved(file);
    const before = stats(place);
    if (before !== undefined && !before.isFile()) writeFileSync(place, content);
    else replace(place, content, before, isSecret);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fileFault(error)}`);
  }
}

function replace(place: string, content: Uint8Array, before: Stats | undefined, isSecret: boolean): void {
  const temporary = join(dirname(place), `.mailseal-${randomUUID()}.tmp`);
  try {
    // Nobody else may open it before it has the mode of the file that it replaces.
    const mode = isSecret || before !== undefined ? 0o600 : 0o666;
    writeFileSync(temporary, content, { flag: 'wx', mode });
    if (before !== undefined) chmodSync(temporary, before.mode & 0o777);
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Where a symbolic link leads: the file is replaced, not the link. */
function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function stats(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Refuses two files that are both the standard input, and an `--out` that is one of them: a key that is overwritten is
 * gone.
 *
 * @param names the options that name files which are read
 */
export function assertFiles({ values }: CommandLine, file: string, names: readonly string[]): void {
  const read = [file, ...names.flatMap((name) => (values[name] ?? []) as string | string[])];
  if (read.filter((each) => each === '-').length > 1)
    throw new UsageError('the standard input can be read only once; name a file for the other');
  const out = values['out'] as string | undefined;
  if (out === undefined || out === '-') return;
  const place = resolved(out);
  // What is no regular file, such as a terminal, may be both.
  if (stats(place)?.isFile() === true && read.some((each) => each !== '-' && resolved(each) === place))
    throw new UsageError(`--out ${out}: that is a file that is read; name another`);
}
