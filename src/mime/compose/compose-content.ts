import type { AddressInput, MailboxInput } from './compose-address.js';
import type { FieldOptions } from './compose-options.js';

/** A header field of one's own: its name and its text. */
export type OwnField = readonly [name: string, value: string];

/** A part with content of any kind. */
export interface PartContent {
  /** The octets, which a reader gets exactly as they are. A string is written in UTF-8, its line ends kept too. */
  readonly content: Uint8Array | string;
  /**
   * The media type, with parameters if need be: `text/csv; charset=shift_jis`.
   * Default `application/octet-stream`, for a string `text/plain`. `text/*`
   * given as a string gets `charset=utf-8`.
   */
  readonly contentType?: string;
  /** Fields of the part's own, such as `['Content-Language', 'ja']`. */
  readonly headers?: readonly OwnField[];
}

/** A file that goes with a message. */
export interface AttachmentContent extends PartContent {
  /** The name to show and to save it by: any text without CR, LF and NUL. */
  readonly filename?: string;
  /** What `cid:` links in HTML refer to, with or without angle brackets (RFC 2392). */
  readonly contentId?: string;
  /** Text for people. */
  readonly description?: string;
}

/** What an entity holds, and how it is written. */
export interface EntityContent extends Pick<FieldOptions, 'charset' | 'iso2022jp'> {
  /** The text. CRLF, LF and CR each end a line; the last line gets its line end if it has none. */
  readonly text?: string;
  /** The same as HTML, with the same rule for line ends. */
  readonly html?: string;
  /** Other forms of the same, best last, such as an invitation in `text/calendar`. */
  readonly alternatives?: readonly PartContent[];
  /** Images and the like that the HTML refers to by `cid:`. */
  readonly inline?: readonly AttachmentContent[];
  /** Files. */
  readonly attachments?: readonly AttachmentContent[];
  /**
   * Whether the text is written as paragraphs that a reader may reflow
   * (RFC 3676), with DelSp where lines had to be broken without a blank. Default `false`.
   */
  readonly flowed?: boolean;
  /** Whether names of attachments also stand in Content-Type as old mailers read them: encoded words, against RFC 2231. Default `false`. */
  readonly plainNames?: boolean;
}

/** What a message holds: its entity and the fields above it. */
export interface MessageContent extends EntityContent, Pick<FieldOptions, 'eai'> {
  /** Who wrote it. Several authors need a {@link sender}. */
  readonly from: AddressInput | readonly AddressInput[];
  /** Who sent it, where that is not the author. */
  readonly sender?: MailboxInput;
  readonly replyTo?: AddressInput | readonly AddressInput[];
  readonly to?: AddressInput | readonly AddressInput[];
  readonly cc?: AddressInput | readonly AddressInput[];
  readonly subject?: string;
  /** Default what `now` gives. */
  readonly date?: Date;
  /** Minutes east of UTC in which the date is written: 540 for Japan. Default 0. */
  readonly dateOffset?: number;
  /** With or without angle brackets. Default random octets at the domain of the first author. */
  readonly messageId?: string;
  readonly inReplyTo?: string | readonly string[];
  /** From the first message of the thread to the one that is answered. */
  readonly references?: string | readonly string[];
  /** More fields, in their order, before those of MIME. */
  readonly headers?: readonly OwnField[];
  /**
   * An entity that is ready (what `composeEntity` gives, or a signed one), in place
   * of text, HTML and files: its octets are taken over exactly.
   */
  readonly entity?: Uint8Array;
}
