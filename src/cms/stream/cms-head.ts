import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, setOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { type CmsLimits, notContentInfo } from '../content-info.js';
import { readEncapsulated } from '../encapsulated-content.js';
import { EncryptedContent } from '../enveloped/encrypted-content.js';
import { AnyEnvelopedData } from '../enveloped/enveloped-data.js';
import { ContentTypeOid } from '../oids.js';

/** What stands before the content of a SignedData (RFC 5652 §5.1). */
export interface SignedDataHead {
  readonly kind: 'signedData';
  /** As encoded. */
  readonly version: number;
  /** DER of the digest AlgorithmIdentifiers that the sender announced; a hint only. */
  readonly digestAlgorithms: readonly Bytes[];
  /** Dotted OID of the content's type. */
  readonly contentType: string;
}

/**
 * What stands before the content of an EnvelopedData (RFC 5652 §6.1) or AuthEnvelopedData (RFC 5083): all that a key is
 * found by.
 *
 * @example
 * ```ts
 * import { CmsReader, createEnvelopedData, EnvelopedDataHead } from 'mailseal/cms';
 *
 * const recipients = [{ password: 'eight friendly herons wading' }];
 * const p7m = await createEnvelopedData({ content: new Uint8Array(9), recipients });
 * const [event] = new CmsReader().push(p7m);
 * if (event?.type === 'head' && event.head instanceof EnvelopedDataHead)
 *   console.log(event.head.kind, event.head.recipients.length); // authEnvelopedData 1
 * ```
 */
export class EnvelopedDataHead extends AnyEnvelopedData {
  readonly kind: 'envelopedData' | 'authEnvelopedData';

  /** @internal Made by `CmsReader`. */
  constructor(node: BerNode, kind: EnvelopedDataHead['kind'], limits: CmsLimits) {
    super(node, kind === 'envelopedData' ? 'an EnvelopedData' : 'an AuthEnvelopedData', 0, limits);
    this.kind = kind;
  }
}

/** What stands before the content of an EncryptedData (RFC 5652 §8). */
export interface EncryptedDataHead {
  readonly kind: 'encryptedData';
  /** As encoded. */
  readonly version: number;
  /** What is encrypted, by which cipher. */
  readonly encryptedContent: EncryptedContent;
  /** Dotted OID of the content's type. Nothing vouches for it. */
  readonly contentType: string;
}

/** What stands before the content of a DigestedData (RFC 5652 §7). */
export interface DigestedDataHead {
  readonly kind: 'digestedData';
  /** As encoded. */
  readonly version: number;
  /** DER of the AlgorithmIdentifier of the digest. */
  readonly digestAlgorithm: Bytes;
  /** Dotted OID of the content's type. */
  readonly contentType: string;
}

/** What stands before the content of a CompressedData (RFC 3274). */
export interface CompressedDataHead {
  readonly kind: 'compressedData';
  /** As encoded. */
  readonly version: number;
  /** Dotted OID of how it is compressed. */
  readonly compressionAlgorithm: string;
  /** Dotted OID of the content's type. */
  readonly contentType: string;
}

/** Everything of a CMS structure that stands before its content. */
export type CmsHead =
  | SignedDataHead
  | EnvelopedDataHead
  | EncryptedDataHead
  | DigestedDataHead
  | CompressedDataHead;

const kinds: ReadonlyMap<string, CmsHead['kind']> = /* @__PURE__ */ new Map<string, CmsHead['kind']>([
  [ContentTypeOid.signedData, 'signedData'],
  [ContentTypeOid.envelopedData, 'envelopedData'],
  [ContentTypeOid.authEnvelopedData, 'authEnvelopedData'],
  [ContentTypeOid.encryptedData, 'encryptedData'],
  [ContentTypeOid.digestedData, 'digestedData'],
  [ContentTypeOid.compressedData, 'compressedData'],
]);

/** What errors call those, as the functions do that read them whole. */
const names = {
  signedData: 'a SignedData',
  encryptedData: 'an EncryptedData',
  digestedData: 'a DigestedData',
  compressedData: 'a CompressedData',
} as const;

/** The kind of structure that a content type names, `undefined` for one that is not read in pieces. */
export function kindOf(contentType: string): CmsHead['kind'] | undefined {
  return kinds.get(contentType);
}

/**
 * Reads the head of a structure.
 *
 * @param document a ContentInfo of that kind up to where the content begins, each element that is open closed there
 * @throws MailsealError `asn1-*`, `cms-malformed`, `limit-*`.
 */
export function readHead(kind: CmsHead['kind'], document: Bytes, limits: CmsLimits): CmsHead {
  const node = readBer(document, { limits }).children[1]!.children[0];
  if (node === undefined) throw notContentInfo();
  if (kind === 'envelopedData' || kind === 'authEnvelopedData')
    return new EnvelopedDataHead(node, kind, limits);
  const name = names[kind];
  const [version, second, third] = sequenceOf(node, name);
  if (version === undefined || second === undefined) throw unexpected(node, name);
  if (kind === 'encryptedData') {
    const encryptedContent = new EncryptedContent(second);
    const { contentType } = encryptedContent;
    return { kind, version: decodeInteger(version), encryptedContent, contentType };
  }
  if (third === undefined) throw unexpected(node, name);
  const { contentType } = readEncapsulated(third);
  if (kind === 'signedData') {
    const digestAlgorithms = setOf(second, 'DigestAlgorithmIdentifiers').map((each) => each.bytes);
    return { kind, version: decodeInteger(version), digestAlgorithms, contentType };
  }
  if (kind === 'digestedData')
    return { kind, version: decodeInteger(version), digestAlgorithm: second.bytes, contentType };
  const [identifier] = sequenceOf(second, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(second, 'an AlgorithmIdentifier');
  return { kind, version: decodeInteger(version), compressionAlgorithm: decodeOid(identifier), contentType };
}
