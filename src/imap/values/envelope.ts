import { bytesFromLatin1 } from '../../core/bytes.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { type ImapText, textFromOctets } from '../text.js';

/** An address of an ENVELOPE (RFC 9051 §2.3.5.3); all of it may be missing. */
export interface ImapAddress {
  /** addr-name: the display name, encoded words and all. */
  readonly name: ImapText | undefined;
  /** addr-adl: an obsolete source route. */
  readonly route: ImapText | undefined;
  /** addr-mailbox: the local part; in the entry that opens a group its name; `undefined` in the one that closes it. */
  readonly mailbox: ImapText | undefined;
  /** addr-host; `undefined` in the entries that open and close a group. */
  readonly host: ImapText | undefined;
}

/** The ENVELOPE of a message (RFC 9051 §7.5.2): what its header says, not decoded. */
export interface ImapEnvelope {
  readonly date: ImapText | undefined;
  readonly subject: ImapText | undefined;
  /** Empty where the server says NIL. */
  readonly from: readonly ImapAddress[];
  readonly sender: readonly ImapAddress[];
  readonly replyTo: readonly ImapAddress[];
  readonly to: readonly ImapAddress[];
  readonly cc: readonly ImapAddress[];
  readonly bcc: readonly ImapAddress[];
  readonly inReplyTo: ImapText | undefined;
  readonly messageId: ImapText | undefined;
}

/** Frozen, since every envelope that says nothing has it. */
const NOBODY: readonly ImapAddress[] = /* @__PURE__ */ Object.freeze([]);

/** One that says nothing. */
export const EMPTY_ENVELOPE: ImapEnvelope = /* @__PURE__ */ Object.freeze({
  date: undefined,
  subject: undefined,
  from: NOBODY,
  sender: NOBODY,
  replyTo: NOBODY,
  to: NOBODY,
  cc: NOBODY,
  bcc: NOBODY,
  inReplyTo: undefined,
  messageId: undefined,
});

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/** Reads `envelope`. */
export function readEnvelope(reader: SyntaxReader): ImapEnvelope {
  let behind = reader.at;
  const envelope = reader.attempt(reader.end, () => {
    const fields = readFields(reader, false);
    behind = reader.at;
    // What stands behind the envelope is no part of the attempt.
    reader.at = reader.end;
    return fields;
  });
  if (envelope !== undefined) {
    reader.at = behind;
    return envelope;
  }
  // To look behind each string takes time, which only those few need that have too many quotation marks.
  return readFields(reader, reader.options.quirks.has('body-quotes'));
}

function readFields(reader: SyntaxReader, hasQuotes: boolean): ImapEnvelope {
  reader.expect(OPEN);
  const date = readText(reader, hasQuotes);
  const subject = nextString(reader, hasQuotes);
  const from = nextAddresses(reader, hasQuotes);
  const sender = nextAddresses(reader, hasQuotes);
  const replyTo = nextAddresses(reader, hasQuotes);
  const to = nextAddresses(reader, hasQuotes);
  const cc = nextAddresses(reader, hasQuotes);
  const bcc = nextAddresses(reader, hasQuotes);
  const inReplyTo = nextString(reader, hasQuotes);
  const messageId = nextString(reader, hasQuotes);
  if (reader.peek() === SPACE) skipBlanks(reader);
  reader.expect(CLOSE);
  return { date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId };
}

/** Takes the space before the next field; `false` where the envelope ends before it. */
function hasNext(reader: SyntaxReader): boolean {
  const { text, at } = reader;
  if (text.charCodeAt(at) === SPACE && text.charCodeAt(at + 1) !== SPACE) {
    reader.at = at + 1;
    return true;
  }
  if (reader.peek() === CLOSE && reader.quirk('short-envelope')) return false;
  reader.space();
  if (reader.peek() === SPACE) skipBlanks(reader);
  return true;
}

function skipBlanks(reader: SyntaxReader): void {
  if (!reader.quirk('extra-blanks')) reader.fail('a field of an envelope');
  while (reader.skip(SPACE));
}

function nextString(reader: SyntaxReader, hasQuotes: boolean): ImapText | undefined {
  return hasNext(reader) ? readText(reader, hasQuotes) : undefined;
}

function nextAddresses(reader: SyntaxReader, hasQuotes: boolean): ImapAddress[] {
  if (!hasNext(reader) || reader.nil()) return [];
  const addresses: ImapAddress[] = [];
  reader.expect(OPEN);
  // RFC 9051 §9: one address at least, and no spaces between them.
  if (reader.peek() === CLOSE && !reader.quirk('empty-address-list')) reader.fail('an address');
  while (!reader.skip(CLOSE)) {
    if (reader.peek() === OPEN || !reader.nil() || !reader.quirk('nil-address')) {
      addresses.push(readAddress(reader, hasQuotes));
    }
    reader.count();
    if (reader.peek() === SPACE) skipBlanks(reader);
  }
  return addresses;
}

function readAddress(reader: SyntaxReader, hasQuotes: boolean): ImapAddress {
  reader.expect(OPEN);
  const name = readText(reader, hasQuotes);
  reader.space();
  const route = readText(reader, hasQuotes);
  reader.space();
  const mailbox = readText(reader, hasQuotes);
  reader.space();
  const host = readText(reader, hasQuotes);
  reader.expect(CLOSE);
  return { name, route, mailbox, host };
}

/**
 * `nstring`.
 *
 * @param hasQuotes - whether there may be quotation marks without backslashes:
 *   something stands behind them that cannot stand behind a string.
 */
function readText(reader: SyntaxReader, hasQuotes: boolean): ImapText | undefined {
  if (reader.peek() !== QUOTE) return reader.nstring();
  const from = reader.at;
  const value = reader.quoted();
  return !hasQuotes || isEndOfText(reader.text, reader.at) ? value : readUnescaped(reader, from);
}

/** Whether what follows can stand behind a string: the end of a list, or a space and another field. */
function isEndOfText(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== SPACE) return code === CLOSE;
  const next = text.charCodeAt(at + 1);
  if (next === QUOTE || next === OPEN || next === CLOSE || next === BRACE || next === SPACE) return true;
  // "NIL" in either case, and its end.
  if ((next | 0x20) !== 0x6e || (text.charCodeAt(at + 2) | 0x20) !== 0x69) return false;
  const afterNil = text.charCodeAt(at + 4);
  return (text.charCodeAt(at + 3) | 0x20) === 0x6c && (afterNil === SPACE || afterNil === CLOSE);
}

/** Reads the string again, on to a quotation mark that can be its end. */
function readUnescaped(reader: SyntaxReader, from: number): ImapText {
  const { text, end } = reader;
  for (let at = reader.at; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE && isEndOfText(text, at + 1) && reader.quirk('body-quotes')) {
      reader.at = at + 1;
      const characters = text.substring(from + 1, at).replaceAll(/\\(["\\])/g, '$1');
      return textFromOctets(bytesFromLatin1(characters));
    }
  }
  return reader.fail('a quotation mark that can end the string that begins here', from);
}

/** Writes `envelope`. */
export function writeEnvelope(writer: SyntaxWriter, envelope: ImapEnvelope): void {
  writer.raw('(');
  writer.nstring(envelope.date);
  writer.space();
  writer.nstring(envelope.subject);
  writeAddresses(writer, envelope.from);
  writeAddresses(writer, envelope.sender);
  writeAddresses(writer, envelope.replyTo);
  writeAddresses(writer, envelope.to);
  writeAddresses(writer, envelope.cc);
  writeAddresses(writer, envelope.bcc);
  writer.space();
  writer.nstring(envelope.inReplyTo);
  writer.space();
  writer.nstring(envelope.messageId);
  writer.raw(')');
}

function writeAddresses(writer: SyntaxWriter, addresses: readonly ImapAddress[]): void {
  if (addresses.length === 0) {
    writer.raw(' NIL');
    return;
  }
  writer.raw(' (');
  for (const { name, route, mailbox, host } of addresses) {
    writer.raw('(');
    writer.nstring(name);
    writer.space();
    writer.nstring(route);
    writer.space();
    writer.nstring(mailbox);
    writer.space();
    writer.nstring(host);
    writer.raw(')');
  }
  writer.raw(')');
}
