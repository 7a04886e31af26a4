import type { Part } from '../part.js';

/** The class of the element in HTML (RFC 9788 §5.2.3). */
export const LEGACY_DISPLAY_CLASS = 'header-protection-legacy-display';
/** The parameter of Content-Type that tells of a copy of header fields in a text (RFC 9788 §2.1.2). */
export const LEGACY_DISPLAY_PARAMETER = 'hp-legacy-display';

/**
 * Whether a text begins with a copy of header fields for programs that do not
 * show protected ones (RFC 9788 §4.5.3.1). The parameter means that only in a
 * message whose header was encrypted: elsewhere it would hide what is there.
 */
export function hasLegacyDisplay(part: Part): boolean {
  const { mediaType, parameters } = part.contentType;
  return /^text\/(?:plain|html)$/.test(mediaType) && parameters.get(LEGACY_DISPLAY_PARAMETER) === '1';
}

/** RFC 9788 §4.5.3.2: all up to and including the first blank line is the copy. */
export function withoutLegacyText(text: string): string {
  for (let from = 0; from < text.length; ) {
    let at = from;
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (text[at] === '\n') return text.slice(at + 1);
    const end = text.indexOf('\n', at);
    if (end < 0) return text;
    from = end + 1;
  }
  return text;
}

const BODY = /<body(?=[\s/>])/i;
/** The element as it is written (RFC 9788 §5.2.3.1): only blanks stand before it. */
const ELEMENT: RegExp = /* @__PURE__ */ new RegExp(
  `\\s{0,1000}<div\\s{1,100}class\\s{0,10}=\\s{0,10}["']?${LEGACY_DISPLAY_CLASS}["']?\\s{0,100}>`,
  'iy',
);

/**
 * RFC 9788 §4.5.3.3: the copy is the first element of the body, a `div` of a class of its own. With it goes the line
 * end behind it, which who puts it there writes.
 */
export function withoutLegacyHtml(html: string): string {
  const from = endOfTag(html, html.search(BODY)) ?? 0;
  ELEMENT.lastIndex = from;
  if (!ELEMENT.test(html)) return html;
  const tags = /<(\/?)div(?=[\s/>])/gi;
  tags.lastIndex = ELEMENT.lastIndex;
  let depth = 1;
  for (let tag = tags.exec(html); tag !== null; tag = tags.exec(html)) {
    const end = endOfTag(html, tag.index);
    // Nothing closes what a tag without end is in.
    if (end === undefined) return html;
    depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return html.slice(0, from) + html.slice(end).replace(/^\r?\n/, '');
    tags.lastIndex = end;
  }
  return html;
}

/**
 * The place after the tag that begins somewhere; `undefined` where it has no
 * end, or there is none. A `>` in quotes does not end it. Who goes on from
 * there looks at each character once.
 */
export function endOfTag(html: string, start: number): number | undefined {
  if (start < 0) return undefined;
  let quote = '';
  for (let at = start; at < html.length; at++) {
    const character = html[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  return undefined;
}
