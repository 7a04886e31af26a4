import { withoutReferences } from './text-from-html.js';

/** What stands in HTML for the characters that it gives a meaning of its own. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Plain text as a piece of HTML that shows it with its line ends. */
export function htmlFromText(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
  return `<pre style="white-space: pre-wrap">${escaped}</pre>`;
}

/** The addresses that HTML or a style sheet in it refers to: values of attributes and `url()`, undone as far as addresses need. */
export function* referencesOf(html: string): Generator<string> {
  // Each alternative begins with a delimiter and ends at the first that fits, so that nothing is read twice.
  const value = /=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))|url\(\s{0,20}["']?([^"')]*)/gi;
  for (const [, double, single, bare, url] of html.matchAll(value)) {
    const reference = double ?? single ?? bare ?? url ?? '';
    if (reference === '' || reference.length > 2048) continue;
    yield withoutReferences(reference);
    // A style attribute holds addresses of its own.
    for (const [, inner] of reference.matchAll(/url\(\s{0,20}["']?([^"')]*)/gi)) yield inner!;
  }
}
