import type { Bytes } from '../../../core/bytes.js';
import type { ChangeNote, WholeGuess } from '../guess.js';
import { type Replacement, replaced } from './lines.js';

/** The guess that octets were others in some places, by one change. */
export function guessOf(
  octets: Bytes,
  replacements: readonly Replacement[],
  note: ChangeNote,
  cost: number,
): WholeGuess {
  return { octets: replaced(octets, replacements), notes: [note], cost };
}
