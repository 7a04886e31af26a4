/**
 * IMAP (RFC 9051, RFC 3501 and their extensions): commands and responses to
 * and from octets, for both sides of the wire, without input or output.
 *
 * @module
 */

export { DEFAULT_IMAP_LIMITS, type FilledImapLimits, type ImapLimits } from './limits.js';
export { type ImapQuirk, type ImapQuirkFacts, type ImapQuirkOptions, imapQuirks } from './quirks.js';
export { decodeText, type ImapText, octetsOfText, textFromOctets } from './text.js';
