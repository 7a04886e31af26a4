import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { type CommandLine, UsageError } from './input.js';
import { resolved, stats } from './output-file.js';

/**
 * Refuses two files that are both the standard input, and an `--out` that is one of them: a key that is overwritten is
 * gone. And a standard output that is one: a message that grows while it is read has no end.
 *
 * @param names the options that name files which are read
 * @param outs the files that are written, where those are not the one of `--out`
 */
export function assertFiles(
  { values }: CommandLine,
  file: string,
  names: readonly string[],
  outs: readonly (string | undefined)[] = [values['out'] as string | undefined],
): void {
  const read = [file, ...names.flatMap((name) => (values[name] ?? []) as string | string[])];
  if (read.filter((each) => each === '-').length > 1)
    throw new UsageError('the standard input can be read only once; name a file for the other');
  for (const out of outs) {
    if (out === undefined || out === '-') {
      if (read.some(isStandardOutput))
        throw new UsageError('the standard output goes to a file that is read; let it go to another');
      continue;
    }
    const place = resolved(out);
    // What is no regular file, such as a terminal, may be both.
    if (stats(place)?.isFile() === true && read.some((each) => each !== '-' && resolved(each) === place))
      throw new UsageError(`--out ${out}: that is a file that is read; name another`);
  }
}

function isStandardOutput(file: string): boolean {
  const [input, output] = [statsOf(file === '-' ? 0 : file), statsOf(1)];
  return output?.isFile() === true && input?.dev === output.dev && input.ino === output.ino;
}

function statsOf(file: string | number): BigIntStats | undefined {
  try {
    return typeof file === 'number' ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}
