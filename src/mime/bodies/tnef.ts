import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { textFromCharset } from '../charset-text.js';
import { type MimeDefect, mimeDefect } from '../defects.js';
import { limitHit } from '../limits.js';
import { type FilledParseOptions, fillParseOptions, type ParseOptions } from '../parse-options.js';
import type { UnpackedFile } from './attachment.js';
import { charsetOfHtml } from './html-charset.js';
import { BINARY, LittleEndian, type MapiProperty, readMapiProperties, UNICODE } from './mapi-properties.js';

/** A file within TNEF. */
export interface TnefAttachment extends UnpackedFile {
  /** Whether the content is a message of Outlook's, as TNEF again: `parseTnef` reads it. */
  readonly isEmbeddedMessage: boolean;
}

/** What a winmail.dat holds. */
export interface Tnef {
  readonly subject: string | undefined;
  /** The plain text, where it is in there; most senders put it beside. */
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** The text as compressed RTF (MS-OXRTFCP), as it stands. */
  readonly compressedRtf: Bytes | undefined;
  readonly attachments: readonly TnefAttachment[];
  /** Offsets are octets from the start of the TNEF. */
  readonly defects: readonly MimeDefect[];
}

/** What an attribute belongs to. */
const OF_MESSAGE = 1;
const OF_ATTACHMENT = 2;

// Attributes by the lower half of their identifiers (MS-OXTNEF §2.1.3.3); the upper half tells a type that they all keep.
const SUBJECT = 0x8004;
const BODY = 0x800c;
const ATTACH_DATA = 0x800f;
const ATTACH_TITLE = 0x8010;
const ATTACH_BEGIN = 0x9002;
const MESSAGE_PROPERTIES = 0x9003;
const ATTACH_PROPERTIES = 0x9005;
const OEM_CODE_PAGE = 0x9007;

// Properties (MS-OXPROPS).
const PID_SUBJECT = 0x0037;
const PID_BODY = 0x1000;
const PID_RTF_COMPRESSED = 0x1009;
const PID_HTML = 0x1013;
const PID_DISPLAY_NAME = 0x3001;
const PID_ATTACH_DATA = 0x3701;
const PID_ATTACH_FILENAME = 0x3704;
const PID_ATTACH_LONG_FILENAME = 0x3707;
const PID_ATTACH_MIME_TAG = 0x370e;
const PID_ATTACH_CONTENT_ID = 0x3712;

/** {00020307-0000-0000-C000-000000000046}: what follows it in an object is an embedded message. */
const IID_MESSAGE = '0703020000000000c000000000000046';

/**
 * Whether octets begin as TNEF does (MS-OXTNEF §2.1.3.1), whatever the type that they came under.
 *
 * @example
 * ```ts
 * import { isTnef } from 'mailseal/mime';
 *
 * console.log(isTnef(Uint8Array.of(0x78, 0x9f, 0x3e, 0x22, 1, 0)), isTnef(Uint8Array.of(0x50, 0x4b))); // true false
 * ```
 */
export function isTnef(octets: Uint8Array): boolean {
  return octets[0] === 0x78 && octets[1] === 0x9f && octets[2] === 0x3e && octets[3] === 0x22;
}

/**
 * Reads TNEF (MS-OXTNEF), which Outlook and Exchange send as `winmail.dat`: its
 * attachments, as views of the octets, and its texts. What is damaged is read as far
 * as it goes, with the defect `tnef-damaged`.
 *
 * @param octets the content of the part
 * @param options limits, as of `parseMessage` (`part.options` are those of a part); `parts` bounds the attachments
 * @throws MailsealError `mime-malformed` when it does not begin as TNEF does; `limit-parts` unless `onLimit` is
 * `truncate`, when those beyond are left unread with a defect; `usage` for an option that is none
 * @example
 * ```ts
 * import { parseTnef } from 'mailseal/mime';
 *
 * // Signature and key; an attachment begins; its name; its data. Each attribute ends in the sum of its octets.
 * const hex =
 *   '789f3e220100' + '0202900600000000000000' + '021080010006000000' + '612e74787400ef01' + '020f800600020000006869d100';
 * const octets = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
 * console.log(parseTnef(octets).attachments.map((file) => file.filename)); // [ 'a.txt' ]
 * ```
 */
export function parseTnef(octets: Uint8Array, options?: ParseOptions): Tnef {
  const source = asBytes(octets);
  if (!isTnef(source)) {
    throw new MailsealError('mime-malformed', 'it is no TNEF: it does not begin with 78 9F 3E 22', {
      offset: 0,
    });
  }
  const reader = new TnefReader(fillParseOptions(options));
  reader.read(source);
  return reader.result();
}

interface OpenAttachment {
  title: Bytes | undefined;
  data: Bytes | undefined;
  properties: ReadonlyMap<number, MapiProperty> | undefined;
}

class TnefReader {
  readonly #options: FilledParseOptions;
  readonly #attachments: OpenAttachment[] = [];
  #defect: MimeDefect | undefined;
  #limit: MimeDefect | undefined;
  #codePage = 'windows-1252';
  #subject: Bytes | undefined;
  #body: Bytes | undefined;
  #properties: ReadonlyMap<number, MapiProperty> = new Map();

  constructor(options: FilledParseOptions) {
    this.#options = options;
  }

  read(source: Bytes): void {
    const reader = new LittleEndian(source);
    reader.take(6);
    while (!reader.done && this.#limit === undefined) {
      const start = reader.at;
      const level = reader.uint8();
      if (level !== OF_MESSAGE && level !== OF_ATTACHMENT) {
        this.#damaged(start, 'what follows is no attribute');
        return;
      }
      const id = reader.uint32() & 0xffff;
      const data = reader.take(reader.uint32());
      if (reader.uint16() !== checksum(data))
        this.#damaged(start, reader.failed ? 'it is cut' : 'a checksum is wrong');
      this.#attribute(id, data, start);
    }
  }

  result(): Tnef {
    const properties = this.#properties;
    return {
      subject: this.#text(properties.get(PID_SUBJECT)) ?? this.#oem(this.#subject),
      text: this.#text(properties.get(PID_BODY)) ?? this.#oem(this.#body),
      html: this.#html(properties.get(PID_HTML)),
      compressedRtf: properties.get(PID_RTF_COMPRESSED)?.value,
      attachments: this.#attachments.map((attachment) => this.#finished(attachment)),
      defects: [this.#defect, this.#limit].filter((defect) => defect !== undefined),
    };
  }

  #damaged(offset: number, what: string): void {
    this.#defect ??= mimeDefect('tnef-damaged', offset, what);
  }

  #attribute(id: number, data: Bytes, offset: number): void {
    switch (id) {
      case OEM_CODE_PAGE:
        this.#codePage = `cp${new LittleEndian(data).uint32()}`;
        break;
      case SUBJECT:
        this.#subject ??= data;
        break;
      case BODY:
        this.#body ??= data;
        break;
      case MESSAGE_PROPERTIES:
        this.#properties = this.#read(data, offset);
        break;
      case ATTACH_BEGIN:
        this.#begin(offset);
        break;
      case ATTACH_DATA:
        this.#open(offset).data ??= data;
        break;
      case ATTACH_TITLE:
        this.#open(offset).title ??= data;
        break;
      case ATTACH_PROPERTIES:
        this.#open(offset).properties = this.#read(data, offset);
        break;
      default:
    }
  }

  #begin(offset: number): OpenAttachment {
    const attachment = { title: undefined, data: undefined, properties: undefined };
    const { limits, onLimit } = this.#options;
    if (this.#attachments.length < limits.parts) this.#attachments.push(attachment);
    else if (onLimit === 'throw') {
      throw limitHit('limit-parts', 'attachments of TNEF', 'parts', limits.parts, offset);
    } else this.#limit = mimeDefect('limit-parts', offset);
    return attachment;
  }

  #open(offset: number): OpenAttachment {
    // An attribute of an attachment that never began begins one, so that its content is not lost.
    return this.#attachments.at(-1) ?? this.#begin(offset);
  }

  #read(data: Bytes, offset: number): ReadonlyMap<number, MapiProperty> {
    const { properties, isWhole } = readMapiProperties(data);
    if (!isWhole) this.#damaged(offset, 'a list of properties cannot be read to its end');
    return properties;
  }

  #finished({ title, data, properties }: OpenAttachment): TnefAttachment {
    const object = properties?.get(PID_ATTACH_DATA)?.value;
    const isMessage = object !== undefined && hexOf(object.subarray(0, 16)) === IID_MESSAGE;
    const objectContent = object?.subarray(16);
    const content =
      (isMessage || data === undefined || data.length === 0 ? objectContent : undefined) ??
      data ??
      new Uint8Array(0);
    const name = (id: number): string | undefined => this.#text(properties?.get(id)) || undefined;
    const mediaType = name(PID_ATTACH_MIME_TAG)?.trim().toLowerCase();
    return {
      // The short name is that of DOS, in capitals and cut.
      filename:
        name(PID_ATTACH_LONG_FILENAME) ??
        (this.#oem(title) || undefined) ??
        name(PID_ATTACH_FILENAME) ??
        name(PID_DISPLAY_NAME),
      mediaType: isMessage ? 'application/ms-tnef' : mediaType || 'application/octet-stream',
      contentId: name(PID_ATTACH_CONTENT_ID)?.replace(/^<|>$/g, '') || undefined,
      isEmbeddedMessage: isMessage,
      content: () => content,
    };
  }

  #text(property: MapiProperty | undefined): string | undefined {
    if (property === undefined) return undefined;
    const { type, value } = property;
    if (type === UNICODE) return withoutNul(textFromCharset('utf-16le', value).text);
    return this.#oem(value);
  }

  /** HTML is octets, in the charset that it names, else in the stream's. */
  #html(property: MapiProperty | undefined): string | undefined {
    if (property === undefined || property.type !== BINARY) return this.#text(property);
    const { value } = property;
    return withoutNul(textFromCharset(charsetOfHtml(value) ?? this.#codePage, value).text);
  }

  #oem(octets: Bytes | undefined): string | undefined {
    return octets === undefined ? undefined : withoutNul(textFromCharset(this.#codePage, octets).text);
  }
}

/** Texts end in a NUL, which is none of theirs. */
function withoutNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

function checksum(octets: Bytes): number {
  let sum = 0;
  for (let at = 0; at < octets.length; at++) sum = (sum + octets[at]!) & 0xffff;
  return sum;
}

function hexOf(octets: Bytes): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
