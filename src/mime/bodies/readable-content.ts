import type { Part } from '../part.js';
import { Attachment } from './attachment.js';
import { type BodyChoice, chooseBodies, firstTexts, isMedia, shownType } from './body-choice.js';
import { bodyText } from './body-text.js';
import { unflow } from './flowed.js';
import { htmlFromText, referencesOf } from './html-text.js';
import { hasLegacyDisplay, withoutLegacyHtml, withoutLegacyText } from './legacy-display.js';
import { contentIdOfUrl, leavesOf, PartReferences } from './related.js';
import { textFromHtml } from './text-from-html.js';
import { fileOfUuencode, Unpacking } from './unpacking.js';
import { withoutRanges } from './uuencoded-files.js';

/** What {@link readableContent} may be told. */
export interface ReadableOptions {
  /** Take files that are uuencoded within plain text out of it and list them as attachments. Default false. */
  readonly uuencode?: boolean;
  /**
   * List what is within a winmail.dat (TNEF) in the place of that, where it holds any files, and take text and HTML
   * from it where the message has none. One with more files than `limits.parts` of the message is `limit-parts` where
   * they are asked for, unless `onLimit` was `truncate`. Default false.
   */
  readonly tnef?: boolean;
  /** Undo format=flowed (RFC 3676) in `text`. Default true. */
  readonly unflow?: boolean;
  /**
   * Parts that are left out, with all inside them, since they are shown in a place of their own: what is encrypted or
   * signed must not be mixed with what is not. Default none.
   */
  readonly apart?: ReadonlySet<Part>;
  /**
   * Nobody vouches for the octets, as where they were decrypted without authentication: `text` and `html` are that
   * of one part then, never joined of several; the others are attachments. Default false.
   */
  readonly unauthenticated?: boolean;
  /** Leave out the copy of header fields at the start of texts that are marked so (RFC 9788 §4.5.3). Default false. */
  readonly withoutLegacyDisplay?: boolean;
}

/** Files in the order of the message, and where to find them. */
interface Sorted {
  readonly inline: Attachment[];
  readonly attachments: Attachment[];
  readonly byPart: Map<Part, Attachment>;
  /** What was unpacked, by its Content-ID. */
  readonly byId: Map<string, Attachment>;
}

/**
 * What a message has to say, chosen as people expect it of a mail program
 * (RFC 8621 §4.1.4): its text, its HTML, what is shown in them, and what is
 * attached. Every part that is no multipart and not set `apart` is in exactly
 * one place of `textBody` and `htmlBody`, `inline` and `attachments`. Nothing is decoded
 * before it is asked for.
 *
 * HTML comes as the sender wrote it: show it in a place where no script runs.
 *
 * @example
 * ```ts
 * import { parseMessage, readableContent } from 'mailseal/mime';
 *
 * const octets = new TextEncoder().encode(
 *   'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>See <img src="cid:dot"></p>\n' +
 *     '--b\nContent-Type: image/gif; name=dot.gif\nContent-ID: <dot>\n\n\n--b--\n',
 * );
 * const { text, inline, attachments } = readableContent(parseMessage(octets));
 * console.log(text?.trim(), inline[0]?.filename, attachments.length); // See dot.gif 0
 * ```
 */
export class ReadableContent {
  /** The message. */
  readonly message: Part;
  readonly #options: ReadableOptions;
  #choice: BodyChoice | undefined;
  #references: PartReferences | undefined;
  readonly #unpacking: Unpacking;
  #sorted: Sorted | undefined;
  /** Texts without the copy of header fields at their beginning. */
  readonly #withoutCopies: Map<Part, string> = new Map();

  /** Made by {@link readableContent}. */
  constructor(message: Part, options: ReadableOptions = {}) {
    this.message = message;
    this.#options = options;
    this.#unpacking = new Unpacking(options);
  }

  /**
   * The parts to show to a reader of plain text, in order: text/plain, images
   * between them, and text/html where the sender gave no plain text for it.
   */
  get textBody(): readonly Part[] {
    return this.#chosen().textBody;
  }

  /** The parts to show to a reader of HTML, in order; text/plain where the sender gave no HTML for it. */
  get htmlBody(): readonly Part[] {
    return this.#chosen().htmlBody;
  }

  /**
   * The text: all texts of {@link textBody}, each from a line of its own.
   * format=flowed is undone, and HTML for which there is no plain text is turned
   * into text, to be read and searched. `undefined` where there is neither; an
   * empty text is `''`. Line ends of plain text stay as they are.
   */
  get text(): string | undefined {
    const texts = this.textBody
      .filter((part) => !isMedia(part))
      .map((part) =>
        shownType(part) === 'text/html' ? textFromHtml(this.#htmlText(part)) : this.#plainText(part),
      );
    return texts.length === 0 ? this.#textOfTnef() : joined(texts);
  }

  /**
   * The HTML: all text/html parts of {@link htmlBody} one after the other, and
   * plain texts between them as `<pre>`. `undefined` where the sender gave no HTML.
   */
  get html(): string | undefined {
    const texts = this.htmlBody.filter((part) => !isMedia(part));
    if (!texts.some((part) => shownType(part) === 'text/html')) return this.#ofTnef('html');
    return joined(
      texts.map((part) =>
        shownType(part) === 'text/html' ? this.#htmlText(part) : htmlFromText(this.#plainText(part)),
      ),
    );
  }

  /**
   * What people save: every part that is neither shown as text nor {@link inline}, in the order of the message;
   * pictures among them that stand between texts under a name of their own.
   */
  get attachments(): readonly Attachment[] {
    return this.#sort().attachments;
  }

  /**
   * What belongs into the text: parts that the HTML refers to (`cid:`, or their
   * Content-Location), and images, audio and video between texts without a file name.
   */
  get inline(): readonly Attachment[] {
    return this.#sort().inline;
  }

  /**
   * What a `cid:` or a URL in the HTML means: one of {@link inline} or
   * {@link attachments}; `undefined` where it is none of the message's.
   *
   * @param url as it is in the HTML, with character references undone
   */
  resolve(url: string): Attachment | undefined {
    const { byPart, byId } = this.#sort();
    const part = this.#allReferences().resolve(url);
    return (part && byPart.get(part)) ?? byId.get(contentIdOfUrl(url) ?? '');
  }

  #chosen(): BodyChoice {
    if (this.#choice === undefined) {
      const choice = chooseBodies(this.message, this.#options.apart);
      this.#choice = this.#options.unauthenticated === true ? firstTexts(choice) : choice;
    }
    return this.#choice;
  }

  #htmlText(part: Part): string {
    const html = part.text();
    return this.#isCopied(part) ? this.#withoutCopy(part, html, withoutLegacyHtml) : html;
  }

  #plainText(part: Part): string {
    const files = this.#unpacking.uuencodedIn(part);
    const { parameters, mediaType } = part.contentType;
    const whole =
      files.length === 0
        ? part.text()
        : bodyText(withoutRanges(part.content(), files), {
            label: parameters.get('charset'),
            mediaType,
            offset: part.bodyStart,
          }).text;
    const text = this.#isCopied(part) ? this.#withoutCopy(part, whole, withoutLegacyText) : whole;
    const isFlowed = this.#options.unflow !== false && /^flowed$/i.test(parameters.get('format') ?? '');
    return isFlowed ? unflow(text, { delSp: /^yes$/i.test(parameters.get('delsp') ?? '') }) : text;
  }

  #isCopied(part: Part): boolean {
    return this.#options.withoutLegacyDisplay === true && hasLegacyDisplay(part);
  }

  /** Looked for once, however often the text is asked for. */
  #withoutCopy(part: Part, whole: string, strip: (text: string) => string): string {
    let text = this.#withoutCopies.get(part);
    if (text === undefined) {
      text = strip(whole);
      this.#withoutCopies.set(part, text);
    }
    return text;
  }

  #sort(): Sorted {
    if (this.#sorted !== undefined) return this.#sorted;
    const sorted: Sorted = { inline: [], attachments: [], byPart: new Map(), byId: new Map() };
    const shown = new Set([...this.textBody, ...this.htmlBody]);
    const { parts, ids } = this.#referred();
    for (const part of leavesOf(this.message, this.#options.apart)) {
      if (shown.has(part) && !isMedia(part)) {
        for (const file of this.#unpacking.uuencodedIn(part)) {
          sorted.attachments.push(new Attachment(part, fileOfUuencode(file)));
        }
        continue;
      }
      const files = this.#unpacking.tnefOf(part)?.attachments ?? [];
      for (const file of files) {
        const attachment = new Attachment(part, file);
        const isInline = file.contentId !== undefined && ids.has(file.contentId);
        (isInline ? sorted.inline : sorted.attachments).push(attachment);
        if (file.contentId !== undefined) sorted.byId.set(file.contentId, attachment);
      }
      if (files.length > 0) continue;
      const attachment = new Attachment(part);
      const isInline = parts.has(part) || (shown.has(part) && part.filename === undefined);
      (isInline ? sorted.inline : sorted.attachments).push(attachment);
      sorted.byPart.set(part, attachment);
    }
    this.#sorted = sorted;
    return sorted;
  }

  #allReferences(): PartReferences {
    this.#references ??= new PartReferences(this.message, this.#options.apart);
    return this.#references;
  }

  /** What the HTML refers to: parts, and all ids. HTML is not decoded where nothing can be referred to. */
  #referred(): { readonly parts: ReadonlySet<Part>; readonly ids: ReadonlySet<string> } {
    const parts = new Set<Part>();
    const ids = new Set<string>();
    const references = this.#allReferences();
    if (references.size === 0 && !this.#unpacking.isForTnef) return { parts, ids };
    const texts = [...this.textBody, ...this.htmlBody].filter((part) => shownType(part) === 'text/html');
    const sources = [...new Set(texts)].map((part) => part.text());
    if (texts.length === 0) sources.push(this.#ofTnef('html') ?? '');
    for (const html of sources) {
      for (const reference of referencesOf(html)) {
        const part = references.resolve(reference);
        if (part !== undefined) parts.add(part);
        const id = contentIdOfUrl(reference);
        if (id !== undefined) ids.add(id);
      }
    }
    return { parts, ids };
  }

  /** The text or HTML of the message as the first winmail.dat has it in which there is one. */
  #ofTnef(kind: 'text' | 'html'): string | undefined {
    if (!this.#unpacking.isForTnef) return undefined;
    for (const part of leavesOf(this.message, this.#options.apart)) {
      const text = this.#unpacking.tnefOf(part)?.[kind];
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #textOfTnef(): string | undefined {
    const html = this.#ofTnef('html');
    return this.#ofTnef('text') ?? (html === undefined ? undefined : textFromHtml(html));
  }
}

/** Texts one after the other, each from a line of its own. */
function joined(texts: readonly string[]): string {
  const pieces: string[] = [];
  let last = '';
  for (const text of texts) {
    // Asked of the last text alone: asking the whole would copy it each time.
    if (last !== '' && !last.endsWith('\n')) {
      last = '\n';
      pieces.push(last);
    }
    if (text === '') continue;
    last = text;
    pieces.push(text);
  }
  return pieces.join('');
}

/**
 * Chooses from a message what people read and what they save; see
 * {@link ReadableContent}. The message is not changed, and nothing is decoded
 * before it is asked for.
 *
 * @param message a parsed message, or a part of one
 * @example
 * ```ts
 * import { parseMessage, readableContent } from 'mailseal/mime';
 *
 * const content = readableContent(
 *   parseMessage(
 *     new TextEncoder().encode(
 *       'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file.\n' +
 *         '--b\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n--b--\n',
 *     ),
 *   ),
 * );
 * console.log(content.text, content.html, content.attachments.map((file) => file.filename)); // See the file. undefined [ 'a.pdf' ]
 * ```
 */
export function readableContent(message: Part, options: ReadableOptions = {}): ReadableContent {
  return new ReadableContent(message, options);
}
