import type { Bytes } from '../../core/bytes.js';
import type { ChangedRange } from './alteration.js';
import { linesOf } from './body/lines.js';

const ESC = 0x1b;
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
  const a = [...linesOf(before).starts];
  const b = [...linesOf(after).starts];
  let i = 0;
  let j = 0;
  // What comes after the lines that are told apart is as one line.
  if (a.at(-1)! < before.length) a.push(before.length);
  if (b.at(-1)! < after.length) b.push(after.length);
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
    const isLineForLine = m - i === n - j;
    // Where as many lines stand on both sides each was changed by itself.
    while (isLineForLine && i < m) {
      push(edits, before, a[i]!, a[i + 1]!, after, b[j]!, b[j + 1]!);
      i++;
      j++;
    }
    if (!isLineForLine) push(edits, before, a[i]!, a[m]!, after, b[j]!, b[n]!);
    i = m;
    j = n;
  }
  return edits;
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

/** Adds a range without what both begin and end with, but for parts of characters and of escape sequences. */
function push(
  edits: ChangedRange[],
  before: Bytes,
  from: number,
  to: number,
  after: Bytes,
  start: number,
  end: number,
): void {
  const first = from;
  const last = to;
  while (from < to && start < end && before[from] === after[start]) {
    from++;
    start++;
  }
  while (from < to && start < end && before[to - 1] === after[end - 1]) {
    to--;
    end--;
  }
  if (from === to && start === end) return;
  const back = Math.max(stepsIntoCharacter(before, first, from), stepsIntoCharacter(after, first, start));
  for (let i = 0; i < back && from > first; i++) {
    from--;
    start--;
  }
  while (to < last && (cutsCharacter(before, from, to) || cutsCharacter(after, start, end))) {
    to++;
    end++;
  }
  edits.push({ start, end, original: before.slice(from, to) });
}

/** How many octets back the character or escape sequence begins in which a place is. */
function stepsIntoCharacter(octets: Bytes, first: number, at: number): number {
  for (let back = 1; back <= 2 && at - back >= first; back++) if (octets[at - back] === ESC) return back;
  let back = 0;
  while (back < 3 && at - back > first && isContinuation(octets[at - back])) back++;
  return back;
}

/** Whether a place is in a character or an escape sequence that begins between another place and it. */
function cutsCharacter(octets: Bytes, from: number, at: number): boolean {
  if (at <= from) return false;
  if (octets[at - 1] === ESC || (at - 2 >= from && octets[at - 2] === ESC)) return true;
  return isContinuation(octets[at]) && octets[at - 1]! >= 0x80;
}

/** Whether an octet goes on with a character of UTF-8. */
function isContinuation(octet: number | undefined): boolean {
  return octet !== undefined && (octet & 0xc0) === 0x80;
}
