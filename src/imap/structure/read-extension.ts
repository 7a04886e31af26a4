import type { SyntaxReader } from '../syntax/reader.js';
import type { ImapText } from '../text.js';
import { type ImapValue, readValue } from '../values/value.js';
import type { BodyDisposition, BodyExtension, BodyParameter, BodyStructure } from './body-structure.js';
import { nextField, readNilString, readQuoted, readWantedString, skipSpaces } from './read-words.js';

const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The extension fields of a part, of which only the first `count` from the disposition on were sent. */
export interface Extension {
  readonly hasMd5: boolean;
  readonly md5: ImapText | undefined;
  readonly count: number;
  readonly disposition: BodyDisposition | undefined;
  readonly language: readonly ImapText[];
  readonly location: ImapText | undefined;
  readonly further: readonly ImapValue[] | undefined;
}

/** The `count` of an {@link Extension} with disposition, language and location. */
export const ALL = 3;
const NO_LANGUAGES: readonly ImapText[] = /* @__PURE__ */ Object.freeze([]);
export const NO_EXTENSION: Extension = /* @__PURE__ */ Object.freeze({
  hasMd5: false,
  md5: undefined,
  count: 0,
  disposition: undefined,
  language: NO_LANGUAGES,
  location: undefined,
  further: undefined,
});

const NONE: readonly BodyParameter[] = /* @__PURE__ */ Object.freeze([]);

/** `body-fld-param`. */
export function readParameters(reader: SyntaxReader): readonly BodyParameter[] {
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
export function readMd5(reader: SyntaxReader): Extension {
  let md5: ImapText | undefined;
  if (reader.peek() !== OPEN || !reader.quirk('body-nil')) {
    md5 = readNilString(reader);
    if (!nextField(reader)) return { ...NO_EXTENSION, hasMd5: true, md5 };
  }
  return readExtension(reader, true, md5);
}

/** From the disposition on, in the order of the grammar. */
export function readExtension(reader: SyntaxReader, hasMd5 = false, md5?: ImapText): Extension {
  let count = 1;
  let language: readonly ImapText[] | undefined;
  let location: ImapText | undefined;
  let further: ImapValue[] | undefined;
  let disposition = readDisposition(reader);
  if (disposition === undefined && isDisplacedDisposition(reader)) {
    nextField(reader);
    disposition = readDisposition(reader);
  }
  if (nextField(reader)) {
    count = 2;
    language = readLanguage(reader);
    if (nextField(reader)) {
      count = ALL;
      location = readNilString(reader);
      while (nextField(reader)) {
        further ??= [];
        further.push(readValue(reader));
        reader.count();
      }
    }
  }
  return { hasMd5, md5, count, disposition, language: language ?? NO_LANGUAGES, location, further };
}

/** A body with those of the extension fields that were sent: the rare way, as it makes objects of many shapes. */
export function withExtension<Body extends BodyStructure>(body: Body, extension: Extension): Body {
  const { hasMd5, md5, count, disposition, language, location, further } = extension;
  const fields: Mutable<BodyExtension> & { md5?: ImapText | undefined } = {};
  if (hasMd5) fields.md5 = md5;
  if (count > 0) fields.disposition = disposition;
  if (count > 1) fields.language = language;
  if (count > 2) fields.location = location;
  if (further !== undefined) fields.further = further;
  return { ...body, ...fields };
}

/** Whether a NIL too many stood before the disposition: what looks like one stands where languages would. */
function isDisplacedDisposition(reader: SyntaxReader): boolean {
  const { text, at: from } = reader;
  if (text.charCodeAt(from + 1) !== OPEN || text.charCodeAt(from + 2) !== QUOTE || reader.peek() !== 0x20)
    return false;
  reader.at = from + 2;
  reader.string();
  const found = reader.skip(0x20) && (reader.peek() === OPEN || reader.startsWith('NIL)'));
  reader.at = from;
  return found && reader.quirk('body-disposition');
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
  if (reader.nil()) return NO_LANGUAGES;
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
