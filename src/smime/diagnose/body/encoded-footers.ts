import { type Bytes, concatBytes } from '../../../core/bytes.js';
import { canonicalLineEnds } from '../../../encoding/line-ends.js';
import { encodeMimeBase64 } from '../../../encoding/mime-base64.js';
import type { Part } from '../../../mime/part.js';
import type { Family } from '../guess.js';
import { guessOf } from './guess-of.js';
import { textLeavesOf } from './leaves.js';
import { endWithoutLineEnds, lastLineEnds, linesOf } from './lines.js';

/** Line borders of the text at which it may have ended. */
const mostBorders = 60;

/** A footer that was appended to a text in base64, which was encoded again with it. */
export const encodedFooters: Family = {
  name: 'footers in base64',
  stage: 90,
  cost: 3,
  *guesses(octets) {
    for (const leaf of textLeavesOf(octets).slice(0, 4)) {
      if (leaf.transferEncoding !== 'base64') continue;
      const content = canonicalLineEnds(leaf.content());
      const ends = lastLineEnds(content, 0, content.length, mostBorders);
      // Before the line end and after it.
      const cuts = [...new Set(ends.flatMap((end) => [end, Math.min(end + 2, content.length)]))];
      for (const cut of cuts.sort((a, b) => b - a)) {
        if (cut === 0 || cut === content.length) continue;
        const body = encodedLike(octets, leaf, content.subarray(0, cut));
        const replacement = { start: leaf.bodyStart, end: leaf.end, octets: body };
        yield guessOf(octets, [replacement], { kind: 'footer-added' }, 3);
      }
    }
  },
};

/** Content in lines of the length that those of a leaf have, with the line ends at the end that it has. */
function encodedLike(octets: Bytes, { bodyStart, end }: Part, content: Bytes): Bytes {
  const { starts, ends } = linesOf(octets, bodyStart, end);
  const first = ends.length < 2 ? 76 : ends[0]! - starts[0]!;
  const lineLength = first >= 4 && first <= 76 ? first - (first % 4) : 76;
  const body = encodeMimeBase64(content, { lineLength });
  const lineEnds = octets.subarray(endWithoutLineEnds(octets, bodyStart, end), end);
  return concatBytes([body.subarray(0, endWithoutLineEnds(body, 0, body.length)), lineEnds]);
}
