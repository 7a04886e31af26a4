import { type Bytes, concatBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { type AddressInput, addressPieces, checkMailbox, isGroup } from './compose-address.js';
import type { WriteOptions } from './compose-charset.js';
import type { EntityContent, MessageContent } from './compose-content.js';
import { entityPieces, ownFields } from './compose-entity.js';
import { structuredPieces, writeField } from './compose-field.js';
import { messageIdsText, messageIdText } from './compose-ids.js';
import { checkKeys, listGiven } from './compose-keys.js';
import { type ComposeOptions, fillFieldOptions } from './compose-options.js';
import { foldField } from './fold.js';
import { formatDate } from './format-date.js';
import { randomHex } from './random.js';
import { checkReadyEntity } from './ready-entity.js';

const BODY_KEYS = ['text', 'html', 'alternatives', 'inline', 'attachments'] as const;
const ENTITY_KEYS = [...BODY_KEYS, 'charset', 'iso2022jp', 'flowed', 'plainNames'];
const MESSAGE_KEYS = [
  ...['from', 'sender', 'replyTo', 'to', 'cc', 'subject', 'date', 'dateOffset', 'messageId', 'inReplyTo'],
  ...['references', 'headers', 'entity', 'eai'],
];
const OPTION_KEYS = ['now', 'random', 'transport'];

/** Fields that are written from what has their name. */
const TAKEN =
  /^(?:date|from|sender|reply-to|to|cc|subject|message-id|in-reply-to|references|mime-version|content-(?:type|transfer-encoding|disposition|id|description))$/;

/**
 * Composes a message (RFC 5322, RFC 2045–2049) that can be signed and sent as
 * it is: every line ends in CRLF and has at most 998 octets, 78 where that is
 * possible, and in bodies nothing stands that a server on the way might change
 * (blanks at the end of a line, `From ` and dots at its start, octets above 127
 * unless `transport` is `8bit`).
 *
 * The structure follows from the content: alternatives of the text, images
 * related to the HTML, files beside them. Each body gets the cheapest transfer
 * encoding that is safe. Names and text outside ASCII go as RFC 2047 and RFC 2231
 * have it. There is no Bcc: recipients that nobody shall see belong into the
 * envelope alone.
 *
 * Nothing that is passed can start another header field: CR, LF and NUL are refused.
 *
 * @returns the octets, CRLF at the end
 * @throws MailsealError `mime-field-unsafe` for CR, LF, NUL and other characters that a field cannot hold;
 *   `mime-address-malformed`; `mime-line-too-long` for a word of a field that no line can hold;
 *   `charset-unencodable` with the character's position; `usage` for options and keys that are none, for a
 *   message without date, and where `random` repeats itself
 * @example
 * ```ts
 * import { composeMessage, parseMessage } from 'mailseal/mime';
 *
 * const octets = composeMessage(
 *   {
 *     from: { name: '山田', address: 'yamada@example.jp' },
 *     to: ['Alice <alice@example.com>', 'bob@example.com'],
 *     subject: '議事録',
 *     text: 'See the file.',
 *     attachments: [{ content: 'a,b\r\n', contentType: 'text/csv', filename: '表.csv' }],
 *   },
 *   { now: () => new Date('2026-11-22T04:38:09Z') },
 * );
 * const message = parseMessage(octets);
 * console.log(message.headers.get('subject')?.text, message.parts[1]?.filename); // 議事録 表.csv
 * ```
 */
export function composeMessage(content: MessageContent, options: ComposeOptions = {}): Bytes {
  checkKeys('the content', content, [...MESSAGE_KEYS, ...ENTITY_KEYS]);
  checkOptions(options);
  const writing = fillFieldOptions(content);
  const fields = messageFields(content, writing, options);
  const { entity } = content;
  if (entity === undefined) {
    return concatBytes([
      bytesFromUtf8(`${fields}MIME-Version: 1.0\r\n`),
      ...entityPieces(content, writing, options),
    ]);
  }
  const given = BODY_KEYS.find((key) => content[key] !== undefined);
  if (given !== undefined) throw usage(`\`entity\` is all of the body, so \`${given}\` has no place`);
  return concatBytes([
    bytesFromUtf8(`${fields}MIME-Version: 1.0\r\n`),
    ...checkReadyEntity(entity, options.transport ?? '7bit'),
  ]);
}

/**
 * Composes an entity alone: the Content fields and the body that
 * {@link composeMessage} would write, without the fields of a message. Its
 * octets are what a signature covers; signed, it goes into a message as
 * `entity`.
 *
 * @throws MailsealError as {@link composeMessage} does.
 * @example
 * ```ts
 * import { composeEntity } from 'mailseal/mime';
 *
 * const entity = composeEntity({ text: 'Two at nine.' });
 * console.log(new TextDecoder().decode(entity).split('\r\n')[0]); // Content-Type: text/plain; charset=utf-8
 * ```
 */
export function composeEntity(content: EntityContent, options: ComposeOptions = {}): Bytes {
  checkKeys('the content', content, ENTITY_KEYS);
  checkOptions(options);
  return concatBytes(entityPieces(content, fillFieldOptions(content), options));
}

function checkOptions(options: ComposeOptions): void {
  checkKeys('the options', options, OPTION_KEYS);
  const { transport = '7bit' } = options;
  if (transport !== '7bit' && transport !== '8bit') {
    throw usage(`transport is '7bit' or '8bit', not ${shown(transport)}`);
  }
}

function messageFields(content: MessageContent, writing: WriteOptions, options: ComposeOptions): string {
  const { sender, subject, inReplyTo, references } = content;
  const from = listOf(content.from);
  if (from.length === 0) throw usage('`from` has to name who wrote the message');
  if (from.length > 1 && sender === undefined) {
    throw usage('RFC 5322 §3.6.2: a message of several authors needs a `sender`');
  }
  let fields = foldField('Date', structuredPieces(dateText(content, options)));
  const addresses = (name: string, list: readonly AddressInput[]): void => {
    if (list.length > 0) fields += foldField(name, addressPieces(name, list, writing));
  };
  addresses('From', from);
  addresses('Sender', listOf(sender));
  addresses('Reply-To', listOf(content.replyTo));
  addresses('To', listOf(content.to));
  addresses('Cc', listOf(content.cc));
  if (subject !== undefined) fields += writeField('Subject', subject, writing);
  const ids = (name: string, text: string): void => {
    if (text !== '') fields += foldField(name, structuredPieces(text));
  };
  ids('Message-ID', messageId(content, from[0]!, writing, options));
  if (inReplyTo !== undefined) ids('In-Reply-To', messageIdsText('In-Reply-To', inReplyTo, writing.eai));
  if (references !== undefined) ids('References', messageIdsText('References', references, writing.eai));
  return fields + ownFields(listGiven('headers', content.headers), (name) => TAKEN.test(name), writing);
}

function listOf(given: AddressInput | readonly AddressInput[] | undefined): readonly AddressInput[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as AddressInput];
}

function dateText({ date, dateOffset = 0 }: MessageContent, { now }: ComposeOptions): string {
  const moment = date ?? (typeof now === 'function' ? now() : undefined);
  if (moment instanceof Date) return formatDate(moment, dateOffset);
  throw usage('a message has a date: pass `date`, or `now`, which gives it');
}

function messageId(
  { messageId: given }: MessageContent,
  author: AddressInput,
  { eai }: WriteOptions,
  { random }: ComposeOptions,
): string {
  if (given !== undefined) return messageIdText('Message-ID', given, eai);
  const first = isGroup(author) ? author.members[0] : author;
  if (first === undefined) {
    throw usage('nobody is in `from` whose domain a message id could have; pass `messageId`');
  }
  return `<${randomHex(random, 16)}@${checkMailbox('From', first, eai).domain}>`;
}
