import { htmlCharacters } from './html-character-tables.js';

/** Elements whose content is no text. */
const SKIPPED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['script', 'style', 'title', 'template', 'svg', 'select', 'textarea'],
]);
/** Elements that begin and end a line. */
const LINES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...[
    'address',
    'article',
    'aside',
    'center',
    'dd',
    'div',
    'dl',
    'dt',
    'fieldset',
    'figcaption',
    'figure',
    'footer',
  ],
  ...[
    'form',
    'header',
    'hr',
    'li',
    'main',
    'nav',
    'ol',
    'pre',
    'section',
    'table',
    'tbody',
    'tfoot',
    'thead',
    'tr',
  ],
  ...['ul', 'body', 'html', 'caption'],
]);
/** Elements with an empty line before and after. */
const PARAGRAPHS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['p', 'blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
]);

/**
 * The text of HTML for people who read plain text: tags go, blocks become
 * lines, character references are undone. It is for reading and searching, not
 * for making HTML safe. Work is linear in the HTML; nothing is nested.
 */
export function textFromHtml(html: string): string {
  const text = new TextBuilder();
  // A tag, or a comment or declaration that is closed; a `<` before anything else is text.
  const markup = /<(?:!--|[!?]|(\/?)([a-zA-Z][a-zA-Z0-9:-]{0,30}))/g;
  let from = 0;
  for (let found = markup.exec(html); found !== null; found = markup.exec(html)) {
    const [opening, slash, name = ''] = found;
    const element = name.toLowerCase();
    text.add(html.slice(from, found.index));
    const close = opening === '<!--' ? '-->' : '>';
    let end = html.indexOf(close, markup.lastIndex);
    if (end >= 0) end += close.length;
    if (end >= 0 && slash === '' && SKIPPED.has(element)) end = afterElement(html, element, end);
    // A tag that is not closed swallows the rest, as it does in a browser.
    from = end < 0 ? html.length : end;
    if (LINES.has(element)) text.breakLine(1);
    else if (PARAGRAPHS.has(element)) text.breakLine(2);
    else if (element === 'br') text.newLine();
    else if (element === 'td' || element === 'th') text.add(' ');
    if (element === 'pre') text.isPre = slash === '';
    markup.lastIndex = from;
  }
  text.add(html.slice(from));
  return text.finish();
}

/** Where an element whose content is passed over ends; it ends with the HTML when nothing closes it. */
function afterElement(html: string, element: string, start: number): number {
  const closing = new RegExp(`</${element}(?=[\\s/>])[^>]{0,200}>`, 'gi');
  closing.lastIndex = start;
  return closing.test(html) ? closing.lastIndex : html.length;
}

class TextBuilder {
  isPre = false;
  readonly #pieces: string[] = [];
  /** Line ends that are due before the next text. */
  #breaks = 0;
  #pendingBlank = false;

  add(raw: string): void {
    if (raw === '') return;
    const text = withoutReferences(raw);
    if (this.isPre) {
      this.#put(text);
      return;
    }
    // A no-break space is content and stays; it is written as a blank.
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ').replace(/\u00a0/g, ' ');
    const startsBlank = collapsed.startsWith(' ');
    const words = collapsed.replace(/^ | $/g, '');
    if (words === '') {
      this.#pendingBlank ||= startsBlank;
      return;
    }
    this.#put(
      (startsBlank || this.#pendingBlank) && this.#breaks === 0 && this.#pieces.length > 0
        ? ` ${words}`
        : words,
    );
    this.#pendingBlank = collapsed.endsWith(' ');
  }

  breakLine(count: number): void {
    this.#breaks = Math.max(this.#breaks, count);
    this.#pendingBlank = false;
  }

  newLine(): void {
    // At most one empty line is made; a thousand <br> say no more.
    this.#breaks = Math.min(this.#breaks + 1, 2);
    this.#pendingBlank = false;
  }

  finish(): string {
    return this.#pieces.join('') + (this.#breaks > 0 && this.#pieces.length > 0 ? '\n' : '');
  }

  #put(text: string): void {
    if (this.#pieces.length > 0) this.#pieces.push('\n'.repeat(this.#breaks));
    this.#breaks = 0;
    this.#pieces.push(text);
  }
}

/** What windows-1252 has where references to controls are meant for it (HTML §13.2.5.80). */
const SPECIALS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Undoes character references of HTML: by number, and by the names of HTML 4. Others stay as they are. */
export function withoutReferences(html: string): string {
  if (!html.includes('&')) return html;
  return html.replace(
    /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,7}));?/g,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return htmlCharacters().get(name) ?? whole;
      const point = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      if (point >= 0x80 && point <= 0x9f) return SPECIALS[point - 0x80]!;
      const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      return isCharacter ? String.fromCodePoint(point) : '\ufffd';
    },
  );
}
