import { latin1FromBytes } from '../../core/bytes.js';

/** HTML says its charset within its first 1,024 octets; mail programs put their own styles before. */
const LOOKED_AT = 8192;

/**
 * The charset that HTML names for itself: that of an XML declaration, of
 * `<meta charset>`, or of `<meta http-equiv="Content-Type">`, as a label;
 * `undefined` where it names none. Comments are passed over. Since the octets
 * were read as ASCII to find it, `utf-16` there can only mean UTF-8 (Encoding
 * Standard, HTML §13.2.3.2).
 */
export function charsetOfHtml(octets: Uint8Array): string | undefined {
  const html = latin1FromBytes(octets, 0, Math.min(octets.length, LOOKED_AT));
  const label = declared(html) ?? inMeta(html);
  return label !== undefined && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function declared(html: string): string | undefined {
  const start = /^\s*<\?xml\s/.exec(html);
  if (start === null) return undefined;
  const end = html.indexOf('?>');
  return /\sencoding\s*=\s*["']([^"']+)["']/.exec(html.slice(0, Math.max(end, 0)))?.[1];
}

function inMeta(html: string): string | undefined {
  // Not a copy in lower case: İ and others would change its length.
  const tag = /<!--|<meta[\s/]/gi;
  for (let found = tag.exec(html); found !== null; found = tag.exec(html)) {
    const isComment = found[0] === '<!--';
    const end = html.indexOf(isComment ? '-->' : '>', tag.lastIndex);
    if (end < 0) return undefined;
    if (!isComment) {
      const label = /[\s;"']charset\s*=\s*["']?([^\s"'/>;]+)/i.exec(html.slice(found.index, end))?.[1];
      if (label !== undefined) return label;
    }
    tag.lastIndex = end;
  }
  return undefined;
}
