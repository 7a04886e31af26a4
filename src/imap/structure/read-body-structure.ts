import type { SyntaxReader } from '../syntax/reader.js';
import type { ImapText } from '../text.js';
import { type ImapEnvelope, readEnvelope } from '../values/envelope.js';
import { readValue } from '../values/value.js';
import type {
  BodyBasic,
  BodyDisposition,
  BodyExtension,
  BodyMessage,
  BodyMultipart,
  BodyParameter,
  BodyStructure,
  BodyText,
} from './body-structure.js';
import {
  isCountAhead,
  nextField,
  readCount,
  readNilString,
  readQuoted,
  readWantedString,
  skipSpaces,
  wantField,
} from './read-words.js';

const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BRACE = 0x7b;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type MutableBase = Mutable<BodyBasic>;

/** Reads what BODY or BODYSTRUCTURE gives (RFC 9051 §9 `body`). */
export function readBodyStructure(reader: SyntaxReader): BodyStructure {
  reader.open();
  skipSpaces(reader);
  const body =
    reader.peek() === OPEN || isEmptyMultipart(reader) ? readMultipart(reader) : readSinglePart(reader);
  skipSpaces(reader);
  reader.expect(CLOSE);
  reader.close();
  return body;
}

// — multiparts —

const multipartSubtypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'MIXED',
  'ALTERNATIVE',
  'RELATED',
  'SIGNED',
  'REPORT',
  'DIGEST',
  'PARALLEL',
  'ENCRYPTED',
]);

/**
 * Whether what was opened is a multipart of which the server sends no parts:
 * its subtype, where the type of another stands, or NIL before that.
 */
function isEmptyMultipart(reader: SyntaxReader): boolean {
  const from = reader.at;
  if (reader.peek() !== QUOTE) {
    if (!reader.nil() || !nextField(reader) || reader.peek() !== QUOTE) {
      reader.at = from;
      return false;
    }
  }
  const word = reader.string();
  let found: boolean;
  if (reader.peek() === CLOSE) found = true;
  else {
    const isKnown = typeof word === 'string' && multipartSubtypes.has(word.toUpperCase());
    const { text, at } = reader;
    const next = text.charCodeAt(at + 1);
    found = next === OPEN || (isKnown && next !== QUOTE && next !== BRACE);
  }
  reader.at = from;
  if (!found) return false;
  return reader.quirk('body-empty-multipart');
}

function readMultipart(reader: SyntaxReader): BodyMultipart {
  const parts: BodyStructure[] = [];
  while (reader.peek() === OPEN) {
    if (reader.text.charCodeAt(reader.at + 1) === CLOSE && reader.quirk('body-empty-multipart')) {
      reader.at += 2;
    } else {
      parts.push(readBodyStructure(reader));
      reader.count();
    }
    if (reader.text.charCodeAt(reader.at + 1) === OPEN) skipSpaces(reader);
  }
  if (parts.length > 0) wantField(reader, 'the subtype of the multipart');
  else if (reader.nil() || reader.text.charCodeAt(reader.at) === 0x20)
    wantField(reader, 'the subtype of the multipart');
  const multipart: Mutable<BodyMultipart> = {
    kind: 'multipart',
    parts,
    subtype: readWantedString(reader, 'MIXED'),
  };
  if (!nextField(reader)) return multipart;
  multipart.parameters = readParameters(reader);
  if (nextField(reader)) readExtension(reader, multipart);
  return multipart;
}

// — all others —

function readSinglePart(reader: SyntaxReader): BodyStructure {
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
  const base: MutableBase = {
    kind: 'basic',
    type,
    subtype,
    parameters,
    id,
    description,
    encoding,
    octets,
  };
  if (isWord(type, 'TEXT')) return readTextRest(reader, base);
  if (isWord(type, 'MESSAGE')) return readMessageRest(reader, base);
  if (nextField(reader)) {
    // A number of lines, which only texts have.
    if (isCountAhead(reader) && reader.quirk('body-numbers')) {
      readCount(reader);
      if (!nextField(reader)) return base;
    }
    readMd5(reader, base);
  }
  return base;
}

function isWord(text: ImapText, word: string): boolean {
  return typeof text === 'string' && text.length === word.length && text.toUpperCase() === word;
}

function readTextRest(reader: SyntaxReader, base: MutableBase): BodyText {
  const body: Mutable<BodyText> = { ...base, kind: 'text', lines: 0 };
  if (!nextField(reader)) {
    if (!reader.quirk('body-numbers')) reader.fail('the number of lines');
    return body;
  }
  body.lines = readCount(reader);
  if (nextField(reader)) readMd5(reader, body);
  return body;
}

function readMessageRest(reader: SyntaxReader, base: MutableBase): BodyBasic | BodyMessage {
  const holdsMessage = isWord(base.subtype, 'RFC822') || isWord(base.subtype, 'GLOBAL');
  if (!nextField(reader)) {
    if (holdsMessage && !reader.quirk('body-message')) reader.fail('the envelope');
    return base;
  }
  if (isCountAhead(reader)) {
    if (!reader.quirk('body-message')) reader.fail('the envelope');
    readCount(reader);
    if (nextField(reader)) readMd5(reader, base);
    return base;
  }
  const hasEnvelope = reader.peek() === OPEN || (holdsMessage && isNilEnvelope(reader));
  if (!hasEnvelope) {
    if (holdsMessage && !reader.quirk('body-message')) reader.fail('the envelope');
    readMd5(reader, base);
    return base;
  }
  // dbmail tells of all parts of type message what only those have that hold one.
  if (!holdsMessage && !reader.quirk('body-message')) reader.fail('Content-MD5');
  const envelope = readEnvelopeOrNil(reader);
  wantField(reader, 'the body of the message');
  const body = readBodyOrNil(reader);
  let lines = 0;
  if (nextField(reader)) lines = readCount(reader);
  else if (!reader.quirk('body-numbers')) reader.fail('the number of lines');
  const isMessage = holdsMessage && body !== undefined;
  const message: MutableBase | Mutable<BodyMessage> = isMessage
    ? { ...base, kind: 'message', envelope, body, lines }
    : base;
  if (nextField(reader)) readMd5(reader, message);
  return message;
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
  if (!reader.nil()) return readEnvelope(reader);
  return {
    date: undefined,
    subject: undefined,
    from: [],
    sender: [],
    replyTo: [],
    to: [],
    cc: [],
    bcc: [],
    inReplyTo: undefined,
    messageId: undefined,
  };
}

function readBodyOrNil(reader: SyntaxReader): BodyStructure | undefined {
  if (!reader.nil()) return readBodyStructure(reader);
  if (!reader.quirk('body-message')) reader.fail('the body of the message', reader.at - 3);
  return undefined;
}

// — what they have in common —

const NONE: readonly BodyParameter[] = /* @__PURE__ */ Object.freeze([]);

/** `body-fld-param`. */
function readParameters(reader: SyntaxReader): readonly BodyParameter[] {
  if (reader.nil()) return NONE;
  if (reader.peek() === QUOTE && reader.quirk('body-parameters')) {
    // `""` in place of NIL.
    if (reader.string() !== '') reader.fail('the parameters');
    return NONE;
  }
  const parameters: BodyParameter[] = [];
  reader.open();
  skipSpaces(reader);
  if (reader.peek() === CLOSE && !reader.quirk('body-parameters')) reader.fail('a parameter');
  while (reader.peek() !== CLOSE) {
    const name = readParameterWord(reader);
    let value: ImapText = '';
    if (nextField(reader)) value = readParameterWord(reader);
    else if (!reader.quirk('body-parameters')) reader.fail('the value of the parameter');
    parameters.push({ name, value });
    reader.count();
    if (!nextField(reader)) break;
  }
  reader.expect(CLOSE);
  reader.close();
  return parameters;
}

function readParameterWord(reader: SyntaxReader): ImapText {
  return reader.peek() === QUOTE ? readQuoted(reader, true) : readWantedString(reader, '');
}

/** Content-MD5 and all that may follow it. */
function readMd5(reader: SyntaxReader, body: Mutable<BodyBasic | BodyText | BodyMessage>): void {
  if (reader.peek() === OPEN && reader.quirk('body-nil')) body.md5 = undefined;
  else {
    body.md5 = readNilString(reader);
    if (!nextField(reader)) return;
  }
  readExtension(reader, body);
}

/** From the disposition on, in the order of the grammar. */
function readExtension(reader: SyntaxReader, body: Mutable<BodyExtension>): void {
  body.disposition = readDisposition(reader);
  if (!nextField(reader)) return;
  body.language = readLanguage(reader);
  if (!nextField(reader)) return;
  body.location = readNilString(reader);
  if (!nextField(reader)) return;
  const further = [];
  do {
    further.push(readValue(reader));
    reader.count();
  } while (nextField(reader));
  body.further = further;
}

function readDisposition(reader: SyntaxReader): BodyDisposition | undefined {
  if (reader.nil()) return undefined;
  if (reader.peek() !== OPEN) {
    const from = reader.at;
    const type = readWantedString(reader, '');
    if (!reader.quirk('body-disposition')) reader.fail('a disposition in parentheses', from);
    return { type, parameters: NONE };
  }
  reader.open();
  skipSpaces(reader);
  let disposition: BodyDisposition | undefined;
  if (reader.peek() === CLOSE) {
    if (!reader.quirk('body-disposition')) reader.fail('the disposition');
  } else {
    const type = readWantedString(reader, '');
    let parameters = NONE;
    if (nextField(reader)) parameters = readParameters(reader);
    else if (!reader.quirk('body-disposition')) reader.fail('the parameters of the disposition');
    disposition = { type, parameters };
    skipSpaces(reader);
  }
  reader.expect(CLOSE);
  reader.close();
  return disposition;
}

function readLanguage(reader: SyntaxReader): readonly ImapText[] {
  if (reader.nil()) return [];
  if (reader.peek() !== OPEN) return [readWantedString(reader, '')];
  const languages: ImapText[] = [];
  reader.open();
  while (reader.peek() !== CLOSE) {
    if (reader.nil()) {
      if (!reader.quirk('body-nil')) reader.fail('a language', reader.at - 3);
    } else languages.push(readWantedString(reader, ''));
    reader.count();
    if (!nextField(reader)) break;
  }
  reader.expect(CLOSE);
  reader.close();
  return languages;
}
