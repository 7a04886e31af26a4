import type { Engine } from './engine.js';
import { octetFinder } from './find-octet.js';

/** The first place of two octets, one behind the other, at or after `from`, -1 where there is none. */
export type FindPair = (octets: Uint8Array, from: number) => number;

/** What is used of the runtime's Buffer: its search takes any Uint8Array. */
interface Platform {
  readonly Buffer?: {
    readonly prototype?: {
      readonly indexOf?: (this: Uint8Array, octets: Uint8Array, from: number) => number;
    };
  };
}

/**
 * The quickest search for two octets in a row: a Buffer's where it is there and
 * gives the right answers.
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where it is not.
 */
export function pairFinder(first: number, second: number, engine: Engine): FindPair {
  const portable = portableFinder(first, second, engine);
  if (engine === 'typescript') return portable;
  return platformFinder(first, second) ?? portable;
}

function portableFinder(first: number, second: number, engine: Engine): FindPair {
  const find = octetFinder(engine);
  return (octets, from) => {
    for (let at = find(octets, first, from); at >= 0; at = find(octets, first, at + 1)) {
      if (octets[at + 1] === second) return at;
    }
    return -1;
  };
}

function platformFinder(first: number, second: number): FindPair | undefined {
  const indexOf = (globalThis as unknown as Platform).Buffer?.prototype?.indexOf;
  if (typeof indexOf !== 'function') return undefined;
  const pair = Uint8Array.of(first, second);
  const find: FindPair = (octets, from) => indexOf.call(octets, pair, from);
  try {
    const other = (first ^ 1) & 0xff;
    const sample = Uint8Array.of(0, first, other, first, second, first, second).subarray(1);
    const answers = [find(sample, 0), find(sample, 2), find(sample, 3), find(sample, 5)];
    return answers.join() === '2,2,4,-1' ? find : undefined;
  } catch {
    return undefined;
  }
}
