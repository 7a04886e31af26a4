import type { Family } from '../guess.js';
import { addedParts } from './added-parts.js';
import { banners } from './banners.js';
import { encodedFooters } from './encoded-footers.js';
import { footers, footersInAlternatives, innerTrailingLines, insertedLines, trailingLines } from './ends.js';
import { lineEnds } from './line-ends.js';
import { dotLines, fromLines } from './line-starts.js';
import { tabs } from './tabs.js';
import { blanksAdded, blanksRemoved } from './trailing-blanks.js';
import { decoded, encodedAnew } from './transfer-encoding.js';
import { joined, wrapped } from './wrapping.js';

/** What is undone in the body, its encoding and its structure. */
export const bodyFamilies: readonly Family[] = [
  addedParts,
  decoded,
  fromLines,
  wrapped,
  joined,
  dotLines,
  blanksAdded,
  blanksRemoved,
  innerTrailingLines,
  tabs,
  banners,
  encodedAnew,
  lineEnds,
  trailingLines,
  footers,
  footersInAlternatives,
  encodedFooters,
  insertedLines,
];
