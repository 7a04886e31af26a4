import type { Bytes } from '../../../core/bytes.js';
import type { Part } from '../../../mime/part.js';
import type { Family, WholeGuess } from '../guess.js';
import { guessOf } from './guess-of.js';
import { textLeavesOf } from './leaves.js';
import { linesOf, noOctets } from './lines.js';

/** Line borders at which the text before a banner may begin, in each part. */
const mostBorders = 40;

/** What a list or a scanner put before the text: the original is what stands after it. */
export const banners: Family = {
  name: 'banners',
  stage: 50,
  cost: 2,
  *guesses(octets) {
    const leaves = textLeavesOf(octets).slice(0, 4);
    for (const leaf of leaves) {
      const { starts } = linesOf(octets, leaf.bodyStart, leaf.end);
      for (const border of starts.slice(1, mostBorders + 1)) yield without(octets, leaf.bodyStart, border, 3);
      if (leaf.contentType.mediaType === 'text/html') yield* htmlBanners(octets, leaf);
    }
    yield* bannersInAlternatives(octets, leaves);
  },
};

/** After the body tag, up to the end of any of the tags that follow. */
function* htmlBanners(octets: Bytes, leaf: Part): Generator<WholeGuess> {
  const start = afterBodyTag(octets, leaf);
  if (start === undefined) return;
  let given = 0;
  for (let at = start; at < leaf.end && given < mostBorders; at++) {
    const isTagEnd = octets[at] === 0x3e;
    const isLineEnd = octets[at] === 0x0a && octets[at - 1] !== 0x3e;
    if (!isTagEnd && !isLineEnd) continue;
    given++;
    yield without(octets, start, at + 1, 3);
    if (isTagEnd && octets[at + 1] === 0x0d && octets[at + 2] === 0x0a)
      yield without(octets, start, at + 3, 3);
  }
}

/** A text and its HTML, of which each got a banner of a few lines. */
function* bannersInAlternatives(octets: Bytes, leaves: readonly Part[]): Generator<WholeGuess> {
  const text = leaves.find(
    (leaf) => leaf.contentType.mediaType === 'text/plain' && leaf.parent !== undefined,
  );
  const html = leaves.find((leaf) => leaf.contentType.mediaType === 'text/html' && leaf.parent !== undefined);
  if (text === undefined || html === undefined || text.start > html.start) return;
  for (const border of linesOf(octets, text.bodyStart, text.end).starts.slice(1, 9)) {
    for (const { start, end } of removalsOf(octets, html)) {
      const replacements = [
        { start: text.bodyStart, end: border, octets: noOctets },
        { start, end, octets: noOctets },
      ];
      yield guessOf(octets, replacements, { kind: 'banner-added' }, 4);
    }
  }
}

function removalsOf(octets: Bytes, html: Part): { start: number; end: number }[] {
  const start = afterBodyTag(octets, html) ?? html.bodyStart;
  const removals: { start: number; end: number }[] = [];
  for (let at = start; at < html.end && removals.length < 16; at++) {
    if (octets[at] === 0x3e || octets[at] === 0x0a) removals.push({ start, end: at + 1 });
  }
  return removals;
}

function afterBodyTag(octets: Bytes, leaf: Part): number | undefined {
  const from = leaf.bodyStart;
  const to = Math.min(leaf.end, from + 65_536);
  for (let at = from; at + 5 < to; at++) {
    if (octets[at] !== 0x3c) continue;
    // In either case of letters: `<body`.
    const isBody = [0x62, 0x6f, 0x64, 0x79].every((letter, i) => (octets[at + 1 + i]! | 0x20) === letter);
    if (!isBody) continue;
    const end = octets.indexOf(0x3e, at);
    return end < 0 || end >= to ? undefined : end + 1;
  }
  return undefined;
}

function without(octets: Bytes, start: number, end: number, cost: number): WholeGuess {
  return guessOf(octets, [{ start, end, octets: noOctets }], { kind: 'banner-added' }, cost);
}
