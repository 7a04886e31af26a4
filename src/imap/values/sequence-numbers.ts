import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { valueFromText } from './from-text.js';
import { LARGEST_NUMBER, readSequenceSet, type SequenceSet } from './sequence-set.js';

/** Numbers from one to a larger or equal one, both included; a {@link SequenceSet} may hold it. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a set such as `2:4,7,*` or `$`.
 *
 * @throws MailsealError `imap-malformed` with the place where it is none.
 *
 * @example
 * ```ts
 * import { parseSequenceSet } from 'mailseal/imap';
 *
 * console.log(parseSequenceSet('2:4,9:*')); // [ { from: 2, to: 4 }, { from: 9, to: '*' } ]
 * ```
 */
export function parseSequenceSet(text: string): SequenceSet {
  return valueFromText(text, readSequenceSet);
}

/**
 * The shortest set of some numbers, which may come in any order and repeat.
 *
 * @throws MailsealError `usage` for what is no number of 1 to 2^32 − 1.
 *
 * @example
 * ```ts
 * import { formatSequenceSet, sequenceSetOf } from 'mailseal/imap';
 *
 * console.log(formatSequenceSet(sequenceSetOf([7, 3, 2, 4, 7]))); // 2:4,7
 * ```
 */
export function sequenceSetOf(numbers: Iterable<number>): NumberRange[] {
  if (typeof numbers?.[Symbol.iterator] !== 'function')
    throw usage(`numbers to go through are wanted, not ${shown(numbers)}`);
  const sorted = [...numbers];
  let isAscending = true;
  for (let i = 0; i < sorted.length; i++) {
    const number = sorted[i]!;
    if (!(Number.isInteger(number) && number >= 1 && number <= LARGEST_NUMBER)) {
      throw usage(`numbers of 1 to ${LARGEST_NUMBER} are wanted, not ${shown(number)}`);
    }
    if (i > 0 && number < sorted[i - 1]!) isAscending = false;
  }
  if (!isAscending) sorted.sort((a, b) => a - b);
  return joinAscending(sorted.map((number) => ({ from: number, to: number })));
}

/** Joins ranges that overlap or touch; they come in the order of their beginnings. */
function joinAscending(ranges: readonly NumberRange[]): NumberRange[] {
  const joined: NumberRange[] = [];
  let last: NumberRange | undefined;
  for (const range of ranges) {
    if (last !== undefined && range.from <= last.to + 1) {
      if (range.to <= last.to) continue;
      joined.pop();
      last = { from: last.from, to: range.to };
    } else last = range;
    joined.push(last);
  }
  return joined;
}

/**
 * What a set means in a mailbox: ranges that ascend and stand apart, without `*`.
 *
 * @param largest - the largest sequence number or UID there is, which `*`
 *   stands for (RFC 9051 §9: also where it is the smaller end, as in `559:*`);
 *   0 in an empty mailbox, where ranges with `*` hold nothing.
 * @throws MailsealError `usage` for `$`, whose numbers only the caller can have kept.
 *
 * @example
 * ```ts
 * import { parseSequenceSet, resolveSequenceSet } from 'mailseal/imap';
 *
 * console.log(resolveSequenceSet(parseSequenceSet('9:*,4:2,3:5'), 7)); // [ { from: 2, to: 5 }, { from: 7, to: 9 } ]
 * ```
 */
export function resolveSequenceSet(set: SequenceSet, largest: number): NumberRange[] {
  if (set === '$') {
    throw usage('$ stands for a result that was saved; pass that as a set instead');
  }
  const ranges: NumberRange[] = [];
  for (const { from, to } of set) {
    if (largest === 0 && (from === '*' || to === '*')) continue;
    const a = from === '*' ? largest : from;
    const b = to === '*' ? largest : to;
    ranges.push(a <= b ? { from: a, to: b } : { from: b, to: a });
  }
  return joinAscending(ranges.sort((a, b) => a.from - b.from));
}

/**
 * Whether a number is in ranges as {@link resolveSequenceSet} gives them; takes
 * time with the logarithm of their count.
 *
 * @example
 * ```ts
 * import { rangesHold } from 'mailseal/imap';
 *
 * console.log(rangesHold([{ from: 2, to: 5 }], 4)); // true
 * ```
 */
export function rangesHold(ranges: readonly NumberRange[], number: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const { from, to } = ranges[middle]!;
    if (number < from) high = middle - 1;
    else if (number > to) low = middle + 1;
    else return true;
  }
  return false;
}

/**
 * How many numbers are in ranges that stand apart.
 *
 * @example
 * ```ts
 * import { countOfRanges } from 'mailseal/imap';
 *
 * console.log(countOfRanges([{ from: 2, to: 5 }, { from: 7, to: 7 }])); // 5
 * ```
 */
export function countOfRanges(ranges: readonly NumberRange[]): number {
  return ranges.reduce((count, { from, to }) => count + to - from + 1, 0);
}

/**
 * The numbers of a set one by one, ascending, each once.
 *
 * @param largest - what `*` stands for; see {@link resolveSequenceSet}.
 * @param limit - how many numbers at most, since `1:4294967295` is easily
 *   written. Default 1,000,000.
 * @throws MailsealError `limit-list` where there would be more; `usage` for `$`.
 *
 * @example
 * ```ts
 * import { expandSequenceSet, parseSequenceSet } from 'mailseal/imap';
 *
 * console.log(expandSequenceSet(parseSequenceSet('2:4,7:*'), 8)); // [ 2, 3, 4, 7, 8 ]
 * ```
 */
export function expandSequenceSet(set: SequenceSet, largest: number, limit = 1_000_000): number[] {
  const ranges = resolveSequenceSet(set, largest);
  const count = countOfRanges(ranges);
  if (count > limit) {
    throw new MailsealError('limit-list', `the set has ${count} numbers, more than the ${limit} allowed`);
  }
  const numbers: number[] = [];
  for (const { from, to } of ranges) for (let number = from; number <= to; number++) numbers.push(number);
  return numbers;
}

/**
 * The numbers that are in one of two sets of ranges, or in both. All three are
 * as {@link resolveSequenceSet} gives them.
 *
 * @example
 * ```ts
 * import { formatSequenceSet, sequenceSetOf, uniteRanges } from 'mailseal/imap';
 *
 * console.log(formatSequenceSet(uniteRanges(sequenceSetOf([1, 2]), sequenceSetOf([3, 9])))); // 1:3,9
 * ```
 */
export function uniteRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  return joinAscending([...a, ...b].sort((x, y) => x.from - y.from));
}

/**
 * The numbers that are in both of two sets of ranges. All three are as
 * {@link resolveSequenceSet} gives them.
 *
 * @example
 * ```ts
 * import { intersectRanges } from 'mailseal/imap';
 *
 * console.log(intersectRanges([{ from: 1, to: 5 }], [{ from: 4, to: 9 }])); // [ { from: 4, to: 5 } ]
 * ```
 */
export function intersectRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const common: NumberRange[] = [];
  let ofA = 0;
  let ofB = 0;
  while (ofA < a.length && ofB < b.length) {
    const x = a[ofA]!;
    const y = b[ofB]!;
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from <= to) common.push({ from, to });
    if (x.to < y.to) ofA++;
    else ofB++;
  }
  return common;
}

/**
 * The numbers of one set of ranges that are not in another. All three are as
 * {@link resolveSequenceSet} gives them.
 *
 * @example
 * ```ts
 * import { subtractRanges } from 'mailseal/imap';
 *
 * console.log(subtractRanges([{ from: 1, to: 5 }], [{ from: 2, to: 3 }])); // [ { from: 1, to: 1 }, { from: 4, to: 5 } ]
 * ```
 */
export function subtractRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const rest: NumberRange[] = [];
  let ofB = 0;
  for (const { from: start, to } of a) {
    let from = start;
    for (; ofB < b.length && b[ofB]!.from <= to; ofB++) {
      const { from: cutFrom, to: cutTo } = b[ofB]!;
      if (from < cutFrom) rest.push({ from, to: cutFrom - 1 });
      from = Math.max(from, cutTo + 1);
      // What reaches beyond this range cuts the next one as well.
      if (cutTo > to) break;
    }
    if (from <= to) rest.push({ from, to });
  }
  return rest;
}
