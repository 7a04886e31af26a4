import type { Bytes } from '../core/bytes.js';
import { type BodyText, bodyText } from './bodies/body-text.js';
import { type MimeDefect, mimeDefect } from './defects.js';
import {
  type ContentDisposition,
  parseContentDisposition,
  plainDisposition,
} from './fields/content-disposition.js';
import {
  type ContentType,
  defaultContentType,
  parseContentType,
  plainContentType,
} from './fields/content-type.js';
import { HeaderFields } from './fields/header-fields.js';
import { duplicateFields } from './fields/single-fields.js';
import type { MessageOctets } from './message-octets.js';
import type { FilledParseOptions } from './parse-options.js';
import { readShortContent } from './short-content.js';
import type { Entity } from './structure/entity.js';
import { undoTransferEncoding } from './transfer-encoding.js';

const NO_PARTS: readonly Part[] = /* @__PURE__ */ Object.freeze([]);
const NO_DEFECTS: readonly MimeDefect[] = /* @__PURE__ */ Object.freeze([]);
const IDENTITY = /^(?:7bit|8bit|binary)$/;

/** Octets `[start, end)` of the message. */
export interface OctetRange {
  readonly start: number;
  readonly end: number;
}

/**
 * One entity of a message: the message itself, a part of a multipart, or the
 * message inside a message/rfc822. It holds offsets into the octets that were
 * parsed and gives views of them; nothing is decoded until it is asked for.
 *
 * A part's octets are `[start, headersEnd)` the header fields with their line
 * ends, `[headersEnd, bodyStart)` the blank line, `[bodyStart, end)` the body.
 * The line end before a delimiter belongs to the delimiter, so `end` is before
 * it (RFC 2046 §5.1.1); where a part has nothing but header fields that is the
 * end of its last field or its blank line.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(readFileSync('test/vectors/demo/signed.eml'));
 * const names = [...message.walk()].map((part) => `${part.path} ${part.contentType.mediaType}`);
 * console.log(names[0]?.trim(), message.parts.length); // multipart/signed 2
 * console.log(message.parts[1]?.filename, message.parts[1]?.content()[0]); // smime.p7s 48
 * ```
 */
export class Part {
  /** The whole input. */
  readonly source: Bytes;
  /** What this entity stands in; `undefined` for the message itself. */
  readonly parent: Part | undefined;
  readonly #entity: Entity;
  /** From 1 among the parts of a multipart, 0 for the message inside another. */
  readonly #index: number;
  readonly #options: FilledParseOptions;
  readonly #octets: MessageOctets;

  #parts: readonly Part[] | undefined;
  #headers: HeaderFields | undefined;
  #contentType: ContentType | undefined;
  /** `null` before anybody asked. */
  #contentDisposition: ContentDisposition | undefined | null = null;
  #content: Bytes | undefined;
  /** Of the content, also of one that was read and not kept. */
  #contentDefects: readonly MimeDefect[] = NO_DEFECTS;
  #text: BodyText | undefined;

  /** Parts come from `parseMessage`. */
  constructor(
    octets: MessageOctets,
    entity: Entity,
    parent: Part | undefined,
    index: number,
    options: FilledParseOptions,
  ) {
    this.source = octets.source;
    this.parent = parent;
    this.#entity = entity;
    this.#index = index;
    this.#options = options;
    this.#octets = octets;
  }

  /** What `parseMessage` was told, with every default filled in. */
  get options(): FilledParseOptions {
    return this.#options;
  }

  /** Where the entity begins, in octets from the start of the message. */
  get start(): number {
    return this.#entity.start;
  }

  /** Where its header fields end: before the blank line. */
  get headersEnd(): number {
    return this.#entity.headersEnd;
  }

  /** Where its body begins: after the blank line. Equal to {@link headersEnd} where there is none. */
  get bodyStart(): number {
    return this.#entity.bodyStart;
  }

  /** Where it ends: for a part of a multipart before the line end that belongs to the delimiter. */
  get end(): number {
    return this.#entity.end;
  }

  /** All its octets, which are what a signature over it covers: header fields, blank line, body. A view. */
  get bytes(): Bytes {
    return this.source.subarray(this.start, this.end);
  }

  /** The octets of the header fields, without the blank line; a view. */
  get headerBytes(): Bytes {
    return this.source.subarray(this.start, this.headersEnd);
  }

  /** The octets of the body as they stand, still transfer-encoded; a view. */
  get bodyBytes(): Bytes {
    return this.source.subarray(this.bodyStart, this.end);
  }

  /**
   * Its place, numbered as IMAP does (RFC 9051 §6.4.5.1): `''` for the message
   * itself, `1`, `2` for the parts of its multipart, `2.1` for parts of those.
   * The message inside the message/rfc822 `2` is `2.0`, and what it holds is
   * `2.1`, `2.2`; where the message itself is a message/rfc822, that is its
   * section 1, so the inner message is `1.0`, and what that holds is `1.1`, `1.2`.
   */
  get path(): string {
    let path = '';
    const put = (number: number): void => {
      path = path === '' ? String(number) : `${number}.${path}`;
    };
    let part: Part = this;
    // As the body of a message, rather than as a part with a place of its own.
    let asBody = false;
    for (let parent = part.parent; parent !== undefined; parent = part.parent) {
      if (part.#index === 0) {
        put(asBody ? 1 : 0);
        part = parent;
        asBody = true;
      } else {
        put(part.#index);
        // A multipart that is the whole of a message has no number of its own.
        asBody = parent.#index === 0;
        if (asBody && parent.parent === undefined) return path;
        part = asBody ? parent.parent! : parent;
      }
    }
    if (asBody) put(1);
    return path;
  }

  /** Its header fields in their order, duplicates too. */
  get headers(): HeaderFields {
    this.#headers ??= new HeaderFields(this.#octets, this.#entity.fields, this.#options);
    return this.#headers;
  }

  /** What the first Content-Type field says; text/plain where there is none (message/rfc822 in a multipart/digest). */
  get contentType(): ContentType {
    this.#contentType ??=
      this.headers.structured('content-type', plainContentType, parseContentType) ??
      defaultContentType(this.#entity.inDigest);
    return this.#contentType;
  }

  /** What the first Content-Disposition field says; `undefined` where there is none. */
  get contentDisposition(): ContentDisposition | undefined {
    if (this.#contentDisposition === null) {
      this.#contentDisposition = this.headers.structured(
        'content-disposition',
        plainDisposition,
        parseContentDisposition,
      );
    }
    return this.#contentDisposition;
  }

  /**
   * The name that the sender gave it: `filename` of the disposition, else
   * `name` of the content type, decoded. It is text for people; it may hold
   * slashes, control characters and more that a file's name must not.
   */
  get filename(): string | undefined {
    return this.contentDisposition?.filename ?? this.contentType.parameters.get('name');
  }

  /** The first Content-Transfer-Encoding, lower case; `7bit` where there is none. */
  get transferEncoding(): string {
    return this.#entity.transferEncoding;
  }

  /** Whether it is a multipart, whose {@link parts} are what stands between its delimiters. */
  get isMultipart(): boolean {
    return this.#entity.kind === 'multipart';
  }

  /**
   * Whether it holds a message (message/rfc822, message/global, message/news)
   * as its one part. One that is transfer-encoded is not read into: it has the
   * defect `message-encoded`, and `embeddedMessage` reads its {@link content}.
   */
  get isMessage(): boolean {
    return this.#entity.kind === 'message';
  }

  /** The parts of a multipart in their order; the one message inside a message/rfc822; empty for all others. */
  get parts(): readonly Part[] {
    if (this.#entity.children.length === 0) return NO_PARTS;
    if (this.#parts === undefined) {
      const first = this.isMessage ? 0 : 1;
      this.#parts = this.#entity.children.map(
        (child, i) => new Part(this.#octets, child, this, first + i, this.#options),
      );
    }
    return this.#parts;
  }

  /** This part and all inside it, in the order in which they begin. */
  *walk(): Generator<Part> {
    const waiting: Part[] = [this];
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      yield part;
      const { parts } = part;
      for (let i = parts.length - 1; i >= 0; i--) waiting.push(parts[i]!);
    }
  }

  /** Of a multipart: what stands before its first delimiter (all of the body where there is none). */
  get preamble(): OctetRange | undefined {
    if (!this.isMultipart) return undefined;
    const { delimiters, rest } = this.#entity;
    return { start: this.bodyStart, end: delimiters[0] ?? (rest < 0 ? this.end : rest) };
  }

  /**
   * Of a multipart: what stands after the line of its close delimiter.
   * `undefined` where there is no close delimiter. With `onLimit: 'truncate'`,
   * what is left of a multipart after its last part within the limits.
   */
  get epilogue(): OctetRange | undefined {
    const { closed, delimiters, rest } = this.#entity;
    if (closed) return { start: delimiters.at(-1)!, end: this.end };
    return rest < 0 ? undefined : { start: rest, end: this.end };
  }

  /**
   * Of a multipart: its delimiters, each from the line end that belongs to it
   * to the end of its own line. Preamble, delimiters, parts and epilogue are
   * together the body, octet for octet.
   */
  get delimiters(): readonly OctetRange[] {
    const { delimiters } = this.#entity;
    const ranges: OctetRange[] = [];
    for (let i = 0; i < delimiters.length; i += 2)
      ranges.push({ start: delimiters[i]!, end: delimiters[i + 1]! });
    return ranges;
  }

  /**
   * The body with its transfer encoding undone. Damage is decoded as far as it
   * goes, an unknown encoding left as it is, each with a defect. For `7bit`,
   * `8bit`, `binary`, and for multiparts and messages, it is a view of the body.
   * Short contents of one message lie beside each other in one memory: copy one
   * (`slice()`) before its `buffer` is used or transferred.
   */
  content(): Bytes {
    if (this.#content === undefined) {
      const { kind } = this.#entity;
      const { bodyStart, end } = this;
      const encoding = kind === 'leaf' ? this.transferEncoding : '7bit';
      const { engine } = this.#options;
      if (encoding === 'base64' && engine !== 'native') {
        const content = this.#octets.smallBase64(bodyStart, end);
        if (content !== undefined) {
          this.#content = content;
          return content;
        }
      }
      // A line break that is encoded is one where CR alone ends lines, too.
      const octets = IDENTITY.test(encoding) ? this.source : this.#octets.lines;
      const body = octets.subarray(bodyStart, end);
      const { content, defects } = undoTransferEncoding(encoding, body, bodyStart, engine);
      this.#content = content;
      this.#contentDefects = defects;
    }
    return this.#content;
  }

  /**
   * {@link content} as text. Its charset is that of the `charset` parameter,
   * also under an alias; else that of a byte order mark, else what HTML says of
   * itself, else what detection finds: UTF-8 where the octets fit it, Japanese
   * charsets, windows-1252. What had to be found is told in `charset-missing`
   * (no label, or US-ASCII with octets above 127) or `charset-unknown`; a label
   * that cannot be right is overruled with `charset-contradicted`. Octets that
   * do not fit become U+FFFD, with `charset-damaged`. Line ends stay as they are.
   */
  text(): string {
    return this.#decodedText().text;
  }

  /** The charset that {@link text} is read in, as `lookupCharset` names it. Asking for it decodes the text. */
  get charset(): string {
    return this.#decodedText().charset;
  }

  #decodedText(): BodyText {
    this.#text ??= this.#readText();
    return this.#text;
  }

  #readText(): BodyText {
    const source = {
      label: this.contentType.parameters.get('charset'),
      mediaType: this.contentType.mediaType,
      offset: this.bodyStart,
    };
    const { kind } = this.#entity;
    if (this.#content === undefined && kind === 'leaf') {
      const body = this.#octets.lines.subarray(this.bodyStart, this.end);
      const { engine } = this.#options;
      const text = readShortContent(this.transferEncoding, body, this.bodyStart, engine, (decoded) => {
        this.#contentDefects = decoded.defects;
        return bodyText(decoded.content, source);
      });
      if (text !== undefined) return text;
    }
    return bodyText(this.content(), source);
  }

  /**
   * What is wrong with this entity (each code where it was met first), without those inside it: its structure, its
   * fields that stand there too often, its content type and disposition; and
   * what {@link content} and {@link text} met, if they were called.
   */
  get defects(): readonly MimeDefect[] {
    return [
      ...this.#entity.defects.map(({ code, offset }) => mimeDefect(code, offset)),
      ...duplicateFields(this.headers),
      ...this.contentType.defects,
      ...(this.contentDisposition?.defects ?? []),
      ...this.#contentDefects,
      ...(this.#text?.defects ?? []),
    ];
  }
}
