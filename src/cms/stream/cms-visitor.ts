import type { BerVisitor, StreamElement } from '../../asn1/ber-stream.js';
import { decodeOid } from '../../asn1/oid.js';
import { readBer, Tag } from '../../asn1/reader.js';
import { type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { notContentInfo, parseContentInfo } from '../content-info.js';
import { contentTypeName } from '../oids.js';
import { type CmsEvent, type CmsReaderLimits, type EnvelopeLengths, structureOf } from './cms-events.js';
import { type CmsHead, kindOf, readHead } from './cms-head.js';
import { Skeleton } from './skeleton.js';

/**
 * Where an element goes: `skeleton` as it stands; `frame` is entered and its header rewritten; `left-out` is entered
 * and not in the skeleton; `content` is told, or entered where it is constructed; `untyped-content` is told as it
 * stands, whatever is in it; `ignored` is passed over.
 */
type Sink = 'skeleton' | 'frame' | 'left-out' | 'content' | 'untyped-content' | 'ignored';

/** Levels at which the elements of a ContentInfo stand. */
const Level = {
  contentInfo: 0,
  typeAndContent: 1,
  structure: 2,
  fields: 3,
  contentInfoFields: 4,
  content: 5,
} as const;

/** A piece of the content with fewer octets counts as an element: whole content may have any number of pieces, but not of nothing. */
const shortPiece = 64;

/** Octets of a header that the skeleton gives to what is around the content. */
const frameOctets = 2;

/** Tells what {@link CmsEvent}s say while the elements of a CMS object go by, and keeps all but the content. */
export class CmsVisitor implements BerVisitor {
  readonly #limits: CmsReaderLimits;
  readonly #skeleton: Skeleton;
  #events: CmsEvent[] = [];
  /** How many elements came at each level, inside the one that is open above. */
  readonly #counts: number[] = [0];
  /** Where the element that is open at each level ends, `undefined` for an indefinite length. */
  readonly #ends: (number | undefined)[] = [];
  readonly #sinks: Sink[] = [];
  #kind: CmsHead['kind'] | undefined;
  /** Whether the next SEQUENCE among the fields is the one that the content is in. */
  #contentIsNext = false;
  #headTold = false;
  #shortPieces = 0;
  /** Of content without a type: whether its last two octets end it, and those that may be they. */
  #isIndefinite = false;
  #heldBack: Bytes = new Uint8Array(0);

  constructor(limits: CmsReaderLimits) {
    this.#limits = limits;
    this.#skeleton = new Skeleton(limits.structureOctets ?? 64 << 20);
  }

  /** The type of the ContentInfo, from its first octets. */
  get contentType(): string | undefined {
    const [type, length] = this.#skeleton.slice(frameOctets, frameOctets + 2);
    if (type !== Tag.ObjectIdentifier || length === undefined) return undefined;
    const end = frameOctets + 2 + length;
    if (this.#skeleton.length < end) return undefined;
    try {
      return decodeOid(readBer(this.#skeleton.slice(frameOctets, end)));
    } catch (error) {
      if (error instanceof MailsealError) return undefined;
      throw error;
    }
  }

  /** The events since the last call. */
  taken(): CmsEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  begin(element: StreamElement): boolean {
    const { depth, identifier, header } = element;
    if (depth <= Level.contentInfoFields) this.#ends[depth] = endOf(element);
    const index = this.#counts[depth]!;
    this.#counts[depth] = index + 1;
    this.#counts[depth + 1] = 0;
    const sink = this.#sinkOf(element, index);
    this.#sinks.push(sink);
    if (sink === 'content' && (element.length ?? 0) < shortPiece) this.#countShort(element);
    if (sink === 'frame') this.#skeleton.open(identifier);
    else if (sink === 'skeleton') this.#skeleton.add(header);
    return sink === 'frame' || sink === 'left-out' || sink === 'content';
  }

  octets(octets: Bytes): void {
    const sink = this.#sinks.at(-1);
    if (sink === 'skeleton') this.#skeleton.add(octets);
    else if (sink === 'content') this.#events.push({ type: 'content', octets });
    else if (sink === 'untyped-content') this.#untypedContent(octets);
  }

  finish(): void {
    const sink = this.#sinks.pop();
    const depth = this.#sinks.length;
    if (sink === 'frame') {
      // Nothing more can be the content: it is sent by other means.
      if (depth === Level.fields) this.#tellHead(false);
      this.#skeleton.close();
    }
    const isContent = sink === 'content' || sink === 'untyped-content';
    // Pieces of the content lie deeper.
    if (isContent && depth === (this.#isEncapsulated() ? Level.content : Level.contentInfoFields))
      this.#events.push({ type: 'content-end' });
  }

  /** Everything was read. */
  end(trailingOctets: number): void {
    if (this.#kind === undefined) throw notContentInfo();
    const document = this.#skeleton.closed();
    this.#tellHead(false);
    const info = { ...parseContentInfo(document, { limits: this.#limits }), trailingOctets };
    const structure = structureOf(this.#kind, info, this.#limits);
    this.#events.push({ type: 'end', structure, trailingOctets });
  }

  #countShort({ start }: StreamElement): void {
    const most = this.#limits.nodes ?? 1_000_000;
    if (++this.#shortPieces <= most) return;
    throw new MailsealError(
      'limit-nodes',
      `more than ${most} pieces of next to nothing, the next at octet ${start}`,
      {
        offset: start,
      },
    );
  }

  /** Whether the content is an element inside [0], or [0] itself. */
  #isEncapsulated(): boolean {
    return this.#kind === 'signedData' || this.#kind === 'digestedData' || this.#kind === 'compressedData';
  }

  #sinkOf(element: StreamElement, index: number): Sink {
    const { depth, identifier } = element;
    switch (depth) {
      case Level.contentInfo:
        if (identifier !== Tag.Sequence) throw notContentInfo();
        return 'frame';
      case Level.typeAndContent:
        return this.#sinkInContentInfo(identifier, index);
      case Level.structure:
        return index === 0 && identifier === Tag.Sequence ? 'frame' : 'skeleton';
      case Level.fields:
        return this.#sinkOfField(identifier, index);
      case Level.contentInfoFields:
        return this.#sinkAroundContent(element, index);
      case Level.content:
        return this.#isEncapsulated() ? this.#sinkOfContent(element, index) : piece(element);
      default:
        return piece(element);
    }
  }

  #sinkInContentInfo(identifier: number, index: number): Sink {
    if (index === 0) {
      if (identifier !== Tag.ObjectIdentifier) throw notContentInfo();
      return 'skeleton';
    }
    if (index > 1) return 'skeleton';
    if (identifier !== 0xa0) throw notContentInfo();
    const type = decodeOid(readBer(this.#skeleton.slice(frameOctets)));
    this.#kind = kindOf(type);
    if (this.#kind === undefined) {
      throw new MailsealError(
        'cms-wrong-type',
        `a type that can be read in pieces is wanted, this is ${contentTypeName(type)}`,
      );
    }
    return 'frame';
  }

  #sinkOfField(identifier: number, index: number): Sink {
    if (this.#headTold) return 'skeleton';
    if (this.#isEncapsulated()) this.#contentIsNext = index === 2;
    else if (this.#kind === 'encryptedData') this.#contentIsNext = index === 1;
    const isIt = this.#contentIsNext && identifier === Tag.Sequence;
    // RFC 5652 §6.1, RFC 5083 §2.1: the encrypted content follows the recipients.
    if (identifier === Tag.Set && index > 0) this.#contentIsNext = true;
    return isIt ? 'frame' : 'skeleton';
  }

  #sinkAroundContent(element: StreamElement, index: number): Sink {
    const { identifier } = element;
    const place = this.#isEncapsulated() ? 1 : 2;
    // What follows is read by nobody; in the skeleton it would stand where the content was.
    if (index > place) return 'ignored';
    if (this.#isEncapsulated()) return index === place && identifier === 0xa0 ? 'left-out' : 'skeleton';
    if (index < place || (identifier !== 0x80 && identifier !== 0xa0)) return 'skeleton';
    this.#tellHead(true, this.#lengthsAround(element));
    return 'content';
  }

  #sinkOfContent(element: StreamElement, index: number): Sink {
    // RFC 5652 §5.2: eContent holds one element; another reader would see another content.
    if (index > 0) throw unexpectedIn(element, 'an EncapsulatedContentInfo');
    this.#tellHead(true);
    // Version 1 of PKCS #7 let any type stand here; its content octets were signed then (RFC 5652 §5.2.1).
    if ((element.identifier & 0xdf) === Tag.OctetString) return 'content';
    this.#isIndefinite = element.length === undefined;
    return 'untyped-content';
  }

  #untypedContent(octets: Bytes): void {
    const whole = this.#heldBack.length === 0 ? octets : concatBytes([this.#heldBack, octets]);
    const end = this.#isIndefinite ? Math.max(0, whole.length - 2) : whole.length;
    this.#heldBack = whole.slice(end);
    if (end > 0) this.#events.push({ type: 'content', octets: whole.subarray(0, end) });
  }

  /** `undefined` where the content is in pieces, or something stands behind it that nobody reads. */
  #lengthsAround({ identifier, length }: StreamElement): EnvelopeLengths | undefined {
    const structureEnd = this.#ends[Level.structure];
    const contentEnd = this.#ends[Level.contentInfoFields];
    if (structureEnd === undefined || length === undefined || identifier !== 0x80) return undefined;
    return this.#ends[Level.fields] === contentEnd
      ? { content: length, after: structureEnd - contentEnd! }
      : undefined;
  }

  #tellHead(hasContent: boolean, lengths?: EnvelopeLengths): void {
    if (this.#headTold) return;
    this.#headTold = true;
    const head = readHead(this.#kind!, this.#skeleton.closed(), this.#limits);
    this.#events.push({ type: 'head', head, hasContent, ...(lengths === undefined ? {} : { lengths }) });
  }
}

function endOf({ start, header, length }: StreamElement): number | undefined {
  return length === undefined ? undefined : start + header.length + length;
}

/** X.690 §8.7.3: the pieces of an OCTET STRING are OCTET STRINGs. */
function piece(element: StreamElement): Sink {
  if ((element.identifier & 0xdf) !== Tag.OctetString) throw unexpectedIn(element, 'a piece of a string');
  return 'content';
}

function unexpectedIn({ identifier, start }: StreamElement, wanted: string): MailsealError {
  return new MailsealError(
    'asn1-unexpected',
    `${wanted} is wanted at octet ${start}, there is an element with identifier 0x${identifier.toString(16).padStart(2, '0')}`,
    { offset: start },
  );
}
