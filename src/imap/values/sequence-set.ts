import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isSome, type SyntaxWriter } from '../syntax/writer.js';

/** Numbers from one to another, both included; `*` is the largest there is. */
export interface SequenceRange {
  readonly from: number | '*';
  readonly to: number | '*';
}

/**
 * Sequence numbers or UIDs (RFC 9051 §9 `sequence-set`): ranges in the order
 * that they were written; a single number is a range from it to itself. `$` is
 * the result of the last search that was saved (RFC 5182).
 */
export type SequenceSet = '$' | readonly SequenceRange[];

/** RFC 9051 §9: sequence numbers and UIDs are `nz-number`, 1 to 2^32 − 1. */
export const LARGEST_NUMBER = 0xffff_ffff;

const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Reads `sequence-set`. */
export function readSequenceSet(reader: SyntaxReader): SequenceSet {
  if (reader.skip(DOLLAR)) return '$';
  const ranges: SequenceRange[] = [];
  do {
    const from = readNumber(reader);
    ranges.push({ from, to: reader.skip(COLON) ? readNumber(reader) : from });
    reader.count();
  } while (reader.skip(COMMA));
  return ranges;
}

function readNumber(reader: SyntaxReader): number | '*' {
  if (reader.skip(ASTERISK)) return '*';
  const at = reader.at;
  const number = reader.number();
  if (number === 0 || number > LARGEST_NUMBER) reader.fail('a number of 1 to 4294967295', at);
  return number;
}

/** Writes `sequence-set`. */
export function writeSequenceSet(writer: SyntaxWriter, set: SequenceSet): void {
  writer.raw(formatSequenceSet(set));
}

/**
 * A set as it stands in a command.
 *
 * @throws MailsealError `usage` for a set without numbers, and for what is no
 *   number of 1 to 2^32 − 1.
 *
 * @example
 * ```ts
 * import { formatSequenceSet } from 'mailseal/imap';
 *
 * console.log(formatSequenceSet([{ from: 2, to: 4 }, { from: 7, to: 7 }, { from: 9, to: '*' }])); // 2:4,7,9:*
 * ```
 */
export function formatSequenceSet(set: SequenceSet): string {
  if (set === '$') return '$';
  if (!isSome(set)) throw usage('a sequence set needs one number at least');
  let text = '';
  for (const range of set) {
    if (Object(range) !== range) throw usage(`a range of numbers is wanted, not ${shown(range)}`);
    const { from, to } = range;
    if (text !== '') text += ',';
    text += formatNumber(from);
    if (to !== from) text += `:${formatNumber(to)}`;
  }
  return text;
}

function formatNumber(number: number | '*'): string {
  if (number !== '*' && !(Number.isInteger(number) && number >= 1 && number <= LARGEST_NUMBER)) {
    throw usage(`a sequence set holds numbers of 1 to ${LARGEST_NUMBER}, not ${shown(number)}`);
  }
  return String(number);
}
