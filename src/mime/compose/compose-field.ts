import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { parseAddressList } from '../fields/address.js';
import { type AddressInput, addressPieces } from './compose-address.js';
import type { WriteOptions } from './compose-charset.js';
import { type FieldOptions, fillFieldOptions } from './compose-options.js';
import { unstructuredPieces } from './encode-words.js';
import { checkFieldName, checkFieldText, checkStructured } from './field-check.js';
import { foldField, type Piece } from './fold.js';
import { formatDate } from './format-date.js';

/** What a header field may be given: text, a moment, or addresses. */
export type FieldValue = string | Date | AddressInput | readonly AddressInput[];

/** Fields whose value is a list of addresses. */
const ADDRESSES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'resent-from', 'resent-sender', 'resent-to'],
  ...['resent-cc', 'resent-bcc', 'disposition-notification-to', 'return-receipt-to', 'errors-to'],
  ...['mail-followup-to', 'mail-reply-to'],
]);

/** Fields of text for people, whose long words may be divided by encoding them. */
const TEXTS: ReadonlySet<string> = /* @__PURE__ */ new Set(['subject', 'comments', 'content-description']);

/** Fields with a syntax of their own, in which an encoded word stands for itself. */
const STRUCTURED =
  /^(?:date|resent-date|(?:resent-)?message-id|in-reply-to|references|mime-version|received|return-path|delivered-to|(?:arc-)?authentication-results|arc-.*|received-spf|(?:x-google-)?dkim-.*|domainkey-.*|list-.*|content-.*|autocrypt.*|auto-submitted|accept-language|original-.*|priority|importance|precedence|x-priority|x-mailman-version|require-recipient-valid-since)$/;

/**
 * Writes one header field: folded, encoded, with its CRLF at the end.
 *
 * A string is text for most fields, which encoded words (RFC 2047) carry where
 * it is not ASCII. For fields of addresses (`From`, `To`, `Resent-To`, …) it is
 * the list as it is written, with names decoded. For fields that have a syntax
 * of their own (`Message-ID`, `Received`, `List-*`, `Content-*`, …) it has to be
 * the ready value in ASCII, and is only folded. A `Date` goes with fields of a date alone.
 *
 * @param name 1 to 76 printable ASCII characters without colon
 * @returns the octets of the field, its last CRLF included
 * @throws MailsealError `mime-field-unsafe` for CR, LF, NUL, and for what the field cannot hold;
 *   `mime-address-malformed`; `mime-line-too-long`; `charset-unencodable`; `usage`
 * @example
 * ```ts
 * import { formatHeaderField } from 'mailseal/mime';
 *
 * const field = formatHeaderField('To', [{ name: '山田', address: 'yamada@example.jp' }, 'b@example.jp']);
 * console.log(new TextDecoder().decode(field).trimEnd()); // To: =?utf-8?B?5bGx55Sw?= <yamada@example.jp>, b@example.jp
 * ```
 */
export function formatHeaderField(name: string, value: FieldValue, options: FieldOptions = {}): Bytes {
  const filled = fillFieldOptions(options);
  return bytesFromUtf8(writeField(name, value, filled, options.dateOffset ?? 0));
}

/** {@link formatHeaderField} as text. */
export function writeField(name: string, value: FieldValue, options: WriteOptions, dateOffset = 0): string {
  checkFieldName(name);
  return foldField(name, piecesOf(name, value, options, dateOffset));
}

function piecesOf(name: string, value: FieldValue, options: WriteOptions, dateOffset: number): Piece[] {
  const lower = name.toLowerCase();
  if (value instanceof Date) {
    if (lower !== 'date' && lower !== 'resent-date') {
      throw usage(`the field ${name} holds no date`);
    }
    return structuredPieces(formatDate(value, dateOffset));
  }
  if (typeof value === 'string') {
    checkFieldText(name, value);
    if (ADDRESSES.has(lower)) return addressPieces(name, addressesIn(name, value), options);
    if (!STRUCTURED.test(lower) || TEXTS.has(lower)) {
      return unstructuredPieces(name, value, TEXTS.has(lower), options);
    }
    checkStructured(name, value, options.eai);
    return structuredPieces(value);
  }
  if (!ADDRESSES.has(lower)) {
    throw usage(`the field ${name} holds no addresses, so its value has to be text`);
  }
  return addressPieces(name, Array.isArray(value) ? value : [value as AddressInput], options);
}

/** Divides a ready value at its blanks, which stay as they are: they may stand in quotes. */
export function structuredPieces(value: string): Piece[] {
  const pieces: Piece[] = [];
  let blanks = ' ';
  for (const each of value.split(/([ \t]+)/)) {
    if (each === '') continue;
    if (/^[ \t]/.test(each)) blanks = pieces.length === 0 ? ' ' : each;
    else pieces.push({ blanks, text: each });
  }
  return pieces;
}

function addressesIn(field: string, value: string): readonly AddressInput[] {
  const list = parseAddressList(value);
  if (list.defects.length === 0) return list;
  throw new MailsealError(
    'mime-address-malformed',
    `${JSON.stringify(value.slice(0, 80))}, given for the field ${field}, is no list of addresses`,
    { fault: 'usage' },
  );
}
