import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import { LEGACY_DISPLAY_PARAMETER } from '../../mime/bodies/legacy-display.js';
import {
  type EncodedBody,
  encodeTextBody,
  goesAsItIs,
  inBase64,
  octetFacts,
} from '../../mime/compose/compose-body.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import type { OctetRange, Part } from '../../mime/part.js';
import { LONGEST_LINE } from '../../mime/structure/open-boundaries.js';
import { undoTransferEncoding } from '../../mime/transfer-encoding.js';
import { detachedParts } from '../cms-part.js';
import { contentTypeWith, outerField, safeField, type TypeParameter } from './safe-fields.js';

const CR = 0x0d;
const LF = 0x0a;
const IDENTITY = /^(?:7bit|8bit|binary)$/;
const DECODED = /^(?:base64|quoted-printable|x-uuencode|uuencode|x-uue|uue)$/;

/**
 * What header protection says of a part (RFC 9788 §2.1): true only of what it
 * was written for. Of the fields at the root none but `Content-*` is sealed
 * unless header protection puts them there, and a reader who believed a
 * parameter left from before would find no header, and leave out text.
 */
export const STALE_AT_ROOT: readonly string[] = ['hp', LEGACY_DISPLAY_PARAMETER];
const STALE_BELOW: readonly string[] = [LEGACY_DISPLAY_PARAMETER];

/** Other content for a text part, and what its Content-Type then says besides. */
export interface LeafChange {
  /** The text in the part's charset, or in the one that `parameters` names; lines end in CRLF. */
  readonly content: Bytes;
  readonly parameters: readonly TypeParameter[];
}

/** What is added to an entity while it is written. */
export interface EntityChanges {
  /** Fields in front of the entity's own, as text, each with its CRLF. */
  readonly fields?: string;
  /** Parameters of the entity's Content-Type. */
  readonly parameters?: readonly TypeParameter[];
  readonly leaves?: ReadonlyMap<Part, LeafChange>;
}

/** An entity that is ready to be sealed. */
export interface SafeEntity {
  /** Content fields, blank line and body. */
  readonly octets: Bytes;
  /** The place of the first part that could not be made safe; `undefined` where all of it is. */
  readonly unsafe: string | undefined;
}

/**
 * Prepares the content of a message, or an entity, for being sealed (RFC 8551
 * §3.1): only its Content fields, every line ended by CRLF, and nothing that a
 * server on the way might change: no octets above 127, no blanks at the ends of
 * lines, no `From ` and no dot at their starts, no lines of more than 998
 * octets. Parts that have such things are encoded anew; all others stay as they
 * are. What another signature covers is never touched.
 */
export function safeEntity(
  entity: Part,
  transport: '7bit' | '8bit' = '7bit',
  changes: EntityChanges = {},
): SafeEntity {
  const writer = new EntityWriter(transport, changes);
  writer.write(entity, [], true);
  return { octets: concatBytes(writer.pieces), unsafe: writer.unsafe };
}

/** Writes the parts of an entity, each so that no relay breaks it. */
export class EntityWriter {
  readonly pieces: Uint8Array[] = [];
  unsafe: string | undefined;
  readonly #transport: '7bit' | '8bit';
  readonly #changes: EntityChanges;
  /** How many attached messages the part lies in: what those say of themselves is theirs. */
  #messages = 0;

  constructor(transport: '7bit' | '8bit', changes: EntityChanges) {
    this.#transport = transport;
    this.#changes = changes;
    this.unsafe = undefined;
  }

  /** @param around the boundaries of the multiparts that the part stands in */
  write(part: Part, around: readonly string[], isRoot: boolean): void {
    // What is not even a blank line stays so.
    if (part.start === part.end && !isRoot) return;
    if (isSealed(part)) {
      this.header(part, isRoot, undefined);
      this.#untouched(part);
    } else if (part.isMultipart && part.parts.length === 0) {
      // RFC 2045 §6.4: a multipart is not encoded, also where its delimiters cannot be found.
      this.header(part, isRoot, undefined);
      const octets = canonicalLineEnds(part.bodyBytes);
      if (!goesAsItIs(octetFacts(octets), LONGEST_LINE, this.#transport)) this.#note(part);
      this.pieces.push(octets);
    } else if (part.isMultipart) {
      this.header(part, isRoot, this.plainLabel(part));
      this.#multipart(part, around);
    } else if (part.isMessage && part.parts[0] !== undefined) {
      this.beginMessage(part, isRoot);
      this.write(part.parts[0], around, false);
      this.endMessage();
    } else this.leaf(part, around, isRoot);
  }

  /** Writes a part without parts. */
  leaf(part: Part, around: readonly string[], isRoot: boolean): void {
    const { encoding, octets } = this.#body(part, around);
    this.header(part, isRoot, encoding);
    this.pieces.push(octets);
  }

  /** Writes the header of a part that is a message; what is written next is in that. */
  beginMessage(part: Part, isRoot: boolean): void {
    this.header(part, isRoot, this.plainLabel(part));
    this.#messages++;
  }

  /** Says that the message that was begun last is written. */
  endMessage(): void {
    this.#messages--;
  }

  /** What a multipart or message with other labels says when all inside it is 7bit. */
  plainLabel(part: Part): '7bit' | undefined {
    return this.#transport === '7bit' && /^(?:8bit|binary)$/.test(part.transferEncoding) ? '7bit' : undefined;
  }

  /** Writes text as it is. */
  text(text: string): void {
    this.pieces.push(bytesFromLatin1(text));
  }

  /** Writes the header block and its blank line; `encoding` stands instead of what is said of the transfer encoding. */
  header(part: Part, isRoot: boolean, encoding: string | undefined): void {
    const { fields = '', parameters = [], leaves } = this.#changes;
    const added = [...(leaves?.get(part)?.parameters ?? []), ...(isRoot ? parameters : [])];
    const possible = isRoot ? STALE_AT_ROOT : this.#messages === 0 ? STALE_BELOW : [];
    const stale = possible.filter((name) => part.contentType.parameters.has(name));
    const isTypeNew = added.length > 0 || stale.length > 0;
    let text = isRoot ? fields : '';
    if (!this.#isPlain(text)) this.#note(part);
    let type: HeaderField | undefined;
    let hasEncoding = false;
    for (const field of part.headers) {
      const name = field.name.toLowerCase();
      if (isRoot && !name.startsWith('content-')) continue;
      // A server that sends on takes a dot at the start of a line for its own; no field that means anything has one.
      if (name.startsWith('.')) continue;
      if (name === 'content-type') {
        // Of several the first counts, and readers differ in that; where one is written anew there is only one.
        if (type !== undefined && (isRoot || isTypeNew)) continue;
        type ??= field;
        text += isTypeNew ? contentTypeWith(field, part.contentType, added, stale) : this.#field(part, field);
      } else if (name === 'content-transfer-encoding' && (encoding !== undefined || isRoot)) {
        if (!hasEncoding) {
          text +=
            encoding === undefined ? this.#field(part, field) : `Content-Transfer-Encoding: ${encoding}\r\n`;
        }
        hasEncoding = true;
      } else text += this.#field(part, field);
    }
    if (type === undefined && (isRoot || added.length > 0)) text += this.#missingType(part, added);
    if (encoding !== undefined && encoding !== '7bit' && !hasEncoding) {
      text += `Content-Transfer-Encoding: ${encoding}\r\n`;
    }
    this.text(`${text}\r\n`);
  }

  #isPlain(text: string): boolean {
    return this.#transport === '8bit' || !/[\x80-\xff]/.test(text);
  }

  /** A field in lines that are short enough, or as it is where a word of it is too long for any. */
  #field(part: Part, field: HeaderField): string {
    try {
      const text = safeField(field);
      if (!this.#isPlain(text)) this.#note(part);
      return text;
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code !== 'mime-line-too-long') throw error;
      this.#note(part);
      return outerField(field);
    }
  }

  /** RFC 8551 §3.1.1: what is sealed says itself what it is; the charset is the one that readers would have to guess. */
  #missingType(part: Part, added: readonly TypeParameter[]): string {
    const { contentType } = part;
    const charset: readonly TypeParameter[] =
      contentType.type === 'text' && !added.some(([name]) => name === 'charset')
        ? [['charset', part.charset]]
        : [];
    return contentTypeWith(undefined, contentType, [...charset, ...added]);
  }

  /** The body of a part without parts, and its transfer encoding where that has to be written anew. */
  #body(part: Part, around: readonly string[]): { encoding: string | undefined; octets: Bytes } {
    const { transferEncoding, bodyBytes } = part;
    const change = this.#changes.leaves?.get(part);
    if (change !== undefined) return this.#encoded(part, change.content, around);
    const { type } = part.contentType;
    const isText = type === 'text' || type === 'message';
    // RFC 2045 §2.9: in binary content CR and LF need not be line ends; in text they are, unless its characters have several octets.
    const isLines = transferEncoding !== 'binary' || (isText && !bodyBytes.includes(0));
    const octets = isLines ? canonicalLineEnds(bodyBytes) : bodyBytes;
    const facts = octetFacts(octets);
    const isIdentity = IDENTITY.test(transferEncoding);
    if (goesAsItIs(facts, LONGEST_LINE, this.#transport)) {
      const label = facts.eightBit > 0 ? '8bit' : '7bit';
      const isSaid =
        !isIdentity || transferEncoding === label || (label === '7bit' && this.#transport === '8bit');
      return { encoding: isSaid && transferEncoding !== 'binary' ? undefined : label, octets };
    }
    if (isIdentity) return this.#encoded(part, octets, around);
    if (DECODED.test(transferEncoding)) {
      return this.#encoded(part, undoTransferEncoding(transferEncoding, octets, 0).content, around);
    }
    this.#note(part);
    return { encoding: undefined, octets };
  }

  #encoded(part: Part, octets: Bytes, around: readonly string[]): EncodedBody {
    const { type } = part.contentType;
    // A message that was encoded is read as such only as long as it is.
    const isText = type === 'text' || (type === 'message' && IDENTITY.test(part.transferEncoding));
    if (!isText || octets.includes(0)) return inBase64(octets);
    const body = encodeTextBody(octets, this.#transport, LONGEST_LINE);
    // What was encoded so far may hold the delimiters of what it stands in.
    return body.encoding !== 'base64' && beginsLine(body.octets, around) ? inBase64(octets) : body;
  }

  #multipart(part: Part, around: readonly string[]): void {
    const { source, delimiters, parts } = part;
    const boundary = delimiterLine(source, delimiters[0]!);
    const inside = [...around, boundary];
    this.#frame(part.preamble, source);
    for (const [i, range] of delimiters.entries()) {
      const line = i === parts.length ? `${boundary}--` : boundary;
      // The first delimiter may be the first line of the body; the others end the part before them.
      const isFirstLine = i === 0 && source[range.start] !== CR && source[range.start] !== LF;
      this.text(`${isFirstLine ? '' : '\r\n'}${line}\r\n`);
      const child = parts[i];
      if (child !== undefined) this.write(child, inside, false);
    }
    if (delimiters.length > parts.length) this.#frame(part.epilogue, source);
    else this.text(`\r\n${boundary}--\r\n`);
  }

  /** Text around the parts of a multipart, which nobody is shown: left out where a server might change it. */
  #frame(range: OctetRange | undefined, source: Bytes): void {
    if (range !== undefined) this.around(source.subarray(range.start, range.end));
  }

  /** Writes such text. */
  around(text: Bytes): void {
    const octets = canonicalLineEnds(text);
    if (goesAsItIs(octetFacts(octets), LONGEST_LINE, this.#transport)) this.pieces.push(octets);
  }

  /** What is signed, or encrypted by another standard, stays as it is but for its line ends, which its own signature does not count. */
  #untouched(part: Part): void {
    const hasBinary = [...part.walk()].some(({ transferEncoding }) => transferEncoding === 'binary');
    const octets = hasBinary ? part.bodyBytes : canonicalLineEnds(part.bodyBytes);
    const { eightBit, forbidden, longestLine } = octetFacts(octets);
    if (forbidden || longestLine > LONGEST_LINE || (eightBit > 0 && this.#transport === '7bit'))
      this.#note(part);
    this.pieces.push(octets);
  }

  #note(part: Part): void {
    this.unsafe ??= part.path;
  }
}

/** Whether another signature covers what is inside, or PGP/MIME sealed it (RFC 3156). */
export function isSealed(part: Part): boolean {
  return (
    part.isMultipart &&
    (/^multipart\/(?:signed|encrypted)$/.test(part.contentType.mediaType) ||
      detachedParts(part) !== undefined)
  );
}

/** `--` and the boundary, as the first delimiter of a multipart has them. */
function delimiterLine(source: Bytes, { start, end }: OctetRange): string {
  return latin1FromBytes(source, start, end).trim();
}

/** Whether a line of some octets begins with one of these texts. */
function beginsLine(octets: Bytes, texts: readonly string[]): boolean {
  if (texts.length === 0) return false;
  const lines = latin1FromBytes(octets);
  return texts.some((text) => lines.startsWith(text) || lines.includes(`\n${text}`));
}
