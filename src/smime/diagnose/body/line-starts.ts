import type { Bytes } from '../../../core/bytes.js';
import type { AlterationKind } from '../alteration.js';
import type { Family, WholeGuess } from '../guess.js';
import { guessOf } from './guess-of.js';
import { bodyStartOf, linesOf, noOctets, someOf, standsAt } from './lines.js';

const GREATER = 0x3e;
const DOT = 0x2e;
/** Choices among lines that may or may not have been changed. */
const mostChoices = 128;

/** `From ` at the start of a line, which mbox files quote with `>` (RFC 4155 appendix A). */
export const fromLines: Family = {
  name: 'From lines',
  stage: 43,
  cost: 1,
  *guesses(octets) {
    const { starts, ends } = linesOf(octets, bodyStartOf(octets));
    const quoted: number[] = [];
    const plain: number[] = [];
    for (let i = 0; i < ends.length; i++) {
      const start = starts[i]!;
      let at = start;
      while (octets[at] === GREATER) at++;
      if (!standsAt(octets, at, 'From ')) continue;
      plain.push(start);
      if (at > start) quoted.push(start);
    }
    // Writers of the first kind quote only a bare "From ", those of the second also what is quoted already.
    const once = quoted.filter((start) => octets[start + 1] !== GREATER);
    if (once.length > 0 && once.length < quoted.length) yield removal(octets, once, 'from-line-quoted', 1);
    if (quoted.length > 0) yield removal(octets, quoted, 'from-line-quoted', 1);
    yield* someRemovals(octets, quoted, 'from-line-quoted', 3);
    // A reader of mbox that takes away what no writer had put there.
    if (plain.length > 0) yield insertion(octets, plain, GREATER, 'from-line-unquoted', 3);
  },
};

/** A dot at the start of a line, which SMTP and POP3 double on the way (RFC 5321 §4.5.2). */
export const dotLines: Family = {
  name: 'dots',
  stage: 44,
  cost: 2,
  *guesses(octets) {
    const { starts, ends } = linesOf(octets, bodyStartOf(octets));
    const doubled: number[] = [];
    const single: number[] = [];
    for (let i = 0; i < ends.length; i++) {
      const start = starts[i]!;
      if (octets[start] !== DOT) continue;
      single.push(start);
      if (octets[start + 1] === DOT) doubled.push(start);
    }
    if (doubled.length > 0) yield removal(octets, doubled, 'dots-doubled', 2);
    if (single.length > 0) yield insertion(octets, single, DOT, 'dots-removed', 2);
    yield* someRemovals(octets, doubled, 'dots-doubled', 4);
    // A line that lost its only dot shows nothing of it: one line at a time, where there are few.
    if (ends.length > 64) return;
    for (let i = 0; i < ends.length; i++) {
      yield insertion(octets, [starts[i]!], DOT, 'dots-removed', 5);
    }
  },
};

/** The change at some of the lines, where others had been so before. */
function* someRemovals(
  octets: Bytes,
  places: readonly number[],
  kind: AlterationKind,
  cost: number,
): Generator<WholeGuess> {
  if (places.length < 2 || places.length > 64) return;
  for (const chosen of someOf(places.length, mostChoices)) {
    if (chosen.length === places.length) continue;
    const some = chosen.map((i) => places[i]!);
    yield removal(octets, some, kind, cost);
  }
}

/** The lines without the octet that they begin with. */
function removal(octets: Bytes, places: readonly number[], kind: AlterationKind, cost: number): WholeGuess {
  const replacements = places.map((start) => ({ start, end: start + 1, octets: noOctets }));
  return guessOf(octets, replacements, { kind }, cost);
}

/** The lines with an octet before what they begin with. */
function insertion(
  octets: Bytes,
  places: readonly number[],
  octet: number,
  kind: AlterationKind,
  cost: number,
): WholeGuess {
  const inserted = Uint8Array.of(octet);
  const replacements = places.map((start) => ({ start, end: start, octets: inserted }));
  return guessOf(octets, replacements, { kind }, cost);
}
