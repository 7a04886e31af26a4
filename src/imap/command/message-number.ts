import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { LARGEST_NUMBER } from '../values/sequence-set.js';

const ASTERISK = 0x2a;

/** Reads `seq-number`: the number of one message, or `*`. */
export function readMessageNumber(reader: SyntaxReader): number | '*' {
  return reader.skip(ASTERISK) ? '*' : readPositive(reader);
}

/** Reads `nz-number`. */
export function readPositive(reader: SyntaxReader): number {
  const at = reader.at;
  const number = reader.number();
  if (number === 0 || number > LARGEST_NUMBER) reader.fail('a number of 1 to 4294967295', at);
  return number;
}

/** Writes `seq-number`. */
export function writeMessageNumber(writer: SyntaxWriter, number: number | '*'): void {
  if (number === '*') writer.raw('*');
  else writePositive(writer, number);
}

/** @throws MailsealError `usage` for what is no number of 1 to 2^32 − 1. */
export function writePositive(writer: SyntaxWriter, number: number): void {
  if (number === 0 || number > LARGEST_NUMBER) {
    throw usage(`a number of 1 to ${LARGEST_NUMBER} is wanted, not ${number}`);
  }
  writer.number(number);
}

/** RFC 9394 §4 `partial-range`: from one to another position, both counted from the same end. */
const partialRange = /^(?:[1-9]\d{0,9}:[1-9]\d{0,9}|-[1-9]\d{0,9}:-[1-9]\d{0,9})$/;

/** Reads the range of PARTIAL. */
export function readPartialRange(reader: SyntaxReader): string {
  const at = reader.at;
  const range = reader.atom();
  if (!partialRange.test(range)) reader.fail('a range such as 1:100 or -1:-100', at);
  return range;
}

/** @throws MailsealError `usage` for what is no range of PARTIAL. */
export function writePartialRange(writer: SyntaxWriter, range: string): void {
  if (!partialRange.test(range)) {
    throw usage(`a range such as 1:100 or -1:-100 is wanted, not ${shown(range)}`);
  }
  writer.raw(range);
}
