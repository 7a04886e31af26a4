import type { Bytes } from '../../../core/bytes.js';
import type { ChangeNote, Family, WholeGuess } from '../guess.js';
import { guessOf } from './guess-of.js';
import { bodyStartOf, CR, LF, mostPlaces, type Replacement, SPACE, TAB } from './lines.js';

/** Tab stops that programs have, the usual ones first. */
const stops: readonly number[] = [8, 4, 2];
const tab: Bytes = /* @__PURE__ */ Uint8Array.of(TAB);
/** Columns that a line has for its runs; what begins after them is left as it is. */
const mostColumns = 1_000;
const manyTabs: Bytes = /* @__PURE__ */ new Uint8Array(mostColumns).fill(TAB);
const manySpaces: Bytes = /* @__PURE__ */ new Uint8Array(mostColumns).fill(SPACE);

const wereTabs: ChangeNote = { kind: 'tabs-changed', from: 'tabs', to: 'spaces' };
const wereSpaces: ChangeNote = { kind: 'tabs-changed', from: 'spaces', to: 'tabs' };

/** A run of blanks: where it stands in the octets, and from which to which column it reaches. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly leading: boolean;
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly tabs: number;
}

/** Tabs that were expanded to spaces, and spaces that were compressed to tabs. */
export const tabs: Family = {
  name: 'tabs',
  stage: 48,
  cost: 3,
  *guesses(octets) {
    const body = bodyStartOf(octets);
    for (const stop of stops) {
      const cost = stop === 8 ? 3 : 5;
      const runs = runsOf(octets, body, stop);
      // Where one blank fills up to the stop, it was probably a space; both are tried.
      for (const shortest of [2, 1]) {
        // All of them, or only the leading ones, as indentation has them.
        for (const leading of [false, true]) {
          yield* madeTabs(octets, runs, stop, leading, shortest, cost + 2 - shortest);
          if (shortest === 2) yield* expanded(octets, runs, leading, cost);
        }
      }
    }
    // One tab became a fixed number of spaces, or one space.
    for (const width of [8, 4, 2, 1]) yield* fixedWidth(octets, body, width);
  },
};

/** The relay expanded tabs: a run that reaches over a tab stop was one or more of them. Blanks after the last stay. */
function* madeTabs(
  octets: Bytes,
  runs: readonly Run[],
  stop: number,
  leading: boolean,
  shortest: number,
  cost: number,
): Generator<WholeGuess> {
  const replacements: Replacement[] = [];
  for (const run of runs) {
    if (run.tabs > 0 || (leading && !run.leading)) continue;
    const last = run.toColumn - (run.toColumn % stop);
    const filled = last - run.fromColumn;
    if (filled < shortest) continue;
    const count = last / stop - Math.floor(run.fromColumn / stop);
    replacements.push({ start: run.start, end: run.start + filled, octets: manyTabs.subarray(0, count) });
  }
  if (replacements.length > 0) yield guessOf(octets, replacements, wereTabs, cost);
}

/** The relay made tabs of spaces: every run is spaces again. */
function* expanded(
  octets: Bytes,
  runs: readonly Run[],
  leading: boolean,
  cost: number,
): Generator<WholeGuess> {
  const replacements: Replacement[] = [];
  for (const run of runs) {
    if (run.tabs === 0 || (leading && !run.leading)) continue;
    const spaces = manySpaces.subarray(0, run.toColumn - run.fromColumn);
    replacements.push({ start: run.start, end: run.end, octets: spaces });
  }
  if (replacements.length > 0) yield guessOf(octets, replacements, wereSpaces, cost);
}

function* fixedWidth(octets: Bytes, body: number, width: number): Generator<WholeGuess> {
  const replacements: Replacement[] = [];
  const tabPlaces: Replacement[] = [];
  const spaces = new Uint8Array(width).fill(SPACE);
  for (let at = body; at < octets.length; at++) {
    if (replacements.length >= mostPlaces || tabPlaces.length >= mostPlaces) break;
    if (octets[at] === TAB) tabPlaces.push({ start: at, end: at + 1, octets: spaces });
    if (octets[at] !== SPACE || width === 1) continue;
    let end = at;
    while (octets[end] === SPACE) end++;
    for (let from = at; from + width <= end && replacements.length < mostPlaces; from += width)
      replacements.push({ start: from, end: from + width, octets: tab });
    at = end - 1;
  }
  if (replacements.length > 0) yield guessOf(octets, replacements, wereTabs, 5);
  if (tabPlaces.length > 0) yield guessOf(octets, tabPlaces, wereSpaces, 5);
}

/** The runs of blanks of each line, with their columns. */
function runsOf(octets: Uint8Array, from: number, stop: number): Run[] {
  const runs: Run[] = [];
  let column = 0;
  let lineStart = true;
  for (let at = from; at < octets.length && runs.length < mostPlaces; ) {
    const octet = octets[at]!;
    if (octet === LF || octet === CR) {
      column = 0;
      lineStart = true;
      at++;
    } else if (octet === SPACE || octet === TAB) {
      const start = at;
      const fromColumn = column;
      let tabs = 0;
      for (; octets[at] === SPACE || octets[at] === TAB; at++) {
        if (octets[at] === TAB) tabs++;
        column = octets[at] === TAB ? column + stop - (column % stop) : column + 1;
      }
      if (column <= mostColumns)
        runs.push({ start, end: at, leading: lineStart, fromColumn, toColumn: column, tabs });
      lineStart = false;
    } else {
      // Octets that continue a character of UTF-8 take no column.
      if ((octet & 0xc0) !== 0x80) column++;
      lineStart = false;
      at++;
    }
  }
  return runs;
}
