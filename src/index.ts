/**
 * The light part of mailseal: MIME, ISO-2022-JP and the error class. Sealed
 * mail is in `mailseal/smime`, and every other room has a path of its own.
 *
 * @module mailseal
 */
export type { Bytes } from './core/bytes.js';
export {
  MailsealError,
  type MailsealErrorCode,
  type MailsealErrorOptions,
  type MailsealFault,
} from './core/errors.js';
export {
  type OctetParser,
  type OctetTransformer,
  type WebStreamController,
  type WebTransformer,
  webParser,
  webTransformer,
} from './core/web-streams.js';
export * as iso2022jp from './iso2022jp/index.js';
export * from './mime/index.js';
