import { setFlagsFromString } from 'node:v8';

/** Octets of one number in an array of V8. */
const numberOctets = 8;
/** Arrays beyond 128 KiB are not among the young objects. */
const mostNumbers = 8192;
/** Octets that pass through for each array. */
const spacing = 128 << 10;

/**
 * Sets V8 up for a command, which is over soon.
 *
 * Its room for young objects stays as small as it begins: it would grow to 48 MB while long input passes through, since
 * a little is alive at each collection; and of a short command that gains no time either. And functions are optimised
 * after a million steps of their own, not 132,000: what is called once for each piece of a file would be optimised,
 * which takes a tenth of the time of signing 256 MB and gains nothing. A loop over octets gets there in a millisecond.
 */
export function tuneForCommand(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--interrupt-budget=1000000');
}

/** Where the array is put, so that it is made at all. */
const made: { last: unknown } = { last: undefined };

/**
 * Brings V8's next collection of young objects nearer, by as much as if octets that pass through were such objects.
 *
 * Memory that node gives for files and ciphers is none of them and is given back with them only: for its own sake V8
 * waits until 32 MB of it have gathered. An array that nobody needs costs next to nothing and ends the wait.
 *
 * @returns the same octets
 */
export function passingThrough<T extends Uint8Array>(octets: T): T {
  // An array for each 128 KiB: more of them cost time, fewer memory.
  for (let left = octets.length; left > 0; left -= spacing)
    made.last = new Array(Math.min(mostNumbers, Math.ceil(left / numberOctets)));
  return octets;
}
