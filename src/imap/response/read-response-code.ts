import { CharacterBit } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { type ImapText, octetsOfText } from '../text.js';
import { readFlagList } from '../values/flags.js';
import { readSequenceSet } from '../values/sequence-set.js';
import { readValues } from '../values/value.js';
import { skipExtraBlanks } from './blanks.js';
import { findCodeEnd } from './code-end.js';
import { plainResponseCodes, type ResponseCode } from './response-code.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;
const EQUALS = 0x3d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

type CodeReader = (reader: SyntaxReader) => ResponseCode;

/** By name in capital letters: what reads the rest of the code, behind the space that follows its name. */
const codeReaders: ReadonlyMap<string, CodeReader> = /* @__PURE__ */ new Map<string, CodeReader>([
  ['BADCHARSET', (reader) => ({ code: 'BADCHARSET', charsets: reader.list((list) => list.astring()) })],
  ['CAPABILITY', (reader) => ({ code: 'CAPABILITY', capabilities: readAtoms(reader) })],
  ['UIDNEXT', (reader) => ({ code: 'UIDNEXT', number: reader.number() })],
  ['UIDVALIDITY', (reader) => ({ code: 'UIDVALIDITY', number: reader.number() })],
  ['UNSEEN', (reader) => ({ code: 'UNSEEN', number: reader.number() })],
  ['HIGHESTMODSEQ', (reader) => ({ code: 'HIGHESTMODSEQ', modseq: reader.bigint() })],
  ['MODIFIED', (reader) => ({ code: 'MODIFIED', set: readSequenceSet(reader) })],
  ['APPENDUID', readAppendUid],
  ['COPYUID', readCopyUid],
  ['BADEVENT', (reader) => ({ code: 'BADEVENT', events: reader.list((list) => list.atom()) })],
  ['BADURL', (reader) => ({ code: 'BADURL', url: readUrl(reader) })],
  ['REFERRAL', (reader) => ({ code: 'REFERRAL', url: readUrl(reader) })],
  ['NOUPDATE', (reader) => ({ code: 'NOUPDATE', tag: reader.string() })],
  ['MAILBOXID', readMailboxId],
  ['METADATA', readMetadataProblem],
  ['MESSAGELIMIT', readMessageLimit],
  ['INPROGRESS', readInProgress],
  ['URLMECH', readUrlMechanisms],
  ['UNDEFINED-FILTER', (reader) => ({ code: 'UNDEFINED-FILTER', filter: reader.atom() })],
]);

/**
 * Reads a response code with its brackets, if one begins here (RFC 9051 §7.1
 * `resp-text-code`); else takes nothing. What stands in brackets and has not
 * the form of a code is text.
 */
export function readResponseCode(reader: SyntaxReader): ResponseCode | undefined {
  const from = reader.at;
  if (!reader.skip(OPEN_BRACKET)) return undefined;
  const code = readWithinBrackets(reader);
  if (code === undefined) reader.at = from;
  return code;
}

function readWithinBrackets(reader: SyntaxReader): ResponseCode | undefined {
  const name = reader.run(CharacterBit.atom);
  if (name === '') return undefined;
  const known = name.toUpperCase();
  if (closesHere(reader)) {
    if (plainResponseCodes.has(known)) return { code: known } as ResponseCode;
    if (known === 'BADCHARSET') return { code: 'BADCHARSET', charsets: [] };
    if (known === 'INPROGRESS') return { code: 'INPROGRESS' };
    return isEndOfCode(reader) ? { code: 'other', name } : undefined;
  }
  if (!reader.skip(SPACE)) return undefined;
  if (known === 'PERMANENTFLAGS') {
    const flags = readPermanentFlags(reader);
    if (flags !== undefined) return flags;
  }
  const end = findCodeEnd(reader);
  if (end < 0) return undefined;
  const read = codeReaders.get(known);
  const code =
    (read === undefined ? undefined : attempt(reader, end, read)) ??
    reader.attempt(end, (inside) => readOther(inside, name)) ??
    reader.attempt(
      end,
      (inside): ResponseCode => ({ code: 'other', name, octets: octetsOfText(inside.rest()) }),
    );
  reader.at = end + 1;
  return read !== undefined || isEndOfCode(reader) ? code : undefined;
}

/** Takes the bracket that ends a code without a value, and blanks before it. */
function closesHere(reader: SyntaxReader): boolean {
  const { text, end } = reader;
  let { at } = reader;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  if (at === end || text.charCodeAt(at) !== CLOSE_BRACKET) return false;
  if (at > reader.at && !reader.quirk('extra-blanks')) return false;
  reader.at = at + 1;
  return true;
}

function readOther(reader: SyntaxReader, name: string): ResponseCode {
  if (reader.isAtEnd) reader.fail('a value');
  return { code: 'other', name, values: readValues(reader) };
}

/** Gmail has flags with "]" in them, which end no code: the list of flags does. */
function readPermanentFlags(reader: SyntaxReader): ResponseCode | undefined {
  const listEnd = reader.text.indexOf(')', reader.at);
  const end = reader.text.indexOf(']', listEnd);
  if (listEnd < 0 || end < 0 || end >= reader.end) return undefined;
  const code = attempt(reader, end, (inside) => ({ code: 'PERMANENTFLAGS', flags: readFlagList(inside) }));
  if (code !== undefined) reader.at = end + 1;
  return code;
}

function attempt(reader: SyntaxReader, end: number, read: CodeReader): ResponseCode | undefined {
  return reader.attempt(end, (inside) => {
    const code = read(inside);
    skipExtraBlanks(inside);
    return code;
  });
}

/** A mailbox's name such as "[Gmail]/Drafts" may begin a text: behind a code there is a space. */
function isEndOfCode(reader: SyntaxReader): boolean {
  return reader.isAtEnd || reader.peek() === SPACE;
}

function readAtoms(reader: SyntaxReader): string[] {
  const atoms: string[] = [];
  while (!reader.isAtEnd) {
    atoms.push(reader.atom());
    reader.count();
    if (!reader.isAtEnd) reader.space();
    skipExtraBlanks(reader);
  }
  return atoms;
}

function readUrl(reader: SyntaxReader): ImapText {
  if (reader.isAtEnd) reader.fail('a URL');
  return reader.rest();
}

function readAppendUid(reader: SyntaxReader): ResponseCode {
  const uidValidity = reader.number();
  reader.space();
  return { code: 'APPENDUID', uidValidity, uids: readSequenceSet(reader) };
}

function readCopyUid(reader: SyntaxReader): ResponseCode {
  const uidValidity = reader.number();
  reader.space();
  const from = readSequenceSet(reader);
  reader.space();
  return { code: 'COPYUID', uidValidity, from, to: readSequenceSet(reader) };
}

function readMailboxId(reader: SyntaxReader): ResponseCode {
  reader.expect(OPEN);
  const id = reader.atom();
  reader.expect(CLOSE);
  return { code: 'MAILBOXID', id };
}

function readMetadataProblem(reader: SyntaxReader): ResponseCode {
  const at = reader.at;
  const problem = reader.keyword();
  switch (problem) {
    case 'LONGENTRIES':
    case 'MAXSIZE':
      reader.space();
      return { code: 'METADATA', problem, octets: reader.bigint() };
    case 'TOOMANY':
    case 'NOPRIVATE':
      return { code: 'METADATA', problem };
    default:
      return reader.fail('LONGENTRIES, MAXSIZE, TOOMANY or NOPRIVATE', at);
  }
}

function readMessageLimit(reader: SyntaxReader): ResponseCode {
  const limit = reader.number();
  if (!reader.skip(SPACE)) return { code: 'MESSAGELIMIT', limit };
  return { code: 'MESSAGELIMIT', limit, uid: reader.number() };
}

function readInProgress(reader: SyntaxReader): ResponseCode {
  reader.expect(OPEN);
  const tag = reader.nstring();
  reader.space();
  const progress = reader.nil() ? undefined : reader.number();
  reader.space();
  const goal = reader.nil() ? undefined : reader.number();
  reader.expect(CLOSE);
  return {
    code: 'INPROGRESS',
    ...(tag !== undefined && { tag }),
    ...(progress !== undefined && { progress }),
    ...(goal !== undefined && { goal }),
  };
}

function readUrlMechanisms(reader: SyntaxReader): ResponseCode {
  const mechanisms = readAtoms(reader).map((mechanism) => {
    const equals = mechanism.indexOf(String.fromCharCode(EQUALS));
    if (equals < 0) return { name: mechanism };
    return { name: mechanism.slice(0, equals), data: mechanism.slice(equals + 1) };
  });
  return { code: 'URLMECH', mechanisms };
}
