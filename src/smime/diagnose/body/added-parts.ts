import type { Bytes } from '../../../core/bytes.js';
import type { Part } from '../../../mime/part.js';
import type { Family } from '../guess.js';
import { entityOf } from './leaves.js';
import { noOctets, replaced } from './lines.js';

/** Parts that are tried as added ones. */
const mostParts = 40;

/**
 * A part that a list or a scanner put into the signed multipart, and a multipart that it put around the signed
 * part to have room for another.
 */
export const addedParts: Family = {
  name: 'parts added',
  stage: 10,
  cost: 2,
  *guesses(octets) {
    const entity = entityOf(octets);
    if (entity === undefined) return;
    let left = mostParts;
    for (const part of entity.walk()) {
      if (!part.isMultipart) continue;
      const { parts, delimiters } = part;
      if (delimiters.length <= parts.length) continue;
      for (let i = parts.length - 1; i >= 0 && left > 0; i--, left--) {
        const inner = parts[i]!;
        yield { octets: inner.bytes.slice(), notes: [wrapped(part)], cost: 3 };
        yield { octets: withoutPart(octets, part, i), notes: [{ kind: 'part-added' }], cost: i > 0 ? 2 : 3 };
      }
    }
  },
};

function wrapped({ contentType }: Part): { kind: 'container-changed'; to: string } {
  return { kind: 'container-changed', to: contentType.mediaType };
}

/** A multipart without one of its parts and the delimiter before it. */
function withoutPart(octets: Bytes, { delimiters }: Part, i: number): Bytes {
  const from = delimiters[i]!;
  const next = delimiters[i + 1]!;
  // The first delimiter may have no line end before it; then that of the next goes too.
  const start = from.start;
  const end = octets[start] === 0x2d && octets[next.start] === 0x0d ? next.start + 2 : next.start;
  return replaced(octets, [{ start, end, octets: noOctets }]);
}
