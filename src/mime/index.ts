/**
 * MIME: octets to a lazy tree of parts with exact octet ranges, header fields
 * and what they say.
 *
 * @module
 */
export { parseAddressList } from './address.js';
export { Attachment, type UnpackedFile } from './attachment.js';
export {
  type AuthenticationProperty,
  type AuthenticationResult,
  type AuthenticationResults,
  parseAuthenticationResults,
} from './authentication-results.js';
export { composeEntity, composeMessage } from './compose.js';
export type { AddressInput, MailboxInput } from './compose-address.js';
export type { ComposeCharset, Iso2022jpOptions } from './compose-charset.js';
export type {
  AttachmentContent,
  EntityContent,
  MessageContent,
  OwnField,
  PartContent,
} from './compose-content.js';
export { type FieldValue, formatHeaderField } from './compose-field.js';
export type { ComposeOptions, FieldOptions } from './compose-options.js';
export { type ContentDisposition, parseContentDisposition } from './content-disposition.js';
export { type ContentType, parseContentType } from './content-type.js';
export { type DateTime, parseDate, parseDateTime } from './date.js';
export type { MimeDefect, MimeDefectCode } from './defects.js';
export {
  type DeliveryStatus,
  parseDeliveryStatus,
  type RecipientStatus,
  type StatusCode,
} from './delivery-status.js';
export {
  type Disposition,
  type DispositionNotification,
  parseDispositionNotification,
} from './disposition-notification.js';
export { MessageEditor } from './edit.js';
export { embeddedMessage } from './embedded-message.js';
export { type DecodedWords, decodeEncodedWords } from './encoded-words.js';
export type { EntityKind } from './entity-kind.js';
export { Envelope } from './envelope.js';
export { type ExternalBody, externalBodyOf } from './external-body.js';
export { type FlowedOptions, type FlowedParagraph, parseFlowed, unflow } from './flowed.js';
export { HeaderField, HeaderFields } from './header-fields.js';
export { DEFAULT_MIME_LIMITS, type FilledMimeLimits, type MimeLimits } from './limits.js';
export {
  type ListCommand,
  type ListId,
  type ListUrl,
  type MailingList,
  mailingListOf,
  parseListCommand,
  parseListId,
} from './list-fields.js';
export type { Address, AddressList, Group, Mailbox } from './mailbox.js';
export { type MboxMessage, readMbox } from './mbox.js';
export type { MboxEvent } from './mbox-event.js';
export type { MboxFormat, MboxMarker } from './mbox-line.js';
export type { MboxOptions } from './mbox-options.js';
export { MboxReader } from './mbox-reader.js';
export {
  type MboxEnvelope,
  MboxWriter,
  type MboxWriterOptions,
  writeMboxMessage,
} from './mbox-writer.js';
export { parseMessage } from './message.js';
export { type MessageIdList, parseMessageIds } from './message-id.js';
export { joinPartialMessages, type PartialMessage, partialOf } from './message-partial.js';
export { type PgpEncrypted, type PgpKeys, type PgpSigned, pgpMimeOf } from './openpgp.js';
export { type Parameter, Parameters } from './parameter-map.js';
export type { OnLimit, ParseOptions } from './parse-options.js';
export { type OctetRange, Part } from './part.js';
export { parseContentLanguage, parsePhraseList } from './phrase-list.js';
export type { RandomSource } from './random.js';
export { ReadableContent, type ReadableOptions, readableContent } from './readable-content.js';
export { type MimeEvent, MimeReader } from './reader.js';
export { parseReceived, type Received, type ReceivedFrom } from './received.js';
export type { FromDetails, ReceivedTls } from './received-host.js';
export { PartReferences, relatedRoot } from './related.js';
export { parseReport, type Report } from './report.js';
export type { TypedValue } from './report-fields.js';
export { type SafeFileNameOptions, safeFileName, safeFileNames } from './safe-file-name.js';
export type { BodyRegion } from './scan-state.js';
export { isTnef, parseTnef, type Tnef, type TnefAttachment } from './tnef.js';
export { findUuencodedFiles, type UuencodedFile } from './uuencoded-files.js';
export type { ValueList } from './value-list.js';
export type { ValueOptions } from './value-options.js';
