import { type BerNode, Tag } from '../../asn1/reader.js';
import { integerBytes, sequenceOf, unexpected } from '../../asn1/values.js';
import { MailsealError } from '../../core/errors.js';

/** The children of a SEQUENCE SIZE (1..MAX). */
export function nonEmptySequence(node: BerNode, name: string): readonly BerNode[] {
  const children = sequenceOf(node, name);
  if (children.length === 0) throw empty(node, name);
  return children;
}

/** The children of a SEQUENCE SIZE (1..MAX) that is tagged implicitly. */
export function nonEmptyChildren(node: BerNode, name: string): readonly BerNode[] {
  const { children } = node;
  if (children.length === 0) throw empty(node, name);
  return children;
}

function empty(node: BerNode, name: string): MailsealError {
  return new MailsealError('x509-malformed', `${name} at octet ${node.start} is empty`, {
    offset: node.start,
  });
}

/**
 * The fields [0], [1] … below `count` of a SEQUENCE of optional tagged ones,
 * each at most once and in their order.
 */
export function taggedFields(node: BerNode, count: number, name: string): (BerNode | undefined)[] {
  return inOrder(node, sequenceOf(node, name), count, name);
}

/** The same of elements that follow `from` others in a SEQUENCE, or stand in one that is tagged implicitly. */
export function inOrder(
  parent: BerNode,
  nodes: readonly BerNode[],
  count: number,
  name: string,
  from = 0,
): (BerNode | undefined)[] {
  const fields: (BerNode | undefined)[] = new Array<BerNode | undefined>(count).fill(undefined);
  let next = 0;
  for (let place = from; place < nodes.length; place++) {
    const each = nodes[place]!;
    const tag = each.tagNumber;
    if (!each.isContext(tag) || tag < next || tag >= count)
      throw new MailsealError('x509-malformed', `${name} at octet ${parent.start} has a field too many`, {
        offset: each.start,
      });
    fields[tag] = each;
    next = tag + 1;
  }
  return fields;
}

/** What stands under an explicit tag. */
export function onlyChild(node: BerNode): BerNode {
  const child = node.children[0];
  if (child === undefined || node.children.length > 1)
    throw unexpected(node, 'an explicit tag around one element');
  return child;
}

/** The value of a BOOLEAN that is tagged implicitly. */
export function implicitBoolean(node: BerNode): boolean {
  if (node.constructed || node.contentEnd - node.contentStart !== 1) throw unexpected(node, 'a BOOLEAN');
  return node.document[node.contentStart] !== 0;
}

/** An INTEGER (0..MAX) that counts certificates: longer than any path is `Number.MAX_SAFE_INTEGER`. */
export function certificateCount(node: BerNode): number {
  if (!node.is(Tag.Integer)) throw unexpected(node, 'an INTEGER');
  return countOf(node, integerBytes(node));
}

/** The same, tagged implicitly. */
export function implicitCount(node: BerNode): number {
  if (node.constructed || node.contentStart === node.contentEnd) throw unexpected(node, 'an INTEGER');
  return countOf(node, node.content);
}

function countOf(node: BerNode, octets: Uint8Array): number {
  if (octets[0]! >= 0x80)
    throw new MailsealError('x509-malformed', `the count at octet ${node.start} is negative`, {
      offset: node.start,
    });
  if (octets.length > 6) return Number.MAX_SAFE_INTEGER;
  let value = 0;
  for (const octet of octets) value = value * 256 + octet;
  return value;
}
