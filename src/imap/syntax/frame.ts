import type { Bytes } from '../../core/bytes.js';

/**
 * One command or response as it was framed, not yet parsed. A position is the
 * same in `text` and in `octets`: each octet is one character there.
 */
export interface Frame {
  /** The octets as characters U+0000–U+00FF; may hold more than this frame. */
  readonly text: string;
  readonly octets: Bytes;
  /** Where the frame begins. */
  readonly start: number;
  /** Where it ends, before its last line end. */
  readonly end: number;
  /** Offset of `start` in the stream. */
  readonly offset: number;
  /**
   * Literals whose octets are not in `octets`, by the position right after the
   * line end of their `{n}`, where their octets would begin.
   */
  readonly literals?: ReadonlyMap<number, DetachedLiteral> | undefined;
  /** Whether all of `text` is known to be ASCII. */
  readonly isAscii?: boolean;
  /** Whether a line of it ends in LF without CR. */
  readonly bareLf?: boolean;
}

/** A literal that was too large to be kept among the lines around it. */
export interface DetachedLiteral {
  /** How many octets it has. */
  readonly length: number;
  /** Its octets; `undefined` where they were handed out in pieces as they came. */
  readonly octets: Bytes | undefined;
  /** Number of the literal among those of the stream that were handed out in pieces. */
  readonly id?: number;
}
