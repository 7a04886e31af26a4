import { decodeOid } from '../../asn1/oid.js';
import type { BerNode } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type CmsLimitOptions, type ContentInfo, checkType, parseContentInfo } from '../content-info.js';
import { type EncapsulatedContent, encapsulatedOctets, readEncapsulated } from '../encapsulated-content.js';

/**
 * A CompressedData (RFC 3274 §1.1): content that is compressed, and protected
 * by nothing. `openCompressed` decompresses it.
 *
 * @example
 * ```ts
 * import { createCompressedData, parseCompressedData } from 'mailseal/cms';
 *
 * const content = new TextEncoder().encode('封'.repeat(1000));
 * const compressed = parseCompressedData(await createCompressedData({ content }));
 * console.log(compressed.compressedContent.length < 100); // true
 * ```
 */
export class CompressedData {
  /** 0. */
  readonly version: number;
  /** Dotted OID of how it is compressed; `1.2.840.113549.1.9.16.3.8` is zlib (RFC 1950), and all there is. */
  readonly compressionAlgorithm: string;
  /** Dotted OID of what the content is. */
  readonly contentType: string;
  /** Octets after the structure that nothing in it covers. */
  readonly trailingOctets: number;
  private readonly encapsulated: EncapsulatedContent;

  /** @internal Made by {@link parseCompressedData}. */
  constructor(node: BerNode, trailingOctets: number) {
    const [version, algorithm, content] = sequenceOf(node, 'a CompressedData');
    if (version === undefined || algorithm === undefined || content === undefined) {
      throw unexpected(node, 'a CompressedData');
    }
    const [identifier] = sequenceOf(algorithm, 'an AlgorithmIdentifier');
    if (identifier === undefined) throw unexpected(algorithm, 'an AlgorithmIdentifier');
    this.version = decodeInteger(version);
    this.compressionAlgorithm = decodeOid(identifier);
    this.encapsulated = readEncapsulated(content);
    this.contentType = this.encapsulated.contentType;
    this.trailingOctets = trailingOctets;
  }

  /**
   * The octets as they were sent.
   *
   * @throws MailsealError `cms-malformed` where they are not there, `asn1-*` where they are damaged.
   */
  get compressedContent(): Bytes {
    const octets = encapsulatedOctets(this.encapsulated);
    if (octets !== undefined) return octets;
    throw new MailsealError('cms-malformed', 'the CompressedData has no content');
  }
}

/**
 * Reads a CompressedData: the octets of a `smime.p7z` file, DER, BER or PEM.
 *
 * @throws MailsealError `cms-wrong-type` when it is another type of CMS,
 * `cms-malformed` or an `asn1-*` code when it cannot be read, `limit-depth`, `limit-nodes`.
 * @example
 * ```ts
 * import { createCompressedData, openCompressed, parseCompressedData } from 'mailseal/cms';
 *
 * const p7z = await createCompressedData({ content: new TextEncoder().encode('署名') });
 * const { content } = await openCompressed(parseCompressedData(p7z));
 * console.log(new TextDecoder().decode(content)); // 署名
 * ```
 */
export function parseCompressedData(octets: Uint8Array, options: CmsLimitOptions = {}): CompressedData {
  return compressedDataOf(parseContentInfo(octets, options));
}

/** The CompressedData of a ContentInfo that was read already; throws as {@link parseCompressedData}. */
export function compressedDataOf(contentInfo: ContentInfo): CompressedData {
  checkType(contentInfo, 'compressedData');
  return new CompressedData(contentInfo.content, contentInfo.trailingOctets);
}
