import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';

/** Bounds on what a BER document may make the reader do. */
export interface BerLimits {
  /** Levels of nesting below the outermost element; default 64. One more is `limit-depth`. */
  readonly depth?: number;
  /** TLVs looked at in one document; default 1,000,000. One more is `limit-nodes`. */
  readonly nodes?: number;
}

/** What {@link readBer} takes beside the octets. */
export interface ReadBerOptions {
  readonly limits?: BerLimits;
  /** Octets after the element are refused unless this is `true`. Default `false`. */
  readonly allowTrailing?: boolean;
}

/** What all nodes of one document share. */
interface Source {
  readonly document: Bytes;
  /** The limits. */
  readonly depth: number;
  readonly nodes: number;
  /** TLVs looked at so far. */
  used: number;
}

/** Universal tags as identifier octets, constructed bit included where DER has it. */
export const Tag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  Null: 0x05,
  ObjectIdentifier: 0x06,
  Enumerated: 0x0a,
  Utf8String: 0x0c,
  Sequence: 0x30,
  Set: 0x31,
  NumericString: 0x12,
  PrintableString: 0x13,
  TeletexString: 0x14,
  Ia5String: 0x16,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  VisibleString: 0x1a,
  UniversalString: 0x1c,
  BmpString: 0x1e,
} as const;

const constructedBit = 0x20;
const highTag = 0x1f;

/**
 * One TLV of a BER document: where it stands, not what it means. Nothing is
 * copied or decoded; children are found when asked for. An element of
 * indefinite length has its children found at once, since only they say where
 * it ends, so every header of a document is parsed once.
 *
 * @throws MailsealError from `children`: `asn1-unexpected` for a primitive
 * element, and the codes of {@link readBer}.
 * @example
 * ```ts
 * import { derExplicit, derInteger, derSequence, derUtf8String, readBer } from 'mailseal/asn1';
 *
 * const node = readBer(derSequence(derInteger(1), derExplicit(0, derUtf8String('署名'))));
 * const tagged = node.children.find((child) => child.isContext(0));
 * console.log(tagged?.start, tagged?.end, tagged?.content.length); // 5 15 8
 * ```
 */
export class BerNode {
  // A certificate has some hundred of these: each field costs the collector of garbage.

  /** The first identifier octet: class, constructed bit and, below 31, tag number. */
  readonly identifier: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  /** Offset of the first content octet. */
  readonly contentStart: number;
  /** Offset after the last content octet (for indefinite length, of the end-of-contents octets). */
  contentEnd: number;
  private readonly source: Source;
  /** Twice the depth, and one more for an indefinite length. */
  private readonly levelAndForm: number;
  private childNodes: BerNode[] | undefined;

  /** Made by {@link readBer} only. */
  constructor(
    source: Source,
    identifier: number,
    start: number,
    contentStart: number,
    contentEnd: number,
    depth: number,
    indefinite: boolean,
  ) {
    this.identifier = identifier;
    this.start = start;
    this.contentStart = contentStart;
    this.contentEnd = contentEnd;
    this.source = source;
    this.levelAndForm = depth * 2 + (indefinite ? 1 : 0);
    this.childNodes = undefined;
  }

  /** The octets of the whole document that was read. */
  get document(): Bytes {
    return this.source.document;
  }

  /** The tag number, also where it is 31 or more. */
  get tagNumber(): number {
    const short = this.identifier & highTag;
    if (short !== highTag) return short;
    const { document, contentStart } = this;
    let number = 0;
    // Held to what was read: the octets are the caller's, who may have changed them since.
    for (let at = this.start + 1; at < contentStart; at++) {
      const octet = document[at]!;
      number = number * 128 + (octet & 0x7f);
      if (octet < 0x80) break;
    }
    return number;
  }

  /** Offset after the whole element. */
  get end(): number {
    // Two end-of-contents octets close an indefinite length.
    return (this.levelAndForm & 1) === 0 ? this.contentEnd : this.contentEnd + 2;
  }

  /** Nesting level in the document, 0 for the outermost. */
  get depth(): number {
    return this.levelAndForm >> 1;
  }

  /** Whether the length was given in the indefinite form. */
  get indefinite(): boolean {
    return (this.levelAndForm & 1) !== 0;
  }

  /** Whether the content is itself made of TLVs. */
  get constructed(): boolean {
    return (this.identifier & constructedBit) !== 0;
  }

  /** A view of the whole element, header included. */
  get bytes(): Bytes {
    return this.document.subarray(this.start, this.end);
  }

  /** A view of the content octets. */
  get content(): Bytes {
    return this.document.subarray(this.contentStart, this.contentEnd);
  }

  /**
   * The elements inside a constructed one, in the order received; for a
   * primitive element an `asn1-unexpected` error.
   */
  get children(): readonly BerNode[] {
    if (this.childNodes !== undefined) return this.childNodes;
    if ((this.identifier & constructedBit) === 0) {
      throw new MailsealError(
        'asn1-unexpected',
        `the element at octet ${this.start} is primitive and holds no others`,
        {
          offset: this.start,
        },
      );
    }
    const nodes = this.readChildren();
    this.childNodes = nodes;
    return nodes;
  }

  private readChildren(): BerNode[] {
    const { source, contentEnd } = this;
    const depth = this.depth + 1;
    let at = this.contentStart;
    if (at >= contentEnd) return [];
    // Most have one, two or three: an array that is made for them takes a fifth of the space of one that grew.
    const first = readChild(source, at, contentEnd, depth);
    at = first.end;
    if (at >= contentEnd) return [first];
    const second = readChild(source, at, contentEnd, depth);
    at = second.end;
    if (at >= contentEnd) return [first, second];
    const third = readChild(source, at, contentEnd, depth);
    at = third.end;
    const nodes = [first, second, third];
    while (at < contentEnd) {
      const child = readChild(source, at, contentEnd, depth);
      nodes.push(child);
      at = child.end;
    }
    return nodes;
  }

  /** Whether this is an element of that identifier octet, the constructed bit included (see {@link Tag}). */
  is(identifier: number): boolean {
    return this.identifier === identifier;
  }

  /** Whether this is the context-specific element [n], primitive or constructed. */
  isContext(n: number): boolean {
    const { identifier } = this;
    return (
      (identifier & 0xc0) === 0x80 && (n < highTag ? (identifier & highTag) === n : this.tagNumber === n)
    );
  }

  /** @internal */
  adopt(children: BerNode[]): void {
    this.childNodes = children;
  }
}

/**
 * Reads one BER element (X.690 §8) and gives it as a {@link BerNode} over the
 * caller's octets, without copying.
 *
 * @throws MailsealError `asn1-truncated` where the input ends inside an
 * element, `asn1-malformed` where no BER can stand, `limit-depth`,
 * `limit-nodes`; each with its offset. Children are checked when first asked
 * for, and may throw the same.
 * @example
 * ```ts
 * import { decodeInteger, readBer } from 'mailseal/asn1';
 *
 * const sequence = readBer(new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x2a]));
 * console.log(decodeInteger(sequence.children[0]!)); // 42
 * ```
 */
export function readBer(octets: Uint8Array, options: ReadBerOptions = {}): BerNode {
  const document = asBytes(octets);
  const { limits } = options;
  const source: Source = {
    document,
    depth: limits?.depth ?? 64,
    nodes: limits?.nodes ?? 1_000_000,
    used: 0,
  };
  const node = readElement(source, 0, document.length, 0);
  if (node.identifier === 0) {
    throw new MailsealError('asn1-malformed', 'the input starts with end-of-contents octets', { offset: 0 });
  }
  if (node.end !== document.length && options.allowTrailing !== true) {
    throw new MailsealError(
      'asn1-malformed',
      `${document.length - node.end} octets follow the element that ends at octet ${node.end}`,
      { offset: node.end },
    );
  }
  return node;
}

/** Whether two elements, of one document or of two, are encoded in the same octets. */
export function sameEncoding(a: BerNode, b: BerNode): boolean {
  const { document, start } = a;
  const { document: other, start: otherStart } = b;
  const length = a.end - start;
  if (b.end - otherStart !== length) return false;
  for (let i = 0; i < length; i++) {
    if (document[start + i] !== other[otherStart + i]) return false;
  }
  return true;
}

/** Reads the element at an offset; one of indefinite length with everything up to its end. */
function readElement(source: Source, at: number, limit: number, depth: number): BerNode {
  const node = readHeader(source, at, limit, depth);
  if (node.indefinite) findEnd(node, limit, source);
  return node;
}

function readChild(source: Source, at: number, limit: number, depth: number): BerNode {
  const child = readElement(source, at, limit, depth);
  // X.690 §8.1.5: end-of-contents octets close an indefinite length and mean nothing elsewhere.
  if (child.identifier === 0) throw strayEnd(at);
  return child;
}

/** Reads identifier and length octets. The end of an element of indefinite length is not known yet. */
function readHeader(source: Source, start: number, limit: number, depth: number): BerNode {
  const { document } = source;
  if (depth > source.depth) {
    throw new MailsealError('limit-depth', `more than ${source.depth} levels of nesting at octet ${start}`, {
      offset: start,
    });
  }
  if (++source.used > source.nodes) {
    throw new MailsealError('limit-nodes', `more than ${source.nodes} elements, the next at octet ${start}`, {
      offset: start,
    });
  }
  if (start + 2 > limit) throw truncated(start, limit);
  const identifier = document[start]!;
  let at = start + 1;
  if ((identifier & highTag) === highTag) {
    // X.690 §8.1.2.4: base 128, no leading zero. Four octets are more than any tag in use.
    let tagNumber = 0;
    let octet: number;
    do {
      if (at >= limit) throw truncated(start, limit);
      octet = document[at++]!;
      if (at - start > 5 || (octet === 0x80 && tagNumber === 0)) {
        throw new MailsealError('asn1-malformed', `the tag number at octet ${start} is too long`, {
          offset: start,
        });
      }
      tagNumber = tagNumber * 128 + (octet & 0x7f);
    } while (octet >= 0x80);
    // X.690 §8.1.2.2: numbers up to 30 have the short form only, so that no element has two looks.
    if (tagNumber < highTag) {
      throw new MailsealError('asn1-malformed', `the tag number at octet ${start} wants the short form`, {
        offset: start,
      });
    }
    if (at >= limit) throw truncated(start, limit);
  }
  let length = document[at++]!;
  if (length === 0x80) {
    // X.690 §8.1.3.2: only a constructed encoding can be of indefinite length.
    if ((identifier & constructedBit) === 0) {
      throw new MailsealError(
        'asn1-malformed',
        `the primitive element at octet ${start} has an indefinite length`,
        {
          offset: start,
        },
      );
    }
    return new BerNode(source, identifier, start, at, limit, depth, true);
  }
  if (length > 0x80) {
    // X.690 §8.1.3.5: 0xFF is reserved.
    if (length === 0xff) {
      throw new MailsealError('asn1-malformed', `the length at octet ${at - 1} is reserved`, {
        offset: at - 1,
      });
    }
    const last = at + (length & 0x7f);
    if (last > limit) throw truncated(start, limit);
    length = 0;
    // Stops at the first octet that carries the length past the end: no number grows large.
    for (; at < last; at++) {
      length = length * 256 + document[at]!;
      if (length > limit) throw truncated(start, limit);
    }
  }
  if (at + length > limit) throw truncated(start, limit);
  if (identifier === 0 && length !== 0) {
    throw new MailsealError('asn1-malformed', `the reserved tag 0 stands at octet ${start}`, {
      offset: start,
    });
  }
  return new BerNode(source, identifier, start, at, at + length, depth, false);
}

/** Finds the end of an element of indefinite length by reading the headers inside it, without recursion. */
function findEnd(outer: BerNode, limit: number, source: Source): void {
  const { document } = source;
  const open: { node: BerNode; children: BerNode[] }[] = [{ node: outer, children: [] }];
  let at = outer.contentStart;
  for (;;) {
    const { node, children } = open[open.length - 1]!;
    // End-of-contents octets are no element, and so no level and no node of their own.
    if (at + 2 <= limit && document[at] === 0 && document[at + 1] === 0) {
      node.contentEnd = at;
      at += 2;
      node.adopt(children);
      open.pop();
      if (open.length === 0) return;
      continue;
    }
    const child = readHeader(source, at, limit, node.depth + 1);
    // A zero length in more octets than one is not what X.690 §8.1.5 has.
    if (child.identifier === 0) throw strayEnd(at);
    children.push(child);
    if (child.indefinite) {
      open.push({ node: child, children: [] });
      at = child.contentStart;
    } else at = child.end;
  }
}

function strayEnd(at: number): MailsealError {
  return new MailsealError('asn1-malformed', `end-of-contents octets at ${at} close nothing`, { offset: at });
}

function truncated(start: number, limit: number): MailsealError {
  return new MailsealError(
    'asn1-truncated',
    `the element at octet ${start} goes on past the end at octet ${limit}`,
    {
      offset: start,
    },
  );
}
