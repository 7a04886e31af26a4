import { latin1FromBytes } from '../../src/core/bytes.js';
import { canonicalLineEnds } from '../../src/encoding/line-ends.js';
import type { Part } from '../../src/mime/part.js';

/** A leaf as a reader is shown it. */
export interface ShownLeaf {
  readonly type: string;
  readonly content: string;
}

/** What a reader is shown of a message: the types and contents of its leaves; where there are lines, with CRLF. */
export function shownLeaves(message: Part): ShownLeaf[] {
  return [...message.walk()].filter((part) => part.parts.length === 0).map(shownLeaf);
}

function shownLeaf(part: Part): ShownLeaf {
  const content = part.content();
  const { mediaType, type } = part.contentType;
  // A multipart without parts has a line end more or less around its delimiter.
  if (part.isMultipart) {
    return { type: mediaType, content: latin1FromBytes(canonicalLineEnds(content)).trim() };
  }
  // An empty message is one without text, or none at all.
  if (part.isMessage) return { type: 'text/plain', content: '' };
  const isLines = /^(?:text|message)$/.test(type) || !/^(?:base64|binary)$/.test(part.transferEncoding);
  return { type: mediaType, content: latin1FromBytes(isLines ? canonicalLineEnds(content) : content) };
}
