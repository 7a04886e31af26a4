import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import type { ImapText } from '../text.js';

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

const SPACE = 0x20;
const CLOSE = 0x29;
const OPEN = 0x28;

/** Reads `envelope`. */
export function readEnvelope(reader: SyntaxReader): ImapEnvelope {
  reader.open();
  const date = reader.nstring();
  const subject = nextString(reader);
  const from = nextAddresses(reader);
  const sender = nextAddresses(reader);
  const replyTo = nextAddresses(reader);
  const to = nextAddresses(reader);
  const cc = nextAddresses(reader);
  const bcc = nextAddresses(reader);
  const inReplyTo = nextString(reader);
  const messageId = nextString(reader);
  if (reader.peek() === SPACE) skipBlanks(reader);
  reader.expect(CLOSE);
  reader.close();
  return { date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId };
}

/** Takes the space before the next field; `false` where the envelope ends before it. */
function hasNext(reader: SyntaxReader): boolean {
  if (reader.peek() === CLOSE && reader.quirk('short-envelope')) return false;
  reader.space();
  if (reader.peek() === SPACE) skipBlanks(reader);
  return true;
}

function skipBlanks(reader: SyntaxReader): void {
  if (!reader.quirk('extra-blanks')) reader.fail('a field of an envelope');
  while (reader.skip(SPACE));
}

function nextString(reader: SyntaxReader): ImapText | undefined {
  return hasNext(reader) ? reader.nstring() : undefined;
}

function nextAddresses(reader: SyntaxReader): ImapAddress[] {
  if (!hasNext(reader) || reader.nil()) return [];
  if (reader.peek() !== OPEN) {
    // Seen instead of NIL: "".
    if (reader.isString() && reader.quirk('empty-address-list')) {
      const at = reader.at;
      if (reader.string() === '') return [];
      reader.fail('a list of addresses', at);
    }
    reader.fail('a list of addresses or NIL');
  }
  const addresses: ImapAddress[] = [];
  reader.open();
  // RFC 9051 §9: one address at least, and no spaces between them.
  if (reader.peek() === CLOSE && !reader.quirk('empty-address-list')) reader.fail('an address');
  while (!reader.skip(CLOSE)) {
    addresses.push(readAddress(reader));
    reader.count();
    if (reader.peek() === SPACE) skipBlanks(reader);
  }
  reader.close();
  return addresses;
}

function readAddress(reader: SyntaxReader): ImapAddress {
  reader.open();
  const name = reader.nstring();
  reader.space();
  const route = reader.nstring();
  reader.space();
  const mailbox = reader.nstring();
  reader.space();
  const host = reader.nstring();
  reader.expect(CLOSE);
  reader.close();
  return { name, route, mailbox, host };
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
