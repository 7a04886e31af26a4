import type { Part } from '../part.js';

/**
 * Whether a text begins with a copy of header fields for programs that do not
 * show protected ones (RFC 9788 §4.5.3.1). The parameter means that only in a
 * message whose header was encrypted: elsewhere it would hide what is there.
 */
export function hasLegacyDisplay(part: Part): boolean {
  const { mediaType, parameters } = part.contentType;
  return /^text\/(?:plain|html)$/.test(mediaType) && parameters.get('hp-legacy-display') === '1';
}

/** RFC 9788 §4.5.3.2: all up to and including the first blank line is the copy. */
export function withoutLegacyText(text: string): string {
  const end = /(?:^|\r?\n)[\t ]{0,998}\r?\n/.exec(text);
  return end === null ? text : text.slice(end.index + end[0].length);
}

/** RFC 9788 §4.5.3.3: the copy is the first element of the body, a `div` of a class of its own. */
export function withoutLegacyHtml(html: string): string {
  const body = /<body\b[^>]{0,2000}>/i.exec(html);
  const from = body === null ? 0 : body.index + body[0].length;
  const begin =
    /\s{0,1000}<div\s{1,100}class\s{0,10}=\s{0,10}["']?header-protection-legacy-display["']?\s{0,100}>/iy;
  begin.lastIndex = from;
  const found = begin.exec(html);
  if (found === null) return html;
  const tags = /<(\/?)div\b[^>]{0,2000}>/gi;
  tags.lastIndex = from + found[0].length;
  let depth = 1;
  for (let tag = tags.exec(html); tag !== null; tag = tags.exec(html)) {
    depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return html.slice(0, from) + html.slice(tags.lastIndex);
  }
  return html;
}
