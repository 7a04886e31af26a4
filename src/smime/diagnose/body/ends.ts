import { type Bytes, concatBytes } from '../../../core/bytes.js';
import type { ChangeNote, Family } from '../guess.js';
import { isPlain, textLeavesOf } from './leaves.js';
import {
  blankLines,
  bodyStartOf,
  endWithoutLineEnds,
  isBlank,
  LF,
  lastLineEnds,
  lineEndOf,
  linesOf,
  noOctets,
  type Replacement,
  replaced,
} from './lines.js';

/** Empty lines at the end of a text that are tried. */
const mostBlankLines = 16;
/** Line borders at which a text may have ended; the last ones of longer texts. */
const mostBorders = 1000;

/** Numbers of line ends by how often they occur: one, none, two. */
const likelyCounts: readonly number[] = /* @__PURE__ */ [
  1,
  0,
  ...Array.from({ length: mostBlankLines - 1 }, (_, i) => i + 2),
];

/** Empty lines at the end of the content, which servers and lists add and take away. */
export const trailingLines: Family = {
  name: 'empty lines at the end',
  stage: 90,
  cost: 1,
  *guesses(octets) {
    const end = endWithoutLineEnds(octets, 0, octets.length);
    const lineEnd = lineEndOf(octets);
    const present = Math.ceil((octets.length - end) / lineEnd.length);
    const endings = (counts: readonly number[]): Bytes[] => counts.map((count) => blankLines(count, lineEnd));
    const notesAt = (cut: number, ending: Bytes): readonly ChangeNote[] => [
      { kind: cut + ending.length < octets.length ? 'trailing-lines-added' : 'trailing-lines-removed' },
    ];
    yield {
      octets,
      cuts: [end],
      endings: endings(likelyCounts.filter((count) => count !== present)),
      notesAt,
      cost: 1,
    };
    let bare = end;
    while (bare > 0 && (isBlank(octets[bare - 1]) || octets[bare - 1] === LF || octets[bare - 1] === 0x0d))
      bare--;
    if (bare < end) yield { octets, cuts: [bare], endings: endings([1, 0, 2, 3]), notesAt, cost: 3 };
  },
};

/** Empty lines at the end of a text inside the content. */
export const innerTrailingLines: Family = {
  name: 'empty lines at the end of a part',
  stage: 47,
  cost: 2,
  *guesses(octets) {
    // The last of a content without parts is that of the content itself.
    const leaves = textLeavesOf(octets).filter(
      (leaf) => leaf.parent !== undefined && leaf.end > leaf.bodyStart,
    );
    if (leaves.length === 0) return;
    for (const count of [0, 1, 2, 3]) {
      const each = leaves.map((leaf): Replacement => {
        const start = endWithoutLineEnds(octets, leaf.bodyStart, leaf.end);
        return { start, end: leaf.end, octets: blankLines(count) };
      });
      const changed = each.filter(({ start, end, octets: instead }) => end - start !== instead.length);
      const choices =
        changed.length > 1 ? [changed, ...changed.map((one) => [one])] : changed.map((one) => [one]);
      for (const choice of choices) {
        const guess = replaced(octets, choice);
        const kind = guess.length < octets.length ? 'trailing-lines-added' : 'trailing-lines-removed';
        yield { octets: guess, notes: [{ kind }], cost: 3 };
      }
    }
  },
};

/** A footer that a list or a scanner put at the end of the text: the original is what stands before it. */
export const footers: Family = {
  name: 'footers',
  stage: 90,
  cost: 2,
  *guesses(octets) {
    const body = bodyStartOf(octets);
    const lineEnd = lineEndOf(octets);
    const notes: readonly ChangeNote[] = [{ kind: 'footer-added' }];
    const notesAt = (): readonly ChangeNote[] => notes;
    const ends = lastLineEnds(octets, body, octets.length, mostBorders);
    const cuts = [body, ...ends].filter((cut, i, all) => i === 0 || cut > all[i - 1]!);
    yield { octets, cuts, endings: [lineEnd, noOctets, blankLines(2, lineEnd)], notesAt, cost: 2 };
    for (const leaf of textLeavesOf(octets)) {
      const isHtml = leaf.contentType.mediaType === 'text/html';
      if (leaf.parent === undefined && !isHtml) continue;
      const inner = isHtml ? htmlBorders(octets, leaf.bodyStart, leaf.end) : { cuts: [], resumes: [] };
      const lineEnds = lastLineEnds(octets, leaf.bodyStart, leaf.end, 400);
      const leafCuts = [...new Set([leaf.bodyStart, ...lineEnds, ...inner.cuts])].sort((a, b) => a - b);
      for (const resume of [leaf.end, ...inner.resumes]) {
        for (const between of [noOctets, lineEnd]) {
          const tail = concatBytes([between, octets.subarray(resume)]);
          const before = leafCuts.filter((cut) => cut < octets.length - tail.length);
          if (before.length > 0) yield { octets, cuts: before, endings: [tail], notesAt, cost: 3 };
        }
      }
    }
  },
};

/** Where a footer may begin in HTML (before a tag), and where the original goes on after it (before the last end tags). */
function htmlBorders(octets: Bytes, from: number, to: number): { cuts: number[]; resumes: number[] } {
  const cuts: number[] = [];
  const resumes: number[] = [];
  for (let at = to - 1; at >= from && cuts.length < 400; at--) {
    if (octets[at] !== 0x3c) continue;
    cuts.push(at);
    if (octets[at + 1] === 0x2f && resumes.length < 6) resumes.push(at);
  }
  return { cuts, resumes };
}

/** A text and its HTML beside it, of which each got a footer. */
export const footersInAlternatives: Family = {
  name: 'footers in text and HTML',
  stage: 90,
  cost: 3,
  *guesses(octets) {
    const leaves = textLeavesOf(octets).filter((leaf) => leaf.parent !== undefined && isPlainOrQuoted(leaf));
    const [first, second] = leaves;
    if (first === undefined || second === undefined) return;
    const notes: readonly ChangeNote[] = [{ kind: 'footer-added' }];
    const firstEnds = lastLineEnds(octets, first.bodyStart, first.end, 24).reverse();
    const lineEnd = lineEndOf(octets);
    for (const cut of firstEnds) {
      const shift = first.end - cut;
      if (shift === 0) continue;
      for (const between of [noOctets, lineEnd]) {
        const without = replaced(octets, [{ start: cut, end: first.end, octets: between }]);
        const moved = shift - between.length;
        const from = second.bodyStart - moved;
        const to = second.end - moved;
        const html = htmlBorders(without, from, to);
        const lineEnds = lastLineEnds(without, from, to, 60);
        const cuts = [...new Set([...lineEnds, ...html.cuts.slice(0, 60)])].sort((a, b) => a - b);
        for (const resume of [...html.resumes.slice(0, 3), to]) {
          const before = cuts.filter((border) => border < resume);
          const ending = without.subarray(resume);
          if (before.length > 0)
            yield { octets: without, cuts: before, endings: [ending], notesAt: () => notes, cost: 3 };
        }
      }
    }
  },
};

function isPlainOrQuoted(leaf: Parameters<typeof isPlain>[0]): boolean {
  return isPlain(leaf) || leaf.transferEncoding === 'quoted-printable';
}

/** Lines that were put into a short text: any run of whole lines, left out. */
export const insertedLines: Family = {
  name: 'lines put in',
  stage: 90,
  cost: 4,
  *guesses(octets) {
    const body = bodyStartOf(octets);
    const { starts } = linesOf(octets, body);
    if (starts.length < 3 || starts.length > 64) return;
    const notes: readonly ChangeNote[] = [{ kind: 'lines-added' }];
    for (let i = 0; i + 2 < starts.length; i++) {
      const after = starts.slice(i + 1, -1).map((start) => octets.subarray(start));
      yield { octets, cuts: [starts[i]!], endings: after, notesAt: () => notes, cost: 4 };
    }
  },
};
