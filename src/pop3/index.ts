/**
 * POP3 (RFC 1939 and its extensions): commands and replies to and from octets,
 * for both sides of the wire, without input or output.
 *
 * @module
 */

export type { WireText } from '../core/wire-text.js';
export { type Pop3Abilities, pop3Abilities } from './abilities.js';
export { apopDigest, apopTimestamp, isApopDigest } from './apop.js';
export { Pop3Client, type Pop3ClientEvent, type Pop3ClientOptions } from './client.js';
export {
  type Pop3ApopCommand,
  type Pop3AuthCommand,
  type Pop3Command,
  type Pop3LangCommand,
  type Pop3ListCommand,
  type Pop3MessageCommand,
  type Pop3OtherCommand,
  type Pop3PassCommand,
  type Pop3PlainCommand,
  type Pop3ReplyKind,
  type Pop3TopCommand,
  type Pop3UserCommand,
  replyKindOf,
} from './command.js';
export { DotStuffer, DotUnstuffer, type DotUnstuffOptions, dotStuff } from './dot-stuffing.js';
export { DEFAULT_POP3_LIMITS, type FilledPop3Limits, type Pop3Limits } from './limits.js';
export { Pop3Lines } from './lines.js';
export type { Pop3Mailbox, Pop3StoredMessage } from './mailbox.js';
export { type Pop3Quirk, type Pop3QuirkFacts, type Pop3QuirkOptions, pop3Quirks } from './quirks.js';
export { decodePop3Command } from './read-command.js';
export type {
  Pop3Capability,
  Pop3Data,
  Pop3Language,
  Pop3Line,
  Pop3Listing,
  Pop3MailboxState,
  Pop3Mechanism,
  Pop3Status,
  Pop3UniqueId,
} from './reply.js';
export { Pop3ReplyDecoder, type Pop3ReplyEvent, type Pop3ReplyOptions } from './reply-decoder.js';
export { Pop3Server } from './server.js';
export type { Pop3ServerEvent } from './server-events.js';
export type { Pop3ServerOptions } from './server-options.js';
export type { Pop3State } from './states.js';
export type { Pop3Transport } from './transport.js';
export { compareUniqueIds, type ListedMessage, type UniqueIdChanges } from './unique-ids.js';
export { encodePop3Command, encodePop3Continuation } from './write-command.js';
export { encodePop3Challenge, encodePop3ListLine, encodePop3Status, POP3_LIST_END } from './write-reply.js';
