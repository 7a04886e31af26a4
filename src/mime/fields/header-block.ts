import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { type HeaderText, plainHeader, textOfHeader, unfoldPlain } from './header-text.js';

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
  /** The same with LF for each CR that ends a line by itself. */
  readonly #lines: Bytes;
  readonly #start: number;
  readonly #end: number;
  /** The block as text where all of it is plain ASCII; `null` where it is not, `undefined` before anybody asked. */
  #plain: string | null | undefined;
  #asked = 0;
  #holdsWords: boolean | undefined;

  constructor(source: Bytes, start: number, end: number, lines: Bytes = source) {
    this.source = source;
    this.#lines = lines;
    this.#start = start;
    this.#end = end;
  }

  #text(): string | null {
    if (this.#plain !== undefined) return this.#plain;
    if (this.#end - this.#start > LARGE && this.#asked++ < FEW_FIELDS) return null;
    this.#plain = plainHeader(this.#lines, this.#start, this.#end) ?? null;
    return this.#plain;
  }

  /** Whether a value of the block may hold an encoded word: most blocks have none, which is seen at once. */
  get mayHoldWords(): boolean {
    const plain = this.#plain;
    if (plain === undefined || plain === null) return true;
    this.#holdsWords ??= plain.includes('=?');
    return this.#holdsWords;
  }

  /** The characters of `[start, end)`, one for each octet. */
  characters(start: number, end: number): string {
    const text = this.#text();
    if (text === null) return latin1FromBytes(this.#lines, start, end);
    return text.slice(start - this.#start, end - this.#start);
  }

  /** The value at `[start, end)`, as {@link textOfHeader} gives it. */
  value(start: number, end: number): HeaderText {
    const text = this.#text();
    if (text !== null) {
      const plain = unfoldPlain(text, start - this.#start, end - this.#start);
      if (plain !== undefined) return plain;
    }
    return textOfHeader(this.#lines, start, end);
  }
}
