import type { Bytes } from '../../../core/bytes.js';
import type { Family, WholeGuess } from '../guess.js';
import { guessOf } from './guess-of.js';
import {
  bodyStartOf,
  endWithoutBlanks,
  type Lines,
  linesOf,
  linesWhere,
  noOctets,
  type Replacement,
  SPACE,
  someOf,
  standsAt,
  TAB,
} from './lines.js';
import { wrapPoints } from './wrap-points.js';

const blank: Bytes = /* @__PURE__ */ Uint8Array.of(SPACE);
const GREATER = 0x3e;
/** Texts of so few lines are tried with blanks after any of them. */
const fewLines = 10;
const mostChoices = 1024;

/** Blanks at the ends of lines that a relay put there: padding, or what follows from rewrapping. */
export const blanksAdded: Family = {
  name: 'blanks added at line ends',
  stage: 45,
  cost: 2,
  *guesses(octets) {
    const lines = linesOf(octets, bodyStartOf(octets));
    const { starts, ends } = lines;
    const all: Replacement[] = [];
    const single: Replacement[] = [];
    const separators: Replacement[] = [];
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i]!;
      const bare = endWithoutBlanks(octets, starts[i]!, end);
      if (bare === end) continue;
      // The line "-- " before a signature has its blank from the writer (RFC 3676 §4.3).
      if (end - starts[i]! === 3 && standsAt(octets, starts[i]!, '-- ')) {
        separators.push({ start: bare, end, octets: noOctets });
        continue;
      }
      all.push({ start: bare, end, octets: noOctets });
      single.push({ start: end - 1, end, octets: noOctets });
    }
    const give = (removals: Replacement[], cost: number): WholeGuess =>
      guessOf(octets, removals, { kind: 'trailing-blanks-added' }, cost);
    if (all.length > 0) yield give(all, 2);
    if (single.some(({ start }, i) => start !== all[i]!.start)) yield give(single, 3);
    if (separators.length > 0) yield give(merged(all, separators), 4);
    if (all.length < 2 || all.length > 32) return;
    for (const chosen of someOf(all.length, 64)) {
      if (chosen.length < all.length)
        yield give(
          chosen.map((i) => all[i]!),
          6,
        );
    }
  },
};

/** Blanks at the ends of lines that a relay cut off. Where they stood has to be supposed from how mail is written. */
export const blanksRemoved: Family = {
  name: 'blanks removed at line ends',
  stage: 46,
  cost: 2,
  *guesses(octets) {
    const lines = linesOf(octets, bodyStartOf(octets));
    const separators = linesWhere(lines, (start, end) => end - start === 2 && standsAt(octets, start, '--'));
    const give = (chosen: readonly number[], cost: number): WholeGuess =>
      guessOf(octets, blanksAfter(lines, chosen), { kind: 'trailing-blanks-removed' }, cost);
    if (separators.length > 0) yield give(separators, 2);
    // RFC 3676 §4.1: a line of flowed text that goes on in the next ends in a blank.
    for (const flowed of wrapPoints(octets, lines)) {
      yield give(flowed, 3);
      if (separators.length > 0) yield give(sortedUnion(flowed, separators), 3);
    }
    const written = linesWhere(lines, (start, end) => end > start);
    // The separator and one line more, as people leave a blank behind where they stop.
    if (separators.length > 0 && lines.ends.length <= 40) {
      for (const line of written) {
        if (!separators.includes(line)) yield give(sortedUnion(separators, [line]), 3);
      }
    }
    const quotes = linesWhere(lines, (start, end) => end > start && octets[end - 1] === GREATER);
    if (quotes.length > 0) {
      yield give(quotes, 3);
      if (separators.length > 0) yield give(sortedUnion(quotes, separators), 4);
    }
    const empty = linesWhere(lines, (start, end) => end === start);
    if (written.length > 1) yield give(written, 4);
    if (empty.length > 0) yield give(empty, 4);
    if (written.length > 0 && empty.length > 0) yield give(sortedUnion(written, empty), 4);
    yield* someBlanks(octets, lines);
  },
};

/** In short texts: a blank after any of the lines, then other blanks too. */
function* someBlanks(octets: Bytes, lines: Lines): Generator<WholeGuess> {
  const { ends } = lines;
  if (ends.length === 0 || ends.length > 200) return;
  const most = ends.length <= fewLines ? mostChoices : 256;
  for (const chosen of someOf(ends.length, most)) {
    const cost = chosen.length > 2 ? 6 : 3 + chosen.length;
    yield guessOf(octets, blanksAfter(lines, chosen), { kind: 'trailing-blanks-removed' }, cost);
  }
  if (ends.length > 5) return;
  const kinds = [noOctets, blank, Uint8Array.of(SPACE, SPACE), Uint8Array.of(TAB)];
  for (let number = 1; number < kinds.length ** ends.length; number++) {
    const additions: Replacement[] = [];
    let rest = number;
    for (const end of ends) {
      const kind = kinds[rest % kinds.length]!;
      if (kind.length > 0) additions.push({ start: end, end, octets: kind });
      rest = Math.floor(rest / kinds.length);
    }
    // Those with single blanks only were given above.
    if (additions.some(({ octets: added }) => added !== blank))
      yield guessOf(octets, additions, { kind: 'trailing-blanks-removed' }, 6);
  }
}

function blanksAfter({ ends }: Lines, chosen: readonly number[]): Replacement[] {
  return chosen.map((i) => ({ start: ends[i]!, end: ends[i]!, octets: blank }));
}

function sortedUnion(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function merged(a: readonly Replacement[], b: readonly Replacement[]): Replacement[] {
  return [...a, ...b].sort((x, y) => x.start - y.start);
}
