import type { Bytes } from '../../src/core/bytes.js';
import type { FetchResponse } from '../../src/imap/response/response.js';
import type { BodyExtension, BodyParameter, BodyStructure } from '../../src/imap/structure/body-structure.js';
import { decodeText, type ImapText, textFromOctets } from '../../src/imap/text.js';
import type { ImapAddress, ImapEnvelope } from '../../src/imap/values/envelope.js';
import { writeOrigin, writeSection } from '../../src/imap/values/section.js';
import { written } from './imap-syntax.js';
import { dateTime, flag, integer, optional, plainValue, struct } from './net-imap-values.js';

/** The items of a FETCH as net-imap has them, by the name that each has on the wire. */
export function fetchData(fetch: FetchResponse): Record<string, unknown> {
  const items: Record<string, unknown> = {};
  if (fetch.uid !== undefined) items.UID = fetch.uid;
  if (fetch.flags !== undefined) items.FLAGS = fetch.flags.map(flag);
  if (fetch.internalDate !== undefined) items.INTERNALDATE = dateTime(fetch.internalDate);
  if (fetch.size !== undefined) items['RFC822.SIZE'] = fetch.size;
  if (fetch.modseq !== undefined) items.MODSEQ = integer(fetch.modseq);
  if (fetch.envelope !== undefined) items.ENVELOPE = envelope(fetch.envelope);
  if (fetch.bodyStructure !== undefined) items.BODYSTRUCTURE = body(fetch.bodyStructure);
  if (fetch.body !== undefined) items.BODY = body(fetch.body);
  for (const { section, origin, octets } of fetch.sections ?? [])
    items[`BODY${written(writeSection, section)}${written(writeOrigin, origin)}`] = content(octets);
  for (const { item, octets } of fetch.rfc822 ?? []) items[item] = content(octets);
  if (fetch.emailId !== undefined) items.EMAILID = fetch.emailId;
  if (Object.hasOwn(fetch, 'threadId')) items.THREADID = fetch.threadId ?? null;
  if (fetch.gmailMessageId !== undefined) items['X-GM-MSGID'] = integer(fetch.gmailMessageId);
  if (fetch.gmailThreadId !== undefined) items['X-GM-THRID'] = integer(fetch.gmailThreadId);
  if (fetch.gmailLabels !== undefined) items['X-GM-LABELS'] = fetch.gmailLabels.map(flag);
  return items;
}

const content = (octets: Bytes | undefined): string | null =>
  octets === undefined ? null : decodeText(textFromOctets(octets));

function envelope(from: ImapEnvelope): unknown {
  return struct('Envelope', {
    date: optional(from.date),
    subject: optional(from.subject),
    from: addresses(from.from),
    sender: addresses(from.sender),
    reply_to: addresses(from.replyTo),
    to: addresses(from.to),
    cc: addresses(from.cc),
    bcc: addresses(from.bcc),
    in_reply_to: optional(from.inReplyTo),
    message_id: optional(from.messageId),
  });
}

function addresses(list: readonly ImapAddress[]): unknown {
  if (list.length === 0) return null;
  return list.map(({ name, route, mailbox, host }) =>
    struct('Address', {
      name: optional(name),
      route: optional(route),
      mailbox: optional(mailbox),
      host: optional(host),
    }),
  );
}

const upper = (text: ImapText): string => decodeText(text).toUpperCase();

function parameters(list: readonly BodyParameter[] | undefined): unknown {
  if (list === undefined || list.length === 0) return null;
  return Object.fromEntries(list.map(({ name, value }) => [upper(name), decodeText(value)]));
}

/** What a body is in net-imap: all fields, null for what was not sent. */
function body(part: BodyStructure): unknown {
  if (part.kind === 'multipart')
    return struct('BodyTypeMultipart', {
      media_type: 'MULTIPART',
      subtype: upper(part.subtype),
      parts: part.parts.length === 0 ? null : part.parts.map(body),
      param: parameters(part.parameters),
      ...extension(part),
    });
  const common = {
    media_type: upper(part.type),
    subtype: upper(part.subtype),
    param: parameters(part.parameters),
    content_id: optional(part.id),
    description: optional(part.description),
    encoding: upper(part.encoding),
    size: part.octets,
    md5: optional(part.md5),
    ...extension(part),
  };
  if (part.kind === 'basic') return struct('BodyTypeBasic', common);
  if (part.kind === 'text') return struct('BodyTypeText', { ...common, lines: part.lines });
  return struct('BodyTypeMessage', {
    ...common,
    envelope: envelope(part.envelope),
    body: body(part.body),
    lines: part.lines,
  });
}

function extension({
  disposition,
  language = [],
  location,
  further,
}: BodyExtension): Record<string, unknown> {
  const languages = language.map(upper);
  return {
    disposition:
      disposition === undefined
        ? null
        : struct('ContentDisposition', {
            dsp_type: upper(disposition.type),
            param: parameters(disposition.parameters),
          }),
    // One language is the same with parentheses and without.
    language: languages.length > 1 ? languages : (languages[0] ?? null),
    location: optional(location),
    extension: further === undefined ? null : further.map(plainValue),
  };
}
