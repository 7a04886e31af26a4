import type { Family } from '../guess.js';
import { blocksOf, type RawField, withBlock, withFields } from './header-blocks.js';

/** Fields that relays drop, because they say what holds without them. */
const usual: readonly (readonly [string, string])[] = [
  ['Content-Transfer-Encoding', '7bit'],
  ['Content-Transfer-Encoding', '8bit'],
  ['Content-Disposition', 'inline'],
  ['MIME-Version', '1.0'],
  ['Content-Language', 'ja'],
  ['Content-Language', 'en-US'],
  ['Content-Language', 'en'],
  ['Content-Type', 'text/plain; charset=us-ascii'],
  ['Content-Type', 'text/plain; charset="us-ascii"'],
  ['Content-Type', 'text/plain'],
];

/** Blocks whose fields are looked at. */
const mostBlocks = 6;

/** Fields that were added to a header block, or removed from it. */
export const headerFieldsChanged: Family = {
  name: 'fields added and removed',
  stage: 58,
  cost: 2,
  isAboutHeaders: true,
  *guesses(octets) {
    const blocks = blocksOf(octets).slice(0, mostBlocks);
    const added = (to: string) => [{ kind: 'field-added' as const, to, region: 'header' as const }];
    // What scanners and gateways write, all of it.
    const isMark = ({ name }: RawField): boolean => /^x-/i.test(name);
    const marks = blocks.flatMap(({ fields }) => fields.filter(isMark));
    if (marks.length > 0) {
      const made = withFields(octets, blocks, (fields) => fields.filter((field) => !isMark(field)));
      if (made !== undefined) yield { octets: made, notes: added(marks[0]!.name), cost: 2 };
    }
    for (const block of blocks) {
      for (const [f, { name }] of block.fields.entries()) {
        const made = withBlock(octets, block, block.fields.toSpliced(f, 1));
        if (made !== undefined) yield { octets: made, notes: added(name), cost: 2 };
      }
    }
    for (const [b, block] of blocks.entries()) {
      const { fields } = block;
      for (const [name, value] of usual) {
        if (fields.some((field) => field.name.toLowerCase() === name.toLowerCase())) continue;
        const field: RawField = { name, colon: ': ', value, parameters: [], tail: '\r\n' };
        for (let at = fields.length; at >= 0; at--) {
          const made = withBlock(octets, block, fields.toSpliced(at, 0, field));
          if (made !== undefined)
            yield {
              octets: made,
              notes: [{ kind: 'field-removed', from: name, region: 'header' }],
              cost: b === 0 ? 3 : 4,
            };
        }
      }
    }
  },
};
