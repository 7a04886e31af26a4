import type { Bytes } from '../../core/bytes.js';
import type { ChangedRange } from './alteration.js';

const LF = 0x0a;
/** Lines that are looked ahead for one that both have, where lines were added or removed. */
const lookAhead = 16;
/** Ranges that are told apart; what comes after is one. */
const mostRanges = 1_000;

/**
 * What was changed between the octets before and after: ranges of those after,
 * each with what stood there before. Line by line where lines can be matched;
 * linear in the octets.
 */
export function editsBetween(before: Bytes, after: Bytes): ChangedRange[] {
  const edits: ChangedRange[] = [];
  // What was put in or taken out in one place is told as that, whatever lines it looks like.
  push(edits, before, 0, before.length, after, 0, after.length);
  const [whole] = edits;
  if (whole === undefined || whole.start === whole.end || whole.original.length === 0) return edits;
  edits.length = 0;
  const a = lineStarts(before);
  const b = lineStarts(after);
  let i = 0;
  let j = 0;
  while (i + 1 < a.length || j + 1 < b.length) {
    if (i + 1 < a.length && j + 1 < b.length && sameLine(before, a, i, after, b, j)) {
      i++;
      j++;
      continue;
    }
    if (edits.length >= mostRanges - 1) {
      push(edits, before, a[i]!, before.length, after, b[j]!, after.length);
      break;
    }
    const [m, n] = nextMatch(before, a, i, after, b, j);
    push(edits, before, a[i]!, a[m]!, after, b[j]!, b[n]!);
    i = m;
    j = n;
  }
  return edits;
}

/** Where lines begin, and the end. */
function lineStarts(octets: Bytes): number[] {
  const starts = [0];
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1))
    if (at + 1 < octets.length) starts.push(at + 1);
  if (octets.length > 0) starts.push(octets.length);
  return starts;
}

function sameLine(
  before: Bytes,
  a: readonly number[],
  i: number,
  after: Bytes,
  b: readonly number[],
  j: number,
): boolean {
  const from = a[i]!;
  const length = a[i + 1]! - from;
  const to = b[j]!;
  if (b[j + 1]! - to !== length) return false;
  for (let at = 0; at < length; at++) if (before[from + at] !== after[to + at]) return false;
  return true;
}

/** The nearest pair of lines, from these on, that are the same; the ends where there is none near. */
function nextMatch(
  before: Bytes,
  a: readonly number[],
  i: number,
  after: Bytes,
  b: readonly number[],
  j: number,
): readonly [number, number] {
  // A line for a line is the commonest; then lines that only one side has.
  for (let distance = 1; distance <= lookAhead; distance++) {
    for (const [di, dj] of [
      [distance, distance],
      ...Array.from({ length: distance }, (_, k) => [distance, k] as const),
      ...Array.from({ length: distance }, (_, k) => [k, distance] as const),
    ] as const) {
      const m = i + di;
      const n = j + dj;
      if (m + 1 < a.length && n + 1 < b.length && sameLine(before, a, m, after, b, n)) return [m, n];
    }
  }
  // Nothing near: a line for a line while both have one, so that many changed lines are told one by one.
  const bothLeft = i + 1 < a.length && j + 1 < b.length;
  const sameCount = a.length - i === b.length - j;
  return bothLeft && sameCount ? [i + 1, j + 1] : [a.length - 1, b.length - 1];
}

/** Adds a range without what both begin and end with. */
function push(
  edits: ChangedRange[],
  before: Bytes,
  from: number,
  to: number,
  after: Bytes,
  start: number,
  end: number,
): void {
  while (from < to && start < end && before[from] === after[start]) {
    from++;
    start++;
  }
  while (from < to && start < end && before[to - 1] === after[end - 1]) {
    to--;
    end--;
  }
  if (from === to && start === end) return;
  edits.push({ start, end, original: before.slice(from, to) });
}

/** Ranges of a content, told as ranges of the one that it was made from by undoing `edits`. */
export function mapBack(ranges: readonly ChangedRange[], edits: readonly ChangedRange[]): ChangedRange[] {
  return ranges.map(({ start, end, original }) => ({
    start: place(start, edits, 'start'),
    end: place(end, edits, 'end'),
    original,
  }));
}

function place(at: number, edits: readonly ChangedRange[], side: 'start' | 'end'): number {
  // How much farther an octet stands once the edits before it are undone.
  let shift = 0;
  for (const { start, end, original } of edits) {
    const from = start + shift;
    const to = from + original.length;
    if (at < from || (at === from && side === 'end')) break;
    if (at < to || (at === to && side === 'end')) return side === 'start' ? start : end;
    shift = to - end;
  }
  return at - shift;
}
