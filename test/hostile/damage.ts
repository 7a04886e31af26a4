import { concatBytes } from '../../src/core/bytes.js';
import { exercise, type Outcome } from './exercise.js';
import type { Subject } from './subjects.js';

/**
 * One way of damaging a file: an octet changed, everything from an octet on
 * cut off, some octets deleted, or some repeated in another place.
 */
export type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly pattern: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly to: number };

/** The damaged octets; a copy, so that every case starts from a good file. */
export function damaged(octets: Uint8Array, damage: Damage): Uint8Array<ArrayBuffer> {
  const { at } = damage;
  if (damage.kind === 'cut') return octets.slice(0, at);
  if (damage.kind === 'delete')
    return concatBytes([octets.subarray(0, at), octets.subarray(at + damage.length)]);
  if (damage.kind === 'repeat') {
    const { to, length } = damage;
    return concatBytes([octets.subarray(0, to), octets.subarray(at, at + length), octets.subarray(to)]);
  }
  const copy = Uint8Array.from(octets);
  copy[at]! ^= damage.pattern;
  return copy;
}

/** The lowest bit, the highest, and all of them. */
export const patterns = [0x01, 0x80, 0xff] as const;

/** Files of more octets are damaged at this many seeded places rather than at every octet. */
export const placesInLarge = 2_000;
const small = 8_192;

/** How many cases came to what. */
export interface Tally extends Record<Outcome, number> {
  files: number;
  cases: number;
}

export function newTally(): Tally {
  return { files: 0, cases: 0, verified: 0, report: 0, error: 0 };
}

/** Every damage of the full run: a cut and a flip at every octet, the pattern changing from octet to octet. */
export function* everyDamage(octets: Uint8Array): Generator<Damage> {
  for (const at of places(octets.length)) {
    yield { kind: 'cut', at };
    yield { kind: 'flip', at, pattern: patterns[at % patterns.length]! };
  }
}

function* places(length: number): Generator<number> {
  if (length <= small) for (let at = 0; at < length; at++) yield at;
  else {
    const random = seeded(length);
    for (let i = 0; i < placesInLarge; i++) yield Math.floor(random() * length);
  }
}

/** So many seeded damages of a file, of both kinds. */
export function* someDamage(octets: Uint8Array, count: number): Generator<Damage> {
  const random = seeded(octets.length);
  for (let i = 0; i < count && octets.length > 0; i++) {
    const at = Math.floor(random() * octets.length);
    if (i % 4 === 0) yield { kind: 'cut', at };
    else yield { kind: 'flip', at, pattern: patterns[i % patterns.length]! };
  }
}

/** So many seeded damages that delete or repeat octets: whole lines and elements move with them. */
export function* movingDamage(octets: Uint8Array, count: number): Generator<Damage> {
  const random = seeded(octets.length + 1);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let i = 0; i < count && octets.length > 0; i++) {
    const at = below(octets.length);
    // Short ranges and long ones, in equal shares of each order of magnitude.
    const length = 1 + below(10 ** below(4));
    if (i % 2 === 0) yield { kind: 'delete', at, length };
    else yield { kind: 'repeat', at, length, to: below(octets.length + 1) };
  }
}

/** Runs cases of one file, and names the case when something goes wrong in it. */
export async function runCases(subject: Subject, cases: Iterable<Damage>, tally: Tally): Promise<void> {
  tally.files++;
  for (const damage of cases) {
    try {
      tally[await exercise(subject, damaged(subject.octets, damage))]++;
      tally.cases++;
    } catch (error) {
      throw new Error(`${subject.name}, ${JSON.stringify(damage)}: ${String(error)}`, { cause: error });
    }
  }
}

/** Numbers in [0, 1) from a seed (mulberry32), the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
