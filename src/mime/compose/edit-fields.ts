import { latin1FromBytes } from '../../core/bytes.js';
import type { OctetRange, Part } from '../part.js';
import type { Splices } from './splices.js';

const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/** U+FEFF in UTF-8. */
const MARK = '\xef\xbb\xbf';
/** Octets of the mark that may stand before all fields. */
export const LONGEST_MARK: number = MARK.length;

/**
 * Where what ends may stand above any first field: the mark of UTF-8, the
 * "From " line of a mailbox. Other lines there are passed over only as long as
 * the field after them is next to them.
 */
export function endOfLead({ source, start, headersEnd, headers }: Part): number {
  const lead = latin1FromBytes(source, start, Math.min(start + 9, headersEnd));
  const mark = lead.startsWith(MARK) ? MARK.length : 0;
  if (/^>?From /.test(lead.slice(mark))) return headers.at(0)?.start ?? headersEnd;
  return start + mark;
}

/**
 * The lines that would become folds of a field that is added above the first: those of an entity whose first line
 * begins with a blank (RFC 5322 §2.2.3). They belong to no field, and a sender's words would be the editor's.
 */
export function strayFolds(part: Part): OctetRange | undefined {
  const { source, headers } = part;
  const start = endOfLead(part);
  const first = headers.at(0)?.start ?? start;
  let end = start;
  while (end < first && (source[end] === SPACE || source[end] === TAB)) end = source.indexOf(LF, end) + 1;
  return end > start ? { start, end } : undefined;
}

/**
 * Lines that are no fields and would be the first line of an entity when
 * fields are removed: an entity whose first line is no field is read as all
 * body, so these lines have to go too.
 *
 * @param removed - where the fields begin that are removed.
 */
export function strayLines(part: Part, removed: ReadonlySet<number>, splices: Splices): OctetRange[] {
  const { headers, headersEnd, start } = part;
  const first = headers.at(0);
  if (first === undefined || !removed.has(first.start) || splices.insertsAt(endOfLead(part))) return [];
  const stray: OctetRange[] = [];
  let kept = false;
  for (let i = 0; i < headers.length && !kept; i++) {
    const field = headers.at(i)!;
    kept = splices.insertsAt(field.start) || !removed.has(field.start);
    const next = headers.at(i + 1)?.start ?? headersEnd;
    if (!kept && next > field.end) stray.push({ start: field.end, end: next });
  }
  const lead = kept || splices.insertsAt(headersEnd) ? endOfLead(part) : start;
  if (first.start > lead) stray.push({ start: lead, end: first.start });
  return stray;
}

/** The part of a message in whose header block the octet stands. */
export function partWithHeader(message: Part, offset: number): Part {
  let part = message;
  while (offset >= part.headersEnd) {
    const { parts } = part;
    let low = 0;
    let high = parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (parts[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    if (parts[low] === undefined) return part;
    part = parts[low]!;
  }
  return part;
}
