import { type Bytes, concatBytes, isAscii } from '../../../core/bytes.js';
import { canonicalLineEnds } from '../../../encoding/line-ends.js';
import { encodeMimeBase64 } from '../../../encoding/mime-base64.js';
import type { Part } from '../../../mime/part.js';
import type { Family, WholeGuess } from '../guess.js';
import { encodingFieldBefore } from './encoding-field.js';
import { isPlain, leavesOf } from './leaves.js';
import { crlf, endWithoutLineEnds, LF, linesOf, type Replacement, replaced } from './lines.js';
import { encodeInStyle, quotedPrintableStyles } from './qp-styles.js';

/** Leaves that are tried one by one. */
const mostSingle = 6;
/** Characters on a line of base64 in programs; 0: all on one line. */
const widths: readonly number[] = [76, 72, 64, 60, 0];

/** Text that a relay encoded as base64 or quoted-printable for the way (RFC 6152 §3 has it do so), decoded again. */
export const decoded: Family = {
  name: 'transfer encoding undone',
  stage: 20,
  cost: 1,
  *guesses(octets) {
    const leaves = leavesOf(octets).filter(({ transferEncoding }) => isEncoded(transferEncoding));
    for (const chosen of choicesOf(leaves)) yield* decodedLeaves(octets, chosen);
  },
};

function* decodedLeaves(octets: Bytes, leaves: readonly Part[]): Generator<WholeGuess> {
  const contents = leaves.map((leaf) => canonicalLineEnds(leaf.content()));
  const from = contents.every((content) => isAscii(content)) ? ['7bit', '8bit'] : ['8bit', 'binary'];
  const to = [...new Set(leaves.map(({ transferEncoding }) => transferEncoding))].join(', ');
  for (const [rank, encoding] of from.entries()) {
    for (let way = 0; way < 3; way++) {
      const replacements = leaves.flatMap((leaf, i): Replacement[] => {
        const fields = encodingFieldBefore(octets, leaf, encoding);
        const field = fields[way];
        if (field === undefined) return [];
        return [field, { start: leaf.bodyStart, end: leaf.end, octets: contents[i]! }];
      });
      if (replacements.length === 0) continue;
      const notes = [{ kind: 'transfer-encoding-changed' as const, from: encoding, to }];
      yield { octets: replaced(octets, replacements), notes, cost: 1 + Math.min(rank + way, 3) };
    }
  }
}

/** Text that was encoded when it was signed, and is decoded now, or encoded in another way. */
export const encodedAnew: Family = {
  name: 'transfer encoding redone',
  stage: 80,
  cost: 2,
  *guesses(octets) {
    const leaves = leavesOf(octets).filter((leaf) => isPlain(leaf) || isEncoded(leaf.transferEncoding));
    const choices = [...choicesOf(leaves)];
    for (const chosen of choices) yield* base64Of(octets, chosen);
    for (const { style, cost } of quotedPrintableStyles()) {
      for (const chosen of choices) {
        const bodies = chosen.map((leaf) => encodeInStyle(leaf.content(), style));
        yield* withBodies(octets, chosen, bodies, 'quoted-printable', cost);
      }
    }
  },
};

function* base64Of(octets: Bytes, leaves: readonly Part[]): Generator<WholeGuess> {
  for (const [rank, width] of widths.entries()) {
    const bodies = leaves.map((leaf) => {
      const body = inLines(leaf.content(), width);
      // As many line ends at the end as there are.
      const present = octets.subarray(endWithoutLineEnds(octets, leaf.bodyStart, leaf.end), leaf.end);
      return concatBytes([body.subarray(0, endWithoutLineEnds(body, 0, body.length)), present]);
    });
    yield* withBodies(octets, leaves, bodies, 'base64', rank === 0 ? 2 : 3);
    const other = bodies.map((body) =>
      body.at(-1) === LF
        ? body.subarray(0, endWithoutLineEnds(body, 0, body.length))
        : concatBytes([body, crlf]),
    );
    yield* withBodies(octets, leaves, other, 'base64', rank === 0 ? 3 : 4);
  }
}

function inLines(content: Bytes, width: number): Bytes {
  if (width > 0) return encodeMimeBase64(content, { lineLength: width });
  const lines = encodeMimeBase64(content);
  const { starts, ends } = linesOf(lines);
  return concatBytes(ends.map((end, i) => lines.subarray(starts[i]!, end)));
}

function* withBodies(
  octets: Bytes,
  leaves: readonly Part[],
  bodies: readonly Bytes[],
  encoding: string,
  cost: number,
): Generator<WholeGuess> {
  const to = [...new Set(leaves.map(({ transferEncoding }) => transferEncoding))].join(', ');
  const notes = [{ kind: 'transfer-encoding-changed' as const, from: encoding, to }];
  // In a rare style of lines, the usual style of the field is enough.
  for (let way = 0; way < (cost > 3 ? 1 : 3); way++) {
    const replacements = leaves.flatMap((leaf, i): Replacement[] => {
      const field = encodingFieldBefore(octets, leaf, encoding)[way];
      const body = { start: leaf.bodyStart, end: leaf.end, octets: bodies[i]! };
      return field === undefined ? [] : [field, body];
    });
    if (replacements.length > 0) yield { octets: replaced(octets, replacements), notes, cost: cost + way };
  }
}

function isEncoded(encoding: string): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable';
}

/** All leaves, those with text, then each alone. */
function* choicesOf(leaves: readonly Part[]): Generator<readonly Part[]> {
  if (leaves.length === 0) return;
  yield leaves;
  if (leaves.length === 1) return;
  const text = leaves.filter(({ contentType }) => contentType.mediaType.startsWith('text/'));
  if (text.length > 0 && text.length < leaves.length) yield text;
  for (const leaf of leaves.slice(0, mostSingle)) if (text.length !== 1 || leaf !== text[0]) yield [leaf];
}
