import type { Bytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import { isLostSeal } from '../cms-part.js';
import { longestSignature, SignatureMarks } from '../signature-marks.js';
import { type TransferDecoder, transferDecoder } from './transfer-decoder.js';

/**
 * Tells of a body that is not kept whether a signature may stand in it that the message no longer shows as one: in its
 * text, or as all of it. It is a guess by what a diagnosis looks for in bodies that are kept.
 */
export class HiddenSealWatch {
  readonly #part: Part;
  readonly #isCms: boolean;
  readonly #decoder: TransferDecoder;
  readonly #marks = new SignatureMarks();
  #length = 0;
  /** How the content begins: ten octets or fewer. */
  #begin = '';

  /** @param isCms whether it is labelled as CMS, and read as that */
  constructor(part: Part, isCms: boolean) {
    const { isMultipart, isMessage, transferEncoding } = part;
    this.#part = part;
    this.#isCms = isCms;
    this.#decoder = transferDecoder(isMultipart || isMessage ? '7bit' : transferEncoding);
  }

  /** Takes the next octets of the body. */
  update(octets: Bytes): void {
    if (this.#isShown) return;
    this.#length += octets.length;
    this.#take(this.#decoder.update(octets));
  }

  /** Whether one may stand there. */
  finish(): boolean {
    if (this.#isShown) return false;
    this.#take(this.#decoder.finish());
    if (this.#marks.finish().length > 0) return true;
    if (this.#isCms || this.#length > longestSignature || !isLostSeal(this.#part)) return false;
    // A SEQUENCE whose length has some octets of its own, or is indefinite; or PEM.
    return /^(?:0[\x80-\x84]|-----BEGIN)/.test(this.#begin);
  }

  /** Whether it is what its label says: a SEQUENCE. */
  get #isShown(): boolean {
    return this.#isCms && this.#begin.startsWith('0');
  }

  #take(content: Bytes): void {
    for (let i = 0; i < content.length && this.#begin.length < 10; i++)
      this.#begin += String.fromCharCode(content[i]!);
    if (!this.#isShown) this.#marks.update(content);
  }
}
