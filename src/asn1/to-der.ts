import type { Bytes } from '../core/bytes.js';
import { concatBytes } from '../core/bytes.js';
import { type BerNode, Tag } from './reader.js';
import { assertShallow, bitStringContent, stringOctets } from './values.js';
import { compareOctets, der, derBitString, derOfPieces } from './writer.js';

/** How far {@link toDer} goes. */
export interface ToDerOptions {
  /** Put the elements of a SET into DER's order. Default `true`. */
  readonly sortSets?: boolean;
  /** Write this identifier octet instead of the element's own. */
  readonly identifier?: number;
}

/**
 * The distinguished encoding (X.690 §10, §11) of an element, as far as it can
 * be made without its syntax: definite minimal lengths, strings in one piece,
 * unused bits zero, TRUE as 0xFF, SET OF sorted. Values equal to a DEFAULT and
 * what stands under implicit tags stay, since only the syntax knows them.
 *
 * @throws MailsealError the codes of `readBer` where what is inside cannot be
 * read, `asn1-unexpected` or `asn1-malformed` where a string is in pieces that
 * are none; `usage` for an `identifier` with a tag number of 31 or more.
 * @example
 * ```ts
 * import { readBer, toDer } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // An OCTET STRING of indefinite length, in two pieces.
 * const pieces = new Uint8Array([0x24, 0x80, 4, 1, 0xca, 4, 1, 0xfe, 0, 0]);
 * console.log(encodeHex(toDer(readBer(pieces)))); // 0402cafe
 * ```
 */
export function toDer(node: BerNode, options: ToDerOptions = {}): Bytes {
  assertShallow(node);
  const sortSets = options.sortSets ?? true;
  const identifier = options.identifier ?? node.identifier;
  const universal = node.identifier & 0xdf;
  if (node.constructed && octetBased.has(universal)) {
    return der(identifier & 0xdf, stringOctets(node, universal));
  }
  if (universal === Tag.BitString && needsRewrite(node)) {
    const { octets, unusedBits } = bitStringContent(node);
    return der(identifier & 0xdf, derBitString(octets, unusedBits).subarray(-1 - octets.length));
  }
  if (!node.constructed) {
    if (universal === Tag.Boolean && node.content.length === 1 && node.content[0] !== 0)
      return der(identifier, Uint8Array.of(0xff));
    return element(node, identifier, [node.content]);
  }
  const children = node.children.map((child) => toDer(child, { sortSets }));
  if (sortSets && (identifier === Tag.Set || node.identifier === Tag.Set)) children.sort(compareOctets);
  return element(node, identifier, children);
}

/**
 * Whether an element stands in DER already, as far as that can be told without
 * its syntax; then {@link toDer} would give its very octets. Asked about an
 * element of another that is under a context tag, it takes that for a SET, as
 * signed attributes are, but nothing inside of it.
 */
export function isDer(node: BerNode): boolean {
  return standsInDer(
    node,
    node.identifier === Tag.Set || (node.depth > 0 && (node.identifier & 0xe0) === 0xa0),
  );
}

function standsInDer(node: BerNode, isSet: boolean): boolean {
  assertShallow(node);
  if (!isMinimal(node)) return false;
  const universal = node.identifier & 0xdf;
  if (universal === Tag.BitString) return !needsRewrite(node);
  if (!node.constructed) return universal !== Tag.Boolean || isDerBoolean(node);
  // X.690 §10.2: strings are primitive.
  if (octetBased.has(universal)) return false;
  const { children } = node;
  for (let i = 0; i < children.length; i++) {
    const child = children[i]!;
    if (!standsInDer(child, child.identifier === Tag.Set)) return false;
    if (isSet && i > 0 && compareOctets(children[i - 1]!.bytes, children[i]!.bytes) > 0) return false;
  }
  return true;
}

function isDerBoolean(node: BerNode): boolean {
  const value = node.document[node.contentStart];
  return node.contentEnd - node.contentStart !== 1 || value === 0 || value === 0xff;
}

/** X.690 §10.1: the definite form, in the fewest octets. */
function isMinimal(node: BerNode): boolean {
  if (node.indefinite) return false;
  const length = node.contentEnd - node.contentStart;
  let lengthOctets = 1;
  if (length >= 0x80) for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthOctets++;
  let tagOctets = 1;
  if ((node.identifier & 0x1f) === 0x1f)
    for (let rest = node.tagNumber; rest > 0; rest = Math.floor(rest / 128)) tagOctets++;
  return node.contentStart - node.start === tagOctets + lengthOctets;
}

/** OCTET STRING, and the types that X.690 §8.23 to §8.26 encode as one: ObjectDescriptor, strings, times. */
const octetBased: ReadonlySet<number> = /* @__PURE__ */ new Set<number>([
  Tag.OctetString,
  0x07,
  Tag.Utf8String,
  ...[0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c],
  Tag.BmpString,
]);

/** Whether a BIT STRING is in pieces, or has unused bits that X.690 §11.2.1 wants to be zero and are not. */
function needsRewrite(node: BerNode): boolean {
  if (node.constructed) return true;
  const unused = node.document[node.contentStart]!;
  const last = node.document[node.contentEnd - 1]!;
  // An impossible first octet is left as it is: there is nothing better to write.
  return unused > 0 && unused < 8 && node.content.length > 1 && (last & ((1 << unused) - 1)) !== 0;
}

/** Like `der`, but keeps the identifier octets of a tag number of 31 and more. */
function element(node: BerNode, identifier: number, content: readonly Bytes[]): Bytes {
  if ((identifier & 0x1f) !== 0x1f) return derOfPieces(identifier, content);
  let tagEnd = node.start + 1;
  while (node.document[tagEnd]! >= 0x80) tagEnd++;
  const withoutTag = derOfPieces(Tag.Sequence, content).subarray(1);
  return concatBytes([node.document.subarray(node.start, tagEnd + 1), withoutTag]);
}
