import { MailsealError } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { ImapText } from '../text.js';
import { EMPTY_ENVELOPE, type ImapEnvelope, readEnvelope } from '../values/envelope.js';
import type { BodyBasic, BodyMessage, BodyMultipart, BodyStructure, BodyText } from './body-structure.js';
import {
  ALL,
  NO_EXTENSION,
  readExtension,
  readMd5,
  readParameters,
  withExtension,
} from './read-extension.js';
import {
  isCountAhead,
  nextField,
  readCount,
  readNilString,
  readWantedString,
  skipSpaces,
  wantField,
} from './read-words.js';
import { DEEPEST_STRUCTURE } from './walk.js';

const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BRACE = 0x7b;

/** Reads what BODY or BODYSTRUCTURE gives (RFC 9051 §9 `body`). */
export function readBodyStructure(reader: SyntaxReader): BodyStructure {
  return readBody(reader, 1);
}

function readBody(reader: SyntaxReader, depth: number): BodyStructure {
  if (depth > DEEPEST_STRUCTURE) {
    const message = `more than ${DEEPEST_STRUCTURE} bodies inside each other, which is more than any limit allows`;
    throw new MailsealError('limit-depth', message);
  }
  reader.open();
  skipSpaces(reader);
  const body =
    reader.peek() === OPEN || isEmptyMultipart(reader)
      ? readMultipart(reader, depth)
      : readSinglePart(reader, depth);
  skipSpaces(reader);
  reader.expect(CLOSE);
  reader.close();
  return body;
}

// — multiparts —

/** Subtypes that are no types. */
const multipartSubtypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'MIXED',
  'ALTERNATIVE',
  'RELATED',
  'SIGNED',
  'REPORT',
  'DIGEST',
  'PARALLEL',
  'ENCRYPTED',
  'APPLEDOUBLE',
  'BYTERANGES',
  'FORM-DATA',
  'HEADER-SET',
  'MULTILINGUAL',
  'VOICE-MESSAGE',
  'X-MIXED-REPLACE',
]);

/**
 * Whether what was opened is a multipart of which the server sends no parts:
 * its subtype, where the type of another stands, or NIL before that.
 */
function isEmptyMultipart(reader: SyntaxReader): boolean {
  const from = reader.at;
  if (isBehindString(reader)) return false;
  if (reader.peek() !== QUOTE) {
    if (!reader.nil() || !nextField(reader) || reader.peek() !== QUOTE) {
      reader.at = from;
      return false;
    }
  }
  const word = reader.string();
  const { text, at } = reader;
  const next = text.charCodeAt(at + 1);
  reader.at = from;
  const isAlone = text.charCodeAt(at) === CLOSE || (next !== QUOTE && next !== BRACE);
  if (!isAlone || typeof word !== 'string') return false;
  // Another word has to have what only multiparts have, since it may be a type whose subtype was forgotten.
  const isMultipart =
    multipartSubtypes.has(word.toUpperCase()) || /^ \("BOUNDARY"/i.test(text.slice(at, at + 12));
  if (!isMultipart) return false;
  return reader.quirk('body-empty-multipart');
}

/** Whether a string without backslashes comes next and another one behind it, as in nearly every part. */
function isBehindString({ text, at, end }: SyntaxReader): boolean {
  if (text.charCodeAt(at) !== QUOTE) return false;
  const quote = text.indexOf('"', at + 1);
  return (
    quote > 0 &&
    quote + 2 < end &&
    text.charCodeAt(quote + 1) === 0x20 &&
    text.charCodeAt(quote + 2) === QUOTE &&
    text.charCodeAt(quote - 1) !== 0x5c
  );
}

function readMultipart(reader: SyntaxReader, depth: number): BodyMultipart {
  const parts: BodyStructure[] = [];
  while (reader.peek() === OPEN) {
    if (reader.text.charCodeAt(reader.at + 1) === CLOSE && reader.quirk('body-empty-multipart')) {
      reader.at += 2;
    } else {
      parts.push(readBody(reader, depth + 1));
      reader.count();
    }
    if (reader.text.charCodeAt(reader.at + 1) === OPEN) skipSpaces(reader);
  }
  if (parts.length > 0) wantField(reader, 'the subtype of the multipart');
  else if (reader.nil() || reader.text.charCodeAt(reader.at) === 0x20)
    wantField(reader, 'the subtype of the multipart');
  const subtype = readWantedString(reader, 'MIXED');
  if (!nextField(reader)) return { kind: 'multipart', parts, subtype };
  const parameters = readParameters(reader);
  if (!nextField(reader)) return { kind: 'multipart', parts, subtype, parameters };
  const extension = readExtension(reader);
  if (extension.count === ALL && extension.further === undefined) {
    const { disposition, language, location } = extension;
    return { kind: 'multipart', parts, subtype, parameters, disposition, language, location };
  }
  return withExtension({ kind: 'multipart', parts, subtype, parameters }, extension);
}

// — all others —

function readSinglePart(reader: SyntaxReader, depth: number): BodyStructure {
  const type = readWantedString(reader, 'APPLICATION');
  wantField(reader, 'the subtype');
  const subtype = readWantedString(reader, 'OCTET-STREAM');
  wantField(reader, 'the parameters');
  const parameters = readParameters(reader);
  wantField(reader, 'the Content-ID');
  const id = readNilString(reader);
  wantField(reader, 'the Content-Description');
  const description = readNilString(reader);
  wantField(reader, 'the transfer encoding');
  const encoding = readWantedString(reader, '7BIT');
  let octets = 0;
  if (nextField(reader)) octets = readCount(reader);
  else if (!reader.quirk('body-numbers')) reader.fail('the number of octets');
  const base: BodyBasic = { kind: 'basic', type, subtype, parameters, id, description, encoding, octets };
  if (isWord(type, 'TEXT')) return readTextRest(reader, base);
  if (isWord(type, 'MESSAGE')) return readMessageRest(reader, base, depth);
  if (!nextField(reader)) return base;
  // A number of lines, which only texts have.
  if (isCountAhead(reader) && reader.quirk('body-numbers')) {
    readCount(reader);
    if (!nextField(reader)) return base;
  }
  const extension = readMd5(reader);
  if (extension.count < ALL || extension.further !== undefined) return withExtension(base, extension);
  const { md5, disposition, language, location } = extension;
  return {
    kind: 'basic',
    type,
    subtype,
    parameters,
    id,
    description,
    encoding,
    octets,
    md5,
    disposition,
    language,
    location,
  };
}

function isWord(text: ImapText, word: string): boolean {
  return (
    text === word || (typeof text === 'string' && text.length === word.length && text.toUpperCase() === word)
  );
}

function readTextRest(reader: SyntaxReader, base: BodyBasic): BodyText {
  const { type, subtype, parameters, id, description, encoding, octets } = base;
  let lines = 0;
  let extension = NO_EXTENSION;
  if (nextField(reader)) {
    lines = readCount(reader);
    if (nextField(reader)) extension = readMd5(reader);
  } else if (!reader.quirk('body-numbers')) reader.fail('the number of lines');
  if (extension.count < ALL || extension.further !== undefined) {
    const body: BodyText = {
      kind: 'text',
      type,
      subtype,
      parameters,
      id,
      description,
      encoding,
      octets,
      lines,
    };
    return withExtension(body, extension);
  }
  const { md5, disposition, language, location } = extension;
  return {
    kind: 'text',
    type,
    subtype,
    parameters,
    id,
    description,
    encoding,
    octets,
    lines,
    md5,
    disposition,
    language,
    location,
  };
}

function readMessageRest(reader: SyntaxReader, base: BodyBasic, depth: number): BodyBasic | BodyMessage {
  const holdsMessage = isWord(base.subtype, 'RFC822') || isWord(base.subtype, 'GLOBAL');
  if (!nextField(reader)) {
    if (holdsMessage && !reader.quirk('body-message')) reader.fail('the envelope');
    return base;
  }
  if (isCountAhead(reader)) {
    if (!reader.quirk('body-message')) reader.fail('the envelope');
    readCount(reader);
    return nextField(reader) ? withExtension(base, readMd5(reader)) : base;
  }
  const hasEnvelope = reader.peek() === OPEN || (holdsMessage && isNilEnvelope(reader));
  if (!hasEnvelope) {
    if (holdsMessage && !reader.quirk('body-message')) reader.fail('the envelope');
    return withExtension(base, readMd5(reader));
  }
  // dbmail tells of all parts of type message what only those have that hold one.
  if (!holdsMessage && !reader.quirk('body-message')) reader.fail('Content-MD5');
  const envelope = readEnvelopeOrNil(reader);
  wantField(reader, 'the body of the message');
  const body = readBodyOrNil(reader, depth + 1);
  let lines = 0;
  if (nextField(reader)) lines = readCount(reader);
  else if (!reader.quirk('body-numbers')) reader.fail('the number of lines');
  const isMessage = holdsMessage && body !== undefined;
  const message: BodyBasic | BodyMessage = isMessage
    ? { ...base, kind: 'message', envelope, body, lines }
    : base;
  return nextField(reader) ? withExtension(message, readMd5(reader)) : message;
}

/** Whether the NIL that stands here is that of an envelope, rather than Content-MD5 of a message that the server tells nothing of. */
function isNilEnvelope(reader: SyntaxReader): boolean {
  if (!reader.startsWith('NIL ')) return false;
  const from = reader.at;
  reader.at += 4;
  let found = false;
  if (reader.startsWith('NIL ')) {
    reader.at += 4;
    found = isCountAhead(reader);
  } else if (reader.peek() === OPEN) {
    // A body has two strings first or another body; a disposition one string.
    reader.at++;
    found = reader.peek() === OPEN;
    if (!found && reader.peek() === QUOTE) {
      reader.string();
      found = reader.skip(0x20) && reader.peek() === QUOTE;
    }
  }
  reader.at = from;
  return found && reader.quirk('body-message');
}

function readEnvelopeOrNil(reader: SyntaxReader): ImapEnvelope {
  return reader.nil() ? EMPTY_ENVELOPE : readEnvelope(reader);
}

function readBodyOrNil(reader: SyntaxReader, depth: number): BodyStructure | undefined {
  const from = reader.at;
  const isEmpty = reader.peek() === OPEN && reader.text.charCodeAt(from + 1) === CLOSE;
  if (isEmpty) reader.at += 2;
  else if (!reader.nil()) return readBody(reader, depth);
  if (!reader.quirk('body-message')) reader.fail('the body of the message', from);
  return undefined;
}
