import { guessOf } from '../body/guess-of.js';
import { textLeavesOf } from '../body/leaves.js';
import type { Family } from '../guess.js';
import { sayings } from '../header/sayings.js';

const names = [
  'ISO-2022-JP',
  'UTF-8',
  'US-ASCII',
  'Shift_JIS',
  'EUC-JP',
  'ISO-8859-1',
  'windows-1252',
  'CP932',
  'CP50220',
  'CP50221',
] as const;

/** A charset label that was changed though the text was not. */
export const charsetLabel: Family = {
  name: 'charset label',
  stage: 54,
  cost: 2,
  *guesses(octets) {
    const leaves = textLeavesOf(octets);
    const to = leaves[0]?.contentType.parameters.get('charset');
    if (to === undefined) return;
    for (const from of names) {
      if (from.toLowerCase() === to.toLowerCase()) continue;
      for (const { replacements, cost } of sayings(leaves, { charset: from }))
        if (replacements.length > 0)
          yield guessOf(
            octets,
            replacements,
            { kind: 'charset-relabelled', from, to, region: 'header' },
            2 + cost,
          );
    }
  },
};
