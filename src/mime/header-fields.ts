import type { Bytes } from '../core/bytes.js';
import { latin1FromBytes } from '../core/bytes.js';
import { type MimeDefect, mimeDefect } from './defects.js';
import { type DecodedWords, decodeEncodedWords } from './encoded-words.js';
import { type HeaderText, textOfHeader } from './header-text.js';
import type { ValueOptions } from './value-options.js';

/**
 * One header field (RFC 5322 §2.2) as it stands in the message, and what it
 * says. Offsets count octets from the start of the message, ends are
 * exclusive. Everything is worked out when first asked for.
 *
 * @example
 * ```ts
 * import { parseMessage } from 'mailseal/mime';
 *
 * const octets = new TextEncoder().encode('Subject: =?utf-8?Q?caf=C3=A9?=\r\n at nine\r\n\r\n');
 * const field = parseMessage(octets).headers.get('subject');
 * console.log(field?.text, field?.start, field?.end); // café at nine 0 42
 * ```
 */
export class HeaderField {
  readonly #source: Bytes;
  readonly #options: ValueOptions;
  /** Where the field begins, in octets from the start of the message. */
  readonly start: number;
  /** Where its name ends: before blanks and colon. */
  readonly nameEnd: number;
  /** Where its value begins: after the colon. */
  readonly valueStart: number;
  /** Where it ends: after its last line end. */
  readonly end: number;
  #name: string | undefined;
  #text: HeaderText | undefined;
  #decoded: DecodedWords | undefined;

  constructor(
    source: Bytes,
    start: number,
    nameEnd: number,
    valueStart: number,
    end: number,
    options: ValueOptions = {},
  ) {
    this.#source = source;
    this.#options = options;
    this.start = start;
    this.nameEnd = nameEnd;
    this.valueStart = valueStart;
    this.end = end;
  }

  /** The name as it is written, without blanks before the colon. */
  get name(): string {
    this.#name ??= latin1FromBytes(this.#source, this.start, this.nameEnd);
    return this.#name;
  }

  /** All its octets, folds and last line end included; a view. */
  get raw(): Bytes {
    return this.#source.subarray(this.start, this.end);
  }

  /** The octets after the colon, folds included, the last line end not; a view. */
  get rawValue(): Bytes {
    let end = this.end;
    if (end > this.valueStart && this.#source[end - 1] === 0x0a) end--;
    if (end > this.valueStart && this.#source[end - 1] === 0x0d) end--;
    return this.#source.subarray(this.valueStart, end);
  }

  /**
   * The value as text: unfolded (RFC 5322 §2.2.3), without blanks at either
   * end, raw UTF-8 (RFC 6532) and raw ISO-2022-JP undone. Encoded words stand as they are.
   */
  get value(): string {
    return this.#unfolded().text;
  }

  /**
   * {@link value} with its encoded words undone (RFC 2047). For people: structure is read from {@link value}.
   *
   * @throws MailsealError `limit-encoded-words` unless the message was parsed with `onLimit: 'truncate'`
   */
  get text(): string {
    return this.#words().text;
  }

  /** What was wrong with the value. Offsets are those of the value's first octet. */
  get defects(): readonly MimeDefect[] {
    return [
      ...this.#unfolded().defects.map((code) => mimeDefect(code, this.valueStart)),
      ...this.#words().defects.map((defect) => ({ ...defect, offset: this.valueStart })),
    ];
  }

  #unfolded(): HeaderText {
    this.#text ??= textOfHeader(this.#source, this.valueStart, this.end);
    return this.#text;
  }

  #words(): DecodedWords {
    this.#decoded ??= decodeEncodedWords(this.value, this.#options);
    return this.#decoded;
  }
}

/** Numbers kept for each field: start, end of the name, start of the value, end. */
const STRIDE = 4;

/**
 * The header fields of one entity, in their order; every field is there,
 * duplicates too. Names are compared without regard to case.
 *
 * @example
 * ```ts
 * import { parseMessage } from 'mailseal/mime';
 *
 * const octets = new TextEncoder().encode('Received: by b\r\nReceived: by a\r\nTo: c@example.jp\r\n\r\n');
 * const { headers } = parseMessage(octets);
 * console.log(headers.length, headers.get('to')?.value); // 3 c@example.jp
 * console.log(headers.all('received').map((field) => field.value)); // [ 'by b', 'by a' ]
 * ```
 */
export class HeaderFields implements Iterable<HeaderField> {
  readonly #source: Bytes;
  readonly #offsets: readonly number[];
  readonly #options: ValueOptions;
  readonly #fields: (HeaderField | undefined)[] = [];
  #byName: Map<string, number[]> | undefined;

  /**
   * @param offsets start, end of the name, start of the value and end of each field, one after the other
   * @param options what holds where values are read
   */
  constructor(source: Bytes, offsets: readonly number[], options: ValueOptions = {}) {
    this.#source = source;
    this.#offsets = offsets;
    this.#options = options;
  }

  /** How many fields there are. */
  get length(): number {
    return this.#offsets.length / STRIDE;
  }

  /** The field at a place, `undefined` where there is none. */
  at(index: number): HeaderField | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    let field = this.#fields[index];
    if (field === undefined) {
      const i = index * STRIDE;
      const o = this.#offsets;
      field = new HeaderField(this.#source, o[i]!, o[i + 1]!, o[i + 2]!, o[i + 3]!, this.#options);
      this.#fields[index] = field;
    }
    return field;
  }

  /** The first field of that name, whatever its case. */
  get(name: string): HeaderField | undefined {
    const first = this.#index().get(name.toLowerCase())?.[0];
    return first === undefined ? undefined : this.at(first);
  }

  /** All fields of that name, whatever its case, in their order. */
  all(name: string): HeaderField[] {
    return (this.#index().get(name.toLowerCase()) ?? []).map((index) => this.at(index)!);
  }

  *[Symbol.iterator](): Generator<HeaderField> {
    for (let i = 0; i < this.length; i++) yield this.at(i)!;
  }

  #index(): Map<string, number[]> {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (let i = 0; i < this.#offsets.length; i += STRIDE) {
        const name = latin1FromBytes(this.#source, this.#offsets[i]!, this.#offsets[i + 1]!).toLowerCase();
        const indexes = this.#byName.get(name);
        if (indexes === undefined) this.#byName.set(name, [i / STRIDE]);
        else indexes.push(i / STRIDE);
      }
    }
    return this.#byName;
  }
}
