import { latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { WriteOptions } from '../../mime/compose/compose-charset.js';
import { structuredPieces, writeField } from '../../mime/compose/compose-field.js';
import { parameterPieces, quotedString } from '../../mime/compose/compose-parameters.js';
import { foldField, type Piece } from '../../mime/compose/fold.js';
import { type ContentDisposition, parseContentDisposition } from '../../mime/fields/content-disposition.js';
import { type ContentType, parseContentType } from '../../mime/fields/content-type.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { LONGEST_LINE } from '../../mime/structure/open-boundaries.js';

/** A parameter of Content-Type: its name, and its value as text. */
export type TypeParameter = readonly [name: string, value: string];

const ADDRESSES =
  /^(?:(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)|disposition-notification-to|return-receipt-to|errors-to|mail-followup-to|mail-reply-to)$/i;
const TOKEN = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/;

const asUtf8: WriteOptions = { charsets: ['utf-8'], iso2022jp: {}, eai: false };

/**
 * A field as text with its CRLF, written so that no server on the way has a
 * reason to change it: the octets as they came where those are good, with CRLF
 * for other line ends and without blanks at the ends of lines. What is not
 * ASCII becomes encoded words, or what RFC 2231 has for parameters; addresses
 * that are not ASCII (RFC 6532) stay as they are.
 *
 * @throws MailsealError `mime-line-too-long` for a word of a field that no line can hold.
 */
export function safeField(field: HeaderField): string {
  const text = plainLines(latin1FromBytes(field.raw));
  return isSafe(text) ? text : rewritten(field);
}

/** A field as it came, with sound line ends: for the header outside of what is sealed, which servers may change. */
export function outerField(field: HeaderField): string {
  return plainLines(latin1FromBytes(field.raw));
}

/**
 * The Content-Type of an entity with parameters added, in place of any that
 * have their names, and without those that are `removed`: as text with its CRLF.
 */
export function contentTypeWith(
  field: HeaderField | undefined,
  type: ContentType,
  added: readonly TypeParameter[],
  removed: readonly string[] = [],
): string {
  const names = new Set([...added.map(([name]) => name), ...removed]);
  const isReplaced = type.parameters.all.some(({ name }) => names.has(name));
  if (field !== undefined && !isReplaced && type.defects.length === 0) {
    const text = plainLines(latin1FromBytes(field.raw));
    // A comment or a semicolon at the end would be read in more ways than one with something after it.
    if (isSafe(text) && /[\w"]\r\n$/.test(text)) {
      let written = text.slice(0, -2);
      for (const parameter of added) written += `;\r\n ${parameterText(parameter)}`;
      return `${written}\r\n`;
    }
  }
  const kept = type.parameters.all.filter(({ name }) => !names.has(name));
  return typeField('Content-Type', type.mediaType, [
    ...kept.map(({ name, value }): TypeParameter => [name, value]),
    ...added,
  ]);
}

/** A field with a value and parameters. Values in ASCII stay in one piece, since boundaries are only understood so. */
export function typeField(name: string, value: string, parameters: readonly TypeParameter[]): string {
  const pieces: Piece[] = [{ blanks: ' ', text: value }];
  for (const parameter of parameters) {
    // What a reader took for a parameter's name may be none, and can only be left out.
    if (!TOKEN.test(parameter[0])) continue;
    const last = pieces.pop()!;
    pieces.push({ ...last, text: `${last.text};` });
    if (/^[ -~]*$/.test(parameter[1])) pieces.push({ blanks: ' ', text: parameterText(parameter) });
    else {
      const [key, text] = parameter;
      const parts = parameterPieces(name, '', [{ name: key, value: cleanText(text) }], asUtf8);
      pieces.push(...parts.slice(1));
    }
  }
  return foldField(name, pieces);
}

function parameterText([name, value]: TypeParameter): string {
  return `${name}=${quotedString(value)}`;
}

/** Text without what would end a line of a field. */
function cleanText(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}

/**
 * The lines of a field with CRLF, and without blanks at their ends. A CR that
 * ends no line becomes a blank: as a line end it would begin another field.
 */
function plainLines(raw: string): string {
  const lines: string[] = [];
  for (const line of raw.replace(/\r(?!\n)/g, ' ').split('\n')) {
    const text = trimmedEnd(line);
    if (text !== '') lines.push(text);
  }
  // RFC 5322 §4.5 has blanks before the colon read; `From :` would be taken for the start of a message in a mailbox.
  if (lines.length > 0) lines[0] = lines[0]!.replace(/^([!-9;-~]+)[ \t]+:/, '$1:');
  return `${lines.join('\r\n')}\r\n`;
}

/** By steps: `/[ \t]+$/` takes quadratic time where blanks stand inside. */
function trimmedEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t' || line[end - 1] === '\r')) end--;
  return line.slice(0, end);
}

function isSafe(text: string): boolean {
  if (!/^[\t\r\n -~]*$/.test(text)) return false;
  return text.length <= LONGEST_LINE || text.split('\r\n').every((line) => line.length <= LONGEST_LINE);
}

function rewritten(field: HeaderField): string {
  const { name, value } = field;
  switch (name.toLowerCase()) {
    case 'content-type':
      return contentTypeWith(undefined, parseContentType(value), []);
    case 'content-disposition':
      return dispositionField(parseContentDisposition(value));
    default:
  }
  try {
    // Names stand in an address list so that their encoded words are undone one by one.
    return writeField(name, cleanText(ADDRESSES.test(name) ? value : field.text), asUtf8);
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'mime-line-too-long') throw error;
    // RFC 6532: an address that is not ASCII has no other form, and with anything left out it would be another.
    if (ADDRESSES.test(name)) return outerField(field);
    // A field with a syntax of its own has no way to say anything but ASCII, so nothing is lost that could be read.
    return foldField(name, structuredPieces(value.replace(/[^\t -~]/g, '?')));
  }
}

function dispositionField({ type, parameters }: ContentDisposition): string {
  return typeField(
    'Content-Disposition',
    type,
    parameters.all.map(({ name, value }): TypeParameter => [name, value]),
  );
}
