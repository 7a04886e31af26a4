import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';

const CR = 0x0d;
const LF = 0x0a;

/** How the lines of a message that is edited end, and where in it a line end is missing. */
export class EditLineEnds {
  /** What is written: that of the first line that ends in either. */
  readonly own: '\r\n' | '\n';
  readonly #source: Bytes;

  constructor(source: Bytes) {
    this.#source = source;
    const lf = source.indexOf(LF);
    this.own = lf < 0 || source[lf - 1] === CR ? '\r\n' : '\n';
  }

  /**
   * What the line before a part's place lacks of its end, be it a delimiter or the blank line after a header.
   *
   * @throws MailsealError `usage` where the message is cut within that line end
   */
  before(at: number): string {
    const octet = this.#source[at - 1];
    if (octet === LF) return '';
    if (octet === CR && at === this.#source.length)
      throw usage(
        'the message is cut between the CR and the LF of its last line; give it the LF to put more behind it',
      );
    return this.own;
  }

  /** Whether what stands at a place is neither a line end nor the end of the message. */
  isMissingAt(at: number): boolean {
    const next = this.#source[at];
    return next !== undefined && next !== CR && next !== LF;
  }

  /** Text with one more line end where a delimiter follows without one of its own (RFC 2046 §5.1.1): any other is the text's. */
  closed(text: string, end: number): string {
    return this.isMissingAt(end) ? text + this.own : text;
  }

  /** A field that was written with CRLF. */
  ofField(text: string): string {
    return this.own === '\n' ? text.replaceAll('\r\n', '\n') : text;
  }

  /**
   * An entity with the line ends of the message.
   *
   * @throws MailsealError `usage` where a CR would become part of a line end
   */
  ofEntity(text: string): string {
    if (this.own === '\n') {
      const own = text.replaceAll('\r\n', '\n');
      if (own.endsWith('\r') || own.includes('\r\n'))
        throw usage(
          'what is added has a CR in front of a line end or at its end, which an LF behind it would make a line end',
        );
      return own;
    }
    const lf = text.indexOf('\n');
    // An LF after a first CRLF is no line end of the entity's, but one of its body's octets.
    return lf >= 0 && text[lf - 1] !== '\r' ? text.replace(/(?<!\r)\n/g, '\r\n') : text;
  }
}
