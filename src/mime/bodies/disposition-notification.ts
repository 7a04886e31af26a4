import { asBytes } from '../../core/bytes.js';
import type { HeaderFields } from '../fields/header-fields.js';
import type { ParseOptions } from '../parse-options.js';
import { fieldBlocks } from './field-block.js';
import { type TypedValue, textField, typedField } from './report-fields.js';

/** What a reader, or his program, did with a message (RFC 8098 §3.2.6). All lower case. */
export interface Disposition {
  /** `manual-action` or `automatic-action`. */
  readonly actionMode: string;
  /** `mdn-sent-manually` or `mdn-sent-automatically`. */
  readonly sendingMode: string;
  /** `displayed`, `deleted`, `dispatched`, `processed`, or what else stands there. */
  readonly type: string;
  /** Such as `error`. */
  readonly modifiers: readonly string[];
}

/** The machine-readable part of a read receipt (RFC 8098 §3). */
export interface DispositionNotification {
  /** The name of the program that sent it, and its version. */
  readonly reportingUa: string | undefined;
  readonly mdnGateway: TypedValue | undefined;
  readonly originalRecipient: TypedValue | undefined;
  readonly finalRecipient: TypedValue | undefined;
  /** The Message-ID that it is about, without its angle brackets. */
  readonly originalMessageId: string | undefined;
  readonly disposition: Disposition | undefined;
  /** What went wrong, in words. */
  readonly errors: readonly string[];
  /** All its fields; `undefined` where there is not a single one. */
  readonly fields: HeaderFields | undefined;
}

/**
 * Reads the content of a message/disposition-notification (RFC 8098 §3) or
 * message/global-disposition-notification (RFC 6533 §5).
 *
 * @param octets the content of the part
 * @param options limits, as of `parseMessage`; `part.options` are those of a part
 * @throws MailsealError `limit-headers`, `limit-header-octets` unless `onLimit` is `truncate`; `usage` for an option
 * that is none
 * @example
 * ```ts
 * import { parseDispositionNotification } from 'mailseal/mime';
 *
 * const receipt = parseDispositionNotification(
 *   new TextEncoder().encode('Original-Message-ID: <1@a.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n'),
 * );
 * console.log(receipt.originalMessageId, receipt.disposition?.type); // 1@a.example displayed
 * ```
 */
export function parseDispositionNotification(
  octets: Uint8Array,
  options?: ParseOptions,
): DispositionNotification {
  const [block] = fieldBlocks(asBytes(octets), options);
  const fields = block?.headers;
  const id = fields?.get('original-message-id')?.value;
  return {
    reportingUa: fields && textField(fields, 'reporting-ua'),
    mdnGateway: fields && typedField(fields, 'mdn-gateway'),
    originalRecipient: fields && typedField(fields, 'original-recipient'),
    finalRecipient: fields && typedField(fields, 'final-recipient'),
    originalMessageId: id === undefined ? undefined : (/<([^<>]*)>/.exec(id)?.[1] ?? id),
    disposition: fields && disposition(fields.get('disposition')?.value),
    errors: (fields?.all('error') ?? []).map((field) => field.text),
    fields,
  };
}

function disposition(value: string | undefined): Disposition | undefined {
  const [mode = '', kind] = (value ?? '').toLowerCase().split(';', 2);
  if (kind === undefined) return undefined;
  const [actionMode = '', sendingMode = ''] = mode.split('/', 2);
  const [type = '', modifiers = ''] = kind.split('/', 2);
  return {
    actionMode: actionMode.trim(),
    sendingMode: sendingMode.trim(),
    type: type.trim(),
    modifiers: modifiers
      .split(',')
      .map((modifier) => modifier.trim())
      .filter((modifier) => modifier !== ''),
  };
}
