import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { literalMarker } from '../framing/literal-marker.js';
import { hasLiteralInCode } from '../framing/status-line.js';
import { DEFAULT_IMAP_LIMITS } from '../limits.js';
import { SyntaxReader } from '../syntax/reader.js';
import { asList, refuseHalves, type SyntaxWriter } from '../syntax/writer.js';
import { type ImapText, octetsOfText } from '../text.js';
import { writeFlagList } from '../values/flags.js';
import { writeSequenceSet } from '../values/sequence-set.js';
import { type ImapValue, writeValues } from '../values/value.js';
import { findCodeEnd } from './code-end.js';
import { readResponseCode } from './read-response-code.js';
import { plainResponseCodes, type ResponseCode } from './response-code.js';

/**
 * Writes what stands behind the name of a status response, or behind "+": the
 * code in its brackets, and the text (RFC 9051 §7.1 `resp-text`).
 *
 * @throws MailsealError `usage` for a text with line ends, or one that would
 *   be read as a code; `charset-unencodable` for half a surrogate pair.
 */
export function writeStatusText(
  writer: SyntaxWriter,
  { code, text }: { readonly code: ResponseCode | undefined; readonly text: ImapText },
): void {
  const octets = lineOctets(text, 'the text of a response');
  if (code !== undefined) {
    writer.raw('[');
    writeCode(writer, code);
    writer.raw(octets.length > 0 ? '] ' : ']');
  } else if (octets[0] === 0x5b && readResponseCode(readerOf(octets)) !== undefined) {
    throw usage(`the text ${shown(text)} would be read as a response code`);
  }
  if (opensLiteral(code, octets))
    throw usage('the text of a response would be read as the beginning of a literal');
  writer.rawOctets(octets);
}

/**
 * Whether the line would be read as one that ends in a literal of its code:
 * what is no code, or a code of any octets, may look like one that goes on.
 */
function opensLiteral(code: ResponseCode | undefined, text: Bytes): boolean {
  if (literalMarker(text, 0, text.length) === undefined) return false;
  let before = '+ ';
  if (code?.code === 'other' && code.octets !== undefined)
    before += `[${code.name} ${latin1FromBytes(code.octets)}] `;
  else if (code !== undefined) return false;
  const line = bytesFromLatin1(before + latin1FromBytes(text));
  const marker = literalMarker(line, 0, line.length);
  return marker !== undefined && hasLiteralInCode(line, 0, marker.start);
}

/** RFC 9051 §9 TEXT-CHAR: what stands outside of strings has no line ends and no NUL. */
function lineOctets(text: ImapText, what: string): Bytes {
  if (typeof text === 'string') refuseHalves(text);
  const octets = octetsOfText(text);
  if (octets.some((octet) => octet === 0 || octet === 0x0a || octet === 0x0d))
    throw usage(`${what} has no line ends and no NUL`);
  return octets;
}

function readerOf(octets: Bytes): SyntaxReader {
  const frame = { text: latin1FromBytes(octets), octets, start: 0, end: octets.length, offset: 0 };
  return new SyntaxReader(frame, { limits: DEFAULT_IMAP_LIMITS, quirks: new Set(), utf8: true });
}

function writeCode(writer: SyntaxWriter, code: ResponseCode): void {
  writer.atom(code.code === 'other' ? code.name : code.code);
  switch (code.code) {
    case 'BADCHARSET':
      if (code.charsets.length === 0) return;
      writer.space();
      // "]" may stand in an astring without quotation marks, but would end the code.
      writer.list(code.charsets, (charset) =>
        typeof charset === 'string' && charset.includes(']')
          ? writer.string(charset)
          : writer.astring(charset),
      );
      return;
    case 'CAPABILITY':
      for (const capability of asList(code.capabilities)) {
        writer.space();
        writer.atom(capability);
      }
      return;
    case 'PERMANENTFLAGS':
      writer.space();
      writeFlagList(writer, code.flags);
      return;
    case 'UIDNEXT':
    case 'UIDVALIDITY':
    case 'UNSEEN':
      writer.space();
      writer.number(code.number);
      return;
    case 'HIGHESTMODSEQ':
      writer.space();
      writer.number(code.modseq);
      return;
    case 'MODIFIED':
      writer.space();
      writeSequenceSet(writer, code.set);
      return;
    case 'APPENDUID':
      writer.space();
      writer.number(code.uidValidity);
      writer.space();
      writeSequenceSet(writer, code.uids);
      return;
    case 'COPYUID':
      writer.space();
      writer.number(code.uidValidity);
      writer.space();
      writeSequenceSet(writer, code.from);
      writer.space();
      writeSequenceSet(writer, code.to);
      return;
    case 'BADEVENT':
      writer.space();
      writer.list(code.events, (event) => writer.atom(event));
      return;
    case 'BADURL':
    case 'REFERRAL':
      writeUrl(writer, code.url);
      return;
    case 'NOUPDATE':
      writer.space();
      writer.string(code.tag);
      return;
    case 'MAILBOXID':
      writer.raw(' (');
      writer.atom(code.id);
      writer.raw(')');
      return;
    case 'METADATA':
      writer.space();
      writer.atom(code.problem);
      if ('octets' in code) {
        writer.space();
        writer.number(code.octets);
      }
      return;
    case 'MESSAGELIMIT':
      writer.space();
      writer.number(code.limit);
      if (code.uid === undefined) return;
      writer.space();
      writer.number(code.uid);
      return;
    case 'INPROGRESS':
      writeProgress(writer, code);
      return;
    case 'URLMECH':
      for (const { name, data } of asList(code.mechanisms)) {
        writer.space();
        if (name.includes('=')) throw usage('the name of a mechanism has no "="');
        writer.atom(name);
        if (data === undefined) continue;
        writer.raw('=');
        if (data !== '') writer.atom(data);
      }
      return;
    case 'UNDEFINED-FILTER':
      writer.space();
      writer.atom(code.filter);
      return;
    case 'other':
      writeOther(writer, code);
      return;
    default:
      if (!plainResponseCodes.has(code.code))
        throw usage(`${shown(code.code)} is the name of no response code`);
  }
}

/** RFC 4469 §6 url-resp-text: up to the "]", so it has none. */
function writeUrl(writer: SyntaxWriter, url: ImapText): void {
  const octets = lineOctets(url, 'a URL');
  if (isBlank(octets) || !isWithinBrackets(octets))
    throw usage('a URL in a response code is more than blanks and has no "]"');
  writer.space();
  writer.rawOctets(octets);
}

/** Blanks between a name and the "]" are none of the code's. */
function isBlank(octets: Bytes): boolean {
  return octets.every((octet) => octet === 0x20);
}

/** Whether the "]" behind the octets is the one that ends the code. */
function isWithinBrackets(octets: Bytes): boolean {
  const closed = new Uint8Array(octets.length + 1);
  closed.set(octets);
  closed[octets.length] = 0x5d;
  return findCodeEnd(readerOf(closed)) === octets.length;
}

function writeProgress(writer: SyntaxWriter, code: Extract<ResponseCode, { code: 'INPROGRESS' }>): void {
  if (code.tag === undefined && code.progress === undefined && code.goal === undefined) return;
  writer.raw(' (');
  writer.nstring(code.tag);
  for (const number of [code.progress, code.goal]) {
    writer.space();
    if (number === undefined) writer.raw('NIL');
    else writer.number(number);
  }
  writer.raw(')');
}

function writeOther(writer: SyntaxWriter, code: Extract<ResponseCode, { code: 'other' }>): void {
  if (code.octets !== undefined) {
    const octets = lineOctets(code.octets, 'what stands in a response code');
    if (isBlank(octets) || !isWithinBrackets(octets))
      throw usage(
        'the octets of a response code are more than blanks and have no "]" outside of quoted strings',
      );
    writer.space();
    writer.rawOctets(octets);
  } else if (code.values !== undefined && code.values.length > 0) {
    if (code.values.some(hasBracket)) throw usage('an atom in a response code has no "]"; make it a string');
    const { values } = code;
    writer.space();
    // RFC 9051 §9: such a code ends at the latest where the line does.
    writer.withoutLiterals(() => writeValues(writer, values));
  }
}

function hasBracket(value: ImapValue): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.type === 'atom' && next.text.includes(']')) return true;
    if (next.type === 'list') for (const item of next.items) left.push(item);
  }
  return false;
}
