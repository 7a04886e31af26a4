import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { BerLimits } from './reader.js';

/** The header of an element that was met in a stream. */
export interface StreamElement {
  /** The first identifier octet: class, constructed bit and, below 31, tag number. */
  readonly identifier: number;
  /** Offset of the identifier octet in the stream. */
  readonly start: number;
  /** Octets of the content; `undefined` for an indefinite length. */
  readonly length: number | undefined;
  /** Nesting level, 0 for the outermost. */
  readonly depth: number;
  /** Identifier and length octets as they came; the array is the visitor's to keep. */
  readonly header: Bytes;
}

/**
 * Who is told of the elements of a stream, in its order. Each element that was begun is ended;
 * between the two come the elements inside it, or its octets.
 */
export interface BerVisitor {
  /**
   * An element begins.
   *
   * @returns for a constructed one whether those inside it are to be told one by one; else its octets are, as they
   * stand, and of an indefinite length its end-of-contents octets last. A primitive one has octets in any case.
   */
  begin(element: StreamElement): boolean;
  /** The next octets inside the element that was begun last; a view of the chunk, never empty. */
  octets(octets: Bytes): void;
  /** The innermost element that is open ends. */
  finish(): void;
}

interface OpenElement {
  /** Where its content ends; `undefined` for an indefinite length. */
  readonly end: number | undefined;
  /** Where the innermost element around it with a definite length ends, its own if it has one. */
  readonly limit: number;
  /** Offset of its identifier octet. */
  readonly start: number;
  /** Whether the visitor is told of what is inside. */
  readonly entered: boolean;
  /** Whether the visitor knows of it at all: inside one that was not entered it does not. */
  readonly told: boolean;
}

const constructedBit = 0x20;
const highTag = 0x1f;
/** Identifier of at most 6 octets, then 1 octet and at most 126 more of the length. */
const longestHeader = 133;

/**
 * Reads one BER element (X.690 §8) from chunks of any size, in memory that does not grow with it, and by the rules
 * of `readBer`; elements are not counted, since none is kept: that is for who keeps them.
 *
 * @throws MailsealError `asn1-truncated`, `asn1-malformed`, `limit-depth`, each with its offset in the stream. After an error nothing more may be pushed.
 */
export class BerStream {
  readonly #visitor: BerVisitor;
  readonly #mostDepth: number;
  /** Octets read. */
  #offset = 0;
  readonly #open: OpenElement[] = [];
  /** Content octets of the primitive element, or of the constructed one that is told whole, which are still to come. */
  #left = 0;
  /** The header that is being read. */
  readonly #header: Bytes = new Uint8Array(longestHeader);
  #headerLength = 0;
  #started = false;
  #trailing = 0;

  constructor(visitor: BerVisitor, limits: Pick<BerLimits, 'depth'> = {}) {
    this.#visitor = visitor;
    this.#mostDepth = limits.depth ?? 64;
  }

  /** Octets that came after the element. */
  get trailingOctets(): number {
    return this.#trailing;
  }

  /** Whether the element came to its end. */
  get isComplete(): boolean {
    return this.#started && this.#open.length === 0 && this.#left === 0 && this.#headerLength === 0;
  }

  /** Takes the next chunk. */
  push(chunk: Bytes): void {
    const { length } = chunk;
    let at = 0;
    while (at < length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, length - at);
        this.#visitor.octets(chunk.subarray(at, at + taken));
        this.#left -= taken;
        this.#offset += taken;
        at += taken;
        if (this.#left === 0) this.#closeEnded();
        continue;
      }
      if (this.isComplete) {
        this.#trailing += length - at;
        this.#offset += length - at;
        return;
      }
      const octet = chunk[at]!;
      at++;
      this.#takeHeaderOctet(octet);
    }
  }

  /** The stream ends. */
  end(): void {
    if (this.isComplete) return;
    throw truncated(this.#open[0]?.start ?? 0, this.#offset);
  }

  #takeHeaderOctet(octet: number): void {
    const start = this.#offset - this.#headerLength;
    // X.690 §8.1: an element lies wholly inside the one around it.
    const limit = this.#open.at(-1)?.limit ?? Number.MAX_SAFE_INTEGER;
    if (this.#offset >= limit) throw truncated(start, limit);
    if (this.#headerLength === longestHeader)
      throw malformed(`the header at octet ${start} is too long`, start);
    this.#header[this.#headerLength++] = octet;
    this.#offset++;
    const length = contentLength(this.#header, this.#headerLength, start, limit);
    if (length === undefined) return;
    const header = this.#header.slice(0, this.#headerLength);
    this.#headerLength = 0;
    this.#begin(header, start, length, limit);
  }

  #begin(header: Bytes, start: number, length: number, limit: number): void {
    const identifier = header[0]!;
    const parent = this.#open.at(-1);
    if (identifier === 0) {
      this.#endOfContents(header, start, parent);
      return;
    }
    const depth = this.#open.length;
    if (depth > this.#mostDepth) {
      throw new MailsealError(
        'limit-depth',
        `more than ${this.#mostDepth} levels of nesting at octet ${start}`,
        { offset: start },
      );
    }
    this.#started = true;
    const indefinite = length === indefiniteLength;
    const constructed = (identifier & constructedBit) !== 0;
    const told = parent === undefined || parent.entered;
    let entered = false;
    if (told) {
      const content = indefinite ? undefined : length;
      entered = this.#visitor.begin({ identifier, start, length: content, depth, header }) && constructed;
    } else this.#visitor.octets(header);
    const end = indefinite ? undefined : this.#offset + length;
    this.#open.push({ start, end, limit: end ?? limit, entered, told });
    if (!indefinite && !entered) this.#left = length;
    if (this.#left === 0) this.#closeEnded();
  }

  #endOfContents(header: Bytes, start: number, parent: OpenElement | undefined): void {
    // X.690 §8.1.5: end-of-contents octets are two zeros, close an indefinite length and mean nothing elsewhere.
    if (parent === undefined) throw malformed('the input starts with end-of-contents octets', start);
    if (header.length !== 2 || header[1] !== 0)
      throw malformed(`the reserved tag 0 stands at octet ${start}`, start);
    if (parent.end !== undefined) throw malformed(`end-of-contents octets at ${start} close nothing`, start);
    if (!parent.entered) this.#visitor.octets(header);
    this.#close();
    this.#closeEnded();
  }

  /** Closes what ends here: elements of a definite length whose last octet was read. */
  #closeEnded(): void {
    for (;;) {
      const innermost = this.#open.at(-1);
      if (innermost?.end !== this.#offset) return;
      this.#close();
    }
  }

  #close(): void {
    if (this.#open.pop()?.told === true) this.#visitor.finish();
  }
}

/** What {@link contentLength} gives for an indefinite length. */
const indefiniteLength = -1;

/**
 * The length that a header tells, `undefined` while octets of it are missing. Called for each octet, so that the
 * first one that cannot stand there is the one that is named.
 */
function contentLength(header: Bytes, count: number, start: number, limit: number): number | undefined {
  let at = 1;
  if ((header[0]! & highTag) === highTag) {
    // X.690 §8.1.2.4: base 128, no leading zero. Four octets are more than any tag in use.
    let tagNumber = 0;
    for (;;) {
      if (at >= count) return undefined;
      const octet = header[at++]!;
      if (at > 5 || (octet === 0x80 && tagNumber === 0))
        throw malformed(`the tag number at octet ${start} is too long`, start);
      tagNumber = tagNumber * 128 + (octet & 0x7f);
      if (octet < 0x80) break;
    }
    // X.690 §8.1.2.2: numbers up to 30 have the short form only, so that no element has two looks.
    if (tagNumber < highTag) throw malformed(`the tag number at octet ${start} wants the short form`, start);
  }
  if (at >= count) return undefined;
  const first = header[at++]!;
  if (first === 0x80) {
    // X.690 §8.1.3.2: only a constructed encoding can be of indefinite length.
    if ((header[0]! & constructedBit) === 0)
      throw malformed(`the primitive element at octet ${start} has an indefinite length`, start);
    return indefiniteLength;
  }
  // X.690 §8.1.3.5: 0xFF is reserved.
  if (first === 0xff) {
    const place = start + at - 1;
    throw malformed(`the length at octet ${place} is reserved`, place);
  }
  let length = first;
  if (first > 0x80) {
    const last = at + (first & 0x7f);
    length = 0;
    for (; at < Math.min(last, count); at++) {
      length = length * 256 + header[at]!;
      if (length > limit) throw truncated(start, limit);
    }
    if (count < last) return undefined;
  }
  if (start + at + length > limit) throw truncated(start, limit);
  return length;
}

function malformed(what: string, offset: number): MailsealError {
  return new MailsealError('asn1-malformed', what, { offset });
}

function truncated(start: number, limit: number): MailsealError {
  return new MailsealError(
    'asn1-truncated',
    `the element at octet ${start} goes on past the end at octet ${limit}`,
    { offset: start },
  );
}
