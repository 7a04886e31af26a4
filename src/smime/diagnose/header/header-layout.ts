import type { Bytes } from '../../../core/bytes.js';
import type { ChangeNote, Family, WholeGuess } from '../guess.js';
import {
  blocksOf,
  firstChanged,
  type RawBlock,
  type RawField,
  type RawParameter,
  withBlock,
  withFields,
  withParameters,
  written,
  writtenParameter,
} from './header-blocks.js';

type Change = (field: RawField) => RawField;

/** Folds and the blanks after them. */
const folds = /\r\n[ \t]+/g;

const before =
  (text: string): Change =>
  (field) =>
    withParameters(field, (each) => ({ ...each, before: text }));
const beforeLater =
  (first: string, later: string): Change =>
  (field) =>
    withParameters(field, (each, i) => ({ ...each, before: i === 0 ? first : later }));
const refolded =
  (inValue: string, inParameters: string = inValue): Change =>
  (field) => ({
    ...field,
    value: field.value.replace(folds, inValue),
    parameters: field.parameters.map((each) => ({
      ...each,
      before: each.before.replace(folds, inParameters),
    })),
  });
/** Folded where a line would be longer than this, as most programs do. */
const folded =
  (width: number, fold: string): Change =>
  (field) => {
    let used = field.name.length + field.colon.length;
    const pieces = field.value.replace(folds, ' ').split(' ');
    let value = '';
    for (const [i, piece] of pieces.entries()) {
      const fits = i === 0 || used + 1 + piece.length <= width;
      if (i > 0) value += fits ? ' ' : `\r\n${fold}`;
      value += piece;
      used = (fits ? used + (i > 0 ? 1 : 0) : fold.length) + piece.length;
    }
    const parameters = field.parameters.map((each): RawParameter => {
      const length = writtenParameter({ ...each, before: '' }).length;
      const fits = used + 2 + length <= width;
      used = (fits ? used + 2 : fold.length) + length + 1;
      return { ...each, before: fits ? '; ' : `;\r\n${fold}` };
    });
    return { ...field, value, parameters };
  };
const afterColon =
  (blank: string): Change =>
  (field) => ({ ...field, colon: `:${blank}` });

const foldings: readonly (readonly [Change, number])[] = [
  [(field) => before('; ')(refolded(' ')(field)), 1],
  [before(';\r\n\t'), 1],
  [before(';\r\n '), 1],
  [refolded('\r\n\t'), 2],
  [refolded('\r\n '), 2],
  [folded(78, ' '), 2],
  [folded(76, ' '), 2],
  [folded(78, '\t'), 2],
  [folded(76, '\t'), 2],
  [beforeLater('; ', ';\r\n\t'), 2],
  [beforeLater('; ', ';\r\n '), 2],
  [refolded('', ' '), 3],
  [before(';\r\n  '), 3],
  [before(';\r\n    '), 3],
  [before(';\r\n        '), 3],
  [folded(72, ' '), 3],
  [folded(72, '\t'), 3],
  [folded(64, ' '), 3],
  [beforeLater(';\r\n\t', '; '), 3],
  [beforeLater(';\r\n ', '; '), 3],
  [afterColon('\r\n '), 4],
  [afterColon('\r\n\t'), 4],
  [(field) => before('; ')(refolded(' ')(afterColon(' ')(field))), 4],
];

const spacings: readonly (readonly [Change, number])[] = [
  [before(';'), 2],
  [before('; '), 2],
  [afterColon(' '), 2],
  [afterColon(''), 3],
  [afterColon('\t'), 4],
  [(field) => withParameters(field, (each) => ({ ...each, equals: '=' })), 3],
  [(field) => ({ ...field, value: field.value.trimEnd(), tail: '\r\n' }), 3],
  [(field) => ({ ...field, tail: ` ${field.tail}` }), 4],
  [
    (field) => (field.parameters.length === 0 ? field : { ...field, tail: `;${field.tail.trimStart()}\r\n` }),
    4,
  ],
  [before(' ; '), 4],
];

/** Folds of fields (RFC 5322 §2.2.3) in other places, or with other blanks. */
export const headerFolds: Family = {
  name: 'folds in headers',
  stage: 60,
  cost: 1,
  isAboutHeaders: true,
  guesses: (octets) => relaid(octets, foldings),
};

/** Blanks around colons, semicolons and at the ends of fields. */
export const headerSpacing: Family = {
  name: 'blanks in headers',
  stage: 66,
  cost: 2,
  isAboutHeaders: true,
  guesses: (octets) => relaid(octets, spacings),
};

/** What is changed in all fields alike, then in one field alone. */
function* relaid(octets: Bytes, changes: readonly (readonly [Change, number])[]): Generator<WholeGuess> {
  const blocks = blocksOf(octets);
  if (blocks.length === 0) return;
  const guesses: WholeGuess[] = [];
  for (const [change, cost] of changes) {
    const changed = firstChanged(blocks, change);
    if (changed === undefined) continue;
    const everywhere = withFields(octets, blocks, (fields) => fields.map(change));
    if (everywhere !== undefined) guesses.push({ octets: everywhere, notes: [noteOf(...changed)], cost });
    for (const { octets: one, field } of alone(octets, blocks, change))
      guesses.push({ octets: one, notes: [noteOf(field, change(field))], cost: cost + 1 });
  }
  yield* guesses.toSorted((a, b) => a.cost - b.cost);
}

function noteOf(came: RawField, was: RawField): ChangeNote {
  const isFolded = [came, was].some((field) => written(field).trimEnd().includes('\r\n'));
  const kind = isFolded ? 'field-refolded' : 'field-spacing-changed';
  return { kind, from: came.name, region: 'header' };
}

/** Most fields that are changed alone. */
const mostAlone = 12;

function* alone(
  octets: Bytes,
  blocks: readonly RawBlock[],
  change: Change,
): Generator<{ readonly octets: Bytes; readonly field: RawField }> {
  let given = 0;
  for (const block of blocks) {
    for (const [f, field] of block.fields.entries()) {
      if (given >= mostAlone) return;
      const changed = change(field);
      if (changed === field) continue;
      const made = withBlock(octets, block, block.fields.with(f, changed));
      if (made === undefined) continue;
      given++;
      yield { octets: made, field };
    }
  }
}

const needsQuotes = /[\s()<>@,;:\\"/[\]?=]/;

/** Quotation marks around the values of parameters (RFC 2045 §5.1). */
export const headerQuoting: Family = {
  name: 'quotation marks in headers',
  stage: 64,
  cost: 1,
  isAboutHeaders: true,
  *guesses(octets) {
    const blocks = blocksOf(octets);
    const quoted = ({ value }: RawParameter): boolean => value.startsWith('"');
    const quote = (each: RawParameter): RawParameter =>
      quoted(each) ? each : { ...each, value: `"${each.value}"` };
    const bare = (each: RawParameter): RawParameter => {
      const inner = each.value.slice(1, -1);
      return quoted(each) && inner !== '' && !needsQuotes.test(inner) ? { ...each, value: inner } : each;
    };
    const toggled = (each: RawParameter): RawParameter => (quoted(each) ? bare(each) : quote(each));
    const note = (to: RawParameter, from: RawParameter): ChangeNote => ({
      kind: 'field-quoting-changed',
      from: `${from.name}=${from.value}`,
      to: `${to.name}=${to.value}`,
      region: 'header',
    });
    for (const [change, only, cost] of [
      [quote, undefined, 1],
      [bare, undefined, 1],
      [toggled, /^charset$/i, 1],
      [toggled, /^(?:file)?name$/i, 2],
      [toggled, /^boundary$/i, 2],
      [toggled, /^(?:format|delsp|micalg|protocol|type)$/i, 2],
    ] as const) {
      const changeOf = (each: RawParameter): RawParameter =>
        only === undefined || only.test(each.name) ? change(each) : each;
      const first = blocks
        .flatMap(({ fields }) => fields.flatMap(({ parameters }) => parameters))
        .find((each) => changeOf(each).value !== each.value);
      if (first === undefined) continue;
      const made = withFields(octets, blocks, (fields) =>
        fields.map((field) => withParameters(field, changeOf)),
      );
      if (made !== undefined) yield { octets: made, notes: [note(first, changeOf(first))], cost };
    }
    let given = 0;
    for (const block of blocks) {
      for (const [f, field] of block.fields.entries()) {
        for (const [p, each] of field.parameters.entries()) {
          const changed = toggled(each);
          if (changed === each || given++ >= 24) continue;
          const parameters = field.parameters.with(p, changed);
          const made = withBlock(octets, block, block.fields.with(f, { ...field, parameters }));
          if (made !== undefined) yield { octets: made, notes: [note(each, changed)], cost: 3 };
        }
      }
    }
  },
};
