import { bytesFromLatin1 } from '../core/bytes.js';
import { Attachment, type UnpackedFile } from './attachment.js';
import { type BodyChoice, chooseBodies, isMedia, shownType } from './body-choice.js';
import { bodyText } from './body-text.js';
import { unflow } from './flowed.js';
import { htmlFromText, referencesOf } from './html-text.js';
import type { Part } from './part.js';
import { leavesOf, PartReferences } from './related.js';
import { textFromHtml } from './text-from-html.js';
import { isTnef, parseTnef } from './tnef.js';
import { findUuencodedFiles, type UuencodedFile, withoutRanges } from './uuencoded-files.js';

/** What {@link readableContent} may be told. */
export interface ReadableOptions {
  /** Take files that are uuencoded within plain text out of it and list them as attachments. Default false. */
  readonly uuencode?: boolean;
  /** List what is within a winmail.dat (TNEF) in the place of that, where it holds any files. Default false. */
  readonly tnef?: boolean;
  /** Undo format=flowed (RFC 3676) in `text`. Default true. */
  readonly unflow?: boolean;
}

/**
 * What a message has to say, chosen as people expect it of a mail program
 * (RFC 8621 §4.1.4): its text, its HTML, what is shown in them, and what is
 * attached. Every part that is no multipart is in exactly one place of
 * `textBody` and `htmlBody`, `inline` and `attachments`. Nothing is decoded
 * before it is asked for.
 *
 * HTML comes as the sender wrote it: show it in a place where no script runs.
 */
export class ReadableContent {
  /** The message. */
  readonly message: Part;
  readonly #options: ReadableOptions;
  #choice: BodyChoice | undefined;
  #references: PartReferences | undefined;
  #files: Map<Part, readonly UuencodedFile[]> | undefined;
  #sorted:
    | { readonly inline: readonly Attachment[]; readonly attachments: readonly Attachment[] }
    | undefined;

  /** Made by {@link readableContent}. */
  constructor(message: Part, options: ReadableOptions = {}) {
    this.message = message;
    this.#options = options;
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
      .map((part) => (shownType(part) === 'text/html' ? textFromHtml(part.text()) : this.#plainText(part)));
    return texts.length === 0 ? undefined : joined(texts);
  }

  /**
   * The HTML: all text/html parts of {@link htmlBody} one after the other, and
   * plain texts between them as `<pre>`. `undefined` where there is no text/html.
   */
  get html(): string | undefined {
    const texts = this.htmlBody.filter((part) => !isMedia(part));
    if (!texts.some((part) => shownType(part) === 'text/html')) return undefined;
    return joined(
      texts.map((part) =>
        shownType(part) === 'text/html' ? part.text() : htmlFromText(this.#plainText(part)),
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
   * The part that a `cid:` or a URL in the HTML means; `undefined` where it is none of the message's.
   *
   * @param url as it is in the HTML, with character references undone
   */
  resolve(url: string): Part | undefined {
    this.#references ??= new PartReferences(this.message);
    return this.#references.resolve(url);
  }

  #chosen(): BodyChoice {
    this.#choice ??= chooseBodies(this.message);
    return this.#choice;
  }

  #plainText(part: Part): string {
    const files = this.#filesIn(part);
    const { parameters, mediaType } = part.contentType;
    const text =
      files.length === 0
        ? part.text()
        : bodyText(withoutRanges(part.content(), files), {
            label: parameters.get('charset'),
            mediaType,
            offset: part.bodyStart,
          }).text;
    const isFlowed = this.#options.unflow !== false && /^flowed$/i.test(parameters.get('format') ?? '');
    return isFlowed ? unflow(text, { delSp: /^yes$/i.test(parameters.get('delsp') ?? '') }) : text;
  }

  #filesIn(part: Part): readonly UuencodedFile[] {
    if (this.#options.uuencode !== true || shownType(part) !== 'text/plain') return [];
    this.#files ??= new Map();
    let files = this.#files.get(part);
    if (files === undefined) {
      files = findUuencodedFiles(part.content());
      this.#files.set(part, files);
    }
    return files;
  }

  #sort(): { readonly inline: readonly Attachment[]; readonly attachments: readonly Attachment[] } {
    if (this.#sorted === undefined) {
      const inline: Attachment[] = [];
      const attachments: Attachment[] = [];
      const shown = new Set([...this.textBody, ...this.htmlBody]);
      const referred = this.#referred();
      for (const part of leavesOf(this.message)) {
        if (referred.has(part)) inline.push(new Attachment(part));
        else if (shown.has(part) && isMedia(part)) {
          (part.filename === undefined ? inline : attachments).push(new Attachment(part));
        } else if (shown.has(part)) {
          attachments.push(...this.#filesIn(part).map((file) => new Attachment(part, unpacked(file))));
        } else attachments.push(...this.#unpackedTnef(part));
      }
      this.#sorted = { inline, attachments };
    }
    return this.#sorted;
  }

  #unpackedTnef(part: Part): Attachment[] {
    const isNamed =
      /^application\/(?:vnd\.)?ms-tnef$/.test(part.contentType.mediaType) ||
      /^winmail\.dat$/i.test(part.filename ?? '');
    const files =
      this.#options.tnef === true && isNamed && isTnef(part.content())
        ? parseTnef(part.content()).attachments
        : [];
    return files.length === 0 ? [new Attachment(part)] : files.map((file) => new Attachment(part, file));
  }

  /** The parts that the HTML refers to. HTML is not decoded where nothing can be referred to. */
  #referred(): ReadonlySet<Part> {
    const referred = new Set<Part>();
    this.#references ??= new PartReferences(this.message);
    if (this.#references.size === 0) return referred;
    const texts = new Set([...this.textBody, ...this.htmlBody].filter((part) => !isMedia(part)));
    for (const body of texts) {
      if (shownType(body) !== 'text/html') continue;
      for (const reference of referencesOf(body.text())) {
        const part = this.#references.resolve(reference);
        if (part !== undefined && !texts.has(part)) referred.add(part);
      }
    }
    return referred;
  }
}

function unpacked({ name, content }: UuencodedFile): UnpackedFile {
  const source = { label: undefined, mediaType: 'text/plain', offset: 0 };
  const filename = bodyText(bytesFromLatin1(name), source).text;
  return { filename, mediaType: 'application/octet-stream', contentId: undefined, content };
}

/** Texts one after the other, each from a line of its own. */
function joined(texts: readonly string[]): string {
  let whole = '';
  for (const text of texts) whole += whole === '' || whole.endsWith('\n') ? text : `\n${text}`;
  return whole;
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
