import { bytesFromLatin1 } from '../../core/bytes.js';
import type { Part } from '../part.js';
import type { UnpackedFile } from './attachment.js';
import { shownType } from './body-choice.js';
import { bodyText } from './body-text.js';
import { isTnef, parseTnef, type Tnef } from './tnef.js';
import { findUuencodedFiles, type UuencodedFile } from './uuencoded-files.js';

/** What to look for within parts. */
export interface UnpackingOptions {
  readonly uuencode?: boolean;
  readonly tnef?: boolean;
}

/** Finds the files within parts, each part looked through once, and only for what was asked for. */
export class Unpacking {
  readonly #options: UnpackingOptions;
  readonly #uuencoded = new Map<Part, readonly UuencodedFile[]>();
  readonly #tnef = new Map<Part, Tnef | undefined>();

  constructor(options: UnpackingOptions) {
    this.#options = options;
  }

  /** Whether TNEF is unpacked at all. */
  get isForTnef(): boolean {
    return this.#options.tnef === true;
  }

  /** The uuencoded files in a plain text. */
  uuencodedIn(part: Part): readonly UuencodedFile[] {
    if (this.#options.uuencode !== true || shownType(part) !== 'text/plain') return [];
    let files = this.#uuencoded.get(part);
    if (files === undefined) {
      files = findUuencodedFiles(part.content());
      this.#uuencoded.set(part, files);
    }
    return files;
  }

  /** What a winmail.dat holds; `undefined` where the part is none. */
  tnefOf(part: Part): Tnef | undefined {
    if (!this.isForTnef) return undefined;
    if (!this.#tnef.has(part)) {
      const isNamed =
        /^application\/(?:vnd\.)?ms-tnef$/.test(part.contentType.mediaType) ||
        /^winmail\.dat$/i.test(part.filename ?? '');
      const content = isNamed ? part.content() : undefined;
      this.#tnef.set(part, content && isTnef(content) ? parseTnef(content, part.options) : undefined);
    }
    return this.#tnef.get(part);
  }
}

/** A uuencoded file as one of a message. The charset of its name is found as that of a text without label. */
export function fileOfUuencode({ name, content }: UuencodedFile): UnpackedFile {
  const source = { label: undefined, mediaType: 'text/plain', offset: 0 };
  const filename = bodyText(bytesFromLatin1(name), source).text;
  return { filename, mediaType: 'application/octet-stream', contentId: undefined, content };
}
