import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { Frame } from '../syntax/frame.js';
import type { LiteralBeginEvent, LiteralDataEvent, LiteralEndEvent } from './events.js';

/** A frame, and what a scanner finds beside frames. */
export type Scanned =
  | (Frame & { readonly type: 'frame' })
  /** A line that was asked for by `FrameScanner.expectLine`. */
  | (Frame & { readonly type: 'line' })
  /** A limit was hit, or the stream ended within it: a frame that cannot be had, with its first octets. */
  | { readonly type: 'lost'; readonly octets: Bytes; readonly error: MailsealError }
  | { readonly type: 'literal-wanted'; readonly head: string; readonly length: number }
  | LiteralBeginEvent
  | LiteralDataEvent
  | LiteralEndEvent;
