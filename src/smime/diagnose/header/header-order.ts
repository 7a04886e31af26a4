import type { Bytes } from '../../../core/bytes.js';
import type { ChangeNote, Family, WholeGuess } from '../guess.js';
import {
  blocksOf,
  type RawBlock,
  type RawField,
  type RawParameter,
  withBlock,
  withFields,
  writtenParameter,
} from './header-blocks.js';

/** All orders of so few; of more, those with one moved. */
const fewFields = 4;
const mostMoves = 60;

/** Fields of a header block in another order. */
export const headerOrder: Family = {
  name: 'order of fields',
  stage: 68,
  cost: 2,
  isAboutHeaders: true,
  *guesses(octets) {
    const blocks = blocksOf(octets);
    const notes: ChangeNote[] = [{ kind: 'fields-reordered', region: 'header' }];
    for (const rank of ranks) {
      const made = withFields(octets, blocks, (fields) => byRank(fields, rank));
      if (made !== undefined) yield { octets: made, notes, cost: 2 };
    }
    for (const [b, block] of blocks.entries()) {
      for (const order of ordersOf(block.fields)) {
        const made = withBlock(octets, block, order);
        if (made !== undefined) yield { octets: made, notes, cost: b === 0 ? 3 : 4 };
      }
    }
  },
};

/** Orders in which programs write. */
const ranks: readonly (readonly string[])[] = [
  ['content-type', 'content-transfer-encoding', 'content-disposition'],
  ['mime-version', 'content-type', 'content-transfer-encoding', 'content-disposition'],
  ['content-type', 'mime-version', 'content-transfer-encoding', 'content-disposition'],
  ['content-type', 'content-disposition', 'content-transfer-encoding'],
  ['content-transfer-encoding', 'content-type', 'content-disposition'],
  ['content-disposition', 'content-type', 'content-transfer-encoding'],
  ['content-disposition', 'content-transfer-encoding', 'content-type'],
  ['content-id', 'content-type', 'content-transfer-encoding'],
];

function byRank(fields: readonly RawField[], rank: readonly string[]): RawField[] {
  const place = ({ name }: RawField): number => {
    const at = rank.indexOf(name.toLowerCase());
    return at < 0 ? rank.length : at;
  };
  return fields.toSorted((a, b) => place(a) - place(b));
}

function* ordersOf<T>(items: readonly T[]): Generator<T[]> {
  if (items.length < 2) return;
  if (items.length <= fewFields) {
    yield* permutations(items);
    return;
  }
  yield items.toReversed();
  let given = 0;
  for (let from = 0; from < items.length; from++) {
    for (let to = 0; to < items.length; to++) {
      if (from === to || given++ >= mostMoves) continue;
      const moved = items.toSpliced(from, 1);
      yield moved.toSpliced(to, 0, items[from]!);
    }
  }
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length < 2) {
    yield [...items];
    return;
  }
  for (const [i, item] of items.entries())
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
}

/** Parameters that programs add to Content-Type, or take away. */
const usual: readonly (readonly [RegExp, string])[] = [
  [/^text\//i, '; charset=us-ascii'],
  [/^text\//i, '; charset=utf-8'],
  [/^text\//i, '; charset=UTF-8'],
  [/^text\//i, '; charset="us-ascii"'],
  [/^text\//i, '; charset="utf-8"'],
  [/^text\//i, '; charset=ISO-2022-JP'],
  [/^text\/plain/i, '; format=flowed'],
  [/^text\/plain/i, '; format=flowed; delsp=yes'],
  [/^text\/plain/i, '; delsp=yes'],
  [/^text\/plain/i, '; reply-type=original'],
  [/./, '; protected-headers="v1"'],
];

/** Parameters in another order, one that was added, one that was removed. */
export const headerParameters: Family = {
  name: 'parameters of headers',
  stage: 70,
  cost: 3,
  isAboutHeaders: true,
  *guesses(octets) {
    for (const place of fieldsWith(blocksOf(octets))) {
      const { field } = place;
      const { parameters } = field;
      for (const [i, each] of parameters.entries()) {
        const made = withField(octets, place, { ...field, parameters: parameters.toSpliced(i, 1) });
        yield* guess(made, undefined, textOf(each), 3);
      }
      for (const order of ordersOf(parameters)) {
        const made = withField(octets, place, { ...field, parameters: order });
        yield* guess(made, order.map(textOf).join('; '), parameters.map(textOf).join('; '), 3);
      }
      if (!/^content-type$/i.test(field.name)) continue;
      for (const [type, text] of usual) {
        if (!type.test(field.value)) continue;
        const name = text.slice(2, text.indexOf('='));
        if (parameters.some((each) => each.name.toLowerCase() === name)) continue;
        const made = withField(octets, place, { ...field, tail: text + field.tail });
        yield* guess(made, text.slice(2), undefined, 4);
      }
    }
  },
};

function textOf(parameter: RawParameter): string {
  return writtenParameter({ ...parameter, before: '' });
}

function* guess(
  octets: Bytes | undefined,
  from: string | undefined,
  to: string | undefined,
  cost: number,
): Generator<WholeGuess> {
  if (octets === undefined) return;
  const note: ChangeNote = {
    kind: 'parameters-changed',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    region: 'header',
  };
  yield { octets, notes: [note], cost };
}

/** One field of one block. */
interface Place {
  readonly block: RawBlock;
  readonly index: number;
  readonly field: RawField;
}

function* fieldsWith(blocks: readonly RawBlock[]): Generator<Place> {
  for (const block of blocks)
    for (const [index, field] of block.fields.entries())
      if (field.parameters.length > 0 || /^content-type$/i.test(field.name)) yield { block, index, field };
}

function withField(octets: Bytes, { block, index }: Place, field: RawField): Bytes | undefined {
  return withBlock(octets, block, block.fields.with(index, field));
}
