import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { TaggedCommand } from '../command/command.js';
import type { ImapQuirk } from '../quirks.js';
import type { ImapResponse } from '../response/response.js';

/**
 * Something that could not be parsed; the stream goes on behind it. For a
 * command, `tag` is its tag where that could be read: the server answers BAD.
 */
export interface UnparsedEvent {
  readonly type: 'unparsed';
  /**
   * The octets of the frame without those of large literals. A view, valid
   * until the next `push`. Of a LOGIN or AUTHENTICATE that could not be parsed
   * they hold the password: they belong in no log. `error` does not tell it.
   */
  readonly octets: Bytes;
  readonly error: MailsealError;
  readonly tag?: string;
}

/** A literal whose octets are handed out as they come begins. */
export interface LiteralBeginEvent {
  readonly type: 'literal-begin';
  /** Counts from 1 in each stream; the value that holds the literal names it. */
  readonly id: number;
  readonly length: number;
  /** What stands before the literal in its response, such as `* 12 FETCH (UID 7 BODY[] `, as U+0000–U+00FF. */
  readonly head: string;
}

/** Octets of that literal: a view, valid until the next `push`. */
export interface LiteralDataEvent {
  readonly type: 'literal-data';
  readonly id: number;
  readonly octets: Bytes;
}

export interface LiteralEndEvent {
  readonly type: 'literal-end';
  readonly id: number;
}

/**
 * What a {@link ResponseDecoder} gives. `quirks` are those that were met before
 * the event: what envelopes and structures have of them is told nowhere where
 * these are read when they are asked for, so whoever wants to know decodes with
 * `eager`.
 */
export type ResponseEvent =
  | { readonly type: 'response'; readonly response: ImapResponse; readonly quirks: readonly ImapQuirk[] }
  | LiteralBeginEvent
  | LiteralDataEvent
  | LiteralEndEvent
  | UnparsedEvent;

/** What a {@link CommandDecoder} gives. */
export type CommandEvent =
  | { readonly type: 'command'; readonly command: TaggedCommand; readonly quirks: readonly ImapQuirk[] }
  /** The client waits for "+" before it sends a literal of so many octets; or has to be refused. */
  | { readonly type: 'literal-wanted'; readonly tag: string | undefined; readonly length: number }
  /** A line that continues an exchange (AUTHENTICATE, IDLE), where the decoder was told to expect one. */
  | { readonly type: 'line'; readonly octets: Bytes }
  | LiteralBeginEvent
  | LiteralDataEvent
  | LiteralEndEvent
  | UnparsedEvent;
