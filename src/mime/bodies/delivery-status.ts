import { asBytes } from '../../core/bytes.js';
import { type MimeDefect, mimeDefect } from '../defects.js';
import type { HeaderFields } from '../fields/header-fields.js';
import { limitHit } from '../limits.js';
import { fillParseOptions, type ParseOptions } from '../parse-options.js';
import { fieldBlocks } from './field-block.js';
import { dateField, type TypedValue, textField, typedField, wordField } from './report-fields.js';

/** A status code (RFC 3463 §2), such as 5.1.1. */
export interface StatusCode {
  /** 2 success, 4 persistent transient failure, 5 permanent failure. */
  readonly class: number;
  readonly subject: number;
  readonly detail: number;
}

/** What became of one recipient (RFC 3464 §2.3). */
export interface RecipientStatus {
  readonly originalRecipient: TypedValue | undefined;
  readonly finalRecipient: TypedValue | undefined;
  /** Lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`, or what else stands there. */
  readonly action: string | undefined;
  readonly status: StatusCode | undefined;
  readonly remoteMta: TypedValue | undefined;
  /** What the other side said, such as `smtp`, `550 5.1.1 no such user`. */
  readonly diagnosticCode: TypedValue | undefined;
  readonly lastAttemptDate: Date | undefined;
  readonly finalLogId: string | undefined;
  readonly willRetryUntil: Date | undefined;
  /** All the fields of this recipient. */
  readonly fields: HeaderFields;
}

/** The machine-readable part of a bounce (RFC 3464 §2). */
export interface DeliveryStatus {
  readonly originalEnvelopeId: string | undefined;
  readonly reportingMta: TypedValue | undefined;
  readonly dsnGateway: TypedValue | undefined;
  readonly receivedFromMta: TypedValue | undefined;
  readonly arrivalDate: Date | undefined;
  /** The fields about the message; `undefined` where there is not a single field. */
  readonly fields: HeaderFields | undefined;
  readonly recipients: readonly RecipientStatus[];
  /** The limits that were hit, with `onLimit: 'truncate'`. Offsets are octets from the start of the content. */
  readonly defects: readonly MimeDefect[];
}

/**
 * Reads the content of a message/delivery-status (RFC 3464 §2) or
 * message/global-delivery-status (RFC 6533 §4).
 *
 * The blocks of fields may have any number of blank lines between them. The
 * first one is about the message, the others are about one recipient each; a first
 * one that names a recipient or an action is about that one as well.
 *
 * @param octets the content of the part
 * @param options limits, as of `parseMessage` (`part.options` are those of a part); `parts` bounds the blocks
 * @throws MailsealError `limit-parts`, `limit-headers`, `limit-header-octets` unless `onLimit` is `truncate`; `usage`
 * for an option that is none
 * @example
 * ```ts
 * import { parseDeliveryStatus } from 'mailseal/mime';
 *
 * const { recipients } = parseDeliveryStatus(
 *   new TextEncoder().encode('Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n'),
 * );
 * console.log(recipients[0]?.action, recipients[0]?.finalRecipient?.value, recipients[0]?.status?.class); // failed a@b.example 5
 * ```
 */
export function parseDeliveryStatus(octets: Uint8Array, options?: ParseOptions): DeliveryStatus {
  const { limits, onLimit } = fillParseOptions(options);
  const blocks: HeaderFields[] = [];
  const defects: MimeDefect[] = [];
  for (const block of fieldBlocks(asBytes(octets), options)) {
    if (blocks.length >= limits.parts) {
      if (onLimit === 'throw') {
        throw limitHit('limit-parts', 'blocks of a delivery status', 'parts', limits.parts, block.start);
      }
      defects.push(mimeDefect('limit-parts', block.start));
      break;
    }
    blocks.push(block.headers);
    defects.push(...block.defects);
  }
  const [first] = blocks;
  const namesOne = first?.get('final-recipient') ?? first?.get('original-recipient') ?? first?.get('action');
  return {
    originalEnvelopeId: first && textField(first, 'original-envelope-id'),
    reportingMta: first && typedField(first, 'reporting-mta'),
    dsnGateway: first && typedField(first, 'dsn-gateway'),
    receivedFromMta: first && typedField(first, 'received-from-mta'),
    arrivalDate: first && dateField(first, 'arrival-date'),
    fields: first,
    recipients: (namesOne === undefined ? blocks.slice(1) : blocks).map(recipientStatus),
    defects,
  };
}

function recipientStatus(fields: HeaderFields): RecipientStatus {
  return {
    originalRecipient: typedField(fields, 'original-recipient'),
    finalRecipient: typedField(fields, 'final-recipient'),
    action: wordField(fields, 'action'),
    status: statusCode(fields),
    remoteMta: typedField(fields, 'remote-mta'),
    diagnosticCode: typedField(fields, 'diagnostic-code'),
    lastAttemptDate: dateField(fields, 'last-attempt-date'),
    finalLogId: textField(fields, 'final-log-id'),
    willRetryUntil: dateField(fields, 'will-retry-until'),
    fields,
  };
}

function statusCode(fields: HeaderFields): StatusCode | undefined {
  const match = /^(\d)\.(\d{1,3})\.(\d{1,3})$/.exec(wordField(fields, 'status') ?? '');
  if (match === null) return undefined;
  return { class: Number(match[1]), subject: Number(match[2]), detail: Number(match[3]) };
}
