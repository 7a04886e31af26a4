import type { Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { parseMessage } from '../mime/message.js';
import type { Part } from '../mime/part.js';
import { pickFields } from './message/header-fields.js';
import { readRawAddresses } from './message/raw-addresses.js';
import { type RawStructured, readRawStructured } from './message/raw-parameters.js';
import { imapTextOf, unfoldedValue } from './message/raw-text.js';
import type {
  BodyDisposition,
  BodyExtension,
  BodyParameter,
  BodySinglePart,
  BodyStructure,
} from './structure/body-structure.js';
import type { ParsedEntity } from './structure/section-doubts.js';
import { DEEPEST_STRUCTURE } from './structure/walk.js';
import type { ImapText } from './text.js';
import { EMPTY_ENVELOPE, type ImapAddress, type ImapEnvelope } from './values/envelope.js';
import type { ImapPartial, ImapSection } from './values/section.js';

/**
 * What a server answers for BODYSTRUCTURE (RFC 9051 §7.5.2): made from a
 * message that was parsed. Nothing in it is decoded; where the header leaves
 * something out, what MIME assumes stands there, with `us-ascii` for a text
 * without charset.
 *
 * Octets and lines are those of the message as it was given. IMAP's lines end
 * in CRLF: a message from a file whose lines end in LF is to be converted
 * before it is parsed (`canonicalLineEnds` of mailseal/encoding), or no number fits what
 * is sent.
 *
 * @param message what `parseMessage` of mailseal/mime gave.
 * @throws MailsealError `limit-depth` for more than 1,000 entities inside each other.
 *
 * @example
 * ```ts
 * import { bodyStructureOf } from 'mailseal/imap';
 * import { parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(new TextEncoder().encode('Subject: Tea\r\n\r\nTwo at nine.\r\n'));
 * const body = bodyStructureOf(message);
 * console.log(body.kind === 'text' && [body.octets, body.lines]); // [ 14, 1 ]
 * ```
 */
export function bodyStructureOf(message: Part): BodyStructure {
  return structureOf(message, 1);
}

const DEFAULT_TYPE: RawStructured = { value: 'text/plain', parameters: [] };
const OCTET_STREAM = { type: 'application', subtype: 'octet-stream' } as const;

/** What is told where nothing is: the part of a multipart without parts, the body of an empty message/rfc822. */
const EMPTY_BODY: BodyStructure = {
  kind: 'text',
  type: 'text',
  subtype: 'plain',
  parameters: [{ name: 'charset', value: 'us-ascii' }],
  id: undefined,
  description: undefined,
  encoding: '7bit',
  octets: 0,
  lines: 0,
  md5: undefined,
  disposition: undefined,
  language: [],
  location: undefined,
};

function structureOf(part: Part, depth: number): BodyStructure {
  if (depth > DEEPEST_STRUCTURE) {
    const message = `more than ${DEEPEST_STRUCTURE} entities inside each other, which no structure can tell of`;
    throw new MailsealError('limit-depth', message, { offset: part.start });
  }
  const { type, subtype, parameters } = typeOf(part);
  const lowerType = type.toLowerCase();
  if (part.isMultipart || lowerType === 'multipart') {
    return {
      kind: 'multipart',
      // RFC 9051 §9 has no multipart without parts.
      parts: part.parts.length === 0 ? [EMPTY_BODY] : part.parts.map((each) => structureOf(each, depth + 1)),
      subtype: imapTextOf(subtype),
      parameters,
      ...extensionOf(part),
    };
  }
  const body = part.bodyBytes;
  const base: BodySinglePart = {
    type: imapTextOf(type),
    subtype: imapTextOf(subtype),
    parameters,
    id: fieldText(part, 'content-id'),
    description: fieldText(part, 'content-description'),
    encoding: transferEncodingOf(part),
    octets: body.length,
  };
  const rest = { md5: fieldText(part, 'content-md5'), ...extensionOf(part) };
  if (lowerType === 'text') {
    return { kind: 'text', ...base, parameters: withCharset(parameters), lines: linesOf(body), ...rest };
  }
  if (lowerType !== 'message' || !/^(?:rfc822|global)$/i.test(subtype)) {
    return { kind: 'basic', ...base, ...rest };
  }
  // A message that is transfer-encoded has no parts that could be fetched, and without them may not be called one.
  if (!part.isMessage) return { kind: 'basic', ...base, ...OCTET_STREAM, ...rest };
  const inner = part.parts[0];
  return {
    kind: 'message',
    ...base,
    envelope: inner === undefined ? EMPTY_ENVELOPE : envelopeOf(inner),
    body: inner === undefined ? EMPTY_BODY : structureOf(inner, depth + 1),
    lines: linesOf(body),
    ...rest,
  };
}

/**
 * What octets are as a message to whoever parses them, as verifying does.
 *
 * @throws MailsealError `limit-…` where they are beyond the limits of `parseMessage`.
 */
export function parsedEntityOf(octets: Bytes): ParsedEntity {
  const message = parseMessage(octets);
  return entityOf(message, bodyStructureOf(message));
}

function entityOf(part: Part, body: BodyStructure): ParsedEntity {
  const bodies = body.kind === 'multipart' ? body.parts : body.kind === 'message' ? [body.body] : [];
  return {
    start: part.start,
    bodyStart: part.bodyStart,
    end: part.end,
    boundary: part.contentType.parameters.get('boundary'),
    body,
    parts: part.parts.map((each, at) => entityOf(each, bodies[at]!)),
  };
}

/** The content type in the letters of the header, as far as it is the one that the message was parsed by. */
function typeOf(part: Part): { type: string; subtype: string; parameters: readonly BodyParameter[] } {
  const { type, subtype } = part.contentType;
  const field = part.headers.get('content-type');
  const raw = field === undefined ? DEFAULT_TYPE : readRawStructured(unfoldedValue(field.rawValue));
  const [rawType = '', rawSubtype = ''] = raw.value.split('/', 2).map((word) => word.trim());
  const isSame = rawType.toLowerCase() === type && rawSubtype.toLowerCase() === subtype;
  return isSame
    ? { type: rawType, subtype: rawSubtype, parameters: raw.parameters }
    : { type, subtype, parameters: raw.parameters };
}

function withCharset(parameters: readonly BodyParameter[]): readonly BodyParameter[] {
  const hasCharset = parameters.some(({ name }) => typeof name === 'string' && /^charset\*?$/i.test(name));
  return hasCharset ? parameters : [...parameters, { name: 'charset', value: 'us-ascii' }];
}

function transferEncodingOf(part: Part): ImapText {
  const field = part.headers.get('content-transfer-encoding');
  const word = field === undefined ? '' : readRawStructured(unfoldedValue(field.rawValue)).value;
  return word === '' ? '7bit' : imapTextOf(word);
}

function extensionOf(part: Part): BodyExtension {
  return {
    disposition: dispositionOf(part),
    language: languagesOf(part),
    location: fieldText(part, 'content-location'),
  };
}

function dispositionOf(part: Part): BodyDisposition | undefined {
  const field = part.headers.get('content-disposition');
  if (field === undefined) return undefined;
  const { value, parameters } = readRawStructured(unfoldedValue(field.rawValue));
  return value === '' ? undefined : { type: imapTextOf(value), parameters };
}

function languagesOf(part: Part): readonly ImapText[] {
  const field = part.headers.get('content-language');
  if (field === undefined) return [];
  const tags = unfoldedValue(field.rawValue).split(',', MOST_LANGUAGES);
  return tags
    .map((tag) => readRawStructured(tag).value)
    .filter((tag) => tag !== '')
    .map(imapTextOf);
}

const MOST_LANGUAGES = 100;

function fieldText(part: Part, name: string): ImapText | undefined {
  const field = part.headers.get(name);
  return field === undefined ? undefined : imapTextOf(unfoldedValue(field.rawValue));
}

function linesOf(octets: Bytes): number {
  let lines = 0;
  for (let at = octets.indexOf(0x0a); at >= 0; at = octets.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

/**
 * What a server answers for ENVELOPE (RFC 9051 §7.5.2): made from a message
 * that was parsed. Encoded words stay as they are; of a field that stands there
 * twice the first counts; Sender and Reply-To are From's where they are missing.
 * Addresses beyond the limit that the message was parsed with are left out.
 *
 * @param message what `parseMessage` of mailseal/mime gave, or an embedded message of it.
 *
 * @example
 * ```ts
 * import { envelopeOf } from 'mailseal/imap';
 * import { parseMessage } from 'mailseal/mime';
 *
 * const envelope = envelopeOf(parseMessage(new TextEncoder().encode('From: Anna <anna@example.jp>\r\n\r\n')));
 * console.log(envelope.sender[0]?.mailbox, envelope.to.length); // anna 0
 * ```
 */
export function envelopeOf(message: Part): ImapEnvelope {
  const from = addressesOf(message, 'from');
  const sender = addressesOf(message, 'sender');
  const replyTo = addressesOf(message, 'reply-to');
  return {
    date: fieldText(message, 'date'),
    subject: fieldText(message, 'subject'),
    from,
    sender: sender.length === 0 ? from : sender,
    replyTo: replyTo.length === 0 ? from : replyTo,
    to: addressesOf(message, 'to'),
    cc: addressesOf(message, 'cc'),
    bcc: addressesOf(message, 'bcc'),
    inReplyTo: fieldText(message, 'in-reply-to'),
    messageId: fieldText(message, 'message-id'),
  };
}

function addressesOf(message: Part, name: string): ImapAddress[] {
  const field = message.headers.get(name);
  if (field === undefined) return [];
  return readRawAddresses(unfoldedValue(field.rawValue), message.options.limits.addresses);
}

/** An entity, and whether it is a message, or a part with a number of its own. */
interface Place {
  readonly part: Part;
  readonly isMessage: boolean;
}

/**
 * The entity that numbers name (RFC 9051 §6.4.5.1). A message that is no
 * multipart has its body as part 1.
 */
function placeOf(message: Part, numbers: readonly number[]): Place | undefined {
  let place: Place = { part: message, isMessage: true };
  for (const number of numbers) {
    const { part } = place;
    let around: Place = place;
    if (!place.isMessage && part.isMessage) {
      const inner = part.parts[0];
      if (inner === undefined) return undefined;
      around = { part: inner, isMessage: true };
    }
    if (around.part.isMultipart) {
      const child = around.part.parts[number - 1];
      if (child === undefined) return undefined;
      place = { part: child, isMessage: false };
    } else if (around.isMessage && number === 1) place = { part: around.part, isMessage: false };
    else return undefined;
  }
  return place;
}

/** Whether numbers name the {@link EMPTY_BODY} of a multipart that has no parts. */
function isEmptyBody(message: Part, numbers: readonly number[]): boolean {
  if (numbers.at(-1) !== 1) return false;
  const around = placeOf(message, numbers.slice(0, -1));
  const multipart = around === undefined ? undefined : (messageAt(around) ?? around.part);
  return multipart?.contentType.type === 'multipart' && multipart.parts.length === 0;
}

/** The message that HEADER and TEXT of a place are about. */
function messageAt({ part, isMessage }: Place): Part | undefined {
  if (isMessage) return part;
  return part.isMessage ? part.parts[0] : undefined;
}

/**
 * The octets of a section, as a server answers `BODY[…]` (RFC 9051 §6.4.5).
 *
 * Header sections end in a blank line, that of HEADER.FIELDS always (RFC 9051
 * §6.4.5.1). Views of the message where that can be.
 *
 * @param message what `parseMessage` of mailseal/mime gave.
 * @param partial the stretch that is wanted, in octets; beyond the end is nothing.
 * @returns `undefined` (NIL) where the message has no such part.
 * @throws MailsealError `usage` for numbers of parts that are none, and for MIME without them.
 *
 * @example
 * ```ts
 * import { sectionOf } from 'mailseal/imap';
 * import { parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(new TextEncoder().encode('Subject: Tea\r\nTo: b@example.jp\r\n\r\nTwo at nine.\r\n'));
 * const header = sectionOf(message, { part: [], text: 'HEADER.FIELDS', fields: ['SUBJECT'] });
 * const start = sectionOf(message, { part: [1] }, { offset: 0, length: 3 });
 * console.log(header?.length, start?.length, sectionOf(message, { part: [2] })); // 16 3 undefined
 * ```
 */
export function sectionOf(message: Part, section: ImapSection, partial?: ImapPartial): Bytes | undefined {
  checkNumbers(section.part);
  const octets = wholeSection(message, section);
  return octets === undefined ? undefined : stretch(octets, partial);
}

function wholeSection(message: Part, { part: numbers, text, fields = [] }: ImapSection): Bytes | undefined {
  const place = placeOf(message, numbers);
  if (place === undefined) return isEmptyBody(message, numbers) ? new Uint8Array(0) : undefined;
  const { part, isMessage } = place;
  if (text === undefined) return isMessage ? part.bytes : part.bodyBytes;
  if (text === 'MIME') {
    // RFC 9051 §9: `section-part ["." section-text]`, and only there is MIME.
    if (isMessage) throw usage('MIME is the header of a part: give the numbers of one');
    return headerOf(part);
  }
  const about = messageAt(place);
  if (about === undefined) return undefined;
  switch (text) {
    case 'HEADER':
      return headerOf(about);
    case 'TEXT':
      return about.bodyBytes;
    default:
      return pickFields(about.headers, fields, text === 'HEADER.FIELDS.NOT');
  }
}

/** The header with its blank line. */
function headerOf(part: Part): Bytes {
  return part.source.subarray(part.start, part.bodyStart);
}

/**
 * The octets of a part with its transfer encoding undone, as a server answers
 * `BINARY[…]` (RFC 3516, RFC 9051 §6.4.5); their number is that of `BINARY.SIZE[…]`.
 *
 * @param message what `parseMessage` of mailseal/mime gave.
 * @param part numbers of the part; none for the whole message, of which nothing is undone.
 * @returns `undefined` (NIL) where the message has no such part; `'UNKNOWN-CTE'`
 *   where its transfer encoding is not known: the answer is NO with that code.
 * @throws MailsealError `usage` for numbers that are none.
 *
 * @example
 * ```ts
 * import { binarySectionOf } from 'mailseal/imap';
 * import { parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode('Content-Transfer-Encoding: base64\r\n\r\nVGVh\r\n'),
 * );
 * console.log(new TextDecoder().decode(binarySectionOf(message, [1]) as Uint8Array)); // Tea
 * ```
 */
export function binarySectionOf(
  message: Part,
  part: readonly number[],
  partial?: ImapPartial,
): Bytes | 'UNKNOWN-CTE' | undefined {
  checkNumbers(part);
  const place = placeOf(message, part);
  if (place === undefined) return undefined;
  if (place.isMessage) return stretch(place.part.bytes, partial);
  const { part: found } = place;
  if (found.isMultipart || found.isMessage) return stretch(found.bodyBytes, partial);
  const content = found.content();
  const isUnknown = found.defects.some(({ code }) => code === 'transfer-encoding-unknown');
  return isUnknown ? 'UNKNOWN-CTE' : stretch(content, partial);
}

function stretch(octets: Bytes, partial: ImapPartial | undefined): Bytes {
  if (partial === undefined) return octets;
  const { offset, length } = partial;
  for (const number of [offset, length]) {
    if (!Number.isSafeInteger(number) || number < 0)
      throw usage(
        `a stretch has an offset and a length that are whole numbers from 0 on, not ${shown(number)}`,
      );
  }
  return octets.subarray(offset, offset + length);
}

function checkNumbers(numbers: readonly number[]): void {
  for (const number of numbers) {
    if (!Number.isSafeInteger(number) || number < 1)
      throw usage(`the number of a part is a whole one from 1 on, not ${shown(number)}`);
  }
}
