import type { Family } from '../guess.js';
import {
  blocksOf,
  firstChanged,
  type RawField,
  withFields,
  withParameters,
  written,
} from './header-blocks.js';

type Change = (field: RawField) => RawField;
type Spell = (text: string) => string;

const lower: Spell = (text) => text.toLowerCase();
const upper: Spell = (text) => text.toUpperCase();
const capital: Spell = (text) => lower(text).replace(/^[a-z]/, upper);
/** `Content-Transfer-Encoding`, as nearly all programs write it. */
const canonical: Spell = (text) =>
  lower(text)
    .replace(/(?:^|-)[a-z]/g, upper)
    .replace(/^Mime-/, 'MIME-')
    .replace(/-Id$/, '-ID');

const isCharset = /^charset$/i;
/** Whose values are read without regard to case. */
const types = /^content-type$/i;
const encodings = /^content-(?:transfer-encoding|disposition)$/i;
const words = (text: string): string => lower(text).replace(/(?:^|\/)[a-z]/g, upper);

const inNames =
  (spell: Spell): Change =>
  (field) => ({ ...field, name: spell(field.name) });
const inCharsets =
  (spell: Spell): Change =>
  (field) =>
    withParameters(field, (each) =>
      isCharset.test(each.name) ? { ...each, value: spell(each.value) } : each,
    );
const inParameterNames =
  (spell: Spell): Change =>
  (field) =>
    withParameters(field, (each) => ({ ...each, name: spell(each.name) }));
const inValues =
  (fields: RegExp, spell: Spell): Change =>
  (field) =>
    fields.test(field.name) ? { ...field, value: spell(field.value) } : field;

/** The places where letter case means nothing, and how each is spelled; the likeliest first. */
const places: readonly (readonly Change[])[] = [
  [inCharsets(upper), inCharsets(lower), inCharsets((text) => text.replace(/shift_jis/i, 'Shift_JIS'))],
  [
    inNames(canonical),
    inNames(lower),
    inNames(capital),
    inNames(upper),
    inNames((text) => lower(text).replace(/(?:^|-)[a-z]/g, upper)),
  ],
  [inValues(types, lower), inValues(types, upper), inValues(types, words)],
  [inValues(encodings, lower), inValues(encodings, upper), inValues(encodings, capital)],
  [inParameterNames(lower), inParameterNames(upper), inParameterNames(capital)],
];

/** Upper case and lower case in what is read without regard to it (RFC 2045 §5.1, RFC 5322 §1.2.2). */
export const headerCase: Family = {
  name: 'letter case in headers',
  stage: 62,
  cost: 1,
  isAboutHeaders: true,
  *guesses(octets) {
    const blocks = blocksOf(octets);
    if (blocks.length === 0) return;
    const single = places.flat();
    const pairs = places.flatMap((spells, i) =>
      places.slice(i + 1).flatMap((others) =>
        spells.flatMap((a) =>
          others.map(
            (b): Change =>
              (field) =>
                b(a(field)),
          ),
        ),
      ),
    );
    const all = [
      ...single.map((change) => [change, 1] as const),
      ...pairs.map((change) => [change, 3] as const),
    ];
    for (const [change, cost] of all) {
      const changed = firstChanged(blocks, change);
      if (changed === undefined) continue;
      const [to, from] = changed.map(lineOf);
      const notes = [
        { kind: 'field-case-changed' as const, from: from!, to: to!, region: 'header' as const },
      ];
      const everywhere = withFields(octets, blocks, (fields) => fields.map(change));
      if (everywhere !== undefined) yield { octets: everywhere, notes, cost };
      if (blocks.length === 1) continue;
      const outside = withFields(octets, blocks, (fields, i) => (i === 0 ? fields.map(change) : fields));
      if (outside !== undefined) yield { octets: outside, notes, cost: cost + 1 };
    }
  },
};

function lineOf(field: RawField): string {
  return written(field).trim();
}
