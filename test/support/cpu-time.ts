/**
 * The cheapest of several runs, in milliseconds of CPU time: what else the
 * machine does counts for nothing, since a process runs one test file at a time.
 */
export function cheapest(run: () => void, rounds: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    run();
    best = Math.min(best, spentSince(start));
  }
  return best;
}

/** {@link cheapest} of work that is waited for. */
export async function cheapestOf(run: () => Promise<unknown>, rounds: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    await run();
    best = Math.min(best, spentSince(start));
  }
  return best;
}

function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
