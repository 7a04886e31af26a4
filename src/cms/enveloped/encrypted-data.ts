import type { BerNode } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, unexpected } from '../../asn1/values.js';
import { type CmsAttribute, readAttributes } from '../attributes.js';
import { type CmsLimitOptions, type ContentInfo, checkType, parseContentInfo } from '../content-info.js';
import { EncryptedContent } from './encrypted-content.js';

/**
 * An EncryptedData (RFC 5652 §8): content encrypted under a key that the
 * reader has from elsewhere. Attributes are decoded when they are asked for.
 *
 * @throws MailsealError from its getters: `asn1-*` where what they read is damaged.
 * @example
 * ```ts
 * import { createEncryptedData, parseEncryptedData } from 'mailseal/cms';
 *
 * const contentKey = crypto.getRandomValues(new Uint8Array(32));
 * const encrypted = await createEncryptedData({ content: new Uint8Array(100), contentKey });
 * const { encryptedContent, version } = parseEncryptedData(encrypted);
 * console.log(version, encryptedContent.octets?.length); // 0 112
 * ```
 */
export class EncryptedData {
  readonly kind = 'encryptedData';
  /** 0, or 2 with attributes. */
  readonly version: number;
  /** What is encrypted, by which cipher. */
  readonly encryptedContent: EncryptedContent;
  /** Octets after the structure that nothing in it covers. */
  readonly trailingOctets: number;
  private readonly attributesNode: BerNode | undefined;

  /** @internal Made by {@link parseEncryptedData}. */
  constructor(node: BerNode, trailingOctets: number) {
    const [version, encryptedContentInfo, attributes] = sequenceOf(node, 'an EncryptedData');
    if (version === undefined || encryptedContentInfo === undefined)
      throw unexpected(node, 'an EncryptedData');
    this.version = decodeInteger(version);
    this.encryptedContent = new EncryptedContent(encryptedContentInfo);
    this.attributesNode = attributes?.is(0xa1) === true ? attributes : undefined;
    this.trailingOctets = trailingOctets;
  }

  /** Dotted OID of the type of what is encrypted. Nothing vouches for it. */
  get contentType(): string {
    return this.encryptedContent.contentType;
  }

  /** Attributes that are neither encrypted nor protected. */
  get unprotectedAttributes(): readonly CmsAttribute[] {
    return this.attributesNode === undefined ? [] : readAttributes(this.attributesNode);
  }
}

/**
 * Reads an EncryptedData, DER, BER or PEM.
 *
 * @throws MailsealError `cms-wrong-type` when it is another type of CMS,
 * `cms-malformed` or an `asn1-*` code when it cannot be read, `limit-depth`, `limit-nodes`.
 * @example
 * ```ts
 * import { createEncryptedData, parseEncryptedData } from 'mailseal/cms';
 *
 * const contentKey = crypto.getRandomValues(new Uint8Array(32));
 * const encrypted = await createEncryptedData({ content: new Uint8Array(100), contentKey });
 * const { encryptedContent, version } = parseEncryptedData(encrypted);
 * console.log(version, encryptedContent.octets?.length); // 0 112
 * ```
 */
export function parseEncryptedData(octets: Uint8Array, options: CmsLimitOptions = {}): EncryptedData {
  return encryptedDataOf(parseContentInfo(octets, options));
}

/** The EncryptedData of a ContentInfo that was read already; throws as {@link parseEncryptedData}. */
export function encryptedDataOf(contentInfo: ContentInfo): EncryptedData {
  checkType(contentInfo, 'encryptedData');
  return new EncryptedData(contentInfo.content, contentInfo.trailingOctets);
}
