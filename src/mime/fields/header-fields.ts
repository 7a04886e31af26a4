import type { Bytes } from '../../core/bytes.js';
import { type MimeDefect, mimeDefect } from '../defects.js';
import type { MessageOctets } from '../message-octets.js';
import { type DecodedWords, decodeEncodedWords } from './encoded-words.js';
import { HeaderBlock } from './header-block.js';
import type { HeaderText } from './header-text.js';
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
  readonly #block: HeaderBlock;
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

  /** Fields come from {@link HeaderFields}. */
  constructor(
    block: HeaderBlock,
    start: number,
    nameEnd: number,
    valueStart: number,
    end: number,
    options: ValueOptions = {},
  ) {
    this.#block = block;
    this.#options = options;
    this.start = start;
    this.nameEnd = nameEnd;
    this.valueStart = valueStart;
    this.end = end;
  }

  /** The name as it is written, without blanks before the colon. */
  get name(): string {
    this.#name ??= this.#block.characters(this.start, this.nameEnd);
    return this.#name;
  }

  /** All its octets, folds and last line end included; a view. */
  get raw(): Bytes {
    return this.#block.source.subarray(this.start, this.end);
  }

  /** The octets after the colon, folds included, the last line end not; a view. */
  get rawValue(): Bytes {
    const { source } = this.#block;
    let end = this.end;
    if (end > this.valueStart && source[end - 1] === 0x0a) end--;
    if (end > this.valueStart && source[end - 1] === 0x0d) end--;
    return source.subarray(this.valueStart, end);
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
    const { value } = this;
    return this.#block.mayHoldWords && value.includes('=?') ? this.#words().text : value;
  }

  /** What was wrong with the value. Offsets are those of the value's first octet. */
  get defects(): readonly MimeDefect[] {
    return [
      ...this.#unfolded().defects.map((code) => mimeDefect(code, this.valueStart)),
      ...this.#words().defects.map((defect) => ({ ...defect, offset: this.valueStart })),
    ];
  }

  #unfolded(): HeaderText {
    this.#text ??= this.#block.value(this.valueStart, this.end);
    return this.#text;
  }

  #words(): DecodedWords {
    this.#decoded ??= decodeEncodedWords(this.value, this.#options);
    return this.#decoded;
  }
}

/** Numbers kept for each field: start, end of the name, start of the value, end. */
const STRIDE = 4;
/** So many times all names are looked at before an index is worth its price, and in short blocks always. */
const FEW_SEARCHES = 24;
const FEW_FIELDS = 64;

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
  readonly #block: HeaderBlock;
  readonly #offsets: readonly number[];
  readonly #options: ValueOptions;
  readonly #fields: (HeaderField | undefined)[] = [];
  #searches = 0;
  /** The first field of each name, in lower case; made only where many are asked for. */
  #first: Map<string, number> | undefined;
  /** With {@link #first}: for each field the next of the same name, 0 where there is none. */
  #next: Uint32Array | undefined;

  /**
   * @param offsets start, end of the name, start of the value and end of each field, one after the other
   * @param options what holds where values are read
   */
  constructor(octets: MessageOctets, offsets: readonly number[], options: ValueOptions = {}) {
    this.#block = new HeaderBlock(octets, offsets[0] ?? 0, offsets[offsets.length - 1] ?? 0);
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
      field = new HeaderField(this.#block, o[i]!, o[i + 1]!, o[i + 2]!, o[i + 3]!, this.#options);
      this.#fields[index] = field;
    }
    return field;
  }

  /** The first field of that name, whatever its case. */
  get(name: string): HeaderField | undefined {
    const first = this.#find(name.toLowerCase());
    return first < 0 ? undefined : this.at(first);
  }

  /** The place of the first field of a name in lower case, -1 where there is none. */
  #find(name: string): number {
    return this.#isIndexed() ? (this.#first!.get(name) ?? -1) : this.#search(name, 0);
  }

  /**
   * What the first field of a name in lower case says, `undefined` where there
   * is none: read by `plain` out of the block where it stands, without making
   * a field of it, or where that gives up by `parse`.
   *
   * @internal
   */
  structured<T>(
    name: string,
    plain: (text: string, start: number, end: number, options: ValueOptions) => T | undefined,
    parse: (value: string, offset: number, options: ValueOptions) => T,
  ): T | undefined {
    const index = this.#find(name);
    if (index < 0) return undefined;
    const start = this.#offsets[index * STRIDE + 2]!;
    const text = this.#block.plain();
    return (
      (text === null
        ? undefined
        : plain(
            text.text,
            start - text.start,
            this.#offsets[index * STRIDE + 3]! - text.start,
            this.#options,
          )) ?? parse(this.at(index)!.value, start, this.#options)
    );
  }

  /** All fields of that name, whatever its case, in their order. */
  all(name: string): HeaderField[] {
    const wanted = name.toLowerCase();
    const found: HeaderField[] = [];
    const indexed = this.#isIndexed();
    let index = indexed ? (this.#first!.get(wanted) ?? -1) : this.#search(wanted, 0);
    while (index >= 0) {
      found.push(this.at(index)!);
      index = indexed ? this.#next![index]! || -1 : this.#search(wanted, index + 1);
    }
    return found;
  }

  [Symbol.iterator](): ArrayIterator<HeaderField> {
    for (let i = 0; i < this.length; i++) this.at(i);
    return (this.#fields as HeaderField[])[Symbol.iterator]();
  }

  /** Whether there is an index by name; it is made when many searches were. */
  #isIndexed(): boolean {
    if (this.#first !== undefined) return true;
    if (this.length <= FEW_FIELDS || ++this.#searches <= FEW_SEARCHES) return false;
    this.#first = this.#index();
    return true;
  }

  /** The place of the first field of a name in lower case from a place on, -1 where there is none. */
  #search(name: string, from: number): number {
    const offsets = this.#offsets;
    const { source } = this.#block;
    for (let i = from * STRIDE; i < offsets.length; i += STRIDE) {
      const start = offsets[i]!;
      if (offsets[i + 1]! - start === name.length && isNamed(source, start, name)) return i / STRIDE;
    }
    return -1;
  }

  #index(): Map<string, number> {
    const first = new Map<string, number>();
    const last = new Map<string, number>();
    const next = new Uint32Array(this.length);
    for (let index = 0; index < this.length; index++) {
      const start = this.#offsets[index * STRIDE]!;
      const name = this.#block.characters(start, this.#offsets[index * STRIDE + 1]!).toLowerCase();
      const before = last.get(name) ?? first.get(name);
      if (before === undefined) first.set(name, index);
      else {
        next[before] = index;
        last.set(name, index);
      }
    }
    this.#next = next;
    return first;
  }
}

/** Whether octets are a name in lower case, whatever their case. */
function isNamed(source: Bytes, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = source[start + i]!;
    const unit = name.charCodeAt(i);
    if (octet !== unit && (octet !== unit - 0x20 || unit < 0x61 || unit > 0x7a)) return false;
  }
  return true;
}
