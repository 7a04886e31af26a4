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
 * The children of a SEQUENCE (X.690 §8.9). `name` is what the error calls it.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else;
 * the codes of `readBer` where a child cannot be read.
 * @example
 * ```ts
 * import { decodeInteger, decodeString, derInteger, derSequence, derUtf8String, readBer, sequenceOf } from 'mailseal/asn1';
 *
 * const [version, label] = sequenceOf(readBer(derSequence(derInteger(3), derUtf8String('封'))));
 * if (version && label) console.log(decodeInteger(version), decodeString(label)); // 3 封
 * ```
 */
export function sequenceOf(node: BerNode, name = 'a SEQUENCE'): readonly BerNode[] {
  if (node.identifier !== Tag.Sequence) throw unexpected(node, name);
  return node.children;
}

/**
 * The children of a SET (X.690 §8.11, §8.12) in the order received; throws as
 * {@link sequenceOf} does.
 * @example
 * ```ts
 * import { decodeInteger, derInteger, derSetOf, readBer, setOf } from 'mailseal/asn1';
 *
 * const set = readBer(derSetOf(derInteger(9), derInteger(2)));
 * console.log(setOf(set).map(decodeInteger)); // [ 2, 9 ]
 * ```
 */
export function setOf(node: BerNode, name = 'a SET'): readonly BerNode[] {
  if (node.identifier !== Tag.Set) throw unexpected(node, name);
  return node.children;
}

/**
 * The value of a BOOLEAN (X.690 §8.2): any octet but zero is TRUE.
 *
 * @throws MailsealError `asn1-unexpected` when the element is no BOOLEAN of one octet.
 * @example
 * ```ts
 * import { decodeBoolean, readBer } from 'mailseal/asn1';
 *
 * console.log(decodeBoolean(readBer(new Uint8Array([0x01, 0x01, 0xff])))); // true
 * ```
 */
export function decodeBoolean(node: BerNode): boolean {
  if (node.identifier !== Tag.Boolean || node.contentEnd - node.contentStart !== 1)
    throw unexpected(node, 'a BOOLEAN');
  return node.document[node.contentStart] !== 0;
}

/**
 * The octets of an INTEGER or ENUMERATED (X.690 §8.3), two's complement, most
 * significant first, as they stand; a view.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else or empty.
 * @example
 * ```ts
 * import { derInteger, integerBytes, readBer } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(integerBytes(readBer(derInteger(0x80))))); // 0080
 * ```
 */
export function integerBytes(node: BerNode): Bytes {
  assertInteger(node);
  return node.content;
}

function assertInteger(node: BerNode): void {
  const { identifier } = node;
  if ((identifier !== Tag.Integer && identifier !== Tag.Enumerated) || node.contentStart === node.contentEnd)
    throw unexpected(node, 'an INTEGER');
}

/**
 * An INTEGER or ENUMERATED as a number; {@link integerBytes} gives one of any size.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else or
 * empty, `asn1-malformed` when it has more than 6 octets.
 * @example
 * ```ts
 * import { decodeInteger, derInteger, readBer } from 'mailseal/asn1';
 *
 * console.log(decodeInteger(readBer(derInteger(-129)))); // -129
 * ```
 */
export function decodeInteger(node: BerNode): number {
  assertInteger(node);
  const { document, contentStart, contentEnd } = node;
  if (contentEnd - contentStart > 6) {
    throw new MailsealError('asn1-malformed', `the INTEGER at octet ${node.start} is too large here`, {
      offset: node.start,
    });
  }
  let value = document[contentStart]! >= 0x80 ? -1 : 0;
  for (let at = contentStart; at < contentEnd; at++) value = value * 256 + document[at]!;
  return value;
}

/**
 * The octets of a non-negative INTEGER without leading zeros (one zero octet
 * for 0), most significant first; a view.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else or
 * empty, `asn1-malformed` when it is negative.
 * @example
 * ```ts
 * import { derInteger, readBer, unsignedBytes } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(unsignedBytes(readBer(derInteger(0x80))))); // 80
 * ```
 */
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
 * (X.690 §8.7); a view of the document where it is primitive. `name` is what
 * the error calls it.
 *
 * @throws MailsealError `asn1-unexpected` when it, or one of its pieces, is
 * something else; the codes of `readBer` where a piece cannot be read.
 * @example
 * ```ts
 * import { octetString, readBer } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const pieces = readBer(new Uint8Array([0x24, 6, 4, 1, 0xca, 4, 1, 0xfe]));
 * console.log(encodeHex(octetString(pieces))); // cafe
 * ```
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
 *
 * @throws MailsealError `asn1-unexpected` when a piece is something else; the
 * codes of `readBer` where a piece cannot be read.
 * @example
 * ```ts
 * import { readBer, stringOctets, Tag } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // [0] IMPLICIT OCTET STRING, as a key identifier is written.
 * const node = readBer(new Uint8Array([0x80, 2, 0xca, 0xfe]));
 * console.log(encodeHex(stringOctets(node, Tag.OctetString))); // cafe
 * ```
 */
export function stringOctets(node: BerNode, pieceTag: number): Bytes {
  if (!node.constructed) return node.content;
  const pieces: Bytes[] = [];
  collectPieces(node, pieceTag, pieces);
  return pieces.length === 1 ? pieces[0]! : concatBytes(pieces);
}

/** Levels that may be walked by recursion, whatever limit the caller gave to the reader. */
const deepestRecursion = 1000;

/** Refuses an element so deep that recursion could exhaust the stack. */
export function assertShallow(node: BerNode): void {
  if (node.depth <= deepestRecursion) return;
  throw new MailsealError(
    'limit-depth',
    `the element at octet ${node.start} is ${node.depth} levels deep, more than ${deepestRecursion}`,
    { offset: node.start },
  );
}

/** Walks nested pieces. */
function collectPieces(node: BerNode, pieceTag: number, pieces: Bytes[]): void {
  assertShallow(node);
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

/**
 * The value of a BIT STRING (X.690 §8.6): a view where it is primitive, pieces
 * joined where it is constructed.
 *
 * @throws MailsealError `asn1-unexpected` when it, or one of its pieces, is
 * something else, `asn1-malformed` when the count of unused bits cannot be, or
 * a piece but the last has some; the codes of `readBer`.
 * @example
 * ```ts
 * import { bitString, derBitString, readBer } from 'mailseal/asn1';
 *
 * const { octets, unusedBits } = bitString(readBer(derBitString(new Uint8Array([0b10100000]), 5)));
 * console.log(octets, unusedBits); // Uint8Array(1) [ 160 ] 5
 * ```
 */
export function bitString(node: BerNode): BitString {
  if ((node.identifier & 0xdf) !== Tag.BitString) throw unexpected(node, 'a BIT STRING');
  return bitStringContent(node);
}

/**
 * Like {@link bitString} for one that is tagged implicitly: the element's own
 * tag is not looked at.
 *
 * @throws MailsealError as {@link bitString}.
 * @example
 * ```ts
 * import { bitStringContent, readBer } from 'mailseal/asn1';
 *
 * // [1] IMPLICIT BIT STRING, as the reasons of a CRL distribution point are written.
 * const { octets, unusedBits } = bitStringContent(readBer(new Uint8Array([0x81, 2, 6, 0x40])));
 * console.log(octets[0], unusedBits); // 64 6
 * ```
 */
export function bitStringContent(node: BerNode): BitString {
  if (!node.constructed) {
    const unusedBits = unusedBitsOf(node);
    return { octets: node.document.subarray(node.contentStart + 1, node.contentEnd), unusedBits };
  }
  const pieces: Bytes[] = [];
  let unusedBits = 0;
  const take = (piece: BerNode): void => {
    assertShallow(piece);
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
    unusedBits = unusedBitsOf(piece);
    pieces.push(piece.content.subarray(1));
  };
  take(node);
  return { octets: pieces.length === 1 ? pieces[0]! : concatBytes(pieces), unusedBits };
}

/** The first octet of a primitive BIT STRING (X.690 §8.6.2). */
function unusedBitsOf(piece: BerNode): number {
  const length = piece.contentEnd - piece.contentStart;
  const unused = piece.document[piece.contentStart]!;
  if (length === 0 || unused > 7 || (unused > 0 && length === 1)) {
    throw new MailsealError(
      'asn1-malformed',
      `the BIT STRING at octet ${piece.start} has a wrong first octet`,
      { offset: piece.start },
    );
  }
  return unused;
}

/**
 * Whether bit n (the first is 0, the most significant of the first octet) of a
 * BIT STRING is set; `false` behind its end.
 * @example
 * ```ts
 * import { bitAt, bitString, readBer } from 'mailseal/asn1';
 *
 * // keyUsage (RFC 5280 §4.2.1.3): digitalSignature is bit 0, keyCertSign bit 5.
 * const usage = bitString(readBer(new Uint8Array([0x03, 2, 7, 0x80])));
 * console.log(bitAt(usage, 0), bitAt(usage, 5)); // true false
 * ```
 */
export function bitAt(bits: BitString, n: number): boolean {
  const octet = bits.octets[n >> 3];
  if (octet === undefined || n >= bits.octets.length * 8 - bits.unusedBits) return false;
  return (octet & (0x80 >> (n & 7))) !== 0;
}

/**
 * Whether an element is one of the ASN.1 character string types that
 * {@link decodeString} reads, primitive or constructed.
 * @example
 * ```ts
 * import { decodeString, derIa5String, isString, readBer } from 'mailseal/asn1';
 *
 * const value = readBer(derIa5String('hanako@example.jp'));
 * console.log(isString(value) ? decodeString(value) : 'no text'); // hanako@example.jp
 * ```
 */
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
 *
 * @throws MailsealError `asn1-unexpected` when it, or one of its pieces, is
 * something else; the codes of `readBer` where a piece cannot be read.
 * @example
 * ```ts
 * import { decodeString, der, readBer, Tag } from 'mailseal/asn1';
 *
 * const bmp = readBer(der(Tag.BmpString, new Uint8Array([0x5c, 0x71, 0x75, 0x30])));
 * console.log(decodeString(bmp)); // 山田
 * ```
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
