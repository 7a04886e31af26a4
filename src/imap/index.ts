/**
 * IMAP (RFC 9051, RFC 3501 and their extensions): commands and responses to
 * and from octets, for both sides of the wire, without input or output.
 *
 * @module
 */

export type {
  AclCommand,
  AppendCommand,
  AppendedMessage,
  AppendedOctets,
  AuthenticateCommand,
  CancelUpdateCommand,
  CatenatedPart,
  CompressCommand,
  CopyCommand,
  CreateCommand,
  EnableCommand,
  FetchCommand,
  GenUrlAuthCommand,
  GetMetadataCommand,
  IdCommand,
  ImapCommand,
  ListCommand,
  ListReturn,
  LoginCommand,
  MailboxCommand,
  MailboxFilter,
  MultiSearchCommand,
  NotifyCommand,
  NotifyGroup,
  OtherCommand,
  PlainCommand,
  QuotaCommand,
  RenameCommand,
  ReplaceCommand,
  ResetKeyCommand,
  SearchCommand,
  SelectCommand,
  SetMetadataCommand,
  SetQuotaCommand,
  SortCommand,
  StatusCommand,
  StoreCommand,
  TaggedCommand,
  ThreadCommand,
  UidBatchesCommand,
  UidExpungeCommand,
  UrlCommand,
} from './command/command.js';
export {
  type CommandFacts,
  commandFacts,
  commandName,
  fitsUidOnly,
  isAmbiguousBehind,
  usesSequenceNumbers,
} from './command/command-facts.js';
export { type EncodeCommandOptions, encodeCommand } from './command/encode-command.js';
export type { FetchItem } from './command/fetch-item.js';
export { type SearchBuilder, type SearchDate, type SearchNumbers, search } from './command/search-builder.js';
export { type KeysInCharset, type SearchCharsetOptions, searchCharset } from './command/search-charset.js';
export type { SearchContext, SearchFacts, SearchMatcher } from './command/search-facts.js';
export type { SearchKey, SearchReturn } from './command/search-key.js';
export { createSearchMatcher, matchesSearch } from './command/search-matcher.js';
export { CommandDecoder, type CommandDecoderOptions, decodeCommands } from './framing/command-decoder.js';
export type { ImapDecoderOptions } from './framing/decoder-options.js';
export type {
  CommandEvent,
  LiteralBeginEvent,
  LiteralDataEvent,
  LiteralEndEvent,
  ResponseEvent,
  UnparsedEvent,
} from './framing/events.js';
export { FrameDecoder, type FrameDecoderOptions } from './framing/frame-decoder.js';
export type { LiteralHandling, LiteralOptions } from './framing/literal-options.js';
export { decodeResponses, ResponseDecoder, type ResponseDecoderOptions } from './framing/response-decoder.js';
export { DEFAULT_IMAP_LIMITS, type FilledImapLimits, type ImapLimits } from './limits.js';
export { binarySectionOf, bodyStructureOf, envelopeOf, sectionOf } from './message-structure.js';
export { type ImapQuirk, type ImapQuirkFacts, type ImapQuirkOptions, imapQuirks } from './quirks.js';
export { type DecodedFetchItem, fetchHolds, plainFetch } from './response/decoded-fetch.js';
export { type EncodeResponseOptions, encodeResponse } from './response/encode-response.js';
export type {
  AclResponse,
  CapabilityResponse,
  ContinuationResponse,
  ExtendedSearchResponse,
  FetchedBinary,
  FetchedSection,
  FetchResponse,
  FlagsResponse,
  GenUrlAuthResponse,
  IdResponse,
  ImapResponse,
  JmapAccessResponse,
  ListResponse,
  ListRightsResponse,
  MailboxStatus,
  MetadataResponse,
  MyRightsResponse,
  NamespaceEntry,
  NamespaceResponse,
  NumberResponse,
  OtherResponse,
  QuotaResource,
  QuotaResponse,
  QuotaRootResponse,
  SearchResponse,
  StatusDataResponse,
  StatusResponse,
  ThreadNode,
  ThreadResponse,
  UidBatchesResponse,
  UrlFetchResponse,
  VanishedResponse,
} from './response/response.js';
export type { PlainResponseCode, ResponseCode } from './response/response-code.js';
export { ImapClient } from './session/client.js';
export type {
  CapabilitiesEvent,
  ChallengeEvent,
  ClientResponseEvent,
  CommandDoneEvent,
  CommandDroppedEvent,
  ExpungedEvent,
  GreetingEvent,
  IdlingEvent,
  ImapClientEvent,
  ProtocolErrorEvent,
  SendEvent,
  StartCompressionEvent,
  StartTlsEvent,
  StateEvent,
  VanishedEvent,
} from './session/client-events.js';
export type { ImapClientOptions, ImapTransport, SentCommand } from './session/client-options.js';
export type { GoneMessage } from './session/message-numbers.js';
export type { SelectedMailbox } from './session/selected-mailbox.js';
export { ImapServer } from './session/server.js';
export type {
  ImapServerEvent,
  ServerAuthenticatedEvent,
  ServerAuthenticateEvent,
  ServerClosedEvent,
  ServerCommandEvent,
  ServerEnabledEvent,
  ServerIdleEndedEvent,
  ServerRefusedEvent,
  ServerSaslResponseEvent,
  ServerSendEvent,
  ServerStartCompressionEvent,
  ServerStartTlsEvent,
  ServerStateEvent,
} from './session/server-events.js';
export type { ImapServerOptions } from './session/server-options.js';
export type { ImapState } from './session/states.js';
export type {
  BodyBasic,
  BodyDisposition,
  BodyExtension,
  BodyMessage,
  BodyMultipart,
  BodyParameter,
  BodySinglePart,
  BodyStructure,
  BodyText,
} from './structure/body-structure.js';
export { type FoundBodies, findBodies, findSignedParts, type SignedPart } from './structure/find-parts.js';
export type { SectionDoubt } from './structure/section-doubts.js';
export {
  type GivenSection,
  type MessageFromSections,
  type MessageFromSectionsOptions,
  messageFromSections,
  type SectionsToVerifyOptions,
  sectionsToVerify,
  type VerificationSections,
} from './structure/verify-sections.js';
export {
  bodyFileName,
  bodyParameter,
  mediaTypeOf,
  type PlacedPart,
  placeParts,
  walkParts,
} from './structure/walk.js';
export type { ImapFragment } from './syntax/writer.js';
export { decodeText, type ImapText, octetsOfText, textFromOctets } from './text.js';
export { addressText, type EnvelopeMailbox, groupAddresses } from './values/addresses.js';
export {
  dateOf,
  formatDate,
  formatDateTime,
  type ImapDate,
  type ImapDateTime,
} from './values/date-time.js';
export type { ImapAddress, ImapEnvelope } from './values/envelope.js';
export { sameFlag } from './values/flags.js';
export {
  isBelowMailbox,
  joinMailbox,
  matchesListPattern,
  sameMailbox,
  splitMailbox,
} from './values/hierarchy.js';
export {
  type MailboxName,
  mailboxFromWire,
  mailboxText,
  mailboxToWire,
  type RawMailboxName,
} from './values/mailbox-name.js';
export {
  formatSection,
  type ImapPartial,
  type ImapSection,
  parseSection,
  type SectionText,
} from './values/section.js';
export {
  countOfRanges,
  expandSequenceSet,
  intersectRanges,
  type NumberRange,
  parseSequenceSet,
  rangesHold,
  resolveSequenceSet,
  sequenceSetOf,
  subtractRanges,
  uniteRanges,
} from './values/sequence-numbers.js';
export { formatSequenceSet, type SequenceRange, type SequenceSet } from './values/sequence-set.js';
export type { ImapValue } from './values/value.js';
