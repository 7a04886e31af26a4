import { asBytes, type Bytes } from '../../core/bytes.js';
import type { Part } from '../part.js';
import { contentIdOf } from './related.js';

/** A file that stands within a part's content rather than being all of it. */
export interface UnpackedFile {
  readonly filename: string | undefined;
  /** Lower case. */
  readonly mediaType: string;
  /** Without angle brackets. */
  readonly contentId: string | undefined;
  readonly content: () => Bytes;
}

/**
 * One file of a message: a part of it, or what was unpacked from a part.
 *
 * @example
 * ```ts
 * import { parseMessage, readableContent, safeFileName } from 'mailseal/mime';
 *
 * const [file] = readableContent(
 *   parseMessage(
 *     new TextEncoder().encode('Content-Type: text/csv\nContent-Disposition: attachment; filename="../a.csv"\n\n1;2\n'),
 *   ),
 * ).attachments;
 * console.log(file?.mediaType, safeFileName(file?.filename), file?.content().length); // text/csv a.csv 4
 * ```
 */
export class Attachment {
  /** The part that it is, or that it was unpacked from. */
  readonly part: Part;
  /** Whether it is only a piece of what the part holds (uuencode, TNEF). */
  readonly isUnpacked: boolean;
  readonly #file: UnpackedFile | undefined;
  #content: Bytes | undefined;

  /** Attachments come from `readableContent`. */
  constructor(part: Part, file?: UnpackedFile) {
    this.part = part;
    this.isUnpacked = file !== undefined;
    this.#file = file;
  }

  /** The name that the sender gave it, decoded: text for people. `safeFileName` makes a name for a file of it. */
  get filename(): string | undefined {
    return this.#file === undefined ? this.part.filename : this.#file.filename;
  }

  /** Its media type, lower case; `application/octet-stream` where an unpacked file does not tell it. */
  get mediaType(): string {
    return this.#file?.mediaType ?? this.part.contentType.mediaType;
  }

  /** Its Content-ID without angle brackets, by which HTML refers to it. */
  get contentId(): string | undefined {
    return this.#file === undefined ? contentIdOf(this.part) : this.#file.contentId;
  }

  /** Its octets, decoded. */
  content(): Bytes {
    if (this.#file === undefined) return this.part.content();
    this.#content ??= asBytes(this.#file.content());
    return this.#content;
  }
}
