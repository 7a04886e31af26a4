import { compareOctets, derOfPieces, headerLength, putHeader } from '../asn1/writer.js';
import type { Bytes } from '../core/bytes.js';

/**
 * The DER of a SET OF under the identifier octet that it has, implicit tags
 * included (X.690 §11.6: the elements in ascending order).
 *
 * Elements of one kind begin alike, a thousand recipients of one authority
 * with hundreds of octets: what is common to all is not compared each time.
 */
export function derSetAs(identifier: number, elements: readonly Uint8Array[]): Bytes {
  return derOfPieces(identifier, sorted(elements));
}

/** {@link derSetAs} as its header and the elements, for {@link wrapped} and one joining at the end. */
export function setPieces(identifier: number, elements: readonly Uint8Array[]): Uint8Array[] {
  return wrapped(identifier, sorted(elements));
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
  if (common === 0) return elements.toSorted(compareOctets);
  return elements
    .map((element) => ({ element, rest: element.subarray(common) }))
    .sort((a, b) => compareOctets(a.rest, b.rest))
    .map(({ element }) => element);
}

/**
 * An element around pieces, as its header and the pieces: what is joined once
 * at the end was not copied at every level, which counts for large content.
 */
export function wrapped(identifier: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return [header(identifier, length), ...pieces];
}

function header(identifier: number, length: number): Uint8Array {
  const octets = new Uint8Array(headerLength(length));
  putHeader(octets, 0, identifier, length);
  return octets;
}
