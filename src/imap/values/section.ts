import type { ImapText } from '../text.js';

/** Which octets of a message (RFC 9051 §6.4.5 `section-spec`); `{ part: [] }` is the whole message. */
export interface ImapSection {
  /** Numbers of parts inside each other: `[1, 2]` is `1.2`; none is the message itself. */
  readonly part: readonly number[];
  /** What of it; without, the whole of it. */
  readonly text?: 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';
  /** Names of header fields, with the two texts that want them. */
  readonly fields?: readonly ImapText[];
}

/** A stretch of a section. */
export interface ImapPartial {
  /** Octets before it. */
  readonly offset: number;
  /** How many octets at most. */
  readonly length: number;
}
