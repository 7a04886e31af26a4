/**
 * The cheapest of several runs, in milliseconds. The clock counts what else the
 * machine does, and the CPU time of a process what its threads collect of the
 * garbage of other tests while this one runs: the work itself takes no more
 * than the lesser of both.
 */
export function cheapest(run: () => void, rounds: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const spent = stopwatch();
    run();
    best = Math.min(best, spent());
  }
  return best;
}

/** {@link cheapest} of work that is waited for. */
export async function cheapestOf(run: () => Promise<unknown>, rounds: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const spent = stopwatch();
    await run();
    best = Math.min(best, spent());
  }
  return best;
}

/** Begins to measure; what it gives tells the milliseconds so far. */
function stopwatch(): () => number {
  const cpu = process.cpuUsage();
  const clock = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min((user + system) / 1000, performance.now() - clock);
  };
}
