import type { Bytes } from '../core/bytes.js';
import { concatBytes } from '../core/bytes.js';
import { type BerNode, Tag } from './reader.js';
import { bitStringContent, isString, stringOctets } from './values.js';
import { compareOctets, der } from './writer.js';

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
 * TRUE as 0xFF, SET OF sorted. Values equal to a DEFAULT stay, since only the
 * syntax knows them.
 */
export function toDer(node: BerNode, options: ToDerOptions = {}): Bytes {
  const sortSets = options.sortSets ?? true;
  const identifier = options.identifier ?? node.identifier;
  const universal = node.identifier & 0xdf;
  if (node.constructed && (universal === Tag.OctetString || isString(node) || isTime(universal))) {
    return der(identifier & 0xdf, stringOctets(node, universal));
  }
  if (node.constructed && universal === Tag.BitString) {
    const { octets, unusedBits } = bitStringContent(node);
    return der(identifier & 0xdf, Uint8Array.of(unusedBits), octets);
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

function isTime(tag: number): boolean {
  return tag === Tag.UtcTime || tag === Tag.GeneralizedTime;
}

/** Like `der`, but keeps the identifier octets of a tag number of 31 and more. */
function element(node: BerNode, identifier: number, content: readonly Bytes[]): Bytes {
  if ((identifier & 0x1f) !== 0x1f) return der(identifier, ...content);
  let tagEnd = node.start + 1;
  while (node.document[tagEnd]! >= 0x80) tagEnd++;
  const withoutTag = der(Tag.Sequence, ...content).subarray(1);
  return concatBytes([node.document.subarray(node.start, tagEnd + 1), withoutTag]);
}
