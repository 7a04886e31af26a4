import { type Lines, SPACE, TAB } from './lines.js';

/** The widths at which programs wrap text, the usual ones first. */
const usualWidths: readonly number[] = [
  72, 76, 78, 80, 74, 79, 75, 77, 73, 70, 71, 66, 65, 68, 64, 60, 100, 132,
];

/**
 * The line ends that a program put into a text which it wrapped at white space: line `i` was broken if the first word
 * of the next line would not have fitted on it. Which these are depends on the width, so this gives one choice for
 * each width that makes a difference, the usual widths first; each is a list of the indexes of broken lines.
 */
export function* wrapPoints(octets: Uint8Array, lines: Lines): Generator<number[]> {
  const { starts, ends } = lines;
  // For each line that may be broken, its length with the next word: it is broken at all widths below.
  const needs = new Float64Array(Math.max(0, ends.length - 1));
  let longest = 0;
  for (let i = 0; i + 1 < ends.length; i++) {
    const length = withoutBlanksLength(octets, starts[i]!, ends[i]!);
    longest = Math.max(longest, length);
    const word = firstWordLength(octets, starts[i + 1]!, ends[i + 1]!);
    if (starts[i] === ends[i] || word === 0) continue;
    needs[i] = length + 1 + word;
  }
  const seen = new Set<number>();
  // No line is longer than the width at which a text was wrapped.
  const widths = [...usualWidths.filter((width) => width >= longest), longest, 0];
  for (const width of widths) {
    const broken: number[] = [];
    for (let i = 0; i < needs.length; i++) if (needs[i]! > width) broken.push(i);
    if (broken.length === 0 || seen.has(broken.length)) continue;
    seen.add(broken.length);
    yield broken;
  }
}

function withoutBlanksLength(octets: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && octets[at - 1] === SPACE) at--;
  return at - start;
}

function firstWordLength(octets: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && octets[at] !== SPACE && octets[at] !== TAB) at++;
  return at - start;
}
