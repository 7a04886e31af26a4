import { randomUUID } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileFault, UsageError } from './input.js';

/**
 * Writes a file whole or not at all: under another name in the same folder,
 * which takes the wanted name at the end. What is no regular file (a device, a
 * pipe) is written to as it is, since it must not be replaced.
 */
export function writeWhole(file: string, content: Uint8Array): void {
  try {
    const place = resolved(file);
    const before = stats(place);
    if (before !== undefined && !before.isFile()) writeFileSync(place, content);
    else replace(place, content, before);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fileFault(error)}`);
  }
}

function replace(place: string, content: Uint8Array, before: Stats | undefined): void {
  const temporary = join(dirname(place), `.mailseal-${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
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
