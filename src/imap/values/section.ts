import { latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { asList, SyntaxWriter } from '../syntax/writer.js';
import { written } from '../syntax/written.js';
import type { ImapText } from '../text.js';
import { valueFromText } from './from-text.js';

/** Which octets of a message (RFC 9051 §6.4.5 `section-spec`); `{ part: [] }` is the whole message. */
export interface ImapSection {
  /** Numbers of parts inside each other: `[1, 2]` is `1.2`; none is the message itself. */
  readonly part: readonly number[];
  /** What of it; without, the whole of it. */
  readonly text?: SectionText;
  /** Names of header fields, with the two texts that want them. */
  readonly fields?: readonly ImapText[];
}

/** What of a message or part a section is (RFC 9051 §9 `section-text`). */
export type SectionText = 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';

/** A stretch of a section. */
export interface ImapPartial {
  /** Octets before it. */
  readonly offset: number;
  /** How many octets at most. */
  readonly length: number;
}

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;
const DOT = 0x2e;
const LESS = 0x3c;
const GREATER = 0x3e;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** The longest first, since some begin as others do. */
const TEXTS: readonly SectionText[] = ['HEADER.FIELDS.NOT', 'HEADER.FIELDS', 'HEADER', 'TEXT', 'MIME'];

/** Reads `section`, with its brackets. */
export function readSection(reader: SyntaxReader): ImapSection {
  reader.expect(OPEN_BRACKET);
  if (reader.skip(CLOSE_BRACKET)) return { part: [] };
  const part = readPart(reader);
  const isWhole = part.length > 0 && !reader.skip(DOT);
  const section = isWhole ? { part } : readText(reader, part);
  reader.expect(CLOSE_BRACKET);
  return section;
}

function readPart(reader: SyntaxReader): number[] {
  const part: number[] = [];
  while (isDigit(reader.peek())) {
    const at = reader.at;
    const number = reader.number();
    // RFC 9051 §9: section-part is of nz-number.
    if (number === 0 || number > 0xffff_ffff) reader.fail('the number of a part, of 1 to 4294967295', at);
    part.push(number);
    reader.count();
    const dotAt = reader.at;
    if (!reader.skip(DOT)) break;
    if (!isDigit(reader.peek())) {
      reader.at = dotAt;
      break;
    }
  }
  return part;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function readText(reader: SyntaxReader, part: readonly number[]): ImapSection {
  const at = reader.at;
  for (const text of TEXTS) {
    if (!reader.skipWord(text)) continue;
    // RFC 9051 §6.4.5.1: MIME is preceded by the number of a part.
    if (text === 'MIME' && part.length === 0) reader.fail('the number of a part before MIME', at);
    if (text !== 'HEADER.FIELDS' && text !== 'HEADER.FIELDS.NOT') return { part, text };
    reader.space();
    return { part, text, fields: readFields(reader) };
  }
  return reader.fail('HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME');
}

/** RFC 9051 §9 `header-list`; servers echo what the client wrote, or write it anew. */
function readFields(reader: SyntaxReader): ImapText[] {
  const fields: ImapText[] = [];
  reader.expect(OPEN);
  for (;;) {
    if (reader.peek() === SPACE) skipBlanks(reader);
    if (reader.skip(CLOSE)) break;
    fields.push(reader.astring());
    reader.count();
    if (!reader.skip(SPACE)) {
      reader.expect(CLOSE);
      break;
    }
    const next = reader.peek();
    if (next === CLOSE && !reader.quirk('extra-blanks')) reader.fail('the name of a header field');
  }
  if (fields.length === 0) reader.fail('the name of a header field', reader.at - 1);
  return fields;
}

function skipBlanks(reader: SyntaxReader): void {
  if (!reader.quirk('extra-blanks')) reader.fail('the name of a header field');
  while (reader.skip(SPACE));
}

/** Writes `section`, with its brackets. */
export function writeSection(writer: SyntaxWriter, section: ImapSection): void {
  const { part, text, fields } = section;
  checkSection(section);
  writer.raw('[');
  writer.raw(formatPart(part));
  if (text !== undefined) writer.raw(`${part.length > 0 ? '.' : ''}${text}`);
  if (fields !== undefined) {
    writer.space();
    writer.list(fields, (field) => writer.astring(field));
  }
  writer.raw(']');
}

function checkSection({ part, text, fields }: ImapSection): void {
  if (text !== undefined && !TEXTS.includes(text)) {
    throw usage(`the text of a section is one of ${TEXTS.join(', ')}, not ${shown(text)}`);
  }
  if (text === 'MIME' && part.length === 0) {
    throw usage('MIME is of a part, whose number is missing');
  }
  const wantsFields = text === 'HEADER.FIELDS' || text === 'HEADER.FIELDS.NOT';
  if (wantsFields !== (fields !== undefined && fields.length > 0) || (!wantsFields && fields !== undefined)) {
    throw usage(
      'names of header fields go with HEADER.FIELDS and HEADER.FIELDS.NOT, and these need one at least',
    );
  }
}

function formatPart(part: readonly number[]): string {
  for (const number of asList(part)) {
    if (!(Number.isInteger(number) && number >= 1 && number <= 0xffff_ffff)) {
      throw usage(`parts are numbered from 1 on, ${shown(number)} is no number of one`);
    }
  }
  return part.join('.');
}

/** Reads `section-binary`: the number of a part in brackets, or none. */
export function readSectionPart(reader: SyntaxReader): number[] {
  reader.expect(OPEN_BRACKET);
  const part = readPart(reader);
  reader.expect(CLOSE_BRACKET);
  return part;
}

/** Writes `section-binary`. */
export function writeSectionPart(writer: SyntaxWriter, part: readonly number[]): void {
  writer.raw(`[${formatPart(part)}]`);
}

/** Reads `partial` as a command has it (`<0.512>`) if it comes next. */
export function readPartial(reader: SyntaxReader): ImapPartial | undefined {
  if (!reader.skip(LESS)) return undefined;
  const offset = reader.number();
  reader.expect(DOT);
  const at = reader.at;
  const length = reader.number();
  // RFC 9051 §9: the length is nz-number64.
  if (length === 0) reader.fail('a length of 1 or more', at);
  reader.expect(GREATER);
  return { offset, length };
}

/** Writes `partial` as a command has it. */
export function writePartial(writer: SyntaxWriter, partial: ImapPartial | undefined): void {
  if (partial === undefined) return;
  const { offset, length } = partial;
  if (length === 0) throw usage('a partial is of one octet at least');
  writer.raw('<');
  writer.number(offset);
  writer.raw('.');
  writer.number(length);
  writer.raw('>');
}

/** Reads the origin of a partial as a response has it (`<0>`) if it comes next. */
export function readOrigin(reader: SyntaxReader): number | undefined {
  if (!reader.skip(LESS)) return undefined;
  const origin = reader.number();
  if (reader.peek() === DOT && reader.quirk('origin-with-length')) {
    reader.skip(DOT);
    reader.number();
  }
  reader.expect(GREATER);
  return origin;
}

/** Writes the origin of a partial as a response has it. */
export function writeOrigin(writer: SyntaxWriter, origin: number | undefined): void {
  if (origin === undefined) return;
  writer.raw('<');
  writer.number(origin);
  writer.raw('>');
}

/**
 * A section as it stands between brackets, for messages and for keys of a cache.
 *
 * @throws MailsealError `usage` for what is no section, and for names of
 *   header fields with line ends or beyond US-ASCII.
 *
 * @example
 * ```ts
 * import { formatSection } from 'mailseal/imap';
 *
 * console.log(formatSection({ part: [1, 2], text: 'HEADER.FIELDS', fields: ['From'] })); // 1.2.HEADER.FIELDS (From)
 * ```
 */
export function formatSection(section: ImapSection): string {
  const writer = new SyntaxWriter({ literals: 'synchronising', utf8: false });
  written('a section', () => writeSection(writer, section));
  const fragments = writer.finish();
  if (fragments.length > 1) {
    throw usage('a header field has a name that cannot stand in one line');
  }
  return latin1FromBytes(fragments[0]!.octets).slice(1, -3);
}

/**
 * Reads a section as it stands between brackets.
 *
 * @throws MailsealError `imap-malformed` where it is none.
 *
 * @example
 * ```ts
 * import { parseSection } from 'mailseal/imap';
 *
 * console.log(parseSection('2.MIME')); // { part: [ 2 ], text: 'MIME' }
 * ```
 */
export function parseSection(text: string): ImapSection {
  return valueFromText(`[${text}]`, readSection, -1);
}
