import { type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { decodeBase64 } from '../../encoding/base64.js';
import type { LdifValue } from './ldif-record.js';

/** A line of LDIF after unfolding: a name, and the octets from its colon on. */
export interface LdifLine {
  /** In lower case for the words of LDIF itself; {@link name} as it stands. */
  readonly word: string;
  readonly name: string;
  /** What stands behind the first colon. */
  readonly rest: Bytes;
  /** Where the line starts. */
  readonly offset: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;

/**
 * The lines of each record (RFC 2849 §2): folded ones joined, comments left
 * out, records parted at empty lines.
 */
export function* ldifRecords(octets: Bytes, mostLines: number): Generator<LdifLine[]> {
  let lines: LdifLine[] = [];
  let count = 0;
  // A byte order mark, as some programs write it.
  let at = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf ? 3 : 0;
  while (at < octets.length) {
    const offset = at;
    const pieces: Bytes[] = [];
    do {
      if (++count > mostLines)
        throw new MailsealError('limit-nodes', `the LDIF has more than ${mostLines} lines`, { offset: at });
      const found = octets.indexOf(lineFeed, at);
      const next = found < 0 ? octets.length : found + 1;
      const last = found < 0 ? octets.length : found;
      const end = last > at && octets[last - 1] === carriageReturn ? last - 1 : last;
      pieces.push(octets.subarray(pieces.length === 0 ? at : at + 1, end));
      at = next;
    } while (octets[at] === space);
    const line = pieces.length === 1 ? pieces[0]! : concatBytes(pieces);
    if (line.length === 0) {
      if (lines.length > 0) yield lines;
      lines = [];
    } else if (line[0] !== 0x23) lines.push(parseLine(line, offset));
  }
  if (lines.length > 0) yield lines;
}

function parseLine(line: Bytes, offset: number): LdifLine {
  const end = line.indexOf(colon);
  // A hyphen alone ends a step of a change.
  if (end < 0 && line.length === 1 && line[0] === 0x2d)
    return { word: '-', name: '-', rest: line.subarray(1), offset };
  // Nobody's attribute has a name so long, and hostile lines are not turned into text.
  const name = end > 0 && end <= longestName ? latin1FromBytes(line, 0, end) : '';
  if (!attributeDescription.test(name))
    throw ldifMalformed('a line begins with no attribute and colon', offset);
  return { word: name.toLowerCase(), name, rest: line.subarray(end + 1), offset };
}

/** Characters of the name of an attribute with its options. */
export const longestName = 1024;

/** RFC 4512 §2.5, and the underscore that many servers allow. */
export const attributeDescription: RegExp = /^(?:[A-Za-z][\w-]*|\d+(?:\.\d+)*)(?:;[\w-]+)*$/;

/** Reads what stands behind the first colon of a line (RFC 2849, value-spec). */
export function ldifValue({ rest, offset }: Pick<LdifLine, 'rest' | 'offset'>): LdifValue {
  if (rest[0] === 0x3c) return { url: latin1FromBytes(withoutFill(rest, 1)) };
  if (rest[0] !== colon) return withoutFill(rest, 0);
  let text = withoutFill(rest, 1);
  while (text.at(-1) === space) text = text.subarray(0, -1);
  try {
    return decodeBase64(text);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    throw ldifMalformed('a value behind "::" is no base64', offset);
  }
}

function withoutFill(rest: Bytes, from: number): Bytes {
  let at = from;
  while (rest[at] === space) at++;
  return rest.subarray(at);
}

/** Reads a value that has to be text: a distinguished name, a word. */
export function ldifText(line: LdifLine): string {
  const value = ldifValue(line);
  const text = value instanceof Uint8Array ? strictUtf8FromBytes(value) : undefined;
  if (text === undefined) throw ldifMalformed(`"${line.word}" is no UTF-8 text`, line.offset);
  return text;
}

/** The error for what RFC 2849 does not have. */
export function ldifMalformed(what: string, offset: number): MailsealError {
  return new MailsealError('x509-ldif-malformed', `the LDIF cannot be read at octet ${offset}: ${what}`, {
    offset,
  });
}
