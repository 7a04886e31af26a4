import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import type { ImapLimits } from '../limits.js';
import type { ImapQuirk, ImapQuirkOptions } from '../quirks.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { Frame } from '../syntax/frame.js';
import { SyntaxReader } from '../syntax/reader.js';
import type { UnparsedEvent } from './events.js';
import type { LiteralOptions } from './literal-options.js';

/** What the decoders of both sides take. */
export interface ImapDecoderOptions extends EngineOptions {
  readonly limits?: ImapLimits;
  /** Departures from the grammar that are read; default all. */
  readonly quirks?: ImapQuirkOptions;
  /** Whether mailbox names are UTF-8 on the wire (RFC 9051, or UTF8=ACCEPT enabled). Default false. */
  readonly utf8?: boolean;
  /** Which literals are gathered; default all. */
  readonly literals?: LiteralOptions;
}

const NO_QUIRKS: readonly ImapQuirk[] = [];

/** What was read from a frame, or why it could not be. */
export type FrameReading<Value> =
  | { readonly value: Value; readonly quirks: readonly ImapQuirk[] }
  | { readonly error: MailsealError };

/** Reads the whole of a frame. */
export function readFrame<Value>(
  frame: Frame,
  options: SyntaxOptions,
  read: (reader: SyntaxReader) => Value,
): FrameReading<Value> {
  const reader = new SyntaxReader(frame, options);
  try {
    if (frame.bareLf === true && !reader.quirk('bare-lf')) {
      throw new MailsealError('imap-malformed', 'a line ends in LF without CR', { offset: frame.offset });
    }
    const value = read(reader);
    reader.expectEnd();
    const { quirks } = reader;
    return { value, quirks: quirks.length === 0 ? NO_QUIRKS : quirks };
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return { error };
  }
}

/** A frame that could not be read. */
export function unparsed(frame: Frame, error: MailsealError): UnparsedEvent {
  return { type: 'unparsed', octets: frame.octets.subarray(frame.start, frame.end), error };
}
