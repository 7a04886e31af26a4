import type { Bytes } from '../../../core/bytes.js';
import type { Family, WholeGuess } from '../guess.js';
import { guessOf } from './guess-of.js';
import { isPlain, textLeavesOf } from './leaves.js';
import {
  crlf,
  isBlank,
  type Lines,
  linesOf,
  linesWhere,
  noOctets,
  type Replacement,
  SPACE,
  standsAt,
} from './lines.js';
import { wrapPoints } from './wrap-points.js';

const EXCLAMATION = 0x21;
const blank: Bytes = /* @__PURE__ */ Uint8Array.of(SPACE);
/** Widths at which programs wrap, for texts whose wrapping was undone. */
const widths: readonly number[] = [72, 76, 78, 80, 74, 79, 75, 77, 70, 66, 65, 68, 60];
/** How ISO-2022-JP ends its line in ASCII and goes on in kanji (RFC 1468): a broken line has both around its line end. */
const toAscii: readonly string[] = ['\x1b(B', '\x1b(J'];
const toKanji: readonly string[] = ['\x1b$B', '\x1b$@'];

/** Long lines that a relay broke (RFC 5321 §4.5.3.1.6 allows 998 octets), and text that was wrapped anew. */
export const wrapped: Family = {
  name: 'lines broken',
  stage: 41,
  cost: 3,
  *guesses(octets) {
    for (const leaf of textLeavesOf(octets).filter(isPlain).slice(0, 4)) {
      const lines = linesOf(octets, leaf.bodyStart, leaf.end);
      // Lines near the limit of SMTP were cut; shorter ones were more probably wrapped at white space.
      const isCut = longestOf(lines) >= 900;
      if (isCut) yield* hardBreaks(octets, lines, 2);
      yield* wrappedParagraphs(octets, lines);
      if (!isCut) yield* hardBreaks(octets, lines, 4);
    }
  },
};

/** Lines that were cut at a fixed length, whatever stood there. */
function* hardBreaks(octets: Bytes, lines: Lines, cost: number): Generator<WholeGuess> {
  const { starts, ends } = lines;
  const lengths = new Set<number>();
  for (let i = 0; i + 1 < ends.length; i++) {
    const length = ends[i]! - starts[i]!;
    if (length > 40) lengths.add(length);
  }
  const longest = longestOf(lines);
  if (!lengths.has(longest)) return;
  // A blank that continues a broken line takes part of the length of all but the first; kanji are of two octets.
  const near = [...lengths].filter((length) => length >= longest - 4).sort((a, b) => b - a);
  const choices = near.length === 1 ? [near] : [[longest], near, ...near.slice(1).map((length) => [length])];
  for (const choice of choices) {
    const broken = linesWhere(lines, (start, end) => choice.includes(end - start));
    for (const join of ['as it is', 'without blank', 'with mark'] as const) {
      const joints = broken.flatMap((i) => jointAfter(octets, lines, i, join) ?? []);
      if (joints.length === 0) continue;
      yield guessOf(octets, joints, { kind: 'lines-wrapped' }, cost);
      const withEscapes = joints.map((joint) => aroundEscapes(octets, joint));
      if (withEscapes.some(({ start }, i) => start !== joints[i]!.start))
        yield guessOf(octets, withEscapes, { kind: 'lines-wrapped' }, cost);
    }
  }
}

/** The length of the longest line that has another after it. */
function longestOf({ starts, ends }: Lines): number {
  let longest = 0;
  for (let i = 0; i + 1 < ends.length; i++) longest = Math.max(longest, ends[i]! - starts[i]!);
  return longest;
}

/** What is taken out to join two lines: the line end, with the blank that the relay put before the rest, or its `!` too. */
function jointAfter(
  octets: Bytes,
  { starts, ends }: Lines,
  i: number,
  join: 'as it is' | 'without blank' | 'with mark',
): Replacement | undefined {
  let start = ends[i]!;
  let end = starts[i + 1]!;
  if (end >= octets.length || i + 1 >= ends.length) return undefined;
  if (join !== 'as it is') {
    if (!isBlank(octets[end])) return undefined;
    end++;
  }
  if (join === 'with mark') {
    // Sendmail ends a line that it breaks in "!".
    if (octets[start - 1] !== EXCLAMATION) return undefined;
    start--;
  }
  return { start, end, octets: noOctets };
}

/** The same joint, with the escape sequences that the break made necessary. */
function aroundEscapes(octets: Bytes, { start, end }: Replacement): Replacement {
  const before = toAscii.some((sequence) => standsAt(octets, start - 3, sequence));
  const after = toKanji.some((sequence) => standsAt(octets, end, sequence));
  return before && after
    ? { start: start - 3, end: end + 3, octets: noOctets }
    : { start, end, octets: noOctets };
}

/** Paragraphs that were one line each, wrapped at white space. */
function* wrappedParagraphs(octets: Bytes, lines: Lines): Generator<WholeGuess> {
  const { starts, ends } = lines;
  for (const choice of wrapPoints(octets, lines)) {
    const joints = choice.map((i) => {
      const kept = isBlank(octets[ends[i]! - 1]) || isBlank(octets[starts[i + 1]!]);
      return { start: ends[i]!, end: starts[i + 1]!, octets: kept ? noOctets : blank };
    });
    yield guessOf(octets, joints, { kind: 'lines-wrapped' }, 3);
  }
}

/** Lines that a relay joined, as programs do that undo the wrapping: each long line is wrapped again. */
export const joined: Family = {
  name: 'lines joined',
  stage: 42,
  cost: 4,
  *guesses(octets) {
    for (const leaf of textLeavesOf(octets).filter(isPlain).slice(0, 4)) {
      const lines = linesOf(octets, leaf.bodyStart, leaf.end);
      for (const width of widths) {
        const breaks = breaksAt(octets, lines, width);
        if (breaks.length === 0) continue;
        const without = breaks.map((at) => ({ start: at, end: at + 1, octets: crlf }));
        const within = breaks.map((at) => ({ start: at + 1, end: at + 1, octets: crlf }));
        yield guessOf(octets, without, { kind: 'lines-joined' }, 4);
        yield guessOf(octets, within, { kind: 'lines-joined' }, 4);
      }
    }
  },
};

/** The blanks at which text is broken to get lines of at most a width. */
function breaksAt(octets: Bytes, { starts, ends }: Lines, width: number): number[] {
  const breaks: number[] = [];
  for (let i = 0; i < ends.length; i++) {
    let lineStart = starts[i]!;
    let lastBlank = -1;
    for (let at = lineStart; at <= ends[i]!; at++) {
      if (at - lineStart > width && lastBlank >= lineStart) {
        breaks.push(lastBlank);
        lineStart = lastBlank + 1;
        lastBlank = -1;
      }
      if (at < ends[i]! && octets[at] === SPACE) {
        if (at - lineStart > width) {
          breaks.push(at);
          lineStart = at + 1;
        } else lastBlank = at;
      }
    }
  }
  return breaks;
}
