import { decodeOid } from '../asn1/oid.js';
import { type BerNode, Tag } from '../asn1/reader.js';
import { octetString, sequenceOf, unexpected } from '../asn1/values.js';
import type { Bytes } from '../core/bytes.js';

/** An EncapsulatedContentInfo (RFC 5652 §5.2) that was read. */
export interface EncapsulatedContent {
  /** Dotted OID of what the content is. */
  readonly contentType: string;
  /** The content's element; `undefined` where it is sent by other means. */
  readonly node: BerNode | undefined;
}

/** Reads an EncapsulatedContentInfo; `asn1-*` when it is none. */
export function readEncapsulated(element: BerNode): EncapsulatedContent {
  const [type, wrapped] = sequenceOf(element, 'an EncapsulatedContentInfo');
  // RFC 5652 §5.2: eContent is tagged [0] and holds one element; another reader would see another content.
  const isFrame = wrapped === undefined || (wrapped.is(0xa0) && wrapped.children.length <= 1);
  if (type === undefined || !isFrame) throw unexpected(element, 'an EncapsulatedContentInfo');
  return { contentType: decodeOid(type), node: wrapped?.children[0] };
}

/** The content: of an OCTET STRING its value, of what PKCS #7 let stand there otherwise its octets without tag and length. */
export function encapsulatedOctets({ node }: EncapsulatedContent): Bytes | undefined {
  if (node === undefined) return undefined;
  return (node.identifier & 0xdf) === Tag.OctetString ? octetString(node) : node.content;
}
