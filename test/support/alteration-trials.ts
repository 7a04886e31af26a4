import { expect } from 'vitest';
import { equalBytes } from '../../src/core/bytes.js';
import {
  changedMeaning,
  changedOctets,
  diagnosisOf,
  entityOf,
  putBack,
  randomForm,
  randomText,
} from './random-alterations.js';
import { seededDraw } from './seeded.js';

/** How many trials there were, and how many of those of octets a relay could have done. */
export interface Trials {
  readonly meaning: number;
  readonly octets: number;
  readonly recovered: number;
  /** How many searches went on to their end, or to the default limits: what fits could not have been missed. */
  readonly full: number;
}

/**
 * So many random bodies, each with a random edit: one of meaning, which nothing may undo, or one of octets, of which
 * only what was signed may be recovered. One search in `fullEvery` is not cut short.
 */
export async function randomlyAltered(rounds: number, seed: number, fullEvery: number): Promise<Trials> {
  const draw = seededDraw(seed);
  let meaning = 0;
  let octets = 0;
  let found = 0;
  let full = 0;
  for (let round = 0; round < rounds; round++) {
    const text = randomText(draw);
    const form = randomForm(draw);
    const signed = entityOf(text, form);
    const other = draw(2) === 0 ? changedMeaning(text, draw) : undefined;
    const received = other === undefined ? changedOctets(signed, draw) : entityOf(other, form);
    if (equalBytes(signed, received)) continue;
    // To search to the end what nothing explains takes a second; what relays do alone is tried first.
    const isFull = round % fullEvery === 0;
    if (isFull) full++;
    const limits = isFull ? {} : { candidates: 300, octets: 2 ** 19 };
    const { recovered, alterations } = await diagnosisOf(signed, received, limits);
    const what = JSON.stringify({ seed, round, text, other });
    if (other !== undefined) {
      expect(recovered, what).toBe(false);
      meaning++;
      continue;
    }
    octets++;
    for (const alteration of alterations) {
      if (alteration.original === undefined) continue;
      expect(equalBytes(alteration.original, signed), what).toBe(true);
      expect(equalBytes(putBack(alteration), signed), what).toBe(true);
      found++;
    }
  }
  return { meaning, octets, recovered: found, full };
}
