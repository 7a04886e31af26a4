import { type Bytes, bytesFromLatin1, concatBytes, isAscii, latin1FromBytes } from '../../core/bytes.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import {
  endOfTag,
  hasLegacyDisplay,
  LEGACY_DISPLAY_CLASS,
  LEGACY_DISPLAY_PARAMETER,
  withoutLegacyHtml,
  withoutLegacyText,
} from '../../mime/bodies/legacy-display.js';
import { relatedRoot } from '../../mime/bodies/related.js';
import type { Part } from '../../mime/part.js';
import { undoTransferEncoding } from '../../mime/transfer-encoding.js';
import { isSealed, type LeafChange } from '../entity/safe-entity.js';

/** A field for people: its name, and its value decoded. */
export type ShownField = readonly [name: string, text: string];

/** Charsets in which the octets of `<body` cannot be part of other characters, and ASCII is written as it is. */
const PLAIN_CHARSET = /^(?:utf-8|us-ascii|iso-8859-|windows-|koi8-|shift_jis|euc-|big5|gb|x-mac|macintosh)/;
/** Charsets in which a text that begins in ASCII may go on in anything. */
const BEGINS_IN_ASCII = /^(?:iso-2022-|hz)/;

/** What a text has whose charset was guessed by its octets. */
const GUESSED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['charset-unknown', 'charset-missing', 'charset-contradicted', 'charset-damaged'],
]);

/**
 * Puts hidden fields at the top of the main body parts, for readers who can
 * decrypt and know nothing of header protection (RFC 9788 §5.2.2, §5.2.3).
 */
export function legacyDisplay(content: Part, fields: readonly ShownField[]): Map<Part, LeafChange> {
  const changes = new Map<Part, LeafChange>();
  if (fields.length === 0) return changes;
  const lines = fields.map(([name, text]) => `${name}: ${text.replace(/[\r\n]+/g, ' ')}\r\n`).join('');
  for (const part of mainBodyParts(content)) {
    const change = changeOf(part, lines);
    if (change !== undefined) changes.set(part, change);
  }
  return changes;
}

/** The parts that a reader sees as the message (RFC 9787 §7.1): first parts, and all of alternatives. */
function mainBodyParts(part: Part): Part[] {
  if (isSealed(part) || part.contentDisposition?.type === 'attachment') return [];
  if (part.isMultipart) {
    const { subtype } = part.contentType;
    if (subtype === 'alternative') return part.parts.flatMap(mainBodyParts);
    const first = (subtype === 'related' ? relatedRoot(part) : undefined) ?? part.parts[0];
    return first === undefined ? [] : mainBodyParts(first);
  }
  return /^text\/(?:plain|html)$/.test(part.contentType.mediaType) ? [part] : [];
}

/**
 * The texts of an entity that begin with such an element, without it: for a
 * message whose fields stand outside again. `undefined` stands for one that is
 * left as it is, since its charset has no places that ASCII tells.
 */
export function withoutLegacyDisplay(content: Part): Map<Part, LeafChange | undefined> {
  const changes = new Map<Part, LeafChange | undefined>();
  for (const part of ownLeaves(content)) {
    if (!hasLegacyDisplay(part)) continue;
    const isHtml = part.contentType.subtype === 'html';
    const isCuttable = PLAIN_CHARSET.test(part.charset) || (!isHtml && BEGINS_IN_ASCII.test(part.charset));
    const text = latin1FromBytes(textOctets(part));
    const cut = isHtml ? withoutLegacyHtml(text) : withoutLegacyText(text);
    changes.set(part, isCuttable ? { content: bytesFromLatin1(cut), parameters: [] } : undefined);
  }
  return changes;
}

/** The leaves that are neither in something sealed nor in an attached message. */
function* ownLeaves(part: Part): Generator<Part> {
  if (isSealed(part) || part.isMessage) return;
  if (part.isMultipart) for (const each of part.parts) yield* ownLeaves(each);
  else yield part;
}

function changeOf(part: Part, lines: string): LeafChange | undefined {
  const isHtml = part.contentType.subtype === 'html';
  const element = isHtml
    ? `<div class="${LEGACY_DISPLAY_CLASS}">\r\n<pre>${escaped(lines.trimEnd())}</pre></div>\r\n`
    : `${lines}\r\n`;
  const text = part.text();
  const { charset } = part;
  const octets = textOctets(part);
  const keepsCharset =
    (PLAIN_CHARSET.test(charset) || (!isHtml && BEGINS_IN_ASCII.test(charset))) &&
    (charset === 'utf-8' || /^[\r\n\t -~]*$/.test(element));
  if (keepsCharset && !(charset === 'us-ascii' && !isAscii(octets))) {
    return { content: withElement(octets, bytesFromUtf8(element), isHtml), parameters: marked([]) };
  }
  // What cannot be read cannot be written in another charset either; a guess would be written as what was sent.
  if (text.includes('\ufffd') || part.defects.some(({ code }) => GUESSED.has(code))) return undefined;
  const inUtf8 = canonicalLineEnds(bytesFromUtf8(text));
  return {
    content: withElement(inUtf8, bytesFromUtf8(element), isHtml),
    parameters: marked([['charset', 'utf-8']]),
  };
}

function marked(parameters: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return [...parameters, [LEGACY_DISPLAY_PARAMETER, '1']];
}

function textOctets(part: Part): Bytes {
  const lines = canonicalLineEnds(part.bodyBytes);
  return canonicalLineEnds(undoTransferEncoding(part.transferEncoding, lines, 0).content);
}

/** RFC 9788 §5.2.3.1: the element is the first of the HTML body. */
function withElement(octets: Bytes, element: Bytes, isHtml: boolean): Bytes {
  const at = isHtml ? endOfBody(latin1FromBytes(octets)) : 0;
  if (at === 0) return concatBytes([element, octets]);
  return concatBytes([octets.subarray(0, at), bytesFromLatin1('\r\n'), element, octets.subarray(at)]);
}

/** Where the tag of the body ends, 0 where there is none. */
function endOfBody(html: string): number {
  return endOfTag(html, html.search(/<body(?=[\s/>])/i)) ?? 0;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
