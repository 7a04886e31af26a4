import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import type { MessageOctets, PlainText } from '../message-octets.js';
import { type HeaderText, textOfHeader, unfoldPlain } from './header-text.js';

/** A block of more octets is made text at once only when so many of its fields were asked for. */
const LARGE = 4096;
const FEW_FIELDS = 16;

/**
 * The octets of one header block, made text at once when the first of its
 * fields is asked for: a call of the platform's decoder costs as much as
 * decoding a thousand octets. In a large block the first few fields are read
 * by themselves, since nobody may ask for the others.
 */
export class HeaderBlock {
  readonly source: Bytes;
  readonly #octets: MessageOctets;
  readonly #start: number;
  readonly #end: number;
  /** A text that holds the block where all of it is plain ASCII; `null` where it is not, `undefined` before anybody asked. */
  #plain: PlainText | null | undefined;
  #asked = 0;

  constructor(octets: MessageOctets, start: number, end: number) {
    this.source = octets.source;
    this.#octets = octets;
    this.#start = start;
    this.#end = end;
    this.#plain = undefined;
  }

  /** The block as text where that is plain and worth making. */
  plain(): PlainText | null {
    if (this.#plain !== undefined) return this.#plain;
    if (this.#end - this.#start > LARGE && this.#asked++ < FEW_FIELDS) return null;
    this.#plain = this.#octets.plainText(this.#start, this.#end);
    return this.#plain;
  }

  /** Whether a value of the block may hold an encoded word. */
  get mayHoldWords(): boolean {
    return this.#plain?.mayHoldWords ?? true;
  }

  /** The characters of `[start, end)`, one for each octet. */
  characters(start: number, end: number): string {
    const plain = this.plain();
    if (plain === null) return latin1FromBytes(this.#octets.lines, start, end);
    return plain.text.slice(start - plain.start, end - plain.start);
  }

  /** The value at `[start, end)`, as {@link textOfHeader} gives it. */
  value(start: number, end: number): HeaderText {
    const plain = this.plain();
    if (plain !== null) {
      const value = unfoldPlain(plain.text, start - plain.start, end - plain.start);
      if (value !== undefined) return value;
    }
    return textOfHeader(this.#octets.lines, start, end);
  }
}
