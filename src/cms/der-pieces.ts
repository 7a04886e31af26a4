import { compareOctets, headerLength, putHeader } from '../asn1/writer.js';
import type { Bytes } from '../core/bytes.js';

/**
 * The DER of a SET OF under the identifier octet that it has, implicit tags
 * included (X.690 §11.6: the elements in ascending order).
 *
 * Elements of one kind begin alike, a thousand recipients of one authority
 * with hundreds of octets: what is common to all is not compared each time.
 */
export function derSetAs(identifier: number, elements: readonly Uint8Array[]): Bytes {
  return setElement(identifier, elements).encoded();
}

/** {@link derSetAs} as its header and the elements, for who writes them one after the other. */
export function setPieces(identifier: number, elements: readonly Uint8Array[]): Uint8Array[] {
  let length = 0;
  for (const each of elements) length += each.length;
  const header = new Uint8Array(headerLength(length));
  putHeader(header, 0, identifier, length);
  return [header, ...sorted(elements)];
}

function sorted(elements: readonly Uint8Array[]): readonly Uint8Array[] {
  const [first] = elements;
  if (first === undefined || elements.length === 1) return elements;
  let common = first.length;
  for (const each of elements) {
    let at = 0;
    const end = Math.min(common, each.length);
    while (at < end && each[at] === first[at]) at++;
    common = at;
  }
  return elements.toSorted((a, b) => compareOctets(a, b, common));
}

/** Octets of DER, or an element that is yet to be written. */
export type DerContent = Uint8Array | DerElement;

/**
 * An element around others, written with all that is in it at once: what is
 * joined once at the end was not copied at every level, which counts for large content.
 */
export class DerElement {
  /** Octets of the element, its header included. */
  readonly length: number;
  private readonly identifier: number;
  private readonly content: readonly DerContent[];
  private readonly contentLength: number;

  constructor(identifier: number, content: readonly DerContent[]) {
    let length = 0;
    for (const each of content) length += each.length;
    this.identifier = identifier;
    this.content = content;
    this.contentLength = length;
    this.length = headerLength(length) + length;
  }

  /** Its DER. */
  encoded(): Bytes {
    const octets = new Uint8Array(this.length);
    this.write(octets, 0);
    return octets;
  }

  private write(target: Bytes, start: number): number {
    let at = putHeader(target, start, this.identifier, this.contentLength);
    for (const each of this.content) {
      if (each instanceof DerElement) at = each.write(target, at);
      else {
        target.set(each, at);
        at += each.length;
      }
    }
    return at;
  }
}

/** {@link derSetAs} as an element in others. */
export function setElement(identifier: number, elements: readonly Uint8Array[]): DerElement {
  return new DerElement(identifier, sorted(elements));
}
