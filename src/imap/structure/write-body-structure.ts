import { latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { asList, type SyntaxWriter } from '../syntax/writer.js';
import { type ImapText, octetsOfText } from '../text.js';
import { writeEnvelope } from '../values/envelope.js';
import { writeValue } from '../values/value.js';
import type {
  BodyExtension,
  BodyMultipart,
  BodyParameter,
  BodySinglePart,
  BodyStructure,
} from './body-structure.js';
import { DEEPEST_STRUCTURE } from './walk.js';

/** How a structure is written. */
export interface WriteBodyOptions {
  /** Whether with what BODYSTRUCTURE has and BODY has not. Default `true`. */
  readonly extended?: boolean;
}

/** Writes the value of BODYSTRUCTURE, or of BODY (RFC 9051 §9 `body`). */
export function writeBodyStructure(
  writer: SyntaxWriter,
  body: BodyStructure,
  options: WriteBodyOptions = {},
): void {
  writeBody(writer, body, options.extended ?? true, 1);
}

function writeBody(writer: SyntaxWriter, body: BodyStructure, extended: boolean, depth: number): void {
  if (depth > DEEPEST_STRUCTURE) {
    const message = `more than ${DEEPEST_STRUCTURE} bodies inside each other, which no structure can tell of`;
    throw new MailsealError('limit-depth', message);
  }
  writer.raw('(');
  if (body.kind === 'multipart') writeMultipart(writer, body, extended, depth);
  else {
    assertKind(body);
    writeSinglePart(writer, body);
    if (body.kind === 'text') {
      writer.space();
      writer.number(body.lines);
    } else if (body.kind === 'message') {
      writer.space();
      writeEnvelope(writer, body.envelope);
      writer.space();
      writeBody(writer, body.body, extended, depth + 1);
      writer.space();
      writer.number(body.lines);
    }
    if (extended && ('md5' in body || hasExtension(body))) {
      writer.space();
      writer.nstring(body.md5);
      writeExtension(writer, body);
    }
  }
  writer.raw(')');
}

function writeMultipart(writer: SyntaxWriter, body: BodyMultipart, extended: boolean, depth: number): void {
  for (const part of asList(body.parts)) writeBody(writer, part, extended, depth + 1);
  // RFC 9051 §9: `body-type-mpart = 1*body`. Dovecot, too, tells of an empty text where there is no part.
  if (body.parts.length === 0) {
    writer.raw('("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 0 0)');
  }
  writer.space();
  writer.string(body.subtype);
  if (!extended || (!('parameters' in body) && !hasExtension(body))) return;
  writer.space();
  writeParameters(writer, body.parameters ?? []);
  writeExtension(writer, body);
}

/** RFC 9051 §9: what a part's type is says what stands behind its octets. */
function assertKind({ kind, type, subtype }: Exclude<BodyStructure, BodyMultipart>): void {
  const isText = isWord(type, 'TEXT');
  const isMessage = isWord(type, 'MESSAGE') && (isWord(subtype, 'RFC822') || isWord(subtype, 'GLOBAL'));
  const isRight = kind === 'text' ? isText : kind === 'message' ? isMessage : kind === 'basic' && !isText;
  if (!isRight)
    throw usage(
      `a part of type ${shown(type)} and subtype ${shown(subtype)} is not of the kind ${shown(kind)}`,
    );
}

function isWord(text: ImapText, word: string): boolean {
  return (typeof text === 'string' ? text : latin1FromBytes(octetsOfText(text))).toUpperCase() === word;
}

function writeSinglePart(writer: SyntaxWriter, body: BodySinglePart): void {
  writer.string(body.type);
  writer.space();
  writer.string(body.subtype);
  writer.space();
  writeParameters(writer, body.parameters);
  writer.space();
  writer.nstring(body.id);
  writer.space();
  writer.nstring(body.description);
  writer.space();
  writer.string(body.encoding);
  writer.space();
  writer.number(body.octets);
}

function hasExtension(body: BodyExtension): boolean {
  return 'disposition' in body || 'language' in body || 'location' in body || 'further' in body;
}

function writeExtension(writer: SyntaxWriter, body: BodyExtension): void {
  if (!hasExtension(body)) return;
  writer.space();
  if (body.disposition === undefined) writer.raw('NIL');
  else {
    writer.raw('(');
    writer.string(body.disposition.type);
    writer.space();
    writeParameters(writer, body.disposition.parameters);
    writer.raw(')');
  }
  if (!('language' in body) && !('location' in body) && !('further' in body)) return;
  writer.space();
  writeLanguage(writer, body.language ?? []);
  if (!('location' in body) && !('further' in body)) return;
  writer.space();
  writer.nstring(body.location);
  for (const value of body.further ?? []) {
    writer.space();
    writeValue(writer, value);
  }
}

function writeLanguage(writer: SyntaxWriter, language: readonly ImapText[]): void {
  if (language.length === 0) writer.raw('NIL');
  else writer.list(language, (tag) => writer.string(tag));
}

function writeParameters(writer: SyntaxWriter, parameters: readonly BodyParameter[]): void {
  if (parameters.length === 0) {
    writer.raw('NIL');
    return;
  }
  writer.list(parameters, ({ name, value }) => {
    writer.string(name);
    writer.space();
    writer.string(value);
  });
}
