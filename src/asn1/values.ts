import { type Bytes, concatBytes, latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { strictUtf8FromBytes, utf8FromBytes } from '../core/utf8.js';
import { type BerNode, Tag } from './reader.js';

/** The `asn1-unexpected` error for an element that is not what the syntax has at that place. */
export function unexpected(node: BerNode, wanted: string): MailsealError {
  return new MailsealError(
    'asn1-unexpected',
    `${wanted} is wanted at octet ${node.start}, there is an element with identifier 0x${node.identifier.toString(16).padStart(2, '0')}`,
    { offset: node.start },
  );
}

/**
 * The children of a SEQUENCE.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else.
 */
export function sequenceOf(node: BerNode, name = 'a SEQUENCE'): readonly BerNode[] {
  if (node.identifier !== Tag.Sequence) throw unexpected(node, name);
  return node.children;
}

/** The children of a SET; throws as {@link sequenceOf} does. */
export function setOf(node: BerNode, name = 'a SET'): readonly BerNode[] {
  if (node.identifier !== Tag.Set) throw unexpected(node, name);
  return node.children;
}

/** A BOOLEAN. */
export function decodeBoolean(node: BerNode): boolean {
  if (node.identifier !== Tag.Boolean || node.contentEnd - node.contentStart !== 1)
    throw unexpected(node, 'a BOOLEAN');
  return node.document[node.contentStart] !== 0;
}

/** The octets of an INTEGER, two's complement, most significant first, as they stand; a view. */
export function integerBytes(node: BerNode): Bytes {
  if (
    (node.identifier !== Tag.Integer && node.identifier !== Tag.Enumerated) ||
    node.contentStart === node.contentEnd
  ) {
    throw unexpected(node, 'an INTEGER');
  }
  return node.content;
}

/**
 * An INTEGER as a number.
 *
 * @throws MailsealError `asn1-malformed` when it needs more than 48 bits.
 */
export function decodeInteger(node: BerNode): number {
  const octets = integerBytes(node);
  if (octets.length > 6) {
    throw new MailsealError('asn1-malformed', `the INTEGER at octet ${node.start} is too large here`, {
      offset: node.start,
    });
  }
  let value = octets[0]! >= 0x80 ? -1 : 0;
  for (const octet of octets) value = value * 256 + octet;
  return value;
}

/** The octets of a non-negative INTEGER without leading zeros (one zero octet for 0); `asn1-malformed` for a negative one. */
export function unsignedBytes(node: BerNode): Bytes {
  const octets = integerBytes(node);
  if (octets[0]! >= 0x80) {
    throw new MailsealError('asn1-malformed', `the INTEGER at octet ${node.start} is negative`, {
      offset: node.start,
    });
  }
  let at = 0;
  while (at < octets.length - 1 && octets[at] === 0) at++;
  return octets.subarray(at);
}

/**
 * The value of an OCTET STRING, its pieces joined where it is constructed
 * (X.690 §8.7); a view of the document where it is primitive.
 */
export function octetString(node: BerNode, name = 'an OCTET STRING'): Bytes {
  if ((node.identifier & 0xdf) !== Tag.OctetString) throw unexpected(node, name);
  return stringOctets(node, Tag.OctetString);
}

/**
 * The value of any string type but BIT STRING, also of one that is tagged
 * implicitly. X.690 §8.23 makes the pieces of a constructed character string
 * OCTET STRINGs; many writers repeat the string's own type instead, which is
 * taken too when it is `pieceTag`.
 */
export function stringOctets(node: BerNode, pieceTag: number): Bytes {
  if (!node.constructed) return node.content;
  const pieces: Bytes[] = [];
  collectPieces(node, pieceTag, pieces);
  return pieces.length === 1 ? pieces[0]! : concatBytes(pieces);
}

/** Walks nested pieces; the reader's depth limit bounds the recursion. */
function collectPieces(node: BerNode, pieceTag: number, pieces: Bytes[]): void {
  for (const piece of node.children) {
    const tag = piece.identifier & 0xdf;
    if (tag !== Tag.OctetString && tag !== pieceTag) throw unexpected(piece, 'a piece of a string');
    if (piece.constructed) collectPieces(piece, pieceTag, pieces);
    else pieces.push(piece.content);
  }
}

/** A BIT STRING: its octets, and how many of the last octet's low bits do not count. */
export interface BitString {
  readonly octets: Bytes;
  readonly unusedBits: number;
}

/** The value of a BIT STRING (X.690 §8.6), pieces joined where it is constructed. */
export function bitString(node: BerNode): BitString {
  if ((node.identifier & 0xdf) !== Tag.BitString) throw unexpected(node, 'a BIT STRING');
  return bitStringContent(node);
}

/** Like {@link bitString} for one that is tagged implicitly. */
export function bitStringContent(node: BerNode): BitString {
  const pieces: Bytes[] = [];
  let unusedBits = 0;
  const take = (piece: BerNode): void => {
    // X.690 §8.6.4: only the last piece may have unused bits.
    if (unusedBits !== 0)
      throw new MailsealError(
        'asn1-malformed',
        `the BIT STRING at octet ${piece.start} follows one that ended inside an octet`,
        { offset: piece.start },
      );
    if (piece.constructed) {
      for (const inner of piece.children) {
        if ((inner.identifier & 0xdf) !== Tag.BitString) throw unexpected(inner, 'a piece of a BIT STRING');
        take(inner);
      }
      return;
    }
    const { content } = piece;
    const unused = content[0];
    if (unused === undefined || unused > 7 || (unused > 0 && content.length === 1)) {
      throw new MailsealError(
        'asn1-malformed',
        `the BIT STRING at octet ${piece.start} has a wrong first octet`,
        {
          offset: piece.start,
        },
      );
    }
    unusedBits = unused;
    pieces.push(content.subarray(1));
  };
  take(node);
  return { octets: pieces.length === 1 ? pieces[0]! : concatBytes(pieces), unusedBits };
}

/** Whether bit n (the first is 0, the most significant of the first octet) of a BIT STRING is set. */
export function bitAt(bits: BitString, n: number): boolean {
  const octet = bits.octets[n >> 3];
  if (octet === undefined || n >= bits.octets.length * 8 - bits.unusedBits) return false;
  return (octet & (0x80 >> (n & 7))) !== 0;
}

/** Whether an element is one of the ASN.1 character string types that {@link decodeString} reads. */
export function isString(node: BerNode): boolean {
  return stringTags.has(node.identifier & 0xdf);
}

const stringTags: ReadonlySet<number> = /* @__PURE__ */ new Set<number>([
  Tag.Utf8String,
  Tag.NumericString,
  Tag.PrintableString,
  Tag.TeletexString,
  Tag.Ia5String,
  Tag.VisibleString,
  Tag.UniversalString,
  Tag.BmpString,
]);

/**
 * The text of a character string of any type. A TeletexString is read as
 * ISO 8859-1, which is what everybody puts into it; octets over 127 in the
 * ASCII types as UTF-8 where they are that, else likewise. What is no
 * character, a lone surrogate too, becomes U+FFFD.
 */
export function decodeString(node: BerNode): string {
  const tag = node.identifier & 0xdf;
  if (!stringTags.has(tag)) throw unexpected(node, 'a character string');
  const octets = stringOctets(node, tag);
  switch (tag) {
    case Tag.Utf8String:
      return utf8FromBytes(octets);
    case Tag.BmpString:
      return wideString(octets, 2);
    case Tag.UniversalString:
      return wideString(octets, 4);
    case Tag.TeletexString:
      return latin1FromBytes(octets);
    default:
      return strictUtf8FromBytes(octets) ?? latin1FromBytes(octets);
  }
}

function wideString(octets: Uint8Array, width: 2 | 4): string {
  let text = '';
  for (let at = 0; at + width <= octets.length; at += width) {
    let unit = 0;
    for (let i = 0; i < width; i++) unit = unit * 256 + octets[at + i]!;
    text += unit > 0x10ffff ? '\ufffd' : String.fromCodePoint(unit);
  }
  const whole = octets.length % width === 0 ? text : `${text}\ufffd`;
  return whole.replace(/\p{Surrogate}/gu, '\ufffd');
}
