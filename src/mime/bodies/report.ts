import type { HeaderFields } from '../fields/header-fields.js';
import type { Part } from '../part.js';
import { type DeliveryStatus, parseDeliveryStatus } from './delivery-status.js';
import { type DispositionNotification, parseDispositionNotification } from './disposition-notification.js';
import { fieldBlocks, readFieldBlock } from './field-block.js';

/** What a multipart/report (RFC 6522) holds. */
export interface Report {
  /** Lower case: `delivery-status`, `disposition-notification`, `feedback-report`, or what else it says. */
  readonly reportType: string;
  /** What people read: its first part. */
  readonly description: Part | undefined;
  /** What programs read. */
  readonly report: Part | undefined;
  /** The message that it is about, or its header fields alone. */
  readonly original: Part | undefined;
  /** The header fields of {@link original}, by which a sender finds what he sent. */
  readonly originalHeaders: HeaderFields | undefined;
  /** Of a bounce (RFC 3464). */
  readonly deliveryStatus: DeliveryStatus | undefined;
  /** Of a read receipt (RFC 8098). */
  readonly dispositionNotification: DispositionNotification | undefined;
  /** Of a complaint (RFC 5965), or of any other report that is a block of fields: those. */
  readonly fields: HeaderFields | undefined;
}

const STATUS = /^message\/(?:global-)?delivery-status$/;
const NOTIFICATION = /^message\/(?:global-)?disposition-notification$/;
const ORIGINAL = /^(?:message\/(?:rfc822|global)|(?:message|text)\/(?:rfc822|global)-headers)$/;

/**
 * Reads a multipart/report (RFC 6522): bounces, read receipts, complaints. The
 * parts are known by their types wherever they stand, since reports of old
 * servers have others between them.
 *
 * @param part the multipart; the message itself for most reports
 * @returns `undefined` when the part is no multipart/report
 * @throws MailsealError `limit-parts`, `limit-headers`, `limit-header-octets` for a report that has more blocks or
 * fields than the limits that the message was parsed with, unless `onLimit` was `truncate`
 * @example
 * ```ts
 * import { parseMessage, parseReport } from 'mailseal/mime';
 *
 * const report = parseReport(
 *   parseMessage(
 *     new TextEncoder().encode(
 *       'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n' +
 *         '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n' +
 *         '--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@c.example>\n--b--\n',
 *     ),
 *   ),
 * );
 * console.log(report?.deliveryStatus?.recipients[0]?.action, report?.originalHeaders?.get('message-id')?.value); // failed <1@c.example>
 * ```
 */
export function parseReport(part: Part): Report | undefined {
  const { mediaType, parameters } = part.contentType;
  if (mediaType !== 'multipart/report') return undefined;
  const named = parameters.get('report-type')?.toLowerCase();
  const [description, ...others] = part.parts;
  const isReport = ({ contentType }: Part): boolean =>
    contentType.type === 'message' &&
    (contentType.subtype === named ||
      (!ORIGINAL.test(contentType.mediaType) && contentType.subtype !== 'partial'));
  const report = part.parts.find(isReport);
  const original = others.find((other) => ORIGINAL.test(other.contentType.mediaType));
  const reportMediaType = report?.contentType.mediaType ?? '';
  const isStatus = STATUS.test(reportMediaType);
  const isNotification = NOTIFICATION.test(reportMediaType);
  return {
    reportType: named ?? report?.contentType.subtype ?? '',
    description: description === report ? undefined : description,
    report,
    original,
    originalHeaders: original && headersOf(original),
    deliveryStatus: report && isStatus ? parseDeliveryStatus(report.content(), report.options) : undefined,
    dispositionNotification:
      report && isNotification ? parseDispositionNotification(report.content(), report.options) : undefined,
    fields: report && !isStatus && !isNotification ? firstFields(report) : undefined,
  };
}

function headersOf(original: Part): HeaderFields {
  return original.parts[0]?.headers ?? readFieldBlock(original.content(), original.options).headers;
}

function firstFields(report: Part): HeaderFields | undefined {
  const [block] = fieldBlocks(report.content(), report.options);
  return block?.headers;
}
