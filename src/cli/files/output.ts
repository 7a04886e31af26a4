import { type CommandLine, UsageError } from './input.js';
import { resolved, stats } from './output-file.js';

/**
 * Refuses two files that are both the standard input, and an `--out` that is one of them: a key that is overwritten is
 * gone.
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
    if (out === undefined || out === '-') continue;
    const place = resolved(out);
    // What is no regular file, such as a terminal, may be both.
    if (stats(place)?.isFile() === true && read.some((each) => each !== '-' && resolved(each) === place))
      throw new UsageError(`--out ${out}: that is a file that is read; name another`);
  }
}
