import type { Engine } from './engine.js';
import { MailsealError } from './errors.js';

/** The first place of an octet at or after `from`, -1 where there is none. */
export type FindOctet = (octets: Uint8Array, octet: number, from: number) => number;

/** What is used of the runtime's Buffer: its search takes any Uint8Array. */
interface Platform {
  readonly Buffer?: {
    readonly prototype?: { readonly indexOf?: (this: Uint8Array, octet: number, from: number) => number };
  };
}

/** The search that every runtime has: on long stretches it takes thirty times as long as a Buffer's. */
export const portableFinder: FindOctet = (octets, octet, from) => octets.indexOf(octet, from);

let best: FindOctet | undefined;

/**
 * The quickest search for an octet: a Buffer's where it is there and gives the right answers.
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where it is not.
 */
export function octetFinder(engine: Engine): FindOctet {
  if (engine === 'typescript') return portableFinder;
  best ??= platformFinder() ?? portableFinder;
  if (engine === 'native' && best === portableFinder) {
    throw new MailsealError(
      'crypto-engine-unavailable',
      'this runtime has no search for octets of its own, or one that fails its known-answer test; take the engine auto or typescript',
      { fault: 'usage' },
    );
  }
  return best;
}

function platformFinder(): FindOctet | undefined {
  const indexOf = (globalThis as unknown as Platform).Buffer?.prototype?.indexOf;
  if (typeof indexOf !== 'function') return undefined;
  const find: FindOctet = (octets, octet, from) => indexOf.call(octets, octet, from);
  try {
    const sample = Uint8Array.from([1, 0x0a, 2, 0x0a, 0xff]).subarray(1);
    const answers = [find(sample, 0x0a, 0), find(sample, 0x0a, 1), find(sample, 1, 0), find(sample, 0xff, 3)];
    return answers.join() === '0,2,-1,3' && find(sample, 0x0a, 4) === -1 ? find : undefined;
  } catch {
    return undefined;
  }
}
