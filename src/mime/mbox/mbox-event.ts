import type { Bytes } from '../../core/bytes.js';
import type { MboxMarker } from './mbox-line.js';

/**
 * What an `MboxReader` finds. Offsets count octets from the start of the
 * file, ends are exclusive; `bytes` are views, valid until the next `push`.
 */
export type MboxEvent =
  /** A message begins. `marker` is `undefined` where the file does not begin with one. */
  | { readonly type: 'message-begin'; readonly start: number; readonly marker: MboxMarker | undefined }
  /** Octets of the message, quoting undone; how many come in one event depends on the chunks. */
  | { readonly type: 'octets'; readonly start: number; readonly end: number; readonly bytes: Bytes }
  /** The message ends: before the empty line that belongs to the file. */
  | { readonly type: 'message-end'; readonly end: number };
