/**
 * MIME: octets to a lazy tree of parts with exact octet ranges, header fields
 * and what they say.
 *
 * @module
 */

export { Attachment, type UnpackedFile } from './bodies/attachment.js';
export {
  type DeliveryStatus,
  parseDeliveryStatus,
  type RecipientStatus,
  type StatusCode,
} from './bodies/delivery-status.js';
export {
  type Disposition,
  type DispositionNotification,
  parseDispositionNotification,
} from './bodies/disposition-notification.js';
export { type ExternalBody, externalBodyOf } from './bodies/external-body.js';
export { type FlowedOptions, type FlowedParagraph, parseFlowed, unflow } from './bodies/flowed.js';
export { joinPartialMessages, type PartialMessage, partialOf } from './bodies/message-partial.js';
export { type PgpEncrypted, type PgpKeys, type PgpSigned, pgpMimeOf } from './bodies/openpgp.js';
export { ReadableContent, type ReadableOptions, readableContent } from './bodies/readable-content.js';
export { PartReferences, relatedRoot } from './bodies/related.js';
export { parseReport, type Report } from './bodies/report.js';
export type { TypedValue } from './bodies/report-fields.js';
export { type SafeFileNameOptions, safeFileName, safeFileNames } from './bodies/safe-file-name.js';
export { isTnef, parseTnef, type Tnef, type TnefAttachment } from './bodies/tnef.js';
export { findUuencodedFiles, type UuencodedFile } from './bodies/uuencoded-files.js';
export { composeEntity, composeMessage } from './compose/compose.js';
export type { AddressInput, MailboxInput } from './compose/compose-address.js';
export type { ComposeCharset, Iso2022jpOptions } from './compose/compose-charset.js';
export type {
  AttachmentContent,
  EntityContent,
  MessageContent,
  OwnField,
  PartContent,
} from './compose/compose-content.js';
export { type FieldValue, formatHeaderField } from './compose/compose-field.js';
export type { ComposeOptions, FieldOptions } from './compose/compose-options.js';
export { MessageEditor } from './compose/edit.js';
export type { RandomSource } from './compose/random.js';
export type { MimeDefect, MimeDefectCode, MimeLimitCode } from './defects.js';
export { embeddedMessage } from './embedded-message.js';
export { Envelope } from './envelope.js';
export { parseAddressList } from './fields/address.js';
export {
  type AuthenticationProperty,
  type AuthenticationResult,
  type AuthenticationResults,
  parseAuthenticationResults,
} from './fields/authentication-results.js';
export { type ContentDisposition, parseContentDisposition } from './fields/content-disposition.js';
export { type ContentType, parseContentType } from './fields/content-type.js';
export { type DateTime, parseDate, parseDateTime } from './fields/date.js';
export { type DecodedWords, decodeEncodedWords } from './fields/encoded-words.js';
export { HeaderField, HeaderFields } from './fields/header-fields.js';
export {
  type ListCommand,
  type ListId,
  type ListUrl,
  type MailingList,
  mailingListOf,
  parseListCommand,
  parseListId,
} from './fields/list-fields.js';
export type { Address, AddressList, Group, Mailbox } from './fields/mailbox.js';
export { type MessageIdList, parseMessageIds } from './fields/message-id.js';
export { type Parameter, Parameters } from './fields/parameter-map.js';
export { parseContentLanguage, parsePhraseList } from './fields/phrase-list.js';
export { parseReceived, type Received, type ReceivedFrom } from './fields/received.js';
export type { FromDetails, ReceivedTls } from './fields/received-host.js';
export type { ValueList } from './fields/value-list.js';
export type { ValueOptions } from './fields/value-options.js';
export { DEFAULT_MIME_LIMITS, type FilledMimeLimits, type MimeLimits } from './limits.js';
export { type MboxMessage, readMbox } from './mbox/mbox.js';
export type { MboxEvent } from './mbox/mbox-event.js';
export type { MboxFormat, MboxMarker } from './mbox/mbox-line.js';
export type { MboxOptions } from './mbox/mbox-options.js';
export { MboxReader } from './mbox/mbox-reader.js';
export {
  type MboxEnvelope,
  MboxWriter,
  type MboxWriterOptions,
  writeMboxMessage,
} from './mbox/mbox-writer.js';
export { parseMessage } from './message.js';
export type { FilledParseOptions, OnLimit, ParseOptions } from './parse-options.js';
export { type OctetRange, Part } from './part.js';
export { type MimeEvent, MimeReader } from './reader.js';
export type { EntityKind } from './structure/entity-kind.js';
export type { BodyRegion } from './structure/scan-state.js';
